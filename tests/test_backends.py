"""The three backends side by side, a process each, from the same weights on the same draws."""

import importlib.util
import itertools
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from gan1d import define_discriminator, define_generator

BACKENDS = ("tensorflow", "jax", "torch")
ROOT = pathlib.Path(__file__).resolve().parent.parent
pytestmark = [
    pytest.mark.slow,
    *(
        pytest.mark.skipif(importlib.util.find_spec(backend) is None, reason=f"needs {backend}")
        for backend in BACKENDS
    ),
]

TRAIN_AND_LOAD = """
import keras
import numpy as np
from gan1d import define_gan, generate_fake_samples, train
from logreg import compare, sample_data

backend = keras.config.backend()
generator = keras.saving.load_model("generator.keras")
discriminator = keras.saving.load_model("discriminator.keras")
train(generator, discriminator, define_gan(generator, discriminator), n_epochs=50, rng=0, verbose=0)
generator.save(f"trained-{backend}.keras")
unit = compare(*sample_data(rng=0), rng=0).keras
arrays = [*generator.get_weights(), *discriminator.get_weights()]
np.savez(
    backend,
    *arrays,
    weights=unit.weights,
    bias=unit.bias,
    probabilities=unit.probabilities,
    samples=generate_fake_samples(generator, 5, 100, rng=1)[0],
)
print("saved", flush=True)
input()  # until the others have saved
for saved_by in ("tensorflow", "jax", "torch"):
    generator = keras.saving.load_model(f"trained-{saved_by}.keras")
    samples, _ = generate_fake_samples(generator, 5, 100, rng=1)
    expected = np.load(f"{saved_by}.npz")["samples"]
    np.testing.assert_allclose(samples, expected, rtol=0, atol=1e-6)
"""


def test_training_agrees_and_saved_models_load(tmp_path):
    define_generator().save(tmp_path / "generator.keras")
    define_discriminator().save(tmp_path / "discriminator.keras")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TRAIN_AND_LOAD],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": backend},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for backend in BACKENDS
    ]
    for process in processes:
        assert process.stdout.readline() == "saved\n"
    results = [dict(np.load(tmp_path / f"{backend}.npz")) for backend in BACKENDS]
    unit = "weights", "bias", "probabilities"  # of the float64 logistic regression
    for one, other in itertools.combinations(results, 2):
        for name in one:
            # Of float64 JAX and PyTorch keep float32's digits in a product and in the loss.
            bound = 1e-7 if name in unit else 1e-5
            np.testing.assert_allclose(one[name], other[name], rtol=0, atol=bound, err_msg=name)
            assert one[name].dtype == ("float64" if name in unit else "float32")
    for process in processes:
        process.communicate("the others have saved\n")
        assert process.returncode == 0


@pytest.mark.parametrize("backend", ["jax", "torch"])  # TensorFlow's is in test_train_gan.py
def test_a_run_says_nothing_that_is_not_its_own(run_python, backend):
    """Keras imports TensorFlow, which chatters, on every backend where it saves a model."""
    options = "--epochs 100 --output o".split()
    finished = run_python("scripts/train_gan.py", *options, KERAS_BACKEND=backend)
    assert (finished.returncode, finished.stderr) == (0, "")
