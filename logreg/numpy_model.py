"""Logistic regression written from scratch in NumPy: the baseline that Keras is held against."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng, positive_int, random_source
from logreg._checks import features, float_type, labels, real_number, row_weights
from logreg.activations import sigmoid, softplus


class LogisticRegressionNN:
    """One sigmoid unit, trained by gradient descent on the mean binary cross-entropy.

    The cost is (Σ sᵢ lossᵢ + penalty / 2 Σ w²) / Σ sᵢ: sᵢ is `sample_weight`, 1 for each row
    where it is None, and `penalty` the 1 / C of scikit-learn's `LogisticRegression`, 0 for none.
    The bias is not penalised.

    Args:
        input_size: features of a sample, at least 1.
        dtype: what it computes in, float64 or float32.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Attributes:
        weights: (input_size, 1), drawn standard normal.
        bias: (1, 1), zero.

    In all its methods X is (m, input_size), finite, and y is (m, 1) or (m,), of zeros and ones;
    m is at least 1. A `TypeError` or `ValueError` says what is not so, and where.

    Example:
        >>> model = LogisticRegressionNN(1, rng=0)
        >>> costs = model.train([[0.0], [1.0]], [0, 1], learning_rate=1.0, epochs=100)
        >>> model.predict([[-2.0], [3.0]]).ravel()
        array([0, 1])
    """

    def __init__(
        self, input_size: int, *, dtype: npt.DTypeLike = np.float64, rng: Rng = None
    ) -> None:
        self.input_size = positive_int("input_size", input_size)
        self.dtype = float_type(dtype)
        self.weights = random_source(rng).standard_normal((input_size, 1)).astype(self.dtype)
        self.bias = np.zeros((1, 1), self.dtype)

    def forward(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the probability of class 1 for each row, (m, 1): sigmoid(X w + b)."""
        X = features("X", X, self.input_size, self.dtype)
        return forward(self.weights, self.bias, X)

    def compute_cost(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        penalty: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
    ) -> float:
        """Return the cost, a float: -mean(y log a + (1 - y) log(1 - a)), and the penalty.

        `penalty` and `sample_weight` as in `train`.
        """
        return cost(self.weights, self.bias, *self._checked(X, y, penalty, sample_weight))

    def compute_gradients(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        penalty: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradient of the cost: dw (input_size, 1) and db (1, 1).

        `penalty` and `sample_weight` as in `train`.
        """
        return gradients(self.weights, self.bias, *self._checked(X, y, penalty, sample_weight))

    def train(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        learning_rate: float = 0.01,
        epochs: int = 1000,
        *,
        penalty: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
    ) -> np.ndarray:
        """Take `epochs` steps of gradient descent, each on all of X and y.

        Args:
            learning_rate: more than 0, finite.
            epochs: at least 1.
            penalty: of the squared weights, at least 0.
            sample_weight: (m,) or (m, 1), at least 0 and not all 0; None counts each row once.

        Returns:
            The costs, (epochs + 1,): before the first step and after each.

        Raises:
            FloatingPointError: if the weights overflow; they are then those before that step.
        """
        learning_rate = real_number("learning_rate", learning_rate, 0, math.inf, open_low=True)
        epochs = positive_int("epochs", epochs)
        data = self._checked(X, y, penalty, sample_weight)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is an error below
            costs = [cost(self.weights, self.bias, *data)]
            for epoch in range(epochs):
                dw, db = gradients(self.weights, self.bias, *data)
                weights, bias = self.weights - learning_rate * dw, self.bias - learning_rate * db
                if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
                    raise FloatingPointError(
                        f"learning_rate {learning_rate:g} is too large for this X: the weights "
                        f"overflow in epoch {epoch + 1}"
                    )
                self.weights, self.bias = weights, bias
                costs.append(cost(weights, bias, *data))
        return np.array(costs)

    def predict(self, X: npt.ArrayLike, threshold: float = 0.5) -> np.ndarray:
        """Return 1 where the probability is at least the threshold, in [0, 1], else 0: (m, 1)."""
        threshold = real_number("threshold", threshold, 0, 1)
        return (self.forward(X) >= threshold).astype(int)

    def _checked(self, X, y, penalty, sample_weight):
        X = features("X", X, self.input_size, self.dtype)
        y = labels(y, len(X), self.dtype)
        penalty = self.dtype.type(real_number("penalty", penalty, 0, math.inf))
        return X, y, penalty, row_weights(sample_weight, len(X), self.dtype)


# The formulas, of arrays of one type: weights (n, 1), bias (1, 1), X (m, n), y (m, 1) and the rows'
# weights (m, 1). They check nothing.


def forward(weights, bias, X):
    """Return the probability of class 1 for each row, (m, 1)."""
    return sigmoid(X @ weights + bias)


def cost(weights, bias, X, y, penalty, sample_weight):
    """Return the cost, a float.

    -log(sigmoid(z)) is softplus(-z), and -log(1 - sigmoid(z)) is softplus(z): the same numbers,
    without the logarithm of a sigmoid that has rounded to 0.
    """
    z = X @ weights + bias
    loss = softplus(np.where(y == 1, -z, z))
    total = np.sum(sample_weight * loss) + penalty / 2 * np.sum(weights**2)
    return float(total / np.sum(sample_weight))


def gradients(weights, bias, X, y, penalty, sample_weight):
    """Return the gradient of the cost, dw (n, 1) and db (1, 1).

    Of one row's loss it is (a - y) x and a - y, a = sigmoid(z): the derivative of the sigmoid
    cancels against that of the logarithms.
    """
    error = sample_weight * (forward(weights, bias, X) - y)
    total = np.sum(sample_weight)
    return (X.T @ error + penalty * weights) / total, np.sum(error, keepdims=True) / total
