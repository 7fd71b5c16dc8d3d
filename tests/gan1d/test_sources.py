import numpy as np
import pytest

from gan1d import load_function, load_points


@pytest.mark.parametrize(
    ("text", "columns", "rows", "left_out"),
    [
        ("\ufeffhour,height\n0,1.5\n\n1,2\n", ("hour", "height"), [[0, 1.5], [1, 2]], []),
        ("patient_id,age\n7,40\n8,31\n", ("age",), [[40], [31]], ["patient_id (an index)"]),
        ("year,paid\n7,40\n8,31\n", ("year", "paid"), [[7, 40], [8, 31]], []),
        ("x;y\n0,5;1\n1,5;2\n", ("x", "y"), [[0.5, 1], [1.5, 2]], []),
        ("1 2 3\n4 5 7\n", ("x", "y", "z"), [[1, 2, 3], [4, 5, 7]], []),
        ("0,1\n1,2\n", ("x", "y"), [[0, 1], [1, 2]], []),
        ("sepal length\n1\n4\n", ("sepal length",), [[1], [4]], []),
        ("a\tb c\n1\t2\n3\t4\n", ("a", "b c"), [[1, 2], [3, 4]], []),
        (
            ",a,name,b\n0,1,x,2\n1,2,y,\n2,5,z,7\n3,?,w,1\n",
            ("a", "b"),
            [[1, 2], [5, 7]],
            [
                "the unnamed column (an index)",
                "name (no numbers)",
                "2 of 4 rows, which have a gap",
            ],
        ),
    ],
)
def test_a_table_from_a_file(tmp_path, text, columns, rows, left_out):
    file = tmp_path / "tides.csv"
    file.write_text(text, encoding="utf-8")
    points = load_points(file)
    assert points.name == "tides"
    assert points.columns == columns
    np.testing.assert_array_equal(points.rows, rows)
    assert points.left_out == tuple(left_out)


def test_columns_that_are_asked_for(tmp_path):
    file = tmp_path / "t.csv"
    file.write_bytes("größe,name,b\n1,x,2\n3,y,5\n".encode("cp1252"))
    assert load_points(file).columns == ("größe", "b")
    points = load_points(file, columns=["b", "größe"], given="größe")
    assert points.columns == ("größe", "b")
    for columns in ("name", "c"):
        with pytest.raises(ValueError, match=r"t\.csv: columns must be of"):
            load_points(file, columns=columns)


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n",  # a header alone
        "",
        "x,y\n0,1\n",  # one sample
        "x,y\n0,1,2\n1,2,3\n",  # more cells in a row than in the header: none is thrown away
        "x,x\n0,1\n1,2\n",
        "x,y\na,b\nc,d\n",
        "x,y\nTrue,True\nTrue,False\n",
    ],
)
def test_files_that_hold_no_points(tmp_path, text):
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"points\.csv: "):
        load_points(file)


def test_a_function_from_a_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "import numpy as np\nfrom gan1d import Function1D, Points\n"
        "def root(x):\n    return np.sqrt(x)\n"
        "whole = Function1D('whole', 'x', lambda x: x, 2, 3)\nten = 10\n"
        "two = Points([[0, 1], [1, 2]], 'two')\n"
    )
    root = load_function(f"{file}:root", 0, 4)
    assert (root.name, root.low, root.high) == ("root", 0, 4)
    assert root(np.array([4.0])) == 2
    assert [load_function(f"{file}:{name}").centre[0] for name in ("whole", "two")] == [2.5, 0.5]
    for place, low, high, message in (
        ("mine.py", 0, 1, "function must be FILE.py:NAME"),
        (f"{file}:other", 0, 1, "must have a function 'other'"),
        (f"{file}:ten", 0, 1, "must have a function 'ten'"),
        (f"{file}:root", None, 1, "low must be given"),
        (f"{file}:root", None, None, "must return n samples"),
        (f"{file}:whole", 0, 1, "low and high must not be given with Function1D"),
        (f"{file}:root", -1, 1, "must be finite"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            load_function(place, low, high)
    with pytest.raises(OSError, match="nowhere"):
        load_function("nowhere.py:f", 0, 1)
    file.write_text("1 / 0")
    for text, message in (
        ("1 / 0", r"mine\.py, line 1: ZeroDivisionError"),
        ("\ndef root(x):\n    return np.sqrt(x)", r"mine\.py, line 3: NameError: name 'np'"),
        ("def root(x):\n    return x[1, 2]", r"mine\.py, line 2: IndexError"),
        ("def root(x):\n    return root(x)", r"mine\.py, line 2: RecursionError"),
        ("def root(x)", r"mine\.py: SyntaxError: "),
        ("raise SystemExit", r"mine\.py, line 1: SystemExit: "),
    ):
        file.write_text(text)
        with pytest.raises(ValueError, match=message):
            load_function(f"{file}:root", 0, 1)


def test_a_function_of_x_without_a_range_has_the_tutorial_s(tmp_path):
    file = tmp_path / "f.py"
    file.write_text("def cube(x): return x**3\ndef ring(n): return [(0, i) for i in range(n)]\n")
    cube = load_function(f"{file}:cube")
    assert (cube.low, cube.high, cube.columns) == (-0.5, 0.5, ("x", "y"))
    assert load_function(f"{file}:cube", given=("x",)).given == ("x",)
    assert load_function(f"{file}:ring").draw(3, None).tolist() == [[0, 0], [0, 1], [0, 2]]
    file.write_text("def root(x): return x**0.5\n")
    with pytest.raises(ValueError, match=r"neither .* is nan at x = -0\.5; nor one that draws n"):
        load_function(f"{file}:root")
