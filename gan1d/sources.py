"""Real samples from a file: a function of a Python file of one's own, or the points of a table."""

import runpy

from gan1d._checks import file_path
from gan1d.functions import Points, on_range


def load_function(place, low=None, high=None):
    """Return the function NAME of a Python file, to be learned.

    Args:
        place: "FILE.py:NAME". The file is run.
        low, high: the range of x; not given where NAME is a `Function1D` or `Points`.

    Raises:
        OSError: if the file cannot be read.
        TypeError, ValueError: if it fails, has no such function, or one that cannot be learned.
    """
    file, _, name = place.rpartition(":")
    if not file:
        raise ValueError(f"function must be FILE.py:NAME, got {place!r}")
    with open(file, "rb"):  # so that only a missing file is an OSError
        pass
    try:
        found = runpy.run_path(file).get(name)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{file} fails with {type(error).__name__}: {error}") from error
    if not callable(found) and not isinstance(found, Points):
        raise ValueError(f"{file} must have a function {name!r}")
    return on_range(found, low, high, name)


def load_points(file):
    """Return the `Points` of a CSV file of two columns, x and y, below a header line.

    Raises:
        OSError: if it cannot be read.
        ValueError: for anything else than two numbers a row.
    """
    file = file_path("file", file)
    import pandas  # takes half a second, and nothing else here needs it

    try:
        # Python's engine refuses a row of more cells than the header has.
        table = pandas.read_csv(file, header=None, dtype=str, encoding="utf-8-sig", engine="python")
        header, rows = table.iloc[0], table.iloc[1:]
        if len(header) != 2 or rows.empty:
            raise ValueError(f"it has {len(rows)} rows of {len(header)} columns")
        if pandas.to_numeric(header, errors="coerce").notna().all():
            raise ValueError(f"it begins with the numbers {', '.join(header)}")
        return Points(file.stem, rows.apply(pandas.to_numeric).to_numpy())
    except ValueError as error:  # as pandas's own are, too
        what = "must have rows of two numbers below a header line"
        raise ValueError(f"{file} {what}: {error}") from None
