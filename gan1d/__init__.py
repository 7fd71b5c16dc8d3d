"""A GAN that learns a one-dimensional function, in the six steps of the tutorial.

1. Select a function:       `Function1D`, `Points`, `FUNCTIONS`, `generate_real_samples`
2. Define a discriminator:  `define_discriminator`, `generate_random_samples`, `train_discriminator`
3. Define a generator:      `define_generator`, `generate_latent_points`, `generate_fake_samples`
4. Train the generator:     `define_gan`, `GAN`, `Recipe`, `RECIPES`
5. Evaluate:                `summarize_performance`, `Performance`
6. All of it:               `train`, `History`; how an update is made fast: gan1d/engine

Any function, on any range: `learn`, `define_models`, `advised_size`, `load_function`.

Pictures: `plot_samples`, `plot_field`, `plot_losses`, `plot_accuracies`, `plot_measure`,
`plot_scores`, `plot_learning_curves`, `plot_distributions`, `save_diagram`. A film of a
training: `Film`, `save_page`, `load_page`, `save_gif`.
"""

import importlib

# Where each name is. A module is imported when a name of it is asked for: Keras takes seconds.
MODULES = {
    "functions": "FUNCTIONS SQUARE Function1D Points generate_real_samples load_function",
    "discriminator": "define_discriminator generate_random_samples train_discriminator",
    "generator": "define_generator generate_fake_samples generate_latent_points",
    "recipes": "RECIPES Recipe",
    "gan": "GAN define_gan",
    "evaluation": "Performance summarize_performance",
    "callbacks": "History",
    "training": "train",
    "any_function": "Learned advised_size define_models learn",
    "pictures.plots": "plot_accuracies plot_distributions plot_field plot_learning_curves "
    "plot_losses plot_measure plot_samples plot_scores",
    "pictures.diagrams": "save_diagram",
    "pictures.film": "Film",
    "pictures.page": "load_page save_page",
    "pictures.gif": "save_gif",
}
PLACES = {name: module for module, names in MODULES.items() for name in names.split()}
RECIPE_NAMES = ("tutorial", "stable")  # known before `RECIPES` is imported

__all__ = [*PLACES]


def __getattr__(name):
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{PLACES[name]}"), name)


def __dir__():
    return [*globals(), *PLACES]
