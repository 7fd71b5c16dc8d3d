"""How far generated samples are from real ones, in numbers, and whether that is learned."""

import functools
from dataclasses import dataclass, fields

import numpy as np

from gan1d._checks import points, positive_int, real_array
from gan1d.functions import Points, get_function, scaled

N_MEASURED = 2000  # samples: at the tutorial's 100 the measures would be noise
N_BINS = 20
MOST_CURVE_ERROR, MOST_ENERGY_RATIO = 0.05, 10  # of a function that was learned


@dataclass(frozen=True)
class Performance:
    """How a GAN did at one evaluation.

    Attributes:
        epoch: the tutorial's epoch, one update each, counted from 0.
        accuracy_real: share of real samples that the discriminator takes for real, in [0, 1].
        accuracy_fake: share of fake samples that it takes for fake, in [0, 1].
        energy_distance: between generated and real samples; see `energy_distance`. About 0
            where they cannot be told apart.
        coverage: share of the input range that generated samples reach; see `coverage`.
        curve_error: mean vertical distance of generated samples from the curve; NaN where there
            is none, as of `Points`.
        curve_error_share: that as a share of the range of y, to compare functions by.
        energy_ratio: the energy distance in coordinates scaled to [-1, 1], as a multiple of what
            two sets of real samples are apart by at most in 9 of 10 cases.
        score_real, score_fake: the discriminator's mean score of each, before the sigmoid. By a
            recipe that is `relative`, only their difference means something.

    Example:
        >>> Performance(1999, 0.5, 0.5, 0.001, 1.0, 0.002, 0.008, 1.5, 0.1, -0.1).learned
        True
    """

    epoch: int
    accuracy_real: float
    accuracy_fake: float
    energy_distance: float
    coverage: float
    curve_error: float
    curve_error_share: float
    energy_ratio: float
    score_real: float
    score_fake: float

    @property
    def learned(self):
        """Whether the function was learned: in reach, in shape and in spread."""
        return not self.shortcomings()

    def shortcomings(self):
        """Return in words which of the three the function was not learned in, a list."""
        found = []
        if self.coverage != 1:
            found.append(f"{1 - self.coverage:.0%} of the range is missed")
        if self.curve_error_share > MOST_CURVE_ERROR:
            found.append(
                f"the curve error is {100 * self.curve_error_share:.1f} % of the range of y, more "
                f"than {100 * MOST_CURVE_ERROR:g} %"
            )
        if not self.energy_ratio <= MOST_ENERGY_RATIO:
            ratio = f"{round(self.energy_ratio, 1):,g}"
            found.append(
                f"the energy distance, scaled, is {ratio} times that of two real sets, more than "
                f"{MOST_ENERGY_RATIO} times"
            )
        return found


MEASURES = tuple(field.name for field in fields(Performance) if field.name != "epoch")


def energy_distance(x, y):
    """Return the squared energy distance between two distributions, estimated from samples.

    2 E|X - Y| - E|X - X'| - E|Y - Y'| (Székely and Rizzo 2013, "Energy statistics"), each
    expectation a mean over all pairs of two different samples, so that the estimate is unbiased.
    It is 0 in the mean for equal distributions, and may then come out slightly negative.

    Args:
        x, y: (n, d) and (m, d), at least two samples each.

    Raises:
        TypeError: for what is no array of numbers.
        ValueError: for other shapes.

    Example:
        >>> energy_distance([[0.0], [1.0]], [[2.0], [3.0]])
        2.0
    """
    x, y = real_array("x", x), real_array("y", y)
    for name, samples in (("x", x), ("y", y)):
        if samples.ndim != 2 or len(samples) < 2 or samples.shape[1] != x.shape[1]:
            raise ValueError(
                f"{name} must hold two or more samples, shape (n, d) with one d for x and y, "
                f"got shapes {x.shape} and {y.shape}"
            )
    n, m = len(x), len(y)
    between = sum_of_distances(x, y)
    within_x = sum_of_distances(x, x) / (n * (n - 1))
    within_y = sum_of_distances(y, y) / (m * (m - 1))
    return float(2 * between / (n * m) - within_x - within_y)


@functools.lru_cache(16)
def distance_of_real(function):
    """Return the energy distance, scaled, that two real sets of N_MEASURED keep in 9 of 10 cases.

    Of two sets of one distribution it goes with 1 / n (Székely and Rizzo 2013), so that small
    sets, many of them, tell.
    """
    n, rng = 100, np.random.default_rng(0)
    draw = functools.partial(function.draw, n, rng)
    distances = [
        energy_distance(scaled(draw(), function), scaled(draw(), function)) for _ in range(400)
    ]
    return float(np.quantile(distances, 0.9)) * n / N_MEASURED


def sum_of_distances(x, y):
    """Return the sum of |a - b| over all a in x and b in y.

    It goes block by block: small arrays stay in the processor's cache, a fourth of the time.
    """
    total, block = 0.0, max(1, 32_000 // len(y))
    with np.errstate(over="ignore", invalid="ignore"):  # of a model that has diverged
        for start in range(0, len(x), block):
            offsets = (
                np.subtract.outer(a[start : start + block], b)
                for a, b in zip(x.T, y.T, strict=True)
            )
            total += np.sqrt(sum(offset * offset for offset in offsets)).sum(dtype=np.float64)
    return total


def coverage(samples, function, n_bins=N_BINS):
    """Return the share of `n_bins` equal bins of the function's range that samples reach.

    Args:
        samples: (n, 2), points (x, y).
        function: a `Function1D`, or its name.
        n_bins: at least 1.

    Returns:
        A float in [0, 1]; less than 1 is the mark of mode collapse. Of `Points`, it is a share of
        those bins that have any.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> coverage([[-0.5, 0.25], [0.0, 0.0]], "square")
        0.1
    """
    samples, n_bins = points("samples", samples), positive_int("n_bins", n_bins)
    function = get_function(function)

    def reached(samples):
        counts, _ = np.histogram(samples[:, 0], n_bins, (function.low, function.high))
        return counts > 0

    to_reach = reached(function.rows) if isinstance(function, Points) else slice(None)
    return float(np.mean(reached(samples)[to_reach]))


def curve_error(samples, function):
    """Return the mean vertical distance of samples from the curve.

    Args:
        samples: (n, 2), points (x, y).
        function: a `Function1D`, or its name.

    Returns:
        A float, at least 0; NaN of `Points`, which have no curve. A sample outside of the
        function's range is held against f at the end that is nearest.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> curve_error([[0.0, 0.5], [0.5, 0.25]], "square")
        0.25
    """
    distances = get_function(function).distances(points("samples", samples))
    return float(np.mean(distances)) if len(distances) else np.nan
