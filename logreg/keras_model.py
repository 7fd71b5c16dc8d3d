"""Logistic regression as a Keras model: one Dense unit with a sigmoid."""

from __future__ import annotations

import contextlib
import math

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from gan1d._checks import positive_int
from logreg._checks import float_type, real_number


def define_logistic_regression(
    n_features: int,
    learning_rate: float = 0.01,
    *,
    dtype: npt.DTypeLike = "float32",
    l2: float = 0.0,
) -> keras.Sequential:
    """Return logistic regression as the smallest neural network there is, compiled.

    Args:
        n_features: features of a sample, at least 1.
        learning_rate: of plain gradient descent (SGD), more than 0.
        dtype: what its weights are in, float32 or float64. In float64 TensorFlow computes in it
            throughout. On JAX and PyTorch, Keras 3.15 does some of its sums in float32 all the
            same; and to train there yourself, set JAX_ENABLE_X64=1 (`compare` sees to it).
        l2: of the squared weights, at least 0, added to the cost, as `keras.regularizers.L2` has
            it. For m rows scikit-learn's C is 1 / (2 m l2).

    Returns:
        A `keras.Sequential`, (m, n_features) -> (m, 1) in [0, 1], the probability of class 1,
        compiled with binary cross-entropy, SGD and accuracy.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> define_logistic_regression(2).count_params()
        3
    """
    n_features = positive_int("n_features", n_features)
    learning_rate = real_number("learning_rate", learning_rate, 0, math.inf, open_low=True)
    dtype = float_type(dtype).name
    l2 = real_number("l2", l2, 0, math.inf)
    L2 = ExactL2 if dtype == "float64" else keras.regularizers.L2
    unit = {"activation": "sigmoid", "dtype": dtype, "name": "probability"}
    with default_float(dtype):
        layers = [
            keras.Input((n_features,), name="features"),
            keras.layers.Dense(1, kernel_regularizer=L2(l2) if l2 else None, **unit),
        ]
        model = keras.Sequential(layers, name="logistic_regression")
        loss = keras.losses.BinaryCrossentropy()
        model.compile(keras.optimizers.SGD(learning_rate), loss, metrics=[accuracy(dtype)])
    return model


def accuracy(dtype):
    """Return Keras's accuracy, for 1 from one half on.

    It predicts 1 only above its threshold, and holds that in float32.
    """
    below = np.nextafter(np.float32(0.5), np.float32(0))
    return keras.metrics.BinaryAccuracy("accuracy", dtype, threshold=float(below))


def scaled_logistic_regression(weights, bias, mean, deviation):
    """Return a trained unit as a Keras model that scales its columns itself.

    Args:
        weights, bias: (n, 1) and (1, 1), of scaled columns.
        mean, deviation: (n,), by which they were scaled; a deviation of 0 stands for a constant.

    Returns:
        A `keras.Sequential`, (m, n) -> (m, 1), in float64. Saved, it loads without this package.

    Example:
        >>> one = np.ones((1, 1))
        >>> model = scaled_logistic_regression(one, 0 * one, np.array([3.0]), np.array([2.0]))
        >>> with default_float("float64"):
        ...     model.predict(np.array([[3.0]]), verbose=0)
        array([[0.5]])
    """
    scale = np.divide(1, deviation, out=np.zeros(len(mean)), where=deviation != 0)
    dtype = "float64"
    with default_float(dtype):
        layers = [
            keras.Input((len(mean),), name="features"),
            keras.layers.Rescaling(scale, -mean * scale, name="standardisation", dtype=dtype),
            keras.layers.Dense(1, activation="sigmoid", name="probability", dtype=dtype),
        ]
        model = keras.Sequential(layers, name="logistic_regression")
        model.set_weights([weights, bias[0]])
    return model


@keras.saving.register_keras_serializable("logreg")
class ExactL2(keras.regularizers.L2):
    """Keras's L2, whose factor TensorFlow does not round to float32 on the way."""

    def __call__(self, x):
        return self.l2 * ops.sum(ops.square(x))


@contextlib.contextmanager
def default_float(dtype):
    """Make `dtype` Keras's default inside the block.

    A layer takes a dtype of its own, but an optimizer keeps its learning rate in the default one,
    and 0.01 is another number in float32: that alone would move float64 weights by 2e-8. JAX makes
    float64 into float32 unless it is told not to.
    """
    before = keras.config.floatx()
    policy = keras.config.dtype_policy()  # if it has not been set, it would be the one in here
    jax_in_float64 = contextlib.nullcontext()
    if dtype == "float64" and keras.config.backend() == "jax":
        import jax

        jax_in_float64 = jax.enable_x64(True)
    with jax_in_float64:
        keras.config.set_floatx(dtype)
        try:
            yield
        finally:
            keras.config.set_floatx(before)
            keras.config.set_dtype_policy(policy)
