"""Step 1: select a one-dimensional function, and draw points (x, f(x)) from it."""

import numbers
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan1d._checks import positive_int, random_source


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
        ValueError: if the range is empty, infinite, or too narrow for float32, or `f` returns
            NaN, infinity or another shape somewhere on it. 1,001 evenly spaced points are tried
            here, and every point drawn later.

    Example:
        >>> root = Function1D("root", "√x", np.sqrt, low=0, high=4)
        >>> root(np.array([0.0, 4.0]))
        array([0., 2.])
    """

    name: str
    formula: str
    f: Callable[[np.ndarray], np.ndarray]
    low: float = -0.5
    high: float = 0.5

    def __post_init__(self):
        for bound in ("low", "high"):
            try:
                value = float(getattr(self, bound))
            except (TypeError, ValueError):
                raise TypeError(f"{bound} must be a number, got {getattr(self, bound)!r}") from None
            if abs(value) > float(np.finfo(np.float32).max) or np.isnan(value):
                raise ValueError(f"{bound} must be a finite float32 number, got {value}")
            object.__setattr__(self, bound, value)
        if not self.low < self.high:
            raise ValueError(f"low must be less than high, got low={self.low}, high={self.high}")
        steps = (self.high - self.low) / np.spacing(np.float32(max(-self.low, self.high)))
        if steps < 1000:
            raise ValueError(
                f"low and high must be farther apart: from {self.low:g} to {self.high:g} there are "
                f"but {steps:.0f} float32 numbers"
            )
        if not callable(self.f):
            raise TypeError(f"f must be a function of an array, got {self.f!r}")
        self(np.linspace(self.low, self.high, 1001))

    def __call__(self, x):
        """Return f(x) for x of shape (n,) as float64, checked to be finite and of x's shape."""
        y = self.values(x)
        if y.shape != x.shape:
            raise ValueError(
                f"function {self.name!r} must return the shape that it gets, "
                f"{x.shape}, but returned {y.shape}"
            )
        with np.errstate(over="ignore"):
            fits_float32 = np.isfinite(y.astype(np.float32))
        if not fits_float32.all():
            at = x[~fits_float32][0]
            raise ValueError(
                f"function {self.name!r} must be finite (in float32) on "
                f"[{self.low:g}, {self.high:g}], but is {y[~fits_float32][0]} at x = {at:g}"
            )
        return y

    def values(self, x):
        """Return f(x) as an array of float64, whatever there is outside of the range."""
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
        return y.astype(np.float64)


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
    """Return the `Function1D` of that name, or `function` itself if it is one already.

    Raises:
        ValueError: for an unknown name; the message lists the known ones.
        TypeError: for anything else.
    """
    if isinstance(function, Function1D):
        return function
    if not isinstance(function, str):
        raise TypeError(f"function must be a name or a Function1D, got {function!r}")
    if function not in FUNCTIONS:
        raise ValueError(f"function must be one of {', '.join(FUNCTIONS)}, got {function!r}")
    return FUNCTIONS[function]


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
    x = random_source(rng).uniform(function.low, function.high, n)
    return np.stack([x, function(x)], axis=1).astype(np.float32), np.ones((n, 1), np.float32)


def vertical_distances(samples, function):
    """Return |y - f(x)| of samples (n, 2), as float64.

    A sample outside the function's range at an x where f has no finite value is left out.
    """
    x, y = np.asarray(samples, np.float64).T
    with np.errstate(all="ignore"):
        distances = np.abs(y - function.values(x))
    return distances[np.isfinite(distances)]
