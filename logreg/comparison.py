"""Both models from the same weights, on the same data: how far apart do they end, and how far from
the minimum?
"""

from __future__ import annotations

import contextlib
import functools
import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng
from logreg import numpy_model
from logreg._checks import features, float_type, labels, real_number, row_weights
from logreg.keras_model import accuracy, default_float, define_logistic_regression
from logreg.minimum import Minimum, find_minimum
from logreg.numpy_model import LogisticRegressionNN

MOST_COLUMNS = 1000  # of which the minimum is looked for: its curvature has their number squared
STEPS, POINTS = 50, 20  # in one call of Keras's compiled step, at most; of a cost curve, at least


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

    model: LogisticRegressionNN | keras.Model
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
        epochs: (k,), the epochs that the costs belong to, from 0 to the last.
        numpy, keras: a `Trained` each.
        cost: the arguments X, y, penalty and sample_weight of the cost, a dict.
    """

    epochs: np.ndarray
    numpy: Trained
    keras: Trained
    cost: dict[str, Any] | Any = None  # None of one that was made by hand

    @functools.cached_property
    def minimum(self) -> Minimum | None:
        """The `Minimum` that both are on their way to; None if there is none, or out of reach.

        See `find_minimum`, which is not asked of more than 1,000 columns: it would take longer
        than the training.
        """
        if self.cost is None or self.cost["X"].shape[1] > MOST_COLUMNS:
            return None
        with contextlib.suppress(FloatingPointError):
            return find_minimum(**self.cost)
        return None

    def probabilities(self, X: npt.ArrayLike) -> dict[str, np.ndarray]:
        """Return what both models, and the minimum where there is one, say of other rows.

        Args:
            X: (k, n).

        Returns:
            {"NumPy": ..., "Keras": ..., "minimum": ...}, each the probabilities of class 1, (k, 1).
        """
        X = features("X", X, len(self.numpy.weights), self.numpy.weights.dtype)
        found = {
            "NumPy": numpy_model.forward(self.numpy.weights, self.numpy.bias, X),
            "Keras": keras_forward(self.keras.model, X),
        }
        if self.minimum:
            found["minimum"] = numpy_model.forward(self.minimum.weights, self.minimum.bias, X)
        return found

    @property
    def rise(self) -> tuple[float, float] | None:
        """The lowest cost and the last, where that is higher by more than 1 %, else None.

        Descent by steps that are not too large for the data never climbs.
        """
        lowest, last = self.numpy.costs.min(), self.numpy.costs[-1]
        return (float(lowest), float(last)) if last > 1.01 * lowest else None

    @property
    def differences(self) -> dict[str, float]:
        """The largest absolute difference in each of the arrays, and in the accuracy."""
        return {
            name: float(np.max(np.abs(getattr(self.numpy, name) - getattr(self.keras, name))))
            for name in ("costs", "weights", "bias", "probabilities", "predictions", "accuracy")
        }


def compare(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    learning_rate: float = 0.01,
    epochs: int = 1000,
    threshold: float = 0.5,
    penalty: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: dict[int, float] | Literal["balanced"] | None = None,
    dtype: npt.DTypeLike = "float64",
    rng: Rng = None,
) -> Comparison:
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
        dtype: what both compute in, float64 or float32. In float64 their weights differ by some
            1e-15 on TensorFlow; on JAX and PyTorch, where Keras 3.15 does some of its sums in
            float32 all the same, by 2e-8 with these defaults, and up to 1e-6 at larger steps.
        rng: what the weights are drawn from: None for NumPy's global state, an int seed, a
            `Generator` or a `RandomState`.

    Returns:
        A `Comparison`.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
        FloatingPointError: if the weights overflow.

    Warns:
        RuntimeWarning: if the cost rose, as with steps that are too large for the data.

    Example:
        >>> from logreg import sample_data
        >>> comparison = compare(*sample_data(rng=0), rng=0)
        >>> comparison.differences["weights"] < 1e-6
        True
    """
    dtype = float_type(dtype)
    X = features("X", X, dtype=dtype)
    y = labels(y, len(X), dtype)
    threshold = real_number("threshold", threshold, 0, 1)
    s = weights_of_rows(y, sample_weight, class_weight)
    ours = LogisticRegressionNN(X.shape[1], dtype=dtype, rng=rng)
    start = ours.weights, ours.bias[0]
    options = {"penalty": penalty, "sample_weight": s}
    numpy_costs = ours.train(X, y, learning_rate, epochs, **options)
    l2 = penalty / (2 * s.sum())
    with default_float(dtype.name):
        theirs = define_logistic_regression(X.shape[1], learning_rate, dtype=dtype, l2=l2)
        theirs.set_weights(start)
        at, path = train_keras(theirs, X, y, epochs, (s / s.mean()).astype(dtype))
    if not all(np.isfinite(array).all() for array in path[-1]):
        raise FloatingPointError(
            "X is too large for Keras, whose weighted sums overflow: standardize it"
        )
    # One cost function for both, over all the rows: what `fit` logs is a mean in float32.
    keras_costs = [numpy_model.cost(*pair, X, y, penalty, s.astype(dtype)) for pair in path]

    def trained(model, costs, weights, bias, probabilities):
        predictions = (probabilities >= threshold).astype(int)
        right = float(np.mean(predictions == y))
        return Trained(model, costs, weights, bias, probabilities, predictions, right)

    comparison = Comparison(
        at,
        trained(ours, numpy_costs[at], ours.weights, ours.bias, ours.forward(X)),
        trained(theirs, np.array(keras_costs), *path[-1], keras_forward(theirs, X)),
        {"X": X, "y": y} | options,
    )
    if comparison.rise:
        message = "the cost rose from {:.4g} to {:.4g}: standardize X, or lower the learning_rate"
        warnings.warn(message.format(*comparison.rise), RuntimeWarning, stacklevel=2)
    return comparison


def weights_of_rows(y, sample_weight, class_weight):
    """Return what each row counts, (m, 1): its own weight times that of its class."""
    s = row_weights(sample_weight, len(y))
    if class_weight is None:
        return s
    sums = [s[y == label].sum() for label in (0, 1)]
    if isinstance(class_weight, str) and class_weight == "balanced":
        if not all(sums):
            raise ValueError("class_weight must not be 'balanced' where y holds one class only")
        class_weight = {label: sum(sums) / 2 / sums[label] for label in (0, 1)}
    if not (isinstance(class_weight, dict) and set(class_weight) == {0, 1}):
        raise ValueError(
            f"class_weight must be None, 'balanced' or {{0: ..., 1: ...}}, got {class_weight!r}"
        )
    zero, one = (real_number("class_weight", class_weight[label], 0, math.inf) for label in (0, 1))
    s = s * np.where(y == 1, one, zero)
    if not 0 < s.sum() < np.inf:
        raise ValueError("class_weight must leave rows that count, and their sum finite")
    return s


def keras_forward(model, X):
    """Return what a model of `define_logistic_regression` says of X, in X's type: (m, 1)."""
    with default_float(X.dtype.name):
        return keras.ops.convert_to_numpy(model(X))


def train_keras(
    model: keras.Model,
    X: np.ndarray,
    y: np.ndarray,
    epochs: int,
    sample_weight: np.ndarray | None = None,
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Take `epochs` steps on the full batch by `fit`, watching the weights on the way.

    `fit(X, y, epochs=1000)` spends 20 to 35 ms on each step, nearly all of it between two Keras
    epochs. Here a Keras epoch is up to STEPS steps, all in one compiled call, on the same batch
    again and again. (On PyTorch, which compiles none, it is one step.)

    Args:
        X, y, sample_weight: of one type, that of the model; the weights of mean 1, or None.

    Returns:
        at: (k,), the epochs watched: 0, every STEPS-th (or more, where they are few), and the last.
        path: the weights (n, 1) and bias (1, 1) at each of them, k pairs.
    """

    def current():
        kernel, bias = model.get_weights()
        return kernel, bias[np.newaxis]

    path = [current()]
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: path.append(current()))
    steps = min(STEPS, max(epochs // POINTS, 1))
    steps = 1 if keras.config.backend() == "torch" else steps
    times = {"epochs": math.ceil(epochs / steps), "steps_per_epoch": steps}
    batches = repeated((X, y) if sample_weight is None else (X, y, sample_weight), epochs)
    metrics = [accuracy(X.dtype.name)]
    model.compile(model.optimizer, model.loss, metrics=metrics, steps_per_execution=steps)
    model.fit(batches, **times, shuffle=False, callbacks=[watch], verbose=0)
    return np.minimum(np.arange(len(path)) * steps, epochs), path


def repeated(batch, times):
    """Return a data set of one batch, a tuple of arrays, so many times over."""
    if keras.config.backend() == "tensorflow":  # from a generator it would take twice as long
        import tensorflow as tf

        return tf.data.Dataset.from_tensors(batch).repeat(times)
    return (batch for _ in range(times))
