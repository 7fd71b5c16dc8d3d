"""Step 3: define a generator, which makes points out of noise."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng, points, positive_int, random_source, real_array
from gan1d._model_checks import CONDITION, check_generator
from gan1d.functions import scale_to
from gan1d.layers import coordinates, drawn_seeds, hidden_layers, rescaling, with_waves
from gan1d.samples import AnySource, Latent


def define_generator(
    latent_dim: int = 5,
    n_outputs: int = 2,
    *,
    n_conditions: int = 0,
    hidden: Iterable[int] = (15,),
    function: AnySource | None = None,
    fourier: bool = False,
    leaky: bool = False,
    rng: Rng = None,
) -> keras.Model:
    """Return the network that turns a latent point into a sample.

    15 ReLU units with He initialisation, then n_outputs linear units. From a 5-dimensional
    latent space to (x, y) it has (5 + 1) 15 + (15 + 1) 2 = 122 weights. It is not compiled: it
    is only ever trained through the discriminator.

    For a function whose numbers are not near 1, the network learns in coordinates in which both
    axes are [-1, 1], and a last layer without weights turns them into the function's own. Its
    hidden biases start uniform in [-1, 1], as the discriminator's.

    A generator that makes y for a given x takes x behind its latent point, and returns it before
    the y that it makes (Mirza and Osindero 2014, "Conditional generative adversarial nets").

    Args:
        latent_dim: dimensions of the latent space, at least 1.
        n_outputs: numbers in a sample, at least 1; 2 for (x, y).
        n_conditions: how many of them, the first ones, are given; less than n_outputs.
        hidden: the units of each hidden layer.
        function: what real samples come from, see `generate_real_samples`, to be scaled to; None
            for the tutorial's network, which returns what its linear units do.
        fourier: add waves, of two linear units, to what the first hidden layer sees, for a
            function of many turns; see `with_waves`.
        leaky: let a fifth of what is below 0 through all hidden layers but the first (Maas et al.
            2013): where samples are no curve, many ReLU units there die.
        rng: what the seeds of the initial weights are drawn from: an int seed, a `Generator` or a
            `RandomState`; None to leave them to Keras.

    Returns:
        A `keras.Sequential`, (n, latent_dim) -> (n, n_outputs); with conditions or waves a
        `keras.Model`, (n, latent_dim + n_conditions) -> (n, n_outputs).

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> define_generator().count_params()
        122
    """
    latent_dim = positive_int("latent_dim", latent_dim)
    n_outputs = positive_int("n_outputs", n_outputs)
    n_conditions = positive_int("n_conditions", n_conditions, minimum=0)
    if n_conditions >= n_outputs:
        raise ValueError(f"n_conditions must be less than n_outputs, {n_outputs}")
    function = scale_to("n_outputs", n_outputs, function, fourier)
    rng = rng if rng is None else random_source(rng)
    layers, last_seed = hidden_layers(hidden, spread=function is not None, leaky=leaky, rng=rng)
    layers.append(
        keras.layers.Dense(
            n_outputs - n_conditions,
            activation="linear",
            kernel_initializer=keras.initializers.GlorotUniform(last_seed),
            name="sample" if function is None else "scaled_sample",
        )
    )
    if function is not None:
        centre, scale = coordinates(function, fourier)
        layers.append(rescaling(scale[n_conditions:], centre[n_conditions:], "sample"))
    latent_point = keras.Input((latent_dim + n_conditions,), name="latent_point")
    if not n_conditions and not fourier:
        return keras.Sequential([latent_point, *layers], name="generator")

    outputs = latent_point
    if n_conditions and function is not None:
        # The latent point stays as it is.
        factors, offsets = np.ones(latent_dim + n_conditions), np.zeros(latent_dim + n_conditions)
        factors[latent_dim:] = 1 / scale[:n_conditions]
        offsets[latent_dim:] = -centre[:n_conditions] / scale[:n_conditions]
        outputs = rescaling(factors, offsets, "scaled_condition")(outputs)
    if fourier:
        initial = keras.initializers.GlorotUniform(*drawn_seeds(rng, 1))
        directions = keras.layers.Dense(2, kernel_initializer=initial, name="directions")
        outputs = with_waves(directions(outputs))
    for layer in layers:
        outputs = layer(outputs)
    if n_conditions:
        condition = latent_point[:, latent_dim:]
        outputs = keras.layers.Concatenate(name=CONDITION)([condition, outputs])
    return keras.Model(latent_point, outputs, name="generator")


def generate_latent_points(latent_dim: int, n: int, *, rng: Rng = None) -> np.ndarray:
    """Draw n points of the latent space, standard normal: float32 (n, latent_dim).

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> generate_latent_points(5, 100, rng=0).shape
        (100, 5)
    """
    shape = (positive_int("n", n), positive_int("latent_dim", latent_dim))
    rng = random_source(rng)
    if isinstance(rng, np.random.Generator):  # draws float32 at once, in half the time
        return rng.standard_normal(shape, dtype=np.float32)
    return rng.standard_normal(shape).astype(np.float32)


def generator_inputs(latent_dim, n, *, given=None, latent=None, rng=None):
    """Draw n points for the generator: float32 (n, latent_dim), and what is given behind them.

    Args:
        given: (n, k), the conditions; None for none.
        latent: `latent(n, latent_dim, rng)`, what draws from another latent space than the
            Gaussian, (n, latent_dim); None for `generate_latent_points`.
    """
    if latent is not None and not callable(latent):
        raise TypeError(f"latent must be a function latent(n, latent_dim, rng), got {latent!r}")
    if latent is None:
        latent_points = generate_latent_points(latent_dim, n, rng=rng)
    else:
        latent_points = latent(n, latent_dim, random_source(rng))
        latent_points = points("what latent returns", latent_points, latent_dim)
        if len(latent_points) != n:
            raise ValueError(
                f"latent must return {n:,} points, but returned {len(latent_points):,}"
            )
    if given is not None:
        latent_points = np.concatenate([latent_points, given], axis=1)
    return latent_points.astype(np.float32, copy=False)


def generate_fake_samples(
    generator: keras.Model,
    latent_dim: int,
    n: int,
    *,
    given: npt.ArrayLike | None = None,
    latent: Latent | None = None,
    rng: Rng = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n samples from the generator.

    Args:
        generator: a Keras model, (n, latent_dim) -> (n, d).
        latent_dim: dimensions of its latent space.
        n: how many samples, at least 1.
        given: what a generator with k conditions makes the samples for: (n, k), a row for each, or
            (k,), the same for all; None for one without.
        latent: as in `train`.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X: float32 (n, d).
        y: float32 (n, 1), the label 0 for each: fake.

    Raises:
        TypeError, ValueError: for an argument out of range, or a `latent_dim` that is not the
            generator's, naming it.

    Example:
        >>> X, y = generate_fake_samples(define_generator(), 5, 100, rng=0)
        >>> X.shape, y.shape
        ((100, 2), (100, 1))
    """
    n = positive_int("n", n)
    if given is not None:
        given = real_array("given", given)
        given = points("given", np.tile(given, (n, 1)) if given.ndim == 1 else given)
        if len(given) != n:
            raise ValueError(f"given must have n rows, {n:,}, got {len(given):,}")
    check_generator("generator", generator, latent_dim, 0 if given is None else given.shape[1])
    inputs = generator_inputs(latent_dim, n, given=given, latent=latent, rng=rng)
    X = keras.ops.convert_to_numpy(generator(inputs, training=False))
    return X.astype(np.float32), np.zeros((n, 1), np.float32)
