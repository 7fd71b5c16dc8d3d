"""A GAN that learns a one-dimensional function, in the six steps of the tutorial.

1. Select a function:       `Function1D`, `FUNCTIONS`, `generate_real_samples`
2. Define a discriminator:  `define_discriminator`, `generate_random_samples`, `train_discriminator`
3. Define a generator:      `define_generator`, `generate_latent_points`, `generate_fake_samples`
4. Train the generator:     `define_gan`, `GAN`, `Recipe`, `RECIPES`
5. Evaluate:                `summarize_performance`, `Performance`, `energy_distance`, `coverage`,
                            `curve_error`
6. All of it:               `train`, `History`

Whatever you have samples of: `learn`, `define_models`, `advised_settings`; they come from a
`Function1D`, `Points` (rows of a table) or a `Sampler` (a function that draws them); from a file by
`load_function` and `load_points`.

Pictures: `plot_samples`, `plot_given`, `plot_field`, `plot_losses`, `plot_accuracies`,
`plot_measure`, `plot_scores`, `plot_learning_curves`, `plot_distributions`, `save_diagram`. A film
of a training: `Film`, `save_page`, `load_page`, `save_gif`. A page that trains: `Live`,
`load_live`.
"""

import lazy_loader

__version__ = "0.1.0"

# What __init__.pyi lists is imported when it is asked for: Keras takes seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
