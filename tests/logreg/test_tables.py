import numpy as np
import pandas
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sklearn.preprocessing import StandardScaler

from logreg import load_csv, split
from logreg.tables import Column, Style, load_rows


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
        ("no Yes yes", ("no", "Yes"), [0, 1, 1]),
        ("positive unclear Positive", ("unclear", "positive"), [1, 0, 1]),
        ("true unclear unclear", ("unclear", "true"), [1, 0, 0]),
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
        ("a,b\n1,0\n", r"has no column 'c'; it has a, b \(line 1 is 'a,b': are these the names"),
        ("a|c\n1|0\n", "has no column 'c'; it has a|c; is that one column?"),
        ("c\n1\n0\n", "has no column but the target"),
        (",c\n0,0\n1,1\n", "has no column but the target"),
        ("a,a,c\n1,1,0\n", r"more than one column 'a': rename it, or leave 'a' out \(drop\)"),
        ("c,c\n1,0\n", "more than one column 'c'"),
        ("a,,c\n1,2,0\n3,4,1\n", "a column without a name"),
        (",a,,c\n0,2,4,0\n1,3,5,1\n", "a column without a name"),
        (
            "a,c\n1,0\nx,1\n",
            "column 'a' has 1 of 2 cells that are no numbers, such as 'x' in line 3:",
        ),
        (
            "a,c\n1,0\n\n,1\n",
            "column 'a' is missing 1 of 2 cells: mend these cells, leave out their",
        ),
        ("a,c\n1,0\nNA,1\n", "column 'a' is missing 1 of 2 cells"),
        (
            "a,d,c\n1,?,0\n2,3,1\n-,,0\n",
            "'a' is missing 1 of 3 cells; column 'd' is missing 2 of 3",
        ),
        ("a,c\n1,0\n-inf,1\n", "1 of 2 cells that are no numbers, such as '-inf'"),
        ("a,c\n1,0\n1e400,1\n", "1 of 2 cells that are no numbers, such as '1e400'"),
        (
            "a,c\n1,x\n2,NA\n3,y\n",
            "line 3: the target 'c' is missing 1 of 3 cells: fill them in, or",
        ),
        ("a,b,c\n1,2,0\n2\n", "line 3: the target 'c' is missing 1 of 2 cells"),
        ("a,c\n1,5,1\n", r"Expected 2 fields in line 2, saw 3\. Each column takes one .* a ','"),
        ("a,c\n1,0\n2,0\n", r"must hold two classes, but holds 1 \(0\): name another target$"),
        (
            "a,c\n1,x\n2,y\n3,z\n",
            r"holds 3 \(x, y, z\): .*, or say which of them is class 1 \(one\)",
        ),
        ('a,c\n1,x\n2,"y\n3,x\n4,y\n', "cannot be read: unexpected end of data"),
        ("a,c\n1_000,0\n2,1\n", "1 of 2 cells that are no numbers, such as '1_000' in line 2"),
        ("a,c\n1,0\n$90.50,1\n", r"such as '\$90.50' in line 3 \(with '\$'\)"),
        ("a,c\n1,0\n12%,1\n", r"such as '12%' in line 3 \(with '%'\)"),
        ("a;c\n1;0\n1.2.3;1\n", r"'1.2.3' in line 3 \(with a sign for decimals or thousands"),
        (
            "a;c\n950;0\n1.250;1\n",
            r"'1.250', which may be 1.25 or 1250: say which \(decimal, thousan",
        ),
        (
            "a;c\n950;0\n1,250;1\n",
            r"'1,250', which may be 1250 or 1.25: say which \(decimal, thousan",
        ),
        ("a;c\n1.234;0\n5.678;1\n", "'1.234', which may be 1.234 or 1234: say which"),
        (
            "a,c\n" + "".join(f"{i} %,{i % 2}\n" for i in range(30)),
            r"column 'a' has 30 of 30 cells that are no numbers, such as '0 %' .*\(with '%'\)",
        ),
        ("My data\na,c\n1,0\n2,1\n", "line 1 is 'My data': skip says how many lines"),
        (
            "\nMy data\na\n1\n2\n",
            r"no column 'c'; .*line 2 is 'My data': are these the names\?",
        ),
        (
            "5.1,3,c\n4.9,3,d\n",
            r"line 1 is '5.1,3,c', which are numbers: is there no line of",
        ),
        ("a,c\nx,0\nx,1\n", "no column to train on: left out are column 'a', which has one value"),
        # Else the first column would be 3, of the second row, and c be 1, of the third.
        ('a,b,c\n1,x,0\n3,"7,0\n4,8" ,1\n', "cannot be read: ',' expected after"),
    ],
)
def test_csv_files_that_are_none(write, text, message):
    with pytest.raises(ValueError, match=message):
        load_csv(write(text), "c", drop="b" if "b," in text.split("\n")[0] else ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_delimiters_are_found(write, delimiter, quote):
    lines = [["width, cm", "b; c", "of"], ["1.5", "2", "no"], ["3", "4", "yes"]]
    mark = quote or ("" if delimiter == "\t" else '"')
    text = "\r\n".join(delimiter.join(f"{mark}{cell}{mark}" for cell in line) for line in lines)
    table = load_csv(write(text), "of")
    assert table.X.tolist() == [[1.5, 2], [3, 4]]
    assert table.names == ["width, cm", "b; c"]
    assert table.style == Style(delimiter)
    assert load_csv(write("a|b\n1|0\n2|1\n"), "b", delimiter="|").X.tolist() == [[1], [2]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(write, end):
    assert load_csv(write(end.join(["a,c", "1,x", "2,y", ""])), "c").X.tolist() == [[1], [2]]


def test_a_table_may_be_wide(write):
    names = [f"column {i}" for i in range(12_000)]
    file = write(f"{','.join(names)},c\n{'1,' * 12_000}x\n{'2,' * 12_000}y\n")
    assert load_csv(file, "c", drop=names[2:]).X.tolist() == [[1, 1], [2, 2]]


def test_decimal_commas_booleans_and_a_blank_last_line(write):
    table = load_csv(write("a;b;c\n-1,5;TRUE;x\n2e3;false;y\n,25;True;x\n  \t \n"), "c")
    assert table.X.tolist() == [[-1.5, 1], [2000, 0], [0.25, 1]]
    assert table.style == Style(";", ",")
    assert table.y.ravel().tolist() == [0, 1, 0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.floats(-1e150, 1e150).map(repr),
            st.integers(-(10**20), 10**20).map(str),
            st.floats(-1e6, 1e6).map("{:.3f}".format),
        ),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from([",", ";"]),
)
def test_every_number_is_the_nearest_there_is(write, cells, delimiter):
    """As Python reads it; 1,000 alone may be a thousand, so the decimal sign is given."""
    decimal = "," if delimiter == ";" else "."
    written = [cell.replace(".", decimal) for cell in cells]
    lines = [f"{cell}{delimiter}{i % 2}" for i, cell in enumerate(written)]
    table = load_csv(write("\n".join([f"a{delimiter}c", *lines])), "c", decimal=decimal)
    np.testing.assert_array_equal(table.X[:, 0], [float(cell) for cell in cells])


@pytest.mark.parametrize("first", ["", "Unnamed: 0"])
def test_a_column_that_numbers_the_rows_is_left_out(write, first):
    file = write(f"{first},a,c,note\n0,3,x,hm\n1,4,y,\n")
    table = load_csv(file, "c", drop=["note"])
    assert (table.names, table.X.tolist()) == (["a"], [[3], [4]])
    named = first or "which has no name"
    assert table.left_out == (f"the first column, {named}: taken for numbers of the rows",)
    with pytest.raises(ValueError, match="no column 'size'; it has"):
        load_csv(file, "c", drop="size")
    with pytest.raises(ValueError, match="drop must leave the target"):
        load_csv(file, "c", drop=["c"])


def test_rows_to_predict_are_found_by_name(write):
    file = write("\tb\tc\ta\n7\t1,5\tx\t2\n8\t2\t\t3\n")
    X, cells, style = load_rows(file, [Column("a"), Column("b")])
    assert X.tolist() == [[2, 1.5], [3, 2]]
    assert cells["c"].tolist() == ["x", ""]
    assert style == Style("\t", ",")
    file = write("a;c\n1.234;x\n;\n\n2;y\n;\n\n")
    with pytest.raises(ValueError, match=r"'1\.234', which may be 1\.234 or 1234: say which"):
        load_rows(file, [Column("a")])
    X = load_rows(file, [Column("a")], thousands=".")[0]
    np.testing.assert_array_equal(X, [[1234], [np.nan], [np.nan], [2]])
    known = load_rows(file, [Column("a")], style=Style())[0]
    np.testing.assert_array_equal(known[:1], [[1.234]])
    with pytest.raises(ValueError, match="has no column 'z'; it"):
        load_rows(file, [Column("a"), Column("z")])


def test_text_becomes_a_column_for_each_value_but_the_first(write):
    """As pandas's `get_dummies` has it."""
    rng = np.random.default_rng(0)
    frame = pandas.DataFrame(
        {
            "size": rng.normal(size=60).round(3),
            "sex": rng.choice(["male", "female"], 60),
            "port": rng.choice(["S", "C", "Q"], 60),
            "name": [f"name {i}" for i in range(60)],
            "kind": "all",
            "ill": rng.choice(["no", "yes"], 60),
        }
    )
    table = load_csv(write(frame.to_csv(index=False)), "ill")
    expected = pandas.get_dummies(frame[["size", "sex", "port"]], drop_first=True, prefix_sep="=")
    assert table.names == [*expected.columns]
    np.testing.assert_array_equal(table.X, expected.to_numpy(float))
    assert table.columns[2] == Column("port", ("C", "Q", "S"))
    assert table.left_out == (
        "column 'name', which is text of 60 values",
        "column 'kind', which has one value only, 'all'",
    )

    text = "port,size\nQ,1\n,2\nC,?\nC,4\n"
    X, _, _ = load_rows(write(text), [Column("size"), Column("port", ("C", "Q", "S"))])
    np.testing.assert_array_equal(X, [[1, 1, 0], [np.nan] * 3, [np.nan] * 3, [4, 0, 0]])
    for wrong, message in (
        ("Z,1", "column 'port' must be one of C, Q, S, as in training, got 'Z'"),
        ("C,1 %", r"line 2: column 'size' must be a number, got '1 %' \(with '%'\)"),
    ):
        with pytest.raises(ValueError, match=message):
            load_rows(write(f"port,size\n{wrong}\n"), table.columns[:1] + table.columns[2:])


def test_a_mark_is_not_left_out_without_a_word_on_its_gaps(write):
    table = load_csv(write("a,flag,c\n1,x,0\n2,,1\n3,x,0\n"), "c")
    assert table.left_out == (
        "column 'flag', which has one value only, 'x', and else gaps: 1 of 3 cells",
    )


def test_one_label_against_the_rest(write):
    file = write("a,c\n1,Setosa\n2,virginica\n3,setosa\n4,versicolor\n")
    table = load_csv(file, "c", one="setosa")
    assert (table.classes, table.y.ravel().tolist()) == (("not Setosa", "Setosa"), [1, 0, 1, 0])
    with pytest.raises(ValueError, match=r"one must be a label of 'c', Setosa, setosa, vers.* 'x'"):
        load_csv(file, "c", one="x")
    assert load_csv(write("a,c\n1,0.0\n2,1.0\n"), "c", one="1").classes == ("0.0", "1.0")
    file = write("a,c\n1,0\n2,1\n3,2\n")
    assert load_csv(file, "c", one="2").y.ravel().tolist() == [0, 0, 1]
    assert load_csv(write("a,c\n1,no\n2,yes\n"), "c", one="no").classes == ("yes", "no")


def test_rows_with_gaps_may_be_left_out(write):
    file = write("a,b,c\n1,2,0\n,3,1\n3,Total,0\n4,5,\n5,6,1\n")
    table = load_csv(file, "c", missing="drop")
    assert (table.X.tolist(), table.y.ravel().tolist()) == ([[1, 2], [5, 6]], [0, 1])
    assert table.left_out == (
        "3 of 5 rows: the target is missing 1 of 5 cells; column 'a' is missing 1 of 4 cells; "
        "column 'b' has 1 of 4 cells that are no numbers, such as 'Total' in line 4",
    )
    said = "of one class at most without 1 of 3 rows: column 'a' is missing 1 of 3 cells: leave"
    with pytest.raises(ValueError, match=said):
        load_csv(write("a,c\n1,0\n3,0\n,1\n"), "c", missing="drop")
    with pytest.raises(ValueError, match="missing must be 'refuse' or 'drop', got 'keep'"):
        load_csv(file, "c", missing="keep")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("a;c\n950;0\n1.250;1\n", {"decimal": ","}, [950, 1250]),
        ("a;c\n950;0\n1.250;1\n", {"decimal": "."}, [950, 1.25]),
        ("a;c\n950;0\n1,250;1\n", {"thousands": ","}, [950, 1250]),
        ('a,c\n950,0\n"1,250,000.5",1\n', {}, [950, 1250000.5]),
        ("a;b;c\n1.250;2,5;0\n3.400,5;3;1\n", {}, [1250, 3400.5]),
        ("a;b;c\n1.234;0.5;0\n5.678;2;1\n", {}, [1.234, 5.678]),
        ("a;c\n1 234,5;0\n5,25;1\n", {"thousands": " "}, [1234.5, 5.25]),
        ('a,c\n"1.234",0\n5,1\n', {"thousands": "."}, [1234, 5]),
        ("a;c\n1'250;0\n5;1\n", {"thousands": "'"}, [1250, 5]),
        ("a;c\n0.125;0\n5;1\n", {}, [0.125, 5]),
    ],
)
def test_decimals_and_thousands(write, text, options, expected):
    assert load_csv(write(text), "c", **options).X[:, 0].tolist() == expected


def test_what_stands_above_the_rows(write):
    assert load_csv(write("sep=|\na|c\n1|0\n2|1\n"), "c").style == Style("|")
    assert load_csv(write("Title\n\na,c\n1,0\n2,1\n"), "c", skip=2).names == ["a"]
    table = load_csv(write("5.1,3,x\n4.9,2,y\n"), "3", header=False)
    assert (table.names, table.X.tolist()) == (["1", "2"], [[5.1, 3], [4.9, 2]])
    years = load_csv(write("2019,2020,c\n1,2,0\n2,3,1\n"), "c")
    assert years.names == ["2019", "2020"]
    message = "cells that are no numbers, such as 'x' in line 5"
    with pytest.raises(ValueError, match=message):
        load_csv(write("\nTitle\na,c\n1,0\nx,1\n2,0\n"), "c", skip=1)


def test_files_that_cannot_be_read(write, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_csv(tmp_path / "none.csv", "c")
    with pytest.raises(ValueError, match=r"line 2 is not text in UTF-8: save"):
        load_csv(write("a,c\n1,ç\n", "latin-1"), "c")
    for delimiter in ("", ",,", '"', "\n"):
        with pytest.raises(ValueError, match="delimiter must be one character"):
            load_csv(write("a,c\n"), "c", delimiter=delimiter)


def test_a_table_is_split_and_scaled_by_the_rows_to_train_on(write):
    numbers = np.random.default_rng(0).normal(5, 2, (40, 2))
    lines = [f"{a!r},7,{b!r},{'nu'[i % 2]}\n" for i, (a, b) in enumerate(numbers.tolist())]
    table = load_csv(write("a,b,c,kind\n" + "".join(lines)), "kind")
    np.testing.assert_array_equal(table.X[:, ::2], numbers)
    assert (table.target, table.left_out) == ("kind", ())
    rows = table.split(0.3, rng=0)
    X, X_test, y, y_test = split(table.X, table.y, 0.3, rng=0)
    assert rows.table is table
    np.testing.assert_array_equal(rows.y, y)
    np.testing.assert_array_equal(rows.y_test, y_test)
    scaler = StandardScaler().fit(X)
    np.testing.assert_allclose(rows.X, scaler.transform(X), atol=1e-14)
    np.testing.assert_allclose(rows.X_test, scaler.transform(X_test), atol=1e-14)
    np.testing.assert_allclose(rows.mean, X.mean(axis=0))
    np.testing.assert_allclose(rows.deviation, [X.std(axis=0)[0], 0, X.std(axis=0)[2]])
    table = load_csv(write("a,c\n" + "1,0\n" * 20 + "2,1\n"), "c")
    with pytest.raises(ValueError, match="rows are all 0: choose a smaller test fraction"):
        table.split(0.9, rng=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decimal": "x"}, r"decimal must be '\.' or ',', got 'x'"),
        ({"thousands": "ab"}, "thousands must be one sign, such as ',' or '.', got 'ab'"),
        ({"thousands": "1"}, "thousands must be one sign"),
        ({"thousands": 5}, "thousands must be one sign, such as ',' or '.', got 5"),
        ({"decimal": ",", "thousands": ","}, "thousands must be another sign than decimal"),
        ({"skip": -1}, "skip must be a whole number of at least 0, got -1"),
        ({"skip": "1"}, "skip must be a whole number"),
        ({"one": 3}, "one must be a label of 'c', 0, 1, got '3'"),
    ],
)
def test_wrong_options_are_named(write, options, message):
    with pytest.raises(ValueError, match=message):
        load_csv(write("a,c\n1,0\n2,1\n"), "c", **options)


@pytest.mark.parametrize(("cells", "decimal"), [("1,5;2,25", "."), ('"1.5";"2.25"', ",")])
def test_a_decimal_sign_that_is_another_is_refused(write, cells, decimal):
    one, other = cells.split(";")
    file = write(f"a;c\n{one};x\n{other};y\n")
    with pytest.raises(ValueError, match=r"the decimal sign is '[.,]', not"):
        load_csv(file, "c", decimal=decimal)


@pytest.mark.parametrize("wrong", [{"columns": None}, {"columns": ["a"]}, {"style": 3}])
def test_rows_are_read_by_columns_of_a_table(write, wrong):
    (name,) = wrong
    with pytest.raises(TypeError, match=f"^{name} must be "):
        load_rows(write("a\n1\n"), **{"columns": [Column("a")]} | wrong)
