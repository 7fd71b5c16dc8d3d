"""A table of one's own: read from a CSV file as people have them, and made ready to train on."""

import csv
import io
import pathlib
from dataclasses import dataclass

import numpy as np

from logreg._checks import shortened
from logreg.data import scaled, scaling, split

ROW_NUMBERS = ("", "Unnamed: 0")  # pandas's name for a column without one
MISSING = {"", "na", "n/a", "nan", "null"}
LARGEST = 1e150  # beyond, squares overflow


@dataclass(frozen=True, eq=False)
class Table:
    """What a CSV file holds.

    Attributes:
        X: (m, n), the columns but the target and those left out.
        y: (m, 1), zeros and ones.
        names: the n columns' names.
        target: the name of the column with the classes.
        classes: its labels, as they stand in the file, that are 0 and 1 in y.
        index: the name of a first column that numbers the rows and is left out, or None: one
            without a name, or with the one that pandas gives it.
        delimiter, decimal: how the file is written.
    """

    X: np.ndarray
    y: np.ndarray
    names: list[str]
    target: str
    classes: tuple[str, str]
    index: str | None = None
    delimiter: str = ","
    decimal: str = "."

    def split(self, test_fraction=0.25, *, rng=None):
        """Return the table as `Rows`, split as `logreg.split` does it and scaled.

        Raises:
            TypeError, ValueError: for an argument out of range, and where the rows to train on
                are all of one class.
        """
        X, X_test, y, y_test = split(self.X, self.y, test_fraction, rng=rng)
        if y.min() == y.max():
            raise ValueError(
                f"the training rows are all {self.classes[int(y.max())]}: choose another seed, or "
                f"a smaller test fraction"
            )
        mean, deviation = scaling(X)
        X, X_test = (scaled(part, mean, deviation) for part in (X, X_test))
        return Rows(self, X, y, X_test, y_test, mean, deviation)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table to train on, and those held out to test with.

    Attributes:
        table: where they are from.
        X, y: (m, n), scaled, and (m, 1).
        X_test, y_test: (k, n), scaled as X is, and (k, 1); k may be 0.
        mean, deviation: (n,), of X before it was scaled; a constant column has the deviation 0.
    """

    table: Table
    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


def load_csv(file, target, *, delimiter=None, drop=()):
    """Read a CSV file with a header line, numbers in its columns, and two classes in one of them.

    Columns of true and false are numbers, 1 and 0. Where commas do not separate the columns, they
    may be decimal commas. A first column without a name (or with the one that pandas gives it) is
    taken for numbers of the rows and left out.

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
    drop = [drop] if isinstance(drop, str) else [*drop]
    if target in drop:
        raise ValueError(f"drop must leave the target, {target!r}")
    cells, delimiter = read_cells(file, delimiter, [target, *drop])
    index = None
    if cells.columns[0] in ROW_NUMBERS and cells.columns[0] not in (target, *drop):
        index, cells = cells.columns[0], cells.iloc[:, 1:]
    cells = cells.drop(columns=drop)
    check_names(file, cells.columns)
    classes, y = two_classes(file, cells.pop(target))
    if cells.shape[1] == 0:
        raise ValueError(f"{file} has no column but the target, {target!r}")
    X, decimal = numbers(file, cells, delimiter)
    return Table(X, y, [*cells.columns], target, classes, index, delimiter, decimal)


def load_rows(file, names, *, delimiter=None):
    """Read the columns that a model was trained on, from a CSV file as `load_csv` takes it.

    Args:
        file: its path.
        names: of the columns, in the order in which they are wanted. In the file it may be
            another, and there may be other columns, which are not looked at.
        delimiter: as for `load_csv`.

    Returns:
        X (m, n), and the delimiter and the decimal sign that the file is written with.

    Raises:
        TypeError, OSError, ValueError: as for `load_csv`.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "data.csv")
        ...     _ = file.write_text("size;weight\\n1;2,5\\n9;3\\n")
        ...     load_rows(file, ["weight", "size"])
        (array([[2.5, 1. ],
               [3. , 9. ]]), ';', ',')
    """
    cells, delimiter = read_cells(file, delimiter, names)
    check_names(file, [name for name in cells.columns if name in {*names}])
    X, decimal = numbers(file, cells[[*names]], delimiter)
    return X, delimiter, decimal


def read_cells(file, delimiter, expected):
    """Return the text of a CSV file, cell by cell, and what separates the cells.

    Args:
        expected: names that the header must have.

    Returns:
        A DataFrame of strings without spaces around them, by the names of the columns; its index
        are the numbers of the lines (where no cell has a line break).
    """
    import pandas as pd  # it takes 0.4 s

    file = pathlib.Path(file)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise ValueError(
            f"delimiter must be one character, and no quotation mark, got {delimiter!r}"
        )
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig").lstrip("\r\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{file}, line {line} is not text in UTF-8: save the table as CSV in UTF-8"
        ) from error
    if not text.strip():
        raise ValueError(f"{file} is empty")
    delimiter = delimiter or find_delimiter(text.splitlines()[0], expected)
    try:
        # All as text: what is a number, and what a missing one, is decided below. Python's engine
        # refuses a quotation mark out of place, after which the other one would mix two rows.
        cells = pd.read_csv(
            io.StringIO(text, newline=None),  # a line may end as on any system
            sep=delimiter,
            header=None,
            dtype=object,
            na_filter=False,
            skipinitialspace=True,
            skip_blank_lines=False,
            engine="python",
        )
    except pd.errors.ParserError as error:
        raise ValueError(
            f"{file} cannot be read: {error}. Each column takes one cell of a row, in quotation "
            f"marks if there is a {delimiter!r} in it"
        ) from error
    cells = cells.fillna("").map(str.strip)  # a row may be short
    cells.index += 1
    cells.columns = [*cells.iloc[0]]
    cells = cells.iloc[1:]
    cells = cells[(cells.to_numpy() != "").any(axis=1)]
    if len(cells) == 0:
        raise ValueError(f"{file} has a header but no rows")
    for name in expected:
        if name not in cells.columns:
            found = ", ".join(cells.columns[:20]) + (", ..." if len(cells.columns) > 20 else "")
            one = "; is that one column? delimiter says what is between two"
            raise ValueError(
                f"{file} has no column {name!r}; it has {found}"
                + (one if len(cells.columns) == 1 else "")
            )
    return cells, delimiter


def find_delimiter(header, expected):
    """Return the delimiter by which the header has most of the expected names, and most cells.

    pandas and `csv.Sniffer` know no names, and guess among all characters.
    """

    def matches(delimiter):
        # A cell may not be longer than that, and the wrong delimiter makes one of all.
        cells = next(csv.reader([header[:100_000]], delimiter=delimiter, skipinitialspace=True))
        return len({*expected} & {cell.strip() for cell in cells}), len(cells)

    return max(",;\t", key=matches)


def check_names(file, names):
    """Raise unless each of the columns has a name, and one that no other has."""
    seen = set()
    for name in names:
        if name in seen or not name:
            wrong = f"more than one column {name!r}" if name else "a column without a name"
            raise ValueError(f"{file} has {wrong}: rename it, or leave {name!r} out (drop)")
        seen.add(name)


def numbers(file, cells, delimiter):
    """Return the cells of a DataFrame as an array (m, n), and the decimal sign that is in them."""
    import pandas as pd

    text = pd.Series(cells.to_numpy().ravel(), dtype=str)
    X, decimal = pd.to_numeric(text, errors="coerce"), "."
    if delimiter != ",":
        swapped = text.str.translate(str.maketrans(",.", ".,"))
        by_comma = pd.to_numeric(swapped, errors="coerce")
        if (by_comma.notna() & text.str.contains(",")).any():
            X, decimal = by_comma, ","
    X = X.to_numpy(float).reshape(cells.shape)
    lower = text.str.lower().to_numpy().reshape(cells.shape)
    boolean = np.isin(lower, ("true", "false")).all(axis=0)
    X = np.where(boolean, lower == "true", X)
    unusable = ~(np.abs(X) <= LARGEST)
    if unusable.any():
        j, i = np.argwhere(unusable.T)[0]
        where = f"{file}, line {cells.index[i]}: column {cells.columns[j]!r}"
        raise ValueError(f"{where} {remedy(cells.iloc[i, j], decimal)}")
    return X, decimal


def remedy(cell, decimal):
    """Return what is wrong with a cell that is no number to calculate with, and what to do."""
    if cell.lower() in MISSING:
        return "is missing a value: fill it in, or leave out the row or the column (drop)"
    wrong = f"must be a number to calculate with, got {shortened(cell, 40)!r}"
    if ("," in cell or "." in cell) and not any(map(str.isalpha, cell)):
        sign = "comma" if decimal == "," else "point"
        return f"{wrong}: write a decimal {sign}, and nothing between thousands"
    return f"{wrong}: leave the column out (drop), or make of text a 0/1 column for each value"


def two_classes(file, column):
    """Return the two labels in a Series, and which of them each row has, (m, 1)."""
    import pandas as pd

    missing = column.str.lower().isin(MISSING)
    if missing.any():
        raise ValueError(
            f"{file}, line {missing.idxmax()}: column {column.name!r} is missing a value: fill it "
            f"in, or leave out the row"
        )
    labels = column.unique()
    as_numbers = pd.Series(labels).str.lower().replace({"false": "0", "true": "1"})
    values = pd.to_numeric(as_numbers, errors="coerce")
    value_of = dict(zip(labels, labels if values.isna().any() else values, strict=True))
    label_of = {value: label for label, value in reversed(value_of.items())}  # 1 and 1.0 are one
    if len(label_of) != 2:
        some = ", ".join(shortened(label, 40) for label in sorted(labels)[:5])
        raise ValueError(
            f"{file}: the target {column.name!r} must hold two classes, but holds {len(label_of)} "
            f"({some}{', ...' if len(labels) > 5 else ''}): name another target"
            + (", or leave out the rows of all but two" if len(label_of) > 2 else "")
        )
    zero, one = sorted(label_of)
    y = (column.map(value_of) == one).to_numpy(int)[:, np.newaxis]
    return (label_of[zero], label_of[one]), y
