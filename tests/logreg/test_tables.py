import timeit

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from logreg import load_csv, split
from logreg.tables import load_rows, save_csv


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "data.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


@pytest.mark.parametrize(
    ("marks", "classes", "y"),
    [
        ("0 1 1", ("0", "1"), [0, 1, 1]),
        ("no yes no", ("no", "yes"), [0, 1, 0]),
        ("10 9 9", ("9", "10"), [1, 0, 0]),
        ("-1 1 -1", ("-1", "1"), [0, 1, 0]),
        ("1 0.0 1.0", ("0.0", "1"), [1, 0, 1]),
        ("TRUE false True", ("false", "TRUE"), [1, 0, 1]),
    ],
)
def test_a_csv_file(write, marks, classes, y):
    a, b, c = marks.split()
    table = load_csv(
        write(f'\ufeffheight,"of, class", width\n1,{a},2\n3,{b},4.5\n\n-5e3,{c},6\n'), "of, class"
    )
    assert table.X.tolist() == [[1, 2], [3, 4.5], [-5000, 6]]
    assert table.names == ["height", "width"]
    assert table.classes == classes
    assert table.y.ravel().tolist() == y


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,c\n", "has a header but no rows"),
        ("a,b\n1,0\n", "has no column 'c'; it has a, b"),
        ("c\n1\n0\n", "has no column but the target"),
        ("a,a,c\n1,1,0\n", r"line 1 has more than one column 'a': rename one, or .* \(--drop a\)"),
        ("a,c\n1,0\nx,1\n", "line 3: column 'a' must be a number, got 'x'"),
        ("a,c\n1,0\nnan,1\n", "line 3: column 'a' is missing a value"),
        ("a,c\n1,0\nNA,1\n", r"line 3: .* missing a value: fill it in, or leave out the row or"),
        ("a,c\n1,0\n-inf,1\n", r"line 3: column 'a' must be at most 1e\+300 in size, got '-inf'"),
        ("a,c\n1,0\n1e400,1\n", r"line 3: column 'a' .* got '1e400': leave out the column \("),
        ("a,c\n1,0\n-1.1e300,1\n", r"line 3: column 'a' must be at most 1e\+300 in size"),
        ("a,c\n1,0\n,1\n", "line 3: column 'a' is missing a value"),
        ("a,c\n1,0\n2,\n", "line 3: column 'c' is missing a value"),
        ("a,c\n1,0\n2\n", "line 3 has 1 cells where the header has 2: each column takes one, "),
        ("a,c\n1,5,1\n", "line 2 has 3 cells where the header has 2: .* in quotation marks if"),
        ("a,c\n1,0\n2,0\n", r"must hold two classes, but holds 1 \(0\): name another --target$"),
        ("a,c\n1,x\n2,y\n3,z\n", r"holds 3 \(x, y, z\): .*, or leave out the rows of all but two"),
        ("a,c\n1,1\n2,0\n3,nan\n", "line 4: column 'c' is missing a value"),
        ("a,c\n1,1\n2,NaN\n3,2\n", "line 3: column 'c' is missing a value"),
        ("a,c\n1,x\n2,NA\n3,y\n", "line 3: column 'c' is missing a value"),
        ('a,c\n1,x\n2,"y\n3,x\n4,y\n', "line 3: a quotation mark opens a cell and none closes"),
        ('a,c\n1,x\n2,"y\n3,"x"\n4,y\n', "line 3: a quotation mark opens"),
        ('a,c\n1,x\n2,"y\n3,x"\n4,z\n', "line 3: column 'c' has a line break"),
        ("a,b,c\n1,x,0\n2,y,1\n", r"line 2: column 'b' .* leave out the column \(--drop b\)"),
        ("a,b c,c\n1,,0\n2,y,1\n", r"line 2: column 'b c' is missing .* \(--drop 'b c'\)"),
        ("a,c\ntrue,0\n2,1\n", "line 2: column 'a' must be a number, got 'true'"),
        (
            'a,c\n"Owen, Mr",0\n2,1\n',
            "column 'a' must be a number, got 'Owen, Mr': leave out the c",
        ),
        ("a,c\n1_000,0\n2,1\n", "line 2: column 'a' must be a number, got '1_000'"),
        ('a,c\n"1,234",0\n2,1\n', "got '1,234': write numbers with a decimal point"),
        ("a;c\n1,5;0\n1.234;1\n", "line 3: column 'a' .*: write numbers with a decimal comma"),
        ("a|c\n1|0\n", "has no column 'c'; it has a|c; is that one column?"),
        ("a,,c\n1,2,0\n3,4,1\n", r"line 1: column 2 has no name: give it one, or .* \(--drop ''\)"),
        (",a,,c\n0,2,4,0\n1,3,5,1\n", "line 1: column 3 has no name"),
        ("c,c\n1,0\n", "more than one column 'c'"),
        (",c\n0,0\n1,1\n", "has no column but the target"),
        ("a,c\n1,\0\n", "has bytes of 0, as no text has: save the table as CSV in UTF-8"),
    ],
)
def test_csv_files_that_are_none(write, text, message):
    with pytest.raises(ValueError, match=message):
        load_csv(write(text), "c")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_delimiters_are_found(write, delimiter, quote):
    lines = [["width, cm", "b; c", "of"], ["1.5", "2", "no"], ["3", "4", "yes"]]
    mark = quote or ("" if delimiter == "\t" else '"')
    text = "\r\n".join(delimiter.join(f"{mark}{cell}{mark}" for cell in line) for line in lines)
    table = load_csv(write(text), "of")
    assert table.X.tolist() == [[1.5, 2], [3, 4]]
    assert table.names == ["width, cm", "b; c"]
    assert (table.delimiter, table.decimal) == (delimiter, ".")
    assert load_csv(write("a|b\n1|0\n2|1\n"), "b", delimiter="|").X.tolist() == [[1], [2]]


def test_decimal_commas_booleans_and_a_blank_last_line(write):
    table = load_csv(write("a;b;c\n-1,5;TRUE;x\n2e3;false;y\n,25;True;x\n  \t \n"), "c")
    assert table.X.tolist() == [[-1.5, 1], [2000, 0], [0.25, 1]]
    assert (table.delimiter, table.decimal) == (";", ",")
    assert table.y.ravel().tolist() == [0, 1, 0]


@pytest.mark.parametrize("first", ["", "Unnamed: 0"])
def test_a_column_that_numbers_the_rows_is_left_out(write, first):
    file = write(f"{first},a,c,note\n0,3,x,hm\n1,4,y,\n")
    table = load_csv(file, "c", drop=["note"])
    assert (table.names, table.X.tolist()) == (["a"], [[3], [4]])
    assert table.index == first
    with pytest.raises(ValueError, match="no column 'size'; it has"):
        load_csv(file, "c", drop=["size"])
    with pytest.raises(ValueError, match="drop must leave the target"):
        load_csv(file, "c", drop=["c"])
    with pytest.raises(TypeError, match="drop must be a list of the names"):
        load_csv(file, "c", drop="note")


def test_rows_to_predict_are_found_by_name(write):
    file = write("\tb\tc\ta\n7\t1,5\tx\t2\n8\t2\t\t3\n")
    X, delimiter, decimal = load_rows(file, ["a", "b"], ignore=["c"])
    assert X.tolist() == [[2, 1.5], [3, 2]]
    assert (delimiter, decimal) == ("\t", ",")
    with pytest.raises(ValueError, match="has no column 'z', which the model was trained on; it"):
        load_rows(file, ["a", "b", "z"], ignore=["c"])
    with pytest.raises(ValueError, match=r"has a column 'c', .* leave it out \(--drop c\)"):
        load_rows(file, ["a", "b"])


def test_a_written_table_reads_back(tmp_path):
    numbers = np.random.default_rng(0).normal(size=(5, 2)) * [1, 1e-9]
    rows = [(*row, "yes" if i % 2 else "no") for i, row in enumerate(numbers.tolist())]
    for delimiter, decimal in ((",", "."), (";", ",")):
        save_csv(tmp_path / "t.csv", ("a", "b", "c"), rows, delimiter, decimal)
        np.testing.assert_array_equal(load_csv(tmp_path / "t.csv", "c").X, numbers)


def test_many_columns_take_time_in_proportion(write):
    """Ten times the columns would take 100 times as long if each were held against all others."""
    seconds = []
    for n in (2000, 20000):
        names = [f"x{i}" for i in range(n)]
        file = write(f"{','.join(names)},c\n{'1,' * n}0\n{'2,' * n}1\n")

        def read(file=file, names=names):
            load_csv(file, "c", drop=names[1:])
            load_csv(file, "c")
            load_rows(file, names, ignore=["c"])

        seconds.append(min(timeit.repeat(read, number=1, repeat=3)))
    assert seconds[1] < 30 * seconds[0]


def test_files_that_cannot_be_read(write, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_csv(tmp_path / "none.csv", "c")
    with pytest.raises(ValueError, match=r"line 2 is not text in UTF-8 \(byte 0xe7\): save"):
        load_csv(write("a,c\n1,ç\n", "latin-1"), "c")
    for delimiter in ("", ",,", '"', "\n", 3):
        with pytest.raises(ValueError, match="delimiter must be one character"):
            load_csv(write("a,c\n"), "c", delimiter=delimiter)


def test_a_table_is_split_and_scaled_by_the_rows_to_train_on(write):
    numbers = np.random.default_rng(0).normal(5, 2, (40, 2))
    lines = [f"{a!r},7,{b!r},{'nu'[i % 2]}\n" for i, (a, b) in enumerate(numbers.tolist())]
    table = load_csv(write("a,b,c,kind\n" + "".join(lines)), "kind")
    assert (table.target, table.index) == ("kind", None)
    rows = table.split(0.3, rng=0)
    X, X_test, y, y_test = split(table.X, table.y, 0.3, rng=0)
    assert rows.table is table
    np.testing.assert_array_equal(rows.y, y)
    np.testing.assert_array_equal(rows.y_test, y_test)
    scaler = StandardScaler().fit(X)
    np.testing.assert_allclose(rows.X, scaler.transform(X), atol=1e-14)
    np.testing.assert_allclose(rows.X_test, scaler.transform(X_test), atol=1e-14)
    np.testing.assert_allclose(rows.mean, X.mean(axis=0))
    np.testing.assert_allclose(rows.deviation, X.std(axis=0))
    table = load_csv(write("a,c\n" + "1,0\n" * 20 + "2,1\n"), "c")
    with pytest.raises(ValueError, match="rows are all 0: choose another seed, or a smaller"):
        table.split(0.9, rng=0)
