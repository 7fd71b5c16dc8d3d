import re
from types import SimpleNamespace

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn import metrics

from logreg import compare, find_minimum, report, sample_data
from logreg.tables import Column, Rows, Style, Table

RNG = np.random.default_rng(0)


def rows_of(X, y, test=0, names=None, **more):
    """Return rows, of which the last `test` are held out, as if of a table."""
    names = names or [f"x{i}" for i in range(X.shape[1])]
    names = [*map(Column, names)]
    table = Table(X, y, names, "ill", ("no", "yes"), **more)
    cut = len(X) - test
    return Rows(table, X[:cut], y[:cut], X[cut:], y[cut:], X.mean(axis=0), X.std(axis=0))


def drawn(m, n):
    X = RNG.normal(size=(m, n))
    return X, (X[:, :1] + RNG.logistic(size=(m, 1)) > 0).astype(int)


def test_numbers_are_those_of_the_comparison():
    rows = rows_of(*drawn(60, 2), test=20, names=["größe", "b"])
    comparison = compare(rows.X, rows.y, epochs=60, learning_rate=0.5, penalty=1, rng=0)
    text = report.numbers(comparison, rows, threshold=0.4, digits=17)
    found = dict(re.findall(r"^(\S.*?) {2,}(.*)$", text, re.MULTILINE))
    found = {what: [float(number) for number in cells.split()] for what, cells in found.items()}
    ends = comparison.numpy, comparison.keras, comparison.minimum
    for what, expected in (
        ("cost after", [ends[0].costs[-1], ends[1].costs[-1], ends[2].cost]),
        ("weight of größe", [end.weights[0, 0] for end in ends]),
        ("weight of b", [end.weights[1, 0] for end in ends]),
        ("bias", [end.bias[0, 0] for end in ends]),
    ):
        numpy, keras, difference, minimum = found[what]
        assert [numpy, keras, minimum] == expected
        assert difference == pytest.approx(keras - numpy, rel=0.05)
    probabilities = [1 / (1 + np.exp(-(rows.X_test @ end.weights + end.bias))) for end in ends]
    for what, measure in (
        ("accuracy, held out", metrics.accuracy_score),
        ("precision, held out", metrics.precision_score),
        ("recall, held out", metrics.recall_score),
    ):
        expected = [measure(rows.y_test, p >= 0.4) for p in probabilities]
        assert [found[what][i] for i in (0, 1, 3)] == pytest.approx(expected)
    expected = [metrics.roc_auc_score(rows.y_test, p) for p in probabilities]
    assert [found["AUC, held out"][i] for i in (0, 1, 3)] == pytest.approx(expected)
    four = report.numbers(comparison, rows)
    assert re.search(r"^cost after +0\.\d{4} +0\.\d{4} ", four, re.MULTILINE)


def test_of_many_weights_the_largest():
    rows = rows_of(*drawn(30, 120))
    comparison = compare(rows.X, rows.y, epochs=1, rng=0)
    text = report.numbers(comparison, rows)
    found = [int(i) for i in re.findall(r"^weight of x(\d+) ", text, re.MULTILINE)]
    assert found == np.argsort(-np.abs(comparison.numpy.weights[:, 0]))[:20].tolist()
    assert text.endswith("Of 120 weights, these are the 20 largest.")
    assert "minimum" not in text


def test_how_far_the_minimum_is():
    def progress(X, y, above):
        """Of a training that ended so far above the minimum."""
        minimum = find_minimum(X, y)
        costs = [1.0, (minimum.cost if minimum else 0) + above]
        trained = SimpleNamespace(costs=costs, weights=np.zeros((2, 1)))
        cost = {"X": X, "y": y, "penalty": 0.0, "sample_weight": None}
        comparison = SimpleNamespace(numpy=trained, minimum=minimum, cost=cost, rise=None)
        assert (report.advice(comparison) is None) == (minimum is None or above < 1e-9)
        return report.progress(comparison)

    X, y = drawn(50, 2)
    far = progress(X, y, 0.123)
    assert re.match(r"The cost is 0\.12 above its minimum, 0\.\d+\. To come near: a learn", far)
    assert re.search(r"rate of \d\.?\d?\nand \d\d0? epochs\.$", far)
    assert progress(X, y, 1e-10).startswith("The cost has reached its minimum, 0.")
    assert progress(X * [1, 3000], y, 1).endswith(" epochs, or a penalty, which makes it fewer.")
    assert progress(*sample_data(rng=0), 1).startswith("The classes are separable")
    wide = RNG.normal(size=(40, 1001))
    comparison = compare(wide, wide[:, 0] > 0, epochs=2, penalty=1)
    assert report.advice(comparison) is None
    assert report.progress(comparison).startswith("Of more than 1,000 columns the minimum is not")
    too_small = compare(*sample_data(rng=0), epochs=2, penalty=1e-15)
    assert report.progress(too_small).startswith("Float64 is too coarse")
    of_one_class = compare(X, np.ones(50), epochs=2, penalty=1)
    assert report.progress(of_one_class).startswith("All rows are of one class")


def test_a_run_that_diverged_is_called_one():
    X, y = drawn(50, 2)
    with pytest.warns(RuntimeWarning, match=r"the cost rose from \S+ to \S+: standardize X"):
        comparison = compare(100 * X, y, epochs=20, learning_rate=1, rng=0)
    assert comparison.rise == (comparison.numpy.costs.min(), comparison.numpy.costs[-1])
    first, second = report.progress(comparison).splitlines()[:2]
    assert re.fullmatch(r"Training diverged, the cost rose from \S+ to \S+: lower .* rate\.", first)
    assert second.startswith("The cost is ")
    assert compare(X, y, epochs=20, rng=0).rise is None


def test_what_is_held_out():
    rows = rows_of(*drawn(60, 1), test=30)
    p = RNG.random((30, 1)).round(1)
    heads, *cells, sure, guess = report.held_out(rows, p, threshold=0.3).splitlines()
    assert re.fullmatch(
        r"Of so many rows, with 95 % confidence: accuracy (0\.\d\d to [01]\.\d\d), precision (?1), "
        r"recall (?1), AUC (?1)\.".replace("(?1)", r"0\.\d\d to [01]\.\d\d"),
        sure,
    )
    assert heads.split() == "held out predicted no predicted yes".split()
    found = [[int(n) for n in line.split()[-2:]] for line in cells]
    assert found == metrics.confusion_matrix(rows.y_test, p >= 0.3).tolist()
    assert [line.split("  ")[0].rstrip() for line in cells] == ["ill = no", "ill = yes"]
    larger = int(rows.y.mean() >= 0.5)
    share = np.mean(rows.y_test == larger)
    assert guess == (
        f"Always guessing {('no', 'yes')[larger]}, the larger class of the training rows, is right "
        f"for {share:.4g} of them."
    )
    one = Rows(rows.table, rows.X, rows.y, np.ones((2, 1)), np.ones((2, 1)), *[np.ones(1)] * 2)
    text = report.held_out(one, np.zeros((2, 1)))
    assert "The model says no to every row." in text
    assert "They are all of one class" in text


def test_how_a_table_was_read():
    X, y = drawn(30, 25)
    X[:, 2:] = 7
    X[:, 1] = np.arange(30) + (np.arange(30) > 12)  # a row was left out
    left_out = ("column 'id', which is text of 30 values",)
    rows = rows_of(X, y, test=10, style=Style(";", ",", "."), left_out=left_out)
    rows.table.columns.append(Column("port", ("C",)))
    text = report.data(rows)
    for said in (
        "20 rows for training, 10 for testing, 25 features.",
        "Class 0 is ill = no, class 1 is yes: precision and recall are those of yes.",
        "Read with semicolons between the columns and decimal commas, points between thousands.",
        "Left out: column 'id', which is text of 30 values.",
        "Text, so 0/1 for each value but the first, 'C': port.",
        "so scaled to 0, and the weight tells nothing: x2, x3, x4,",
        "x21, ....",
        "Column 'x1' counts the rows: unless it means something, drop it.",
    ):
        assert said in text
    plain = report.data(rows_of(*drawn(1, 1)))
    assert plain.startswith("1 row for training, 0 for testing, 1 feature.\n")
    assert "Read with" not in plain


def test_weights_in_the_table_s_own_units():
    """What statsmodels has for these, and else the reason why there are no errors."""
    data = sm.datasets.spector.load_pandas()
    columns = [Column(name) for name in data.exog_name]
    table = Table(data.exog.to_numpy(), data.endog.to_numpy()[:, None], columns, "GRADE", (0, 1))
    rows = table.split(0)
    text = report.weights(compare(rows.X, rows.y, epochs=2), rows)
    assert re.search(r"^GPA +2\.826 +1\.263 +0\.3508 +5\.301 +16\.88$", text, re.MULTILINE)
    assert re.search(r"^bias +-13\.02 +4\.931 +-22\.69 +-3\.356$", text, re.MULTILINE)

    X, y = drawn(60, 3)
    apart = compare(np.hstack([X, 2.0 * y]), y, epochs=2)
    assert report.weights(apart, rows_of(np.hstack([X, 2.0 * y]), y)).startswith("There is no min")
    said = report.progress(apart, names=["a", "b", "c", "leak"])
    assert said.startswith("The classes are separated by 'leak' alone: ")
    for options, more, reason in (
        ({"penalty": 1}, X[:, :0], "With a penalty"),
        ({"class_weight": {0: 1, 1: 2}}, X[:, :0], "With rows that count differently"),
        ({}, X[:, :1] - X[:, 1:2], "Column 'x3' depends on x0, x1: which has what weight"),
    ):
        both = np.hstack([X, more])
        rows = Table(both, y, [Column(f"x{i}") for i in range(both.shape[1])], "t", "ab").split(0)
        found = report.weights(compare(rows.X, rows.y, epochs=2, **options), rows)
        assert found.startswith(reason)
    constant = Table(np.insert(X, 1, 5, axis=1), y, [Column(n) for n in "abcd"], "t", "ab").split(0)
    told = report.weights(compare(constant.X, constant.y, epochs=2), constant)
    assert re.search(r"^b +0 +– +– +– +1$", told, re.MULTILINE)
