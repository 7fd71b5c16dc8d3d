"""A GAN that learns a one-dimensional function, in the six steps of the tutorial.

1. Select a function:       `Function1D`, `FUNCTIONS`, `SQUARE`, `generate_real_samples`
2. Define a discriminator:  `define_discriminator`, `generate_random_samples`, `train_discriminator`
3. Define a generator:      `define_generator`, `generate_latent_points`, `generate_fake_samples`
4. Train the generator:     `define_gan`, `GAN`, `Recipe`, `RECIPES`
5. Evaluate:                `summarize_performance`, `Performance`
6. All of it:               `train`, `History`

Pictures: `plot_samples`, `plot_field`, `plot_losses`, `plot_accuracies`, `plot_measure`,
`plot_learning_curves`, `plot_distributions`, `save_diagram`. A film of a training: `Film`,
`save_gif`, `save_html`.
"""

from gan1d.diagrams import save_diagram
from gan1d.discriminator import (
    define_discriminator,
    generate_random_samples,
    train_discriminator,
)
from gan1d.evaluation import Performance, summarize_performance
from gan1d.film import Film, save_gif, save_html
from gan1d.functions import FUNCTIONS, SQUARE, Function1D, generate_real_samples
from gan1d.gan import GAN, define_gan
from gan1d.generator import define_generator, generate_fake_samples, generate_latent_points
from gan1d.plots import (
    plot_accuracies,
    plot_distributions,
    plot_field,
    plot_learning_curves,
    plot_losses,
    plot_measure,
    plot_samples,
)
from gan1d.recipes import RECIPES, Recipe
from gan1d.training import History, train

__all__ = [
    "FUNCTIONS",
    "GAN",
    "RECIPES",
    "SQUARE",
    "Film",
    "Function1D",
    "History",
    "Performance",
    "Recipe",
    "define_discriminator",
    "define_gan",
    "define_generator",
    "generate_fake_samples",
    "generate_latent_points",
    "generate_random_samples",
    "generate_real_samples",
    "plot_accuracies",
    "plot_distributions",
    "plot_field",
    "plot_learning_curves",
    "plot_losses",
    "plot_measure",
    "plot_samples",
    "save_diagram",
    "save_gif",
    "save_html",
    "summarize_performance",
    "train",
    "train_discriminator",
]
