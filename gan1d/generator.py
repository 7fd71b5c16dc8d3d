"""Step 3: define a generator, which makes points out of noise."""

import keras
import numpy as np

from gan1d._checks import positive_int, random_source
from gan1d._model_checks import check_generator
from gan1d.functions import scale_to
from gan1d.layers import hidden_layers, rescaling


def define_generator(latent_dim=5, n_outputs=2, *, hidden=(15,), function=None, rng=None):
    """Return the network that turns a latent point into a sample.

    15 ReLU units with He initialisation, then n_outputs linear units. From a 5-dimensional
    latent space to (x, y) it has (5 + 1) 15 + (15 + 1) 2 = 122 weights. It is not compiled: it
    is only ever trained through the discriminator.

    For a function whose numbers are not near 1, the network learns in coordinates in which both
    axes are [-1, 1], and a last layer without weights turns them into the function's own. Its
    hidden biases start uniform in [-1, 1], as the discriminator's.

    Args:
        latent_dim: dimensions of the latent space, at least 1.
        n_outputs: numbers in a sample, at least 1; 2 for (x, y).
        hidden: the units of each hidden layer.
        function: a `Function1D` or its name, or `Points`, to be scaled to; None for the
            tutorial's network, which returns what its linear units do.
        rng: what the seeds of the initial weights are drawn from: an int seed, a `Generator` or a
            `RandomState`; None to leave them to Keras.

    Returns:
        A `keras.Sequential`, (n, latent_dim) -> (n, n_outputs).

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> define_generator().count_params()
        122
    """
    latent_dim = positive_int("latent_dim", latent_dim)
    n_outputs = positive_int("n_outputs", n_outputs)
    function = scale_to("n_outputs", n_outputs, function)
    layers, last_seed = hidden_layers(hidden, spread=function is not None, rng=rng)
    layers.append(
        keras.layers.Dense(
            n_outputs,
            activation="linear",
            kernel_initializer=keras.initializers.GlorotUniform(last_seed),
            name="sample" if function is None else "scaled_sample",
        )
    )
    if function is not None:
        layers.append(rescaling(function.half_range, function.centre, "sample"))
    latent_point = keras.Input((latent_dim,), name="latent_point")
    return keras.Sequential([latent_point, *layers], name="generator")


def generate_latent_points(latent_dim, n, *, rng=None):
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


def generate_fake_samples(generator, latent_dim, n, *, rng=None):
    """Draw n samples from the generator.

    Args:
        generator: a Keras model, (n, latent_dim) -> (n, 2).
        latent_dim: dimensions of its latent space.
        n: how many samples, at least 1.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X: float32 (n, 2).
        y: float32 (n, 1), the label 0 for each: fake.

    Raises:
        TypeError, ValueError: for an argument out of range, or a `latent_dim` that is not the
            generator's, naming it.

    Example:
        >>> X, y = generate_fake_samples(define_generator(), 5, 100, rng=0)
        >>> X.shape, y.shape
        ((100, 2), (100, 1))
    """
    check_generator("generator", generator, latent_dim)
    latent_points = generate_latent_points(latent_dim, n, rng=rng)
    X = keras.ops.convert_to_numpy(generator(latent_points, training=False))
    return X.astype(np.float32), np.zeros((n, 1), np.float32)
