import json

import numpy as np
import pytest

from logreg import Classifier
from logreg.data import scaled, scaling
from logreg.keras_model import scaled_logistic_regression
from logreg.tables import Column, Style

RNG = np.random.default_rng(0)
X = RNG.normal([5, 2000, 1e-9], [1, 30, 1e-9], (20, 3))
X = np.hstack([X, np.full((20, 1), 7.0)])
WEIGHTS, BIAS = RNG.normal(size=(4, 1)), np.array([[0.5]])
PROBABILITIES = 1 / (1 + np.exp(-scaled(X, *scaling(X)) @ WEIGHTS - BIAS))
COLUMNS = [Column("a"), Column("größe, $cm$", ("x", "y", "z")), Column("c\u3042")]
FACTS = (COLUMNS, "ill", ("no", "yes"), 0.3, Style(";", ","))


@pytest.fixture
def classifier():
    return Classifier(scaled_logistic_regression(WEIGHTS, BIAS, *scaling(X)), *FACTS)


def test_it_takes_columns_as_they_are(classifier):
    np.testing.assert_allclose(classifier.forward(X), PROBABILITIES, atol=1e-6)
    labels = np.where(PROBABILITIES[:, 0] >= 0.3, "yes", "no")
    assert classifier.predict(X).tolist() == labels.tolist()
    with pytest.raises(ValueError, match="X must hold a row for each sample and 4 columns"):
        classifier.predict(X[:, :3])


@pytest.mark.slow
def test_it_is_the_same_in_another_process_and_plain_keras_loads_its_model(
    classifier, run_python, tmp_path
):
    classifier.save(tmp_path / "model.keras")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.json", "model.keras"]
    np.savez(tmp_path / "expected.npz", X=X, probabilities=classifier.forward(X))
    code = """
import sys
import numpy as np
import keras
expected = np.load("expected.npz")
model = keras.saving.load_model("model.keras")
found = model.predict(expected["X"], verbose=0)
np.testing.assert_allclose(found, expected["probabilities"], atol=1e-4)  # of float32's years
assert not any(name.startswith("logreg") for name in sys.modules)
from logreg import Classifier
classifier = Classifier.load("model.keras")
np.testing.assert_array_equal(classifier.forward(expected["X"]), expected["probabilities"])
assert classifier.names == ["a", "größe, $cm$=y", "größe, $cm$=z", "c\u3042"]
assert (classifier.target, classifier.classes) == ("ill", ("no", "yes"))
assert classifier.threshold == 0.3
assert (classifier.style.delimiter, classifier.style.decimal) == (";", ",")
"""
    finished = run_python(code)
    assert finished.returncode == 0, finished.stderr


def test_a_damaged_model_is_an_error(classifier, tmp_path):
    file = tmp_path / "model.keras"
    classifier.save(file)
    content = file.read_bytes()
    for at in range(0, len(content), 97):
        for damaged in (content[:at], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
            file.write_bytes(damaged)
            with pytest.raises(ValueError, match="file must be a model that save wrote"):
                Classifier.load(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        Classifier.load(file)


@pytest.mark.parametrize(
    "facts",
    [
        "",
        {"columns": [["a", None], ["b", None]]},
        {"columns": None},
        {"style": {"sign": 1}},
        {"classes": ["no"]},
        {"threshold": 2},
        {"sha256": "0"},
        {"more": 1},
    ],
)
def test_facts_that_do_not_belong_to_the_model_are_an_error(classifier, tmp_path, facts):
    classifier.save(tmp_path / "model.keras")
    file = tmp_path / "model.json"
    if isinstance(facts, dict):
        facts = json.dumps(json.loads(file.read_text("utf-8")) | facts)
    file.write_text(facts)
    with pytest.raises(ValueError, match=r"must be a model that save wrote, with its \.json file"):
        Classifier.load(tmp_path / "model.keras")
