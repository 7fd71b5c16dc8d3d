import timeit

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from logreg import load_csv, sample_data, split, standardize
from logreg.data import load_rows, save_csv


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "data.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def test_the_sample_is_the_notebook_s():
    np.random.seed(0)  # noqa: NPY002
    X, y = sample_data()
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.randn(100, 2)  # noqa: NPY002
    np.testing.assert_array_equal(X, expected)
    np.testing.assert_array_equal(y[:, 0], expected[:, 0] + expected[:, 1] > 0)
    with pytest.raises(ValueError, match="n must be at least 1"):
        sample_data(0)


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
        ("a,a,c\n1,1,0\n", "more than one column 'a'"),
        ("a,c\n1,0\nx,1\n", "line 3: column 'a' must be a number, got 'x'"),
        ("a,c\n1,0\nnan,1\n", "line 3: column 'a' must be a number, got 'nan'"),
        ("a,c\n1,0\n,1\n", "line 3: column 'a' is missing a value"),
        ("a,c\n1,0\n2,\n", "line 3: column 'c' is missing a value"),
        ("a,c\n1,0\n2\n", "line 3 has 1 cells where the header has 2"),
        ("a,c\n1,0\n2,0\n", "column 'c' must hold two classes, but holds 1: 0"),
        ("a,c\n1,x\n2,y\n3,z\n", "must hold two classes, but holds 3: x, y, z"),
        ("a,c\n1,1\n2,0\n3,nan\n", "line 4: column 'c' is missing a value"),
        ("a,c\n1,1\n2,NaN\n3,2\n", "line 3: column 'c' is missing a value"),
        ('a,c\n1,x\n2,"y\n3,x\n4,y\n', "line 3: a quotation mark opens a cell and none closes"),
        ('a,c\n1,x\n2,"y\n3,"x"\n4,y\n', "line 3: a quotation mark opens"),
        ('a,c\n1,x\n2,"y\n3,x"\n4,z\n', "line 3: column 'c' has a line break"),
        ("a,b,c\n1,x,0\n2,y,1\n", r"line 2: column 'b' .* leave the column out \(--drop b\)"),
        ("a,b c,c\n1,,0\n2,y,1\n", r"line 2: column 'b c' is missing .* \(--drop 'b c'\)"),
        ("a,c\ntrue,0\n2,1\n", "line 2: column 'a' must be a number, got 'true'"),
        ("a,c\n1_000,0\n2,1\n", "line 2: column 'a' must be a number, got '1_000'"),
        ('a,c\n"1,234",0\n2,1\n', "got '1,234': write numbers with a decimal point"),
        ("a;c\n1,5;0\n1.234;1\n", "line 3: column 'a' .*: write numbers with a decimal comma"),
        ("a|c\n1|0\n", "has no column 'c'; it has a|c; is that one column?"),
        ("a,,c\n1,2,0\n3,4,1\n", "line 1: column 2 has no name"),
        ("c,c\n1,0\n", "more than one column 'c'"),
        (",c\n0,0\n1,1\n", "has no column but the target"),
        ("a,c\n1,\0\n", "not a CSV file in UTF-8: it has bytes of 0"),
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
    assert table.left_out == [first, "note"]
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
    """Eight times the columns would take 64 times as long if each were held against all others."""
    seconds = []
    for n in (4000, 32000):
        file = write(f"{','.join(f'x{i}' for i in range(n))},c\n{'1,' * n}0\n{'2,' * n}1\n")
        seconds.append(
            min(timeit.repeat(lambda file=file: load_csv(file, "c"), number=1, repeat=3))
        )
    assert seconds[1] < 25 * seconds[0]


def test_files_that_cannot_be_read(write, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_csv(tmp_path / "none.csv", "c")
    with pytest.raises(ValueError, match="line 2 is not a CSV file in UTF-8"):
        load_csv(write("a,c\n1,ç\n", "latin-1"), "c")
    for delimiter in ("", ",,", '"', "\n", 3):
        with pytest.raises(ValueError, match="delimiter must be one character"):
            load_csv(write("a,c\n"), "c", delimiter=delimiter)


def test_standardisation_is_scikit_learn_s():
    rng = np.random.default_rng(0)
    train, test = rng.normal(3, [1, 50, 1e-3], (40, 3)), rng.normal(3, 1, (10, 3))
    scaler = StandardScaler().fit(train)
    ours, ours_test, constant = standardize(train, test)
    np.testing.assert_allclose(ours, scaler.transform(train), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours_test, scaler.transform(test), rtol=1e-9, atol=1e-9)
    assert not constant.any()


def test_a_constant_column_becomes_zero():
    ours, other, constant = standardize([[1, 7], [2, 7]], [[3, 8]])
    assert constant.tolist() == [False, True]
    assert ours.tolist() == [[-1, 0], [1, 0]]
    assert other.tolist() == [[3, 0]]
    with np.errstate(all="raise"):
        big, _ = standardize([[1e308], [-1e308]])
    assert big.tolist() == [[1], [-1]]


def test_the_split_is_a_seeded_partition():
    X, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    X_train, X_test, y_train, y_test = split(X, y, 0.3, rng=0)
    assert (len(X_train), len(X_test)) == (14, 6)
    rows = sorted(np.concatenate([X_train, X_test])[:, 0])
    assert rows == list(X[:, 0])
    for part, labels in ((X_train, y_train), (X_test, y_test)):
        np.testing.assert_array_equal(part[:, 0] / 2 % 2, labels[:, 0])
    again = split(X, y, 0.3, rng=0)
    np.testing.assert_array_equal(again[0], X_train)
    assert not np.array_equal(split(X, y, 0.3, rng=1)[0], X_train)
    assert [len(part) for part in split(X[:2], y[:2], 0.01, rng=0)[:2]] == [1, 1]


@pytest.mark.parametrize(("fraction", "n"), [(0, 4), (1, 4), (-0.5, 4), (np.nan, 4), (0.5, 1)])
def test_splits_that_leave_nothing(fraction, n):
    with pytest.raises(ValueError, match="test_fraction must"):
        split(np.ones((n, 1)), np.ones(n), fraction)
