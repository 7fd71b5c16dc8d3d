"""Logistic regression as a Keras model: one Dense unit with a sigmoid."""

import contextlib
import math

import keras

from logreg._checks import float_type, positive_int, real_number


def define_logistic_regression(n_features, learning_rate=0.01, *, dtype="float32"):
    """Return logistic regression as the smallest neural network there is, compiled.

    Args:
        n_features: features of a sample, at least 1.
        learning_rate: of plain gradient descent (SGD), more than 0.
        dtype: what it computes in, float32 or float64. To train in float64 yourself on JAX, set
            JAX_ENABLE_X64=1; `compare` sees to it.

    Returns:
        A `keras.Sequential`, (m, n_features) -> (m, 1) in [0, 1], the probability of class 1,
        compiled with binary cross-entropy, SGD and accuracy.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
    """
    n_features = positive_int("n_features", n_features)
    learning_rate = real_number("learning_rate", learning_rate, 0, math.inf, open_low=True)
    with default_float(float_type(dtype).name):
        model = keras.Sequential(
            [
                keras.Input((n_features,), name="features"),
                keras.layers.Dense(1, activation="sigmoid", name="probability"),
            ],
            name="logistic_regression",
        )
        model.compile(
            loss=keras.losses.BinaryCrossentropy(),
            optimizer=keras.optimizers.SGD(learning_rate),
            metrics=["accuracy"],
        )
    return model


@contextlib.contextmanager
def default_float(dtype):
    """Make `dtype` Keras's default inside the block.

    A layer takes a dtype of its own, but an optimizer keeps its learning rate in the default one,
    and 0.01 is another number in float32: that alone would move float64 weights by 2e-8. JAX makes
    float64 into float32 unless it is told not to.
    """
    with contextlib.ExitStack() as stack:
        if dtype == "float64" and keras.config.backend() == "jax":
            import jax

            stack.enter_context(jax.enable_x64(True))
        stack.enter_context(_keras_default(dtype))
        yield


@contextlib.contextmanager
def _keras_default(dtype):
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
