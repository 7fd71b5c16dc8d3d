import csv
import math

import pytest

from gan1d import Performance
from gan1d.sweep import COLUMNS, Table

KEY = ("tensorflow", "square", "stable", "25,25", 150, 3)
PERFORMANCE = Performance(149, 0.5, 0.25, -0.001, 0.95, math.nan, 0.1, math.inf, 1.5, -2.0)


def test_rows_come_back_as_they_were(tmp_path):
    table = Table(tmp_path / "sweep.csv")
    assert table.rows == {}
    assert not table.file.exists()
    keys = [KEY, (*KEY[:3], "", 150, 4)]
    for key in keys:
        table.add(key, PERFORMANCE)
    again = Table(table.file)
    assert [*again.rows] == keys
    for key in keys:
        assert str(again.rows[key]) == str(table.rows[key])  # NaN is not NaN
    with open(table.file, newline="") as file:
        assert next(csv.DictReader(file)).keys() == set(COLUMNS)


@pytest.mark.parametrize("end", [1, 9, 200])
def test_a_last_line_that_is_not_whole_is_cut_off(tmp_path, end):
    table = Table(tmp_path / "sweep.csv")
    for seed in range(3):
        table.add((*KEY[:5], seed), PERFORMANCE)
    whole = table.file.read_bytes()
    table.file.write_bytes(whole[:-end])
    again = Table(table.file)
    for seed in range(len(again.rows), 3):
        again.add((*KEY[:5], seed), PERFORMANCE)
    assert table.file.read_bytes() == whole


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        f"{','.join(COLUMNS)}\n1,2\n",
        f"{','.join(COLUMNS)}\n{','.join('x' * len(COLUMNS))}\n",
        f"{','.join(COLUMNS)}\n{',1' * len(COLUMNS)}\n",
        "\0\n",
        "é\n",
    ],
)
def test_another_table_is_refused_and_left_alone(tmp_path, text):
    file = tmp_path / "sweep.csv"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=r"sweep\.csv is there, and is no table of a sweep: "):
        Table(file)
    assert file.read_bytes() == text.encode("latin-1")
