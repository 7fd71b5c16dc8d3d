"""What every public function does first: check its arguments."""

import math
import numbers
import os
import pathlib
import warnings

import numpy as np

LARGEST = 2**31 - 1  # number of epochs, samples or features: what an int32 holds


def positive_int(name, value):
    """Return `value` as an int of at least 1; an error names the argument `name`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
    if value > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST}, got {value}")
    return int(value)


def real_number(name, value, low, high, *, open_low=False):
    """Return `value` as a float in [low, high], or (low, high] if `open_low`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    inside = (low < value if open_low else low <= value) and value <= high
    if not inside or not math.isfinite(value):
        range_ = f"{'(' if open_low else '['}{low}, {high}{')' if high == math.inf else ']'}"
        raise ValueError(f"{name} must be a number in {range_}, got {value}")
    return float(value)


def random_source(rng):
    """Return what to draw from: None means NumPy's global state, which `numpy.random` draws from.

    An int seeds a new `Generator`; a `Generator` or a `RandomState` is drawn from as it is.
    """
    if rng is None or rng is np.random:
        return np.random
    if isinstance(rng, (np.random.Generator, np.random.RandomState)):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, numbers.Integral):
        raise TypeError(
            f"rng must be None, an int, a numpy.random.Generator or a RandomState, got {rng!r}"
        )
    if rng < 0:
        raise ValueError(f"rng must be at least 0, got {rng}")
    return np.random.default_rng(int(rng))


def float_type(dtype):
    """Return NumPy's float32 or float64 for `dtype`, an error for any other."""
    try:
        with warnings.catch_warnings(action="ignore"):  # NumPy's, of names it once took
            found = np.dtype(dtype)
    except (TypeError, ValueError, SyntaxError):  # all of which NumPy raises for some text
        found = None
    if found not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}")
    return found


def real_array(name, values, dtype=None, of="numbers"):
    """Return `values` as an array of real numbers, of its own float type if `dtype` is None."""
    try:
        with np.errstate(over="ignore"):
            array = np.asarray(values)
            kind = array.dtype.kind
            # NumPy would drop an imaginary part, make None a NaN, and a date a number
            if kind not in "fiubOSU" or (
                kind == "O" and any(value is None or np.iscomplexobj(value) for value in array.flat)
            ):
                raise TypeError
            if dtype is None:
                dtype = np.result_type(array, np.float32) if kind in "fiub" else np.float64
            return array.astype(dtype)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be an array of {of}, got {values!r}") from None


def features(name, X, n_features, dtype=np.float64):
    """Return X as an array (m, n_features) of finite numbers, m at least 1.

    `n_features` None takes any number of columns, but for none at all.
    """
    X = real_array(name, X, dtype)
    if X.ndim != 2 or X.shape[0] == 0 or X.shape[1] != (n_features or max(X.shape[1], 1)):
        raise ValueError(
            f"{name} must hold a row for each sample and {n_features or 'one or more'} columns, "
            f"got shape {X.shape}"
        )
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(
            f"{name} must be finite (in {np.dtype(dtype).name}), but row {row}, column {column} "
            f"is {X[row, column]}"
        )
    return X


def labels(y, m, dtype=np.float64):
    """Return y, of shape (m,) or (m, 1), as an array (m, 1) of zeros and ones."""
    y = real_array("y", y, dtype, "zeros and ones")
    if y.shape not in ((m,), (m, 1)):
        raise ValueError(f"y must have a label for each of the {m} rows of X, got shape {y.shape}")
    y = y.reshape(m, 1)
    wrong = ~np.isin(y, (0, 1))
    if wrong.any():
        row = np.argmax(wrong)
        raise ValueError(f"y must be 0 or 1, but row {row} is {y[row, 0]:g}")
    return y


def row_weights(sample_weight, m, dtype=np.float64):
    """Return the m rows' weights, (m, 1), at least 0 and not all 0; None means 1 for each."""
    if sample_weight is None:
        return np.ones((m, 1), dtype)
    weights = real_array("sample_weight", sample_weight, dtype)
    if weights.shape not in ((m,), (m, 1)):
        raise ValueError(
            f"sample_weight must have a number for each of the {m} rows of X, "
            f"got shape {weights.shape}"
        )
    with np.errstate(over="ignore"):
        usable = (weights >= 0).all() and 0 < weights.sum() < np.inf
    if not usable:
        raise ValueError("sample_weight must be finite, at least 0, and more than 0 somewhere")
    return weights.reshape(m, 1)


def file_path(name, file):
    """Return `file` as a `Path`; a TypeError or ValueError names the argument `name`."""
    if not isinstance(file, (str, os.PathLike)):  # `open` would take a number
        raise TypeError(f"{name} must be a path, got {file!r}")
    if not str(file) or "\0" in str(file):
        raise ValueError(f"{name} must be a path, got {file!r}")
    return pathlib.Path(file)


def shortened(text, length):
    """Return the text, its end cut off where it is longer than that."""
    return text if len(text) <= length else text[: length - 3] + "..."
