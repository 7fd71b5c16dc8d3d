"""How far generated samples are from real ones, in numbers, and whether that is learned."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from gan1d._checks import points, positive_int, real_array
from gan1d.functions import get_function
from gan1d.samples import AnySource, Source, scaled

N_MEASURED = 2000  # samples: at the tutorial's 100 the measures would be noise
N_BINS = 20
LEAST_FREQUENT = 0.25  # a cell is reached where fakes are that much as frequent as real samples
LEAST_DISTANCE = 1e-4  # of two real sets, scaled; it is 0 of a constant
Z = 1.959964  # of a normal distribution, 95 % lie within that many standard deviations
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
        coverage: share of the real samples' range or regions that generated samples reach; see
            `coverage`.
        curve_error: mean vertical distance of generated samples from the curve; NaN where there
            is none.
        curve_error_share: that as a share of the range of y, to compare functions by.
        energy_ratio: the energy distance in coordinates scaled to [-1, 1], as a multiple of what
            two sets of real samples are apart by at most in 9 of 10 cases. Where there is no curve
            it is the largest of that of all columns together and of each column alone: in many
            dimensions one that is wrong hardly shows among the others.
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
    def learned(self) -> bool:
        """Whether the function was learned, in reach, in shape (of a curve) and in spread.

        What this cannot see: columns that are nearly sums of others may be off by more than the
        little that the real ones are; and a part of less than a cell, some 5 % of the samples.
        """
        return not self.shortcomings()

    def shortcomings(self) -> list[str]:
        """Return in words which of the three the function was not learned in, a list."""
        found = []
        if self.coverage != 1:
            where = "range" if np.isfinite(self.curve_error) else "regions of the real samples"
            found.append(f"{1 - self.coverage:.0%} of the {where} missed")
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


def energy_distance(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
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
    # To about 1, by a power of 2, which changes no digit: their squares fit a float32 then.
    with np.errstate(all="ignore"):
        _, exponent = np.frexp(max(np.abs(x).max(), np.abs(y).max()))
    x, y = np.ldexp(x, -exponent), np.ldexp(y, -exponent)
    n, m = len(x), len(y)
    between = sum_of_distances(x, y)
    within_x = sum_of_distances(x, x) / (n * (n - 1))
    within_y = sum_of_distances(y, y) / (m * (m - 1))
    return float(np.ldexp(2 * between / (n * m) - within_x - within_y, exponent))


def energy_ratio(fake: np.ndarray, real: np.ndarray, function: Source) -> float:
    """Return the `energy_ratio` of a `Performance`, of samples (n, d) and (m, d) of a `Source`."""
    fake, real = scaled(fake, function), scaled(real, function)
    parts = parts_to_compare(function)
    distances = [energy_distance(fake[:, part], real[:, part]) for part in parts]
    return float(np.max(distances / distances_of_real(function)))


def parts_to_compare(function: Source) -> list[slice | list[int]]:
    """Return which columns are compared: all together, and without a curve each alone too."""
    n_columns = len(function.columns)
    alone = [] if function.curve() is not None or n_columns == 1 else range(n_columns)
    return [slice(None), *([i] for i in alone)]


@functools.lru_cache(16)
def distances_of_real(function: Source) -> np.ndarray:
    """Return the energy distances, scaled, that two real sets of N_MEASURED keep in 9 of 10 cases.

    One for each of the `parts_to_compare`. Of two sets of one distribution they go with 1 / n
    (Székely and Rizzo 2013), so that small sets, many of them, tell.
    """
    n, rng = 100, np.random.default_rng(0)
    parts, found = parts_to_compare(function), []
    for _ in range(400):
        one, other = (scaled(function.draw(n, rng), function) for _ in range(2))
        found.append([energy_distance(one[:, part], other[:, part]) for part in parts])
    return np.maximum(np.quantile(found, 0.9, axis=0) * n / N_MEASURED, LEAST_DISTANCE)


def sum_of_distances(x: np.ndarray, y: np.ndarray) -> float:
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


def coverage(samples: npt.ArrayLike, function: AnySource, n_bins: int = N_BINS) -> float:
    """Return the share of the parts of the real samples that `samples` reach.

    Of a curve the parts are `n_bins` equal bins of the range of x, each reached by one sample. Else
    they are the cells around `n_bins` means of real samples (k-means, scaled), those in which are
    at least half as many as in the mean of all cells; one is reached where samples are at least a
    quarter as frequent.

    Args:
        samples: (n, d), as of the function.
        function: what real samples come from, see `generate_real_samples`.
        n_bins: at least 1.

    Returns:
        A float in [0, 1]; less than 1 is the mark of mode collapse.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> coverage([[-0.5, 0.25], [0.0, 0.0]], "square")
        0.1
    """
    n_bins, function = positive_int("n_bins", n_bins), get_function(function)
    samples = points("samples", samples, len(function.columns))
    if function.curve() is not None:
        counts, _ = np.histogram(samples[:, 0], n_bins, (function.low, function.high))  # type: ignore[attr-defined]  # a `Function1D`
        return float(np.mean(counts > 0))
    means, shares = cells_of(function, n_bins)
    counts = np.bincount(nearest(scaled(samples, function), means), minlength=len(means))
    reached = counts / len(samples) >= LEAST_FREQUENT * shares
    return float(np.mean(reached[2 * len(means) * shares >= 1]))


@functools.lru_cache(16)
def cells_of(function: Source, n_cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of k-means cells of real samples, scaled, and the share that each has.

    They begin as samples far from each other (Arthur and Vassilvitskii 2007, "k-means++").
    """
    rng = np.random.default_rng(0)
    rows = scaled(function.rows[rng.permutation(len(function.rows))[:5000]], function)
    means = rows[:1]
    for _ in range(n_cells - 1):
        squares = ((rows - means[nearest(rows, means)]) ** 2).sum(axis=1)
        if not squares.any():
            break  # there are no more different ones
        means = np.append(means, rows[rng.choice(len(rows), 1, p=squares / squares.sum())], axis=0)
    for _ in range(20):
        cell = nearest(rows, means)
        # One that has lost its last sample stays where it is.
        means = [rows[cell == i].mean(axis=0) if i in cell else m for i, m in enumerate(means)]
        means = np.array(means)
    return means, np.bincount(nearest(rows, means), minlength=len(means)) / len(rows)


def nearest(samples: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Return the index of the mean nearest to each of some samples, (n,)."""
    with np.errstate(over="ignore", invalid="ignore"):  # of a model that has diverged
        return np.argmin((means * means).sum(axis=1) - 2 * samples @ means.T, axis=1)


def curve_error(samples: npt.ArrayLike, function: AnySource) -> float:
    """Return the mean vertical distance of samples from the curve.

    Args:
        samples: (n, d), as of the function.
        function: what real samples come from, see `generate_real_samples`.

    Returns:
        A float, at least 0; NaN where there is no curve. A sample outside of the function's range
        is held against f at the end that is nearest.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> curve_error([[0.0, 0.5], [0.5, 0.25]], "square")
        0.25
    """
    function = get_function(function)
    distances = function.distances(points("samples", samples, len(function.columns)))
    return float(np.mean(distances)) if len(distances) else np.nan


def share_interval(k: int, n: int, z: float = Z) -> tuple[float, float]:
    """Return the interval (low, high) in which a share is, of which k of n are a sample.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference"; at the
    default z with 95 % confidence. (0, 1) of none.

    Example:
        >>> low, high = share_interval(9, 10)
        >>> round(low, 3), round(high, 3)
        (0.596, 0.982)
    """
    if n == 0:
        return 0.0, 1.0
    share, more = k / n, z * z / n
    spread = z * math.sqrt((share * (1 - share) + more / 4) / n)
    low, high = ((share + more / 2 + sign * spread) / (1 + more) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)
