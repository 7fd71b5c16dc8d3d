"""Data: the notebook's sample, standardisation, and the split for testing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng, positive_int, random_source
from logreg._checks import features, labels, real_number


def sample_data(n: int = 100, *, rng: Rng = None) -> tuple[np.ndarray, np.ndarray]:
    """Draw the notebook's data: n standard normal points in the plane, class 1 where x1 + x2 > 0.

    Returns:
        X: (n, 2).
        y: (n, 1), zeros and ones.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X, y = sample_data(rng=0)
        >>> X.shape, y.shape
        ((100, 2), (100, 1))
    """
    X = random_source(rng).standard_normal((positive_int("n", n), 2))
    return X, (X.sum(axis=1, keepdims=True) > 0).astype(int)


def scaling(X):
    """Return the mean and the standard deviation of each column of X (m, n), 0 for a constant."""
    constant = (X == X[0]).all(axis=0)  # whose deviation is seldom 0 in floating-point numbers
    return X.mean(axis=0), np.where(constant, 0, X.std(axis=0))


def scaled(X, mean, deviation):
    """Return (X - mean) / deviation, 0 where the deviation is 0."""
    return np.divide(X - mean, deviation, out=np.zeros(X.shape), where=deviation != 0)


def unscaled(weights, bias, mean, deviation):
    """Return the weights (n, 1) and the bias (1, 1) that do to columns what these do when scaled.

    Example:
        >>> weights, bias = unscaled(np.array([[6.0]]), np.zeros((1, 1)), np.array([5]), 2)
        >>> weights, bias
        (array([[3.]]), array([[-15.]]))
    """
    deviation = np.reshape(deviation, (-1, 1))
    weights = np.divide(weights, deviation, out=np.zeros(weights.shape), where=deviation != 0)
    return weights, bias - mean @ weights


def standardize(X_train: npt.ArrayLike, *others: npt.ArrayLike) -> tuple[np.ndarray, ...]:
    """Shift and scale each column to mean 0 and standard deviation 1 over the training part.

    Args:
        X_train: (m, n), finite.
        others: arrays (k, n), moved by the mean and scaled by the deviation of X_train.

    Returns:
        The arrays, in the order given, and `constant`, bool (n,): the columns of X_train that
        have one value only. Those become 0 everywhere, also in the others.

    Raises:
        TypeError, ValueError: for arrays of other shapes, or not finite.

    Example:
        >>> train, test, constant = standardize([[1.0], [3.0]], [[5.0]])
        >>> train.ravel(), test.ravel(), constant
        (array([-1.,  1.]), array([3.]), array([False]))
    """
    X_train = features("X_train", X_train)
    others = [features("others", X, X_train.shape[1]) for X in others]
    mean, deviation = scaling(X_train)
    return *(scaled(X, mean, deviation) for X in (X_train, *others)), deviation == 0


def split(
    X: npt.ArrayLike, y: npt.ArrayLike, test_fraction: float = 0.25, *, rng: Rng = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Split rows at random into a training and a test part, with equal shares of the classes.

    Args:
        X: (m, n), with m at least 2.
        y: (m,) or (m, 1), zeros and ones.
        test_fraction: in (0, 1); the test part has that share of the rows, rounded, but each
            part has one row at least. Of each class it has that share, too, as nearly as whole
            rows allow.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X_train, X_test, y_train, y_test; the rows of each part in the order in which they were.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X_train, X_test, y_train, y_test = split(*sample_data(), rng=0)
        >>> len(X_train), len(X_test)
        (75, 25)
    """
    X = features("X", X)
    y = labels(y, len(X))
    test_fraction = real_number("test_fraction", test_fraction, 0, 1, open_low=True)
    if test_fraction == 1 or len(X) < 2:
        raise ValueError(
            f"test_fraction must leave a row for training and one for testing, "
            f"got {test_fraction} of {len(X)} rows"
        )
    n_test = min(max(round(test_fraction * len(X)), 1), len(X) - 1)
    order = random_source(rng).permutation(len(X))
    zeros, ones = order[y[order, 0] == 0], order[y[order, 0] == 1]
    of_zeros = round(n_test * len(zeros) / len(X))
    test = np.zeros(len(X), bool)
    test[zeros[:of_zeros]] = test[ones[: n_test - of_zeros]] = True
    return X[~test], X[test], y[~test], y[test]
