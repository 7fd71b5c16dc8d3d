"""The table of a sweep: a row for each seed, written at once, so that a sweep can go on."""

import csv
import io
import os
import pathlib

from gan1d.evaluation import MEASURES

KEY = ("backend", "function", "recipe", "hidden", "epochs", "seed")
COLUMNS = [*KEY, *MEASURES]


class Table:
    """A CSV file of what each seed ended with, and its rows.

    A last line that is not whole, as of a process that was killed, is cut off.

    Args:
        file: the path; the file is made by the first `add`.

    Attributes:
        rows: a dict of the rows, dicts by `COLUMNS`, by their keys, tuples by `KEY`.

    Raises:
        ValueError: for a file that is there and is no such table.
    """

    def __init__(self, file):
        self.file = pathlib.Path(file)
        content = self.file.read_bytes() if self.file.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        try:
            self.rows = dict(map(read_row, read_lines(whole.decode())))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{self.file} is there, and is no table of a sweep: {error}") from None
        if content != whole:
            os.truncate(self.file, len(whole))

    def add(self, key, performance):
        """Add a row, the measures of a `Performance`, and write it."""
        measures = {name: getattr(performance, name) for name in MEASURES}
        row = dict(zip(KEY, key, strict=True)) | measures
        with open(self.file, "a", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            if stream.tell() == 0:
                writer.writeheader()
            writer.writerow(row)
        self.rows[key] = row


def read_lines(text):
    """Return the rows of a table, dicts of strings."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if text and reader.fieldnames != COLUMNS:
        raise ValueError("its columns are others")
    return reader


def read_row(row):
    """Return a row with its numbers, and its key before it."""
    if None in row or None in row.values():
        raise ValueError("a row has more cells than columns, or fewer")
    row |= {name: int(row[name]) for name in ("epochs", "seed")}
    row |= {name: float(row[name]) for name in MEASURES}
    return tuple(row[name] for name in KEY), row
