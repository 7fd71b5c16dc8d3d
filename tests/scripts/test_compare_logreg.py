import csv
import re
import signal
import subprocess
import sys
import time

import matplotlib.image
import numpy as np
import pytest
from conftest import ROOT
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

from logreg import load_csv, split, standardize

FIGURES = ("costs", "decision", "activations", "cost_surfaces", "neuron", "model")


def numbers_of(text, what):
    """Return the numbers in the row of the printed table that begins with `what`."""
    (row,) = re.findall(rf"^{what} {{2,}}(.*)$", text, re.MULTILINE)
    return [float(number) for number in row.split()]


def test_the_notebook_s_example_from_an_empty_folder(run_python, tmp_path):
    finished = run_python("scripts/compare_logreg.py")
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert numbers_of(finished.stdout, "cost before")[:2] == pytest.approx([0.893624983899058] * 2)
    assert numbers_of(finished.stdout, "cost after")[:2] == pytest.approx([0.285949444339663] * 2)
    assert numbers_of(finished.stdout, "accuracy")[:2] == [0.98, 0.98]
    for what in ("cost before", "cost after", "weight of x1", "weight of x2", "bias"):
        numpy, keras, difference = numbers_of(finished.stdout, what)
        assert abs(numpy - keras) <= 1e-15
        assert abs(difference) <= 1e-15
    listed = finished.stdout.split("Files written:\n")[1].split()
    assert listed == [f"outputs/logreg/{name}.png" for name in FIGURES]
    for file in listed:
        assert (tmp_path / file).read_bytes().startswith(b"\x89PNG")


def test_breast_cancer_is_told_as_well_as_by_scikit_learn(run_python, tmp_path):
    data = load_breast_cancer()
    with open(tmp_path / "cancer.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["always 3", *data.feature_names, "diagnosis"])
        for x, label in zip(data.data, data.target, strict=True):
            writer.writerow([3, *x, data.target_names[label]])
    options = "--csv cancer.csv --target diagnosis --learning-rate 0.1 --seed 3".split()
    finished = run_python("scripts/compare_logreg.py", *options)
    assert finished.returncode == 0, finished.stderr
    assert "Class 0 is diagnosis = benign, class 1 is malignant." in finished.stdout
    assert "Column 'always 3' is constant" in finished.stdout
    for what in ("cost after", "accuracy", "weight of mean radius", "bias"):
        assert abs(numbers_of(finished.stdout, what)[2]) < 1e-13
    ours = numbers_of(finished.stdout, "accuracy, held out")
    assert ours[0] == ours[1]

    table = load_csv(tmp_path / "cancer.csv", "diagnosis")
    X, X_test, y, y_test = split(table.X, table.y, 0.25, rng=np.random.RandomState(3))
    X, X_test, _ = standardize(X, X_test)
    theirs = LogisticRegression().fit(X, y[:, 0]).score(X_test, y_test[:, 0])
    assert ours[0] == pytest.approx(theirs, abs=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--epochs 0", "argument --epochs: must be a whole number of at least 1"),
        ("--learning-rate 0", "argument --learning-rate: must be a number more than 0, got '0'"),
        ("--learning-rate inf", "argument --learning-rate: must be a number more than 0"),
        ("--threshold 1.5", "argument --threshold: must be a number from 0 to 1, got '1.5'"),
        ("--threshold nan", "argument --threshold: must be a number"),
        ("--test-fraction 1", "argument --test-fraction: must be a number from 0 to 1"),
        ("--dtype float16", "argument --dtype: invalid choice"),
        ("--csv data.csv", "--csv and --target need each other"),
    ],
)
def test_bad_options_are_one_line(run_python, options, message):
    finished = run_python("scripts/compare_logreg.py", *options.split())
    assert finished.returncode == 2
    assert finished.stderr.startswith(f"compare_logreg.py: error: {message}")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file or directory: 'data.csv'"),
        ("a,b\n1,0\n", "data.csv has no column 'c'; it has a, b"),
        ("a,c\n1,0\n2,0\n3,0\n4,0\n5,1\n", "the training rows are all 0: choose another --seed"),
    ],
)
def test_bad_files_are_one_line(run_python, tmp_path, text, message):
    if text is not None:
        (tmp_path / "data.csv").write_text(text)
    finished = run_python(
        "scripts/compare_logreg.py", *"--csv data.csv --target c --seed 5".split()
    )
    assert finished.returncode == 1
    assert message in finished.stderr
    assert finished.stderr.count("\n") == 1


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
