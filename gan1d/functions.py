"""Step 1: select a one-dimensional function, and draw points (x, f(x)) from it."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gan1d._checks import Random, Rng, column_names, fits_float32, positive_int, random_source
from gan1d.samples import AnySource, Points, Sampler, Source, check_range, set_attributes, takes_rng

GRID = 1001  # points on which a function is looked at


@dataclass(frozen=True)
class Function1D(Source):
    """A function y = f(x) on the range low <= x <= high.

    One that returns something else for the same x is noisy: there is no curve to hold samples
    against. If it has a parameter `rng`, it is given what to draw its noise from, and only then the
    seed of a training decides what is drawn.

    Args:
        name: what it is called, in messages and on figures.
        formula: how it is written, for example "x²".
        f: takes an array x of shape (n,) and returns y of the same shape.
        low, high: the finite range of x that points are drawn from.
        given: ("x",) for a generator that is given x, and makes y for it.

    Raises:
        TypeError: if `f` cannot be called on an array, or returns other things than numbers.
        ValueError: if the range of x is empty, infinite or too narrow for float32, or that of y
            too narrow (it may be empty), or `f` returns NaN, infinity or another shape somewhere.
            1,001 evenly spaced points are tried here, and every point drawn later.

    Attributes:
        noisy: whether there is no curve. The others are those of a `Source`.

    Example:
        >>> root = Function1D("root", "√x", np.sqrt, low=0, high=4)
        >>> root(np.array([0.0, 4.0]))
        array([0., 2.])
        >>> root.centre, root.half_range
        (array([2., 1.]), array([2., 1.]))
    """

    name: str
    formula: str
    f: Callable[..., np.ndarray] = field(hash=False)  # not every callable has one
    low: float = -0.5
    high: float = 0.5
    given: Sequence[str] = ()
    noisy: bool = field(init=False, repr=False, compare=False)

    columns = ("x", "y")

    def __post_init__(self):
        for bound in ("low", "high"):
            try:
                value = float(getattr(self, bound))
            except (TypeError, ValueError):
                raise TypeError(f"{bound} must be a number, got {getattr(self, bound)!r}") from None
            if not fits_float32(value):
                raise ValueError(f"{bound} must be a finite float32 number, got {value}")
            object.__setattr__(self, bound, value)
        if not self.low < self.high:
            raise ValueError(f"low must be less than high, got low={self.low}, high={self.high}")
        check_range("low and high", "x", self.low, self.high)
        if not callable(self.f):
            raise TypeError(f"f must be a function of an array, got {self.f!r}")
        given = column_names("given", self.given, known=("x",))
        x = np.linspace(self.low, self.high, GRID)
        y, other = (self(x, np.random.default_rng(seed)) for seed in (0, 1))
        noisy = not np.array_equal(y, other)
        rows = np.stack([x, y], axis=1)
        least, most = rows.min(axis=0) / 2, rows.max(axis=0) / 2  # their sum fits a float
        half_range = most - least
        if half_range[1] == 0:
            half_range[1] = 1
        else:
            check_range("low and high", "y", 2 * least[1], 2 * most[1])
        set_attributes(self, rows=rows, centre=most + least, half_range=half_range, given=given)
        set_attributes(self, noisy=noisy, reproducible=not noisy or takes_rng(self.f))

    def curve(self) -> np.ndarray | None:
        """Return the curve as points (1001, 2), evenly spaced in x; None of a noisy function."""
        return None if self.noisy else self.rows

    def draw(self, n: int, rng: Random) -> np.ndarray:
        """Draw n points, x uniform over the range: (n, 2)."""
        x = rng.uniform(self.low, self.high, n)
        return np.stack([x, self(x, rng)], axis=1)

    def distances(self, samples: npt.ArrayLike) -> np.ndarray:
        """Return `|y - f(x)|` of samples (n, 2); outside of the range, f's value at its end."""
        if self.noisy:
            return np.empty(0)
        x, y = np.asarray(samples, np.float64).T
        return np.abs(y - self(np.clip(x, self.low, self.high)))

    def __call__(self, x: np.ndarray, rng: Rng = None) -> np.ndarray:
        """Return f(x) for x of shape (n,) as float64, checked to be finite and of x's shape."""
        options = {"rng": random_source(rng)} if takes_rng(self.f) else {}
        try:
            with np.errstate(all="ignore"):
                y = self.f(np.array(x), **options)  # a copy, in which f may work
                y = np.ma.filled(y * 1.0, np.nan) if np.ma.is_masked(y) else np.asarray(y)
        except (TypeError, ValueError) as error:
            raise TypeError(f"function {self.name!r} must take an array of x: {error}") from error
        are_numbers = y.dtype.kind in "iuf" or (
            y.dtype.kind == "O" and all(isinstance(value, numbers.Real) for value in y.flat)
        )
        if not are_numbers:
            raise TypeError(f"function {self.name!r} must return numbers, got {y!r}")
        y = y.astype(np.float64)
        if y.shape != x.shape:
            raise ValueError(
                f"function {self.name!r} must return the shape that it gets, "
                f"{x.shape}, but returned {y.shape}"
            )
        fits = fits_float32(y)
        if not fits.all():
            at = x[~fits][0]
            raise ValueError(
                f"function {self.name!r} must be finite (in float32) on "
                f"[{self.low:g}, {self.high:g}], but is {y[~fits][0]} at x = {at:g}"
            )
        return y


# Functions by `def`, that they can be sent to other processes.
def cube(x):
    return x**3


def sine(x):
    return np.sin(2 * np.pi * x)


def cosine(x):
    return np.cos(3 * np.pi * x)


SQUARE = Function1D("square", "x²", np.square)

FUNCTIONS = {
    function.name: function
    for function in (
        SQUARE,
        Function1D("cube", "x³", cube),
        Function1D("sine", "sin 2πx", sine),
        Function1D("absolute", "|x|", np.abs),
        Function1D("cosine", "cos 3πx", cosine),
    )
}


def get_function(function: Any) -> Source:
    """Return what real samples come from, of all that stands where a function does.

    Args:
        function: a `Function1D` or its name, `Points`, a `Sampler`, or any `Source`, returned as
            they are; a function `n -> (n, d)`, or what has it as `draw`, as a `Sampler`; a data
            frame or an array, as `Points`.
    """
    if isinstance(function, Source):
        return function
    if callable(getattr(function, "draw", None)):
        function = function.draw
    if callable(function):
        return Sampler(function)
    if isinstance(function, (np.ndarray, list)) or hasattr(function, "to_numpy"):
        try:
            return Points(function)
        except (TypeError, ValueError) as error:
            raise type(error)(f"function, as rows of samples: {error}") from None
    if not isinstance(function, str):
        raise TypeError(
            "function must be a name, a Function1D, a function that draws n samples, or rows of "
            f"numbers, got {function!r}"
        )
    if function not in FUNCTIONS:
        raise ValueError(
            f"function must be one of {', '.join(FUNCTIONS)}, got {function!r} (a table in a file "
            "is read by load_points)"
        )
    return FUNCTIONS[function]


def scale_to(name, n, function, fourier=False):
    """Return the function that a network of n inputs or outputs is to be scaled to, or None."""
    if function is None:
        if fourier:
            raise ValueError("function must be given with fourier: waves are of its scale")
        return None
    function = get_function(function)
    if n != len(function.columns):
        raise ValueError(
            f"{name} must be {len(function.columns)}, for {', '.join(function.columns)}, with that "
            f"function, got {n}"
        )
    return function


def on_range(f, low=None, high=None, *, given=(), name=None):
    """Return what real samples come from: see `get_function`.

    With `low` and `high`, which only a function of x has, `f` is one on that range.
    """
    if low is not None or high is not None:
        if not callable(f) or isinstance(f, Source):
            raise TypeError(f"low and high must not be given with {f!r}")
        for bound, value in (("low", low), ("high", high)):
            if value is None:
                raise TypeError(f"{bound} must be given: the range of x is from low to high")
        if name is None:
            name = getattr(f, "__name__", type(f).__name__)
            name = "f" if name == "<lambda>" else name
        f = Function1D(name, f"{name}(x)", f, low, high)
    function = get_function(f)
    return replace(function, given=given) if len(given) else function


def generate_real_samples(
    n: int, *, function: AnySource = SQUARE, rng: Rng = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n points of the function, x uniform over its range; or n samples of another source.

    Args:
        n: how many, at least 1.
        function: a `Function1D`, the name of one in `FUNCTIONS`, or whatever else samples come
            from: rows of numbers, such as a table's (see `Points`), or a function of one's own that
            draws n of them (see `Sampler`).
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X: float32 (n, 2), the columns x and f(x); (n, d) of other sources.
        y: float32 (n, 1), the label 1 for each: real.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X, y = generate_real_samples(100, rng=0)
        >>> X.shape, y.shape, bool(np.allclose(X[:, 1], X[:, 0] ** 2))
        ((100, 2), (100, 1), True)
    """
    n = positive_int("n", n)
    function = get_function(function)
    X = function.draw(n, random_source(rng))
    return X.astype(np.float32), np.ones((n, 1), np.float32)
