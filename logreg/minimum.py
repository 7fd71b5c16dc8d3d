"""Where gradient descent is going: the minimum of the cost, by Newton's method, if there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from logreg._checks import features, labels, real_number, row_weights
from logreg.activations import sigmoid, sigmoid_derivative, softplus

EXACT = 1e-10  # a sum is 0 that is smaller than this, beside summands of size 1


@dataclass(frozen=True, eq=False)
class Minimum:
    """The lowest cost and where it is.

    Attributes:
        cost: the mean binary cross-entropy, and the penalty.
        weights: (n, 1).
        bias: (1, 1).
    """

    cost: float
    weights: np.ndarray
    bias: np.ndarray


def find_minimum(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    penalty: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
) -> Minimum | None:
    """Return the minimum of the cost that `LogisticRegressionNN` has, or None if it has none.

    Without a penalty there is none where the classes are separable: where some weighted sum of the
    columns and the bias is nowhere on the wrong side of 0, and somewhere on the right one (Albert
    and Anderson 1984). The cost then falls for ever as the weights grow along that direction.
    Newton's method finds it: as long as the weights grow, each step moves some row's weighted sum
    by about 1. None is returned only when such a direction is in hand, or when float64 can tell
    neither. With a penalty there is a minimum wherever there are both classes.

    Where columns are constant or depend on each other the minimum is a whole plane of weights; of
    these, it returns those that are 0 for a constant column, and equal for equal columns.

    Args:
        X: (m, n), finite.
        y: (m,) or (m, 1), zeros and ones.
        penalty, sample_weight: as `LogisticRegressionNN.train` takes them.

    Returns:
        A `Minimum` or None.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
        FloatingPointError: for a penalty, and an X so large that the minimum is out of reach.

    Example:
        >>> minimum = find_minimum([[0.0], [0.0], [1.0], [1.0], [1.0]], [0, 1, 0, 1, 1])
        >>> minimum.weights.round(6)  # the odds of class 1 are 1 at 0 and 2 at 1
        array([[0.693147]])
        >>> find_minimum([[0.0], [1.0]], [0, 1]) is None
        True
    """
    X = features("X", X)
    y = labels(y, len(X))
    penalty = real_number("penalty", penalty, 0, math.inf)
    weight = row_weights(sample_weight, len(X))
    counted = weight[:, 0] > 0
    X, y, weight = X[counted], y[counted], weight[counted]
    if y.min() == y.max():
        return None  # the bias alone tells the classes apart
    total, sign = weight.sum(), np.where(y == 1, 1, -1)
    share = weight / total

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        minimum = newton(X, y, share, sign, penalty / total)
    if minimum is None and penalty:
        raise FloatingPointError(
            "X is too large, or penalty too small, for float64 to reach the minimum"
        )
    return minimum


def newton(X, y, share, sign, penalty):
    """Return the `Minimum`, by Newton's method with halved steps, or None.

    Args:
        share, sign: (m, 1), of each row: its part of all weights, and +1 for class 1, or -1.
        penalty: divided by the sum of all weights, as it stands beside a mean.
    """
    centre, scale, A, back = coordinates(X, penalty)
    ridge = np.zeros((A.shape[1], 1))
    ridge[:-1] = (math.sqrt(penalty) / scale[0]) ** 2
    w, moved_before = np.zeros((A.shape[1], 1)), np.inf

    def cost(w):
        return np.sum(share * softplus(-sign * (A @ w))) + np.sum(ridge * w**2) / 2

    for _ in range(100):
        z = A @ w
        gradient = A.T @ (share * (sigmoid(z) - y)) + ridge * w
        curvature = A.T @ (share * sigmoid_derivative(z) * A) + np.diag(ridge[:, 0])
        try:
            step = np.linalg.solve(curvature, -gradient)
        except np.linalg.LinAlgError:
            return None
        moved = np.abs(A @ step).max()
        if not np.isfinite(moved):
            return None
        # What is left after so small a step is its square; or only rounding is.
        if moved < 1e-8 or moved_before <= moved < 1e-4:
            w = w + step
            weights = back @ w[:-1] / scale[:, np.newaxis]
            return Minimum(float(cost(w)), weights, w[-1:] - centre @ weights)
        if not penalty and (separates(A, sign, w) or separates(A, sign, step)):
            return None
        if moved > 1e-3:  # below, a full step is right, and the costs too near to compare
            before_step = cost(w)
            while cost(w + step) > before_step + 1e-4 * (gradient * step).sum():
                step = step / 2
        w, moved_before = w + step, moved
    return None


def coordinates(X, penalty):
    """Return X centred, scaled and turned so that no two columns depend on each other.

    Returns:
        centre, scale: (n,).
        A: (m, r + 1), r coordinates of the rows, and a last one of 1 for the bias.
        back: (n, r); back @ w / scale are the weights of X's columns that do what w does in A.
    """
    constant = (X == X[0]).all(axis=0)
    largest = np.where(constant, np.finfo(float).tiny, np.abs(X).max(axis=0))
    if penalty:
        largest[:] = largest.max()  # a scale for each column would be a penalty for each
    largest = np.where(largest > np.finfo(float).tiny, largest, 1)
    X = X / largest
    mean = X.mean(axis=0)
    X = np.where(constant, 0, X - mean)
    spread = np.ones(len(mean)) if penalty else np.where(constant, 1, np.abs(X).max(axis=0))
    U, S, Vt = np.linalg.svd(X / spread, full_matrices=False)
    rank = np.sum(S > (0 if penalty else S[0] * max(X.shape) * np.finfo(float).eps))
    U, S, Vt = U[:, :rank], S[:rank], Vt[:rank]
    if penalty:
        rows, back = U * S, Vt.T
    else:
        rows, back = U * math.sqrt(len(X)), Vt.T * (math.sqrt(len(X)) / S)
    return mean * largest, largest * spread, np.hstack([rows, np.ones((len(X), 1))]), back


def separates(A, sign, direction):
    """Return whether A @ direction has no row's sign wrong, and some right."""
    if not direction.any():
        return False
    right = sign * (A @ direction) / (np.abs(A) @ np.abs(direction)).max()
    if right.min() > 1e-13:
        return True
    # Rows on the boundary are 0 there, which floating-point numbers seldom are: look for a
    # direction near this one in which they are, and the others still right.
    boundary = np.abs(right[:, 0]) < 1e-6 * right.max()
    if not boundary.any() or right[~boundary].min(initial=1) <= 0 or boundary.all():
        return False
    off = np.linalg.lstsq(A[boundary], A[boundary] @ direction, rcond=EXACT / 10)[0]
    nearby = sign * (A @ (direction - off))
    return bool(
        np.abs(nearby[boundary]).max() < EXACT * nearby.max() and nearby[~boundary].min() > 0
    )


def way_to_minimum(X, minimum, *, penalty=0.0, sample_weight=None):
    """Return a learning rate and a number of epochs that bring descent near to the minimum.

    Descent at 1 / L, L the largest curvature that the cost has anywhere, never overshoots; near
    the minimum each epoch takes the share 1 / (L / l) off what is left, l the smallest curvature
    there (Nesterov 2004, section 2.1.5). The epochs are those after which 1e-5 of it is left.

    Args:
        X, penalty, sample_weight: as for `find_minimum`.
        minimum: what it returned; where that is None the epochs are 1000, which lead nowhere.
    """
    weight = row_weights(sample_weight, len(X))
    total = weight.sum()
    A = np.sqrt(weight / total) * np.hstack([X, np.ones((len(X), 1))])
    ridge = np.diag([penalty / total] * X.shape[1] + [0])  # the bias is not penalised
    everywhere = np.linalg.eigvalsh(A.T @ A / 4 + ridge)
    if minimum is None:
        return 1 / everywhere[-1], 1000
    steep = sigmoid_derivative(X @ minimum.weights + minimum.bias)
    at_minimum = np.linalg.eigvalsh(A.T @ (steep * A) + ridge)
    # Along columns that are constant or depend on each other there may be no curvature, nor need.
    smallest = at_minimum[at_minimum > at_minimum[-1] * 1e-12][0]
    return 1 / everywhere[-1], math.ceil(math.log(1e5) * everywhere[-1] / smallest)
