"""Whatever the arguments: a result of the documented shape, or an error that names one of them.

Warnings are errors here, as in all tests.
"""

import contextlib
import inspect
import io
import random
import re
import shutil
import signal
import sys
import types

import _common
import benchmark
import compare_logreg
import compare_runs
import keras
import make_images
import numpy as np
import plot_models
import pytest
import sweep_seeds
import train_gan
from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib import pyplot

import gan1d
import logreg
from gan1d import evaluation, sweep
from logreg import activations, measures, plots

FEW_OR_MANY = pytest.mark.parametrize("share", [0.06, pytest.param(1, marks=pytest.mark.thorough)])
CALLS = {"functions": 0, "command lines": 0}

numbers = st.floats(allow_nan=True, allow_infinity=True)
arrays = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, bool]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([10**30, -(2**63), 1.5, -1.0, np.int64(2), np.float32(2), 2 + 1j]),
    numbers,
    st.text(max_size=5),
    st.binary(max_size=3),
    st.lists(numbers, max_size=3),
    arrays,
    st.sampled_from([object(), int, print, {}, (), [[1], [1, 2]], ["a"], np.array(["a"])]),
)
COUNT = st.integers(1, 6)
RNG = st.one_of(st.none(), st.integers(0, 2**40), st.builds(np.random.default_rng, st.just(0)))
FUNCTION = st.sampled_from([*gan1d.FUNCTIONS, *gan1d.FUNCTIONS.values()])
HIDDEN = st.sampled_from([None, (3,), [2, 4]])
POINTS = hnp.arrays(np.float64, (5, 2), elements=st.floats(-1e6, 1e6))
ROWS = hnp.arrays(np.float64, (5, 2), elements=st.floats(-1e100, 1e100))
LABELS = hnp.arrays(np.int64, (5,), elements=st.integers(0, 1))
SHARES = hnp.arrays(np.float64, (5,), elements=st.floats(0, 1))
COST = {
    "penalty": st.floats(0, 10),
    "sample_weight": hnp.arrays(np.float64, (5,), elements=st.floats(1e-3, 10)),
}
DTYPE = st.sampled_from(["float32", "float64", np.float64])
RATE = st.floats(1e-6, 10)


discriminator, generator = gan1d.define_discriminator(), gan1d.define_generator()
GENERATOR, DISCRIMINATOR = st.just(generator), st.just(discriminator)
gan = gan1d.define_gan(generator, discriminator)
GAN = st.just(gan)
SMALL = {"plot": st.just(False), "verbose": st.just(0)}
HISTORY = types.SimpleNamespace(
    history={"update": [100, 200], "d_loss": [1.0, 0.7], "g_loss": [0.5, 0.7]},
    evaluations=[evaluation.Performance(199, *[0.5] * 9)],
)
FILM = gan1d.Film(1, n=3, rng=0)
FILM.set_model(gan)
FILM.on_train_begin()
HELD = {"numpy": logreg.LogisticRegressionNN(2, rng=0), "neuron": logreg.Neuron(2, rng=0)}
PUBLIC = {
    # What is called: the arguments, each with a strategy of what is documented to work.
    gan1d.Function1D: {
        "name": st.text(max_size=3),
        "formula": st.text(max_size=3),
        "f": st.sampled_from([np.square, np.sqrt, np.tan, np.log, np.sum, lambda x: "y", abs]),
        "low": numbers,
        "high": numbers,
    },
    gan1d.generate_real_samples: {"n": COUNT, "function": FUNCTION, "rng": RNG},
    gan1d.generate_random_samples: {"n": COUNT, "rng": RNG},
    gan1d.generate_latent_points: {"latent_dim": COUNT, "n": COUNT, "rng": RNG},
    gan1d.generate_fake_samples: {
        "generator": GENERATOR,
        "latent_dim": st.just(5),
        "n": COUNT,
        "rng": RNG,
    },
    gan1d.define_discriminator: {"n_inputs": COUNT},
    gan1d.define_generator: {"latent_dim": COUNT, "n_outputs": COUNT},
    gan1d.define_gan: {
        "generator": GENERATOR,
        "discriminator": DISCRIMINATOR,
        "recipe": st.sampled_from([*gan1d.RECIPES]),
        "n_epochs": COUNT,
    },
    gan1d.Points: {"name": st.just("points"), "rows": POINTS},
    gan1d.advised_size: {"function": FUNCTION},
    gan1d.define_models: {
        "function": FUNCTION,
        "recipe": st.sampled_from([*gan1d.RECIPES]),
        "hidden": HIDDEN,
        "latent_dim": COUNT,
        "n_epochs": COUNT,
        "rng": RNG,
    },
    gan1d.learn: {
        "f": FUNCTION,
        "low": st.none(),
        "high": st.none(),
        "hidden": HIDDEN,
        "n_epochs": st.just(0),  # what is right otherwise would train
        "rng": RNG,
        "verbose": st.just(0),
    },
    gan1d.train: {
        "g_model": GENERATOR,
        "d_model": DISCRIMINATOR,
        "gan_model": GAN,
        "latent_dim": st.just(5),
        "n_epochs": st.just(0),  # what is right otherwise would train
        "n_batch": COUNT,
        "n_eval": COUNT,
        "function": FUNCTION,
        "rng": RNG,
        "file": st.sampled_from([None, "{epoch}.png", "{x}"]),
        **SMALL,
    },
    gan1d.train_discriminator: {
        "model": DISCRIMINATOR,
        "n_epochs": st.just(0),
        "n_batch": COUNT,
        "function": FUNCTION,
        "rng": RNG,
    },
    gan1d.summarize_performance: {
        "epoch": st.integers(0, 9),
        "generator": GENERATOR,
        "discriminator": DISCRIMINATOR,
        "latent_dim": st.just(5),
        "n": COUNT,
        "function": FUNCTION,
        "rng": RNG,
        **SMALL,
    },
    gan1d.Film: {"every": COUNT, "n": COUNT, "function": FUNCTION, "rng": RNG},
    evaluation.energy_distance: {"x": POINTS, "y": POINTS},
    evaluation.coverage: {"samples": POINTS, "function": FUNCTION, "n_bins": COUNT},
    evaluation.curve_error: {"samples": POINTS, "function": FUNCTION},
    gan1d.plot_samples: {"real": POINTS, "fake": POINTS, "ax": st.none()},
    gan1d.plot_field: {
        "discriminator": DISCRIMINATOR,
        "real": POINTS,
        "fake": POINTS,
        "function": FUNCTION,
        "arrows": st.booleans(),
        "extent": st.sampled_from([None, (0, 1, -1, 2.5)]),
        "relative": st.booleans(),
        "ax": st.none(),
    },
    gan1d.plot_distributions: {"real": POINTS, "fake": POINTS, "function": FUNCTION},
    gan1d.plot_losses: {"history": st.just(HISTORY), "ax": st.none()},
    gan1d.plot_accuracies: {"history": st.just(HISTORY), "ax": st.none()},
    gan1d.plot_scores: {"history": st.just(HISTORY), "ax": st.none()},
    gan1d.plot_measure: {
        "history": st.just(HISTORY),
        "key": st.sampled_from(["coverage", "energy_distance"]),
        "ax": st.none(),
    },
    gan1d.plot_learning_curves: {"history": st.just(HISTORY)},
    gan1d.save_diagram: {"model": GENERATOR, "file": st.just("x.txt")},  # no picture's name
    gan1d.save_gif: {"film": st.just(FILM), "file": st.just("film.gif")},
    gan1d.save_page: {
        "films": st.sampled_from([FILM, {"a": FILM, "b": FILM}]),
        "file": st.just("film.html"),
        "title": st.text(max_size=3),
    },
    gan1d.load_page: {"file": st.just("no.html")},
    sweep.train_seed: {
        "seed": st.just(-1),  # what is right otherwise would train
        "recipe": st.sampled_from([*gan1d.RECIPES]),
        "function": FUNCTION,
        "n_epochs": st.just(0),
    },
    **{
        getattr(activations, name): {"z": ROWS}
        for name in dir(activations)
        if name.endswith("_derivative") or f"{name}_derivative" in dir(activations)
    },
    activations.softmax: {"z": ROWS},
    **{
        function: {"z": ROWS, name: st.floats(0.01, 1)}
        for name, functions in {
            "negative_slope": (activations.leaky_relu, activations.leaky_relu_derivative),
            "alpha": (activations.elu, activations.elu_derivative),
        }.items()
        for function in functions
    },
    logreg.Neuron: {"num_inputs": COUNT, "rng": RNG},
    HELD["neuron"].forward: {"x": ROWS},
    logreg.LogisticRegressionNN: {"input_size": COUNT, "dtype": DTYPE, "rng": RNG},
    HELD["numpy"].forward: {"X": ROWS},
    HELD["numpy"].compute_cost: {"X": ROWS, "y": LABELS, **COST},
    HELD["numpy"].compute_gradients: {"X": ROWS, "y": LABELS, **COST},
    HELD["numpy"].train: {
        "X": ROWS,
        "y": LABELS,
        "learning_rate": RATE,
        "epochs": COUNT,
        **COST,
    },
    HELD["numpy"].predict: {"X": ROWS, "threshold": st.floats(0, 1)},
    logreg.define_logistic_regression: {
        "n_features": COUNT,
        "learning_rate": RATE,
        "dtype": DTYPE,
        "l2": st.floats(0, 10),
    },
    logreg.compare: {
        "X": ROWS,
        "y": LABELS,
        "learning_rate": RATE,
        "epochs": st.just(0),
        "threshold": st.floats(0, 1),
        "class_weight": st.sampled_from([None, {0: 1, 1: 2.5}]),
        "dtype": DTYPE,
        "rng": RNG,
        **COST,
    },
    logreg.find_minimum: {"X": ROWS, "y": LABELS, **COST},
    measures.confusion_matrix: {"y": LABELS, "predictions": LABELS},
    measures.accuracy: {"y": LABELS, "predictions": LABELS},
    measures.precision: {"y": LABELS, "predictions": LABELS},
    measures.recall: {"y": LABELS, "predictions": LABELS},
    measures.roc_curve: {"y": LABELS, "probabilities": SHARES},
    measures.calibration_curve: {"y": LABELS, "probabilities": SHARES, "n_bins": COUNT},
    logreg.sample_data: {"n": COUNT, "rng": RNG},
    logreg.standardize: {"X_train": ROWS},
    plots.plot_decision: {
        "X": ROWS,
        "y": LABELS,
        "weights": hnp.arrays(np.float64, (2, 1), elements=st.floats(-9, 9)),
        "bias": hnp.arrays(np.float64, (1, 1), elements=st.floats(-9, 9)),
        "names": st.none(),
        "classes": st.just(["no", "yes"]),
    },
    plots.plot_roc: {
        "y": LABELS,
        "probabilities": SHARES,
        "classes": st.just(["no", "yes"]),
    },
    plots.plot_calibration: {
        "y": LABELS,
        "probabilities": SHARES,
        "n_bins": COUNT,
        "classes": st.just(["no", "yes"]),
    },
    plots.plot_neuron: {
        "names": st.just(["a", "b", "c"]),
        "weights": hnp.arrays(np.float64, (3, 1), elements=st.floats(-9, 9)),
        "bias": hnp.arrays(np.float64, (1, 1), elements=st.floats(-9, 9)),
    },
    logreg.split: {"X": ROWS, "y": LABELS, "test_fraction": st.floats(0.01, 0.99), "rng": RNG},
}


@FEW_OR_MANY
@pytest.mark.parametrize("function", PUBLIC, ids=lambda f: f.__qualname__)
def test_any_arguments(function, share, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    strategies = PUBLIC[function]
    unknown = set(strategies) - set(inspect.signature(function).parameters)
    assert not unknown
    one_wrong = st.sampled_from([*strategies, *strategies, None])

    @settings(
        max_examples=int(200 * share),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=share < 1,  # the thorough look elsewhere each time
    )
    @given(st.data())
    def call(data):
        wrong = data.draw(one_wrong)
        arguments = {
            name: data.draw(JUNK if name == wrong else strategy, label=name)
            for name, strategy in strategies.items()
        }
        CALLS["functions"] += 1
        before = keras.config.floatx(), keras.config.dtype_policy()
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                result = function(**arguments)
            except OSError as error:
                assert error.filename  # noqa: PT017
            except (TypeError, ValueError, FloatingPointError) as error:
                message = str(error)
                named = [name for name in strategies if re.search(rf"\b{name}\b", message)]
                assert named or (function is gan1d.Function1D and "function" in message), message
                assert "unexpected keyword" not in message
            else:
                for array in result if isinstance(result, tuple) else (result,):
                    if wrong is None and isinstance(array, np.ndarray) and array.dtype.kind == "f":
                        assert not np.isnan(array).any()
        assert (keras.config.floatx(), keras.config.dtype_policy()) == before
        pyplot.close("all")

    call()


SCRIPTS = {
    train_gan: {
        "--epochs": "3",
        "--batch": "8",
        "--eval-every": "2",
        "--latent-dim": "4",
        "--function": "sine",
        "--recipe": "stable",
        "--seed": "1",
        "--output": "o",
        "--points": "points.csv",
        "--low": "0",
        "--high": "2",
        "--hidden": "6,7",
        "--compare": "tutorial,stable",
        "--no-film": None,
        "--profile": None,
        "--resume": None,
        "--overwrite": None,
    },
    sweep_seeds: {
        "--seeds": "2",
        "--first-seed": "7",
        "--recipe": "tutorial,stable",
        "--function": "sine,square",
        "--epochs": "5",
        "--hidden": "6",
        "--overwrite": None,
        "--workers": "2",
        "--output": "o",
    },
    compare_logreg: {
        "--csv": "data.csv",
        "--target": "y",
        "--drop": "b",
        "--delimiter": ",",
        "--predict": "data.csv",
        "--penalty": "0.1",
        "--balanced": None,
        "--digits": "9",
        "--learning-rate": "0.1",
        "--epochs": "3",
        "--threshold": "0.4",
        "--seed": "random",
        "--test-fraction": "0.3",
        "--output": "o",
    },
    plot_models: {"--format": "svg", "--output": "o"},
    compare_runs: {"--output": "o.html"},
    make_images: {"--output": "o"},
    benchmark: {"--rounds": "1", "--only": "gan", "--output": "o"},  # the last: it takes minutes
}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: evaluation.energy_distance([[1], [1, 2]], [[0.0]]), "x must be an array of num"),
        (
            lambda: gan1d.summarize_performance(0, generator, discriminator, plot=np.array([])),
            "plot must be True or False",
        ),
        (lambda: gan1d.save_diagram(generator, 3), "file must be a path, got 3"),
        (lambda: gan1d.save_page([gan1d.Film(1)], "x"), "films must be a Film, or Films by"),
        (lambda: gan1d.learn("sine", hidden=np.array(0.0)), "hidden must be units such as"),
        (lambda: activations.leaky_relu([1.0], 10**30), "negative_slope must be a number in"),
        (lambda: activations.elu([1.0], None), "alpha must be a number, got None"),
    ],
)
def test_what_was_found_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()


def test_what_was_found_has_a_result():
    assert activations.softmax([]).shape == (0,)
    assert activations.tanh_derivative([8.98846567431158e307]) == 0
    assert len(gan1d.plot_distributions(np.zeros((5, 2)), np.full((5, 2), 5e-324))) == 3


QUICK = {  # given first, so that what is drawn wins
    train_gan: ["--epochs", "3"],
    sweep_seeds: ["--epochs", "3", "--seeds", "2"],
    compare_logreg: ["--epochs", "3"],
}
WORDS = ("-1", "0", "1.5", "nan", "inf", "1e999", "x", "", "--", "-", "9" * 30, "é", "a,b", "--no")


def command_lines(script, count):
    """Yield so many lists of words, most of which the script understands."""
    drawn = random.Random(0)
    options = SCRIPTS[script]
    for _ in range(count):
        words = []
        for option in drawn.sample([*options], drawn.randint(0, len(options))):
            words.append(option)
            value = options[option] if drawn.random() < 0.7 else drawn.choice(WORDS)
            words += [value] if value is not None else []
        if drawn.random() < 0.1:
            words.insert(drawn.randint(0, len(words)), drawn.choice(WORDS))
        yield words


@FEW_OR_MANY
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda module: module.__name__)
def test_any_command_line(script, share, monkeypatch, tmp_path, capsys):
    """It is understood, or there is one line on standard error and exit status 2."""
    monkeypatch.chdir(tmp_path)
    for words in command_lines(script, int(80 * share)):
        monkeypatch.setattr(sys, "argv", [f"{script.__name__}.py", *words])
        try:
            script.parse_arguments()
        except SystemExit as end:
            status, errors = end.code, capsys.readouterr().err
        else:
            continue
        assert status == 2, words
        assert errors.startswith(f"{script.__name__}.py: error: "), words
        assert errors.count("\n") == 1, words
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.parametrize("script", [*SCRIPTS][:-1], ids=lambda module: module.__name__)
def test_any_command_line_to_its_end(script, monkeypatch, tmp_path, capsys, nothing_stays_hidden):
    """It writes the files that it lists, or there is one line; no part of a file stays."""
    monkeypatch.chdir(tmp_path)
    terminated = signal.getsignal(signal.SIGTERM)
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n2,2\n")
    (tmp_path / "data.csv").write_text("a,b,y\n1,2,0\n3,1,1\n2,2,0\n4,0,1\n5,1,1\n0,3,0\n")
    for words in command_lines(script, 4 if script is make_images else 80):
        words = [*QUICK.get(script, []), *words]
        if CALLS["command lines"] % 4:  # else what was there is found
            shutil.rmtree(tmp_path / "o", ignore_errors=True)
        CALLS["command lines"] += 1
        monkeypatch.setattr(sys, "argv", [f"{script.__name__}.py", *words])
        status = 0
        try:
            _common.run(script.main)
        except SystemExit as end:
            status = end.code
        finally:
            signal.signal(signal.SIGTERM, terminated)
        printed = capsys.readouterr()
        if status == 0:
            files = printed.out.partition("Files written:\n")[2].partition("\n\n")[0].split()
            assert files, words
            assert all((tmp_path / file).is_file() for file in files), words
        else:
            one_line = printed.err if status == 2 else status
            assert one_line.startswith(f"{script.__name__}.py: error: "), words
            assert one_line.strip().count("\n") == 0, words
        assert not [*tmp_path.rglob(".*")], words


@pytest.fixture(scope="module", autouse=True)
def count():
    yield
    print(f"\n{CALLS['functions']:,} calls of functions, {CALLS['command lines']:,} command lines")
