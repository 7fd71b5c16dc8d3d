from .any_function import Learned, advised_size, define_models, learn
from .callbacks import History
from .discriminator import define_discriminator, generate_random_samples, train_discriminator
from .evaluation import summarize_performance
from .functions import FUNCTIONS, SQUARE, Function1D, Points, generate_real_samples
from .gan import GAN, define_gan
from .generator import define_generator, generate_fake_samples, generate_latent_points
from .measures import Performance
from .pictures.diagrams import save_diagram
from .pictures.field import plot_field
from .pictures.film import Film
from .pictures.gif import save_gif
from .pictures.page import load_page, save_page
from .pictures.plots import (
    plot_accuracies,
    plot_distributions,
    plot_learning_curves,
    plot_losses,
    plot_measure,
    plot_samples,
    plot_scores,
)
from .recipes import RECIPES, Recipe
from .sources import load_function, load_points
from .training import train

__all__ = [
    "FUNCTIONS",
    "GAN",
    "RECIPES",
    "SQUARE",
    "Film",
    "Function1D",
    "History",
    "Learned",
    "Performance",
    "Points",
    "Recipe",
    "advised_size",
    "define_discriminator",
    "define_gan",
    "define_generator",
    "define_models",
    "generate_fake_samples",
    "generate_latent_points",
    "generate_random_samples",
    "generate_real_samples",
    "learn",
    "load_function",
    "load_page",
    "load_points",
    "plot_accuracies",
    "plot_distributions",
    "plot_field",
    "plot_learning_curves",
    "plot_losses",
    "plot_measure",
    "plot_samples",
    "plot_scores",
    "save_diagram",
    "save_gif",
    "save_page",
    "summarize_performance",
    "train",
    "train_discriminator",
]
