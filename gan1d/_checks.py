"""What every public function does first: check its arguments."""

from __future__ import annotations

import numbers
import os
import pathlib
import reprlib
from typing import Literal

import numpy as np
import numpy.typing as npt

LARGEST = 2**31 - 1  # number of updates, samples or units: what an int32 holds

# What public functions take.
Random = np.random.Generator | np.random.RandomState
Rng = int | Random | None
File = str | os.PathLike[str]
Verbose = int | Literal["auto"]


def positive_int(name, value, minimum=1):
    """Return `value` as an int; a TypeError or ValueError names the argument `name`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")
    if value > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST}, got {value}")
    return int(value)


def layer_sizes(name, hidden):
    """Return the units of hidden layers as a tuple of ints, one or more."""
    if isinstance(hidden, (str, bytes)) or not np.iterable(hidden):
        raise TypeError(f"{name} must be units such as (25, 25), a layer each, got {hidden!r}")
    sizes = tuple(positive_int(f"each of {name}", units) for units in hidden)
    if not sizes:
        raise ValueError(f"{name} must have a layer at least")
    return sizes


def column_names(name, columns, known=None):
    """Return names of columns as a tuple, each another, and one of the known if these are given."""
    if isinstance(columns, bytes) or not np.iterable(columns):
        raise TypeError(f"{name} must be names of columns, got {columns!r}")
    # A string is the name of one.
    columns = (columns,) if isinstance(columns, str) else tuple(map(str, columns))
    if len({*columns}) < len(columns):
        raise ValueError(f"{name} must differ from each other, got {columns!r}")
    for column in columns if known is not None else ():
        if column not in known:
            raise ValueError(f"{name} must be of {', '.join(known)}, got {column!r}")
    return columns


def by_name(argument, value, known, kinds):
    """Return what has that name among the `known`, or `value` itself if it is of the `kinds`."""
    if isinstance(value, kinds):
        return value
    if not isinstance(value, str):
        others = " or ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"{argument} must be a name or a {others}, got {value!r}")
    if value not in known:
        raise ValueError(f"{argument} must be one of {', '.join(known)}, got {value!r}")
    return known[value]


def random_source(rng: Rng) -> Random:
    """Return what to draw from: an object with NumPy's functions, such as `standard_normal`.

    None means NumPy's global state (`numpy.random` itself has those functions), so that
    `keras.utils.set_random_seed` alone makes everything reproducible. An int seeds a new
    `Generator`; a `Generator` or a `RandomState` is drawn from as it is.
    """
    if rng is None or rng is np.random:
        return np.random  # type: ignore[return-value]  # a module with the same functions
    if isinstance(rng, (np.random.Generator, np.random.RandomState)):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, numbers.Integral):
        raise TypeError(
            f"rng must be None, an int, a numpy.random.Generator or a RandomState, got {rng!r}"
        )
    if rng < 0:
        raise ValueError(f"rng must be at least 0, got {rng}")
    return np.random.default_rng(int(rng))


def verbosity(verbose):
    """Return `fit`'s verbose as an int: "auto" is 1, a progress bar."""
    if not isinstance(verbose, (str, numbers.Integral)) or verbose not in ("auto", 0, 1, 2):
        raise ValueError(f"verbose must be 'auto', 0, 1 or 2, got {verbose!r}")
    return 1 if verbose == "auto" else int(verbose)


def yes_or_no(name, value):
    """Return the truth of `value`; a TypeError names the argument where it has none."""
    try:
        return bool(value)
    except ValueError:  # of an array
        raise TypeError(f"{name} must be True or False, got {value!r}") from None


def real_array(name: str, values: npt.ArrayLike) -> np.ndarray:
    """Return `values` as an array of floats; a TypeError names the argument `name`."""
    if np.ma.is_masked(values):
        raise ValueError(f"{name} must have no masked values")
    try:
        array = np.asarray(values)
    except ValueError:  # of lists of different lengths
        array = None
    if array is None or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be an array of numbers, got {reprlib.repr(values)}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def points(name: str, samples: npt.ArrayLike, n_columns: int | None = None) -> np.ndarray:
    """Return `samples` as floats (n, d), n at least 1; an error names the argument `name`.

    Args:
        n_columns: what d must be; None for 1 or more.
    """
    samples = real_array(name, samples)
    d = samples.shape[1] if samples.ndim == 2 and len(samples) else 0
    if not d or d != (n_columns or d):
        shape = f"(n, {n_columns or 'd'})"
        raise ValueError(f"{name} must hold samples, shape {shape}, got {samples.shape}")
    return samples


def fits_float32(values):
    """Return where values are numbers that float32 has room for."""
    return np.abs(values) <= np.finfo(np.float32).max


def file_path(name: str, file: File) -> pathlib.Path:
    """Return `file` as a `Path`; a TypeError or ValueError names the argument `name`."""
    if not isinstance(file, (str, os.PathLike)):  # `open` would take a number
        raise TypeError(f"{name} must be a path, got {file!r}")
    if not str(file) or "\0" in str(file):
        raise ValueError(f"{name} must be a path, got {file!r}")
    return pathlib.Path(file)
