"""Data: the notebook's sample, a user's CSV, standardisation, and the split for testing."""

import csv
import math
from dataclasses import dataclass

import numpy as np

from logreg._checks import features, file_path, labels, positive_int, random_source, real_number


def sample_data(n=100, *, rng=None):
    """Draw the notebook's data: n standard normal points in the plane, class 1 where x1 + x2 > 0.

    Returns:
        X: (n, 2).
        y: (n, 1), zeros and ones.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X, y = sample_data(rng=0)
        >>> X.shape, y.shape
        ((100, 2), (100, 1))
    """
    X = random_source(rng).standard_normal((positive_int("n", n), 2))
    return X, (X.sum(axis=1, keepdims=True) > 0).astype(int)


@dataclass(frozen=True, eq=False)
class Table:
    """What a CSV file holds.

    Attributes:
        X: (m, n), the columns but the target.
        y: (m, 1), zeros and ones.
        names: the n columns' names.
        classes: the labels, as they stand in the file, that are 0 and 1 in y.
    """

    X: np.ndarray
    y: np.ndarray
    names: list[str]
    classes: tuple[str, str]


def load_csv(file, target):
    """Read a CSV file with a header line, numbers in its columns, and two classes in one of them.

    Args:
        file: its path.
        target: the name of the column with the classes, any two labels. Of 0 and 1, 1 is class
            1; of others, the greater number, or where they are no numbers, the later in
            alphabetical order.

    Returns:
        A `Table`.

    Raises:
        TypeError: for a file that is no path.
        OSError: if the file cannot be read.
        ValueError: for a file that is empty or not text, a column that is not there or there
            twice, a cell that is missing or no finite number, or one class or more than two. It
            says where; the header is line 1.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "data.csv")
        ...     _ = file.write_text("size,kind\\n1,cat\\n9,dog\\n")
        ...     table = load_csv(file, "kind")
        >>> table.names, table.classes, table.y.ravel()
        (['size'], ('cat', 'dog'), array([0, 1]))
    """
    with open(file_path("file", file), newline="", encoding="utf-8-sig") as stream:
        try:
            lines = csv.reader(stream)
            rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValueError(f"{file} is not a CSV file in UTF-8: {error}") from error
    if not rows:
        raise ValueError(f"{file} is empty")
    (_, header), *rows = rows
    for name in header:
        if header.count(name) > 1:
            raise ValueError(f"{file} has more than one column {name!r}")
    if target not in header:
        raise ValueError(f"{file} has no column {target!r}; it has {', '.join(header)}")
    if len(header) < 2:
        raise ValueError(f"{file} has no column but the target, {target!r}")
    if not rows:
        raise ValueError(f"{file} has a header but no rows")

    column = header.index(target)
    names = header[:column] + header[column + 1 :]
    X, marks = [], []
    for line, row in rows:
        if len(row) != len(header):
            raise ValueError(
                f"{file}, line {line} has {len(row)} cells where the header has {len(header)}"
            )
        for name, cell in zip(header, row, strict=True):
            if not cell:
                raise ValueError(f"{file}, line {line}: column {name!r} is missing a value")
        marks.append(row.pop(column))
        X.append([_number(cell, file, line, name) for name, cell in zip(names, row, strict=True)])
    classes = _classes(set(marks), file, target)
    y = np.array([[classes.index(mark)] for mark in marks])
    return Table(np.array(X), y, names, classes)


def _number(cell, file, line, name):
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{file}, line {line}: column {name!r} must be a number, got {cell!r}")
    return value


def _classes(marks, file, target):
    if len(marks) != 2:
        some = ", ".join(sorted(marks)[:5]) + (", ..." if len(marks) > 5 else "")
        raise ValueError(
            f"{file}, column {target!r} must hold two classes, but holds {len(marks)}: {some}"
        )
    try:
        return tuple(sorted(marks, key=float))
    except ValueError:
        return tuple(sorted(marks))


def standardize(X_train, *others):
    """Shift and scale each column to mean 0 and standard deviation 1 over the training part.

    Args:
        X_train: (m, n), finite.
        others: arrays (k, n), moved by the mean and scaled by the deviation of X_train.

    Returns:
        The arrays, in the order given, and `constant`, bool (n,): the columns of X_train that
        have one value only. Those become 0 everywhere, also in the others.

    Raises:
        TypeError, ValueError: for arrays of other shapes, or not finite.

    Example:
        >>> train, test, constant = standardize([[1.0], [3.0]], [[5.0]])
        >>> train.ravel(), test.ravel(), constant
        (array([-1.,  1.]), array([3.]), array([False]))
    """
    X_train = features("X_train", X_train, None)
    constant = (X_train == X_train[0]).all(axis=0)
    # Scaled down first: the squares of the largest floats would overflow.
    scale = np.maximum(np.abs(X_train).max(axis=0), np.finfo(float).tiny)
    mean = (X_train / scale).mean(axis=0)
    deviation = np.where(constant, 1, (X_train / scale).std(axis=0))
    return (
        *(
            np.where(
                constant, 0, (features("others", X, X_train.shape[1]) / scale - mean) / deviation
            )
            for X in (X_train, *others)
        ),
        constant,
    )


def split(X, y, test_fraction=0.25, *, rng=None):
    """Split rows at random into a training and a test part.

    Args:
        X: (m, n), with m at least 2.
        y: (m,) or (m, 1), zeros and ones.
        test_fraction: in (0, 1); the test part has that share of the rows, rounded, but each
            part has one row at least.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X_train, X_test, y_train, y_test.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X_train, X_test, y_train, y_test = split(*sample_data(), rng=0)
        >>> len(X_train), len(X_test)
        (75, 25)
    """
    X = features("X", X, None)
    y = labels(y, len(X))
    test_fraction = real_number("test_fraction", test_fraction, 0, 1, open_low=True)
    if test_fraction == 1 or len(X) < 2:
        raise ValueError(
            f"test_fraction must leave a row for training and one for testing, "
            f"got {test_fraction} of {len(X)} rows"
        )
    n_test = min(max(round(test_fraction * len(X)), 1), len(X) - 1)
    order = random_source(rng).permutation(len(X))
    test, train = order[:n_test], order[n_test:]
    return X[train], X[test], y[train], y[test]
