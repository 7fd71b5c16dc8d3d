import random
import zipfile

import keras
import numpy as np
import pytest

from logreg import (
    Classifier,
    LogisticRegressionNN,
    define_logistic_regression,
    load_logistic_regression,
)
from logreg.data import scaling
from logreg.keras_model import default_float, scaled_logistic_regression

X = np.random.default_rng(0).normal([5, 2000, 1e-9], [1, 30, 1e-9], (20, 3))
X = np.hstack([X, np.full((20, 1), 7.0)])


@pytest.fixture(params=["float64", "float32"])
def classifier(request):
    mean, deviation = scaling(X)
    unit = LogisticRegressionNN(4, dtype=request.param, rng=1)
    names = ["a", "größe, $cm$", "c\u3042", "d"]
    return Classifier(unit, names, "ill", ("no", "yes"), mean, deviation, 0.3)


def test_it_takes_columns_as_they_are(classifier):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0).clip(1e-12)
    probabilities = classifier.model.forward(scaled)
    np.testing.assert_allclose(classifier.forward(X), probabilities, rtol=1e-5)
    labels = np.where(probabilities[:, 0] >= 0.3, "yes", "no")
    assert classifier.predict(X).tolist() == labels.tolist()
    weights, bias = classifier.unscaled()
    z = X @ weights + bias
    np.testing.assert_allclose(1 / (1 + np.exp(-z)), probabilities, rtol=1e-5)


@pytest.mark.parametrize("classifier", ["float64"], indirect=True)
def test_it_loads_to_the_same_bits_in_another_process(classifier, run_python, tmp_path):
    classifier.save(tmp_path / "model.npz")
    keras_model = scaled_logistic_regression(
        classifier.model.weights, classifier.model.bias, classifier.mean, classifier.deviation
    )
    keras_model.save(tmp_path / "model.keras")
    with default_float("float64"):
        by_keras = keras_model.predict(X, verbose=0)
    np.testing.assert_allclose(by_keras, classifier.forward(X), atol=1e-5)
    np.savez(tmp_path / "expected.npz", X=X, numpy=classifier.forward(X), keras=by_keras)
    code = """
import sys
import numpy as np
from logreg import Classifier
expected = np.load("expected.npz")
classifier = Classifier.load("model.npz")
assert "keras" not in sys.modules and "matplotlib" not in sys.modules
np.testing.assert_array_equal(classifier.forward(expected["X"]), expected["numpy"])
assert classifier.names == ["a", "größe, $cm$", "c\u3042", "d"]
assert (classifier.target, classifier.classes) == ("ill", ("no", "yes"))
assert classifier.threshold == 0.3

for name in [name for name in sys.modules if name.startswith("logreg")]:
    del sys.modules[name]  # plain Keras loads the other file
import keras
model = keras.saving.load_model("model.keras")
keras.config.set_floatx("float64")
np.testing.assert_array_equal(model.predict(expected["X"], verbose=0), expected["keras"])
assert not any(name.startswith("logreg") for name in sys.modules)
"""
    finished = run_python(code, JAX_ENABLE_X64="1")
    assert finished.returncode == 0, finished.stderr


def test_a_model_of_unscaled_columns_trains_on(classifier, tmp_path):
    model = scaled_logistic_regression(
        classifier.model.weights, classifier.model.bias, classifier.mean, classifier.deviation, 0.5
    )
    model.save(tmp_path / "model.keras")
    loaded = load_logistic_regression(tmp_path / "model.keras")
    assert float(loaded.optimizer.learning_rate) == 0.5
    assert isinstance(loaded.optimizer, keras.optimizers.SGD)


def damaged(content, rng):
    """Return the bytes with one thing wrong: a bit, a byte, some lost, some zero, cut off."""
    at, bytes_ = rng.randrange(len(content)), bytearray(content)
    match rng.randrange(5):
        case 0:
            bytes_[at] ^= 1 << rng.randrange(8)
        case 1:
            bytes_[at] = rng.randrange(256)
        case 2:
            del bytes_[at : at + rng.randint(1, 40)]
        case 3:
            bytes_[at : at + 20] = bytes(len(bytes_[at : at + 20]))
        case 4:
            del bytes_[at:]
    return bytes(bytes_)


def test_a_damaged_file_is_the_same_model_or_an_error(classifier, tmp_path):
    unit, file = LogisticRegressionNN(4, rng=1), tmp_path / "model.npz"
    rng, refused = random.Random(0), 0
    for model, load in ((classifier, Classifier.load), (unit, LogisticRegressionNN.load)):
        model.save(file)
        content = file.read_bytes()
        for _ in range(500):
            file.write_bytes(damaged(content, rng))
            try:
                loaded = load(file)
            except ValueError as error:
                assert "file must be one that save wrote" in str(error)  # noqa: PT017
                refused += 1
            else:
                np.testing.assert_array_equal(loaded.forward(X), model.forward(X))
                if model is classifier:
                    for name in ("names", "target", "classes", "threshold"):
                        assert getattr(loaded, name) == getattr(classifier, name)
    assert 500 < refused < 1000


@pytest.mark.parametrize("share", [0.04, pytest.param(1, marks=pytest.mark.thorough)])
def test_a_damaged_keras_file_is_the_same_model_or_an_error(tmp_path, share):
    file, model = tmp_path / "model.keras", define_logistic_regression(4)
    model.save(file)
    content, whole = file.read_bytes(), load_logistic_regression(file)
    with zipfile.ZipFile(file) as archive:
        header = archive.getinfo("model.weights.h5").header_offset
    flips = [(at, bit) for at in range(header, header + 400) for bit in range(8)]
    rng, refused = random.Random(0), 0
    rng.shuffle(flips)
    tries = [damaged(content, rng) for _ in range(int(1000 * share))]
    for at, bit in flips[: int(len(flips) * share / 2)]:
        tries.append(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
    for bytes_ in tries:
        file.write_bytes(bytes_)
        try:
            loaded = load_logistic_regression(file)
        except ValueError as error:
            assert "file must be a saved model" in str(error)  # noqa: PT017
            refused += 1
        else:
            for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
                np.testing.assert_array_equal(ours, theirs)
            assert loaded.get_config() == whole.get_config()
            assert loaded.optimizer.get_config() == whole.optimizer.get_config()
    assert 0.5 < refused / len(tries) < 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights", np.full((4, 1), np.nan)),
        ("weights", np.zeros((3, 1))),
        ("mean", np.zeros(3)),
        ("mean", np.full(4, np.inf)),
        ("deviation", np.zeros(4, complex)),
        ("names", np.array(["a", "b"])),
        ("names", np.arange(4)),
        ("classes", np.array(["no"])),
        ("threshold", np.array(2.0)),
        ("threshold", np.array("x")),
    ],
)
def test_arrays_that_do_not_belong_together(classifier, tmp_path, name, value):
    file = tmp_path / "model.npz"
    classifier.save(file)
    with np.load(file) as arrays:
        np.savez(file.with_name("other.npz"), **(dict(arrays) | {name: value}))
    with pytest.raises(ValueError, match=r"file must be one that save wrote, but .*other\.npz is"):
        Classifier.load(tmp_path / "other.npz")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("more.npy", b"")
    with pytest.raises(ValueError, match="file must be one that save wrote"):
        Classifier.load(file)
