import numpy as np
import pytest

from gan1d import load_function, load_points


def test_points_from_a_file(tmp_path):
    file = tmp_path / "tides.csv"
    file.write_text("\ufeffhour,height\n0,1.5\n\n1,2\n", encoding="utf-8")
    points = load_points(file)
    assert points.name == "tides"
    np.testing.assert_array_equal(points.rows, [[0, 1.5], [1, 2]])


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n",  # a header alone
        "",
        "0,1\n1,2\n",  # no header
        "x,y\n0,1\n1\n",
        "x,y\n0,one\n",
        "x,y,z\n0,1,2\n",
        "x,y\n0,1,2\n1,2,3\n",  # more cells in a row than in the header: none is thrown away
        "x;y\n0,5;1\n1,5;2\n",
        "x,y\n0,True\n1,False\n",
    ],
)
def test_files_that_hold_no_points(tmp_path, text):
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"points\.csv must have rows of two numbers"):
        load_points(file)


def test_a_function_from_a_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "import numpy as np\nfrom gan1d import Function1D, Points\n"
        "def root(x):\n    return np.sqrt(x)\n"
        "whole = Function1D('whole', 'x', lambda x: x, 2, 3)\nten = 10\n"
        "two = Points('two', [[0, 1], [1, 2]])\n"
    )
    root = load_function(f"{file}:root", 0, 4)
    assert (root.name, root.low, root.high) == ("root", 0, 4)
    assert root(np.array([4.0])) == 2
    assert [load_function(f"{file}:{name}").high for name in ("whole", "two")] == [3, 1]
    for place, low, high, message in (
        ("mine.py", 0, 1, "function must be FILE.py:NAME"),
        (f"{file}:other", 0, 1, "must have a function 'other'"),
        (f"{file}:ten", 0, 1, "must have a function 'ten'"),
        (f"{file}:root", None, 1, "low must be given"),
        (f"{file}:whole", 0, 1, "low and high must not be given with Function1D"),
        (f"{file}:root", -1, 1, "must be finite"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            load_function(place, low, high)
    with pytest.raises(OSError, match="nowhere"):
        load_function("nowhere.py:f", 0, 1)
    file.write_text("1 / 0")
    with pytest.raises(ValueError, match=r"mine.py fails with ZeroDivisionError"):
        load_function(f"{file}:root", 0, 1)
