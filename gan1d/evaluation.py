"""Step 5: evaluate the GAN, by the tutorial's eye and by numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import ops

from gan1d._checks import File, Rng, Verbose, positive_int, random_source, verbosity, yes_or_no
from gan1d._model_checks import check_discriminator, check_generator
from gan1d.functions import SQUARE, generate_real_samples, get_function
from gan1d.generator import generate_fake_samples
from gan1d.measures import (
    N_MEASURED,
    Performance,
    coverage,
    curve_error,
    energy_distance,
    energy_ratio,
)
from gan1d.samples import AnySource, Latent
from gan1d.scores import as_probabilities, as_scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def summarize_performance(
    epoch: int,
    generator: keras.Model,
    discriminator: keras.Model,
    latent_dim: int = 5,
    n: int = 100,
    *,
    function: AnySource = SQUARE,
    latent: Latent | None = None,
    rng: Rng = None,
    ax: Axes | None = None,
    file: File | None = None,
    plot: bool = True,
    verbose: Verbose = 1,
) -> Performance:
    """Print the tutorial's line, draw its scatter plot, and measure what the plot suggests.

    Args:
        epoch: the tutorial's epoch, counted from 0; printed and returned as it is.
        generator, discriminator: the two models.
        latent_dim: dimensions of the generator's latent space.
        n: how many real and how many fake samples the line and the plot are made of, at least
            1. The measures use 2,000 of each of their own.
        function: what is to be learned, see `generate_real_samples`.
        latent: as in `train`.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.
        ax: Matplotlib axes to draw on.
        file: a path to save the picture at. With neither `ax` nor `file` it is shown on the
            screen, where there is one.
        plot: False to draw nothing.
        verbose: 0 to print nothing, 1, 2 or "auto" for the line.

    Returns:
        A `Performance`.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> from gan1d import define_discriminator, define_generator
        >>> models = define_generator(), define_discriminator()
        >>> performance = summarize_performance(0, *models, plot=False, verbose=0)
        >>> 0 <= performance.coverage <= 1
        True
    """
    n = positive_int("n", n)
    function = get_function(function)
    rng = random_source(rng)
    plot = yes_or_no("plot", plot)
    verbose = verbosity(verbose)
    check_generator("generator", generator, latent_dim, len(function.given))
    check_discriminator("discriminator", discriminator, function.columns)

    def samples(n):
        real, _ = generate_real_samples(n, function=function, rng=rng)
        given = function.draw_given(n, rng) if function.given else None
        options = {"given": given, "latent": latent, "rng": rng}
        fake, _ = generate_fake_samples(generator, latent_dim, n, **options)
        return real, fake

    real, fake = samples(n)
    accuracy_real = np.mean(probability_of_real(discriminator, real) > 0.5)
    accuracy_fake = np.mean(probability_of_real(discriminator, fake) <= 0.5)
    if verbose:
        print(epoch, float(accuracy_real), float(accuracy_fake))
    if plot:
        from gan1d.pictures.plots import plot_performance

        title = f"{function.formula}, update {epoch + 1:,}"
        plot_performance(real, fake, title, columns=function.columns, ax=ax, file=file)
    real, fake = samples(N_MEASURED)
    error = curve_error(fake, function)
    return Performance(
        epoch=epoch,
        accuracy_real=float(accuracy_real),
        accuracy_fake=float(accuracy_fake),
        energy_distance=energy_distance(fake, real),
        coverage=coverage(fake, function),
        curve_error=error,
        curve_error_share=error / (2 * function.half_range[-1]).item(),
        energy_ratio=energy_ratio(fake, real, function),
        score_real=mean_score(discriminator, real),
        score_fake=mean_score(discriminator, fake),
    )


def probability_of_real(discriminator, samples):
    """Return D(samples), float32 (n, 1); of logits, their sigmoid."""
    outputs = discriminator(samples, training=False)
    probabilities = ops.convert_to_numpy(as_probabilities(discriminator, outputs))
    return probabilities.astype(np.float32)


def mean_score(discriminator, samples):
    """Return the mean of the discriminator's scores, a float."""
    scores = as_scores(discriminator, discriminator(samples, training=False))
    return float(np.mean(ops.convert_to_numpy(scores)))
