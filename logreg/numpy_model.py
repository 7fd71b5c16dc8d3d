"""Logistic regression written from scratch in NumPy: the baseline that Keras is held against."""

import math
import os
import zipfile

import numpy as np

from logreg._checks import (
    features,
    file_path,
    float_type,
    labels,
    positive_int,
    random_source,
    real_number,
)
from logreg.activations import sigmoid, softplus


class LogisticRegressionNN:
    """One sigmoid unit, trained by gradient descent on the mean binary cross-entropy.

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

    def __init__(self, input_size, *, dtype=np.float64, rng=None):
        self.input_size = positive_int("input_size", input_size)
        self.dtype = float_type(dtype)
        self.weights = random_source(rng).standard_normal((input_size, 1)).astype(self.dtype)
        self.bias = np.zeros((1, 1), self.dtype)

    def save(self, file):
        """Save weights and bias as `.npz`, whole or not at all.

        Args:
            file: the path to write.
        """
        file = file_path("file", file)
        temporary = file.with_name(f".{file.name}.part")
        try:
            with open(temporary, "wb") as stream:
                np.savez(stream, weights=self.weights, bias=self.bias)
            os.replace(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)

    @classmethod
    def load(cls, file):
        """Return the model that `save` wrote, to the last bit.

        Raises:
            TypeError: for a file that is no path.
            OSError: where the file cannot be read.
            ValueError: where it is none of these.
        """
        file = file_path("file", file)
        try:
            with open(file, "rb") as stream, np.load(stream) as arrays:
                weights, bias = arrays["weights"], arrays["bias"]
                model = cls(len(weights), dtype=weights.dtype, rng=0)
        except (ValueError, TypeError, KeyError, AttributeError, EOFError, zipfile.BadZipFile) as e:
            raise ValueError(f"file must be one that save wrote, but {file} is not: {e}") from e
        if (weights.shape, bias.shape, bias.dtype) != (model.weights.shape, (1, 1), model.dtype):
            raise ValueError(f"file must be one that save wrote, but {file} has other arrays")
        model.weights, model.bias = weights, bias
        return model

    def sigmoid(self, z):
        """Return 1 / (1 + exp(-z)); see `logreg.activations.sigmoid`."""
        return sigmoid(z)

    def forward(self, X):
        """Return the probability of class 1 for each row, (m, 1)."""
        return sigmoid(self._weighted_sum(self._features(X)))

    def compute_cost(self, X, y):
        """Return the mean binary cross-entropy, -mean(y log a + (1 - y) log(1 - a)), a float.

        It is computed as mean(softplus(∓z)) from the weighted sum z, - for class 1 and + for
        class 0: the same number, without the logarithm of a sigmoid that has rounded to 0.
        """
        return self._cost(*self._samples(X, y))

    def compute_gradients(self, X, y):
        """Return the gradient of the cost: dw (input_size, 1) and db (1, 1).

        dw = Xᵀ (a - y) / m and db = mean(a - y): the derivative of the sigmoid cancels against
        that of the logarithms.
        """
        return self._gradients(*self._samples(X, y))

    def train(self, X, y, learning_rate=0.01, epochs=1000):
        """Take `epochs` steps of gradient descent, each on all of X and y.

        Args:
            learning_rate: more than 0, finite.
            epochs: at least 1.

        Returns:
            The costs, (epochs + 1,): before the first step and after each.

        Raises:
            FloatingPointError: if the weights overflow; they are then those before that step.
        """
        X, y = self._samples(X, y)
        learning_rate = real_number("learning_rate", learning_rate, 0, math.inf, open_low=True)
        costs = [self._cost(X, y)]
        for epoch in range(positive_int("epochs", epochs)):
            dw, db = self._gradients(X, y)
            with np.errstate(over="ignore", invalid="ignore"):
                weights, bias = self.weights - learning_rate * dw, self.bias - learning_rate * db
            if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
                raise FloatingPointError(
                    f"learning_rate {learning_rate:g} is too large for this X: the weights "
                    f"overflow in epoch {epoch + 1}"
                )
            self.weights, self.bias = weights, bias
            costs.append(self._cost(X, y))
        return np.array(costs)

    def predict(self, X, threshold=0.5):
        """Return 1 where the probability exceeds the threshold, in [0, 1], else 0: int (m, 1)."""
        threshold = real_number("threshold", threshold, 0, 1)
        return (self.forward(X) > threshold).astype(int)

    def _features(self, X):
        return features("X", X, self.input_size, self.dtype)

    def _samples(self, X, y):
        X = self._features(X)
        return X, labels(y, len(X), self.dtype)

    def _weighted_sum(self, X):
        """Return X @ weights + bias, infinite beyond the largest float, never NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            z = X @ self.weights + self.bias
            if np.isnan(z).any():  # inf - inf in the sum: compare the summands scaled down
                small, large = sorted([np.abs(X).max(), np.abs(self.weights).max()])
                z = (X / np.abs(X).max()) @ (self.weights / np.abs(self.weights).max())
                z = z * small * large
        return z

    def _cost(self, X, y):
        z = self._weighted_sum(X)
        return float(np.mean(softplus(np.where(y == 1, -z, z))))

    def _gradients(self, X, y):
        error = (sigmoid(self._weighted_sum(X)) - y) / self.dtype.type(len(X))
        return X.T @ error, np.sum(error, keepdims=True)
