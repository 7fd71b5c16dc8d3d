import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from logreg import load_csv, sample_data, split, standardize


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
    ],
)
def test_csv_files_that_are_none(write, text, message):
    with pytest.raises(ValueError, match=message):
        load_csv(write(text), "c")


def test_files_that_cannot_be_read(write, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_csv(tmp_path / "none.csv", "c")
    with pytest.raises(ValueError, match="not a CSV file in UTF-8"):
        load_csv(write("a,ç\n", "latin-1"), "c")


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
