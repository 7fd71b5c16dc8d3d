"""Data: the notebook's sample, a user's CSV, standardisation, and the split for testing."""

import csv
import io
import pathlib
import re
import shlex
from dataclasses import dataclass

import numpy as np

from logreg._checks import features, file_path, labels, positive_int, random_source, real_number
from logreg._files import written_whole


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
        X: (m, n), the columns but the target and those left out.
        y: (m, 1), zeros and ones.
        names: the n columns' names.
        classes: the labels, as they stand in the file, that are 0 and 1 in y.
        left_out: the names of the columns that are not in X, nor the target. A first column
            without a name, or with the one that pandas gives it, numbers the rows and is left out.
        delimiter, decimal: how the file is written.
    """

    X: np.ndarray
    y: np.ndarray
    names: list[str]
    classes: tuple[str, str]
    left_out: list[str]
    delimiter: str
    decimal: str


DELIMITERS = (",", ";", "\t")
ROW_NUMBERS = ("", "Unnamed: 0")  # pandas's name for a column without one
BOOLEANS = {"false": 0.0, "true": 1.0}


def load_csv(file, target, *, delimiter=None, drop=()):
    """Read a CSV file with a header line, numbers in its columns, and two classes in one of them.

    Columns of true and false are numbers, 1 and 0. Where commas do not separate the columns, they
    may be decimal commas.

    Args:
        file: its path.
        target: the name of the column with the classes, any two labels. Of 0 and 1, 1 is class
            1; of others, the greater number, or where they are no numbers, the later in
            alphabetical order.
        delimiter: the character between two columns; None for whichever of comma, semicolon and
            tab the header is written with.
        drop: the names of columns to leave out, whatever they hold.

    Returns:
        A `Table`.

    Raises:
        TypeError: for a file that is no path, or names that are no strings.
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
    if not isinstance(target, str):
        raise TypeError(f"target must be the name of a column, got {target!r}")
    drop = _names("drop", drop)
    cells = _read(file, delimiter, {target})
    for name in (target, *drop):
        if name not in cells.header:
            raise ValueError(f"{file} has no column {name!r}; it has {cells.described()}")
    if target in drop:
        raise ValueError(f"drop must leave the target, {target!r}")
    left_out = cells.header[:1] if cells.header[0] in {*ROW_NUMBERS} - {target} else []
    left_out += [name for name in drop if name not in left_out]
    unused = {target, *left_out}
    names = [name for name in cells.header if name not in unused]
    cells.check_names([*names, target])
    if not names:
        raise ValueError(f"{file} has no column but the target, {target!r}")
    X, decimal = cells.numbers(names)
    classes, y = cells.classes(target)
    return Table(X, y, names, classes, left_out, cells.delimiter, decimal)


def load_rows(file, names, *, ignore=(), delimiter=None):
    """Read the columns that a model was trained on, from a CSV file as `load_csv` takes it.

    Args:
        file: its path.
        names: of the columns, in the order in which they are wanted; in the file it may be another.
        ignore: the names of columns that may be there too. So may a first one without a name.
        delimiter: as for `load_csv`.

    Returns:
        X (m, n), and the delimiter and the decimal sign that the file is written with.

    Raises:
        TypeError, OSError, ValueError: as for `load_csv`; where other columns are there, too.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "data.csv")
        ...     _ = file.write_text("size;weight\\n1;2,5\\n9;3\\n")
        ...     load_rows(file, ["weight", "size"])
        (array([[2.5, 1. ],
               [3. , 9. ]]), ';', ',')
    """
    names, ignore = _names("names", names), _names("ignore", ignore)
    cells = _read(file, delimiter, {*names})
    header = set(cells.header)
    for name in names:
        if name not in header:
            raise ValueError(
                f"{file} has no column {name!r}, which the model was trained on; "
                f"it has {cells.described()}"
            )
    known = {*names, *ignore, *(cells.header[:1] if cells.header[0] in ROW_NUMBERS else ())}
    for name in cells.header:
        if name not in known:
            raise ValueError(
                f"{file} has a column {name!r}, which the model was not trained on: leave it out "
                f"(--drop {shlex.quote(name)})"
            )
    cells.check_names(names)
    X, decimal = cells.numbers(names)
    return X, cells.delimiter, decimal


def _names(argument, names):
    if isinstance(names, str) or not all(isinstance(name, str) for name in _listed(names)):
        raise TypeError(f"{argument} must be a list of the names of columns, got {names!r}")
    return list(names)


def _listed(names):
    return names if isinstance(names, (list, tuple, set)) else [None]


@dataclass(frozen=True, eq=False)
class Cells:
    """The text of a CSV file, cell by cell.

    Attributes:
        file: its path.
        header: the n names.
        lines: (m,), the number of the line that each row begins in.
        rows: m lists of n strings.
        delimiter: what separates them.
    """

    file: pathlib.Path
    header: list[str]
    lines: list[int]
    rows: list[list[str]]
    delimiter: str

    def described(self):
        """Return the names of the columns, the first of them if they are many."""
        more = f" and {len(self.header) - 20:,} more" if len(self.header) > 20 else ""
        alone = "; is that one column? --delimiter says what is between two"
        return ", ".join(self.header[:20]) + more + (alone if len(self.header) == 1 else "")

    def check_names(self, names):
        """Raise unless each of these columns has a name that no other has."""
        wanted, seen = set(names), set()
        for number, name in enumerate(self.header, 1):
            if name in wanted:
                if not name:
                    raise ValueError(f"{self.file}, line 1: column {number} has no name")
                if name in seen:
                    raise ValueError(f"{self.file} has more than one column {name!r}")
                seen.add(name)

    def column(self, name):
        number = self.header.index(name)
        return [row[number] for row in self.rows]

    def numbers(self, names):
        """Return the columns as an array (m, n), and the decimal sign that is in the file."""
        at = {name: number for number, name in enumerate(self.header)}
        columns = [*zip(*self.rows, strict=True)]
        columns = [columns[at[name]] for name in names]
        comma = self.delimiter != "," and any(
            DECIMAL_COMMA.fullmatch(cell) for column in columns for cell in column if "," in cell
        )
        X = np.empty((len(self.rows), len(names)))
        for j, (name, column) in enumerate(zip(names, columns, strict=True)):
            try:
                X[:, j] = _numbers(column, comma)
            except ValueError:
                self.raise_for(name, column, comma)
        return X, "," if comma else "."

    def raise_for(self, name, column, comma):
        """Raise for the first cell of the column that is no number."""
        line, cell = next(
            pair for pair in zip(self.lines, column, strict=True) if not _is_number(pair[1], comma)
        )
        where = f"{self.file}, line {line}: column {name!r}"
        leave_out = f"leave the column out (--drop {shlex.quote(name)})"
        if not cell:
            raise ValueError(f"{where} is missing a value: fill it in, or {leave_out}")
        if "," in cell or (comma and "." in cell):
            sign = "a decimal comma" if comma else "a decimal point"
            raise ValueError(
                f"{where} must be a number, got {_short(cell)}: write numbers with {sign}, and "
                f"nothing between thousands"
            )
        raise ValueError(
            f"{where} must be a number, got {_short(cell)}: {leave_out}, or if it is text, make a "
            f"column of 0 and 1 of each of its values"
        )

    def classes(self, target):
        """Return the target's two labels, and which of them each row has, (m, 1)."""
        labels = self.column(target)
        for line, label in zip(self.lines, labels, strict=True):
            if not label or label.lower() == "nan":
                raise ValueError(
                    f"{self.file}, line {line}: column {target!r} is missing a value: fill it in, "
                    f"or leave out the row"
                )
            if "\n" in label or "\r" in label:
                raise ValueError(
                    f"{self.file}, line {line}: column {target!r} has a line break in it; is a "
                    f"quotation mark missing?"
                )
        first = dict.fromkeys(labels)  # in the order of the file
        try:
            values = {label: _numbers([label], False)[0] for label in first}
        except ValueError:
            values = {label: label for label in first}
        found = sorted(set(values.values()))
        if len(found) != 2:
            some = ", ".join(_short(label)[1:-1] for label in sorted(first)[:5])
            raise ValueError(
                f"{self.file}, column {target!r} must hold two classes, but holds {len(found)}: "
                f"{some}{', ...' if len(found) > 5 else ''}"
            )
        names = tuple(next(label for label in first if values[label] == value) for value in found)
        return names, np.array([[int(values[label] == found[1])] for label in labels])


DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


def _numbers(column, comma):
    """Return the cells as finite numbers, an array (m,); a ValueError where one is none."""
    if {cell.lower() for cell in column[:2]} <= set(BOOLEANS):
        booleans = [BOOLEANS.get(cell.lower()) for cell in column]
        if None not in booleans:
            return np.array(booleans)
    text = "\0".join(column)
    if "_" in text or (comma and "." in text):  # Python reads 1_000 as 1000
        raise ValueError
    if comma:
        column = text.replace(",", ".").split("\0")
    values = np.array([*map(float, column)])
    if not np.isfinite(values).all():
        raise ValueError
    return values


def _is_number(cell, comma):
    try:
        return _numbers([cell], comma).size == 1 and cell.lower() not in BOOLEANS
    except ValueError:
        return False


def _short(cell):
    return repr(cell if len(cell) <= 40 else cell[:40] + "...")


def _read(file, delimiter, expected):
    """Return the `Cells` of a file, whose header is likely to hold the expected names."""
    file = file_path("file", file)
    if delimiter is not None and not (
        isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in '"\r\n\0'
    ):
        raise ValueError(
            f"delimiter must be one character, and no quotation mark, got {delimiter!r}"
        )
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"{file}, line {line} is not a CSV file in UTF-8: {error}") from error
    if "\0" in text:
        raise ValueError(f"{file} is not a CSV file in UTF-8: it has bytes of 0")
    delimiter = delimiter or _delimiter(text, expected)
    lines, rows, line = [], [], 1
    reader = _reader(text, delimiter, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                lines.append(line)
                rows.append(cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(
            f"{file}, line {line}: a quotation mark opens a cell and none closes it, or text comes "
            f"after the one that does ({error})"
        ) from error
    if not rows:
        raise ValueError(f"{file} is empty")
    if len(rows) == 1:
        raise ValueError(f"{file} has a header but no rows")
    header = rows.pop(0)
    del lines[0]
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(header):
            raise ValueError(
                f"{file}, line {line} has {len(row)} cells where the header has {len(header)}"
            )
    return Cells(file, header, lines, rows, delimiter)


def _reader(text, delimiter, *, strict):
    stream = io.StringIO(text, newline="")
    return csv.reader(stream, delimiter=delimiter, strict=strict, skipinitialspace=True)


def _delimiter(text, expected):
    """Return the delimiter by which the header has most of the expected names, and most cells."""

    def found(delimiter):
        try:
            header = next(filter(any, _reader(text, delimiter, strict=False)), [])
        except csv.Error:  # a cell without an end
            header = []
        return len(expected & {cell.strip() for cell in header}), len(header)

    return max(DELIMITERS, key=found)


def save_csv(file, header, rows, delimiter=",", decimal="."):
    """Write a CSV file, whole or not at all; numbers to their last digit.

    Args:
        file: its path.
        header: the names of the columns.
        rows: of as many cells each, strings or numbers.
        delimiter, decimal: as a `Table` has them.
    """
    with (
        written_whole(file_path("file", file)) as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as stream,
    ):
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(
                repr(cell).replace(".", decimal) if isinstance(cell, float) else cell
                for cell in row
            )


def scaling(X):
    """Return the mean and the standard deviation of each column of X (m, n), 0 for a constant."""
    X = features("X", X, None)
    constant = (X == X[0]).all(axis=0)
    # Scaled down first: the squares of the largest floats would overflow.
    scale = np.maximum(np.abs(X).max(axis=0), np.finfo(float).tiny)
    mean, deviation = (X / scale).mean(axis=0) * scale, (X / scale).std(axis=0) * scale
    # What is less than 4 tiny has lost digits, and half of it may be 0.
    return mean, np.where(constant | (deviation < 4 * np.finfo(float).tiny), 0, deviation)


def scaled(X, mean, deviation):
    """Return (X - mean) / deviation, 0 where the deviation is 0; halved first, lest it overflow."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return np.where(deviation == 0, 0, (X / 2 - mean / 2) / (deviation / 2))


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
    others = [features("others", X, X_train.shape[1]) for X in others]
    mean, deviation = scaling(X_train)
    return *(scaled(X, mean, deviation) for X in (X_train, *others)), deviation == 0


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
