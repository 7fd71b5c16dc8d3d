from .any_function import (
    Learned as Learned,
    advised_settings as advised_settings,
    define_models as define_models,
    learn as learn,
)
from .callbacks import History as History
from .discriminator import (
    define_discriminator as define_discriminator,
    generate_random_samples as generate_random_samples,
    train_discriminator as train_discriminator,
)
from .evaluation import summarize_performance as summarize_performance
from .functions import (
    FUNCTIONS as FUNCTIONS,
    SQUARE as SQUARE,
    Function1D as Function1D,
    generate_real_samples as generate_real_samples,
)
from .gan import GAN as GAN, define_gan as define_gan
from .generator import (
    define_generator as define_generator,
    generate_fake_samples as generate_fake_samples,
    generate_latent_points as generate_latent_points,
)
from .measures import (
    Performance as Performance,
    coverage as coverage,
    curve_error as curve_error,
    energy_distance as energy_distance,
)
from .pictures.diagrams import save_diagram as save_diagram
from .pictures.field import plot_field as plot_field
from .pictures.film import Film as Film
from .pictures.gif import save_gif as save_gif
from .pictures.live import Live as Live, load_live as load_live
from .pictures.page import load_page as load_page, save_page as save_page
from .pictures.plots import (
    plot_accuracies as plot_accuracies,
    plot_distributions as plot_distributions,
    plot_given as plot_given,
    plot_learning_curves as plot_learning_curves,
    plot_losses as plot_losses,
    plot_measure as plot_measure,
    plot_samples as plot_samples,
    plot_scores as plot_scores,
)
from .recipes import RECIPES as RECIPES, Recipe as Recipe
from .samples import Points as Points, Sampler as Sampler, Source as Source
from .sources import load_function as load_function, load_points as load_points
from .training import train as train

__version__: str
