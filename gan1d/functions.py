"""Step 1: select a one-dimensional function, and draw points (x, f(x)) from it."""

import numbers
import types
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gan1d._checks import by_name, fits_float32, points, positive_int, random_source

GRID = 1001  # points on which a function is looked at


@dataclass(frozen=True)
class Function1D:
    """A function y = f(x) on the range low <= x <= high.

    Args:
        name: what it is called, in messages and on figures.
        formula: how it is written, for example "x²".
        f: takes an array x of shape (n,) and returns y of the same shape.
        low, high: the finite range of x that points are drawn from.

    Raises:
        TypeError: if `f` cannot be called on an array, or returns other things than numbers.
        ValueError: if the range of x is empty, infinite or too narrow for float32, or that of y
            too narrow (it may be empty), or `f` returns NaN, infinity or another shape somewhere.
            1,001 evenly spaced points are tried here, and every point drawn later.

    Attributes:
        centre, half_range: (2,), the middle of the range of x and of that of y, and the half of
            their widths (1 for a y that is constant): (samples - centre) / half_range are the
            samples in coordinates scaled to [-1, 1].

    Example:
        >>> root = Function1D("root", "√x", np.sqrt, low=0, high=4)
        >>> root(np.array([0.0, 4.0]))
        array([0., 2.])
        >>> root.centre, root.half_range
        (array([2., 1.]), array([2., 1.]))
    """

    name: str
    formula: str
    f: Callable[[np.ndarray], np.ndarray] = field(hash=False)  # not every callable has one
    low: float = -0.5
    high: float = 0.5
    centre: np.ndarray = field(init=False, repr=False, compare=False)
    half_range: np.ndarray = field(init=False, repr=False, compare=False)

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
        set_scale(self, self.curve(), "low and high")

    def curve(self):
        """Return the curve as points (1001, 2), evenly spaced in x."""
        x = np.linspace(self.low, self.high, GRID)
        return np.stack([x, self(x)], axis=1)

    def draw(self, n, rng):
        """Draw n points, x uniform over the range: (n, 2)."""
        x = rng.uniform(self.low, self.high, n)
        return np.stack([x, self(x)], axis=1)

    def distances(self, samples):
        """Return |y - f(x)| of samples (n, 2); outside of the range, f's value at its end."""
        x, y = np.asarray(samples, np.float64).T
        return np.abs(y - self(np.clip(x, self.low, self.high)))

    def __call__(self, x):
        """Return f(x) for x of shape (n,) as float64, checked to be finite and of x's shape."""
        try:
            with np.errstate(all="ignore"):
                y = np.asarray(self.f(np.array(x)))  # a copy, in which f may work
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


class Points:
    """Points (x, y) of an unknown function: real samples are drawn from them.

    It stands wherever a `Function1D` does. There is no curve to hold samples against.

    Args:
        name: what they are called, in messages and on figures.
        rows: (n, 2), two or more different points.

    Raises:
        TypeError, ValueError: for what is no such array, or not finite in float32.

    Attributes:
        low, high: the range of x.
        centre, half_range: as of a `Function1D`.

    Example:
        >>> Points("three", [[0, 1], [1, 2], [2, 5]]).centre
        array([1., 3.])
    """

    def __init__(self, name, rows):
        rows = points("rows", rows).astype(np.float64)
        if not fits_float32(rows).all():
            raise ValueError("rows must be finite (in float32)")
        self.name = self.formula = name
        self.rows = rows
        self.low, self.high = rows[:, 0].min().item(), rows[:, 0].max().item()
        if self.low == self.high:
            raise ValueError(f"rows must have more than one x, got {self.low:g}")
        check_range("rows", "x", self.low, self.high)
        set_scale(self, rows, "rows")

    def __repr__(self):
        return f"Points({self.name!r})"

    def curve(self):
        """Return the points, in the order of x: (n, 2)."""
        return self.rows[np.argsort(self.rows[:, 0])]

    def draw(self, n, rng):
        """Draw n of the points, with replacement: (n, 2)."""
        return self.rows[rng.choice(len(self.rows), n)]

    def distances(self, samples):
        """Return no distances: there is no curve."""
        return np.empty(0)


def check_range(argument, name, low, high):
    """Raise unless there are enough float32 numbers between the lowest and the highest x or y."""
    steps = (high - low) / np.spacing(np.float32(max(-low, high)))
    if steps < 1000:
        raise ValueError(
            f"{argument} must be farther apart: from {name} = {low:g} to {high:g} there are but "
            f"{steps:.0f} float32 numbers"
        )


def set_scale(function, samples, argument):
    """Set the `centre` and `half_range` of a function from its samples (n, 2)."""
    least, most = samples.min(axis=0) / 2, samples.max(axis=0) / 2  # their sum fits a float
    half_range = most - least
    if half_range[1] == 0:
        half_range[1] = 1
    else:
        check_range(argument, "y", 2 * least[1], 2 * most[1])
    object.__setattr__(function, "centre", most + least)
    object.__setattr__(function, "half_range", half_range)


def scaled(samples, function):
    """Return samples (n, 2) in coordinates in which the function fills [-1, 1] on both axes."""
    return (samples - function.centre) / function.half_range


def unscaled(samples, function):
    """Return samples (n, 2) of those coordinates in the function's own."""
    return samples * function.half_range + function.centre


SQUARE = Function1D("square", "x²", lambda x: x * x)

FUNCTIONS = {
    function.name: function
    for function in (
        SQUARE,
        Function1D("cube", "x³", lambda x: x**3),
        Function1D("sine", "sin 2πx", lambda x: np.sin(2 * np.pi * x)),
        Function1D("absolute", "|x|", np.abs),
        Function1D("cosine", "cos 3πx", lambda x: np.cos(3 * np.pi * x)),
    )
}


def get_function(function):
    """Return the function of that name, or `function` itself, a `Function1D` or `Points`."""
    return by_name("function", function, FUNCTIONS, (Function1D, Points))


def scale_to(name, n, function):
    """Return the function that a network of n inputs or outputs is to be scaled to, or None."""
    if function is None:
        return None
    if n != 2:
        raise ValueError(f"{name} must be 2, for (x, y), with a function, got {n}")
    return get_function(function)


def on_range(f, low, high, name):
    """Return a callable as a `Function1D` on the range from low to high, under a name.

    What has a range already, a `Function1D`, its name, or `Points`, is returned as it is; then
    neither of the two may be given.
    """
    if callable(f) and not isinstance(f, Function1D):
        for bound, value in (("low", low), ("high", high)):
            if value is None:
                raise TypeError(f"{bound} must be given: the range of x is from low to high")
        return Function1D(name, f"{name}(x)", f, low, high)
    # A function was taken above: it is among the kinds for the message.
    found = by_name("f", f, FUNCTIONS, (types.FunctionType, Function1D, Points))
    if low is not None or high is not None:
        raise TypeError(f"low and high must not be given with {f!r}, which has them")
    return found


def generate_real_samples(n, *, function=SQUARE, rng=None):
    """Draw n points of the function, x uniform over its range.

    Args:
        n: how many points, at least 1.
        function: a `Function1D`, or the name of one in `FUNCTIONS`.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X: float32 (n, 2), the columns x and f(x).
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
