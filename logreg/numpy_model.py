"""Logistic regression written from scratch in NumPy: the baseline that Keras is held against."""

import math

import numpy as np

from logreg import _files
from logreg._checks import (
    features,
    float_type,
    labels,
    positive_int,
    random_source,
    real_number,
    row_weights,
)
from logreg.activations import sigmoid, softplus


class LogisticRegressionNN:
    """One sigmoid unit, trained by gradient descent on the mean binary cross-entropy.

    The cost is (Σ sᵢ lossᵢ + penalty / 2 Σ w²) / Σ sᵢ: sᵢ is `sample_weight`, 1 for each row
    where it is None, and `penalty` the 1 / C of scikit-learn's `LogisticRegression`, 0 for none.
    The bias w₀ is not penalised.

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
        _files.save_arrays(file, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, file):
        """Return the model that `save` wrote, to the last bit.

        Raises:
            TypeError: for a file that is no path.
            OSError: where the file cannot be read.
            ValueError: where it is not such a file.
        """
        with _files.loaded_arrays(file, {"weights", "bias"}) as arrays:
            return cls.of(**arrays)

    @classmethod
    def of(cls, weights, bias):
        """Return a model that has these weights, (n, 1), and this bias, (1, 1), of one type."""
        weights, bias = np.asarray(weights), np.asarray(bias)
        model = cls(max(len(np.atleast_1d(weights)), 1), dtype=weights.dtype, rng=0)
        if (weights.shape, bias.shape, bias.dtype) != (model.weights.shape, (1, 1), model.dtype):
            raise ValueError(f"weights and bias must be (n, 1) and (1, 1) of {model.dtype.name}")
        if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise ValueError("weights and bias must be finite")
        model.weights, model.bias = weights, bias
        return model

    def sigmoid(self, z):
        """Return 1 / (1 + exp(-z)); see `logreg.activations.sigmoid`."""
        return sigmoid(z)

    def forward(self, X):
        """Return the probability of class 1 for each row, (m, 1)."""
        return sigmoid(self._weighted_sum(self._features(X)))

    def compute_cost(self, X, y, *, penalty=0.0, sample_weight=None):
        """Return the mean binary cross-entropy, -mean(y log a + (1 - y) log(1 - a)), a float.

        `penalty` and `sample_weight` as in `train`. It is computed as mean(softplus(∓z)) from the
        weighted sum z, - for class 1 and + for class 0: the same number, without the logarithm of
        a sigmoid that has rounded to 0.
        """
        X, y = self._samples(X, y)
        return self._cost(self._weighted_sum(X), y, *self._shares(penalty, sample_weight, len(X)))

    def compute_gradients(self, X, y, *, penalty=0.0, sample_weight=None):
        """Return the gradient of the cost: dw (input_size, 1) and db (1, 1).

        dw = Xᵀ (a - y) / m and db = mean(a - y): the derivative of the sigmoid cancels against
        that of the logarithms. `penalty` and `sample_weight` as in `train`.
        """
        X, y = self._samples(X, y)
        shares = self._shares(penalty, sample_weight, len(X))
        return self._gradients(self._weighted_sum(X), X, y, *shares)

    def train(self, X, y, learning_rate=0.01, epochs=1000, *, penalty=0.0, sample_weight=None):
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
        X, y = self._samples(X, y)
        learning_rate = real_number("learning_rate", learning_rate, 0, math.inf, open_low=True)
        shares = self._shares(penalty, sample_weight, len(X))
        z = self._weighted_sum(X)
        costs = [self._cost(z, y, *shares)]
        for epoch in range(positive_int("epochs", epochs)):
            dw, db = self._gradients(z, X, y, *shares)
            with np.errstate(over="ignore", invalid="ignore"):
                weights, bias = self.weights - learning_rate * dw, self.bias - learning_rate * db
            if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
                raise FloatingPointError(
                    f"learning_rate {learning_rate:g} is too large for this X: the weights "
                    f"overflow in epoch {epoch + 1}"
                )
            self.weights, self.bias = weights, bias
            z = self._weighted_sum(X)
            costs.append(self._cost(z, y, *shares))
        return np.array(costs)

    def predict(self, X, threshold=0.5):
        """Return 1 where the probability is at least the threshold, else 0: int (m, 1)."""
        threshold = real_number("threshold", threshold, 0, 1)
        return (self.forward(X) >= threshold).astype(int)

    def _features(self, X):
        return features("X", X, self.input_size, self.dtype)

    def _samples(self, X, y):
        X = self._features(X)
        return X, labels(y, len(X), self.dtype)

    @np.errstate(over="ignore")
    def _shares(self, penalty, sample_weight, m):
        """Return the penalty beside a mean, and the rows' weights, scaled to a mean of 1."""
        penalty = real_number("penalty", penalty, 0, math.inf)
        weight = row_weights(sample_weight, m)
        total = weight.sum()
        return self.dtype.type(penalty / total), (weight / total * m).astype(self.dtype)

    def _weighted_sum(self, X):
        """Return X @ weights + bias, infinite beyond the largest float, never NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            z = X @ self.weights + self.bias
            if not np.isfinite(z).all():  # a summand is not: add them scaled down
                small, large = sorted([np.abs(X).max(), np.abs(self.weights).max()])
                sums = (X / np.abs(X).max()) @ (self.weights / np.abs(self.weights).max())
                z = np.where(np.isfinite(z), z, sums * small * large + self.bias)
        return z

    @np.errstate(over="ignore", invalid="ignore")
    def _cost(self, z, y, penalty, weight):
        ridge = penalty / 2 * np.sum(self.weights**2) if penalty else 0
        loss = np.where(
            weight == 0, 0, weight * softplus(np.where(y == 1, -z, z))
        )  # no 0 times inf
        return float(np.mean(loss) + ridge)

    @np.errstate(over="ignore", invalid="ignore")
    def _gradients(self, z, X, y, penalty, weight):
        error = weight * (sigmoid(z) - y) / self.dtype.type(len(X))
        return X.T @ error + penalty * self.weights, np.sum(error, keepdims=True)
