"""What a public function does first: check its arguments, once; what is below it trusts them."""

from __future__ import annotations

import math
import numbers

import numpy as np
import numpy.typing as npt


def real_number(name, value, low, high, *, open_low=False):
    """Return `value` as a float in [low, high], or (low, high] if `open_low`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    if not (low < value if open_low else low <= value) or value > high or value == math.inf:
        range_ = f"{'(' if open_low else '['}{low}, {high}{')' if high == math.inf else ']'}"
        raise ValueError(f"{name} must be a number in {range_}, got {value}")
    return float(value)


def float_type(dtype: npt.DTypeLike) -> np.dtype:
    """Return NumPy's float32 or float64 for `dtype`, an error for any other."""
    if str(getattr(dtype, "__name__", dtype)) not in ("float32", "float64"):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}")
    return np.dtype(dtype)


def real_array(name: str, values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> np.ndarray:
    """Return `values` as an array of real numbers, of its own float type if `dtype` is None."""
    if np.ma.is_masked(values):
        raise ValueError(f"{name} must have no masked values")
    try:
        array = np.asarray(values)
        if array.dtype.kind == "O":  # as of a DataFrame with columns of more than one type
            array = array.astype(np.float64)
        if array.dtype.kind not in "fiub":  # not text, nor dates, nor complex
            raise TypeError
        with np.errstate(over="ignore"):  # what float32 cannot hold is infinite
            return array.astype(dtype or np.result_type(array, np.float32), copy=False)
    except (TypeError, ValueError):
        what = first_of_no_number(values) or f"got {shortened(repr(values), 200)}"
        raise TypeError(f"{name} must be an array of numbers, {what}") from None


def first_of_no_number(values):
    """Return where a data frame has no number, in words; nothing of what is none."""
    for column in getattr(values, "columns", ()):
        for row, value in values[column].items():
            if not isinstance(value, numbers.Real):
                return f"but column {column!r} has {shortened(repr(value), 40)} in row {row!r}"
    return ""


def features(
    name: str,
    X: npt.ArrayLike,
    n_features: int | None = None,
    dtype: npt.DTypeLike = np.float64,
) -> np.ndarray:
    """Return X as an array (m, n_features) of finite numbers, m at least 1.

    `n_features` None takes any number of columns, but for none at all.
    """
    columns = getattr(X, "columns", None)  # of a data frame
    X = real_array(name, X, dtype)
    if X.ndim != 2 or X.shape[0] == 0 or X.shape[1] != (n_features or max(X.shape[1], 1)):
        raise ValueError(
            f"{name} must hold a row for each sample and {n_features or 'one or more'} columns, "
            f"got shape {X.shape}"
        )
    if not np.isfinite(X).all():
        row, j = np.argwhere(~np.isfinite(X))[0]
        column = j if columns is None else repr(columns[j])
        raise ValueError(f"{name} must be finite, but row {row}, column {column} is {X[row, j]}")
    return X


def one_per_row(
    name: str, values: npt.ArrayLike, m: int, dtype: npt.DTypeLike = np.float64
) -> np.ndarray:
    """Return numbers, of shape (m,) or (m, 1), as an array (m, 1)."""
    values = real_array(name, values, dtype)
    if values.shape not in ((m,), (m, 1)):
        raise ValueError(
            f"{name} must have {m} numbers, shape ({m},) or ({m}, 1), got shape {values.shape}"
        )
    return values.reshape(m, 1)


def labels(y: npt.ArrayLike, m: int, dtype: npt.DTypeLike = np.float64) -> np.ndarray:
    """Return y, of shape (m,) or (m, 1), as an array (m, 1) of zeros and ones."""
    y = one_per_row("y", y, m, dtype)
    if not np.isin(y, (0, 1)).all():
        row = np.argmax(~np.isin(y, (0, 1)))
        raise ValueError(f"y must be 0 or 1, but row {row} is {y[row, 0]:g}")
    return y


def row_weights(
    sample_weight: npt.ArrayLike | None, m: int, dtype: npt.DTypeLike = np.float64
) -> np.ndarray:
    """Return the m rows' weights, (m, 1), at least 0 and not all 0; None means 1 for each."""
    if sample_weight is None:
        return np.ones((m, 1), dtype)
    weights = one_per_row("sample_weight", sample_weight, m, dtype)
    if not ((weights >= 0).all() and 0 < weights.sum() < np.inf):
        raise ValueError("sample_weight must be finite, at least 0, and more than 0 somewhere")
    return weights


def shortened(text, length):
    """Return the text, its end cut off where it is longer than that."""
    return text if len(text) <= length else text[: length - 3] + "..."
