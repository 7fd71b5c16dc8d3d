"""Real samples from a file: a function of a Python file of one's own, or the rows of a table."""

from __future__ import annotations

import io
import runpy
import traceback
from collections.abc import Sequence

from gan1d._checks import File, file_path
from gan1d.functions import Function1D, on_range
from gan1d.samples import OF_X, Points, Source, names_of


def load_function(
    place: str, low: float | None = None, high: float | None = None, *, given: Sequence[str] = ()
) -> Source:
    """Return what NAME is in a Python file, as what real samples come from.

    Args:
        place: "FILE.py:NAME". The file is run.
        low, high: the range of x, of a function of x. Without them what is found may be all that
            `learn` takes, such as a function that draws n samples; of one of x the range is the
            tutorial's, -0.5 to 0.5.
        given: as of `learn`.

    Raises:
        OSError: if the file cannot be read.
        TypeError, ValueError: if it fails, has no such name, or one that cannot be learned.
    """
    file, _, name = place.rpartition(":")
    if not file:
        raise ValueError(f"function must be FILE.py:NAME, got {place!r}")
    with open(file, "rb"):  # so that only a missing file is an OSError
        pass
    try:
        found = runpy.run_path(file).get(name)
        if not callable(found) and not isinstance(found, Source):
            raise ValueError(f"{file} must have a function {name!r}")
        try:
            return on_range(found, low, high, given=given)
        except (TypeError, ValueError) as error:
            if isinstance(found, Source) or (low, high) != (None, None):
                raise
            try:
                return on_range(found, Function1D.low, Function1D.high, given=given)
            except (TypeError, ValueError) as of_x:
                of_n = str(error).removesuffix(f". {OF_X}")
                raise ValueError(
                    f"{name!r} is neither a function of x from {Function1D.low} to "
                    f"{Function1D.high} (--low and --high set another range): {of_x}; nor one that "
                    f"draws n samples: {of_n}"
                ) from of_x
    except (Exception, SystemExit) as error:
        cause = error.__cause__ or error
        lines = [
            at.lineno for at in traceback.extract_tb(cause.__traceback__) if at.filename == file
        ]
        if not lines and isinstance(error, (TypeError, ValueError)):
            raise
        where = f"{file}, line {lines[-1]}" if lines else file
        what = f"{type(error).__name__}: {error}" if cause is error else error
        raise ValueError(f"{where}: {what}") from error


def load_points(
    file: File, *, columns: Sequence[str] | None = None, given: Sequence[str] = ()
) -> Points:
    """Return the `Points` of a table: a text file with a line for each sample.

    Its delimiter may be a comma, a semicolon, a tab or spaces, its decimal sign a comma where that
    is no delimiter. The first line is a header, unless it is all numbers.

    Args:
        file: its path.
        columns: the names of those to take; None for all that are numbers, without one that counts
            the rows. What is left out is in the `left_out` of what is returned.
        given: as of `Points`.

    Raises:
        OSError: if it cannot be read.
        TypeError, ValueError: for what is no table of numbers, or has no such columns.
    """
    file = file_path("file", file)
    import pandas  # takes half a second, and nothing else here needs it

    text = file.read_bytes()
    try:
        text = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = text.decode("cp1252", errors="replace")  # type: ignore[union-attr]  # bytes still
    if not text.strip():
        raise ValueError(f"{file}: it is empty")
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    if delimiter not in first_line and all(map(is_number, first_line.split())):
        delimiter = r"\s+"
    try:
        # Python's engine refuses a row of more cells than the header has.
        options = {"header": None, "dtype": str, "engine": "python", "skipinitialspace": True}
        table = pandas.read_csv(io.StringIO(text), sep=delimiter, **options)
        if delimiter != ",":
            table = table.apply(
                lambda cells: cells.str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True)
            )
        has_header = not all(map(is_number, table.iloc[0]))
        header = table.iloc[0].fillna("") if has_header else names_of(table.shape[1])
        table = table[int(has_header) :].set_axis([str(name).strip() for name in header], axis=1)
        if table.columns.has_duplicates:
            raise ValueError(f"two columns have one name, {', '.join(table.columns)}")
        numbers = table.apply(pandas.to_numeric, errors="coerce")
        # Where some cells are no numbers, their rows have a gap; else the column is of text.
        of_text = numbers.count() < 0.5 * table.count()
        table = pandas.concat([table.loc[:, of_text], numbers.loc[:, ~of_text]], axis=1)[
            table.columns
        ]
        return Points(table, file.stem, columns, given)
    except ValueError as error:  # as pandas's own are, too
        raise ValueError(f"{file}: {error}") from None


def is_number(cell):
    """Return whether the text of a cell is a number."""
    try:
        float(cell.replace(",", "."))
    except (ValueError, AttributeError):
        return False
    return True
