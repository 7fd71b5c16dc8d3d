"""Whatever the arguments: a result, or an error that names one of them.

Warnings are errors here, as in all tests.
"""

import contextlib
import io
import random
import re
import shutil
import signal
import sys

import compare_runs
import numpy as np
import plot_models
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib import pyplot

import gan1d
import logreg
from gan1d import measures
from gan1d.commands import common, sweep, train
from logreg import activations, command

numbers = st.floats(allow_nan=True, allow_infinity=True)
JUNK = st.one_of(
    st.none() | st.booleans() | st.integers(-3, 3) | numbers | st.text(max_size=5),
    st.sampled_from([10**30, -(2**63), np.int64(2), np.float32(2), 2 + 1j, object(), int, print]),
    st.sampled_from([b"a", {}, (), [[1], [1, 2]], ["a"], np.array(["a"])]),
    st.lists(numbers, max_size=3),
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, bool]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
)
discriminator, generator = gan1d.define_discriminator(), gan1d.define_generator()
gan = gan1d.define_gan(generator, discriminator)
FS = [np.square, np.sqrt, np.tan, np.log, np.sum, lambda x: "y", abs]
COUNT, SHARE, NONE_TO_TRAIN = st.integers(1, 6), st.floats(0.01, 0.99), st.just(0)
POINTS = hnp.arrays(np.float64, (5, 2), elements=st.floats(-1e6, 1e6))
LABELS = hnp.arrays(np.int64, (5,), elements=st.integers(0, 1))
RNG = {"rng": st.none() | st.integers(0, 2**40) | st.builds(np.random.default_rng, st.just(0))}
FUNCTION = {"function": st.sampled_from([*gan1d.FUNCTIONS, *gan1d.FUNCTIONS.values()])}
RECIPE = {"recipe": st.sampled_from([*gan1d.RECIPES])}
HIDDEN = {"hidden": st.sampled_from([None, (3,), [2, 4]])}
GENERATOR, DISCRIMINATOR = (
    {"generator": st.just(generator)},
    {"discriminator": st.just(discriminator)},
)
TRAINED = {"g_model": generator, "d_model": discriminator, "gan_model": gan}
QUIET = {"plot": st.just(False), "verbose": st.just(0), **FUNCTION, **RNG}
BOTH, CLASSES = {"real": POINTS, "fake": POINTS}, {"X": POINTS, "y": LABELS}
RATE = {"learning_rate": st.floats(1e-6, 10)}
UNIT = logreg.LogisticRegressionNN(2, rng=0)
PUBLIC = {  # where a user's input enters: the arguments, each with what is documented to work
    gan1d.Function1D: {"name": st.text(), "formula": st.text(), "f": st.sampled_from(FS)}
    | {"low": numbers, "high": numbers},
    gan1d.Points: {
        "rows": POINTS,
        "columns": st.sampled_from([None, ["a", "b"]]),
        "given": st.just(()),
    },
    gan1d.generate_real_samples: {"n": COUNT, **FUNCTION, **RNG},
    gan1d.generate_fake_samples: {**GENERATOR, "latent_dim": st.just(5), "n": COUNT, **RNG},
    gan1d.define_discriminator: {"n_inputs": COUNT, **RNG},
    gan1d.define_generator: {"latent_dim": COUNT, "n_outputs": COUNT},
    gan1d.define_gan: {**GENERATOR, **DISCRIMINATOR, **RECIPE, "n_epochs": COUNT},
    gan1d.define_models: {**FUNCTION, **RECIPE, **HIDDEN, "latent_dim": COUNT, **RNG},
    gan1d.learn: {"f": FUNCTION["function"], "low": st.none(), "high": st.none(), **HIDDEN, **RNG}
    | {"n_epochs": NONE_TO_TRAIN},
    gan1d.train: {name: st.just(model) for name, model in TRAINED.items()}
    | {"latent_dim": st.just(5), "n_epochs": NONE_TO_TRAIN, "n_batch": COUNT, "n_eval": COUNT}
    | {"file": st.sampled_from([None, "{epoch}.png", "{x}"]), **QUIET},
    gan1d.summarize_performance: {
        "epoch": COUNT,
        **GENERATOR,
        **DISCRIMINATOR,
        "n": COUNT,
        **QUIET,
    },
    gan1d.Film: {"every": COUNT, "n": COUNT, **FUNCTION, **RNG},
    measures.energy_distance: {"x": POINTS, "y": POINTS},
    gan1d.plot_field: {**DISCRIMINATOR, **BOTH, **FUNCTION, "arrows": st.booleans()}
    | {"extent": st.sampled_from([None, (0, 1, -1, 2.5)]), **RECIPE},
    gan1d.load_points: {"file": st.just("no.csv")},
    activations.softmax: {"z": POINTS},
    logreg.Neuron: {"num_inputs": COUNT, **RNG},
    UNIT.train: {**CLASSES, "epochs": COUNT, **RATE},
    UNIT.predict: {"X": POINTS, "threshold": SHARE},
    logreg.compare: {**CLASSES, "epochs": NONE_TO_TRAIN, **RNG, **RATE},
    logreg.find_minimum: {**CLASSES, "penalty": st.floats(1e-3, 10)},
    logreg.measures.confusion_matrix: {"y": LABELS, "predictions": LABELS},
    logreg.split: {**CLASSES, "test_fraction": SHARE, **RNG},
}
FEW_OR_MANY = pytest.mark.parametrize("share", [0.06, pytest.param(1, marks=pytest.mark.thorough)])


@FEW_OR_MANY
@pytest.mark.parametrize("function", PUBLIC, ids=lambda f: f.__qualname__)
def test_any_arguments(function, share, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    strategies = PUBLIC[function]
    options = {"deadline": None, "suppress_health_check": [*HealthCheck], "database": None}

    # The thorough look elsewhere each time.
    @settings(max_examples=int(200 * share), derandomize=share < 1, **options)
    @given(st.data(), st.sampled_from([*strategies, *strategies, None]))
    def call(data, wrong):
        arguments = {
            name: data.draw(JUNK if name == wrong else strategy, label=name)
            for name, strategy in strategies.items()
        }
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                function(**arguments)
            except OSError as error:
                assert error.filename  # noqa: PT017
            except (TypeError, ValueError, FloatingPointError) as error:
                message = str(error)
                named = [name for name in strategies if re.search(rf"\b{name}\b", message)]
                assert named or (
                    function in (gan1d.Function1D, gan1d.learn) and "function" in message
                ), message
                assert "unexpected keyword" not in message
        pyplot.close("all")

    call()


SCRIPTS = (train, sweep, command, plot_models, compare_runs)
QUICK = {"--epochs": "3", "--seeds": "2", "--eval-every": "2", "--workers": "1", "--output": "o"}
OTHERS = {"--points": "points.csv", "--csv": "data.csv", "--target": "y", "--predict": "data.csv"}
WORDS = ("-1", "0", "1.5", "nan", "inf", "1e999", "x", "", "--", "-", "9" * 30, "é", "a,b", "--no")


def command_lines(script, count, monkeypatch):
    """Yield so many lists of words, most of which the script understands."""
    parsers = []
    monkeypatch.setattr(common.Parser, "parse_args", lambda parser: parsers.append(parser) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        script.parse_arguments()
    monkeypatch.undo()
    drawn = random.Random(0)
    options = [action for action in parsers[0]._actions if action.dest not in ("help", "version")]
    for _ in range(count):
        words = []
        for action in drawn.sample(options, drawn.randint(0, min(5, len(options)))):
            name = (action.option_strings or [""])[0]
            value = (QUICK | OTHERS).get(name, str(action.default))
            value = value if drawn.random() < 0.7 else drawn.choice(WORDS)
            words += [name] * bool(name) + [value] * (action.nargs != 0)
        yield words


@FEW_OR_MANY
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda module: module.__name__)
def test_any_command_line(script, share, monkeypatch, tmp_path, capsys):
    """It is understood, or there is one line on standard error and exit status 2."""
    for words in command_lines(script, int(80 * share), monkeypatch):
        monkeypatch.chdir(tmp_path)
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
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda module: module.__name__)
def test_any_command_line_to_its_end(script, monkeypatch, tmp_path, capsys):
    """It writes the files that it lists, or there is one line; no part of a file stays."""
    lines = [*command_lines(script, 40, monkeypatch)]
    monkeypatch.chdir(tmp_path)
    terminated = signal.getsignal(signal.SIGTERM)
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n2,2\n")
    (tmp_path / "data.csv").write_text("a,b,y\n1,2,0\n3,1,1\n2,2,0\n4,0,1\n5,1,1\n0,3,0\n")
    for i, words in enumerate(lines):
        if i % 4:  # else what was there is found
            shutil.rmtree(tmp_path / "o", ignore_errors=True)
        monkeypatch.setattr(sys, "argv", [f"{script.__name__}.py", *words])
        status = 0
        try:
            common.run(script.main)
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
