"""Both models from the same weights, on the same data: how far apart do they end, and how far from
the minimum?
"""

import contextlib
import functools
import math
from dataclasses import dataclass

import keras
import numpy as np

from logreg._checks import features, float_type, labels, real_number, row_weights
from logreg.keras_model import accuracy, default_float, define_logistic_regression
from logreg.minimum import find_minimum
from logreg.numpy_model import LogisticRegressionNN

STEPS = 50  # in one call of Keras's compiled step, and between two points of a cost curve


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model and what it says of the data that it was trained on.

    Attributes:
        model: a `LogisticRegressionNN` or the Keras model.
        costs: (k,), the mean binary cross-entropy (and the penalty) at each of
            `Comparison.epochs`.
        weights: (n, 1).
        bias: (1, 1).
        probabilities: (m, 1), of class 1.
        predictions: (m, 1), int.
        accuracy: share of right predictions.
    """

    model: object
    costs: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    probabilities: np.ndarray
    predictions: np.ndarray
    accuracy: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models that took the same steps.

    Attributes:
        epochs: (k,), the epochs that the costs are of, from 0 to the last.
        numpy, keras: a `Trained` each.
        cost: the arguments X, y, penalty and sample_weight that the cost is of.
    """

    epochs: np.ndarray
    numpy: Trained
    keras: Trained
    cost: dict | None = None

    @functools.cached_property
    def minimum(self):
        """The `Minimum` that both are on their way to; None if there is none, or out of reach.

        See `find_minimum`.
        """
        with contextlib.suppress(FloatingPointError):
            return find_minimum(**self.cost) if self.cost else None
        return None

    def probabilities(self, X):
        """Return what both models, and the minimum where there is one, say of other rows.

        Args:
            X: (k, n).

        Returns:
            {"NumPy": ..., "Keras": ..., "minimum": ...}, each the probabilities of class 1, (k, 1).
        """
        dtype = self.numpy.model.dtype
        X = features("X", X, len(self.numpy.weights))
        with default_float(dtype.name):
            by_keras = keras.ops.convert_to_numpy(self.keras.model(X.astype(dtype)))
        found = {"NumPy": self.numpy.model.forward(X), "Keras": by_keras}
        if self.minimum:
            there = LogisticRegressionNN.of(self.minimum.weights, self.minimum.bias)
            found["minimum"] = there.forward(X)
        return found

    @property
    def differences(self):
        """The largest absolute difference in each of the arrays, and in the accuracy."""
        return {
            name: float(np.max(np.abs(getattr(self.numpy, name) - getattr(self.keras, name))))
            for name in ("costs", "weights", "bias", "probabilities", "predictions", "accuracy")
        }


def compare(
    X,
    y,
    *,
    learning_rate=0.01,
    epochs=1000,
    threshold=0.5,
    penalty=0.0,
    sample_weight=None,
    class_weight=None,
    dtype="float64",
    rng=None,
):
    """Train the NumPy and the Keras model, step for step the same.

    Both minimise (Σ sᵢ lossᵢ + penalty / 2 Σ w²) / Σ sᵢ. That is scikit-learn's
    `LogisticRegression(C=1 / penalty)`, and its C=np.inf without one; the bias is not penalised.

    Args:
        X: (m, n), finite.
        y: (m,) or (m, 1), zeros and ones.
        learning_rate: more than 0.
        epochs: steps on the full batch, at least 1.
        threshold: in [0, 1]; a probability of at least that predicts class 1.
        penalty: of the squared weights, at least 0.
        sample_weight: s, (m,) or (m, 1), at least 0 and not all 0; None counts each row once.
        class_weight: {0: ..., 1: ...}, at least 0, by which the rows of each class count more or
            less, or "balanced", by which the two classes count alike: m / 2 shared out in each.
        dtype: what both compute in, float64 or float32.
        rng: what the weights are drawn from: None for NumPy's global state, an int seed, a
            `Generator` or a `RandomState`.

    Returns:
        A `Comparison`.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
        FloatingPointError: if the weights overflow.

    Example:
        >>> from logreg import sample_data
        >>> comparison = compare(*sample_data(rng=0), rng=0)
        >>> comparison.differences["weights"] < 1e-12
        True
    """
    dtype = float_type(dtype)
    X = features("X", X, None, dtype)
    y = labels(y, len(X), dtype)
    threshold = real_number("threshold", threshold, 0, 1)
    s = weights_of_rows(y, sample_weight, class_weight)
    options = {"penalty": penalty, "sample_weight": s}
    total = len(X) if s is None else s.sum()
    numpy_model = LogisticRegressionNN(X.shape[1], dtype=dtype, rng=rng)
    start = numpy_model.weights, numpy_model.bias[0]
    numpy_costs = numpy_model.train(X, y, learning_rate, epochs, **options)
    with default_float(dtype.name):
        keras_model = define_logistic_regression(
            X.shape[1], learning_rate, dtype=dtype, l2=penalty / (2 * total)
        )
        keras_model.set_weights(start)
        mean_one = None if s is None else (s / total * len(X)).astype(dtype)
        at, weights = train_keras(keras_model, X, y, epochs, mean_one)
        if not all(np.isfinite(array).all() for array in weights[-1]):
            raise FloatingPointError(
                "X is too large for Keras, whose weighted sums overflow: standardize it"
            )
        probabilities = keras.ops.convert_to_numpy(keras_model(X))

    # One cost function for both, that of all the rows: what `fit` logs is a float32 mean.
    units = [LogisticRegressionNN.of(*pair) for pair in weights]
    keras_costs = np.array([unit.compute_cost(X, y, **options) for unit in units])

    def trained(model, costs, weights, bias, probabilities):
        predictions = (probabilities >= threshold).astype(int)
        accuracy = float(np.mean(predictions == y))
        return Trained(model, costs, weights, bias, probabilities, predictions, accuracy)

    ours = numpy_model.weights, numpy_model.bias, numpy_model.forward(X)
    by_numpy = trained(numpy_model, numpy_costs[at], *ours)
    by_keras = trained(keras_model, keras_costs, *weights[-1], probabilities)
    return Comparison(at, by_numpy, by_keras, {"X": X, "y": y} | options)


def weights_of_rows(y, sample_weight, class_weight):
    """Return what each row counts, (m, 1), by its own weight and its class's; None for 1 each."""
    if sample_weight is None and class_weight is None:
        return None
    s = row_weights(sample_weight, len(y))
    if class_weight is None:
        return s
    of_class = [s[y == label].sum() for label in (0, 1)]
    if isinstance(class_weight, str) and class_weight == "balanced":
        if not all(of_class):
            raise ValueError("class_weight must not be 'balanced' where y holds one class only")
        class_weight = {label: sum(of_class) / 2 / of_class[label] for label in (0, 1)}
    if not (isinstance(class_weight, dict) and set(class_weight) == {0, 1}):
        raise ValueError(
            f"class_weight must be None, 'balanced' or {{0: ..., 1: ...}}, got {class_weight!r}"
        )
    by_class = [real_number("class_weight", class_weight[label], 0, math.inf) for label in (0, 1)]
    s = s * np.where(y == 1, by_class[1], by_class[0])
    if not 0 < s.sum() < np.inf:
        raise ValueError("class_weight must leave rows that count, and their sum finite")
    return s


def train_keras(model, X, y, epochs, sample_weight=None):
    """Take `epochs` steps on the full batch by `fit`, watching the weights on the way.

    `fit(X, y, epochs=1000)` spends 20 to 35 ms on each step, nearly all of it between two Keras
    epochs. Here a Keras epoch is STEPS steps, all in one compiled call, on the same batch again
    and again. (On PyTorch, which compiles none, it is one step.)

    Returns:
        at: (k,), the epochs watched: 0, every STEPS-th, and the last.
        weights: the weights (n, 1) and bias (1, 1) at each of them, k pairs.
    """

    def current():
        kernel, bias = model.get_weights()
        return kernel, bias[np.newaxis]

    weights = [current()]
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: weights.append(current()))
    steps = 1 if keras.config.backend() == "torch" else STEPS
    metrics = [accuracy(model.layers[-1].dtype)]
    model.compile(model.optimizer, model.loss, metrics=metrics, steps_per_execution=steps)
    batches = repeated((X, y) if sample_weight is None else (X, y, sample_weight), epochs)
    times = {"epochs": math.ceil(epochs / steps), "steps_per_epoch": steps}
    model.fit(batches, **times, shuffle=False, callbacks=[watch], verbose=0)
    return np.minimum(np.arange(len(weights)) * steps, epochs), weights


def repeated(batch, times):
    """Return a data set of one batch, a tuple of arrays, so many times over."""
    if keras.config.backend() == "tensorflow":  # from a generator it would take twice as long
        import tensorflow as tf

        return tf.data.Dataset.from_tensors(batch).repeat(times)
    return (batch for _ in range(times))
