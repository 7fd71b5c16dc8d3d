"""A table of one's own: read from a CSV file as people have them, and made ready to train on."""

import contextlib
import csv
import functools
import io
import pathlib
import shlex
from dataclasses import dataclass

import numpy as np

from logreg._checks import file_path, shortened
from logreg._files import written_whole
from logreg.data import scaled, scaling, split

DELIMITERS = (",", ";", "\t")
ROW_NUMBERS = ("", "Unnamed: 0")  # pandas's name for a column without one
BOOLEANS = {"false": 0.0, "true": 1.0}
MISSING = {"", "na", "n/a", "nan", "null"}
LARGEST = 1e300  # beyond, differences overflow


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
    if target in drop:
        raise ValueError(f"drop must leave the target, {target!r}")
    cells = _read(file, delimiter, {target})
    for name in (target, *drop):
        cells.check_has(name)
    index = cells.index if cells.index != target else None
    unused = {target, index, *drop}
    names = [name for name in cells.header if name not in unused]
    cells.check_names([*names, target, *{index}.difference(drop)])
    if not names:
        raise ValueError(f"{cells.file} has no column but the target, {target!r}")
    X, decimal = cells.numbers(names)
    classes, y = cells.classes(target)
    return Table(X, y, names, target, classes, index, cells.delimiter, decimal)


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
    for name in names:
        cells.check_has(name, ", which the model was trained on")
    known = {*names, *ignore, cells.index}
    for name in cells.header:
        if name not in known:
            raise ValueError(
                f"{cells.file} has a column {name!r}, which the model was not trained on: leave "
                f"it out (--drop {shlex.quote(name)})"
            )
    cells.check_names(names)
    X, decimal = cells.numbers(names)
    return X, cells.delimiter, decimal


def _names(argument, names):
    if isinstance(names, (list, tuple, set)) and all(isinstance(name, str) for name in names):
        return list(names)
    raise TypeError(f"{argument} must be a list of the names of columns, got {names!r}")


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

    @functools.cached_property
    def at(self):
        """Where the column of each name is: its number, from 0."""
        return {name: number for number, name in enumerate(self.header)}

    @property
    def index(self):
        """The name of a first column that numbers the rows, or None."""
        return self.header[0] if self.header[0] in ROW_NUMBERS else None

    def check_has(self, name, which=""):
        """Raise unless there is a column of that name."""
        if name not in self.at:
            found = ", ".join(self.header[:20])
            if len(self.header) > 20:
                found += f" and {len(self.header) - 20:,} more"
            elif len(self.header) == 1:
                found += "; is that one column? --delimiter says what is between two"
            raise ValueError(f"{self.file} has no column {name!r}{which}; it has {found}")

    def check_names(self, names):
        """Raise unless each of these columns has a name that no other has."""
        wanted, seen = set(names), set()
        for number, name in enumerate(self.header, 1):
            if name in wanted and (name in seen or (not name and number > 1)):
                wrong = f"has more than one column {name!r}: rename one"
                raise ValueError(
                    f"{self.file}, line 1"
                    + (f" {wrong}" if name else f": column {number} has no name: give it one")
                    + f", or leave out all that are called so (--drop {shlex.quote(name)})"
                )
            seen.add(name)

    def numbers(self, names):
        """Return the columns as an array (m, n), and the decimal sign that is in the file."""
        columns = [*zip(*self.rows, strict=True)]
        columns = [columns[self.at[name]] for name in names]
        comma = self.delimiter != "," and any(
            "," in cell and _number(cell, True) is not None for column in columns for cell in column
        )
        X = np.empty((len(self.rows), len(names)))
        for j, (name, column) in enumerate(zip(names, columns, strict=True)):
            if column[0].lower() in BOOLEANS and {cell.lower() for cell in column} <= {*BOOLEANS}:
                X[:, j] = [BOOLEANS[cell.lower()] for cell in column]
                continue
            values = [_number(cell, comma) for cell in column]
            if None in values:
                i = values.index(None)
                where = f"{self.file}, line {self.lines[i]}: column {name!r}"
                raise ValueError(f"{where} {_remedy(name, column[i], comma)}")
            X[:, j] = values
        return X, "," if comma else "."

    def classes(self, target):
        """Return the target's two labels, and which of them each row has, (m, 1)."""
        labels = [row[self.at[target]] for row in self.rows]
        for line, label in zip(self.lines, labels, strict=True):
            where = f"{self.file}, line {line}: column {target!r}"
            if label.lower() in MISSING:
                raise ValueError(f"{where} is missing a value: fill it in, or leave out the row")
            if "\n" in label or "\r" in label:
                raise ValueError(f"{where} has a line break in it; is a quotation mark missing?")
        first = dict.fromkeys(labels)  # in the order of the file
        values = {label: BOOLEANS.get(label.lower(), _number(label)) for label in first}
        if None in values.values():
            values = {label: label for label in first}
        found = sorted(set(values.values()))
        if len(found) != 2:
            some = ", ".join(repr(shortened(label, 40))[1:-1] for label in sorted(first)[:5])
            some += ", ..." if len(first) > 5 else ""
            remedy = "name another --target"
            remedy += ", or leave out the rows of all but two" if len(found) > 2 else ""
            raise ValueError(
                f"{self.file}, column {target!r} must hold two classes, but holds {len(found)} "
                f"({some}): {remedy}"
            )
        names = tuple(next(label for label in first if values[label] == value) for value in found)
        return names, np.array([[int(values[label] == found[1])] for label in labels])


def _number(cell, comma=False):
    """Return the number in a cell, or None where there is none, or none to calculate with."""
    if "_" in cell or (comma and "." in cell):  # Python reads 1_000 as 1000
        return None
    with contextlib.suppress(ValueError):
        value = float(cell.replace(",", ".") if comma else cell)
        return value if abs(value) <= LARGEST else None
    return None


def _remedy(name, cell, comma):
    """Return what is wrong with a cell that is no number, and what to do."""
    drop, got = f"the column (--drop {shlex.quote(name)})", f"got {shortened(cell, 40)!r}"
    if cell.lower() in MISSING:
        return f"is missing a value: fill it in, or leave out the row or {drop}"
    if ("," in cell or (comma and "." in cell)) and not any(map(str.isalpha, cell)):
        remedy = f"write numbers with a decimal {'comma' if comma else 'point'}"
        return f"must be a number, {got}: {remedy}, and nothing between thousands"
    with contextlib.suppress(ValueError):
        if abs(float(cell)) > LARGEST:
            return f"must be at most {LARGEST:g} in size, {got}: leave out {drop}"
    return (
        f"must be a number, {got}: leave out {drop}, or if it is text, make a column of 0 and 1 of "
        f"each of its values"
    )


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
        raise ValueError(
            f"{file}, line {line} is not text in UTF-8 (byte {content[error.start]:#x}): save the "
            f"table as CSV in UTF-8"
        ) from error
    if "\0" in text:
        raise ValueError(f"{file} has bytes of 0, as no text has: save the table as CSV in UTF-8")
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
                f"{file}, line {line} has {len(row)} cells where the header has {len(header)}: "
                f"each column takes one, in quotation marks if there is a {delimiter!r} in it"
            )
    return Cells(file, header, lines, rows, delimiter)


def _reader(text, delimiter, *, strict):
    stream = io.StringIO(text, newline="")
    return csv.reader(stream, delimiter=delimiter, strict=strict, skipinitialspace=True)


def _delimiter(text, expected):
    """Return the delimiter by which the header has most of the expected names, and most cells.

    `csv.Sniffer` knows no names, and guesses among all characters.
    """

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
            writer.writerow(c if isinstance(c, str) else str(c).replace(".", decimal) for c in row)
