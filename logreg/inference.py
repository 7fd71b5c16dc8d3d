"""How far the weights at the minimum can be believed, and where they cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logreg._checks import features, real_array
from logreg.activations import sigmoid_derivative
from logreg.data import unscaled
from logreg.measures import Z
from logreg.minimum import Minimum


@dataclass(frozen=True, eq=False)
class Estimates:
    """The weights at the minimum in a table's own units, and how uncertain they are.

    Attributes:
        weights: (n + 1,), of the n columns, and the bias.
        errors: (n + 1,), their standard errors.
    """

    weights: np.ndarray
    errors: np.ndarray

    @property
    def intervals(self) -> np.ndarray:
        """The 95 % intervals, (n + 1, 2): Wald's, from the standard errors."""
        return self.weights[:, np.newaxis] + Z * self.errors[:, np.newaxis] * [-1, 1]

    @property
    def odds_ratios(self) -> np.ndarray:
        """By what the odds of class 1 are multiplied for each unit more of a column, (n,)."""
        with np.errstate(over="ignore"):
            return np.exp(self.weights[:-1])


def estimates(
    X: np.ndarray, minimum: Minimum, mean: np.ndarray, deviation: np.ndarray
) -> Estimates:
    """Return the `Estimates` of a minimum without a penalty, in which each row counts once.

    The covariance of the weights is the inverse of the cost's curvature there, Aᵀ diag(p (1 - p)) A
    of A = [X, 1] (McCullagh and Nelder 1989, "Generalized linear models", section 4.4).

    Args:
        X: (m, n), scaled, no column dependent on others, see `dependent_columns`.
        minimum: of X, what `find_minimum` returned.
        mean, deviation: (n,), by which X was scaled; of a constant column, whose deviation is 0,
            the weight is 0 and the error NaN.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
    """
    if not isinstance(minimum, Minimum):
        raise TypeError(f"minimum must be what find_minimum found, got {minimum!r}")
    X = features("X", X, len(minimum.weights))
    mean, deviation = real_array("mean", mean), real_array("deviation", deviation)
    for name, values in (("mean", mean), ("deviation", deviation)):
        if values.shape != (X.shape[1],):
            raise ValueError(f"{name} must have shape {(X.shape[1],)}, got {values.shape}")
    varies = deviation != 0
    A = np.hstack([X[:, varies], np.ones((len(X), 1))])
    steep = sigmoid_derivative(X @ minimum.weights + minimum.bias)
    # By its root, of half the digits lost: columns may be nearly dependent.
    root = np.linalg.inv(np.linalg.qr(np.sqrt(steep) * A, mode="r"))
    weights, bias = unscaled(minimum.weights, minimum.bias, mean, deviation)
    back = np.diag([*1 / deviation[varies], 1])
    back[-1, :-1] = -mean[varies] / deviation[varies]
    errors = np.full(len(deviation) + 1, np.nan)
    errors[[*varies, True]] = np.linalg.norm(back @ root, axis=1)
    return Estimates(np.append(weights, bias), errors)


def dependent_columns(X):
    """Return which columns are sums of others before them, times factors, and a constant.

    Args:
        X: (m, n), each column of mean 0 and deviation 1, or 0 if it is constant.

    Returns:
        A dict: for the number of each such column those of the others, a list.

    Example:
        >>> dependent_columns(np.array([[1.0, -1.0], [-1.0, 1.0]]))
        {1: [0]}
    """
    found, independent = {}, []
    for j in range(X.shape[1]):
        if not X[:, j].any():
            continue
        others = X[:, independent]
        factors = np.linalg.lstsq(others, X[:, j])[0]
        if np.abs(X[:, j] - others @ factors).max() > 1e-9 * np.abs(X[:, j]).max():
            independent.append(j)
        else:
            found[j] = [i for i, f in zip(independent, factors, strict=True) if abs(f) > 1e-9]
    return found


def separating_columns(X, y):
    """Return the numbers of the columns that separate the two classes by themselves, a list.

    Their values of one class are all at most those of the other, as where a column is 0 for all
    of one class and more for some of the other.

    Args:
        X: (m, n).
        y: (m, 1), zeros and ones.
    """
    one = y[:, 0] == 1
    low, high = X[~one], X[one]
    apart = (low.max(axis=0) <= high.min(axis=0)) | (high.max(axis=0) <= low.min(axis=0))
    return np.flatnonzero(apart & (np.ptp(X, axis=0) > 0)).tolist()
