"""How good predictions are, as scikit-learn measures it: more than the share of right ones.

In all of these y is (m,) or (m, 1), of zeros and ones, m at least 1; a `TypeError` or `ValueError`
names the argument that is something else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gan1d._checks import positive_int
from gan1d.measures import Z, share_interval as share_interval
from logreg._checks import labels, one_per_row, real_array


def confusion_matrix(y: npt.ArrayLike, predictions: npt.ArrayLike) -> np.ndarray:
    """Return how many rows of each class (down) are predicted as each class (across), int (2, 2).

    Example:
        >>> confusion_matrix([0, 0, 0, 1], [0, 0, 1, 1])
        array([[2, 1],
               [0, 1]])
    """
    y, predictions = _pair(y, "predictions", predictions)
    if not np.isin(predictions, (0, 1)).all():
        raise ValueError("predictions must be 0 or 1")
    return np.bincount((2 * y + predictions).astype(int), minlength=4).reshape(2, 2)


def accuracy(y: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return the share of the rows that is predicted right."""
    return float(np.trace(confusion_matrix(y, predictions)) / len(predictions))  # type: ignore[arg-type]  # no number alone


def precision(y: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return the share of class 1 among what is predicted to be; 0 where nothing is.

    Example:
        >>> precision([0, 0, 0, 1], [0, 0, 1, 1])
        0.5
    """
    (_, false), (_, true) = confusion_matrix(y, predictions)
    return float(true / max(false + true, 1))


def recall(y: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return the share of class 1 that is predicted to be; 0 where there is none of it.

    Example:
        >>> recall([0, 0, 0, 1], [0, 0, 1, 1])
        1.0
    """
    _, (missed, true) = confusion_matrix(y, predictions)
    return float(true / max(missed + true, 1))


def roc_curve(
    y: npt.ArrayLike, probabilities: npt.ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what share of each class is predicted to be class 1, at every threshold.

    Returns:
        false_positive_rate, true_positive_rate: (k,), rising from 0 to 1.
        thresholds: (k,), falling, from infinity; a probability of at least that predicts class 1.

    Raises:
        ValueError: if y holds one class only.

    Example:
        >>> roc_curve([0, 1, 1], [0.2, 0.2, 0.9])[:2]
        (array([0., 0., 1.]), array([0. , 0.5, 1. ]))
    """
    y, probabilities = _pair(y, "probabilities", probabilities)
    if y.min() == y.max():
        raise ValueError("y must hold both classes")
    order = np.argsort(-probabilities, kind="stable")
    y, probabilities = y[order], probabilities[order]
    last = np.append(np.flatnonzero(np.diff(probabilities)), len(y) - 1)  # of each equal run
    true = np.concatenate([[0], np.cumsum(y)[last]])
    false = np.concatenate([[0], np.cumsum(1 - y)[last]])
    return false / false[-1], true / true[-1], np.concatenate([[np.inf], probabilities[last]])


def roc_auc(y: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Return the area under the ROC curve; NaN if y holds one class only.

    It is the probability that a row of class 1 is given a higher probability than one of class 0,
    equal ones counting half (Hanley and McNeil 1982).

    Example:
        >>> roc_auc([0, 1, 1], [0.2, 0.2, 0.9])
        0.75
    """
    y, probabilities = _pair(y, "probabilities", probabilities)
    if y.min() == y.max():
        return float("nan")
    false, true, _ = roc_curve(y, probabilities)
    return float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))


def roc_auc_interval(
    y: npt.ArrayLike, probabilities: npt.ArrayLike, z: float = Z
) -> tuple[float, ...]:
    """Return the interval (low, high) in which the area is, of which these rows are a sample.

    Those areas from which the one found is not more than z standard errors away, as large as they
    would be there: method 5 of Newcombe 2006, "Confidence intervals for an effect size measure
    based on the Mann-Whitney statistic. Part 2". At the default z with 95 % confidence; of few rows
    an area of 1 says little, as it should. NaN if y holds one class only.

    Example:
        >>> low, high = roc_auc_interval([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
        >>> round(low, 3), round(high, 3)
        (0.401, 0.988)
    """
    y, probabilities = _pair(y, "probabilities", probabilities)
    area, ones = roc_auc(y, probabilities), float(y.sum())
    zeros, more = len(y) - ones, len(y) / 2 - 1

    def is_too_far(a):
        variance = a * (1 - a) * (1 + more * ((1 - a) / (2 - a) + a / (1 + a))) / (zeros * ones)
        return (area - a) ** 2 > z**2 * variance

    ends = []
    for outside in (0.0, 1.0):
        inside = area
        while abs(outside - inside) > 1e-9:
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if is_too_far(middle) else (outside, middle)
        ends.append(inside)
    return tuple(ends)


def calibration_curve(
    y: npt.ArrayLike, probabilities: npt.ArrayLike, n_bins: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how often class 1 comes, where a model says how probable it is.

    Args:
        probabilities: (m,) or (m, 1), in [0, 1].
        n_bins: [0, 1] is cut into so many equal bins; those that no row falls into are left out.

    Returns:
        share, mean, count: (k,), of the rows in each bin the share of class 1, the mean
        probability, and how many there are.

    Example:
        >>> calibration_curve([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.9], n_bins=2)[0]
        array([0.33333333, 1.        ])
    """
    n_bins = positive_int("n_bins", n_bins)
    y, probabilities = _pair(y, "probabilities", probabilities)
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities must be in [0, 1]")
    bins = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], probabilities)
    count, ones, sums = (np.bincount(bins, w, n_bins) for w in (None, y, probabilities))
    filled = count > 0
    return ones[filled] / count[filled], sums[filled] / count[filled], count[filled]


def _pair(y: npt.ArrayLike, name: str, values: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return y and the values that belong to its rows, both checked, of shape (m,)."""
    y = real_array("y", y)
    if y.size == 0:
        raise ValueError(f"y must hold a row or more, got shape {y.shape}")
    y, values = labels(y, y.size), one_per_row(name, values, y.size)
    if np.isnan(values).any():
        raise ValueError(f"{name} must not be NaN")
    return y[:, 0], values[:, 0]
