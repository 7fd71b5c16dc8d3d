"""What real samples come from: the rows of a table, or a function of one's own that draws them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gan1d._checks import Random, column_names, fits_float32, real_array

LARGEST = 1e30  # of a sample, and one by it the least range: float32 has room for what is computed
N_ROWS = 10_000  # drawn from a `Sampler` once, to look at
OF_X = "(A function of x has a range: learn(f, low, high), or a Function1D; --low and --high.)"


class Source:
    """What real samples come from, each of d numbers; derived are `Function1D` and those below.

    Attributes:
        name, formula: what it is called, in messages and on figures.
        columns: the names of the d numbers, a tuple.
        given: those of them, the first ones, that the generator is given, to make the others for.
        rows: (m, d), samples that it is known by.
        centre, half_range: (d,), what the networks are scaled by: (samples - centre) / half_range
            is about [-1, 1]. Of a curve the middle and the half of its ranges, else the mean and
            two standard deviations (1 for what is constant).
        reproducible: whether the same `rng` draws the same samples.
    """

    name: str
    formula: str
    columns: Sequence[str]
    given: Sequence[str]
    rows: np.ndarray
    centre: np.ndarray
    half_range: np.ndarray
    reproducible = True

    def draw(self, n: int, rng: Random) -> np.ndarray:
        """Draw n samples: (n, d)."""
        raise NotImplementedError

    def draw_given(self, n: int, rng: Random) -> np.ndarray:
        """Draw n samples of the given columns alone: (n, len(given)), of none without a draw."""
        return self.draw(n, rng)[:, : len(self.given)] if self.given else np.empty((n, 0))

    def curve(self) -> np.ndarray | None:
        """Return the curve as points (m, 2), in the order of x; None where there is none."""
        return None

    def distances(self, samples: npt.ArrayLike) -> np.ndarray:
        """Return how far samples (n, 2) are from the curve, (n,); of none where there is none."""
        return np.empty(0)


AnySource = Source | str | Callable[..., npt.ArrayLike] | npt.ArrayLike  # see `get_function`
Latent = Callable[[int, int, Random], npt.ArrayLike]  # what draws from a latent space


@dataclass(frozen=True, eq=False)
class Points(Source):
    """Rows of numbers, from which real samples are drawn; it stands wherever a function does.

    Args:
        rows: (n, d), two or more different samples; or a `pandas.DataFrame`, of which columns that
            are not numbers, and rows with a gap, are left out.
        name: what they are called, in messages and on figures.
        columns: the names of the d numbers; None for those of the data frame, or x, y, z.
        given: names of columns that the generator is given, to make the others for; they come
            first in the samples.

    Raises:
        TypeError, ValueError: for what is no such array, or not finite in float32.

    Attributes:
        left_out: what of a data frame was not taken, in words, a tuple. The others are those of a
            `Source`.

    Example:
        >>> points = Points([[0, 1], [1, 2], [2, 6]])
        >>> points.columns, points.centre
        (('x', 'y'), array([1., 3.]))
    """

    # Any: more is taken than what is kept, which is as `Source` has it.
    rows: Any = field(repr=False)
    name: str = "points"
    columns: Any = None
    given: Sequence[str] = ()
    left_out: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self):
        rows, columns, left_out = self.rows, self.columns, self.left_out
        if hasattr(rows, "select_dtypes"):  # a data frame
            if columns is not None:  # what is given is one of them
                columns = (column_names("given", self.given), column_names("columns", columns))
                columns = dict.fromkeys([*columns[0], *columns[1]])
            rows, columns, left_out = numbers_of(rows, columns)
        rows = real_array("rows", rows).astype(np.float64)
        if rows.ndim == 1:
            rows = rows[:, np.newaxis]
        if rows.ndim != 2 or not rows.size or not np.ptp(rows, axis=0).any():
            raise ValueError(
                f"rows must hold two or more different samples, shape (n, d), got {rows.shape}"
            )
        set_attributes(self, left_out=left_out, formula=self.name.replace("$", r"\$"))
        describe_rows(self, rows, columns, "rows")

    def draw(self, n: int, rng: Random) -> np.ndarray:
        """Draw n of the rows, with replacement: (n, d)."""
        return self.rows[rng.choice(len(self.rows), n)]


@dataclass(frozen=True)
class Sampler(Source):
    """A function of one's own that draws real samples; it stands wherever a function does.

    Args:
        f: `f(n)` returns n samples, (n, d), or (n,) of one number each; or a tuple that begins
            with them, as `generate_real_samples` does. If it has a parameter `rng`, it is given
            what to draw from, and only then the seed of a training decides what is drawn; one that
            draws from NumPy's global state is reproducible by `keras.utils.set_random_seed`.
        name: what it is called, in messages and on figures; None for that of f.
        columns, given: as of `Points`.

    Raises:
        TypeError, ValueError: for what is no such function. 10,000 samples are drawn here.

    Example:
        >>> def ring(n, rng):
        ...     angle = rng.uniform(0, 2 * np.pi, n)
        ...     return np.stack([np.cos(angle), np.sin(angle)], axis=1)
        >>> Sampler(ring).columns
        ('x', 'y')
    """

    f: Callable[..., npt.ArrayLike] = field(hash=False)  # not every callable has one
    name: Any = None  # as in `Points`
    columns: Any = None
    given: Sequence[str] = ()
    order: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        if not callable(self.f):
            raise TypeError(f"f must be a function that draws n samples, got {self.f!r}")
        name = self.name or getattr(self.f, "__name__", type(self.f).__name__)
        reproducible = takes_rng(self.f)
        set_attributes(self, name=name, formula=name, reproducible=reproducible, order=slice(None))
        rows = self.draw(N_ROWS, np.random.default_rng(0))
        describe_rows(self, rows, self.columns, f"what function {name!r} returns")

    def draw(self, n: int, rng: Random) -> np.ndarray:
        """Draw n samples: (n, d)."""
        try:
            samples = self.f(n, rng=rng) if self.reproducible else self.f(n)
        except (TypeError, AttributeError) as error:
            raise TypeError(
                f"function {self.name!r} must take n, how many samples to draw: {error}. {OF_X}"
            ) from error
        if isinstance(samples, tuple):  # with labels
            samples = samples[0]
        samples = real_array(f"what function {self.name!r} returns", samples).astype(np.float64)
        if samples.ndim == 1:
            samples = samples[:, np.newaxis]
        if samples.ndim != 2 or len(samples) != n or not samples.shape[1]:
            raise ValueError(
                f"function {self.name!r} must return n samples, shape (n, d), of n = {n:,}, but "
                f"returned shape {samples.shape}. {OF_X}"
            )
        if not fits_float32(samples).all():
            raise ValueError(f"function {self.name!r} must return what is finite (in float32)")
        return samples[:, self.order]


def takes_rng(f):
    """Return whether a function has a parameter `rng`."""
    try:
        return "rng" in inspect.signature(f).parameters
    except (TypeError, ValueError):  # of some built-in ones it is not known
        return False


def numbers_of(frame, columns):
    """Return those columns of a data frame, or all of numbers, as an array, and what is left out.

    Returns:
        The array (n, d), the names of its columns, and what was left out, in words.
    """
    named = {str(name): frame[name] for name in frame.columns}
    of_numbers = frame.select_dtypes(["number", "bool"]).dropna(axis=1, how="all")
    numeric = {str(name) for name in of_numbers.columns}
    index = {name for name in numeric if is_index(name, named[name])}
    if columns is None:
        columns = [name for name in named if name in numeric - index]
    columns = column_names("columns", columns, known=named)
    for name in columns:
        if name not in numeric:
            raise ValueError(f"columns must be of numbers, but {name!r} has {named[name].iloc[0]}")
    if not columns:
        raise ValueError(f"rows must have a column of numbers, but has {', '.join(named)}")
    rows = np.stack([named[name].to_numpy(np.float64, na_value=np.nan) for name in columns], axis=1)
    whole = np.isfinite(rows).all(axis=1)
    left_out = [
        f"{name or 'the unnamed column'} (an index)" for name in named if name in index - {*columns}
    ]
    left_out += [f"{name} (no numbers)" for name in named if name not in numeric]
    if not whole.all():
        left_out.append(f"{np.sum(~whole):,} of {len(rows):,} rows, which have a gap")
    return rows[whole], columns, tuple(left_out)


def is_index(name, values):
    """Return whether a column only counts the rows: an id or index, of one number after another."""
    values = values.to_numpy(np.float64, na_value=np.nan)
    is_named_so = re.fullmatch(r"(Unnamed: \d+|.*[ _.-])?(id|index)?", name, re.IGNORECASE)
    return bool(is_named_so) and len(values) > 1 and bool(np.all(np.diff(values) == 1))


def describe_rows(source, rows, columns, argument):
    """Set what a source is known by: its columns in order, the rows, and their scale."""
    if not fits_float32(rows).all():
        raise ValueError(f"{argument} must be finite (in float32)")
    n_columns = rows.shape[1]
    columns = names_of(n_columns, columns)
    given = column_names("given", source.given, known=columns)
    if len(given) == n_columns:
        raise ValueError("given must leave a column to be made")
    order = [columns.index(name) for name in given]
    order += [i for i in range(n_columns) if i not in order]
    rows, columns = rows[:, order], tuple(columns[i] for i in order)
    for name, values in zip(columns, rows.T, strict=True):
        if values.min() < values.max():
            check_range(argument, name, values.min(), values.max())
    half_range = 2 * rows.std(axis=0)
    half_range[np.ptp(rows, axis=0) == 0] = 1
    known = {"rows": rows, "columns": columns, "given": given}
    set_attributes(source, **known, centre=rows.mean(axis=0), half_range=half_range)
    if isinstance(source, Sampler):
        set_attributes(source, order=order)


def names_of(n_columns, columns=None):
    """Return the names of so many columns, a tuple: those that are given, or x, y and z."""
    if columns is None:
        columns = "xyz"[:n_columns] if n_columns < 4 else [f"x{i + 1}" for i in range(n_columns)]
        columns = tuple(columns)
    columns = column_names("columns", columns)
    if len(columns) != n_columns:
        raise ValueError(f"columns must be {n_columns} names, got {columns!r}")
    return columns


def set_attributes(source, **values):
    """Set attributes of a frozen source as it is made."""
    for name, value in values.items():
        object.__setattr__(source, name, value)


def check_range(argument, name, low, high):
    """Raise unless float32 has room for the range from the lowest to the highest value, and more.

    There must be enough numbers between them, and room for what networks compute from them.
    """
    if max(-low, high) > LARGEST or high - low < 1 / LARGEST:
        raise ValueError(
            f"{argument} must be at most {LARGEST:g} and {1 / LARGEST:g} apart or more, got "
            f"{name} from {low:g} to {high:g}"
        )
    steps = (high / 2 - low / 2) / np.spacing(np.float32(max(-low, high))) * 2
    if steps < 1000:
        raise ValueError(
            f"{argument} must be farther apart: from {name} = {low:g} to {high:g} there are but "
            f"{steps:.0f} float32 numbers"
        )


def scaled(samples, source):
    """Return samples (n, d) in coordinates in which the source fills about [-1, 1]."""
    return (samples - source.centre) / source.half_range


def unscaled(samples, source):
    """Return samples (n, d) of those coordinates in the source's own."""
    return samples * source.half_range + source.centre
