"""Logistic regression as a Keras model: one Dense unit with a sigmoid."""

import contextlib
import math
import zipfile

import keras
import numpy as np
from keras import ops

from logreg._checks import file_path, float_type, positive_int, real_number

# Keras 3.15 computes some of its own operations in float32 there, whatever goes in: `mean` on JAX,
# `matmul` and `divide_no_nan` on PyTorch. Dense and BinaryCrossentropy are made of them.
ROUNDING_BACKENDS = ("jax", "torch")


def define_logistic_regression(n_features, learning_rate=0.01, *, dtype="float32", l2=0.0):
    """Return logistic regression as the smallest neural network there is, compiled.

    Args:
        n_features: features of a sample, at least 1.
        learning_rate: of plain gradient descent (SGD), more than 0.
        dtype: what it computes in, float32 or float64. To train in float64 yourself on JAX, set
            JAX_ENABLE_X64=1; `compare` sees to it.
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
    with default_float(dtype):
        if dtype == "float64" and keras.config.backend() in ROUNDING_BACKENDS:
            Dense, loss = Dense64, BinaryCrossentropy64()
        else:
            Dense, loss = keras.layers.Dense, keras.losses.BinaryCrossentropy()
        L2 = L264 if dtype == "float64" else keras.regularizers.L2
        ridge = L2(l2) if l2 else None
        unit = Dense(1, activation="sigmoid", kernel_regularizer=ridge, name="probability")
        layers = [keras.Input((n_features,), name="features"), unit]
        model = keras.Sequential(layers, name="logistic_regression")
        model.compile(keras.optimizers.SGD(learning_rate), loss, metrics=[accuracy(dtype)])
    return model


def accuracy(dtype):
    """Return Keras's accuracy, for 1 from one half on.

    It predicts 1 only above its threshold, and holds that in float32.
    """
    below = np.nextafter(np.float32(0.5), np.float32(0))
    return keras.metrics.BinaryAccuracy("accuracy", dtype, threshold=float(below))


def load_logistic_regression(file):
    """Return a saved model of `define_logistic_regression`, ready to train on to the same bits.

    `keras.saving.load_model(file)` does, too, for float32. The learning rate of a float64 model
    would be rounded: see `default_float`.

    Args:
        file: a path, as `model.save` takes it, ending in `.keras`.

    Raises:
        TypeError: for a file that is no path.
        ValueError: where it is no saved Keras model, or damaged.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     define_logistic_regression(2, dtype="float64").save(f"{folder}/unit.keras")
        ...     load_logistic_regression(f"{folder}/unit.keras").optimizer.learning_rate.dtype
        'float64'
    """
    file = file_path("file", file)
    try:
        with zipfile.ZipFile(file) as archive:
            if damaged := archive.testzip():  # Keras does not look at the checksums of all it reads
                raise ValueError(f"{damaged} in it is damaged")
        with default_float("float64"):  # in which a model of either can be loaded
            model = keras.saving.load_model(file)
        with default_float(model.layers[-1].dtype):  # the model's own is not in the file
            return keras.saving.load_model(file)
    except Exception as error:  # whatever a damaged file makes zipfile, h5py or Keras stumble over
        raise ValueError(f"file must be a saved model, but {file} is not: {error}") from error


@keras.saving.register_keras_serializable("logreg")
class Dense64(keras.layers.Dense):
    """Keras's Dense, computed by the backend's own operators, which keep float64."""

    def call(self, inputs, training=None):
        return self.activation(inputs @ self.kernel.value + self.bias.value)


@keras.saving.register_keras_serializable("logreg")
class BinaryCrossentropy64(keras.losses.Loss):
    """The binary cross-entropy, a mean over the samples, in float64.

    It looks at probabilities as near to 0 and 1 as float64 has them; Keras's own, on these
    backends, no nearer than 1e-7.
    """

    def __call__(self, y_true, y_pred, sample_weight=None):
        limits = np.finfo(np.float64)
        y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
        p = ops.clip(y_pred, limits.tiny, 1 - limits.epsneg)
        likelihood = y_true * ops.log(p) + (1 - y_true) * ops.log1p(-p)
        if sample_weight is not None:
            likelihood = likelihood * ops.reshape(sample_weight, likelihood.shape)
        return -ops.sum(likelihood) / len(y_pred)


@keras.saving.register_keras_serializable("logreg")
class L264(keras.regularizers.L2):
    """Keras's L2, whose factor is not rounded to float32 on the way."""

    def __call__(self, x):
        return self.l2 * ops.sum(ops.square(x))


def scaled_logistic_regression(weights, bias, mean, deviation, learning_rate=0.01):
    """Return a trained unit as a model of Keras's own layers, which takes unscaled columns.

    Args:
        weights, bias: (n, 1) and (1, 1), of scaled columns, float32 or float64.
        mean, deviation: (n,), by which they were scaled; a deviation of 0 stands for a constant.
        learning_rate: to train on with, more than 0.

    Returns:
        A `keras.Sequential`, (m, n) -> (m, 1). Saved, it loads without this package; on JAX one
        of float64 wants JAX_ENABLE_X64=1.

    Example:
        >>> one = np.ones((1, 1))
        >>> model = scaled_logistic_regression(one, 0 * one, np.array([3.0]), np.array([2.0]))
        >>> with default_float("float64"):
        ...     model.predict(np.array([[3.0]]), verbose=0)
        array([[0.5]])
    """
    dtype = float_type(weights.dtype).name
    scale = np.divide(1, deviation, out=np.zeros(len(mean)), where=deviation != 0)
    with default_float(dtype):
        layers = [
            keras.Input((len(mean),), name="features"),
            keras.layers.Rescaling(scale, -mean * scale, name="standardisation"),
            keras.layers.Dense(1, activation="sigmoid", name="probability"),
        ]
        model = keras.Sequential(layers, name="logistic_regression")
        sgd = keras.optimizers.SGD(learning_rate)
        model.compile(sgd, "binary_crossentropy", metrics=[accuracy(dtype)])
        model.set_weights([weights, bias[0]])
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
        stack.callback(keras.config.set_dtype_policy, keras.config.dtype_policy())
        stack.callback(keras.config.set_floatx, keras.config.floatx())
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        yield
