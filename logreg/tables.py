"""A table of one's own: read from a CSV file as people have them, and made ready to train on."""

from __future__ import annotations

import csv
import io
import pathlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gan1d._checks import File, Rng
from logreg._checks import shortened
from logreg.data import scaled, scaling, split

if TYPE_CHECKING:
    import pandas as pd

ROW_NUMBERS = ("", "Unnamed: 0")  # pandas's name for a column without one
MISSING = {"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "."}
POSITIVE = {"yes", "true", "1", "positive"}  # what is class 1 of two labels that are no numbers
LARGEST = 1e150  # beyond, squares overflow
MOST_VALUES = 20  # of a column of text; one of more is an id or a name


@dataclass(frozen=True)
class Column:
    """A column of a table that is trained on.

    Attributes:
        name: as in the file.
        values: of a column of text its values, sorted; None of one of numbers.
    """

    name: str
    values: tuple[str, ...] | None = None

    @property
    def features(self) -> list[str]:
        """The names of the inputs that it makes; of text, one for each value but the first.

        Such an input is 1 where the column has that value, else 0.
        """
        if self.values is None:
            return [self.name]
        return [f"{self.name}={value}" for value in self.values[1:]]


def input_names(columns):
    """Return the names of the inputs that columns make, a list."""
    return [name for column in columns for name in column.features]


@dataclass(frozen=True)
class Style:
    """How a file is written: what is between columns, the decimal sign, and that of thousands."""

    delimiter: str = ","
    decimal: str = "."
    thousands: str | None = None


PLAIN = Style()


@dataclass(frozen=True, eq=False)
class Table:
    """What a CSV file holds.

    Attributes:
        X: (m, n), the columns but the target and those left out.
        y: (m, 1), zeros and ones.
        columns: a `Column` for each of them, which make the n inputs.
        target: the name of the column with the classes.
        classes: its labels, as they stand in the file, that are 0 and 1 in y.
        left_out: what of the file is not in X, in words, a tuple.
        style: how the file is written.
    """

    X: np.ndarray
    y: np.ndarray
    columns: list[Column]
    target: str
    classes: tuple[str, str]
    left_out: tuple[str, ...] = ()
    style: Style = PLAIN

    @property
    def names(self) -> list[str]:
        """The names of the n inputs, a list."""
        return input_names(self.columns)

    def split(self, test_fraction: float = 0.25, *, rng: Rng = None) -> Rows:
        """Return the table as `Rows`, split as `logreg.split` does it and scaled.

        A test fraction of 0 leaves all rows to train on.

        Raises:
            TypeError, ValueError: for an argument out of range, and where the rows to train on
                are all of one class.
        """
        X, X_test, y, y_test = self.X, self.X[:0], self.y, self.y[:0]
        if test_fraction != 0:
            X, X_test, y, y_test = split(self.X, self.y, test_fraction, rng=rng)
        if y.min() == y.max():
            raise ValueError(
                f"the training rows are all {self.classes[int(y.max())]}: choose a smaller test "
                "fraction"
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


def load_csv(
    file: File,
    target: str,
    *,
    one: str | float | None = None,
    drop: Iterable[str] = (),
    missing: Literal["refuse", "drop"] = "refuse",
    delimiter: str | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: str | None = None,
    header: bool = True,
    skip: int = 0,
) -> Table:
    """Read a CSV file with two classes in one of its columns, and numbers or text in the others.

    A column of text becomes 0/1 columns, one for each value but the first in sorted order; one of
    more than 20 values is left out. Columns of true and false are 1 and 0. A first column without
    a name (or with the one that pandas gives it) is taken for numbers of the rows and left out.

    Args:
        file: its path.
        target: the name of the column with the classes, of two labels. Upper and lower case are
            one. Class 1 is the greater number; of labels that are no numbers yes, true, 1 or
            positive, or else the later in alphabetical order.
        one: the label that is class 1; all others, of which there may be more than one, are 0.
        drop: the names of columns to leave out, whatever they hold.
        missing: "refuse" a cell that is missing or no number in a column of numbers, or "drop" the
            rows that have one.
        delimiter: the character between two columns; None for whichever of comma, semicolon and
            tab the header is written with.
        decimal, thousands: the signs in numbers, such as "," and "."; None for what is found. Where
            commas separate the columns the decimal sign is a point.
        header: whether the first line has the names of the columns; else these are "1", "2", ...
        skip: how many lines there are before it.

    Returns:
        A `Table`.

    Raises:
        TypeError: for a file that is no path.
        OSError: if the file cannot be read.
        ValueError: for a file that is empty or not text, a column that is not there or there
            twice, cells that are missing or no finite numbers, numbers that can be read in two
            ways, or one class or more than two. It says where; the first line of the file is 1.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "data.csv")
        ...     _ = file.write_text("size,fur,kind\\n1,long,cat\\n9,short,dog\\n")
        ...     table = load_csv(file, "kind")
        >>> table.names, table.classes, table.X.tolist(), table.y.ravel()
        (['size', 'fur=short'], ('cat', 'dog'), [[1.0, 0.0], [9.0, 1.0]], array([0, 1]))
    """
    if missing not in ("refuse", "drop"):
        raise ValueError(f"missing must be 'refuse' or 'drop', got {missing!r}")
    check_signs(decimal, thousands)
    drop = [drop] if isinstance(drop, str) else [*drop]
    if target in drop:
        raise ValueError(f"drop must leave the target, {target!r}")
    layout = {"delimiter": delimiter, "header": header, "skip": skip}
    cells, delimiter = read_cells(file, [target, *drop], **layout)
    left_out = []
    if cells.columns[0] in ROW_NUMBERS and cells.columns[0] not in (target, *drop):
        name = cells.columns[0] or "which has no name"
        left_out.append(f"the first column, {name}: taken for numbers of the rows")
        cells = cells.iloc[:, 1:]
    cells = cells.drop(columns=drop)
    check_names(file, cells.columns)
    if cells.shape[1] == 1:
        raise ValueError(f"{file} has no column but the target, {target!r}")

    gap = is_missing(cells[target])
    if gap.any() and missing == "refuse":
        raise ValueError(
            f"{file}, line {gap.idxmax()}: the target {target!r} is missing {cells_of(gap)}: fill "
            f"them in, or leave these rows out (missing)"
        )
    one = one if one is None else str(one)
    classes, y = two_classes(file, cells.pop(target)[~gap], one)
    cells = cells[~gap]
    style = find_style(file, cells, delimiter, decimal, thousands)
    X = to_numbers(cells, style)
    problems = [f"the target is missing {cells_of(gap)}"] if gap.any() else []
    columns, whole = [], np.full(len(cells), True)
    for j, name in enumerate(cells.columns):
        column, why = kind_of(cells[name], X[:, j])
        if column is None:
            left_out.append(f"column {name!r}, which {why}")
            continue
        columns.append(column)
        unusable = is_missing(cells[name]).to_numpy()
        if column.values is None:
            unusable = unusable | np.isnan(X[:, j])
        if unusable.any():
            problems.append(problem(cells[name], unusable))
            whole &= ~unusable
    if not columns:
        raise ValueError(f"{file} has no column to train on: left out are {', '.join(left_out)}")
    if problems and missing == "refuse":
        raise ValueError(
            f"{file}: {'; '.join(problems)}: mend these cells, leave out their rows (missing) or "
            "the columns (drop)"
        )
    n_gaps = len(gap) - whole.sum()
    if n_gaps:
        left_out.append(f"{n_gaps:,} of {len(gap):,} rows: {'; '.join(problems)}")
    y = y[whole]
    if len(y) == 0 or y.min() == y.max():
        raise ValueError(
            f"{file} has rows of one class at most without {left_out[-1]}: leave out columns "
            "instead (drop)"
        )
    X = inputs(cells, X, columns)[whole]
    return Table(X, y, columns, target, classes, tuple(left_out), style)


def load_rows(
    file: File,
    columns: Sequence[Column],
    *,
    delimiter: str | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: str | None = None,
    style: Style | None = None,
    header: bool = True,
    skip: int = 0,
) -> tuple[np.ndarray, pd.DataFrame, Style]:
    """Read the columns that a model was trained on, from a CSV file as `load_csv` takes it.

    Args:
        file: its path.
        columns: each a `Column`, in the order in which they are wanted. In the file it may be
            another, and there may be other columns.
        delimiter, decimal, thousands, header, skip: as for `load_csv`.
        style: how the model's table was written: what decides where numbers can be read in two
            ways, and nothing else says how.

    Returns:
        X (m, n), of NaN in a row in which a cell is missing; all cells of the file, a DataFrame of
        strings; and its `Style`.

    Raises:
        TypeError, OSError, ValueError: as for `load_csv`, and for a cell that is no number, or text
            that the table of the model had not.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "data.csv")
        ...     _ = file.write_text("size;fur\\n2,5;long\\n9;short\\n")
        ...     columns = [Column("fur", ("long", "short")), Column("size")]
        ...     X, cells, style = load_rows(file, columns)
        >>> X.tolist(), style.decimal
        ([[0.0, 2.5], [1.0, 9.0]], ',')
    """
    if not isinstance(columns, Sequence) or not all(isinstance(c, Column) for c in columns):
        raise TypeError(f"columns must be a list of Column, got {columns!r}")
    if not isinstance(style, Style | None):
        raise TypeError(f"style must be the Style of a table, or None, got {style!r}")
    names = [column.name for column in columns]
    check_signs(decimal, thousands)
    layout = {"delimiter": delimiter, "header": header, "skip": skip}
    every, delimiter = read_cells(file, names, **layout, keep_empty=True)
    check_names(file, [name for name in every.columns if name in {*names}])
    cells = every[names]
    style = find_style(file, cells, delimiter, decimal, thousands, known=style)
    X = to_numbers(cells, style)
    for j, column in enumerate(columns):
        text = cells[column.name]
        gap = is_missing(text)
        if column.values is None:
            wrong = gap ^ np.isnan(X[:, j])
            what = "must be a number"
        else:
            wrong = ~gap & ~text.isin(column.values)
            what = f"must be one of {', '.join(column.values)}, as in training"
        if wrong.any():
            line = wrong.idxmax()
            raise ValueError(
                f"{file}, line {line}: column {column.name!r} {what}, got "
                f"{shortened(text[line], 40)!r}{sign_in(text[line])}"
            )
    gaps = np.stack([is_missing(cells[name]) for name in names], axis=1).any(axis=1)
    X = inputs(cells, X, columns)
    X[gaps] = np.nan
    return X, every, style


def read_cells(file, expected, *, delimiter=None, header=True, skip=0, keep_empty=False):
    """Return the text of a CSV file, cell by cell, and what separates the cells.

    Args:
        expected: names that the header must have.
        keep_empty: also rows in which no cell has anything, but for those at the end.

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
    if isinstance(skip, bool) or not isinstance(skip, int) or skip < 0:
        raise ValueError(f"skip must be a whole number of at least 0, got {skip!r}")
    content = file.read_bytes()
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline=None).read()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{file}, line {line} is not text in UTF-8: save the table as CSV in UTF-8"
        ) from error
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    lines = lines[skip:]
    if not any(map(str.strip, lines)):
        raise ValueError(f"{file} is empty")
    first = len(text.split("\n")) - len(lines) + 1
    told = re.fullmatch(r'"?sep=(.)"?', lines[0].strip())  # a spreadsheet's first line
    if told:
        lines, first, delimiter = lines[1:], first + 1, delimiter or told[1]
    delimiter = delimiter or find_delimiter(lines[0], expected)
    here = f"line {first} is {shortened(lines[0].strip(), 60)!r}"
    try:
        # All as text: what is a number, and what a missing one, is decided below. Python's engine
        # refuses a quotation mark out of place, after which the other one would mix two rows.
        cells = pd.read_csv(
            io.StringIO("\n".join(lines)),
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
            f"marks if there is a {delimiter!r} in it; {here}: skip says how many lines there are "
            "before the names"
        ) from error
    cells = cells.fillna("").map(str.strip)  # a row may be short
    cells.index += first
    if header:
        cells.columns = [*cells.iloc[0]]
        cells = cells.iloc[1:]
    else:
        cells.columns = [str(i + 1) for i in range(cells.shape[1])]
    filled = (cells.to_numpy() != "").any(axis=1)
    cells = cells[: filled.nonzero()[0].max(initial=-1) + 1] if keep_empty else cells[filled]
    if len(cells) == 0:
        raise ValueError(f"{file} has a header but no rows")
    for name in expected:
        if name not in cells.columns:
            found = ", ".join(cells.columns[:20]) + (", ..." if len(cells.columns) > 20 else "")
            one = "; is that one column? delimiter says what is between two"
            raise ValueError(
                f"{file} has no column {name!r}; it has {found}"
                + (one if len(cells.columns) == 1 else "")
                + (f" ({here}: are these the names? header, skip)" if header else "")
            )
    others = pd.to_numeric(pd.Series([*{*cells.columns} - {*expected}]), errors="coerce")
    if header and len(others) and others.notna().all() and not (others == others.round()).all():
        raise ValueError(f"{file}: {here}, which are numbers: is there no line of names (header)?")
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


def check_signs(decimal, thousands):
    """Raise unless these are signs that numbers may have, or None."""
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal must be '.' or ',', got {decimal!r}")
    is_sign = isinstance(thousands, str) and len(thousands) == 1 and not thousands.isalnum()
    if thousands is not None and not is_sign:
        raise ValueError(f"thousands must be one sign, such as ',' or '.', got {thousands!r}")
    if thousands is not None and thousands == decimal:
        raise ValueError(f"thousands must be another sign than decimal, got {thousands!r}")


def check_names(file, names):
    """Raise unless each of the columns has a name, and one that no other has."""
    seen = set()
    for name in names:
        if name in seen or not name:
            wrong = f"more than one column {name!r}" if name else "a column without a name"
            raise ValueError(f"{file} has {wrong}: rename it, or leave {name!r} out (drop)")
        seen.add(name)


def is_missing(text):
    """Return which cells of a Series of strings are missing, a bool Series."""
    return text.str.lower().isin(MISSING)


def cells_of(mask):
    """Return "3 of 200 cells"."""
    return f"{mask.sum():,} of {len(mask):,} cells"


def find_style(file, cells, delimiter, decimal=None, thousands=None, known=None):
    """Return the `Style` by which most cells of a DataFrame are numbers.

    Args:
        decimal, thousands: the signs that one knows, or None.
        known: the style to take where cells can be read in two ways.

    Raises:
        ValueError: where they can be, and nothing says how.
    """
    decimals = decimal or ("." if delimiter == "," and thousands != "." else ".,")
    styles = [
        Style(delimiter, one, other)
        for one in decimals
        for other in ([thousands] if thousands else [None, "," if one == "." else "."])
        if one != other
    ]
    signed = cells.apply(lambda text: text.str.contains("[.,]"))
    cells = cells.loc[:, signed.any()]
    found = [to_numbers(cells, style) for style in styles]
    counts = [np.isfinite(X).sum() for X in found]
    best = [i for i, count in enumerate(counts) if count == max(counts)]
    if decimal is not None:
        other = Style(delimiter, "," if decimal == "." else ".")
        if np.isfinite(to_numbers(cells, other)).sum() > max(counts):
            raise ValueError(f"{file}: the decimal sign is {other.decimal!r}, not {decimal!r}")
    if known is not None:
        best.sort(key=lambda i: styles[i].decimal != known.decimal)
        return styles[best[0]]
    X = found[best[0]]
    for i in best[1:]:
        both = np.isfinite(X) & np.isfinite(found[i])
        for at in map(tuple, np.argwhere(both & (found[i] != X))[:1]):
            raise ValueError(
                f"{file}: column {cells.columns[at[1]]!r} has {cells.iloc[at]!r}, which may be "
                f"{X[at]:g} or {found[i][at]:g}: say which (decimal, thousands)"
            )
    return styles[best[0]]


def to_numbers(cells, style):
    """Return the cells of a DataFrame as an array (m, n), NaN where one is no number to use.

    A column of true and false is one of 1 and 0.
    """
    import pandas as pd

    text = pd.Series(cells.to_numpy().ravel(), dtype=str)
    if style.thousands:
        thousands, decimal = re.escape(style.thousands), re.escape(style.decimal)
        grouped = rf"[+-]?[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+(?:{decimal}\d*)?"
        is_grouped = text.str.fullmatch(grouped)
        text = text.where(~is_grouped, text.str.replace(style.thousands, "", regex=False))
    if style.decimal != ".":
        text = text.str.translate(str.maketrans(f"{style.decimal}.", f".{style.decimal}"))
    X = pd.to_numeric(text, errors="coerce").to_numpy(float).reshape(cells.shape)
    lower = np.char.lower(cells.to_numpy().astype(str))
    known = ~np.isin(lower, [*MISSING])
    boolean = (np.isin(lower, ("true", "false")) | ~known).all(axis=0) & known.any(axis=0)
    X = np.where(boolean & known, lower == "true", X)
    return np.where(np.abs(X) <= LARGEST, X, np.nan)


def kind_of(text, numbers):
    """Return what a column is, a `Column`, or None and why it is left out."""
    known = ~is_missing(text)
    if not known.any():
        return None, "is empty"
    if 2 * np.isfinite(numbers).sum() >= known.sum():
        return Column(text.name), None
    values = sorted(text[known].unique())
    if len(values) == 1:
        gaps = f", and else gaps: {cells_of(~known)}" if not known.all() else ""
        return None, f"has one value only, {shortened(values[0], 40)!r}{gaps}"
    if len(values) > MOST_VALUES and all(map(sign_in, values)):
        return Column(text.name), None  # numbers, had they not that sign
    if len(values) > MOST_VALUES:
        return None, f"is text of {len(values):,} values"
    return Column(text.name, tuple(values)), None


def problem(text, unusable):
    """Return what cells of a column cannot be used, in words."""
    gap = is_missing(text)
    wrong = unusable & ~gap
    parts = [f"is missing {cells_of(gap)}"] if gap.any() else []
    if wrong.any():
        line = wrong.idxmax()
        cell = shortened(text[line], 40)
        parts.append(
            f"has {cells_of(wrong)} that are no numbers, such as {cell!r} in line {line}"
            f"{sign_in(cell)}"
        )
    return f"column {text.name!r} {' and '.join(parts)}"


def sign_in(cell):
    """Return which sign keeps a cell from being a number, in brackets, or nothing."""
    for sign in cell:
        if sign == "%" or unicodedata.category(sign) == "Sc":
            return f" (with {sign!r})"
    if re.fullmatch(r"[+-]?[\d.,' ]+", cell):
        return " (with a sign for decimals or thousands: decimal, thousands)"
    return ""


def inputs(cells, numbers, columns):
    """Return the inputs (m, n) that columns make, of the cells and what they are as numbers."""
    parts = []
    for column in columns:
        j = cells.columns.get_loc(column.name)
        if column.values is None:
            parts.append(numbers[:, [j]])
        else:
            text = cells[column.name].to_numpy().astype(str)
            parts.append((text[:, np.newaxis] == np.array(column.values[1:])).astype(float))
    return np.hstack(parts)


def two_classes(file, column, one):
    """Return the two labels in a Series, and which of them each row has, (m, 1)."""
    import pandas as pd

    labels = column.unique()
    lower = pd.Series(labels, dtype=str).str.lower()
    values = pd.to_numeric(lower.replace({"false": "0", "true": "1"}), errors="coerce")
    values = lower if values.isna().any() else values  # 1 and 1.0, Yes and yes are one
    value_of = dict(zip(labels, values, strict=True))
    label_of = {value: label for label, value in reversed(value_of.items())}
    if one is not None:
        as_number = pd.to_numeric(one, errors="coerce")
        (key,) = {*value_of.values()} & {value_of.get(one), one.lower(), as_number} or [None]
        if key is None:
            raise ValueError(
                f"one must be a label of {column.name!r}, {some_of(labels)}, got {one!r}"
            )
        others = [label for value, label in label_of.items() if value != key]
        zero = others[0] if len(others) == 1 else f"not {label_of[key]}"
    else:
        others = []
        if len(label_of) == 2:
            zero, key = sorted(label_of)
            if {zero} & POSITIVE and not {key} & POSITIVE:
                zero, key = key, zero
            others, zero = [zero], label_of[zero]
    if not others:
        raise ValueError(
            f"{file}: the target {column.name!r} must hold two classes, but holds {len(label_of)} "
            f"({some_of(labels)}): name another target"
            + (", or say which of them is class 1 (one)" if len(label_of) > 2 else "")
        )
    y = (column.map(value_of) == key).to_numpy(int)[:, np.newaxis]
    return (zero, label_of[key]), y


def some_of(labels):
    """Return the first labels, with commas between."""
    return ", ".join(shortened(label, 40) for label in sorted(labels)[:5]) + (
        ", ..." if len(labels) > 5 else ""
    )
