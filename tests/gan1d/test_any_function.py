import dataclasses

import keras
import numpy as np
import pytest

from gan1d import (
    FUNCTIONS,
    Function1D,
    Points,
    advised_settings,
    define_discriminator,
    define_gan,
    define_generator,
    define_models,
    learn,
    train,
)
from gan1d.any_function import jumps, turns
from gan1d.recipes import Stable

HILL = Function1D("hill", "50 - (x - 2000)²", lambda x: 50 - (x - 2000) ** 2, 1990, 2010)


def test_scaled_models_are_the_tutorial_s_in_the_function_s_own_numbers():
    generator, discriminator, _ = define_models(HILL, recipe="stable", rng=0)
    plain_generator = define_generator(rng=0)
    plain_discriminator = define_discriminator(logits=True, rng=0)
    for scaled, plain in ((generator, plain_generator), (discriminator, plain_discriminator)):
        assert scaled.count_params() == plain.count_params()
        plain.set_weights(scaled.get_weights())
    latent_points = np.random.default_rng(0).normal(size=(50, 5))
    samples = generator.predict(latent_points, verbose=0)
    scaled_samples = plain_generator.predict(latent_points, verbose=0)
    np.testing.assert_allclose(samples, scaled_samples * [10, 50] + [2000, 0], atol=2e-3)
    np.testing.assert_allclose(
        discriminator.predict(samples, verbose=0),
        plain_discriminator.predict(scaled_samples, verbose=0),
        atol=1e-4,
    )


def test_by_the_tutorial_s_recipe_the_models_are_the_tutorial_s():
    generator, discriminator, _ = define_models(HILL)
    assert [len(model.layers) for model in (generator, discriminator)] == [2, 2]
    assert not any(model.get_weights()[1].any() for model in (generator, discriminator))


@pytest.mark.slow
def test_what_stable_learns_does_not_depend_on_the_function_s_scale():
    """x², and the same in other units: by powers of two, so that float32 rounds alike."""
    scaled = []
    for function in (FUNCTIONS["square"], Function1D("x²", "x²", lambda x: x * x / 4, -4, 4)):
        models = define_models(function, recipe="stable", rng=0)
        train(*models, n_epochs=50, function=function, rng=1, plot=False, verbose=0)
        latent_points = np.random.default_rng(2).normal(size=(50, 5))
        samples = models[0].predict(latent_points, verbose=0)
        scaled.append((samples - function.centre) / function.half_range)
    np.testing.assert_allclose(*scaled, atol=1e-5)
    assert np.ptp(scaled[0], axis=0).min() > 0.5


def test_the_penalty_is_of_the_slope_in_scaled_coordinates():
    """Of one unit's score, 3 x' - 2 y' + 0.5 in scaled coordinates, whose slope squared is 13."""
    _, discriminator, gan = define_models(HILL, recipe="stable", hidden=(1,))
    hidden, last = (x for x in discriminator.layers if isinstance(x, keras.layers.Dense))
    hidden.set_weights([np.array([[3.0], [-2.0]]), np.array([10.0])])
    last.set_weights([np.array([[1.0]]), np.array([-9.5])])
    points = HILL.draw(64, np.random.default_rng(0)).astype(np.float32)
    losses = [
        float(keras.ops.convert_to_numpy(Stable(gamma).d_loss(gan, points, points)))
        for gamma in (1, 0)
    ]
    assert losses[0] - losses[1] == pytest.approx(13, rel=1e-2)  # float32 has 16 bits left of x


@pytest.mark.parametrize("layer", [keras.layers.Dropout(0.5), keras.layers.GaussianNoise(1.0)])
def test_the_penalty_does_not_compare_scores_of_different_masks(layer):
    discriminator = keras.Sequential(
        [keras.Input((2,)), layer, keras.layers.Dense(1, activation="sigmoid")]
    )
    discriminator.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    discriminator.layers[-1].set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    gan = define_gan(define_generator(), discriminator, recipe="stable")
    points = np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32)
    loss = float(keras.ops.convert_to_numpy(Stable(1000).d_loss(gan, points, points)))
    assert loss == pytest.approx(13_000, rel=1e-3)


def test_three_lines_from_a_function_to_samples(capsys):
    root = learn(np.sqrt, 0, 100, hidden=(15,), rng=0, verbose=2)
    samples = root.samples(1000, rng=0)
    ax = root.plot(rng=0)

    assert root.performance.learned
    assert capsys.readouterr().out.endswith("\nLearned.\n")
    x, y = samples.T
    assert np.histogram(x, 10, (0, 100))[0].min() > 50  # of 100
    inside = (x > 1) & (x < 100)
    assert np.mean(np.abs(y - np.sqrt(np.clip(x, 0, None)))[inside]) < 0.5
    assert ax.get_legend_handles_labels()[1] == ["real", "fake"]


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((np.sqrt, 0), TypeError, "high must be given"),
        ((np.sqrt, 1, 0), ValueError, "low must be less than high"),
        ((np.log, 0, 1), ValueError, "'log' must be finite"),
        (("square", 0, 1), TypeError, "low and high must not be given with 'square'"),
        ((3,), TypeError, "function must be a name, a Function1D, a function that draws"),
    ],
)
def test_bad_functions(args, error, message):
    with pytest.raises(error, match=message):
        learn(*args)


def test_points_are_learned_as_a_function_is():
    rows = np.random.default_rng(0).uniform(0, 10, 500)
    points = Points(np.stack([rows, 3 * rows + 1000], axis=1), "line")
    line = learn(points, hidden=(15,), n_epochs=3000, rng=0, verbose=0)
    x, y = line.samples(500, rng=0).T
    assert np.mean(np.abs(y - 3 * x - 1000)) < 1.5
    assert np.isnan(line.performance.curve_error)
    assert line.history.measures().endswith("(by coverage and energy ratio; there is no curve).")


@pytest.mark.parametrize(("n_columns", "hidden"), [(1, (50,)), (2, (50,)), (3, (50, 50))])
def test_settings_without_a_curve(n_columns, hidden):
    """Second layers are leaky then: of ReLU units there most would die."""
    rows = np.random.default_rng(0).normal(size=(99, n_columns))
    assert advised_settings(rows)["hidden"] == hidden
    for function, expected in ((rows, ["relu", "leaky_relu"]), ("cube", ["relu", "relu"])):
        for model in define_models(function, recipe="stable", hidden=(3, 4))[:2]:
            layers = [layer for layer in model.layers if layer.name.startswith("hidden")]
            assert [layer.activation.__name__ for layer in layers] == expected


BENDS, MORE, STEPS, MANY = (
    {"recipe": "stable", "hidden": (25, 25), "n_epochs": 10000},
    {"recipe": "stable", "hidden": (25, 25), "n_epochs": 20000},
    {"recipe": "stable", "hidden": (50, 50), "n_epochs": 20000},
    {"recipe": "winding", "hidden": (100, 100), "n_epochs": 30000},
)


@pytest.mark.parametrize(
    ("f", "n_turns", "n_jumps", "advised"),
    [
        (lambda x: x, 0, 0, BENDS),
        (lambda x: 0 * x, 0, 0, BENDS),
        (np.sign, 0, 2, BENDS),
        (np.abs, 1, 0, BENDS),
        (lambda x: np.cos(1.5 * np.pi * x), 3, 0, BENDS),
        (lambda x: np.sin(2 * np.pi * x), 4, 0, MORE),
        (lambda x: np.cos(2.5 * np.pi * x), 5, 0, MORE),
        (lambda x: -np.sin(5 * np.pi * x), 10, 0, MANY),
        (lambda x: np.sin(10 * np.pi * x), 20, 0, MANY),
        (lambda x: np.floor(2.499 * x), 0, 5, STEPS),
        (lambda x: x + 0.01 * np.sin(100 * x), 0, 0, BENDS),  # ripples are no turns
        (lambda x, rng: rng.uniform(size=len(x)), 0, 0, BENDS | {"hidden": (50,)}),  # nor is noise
    ],
)
def test_settings_by_turns_and_jumps(f, n_turns, n_jumps, advised):
    function = Function1D("f", "f", f, -1, 1)
    assert (turns(function), jumps(function)) == (n_turns, n_jumps)
    assert advised_settings(function) == advised
    given = dataclasses.replace(function, given=("x",))
    assert advised_settings(given)["recipe"] == "stable"


@pytest.mark.slow
def test_networks_with_waves(tmp_path, run_python):
    """As their formula in NumPy says, also where plain Keras loads them."""
    models = define_models(HILL, recipe="winding", hidden=(7, 6), rng=0)
    for model, name in zip(models, ("generator", "discriminator"), strict=False):
        model.save(tmp_path / f"{name}.keras")
    code = """
import sys
import keras
import numpy as np
rng = np.random.default_rng(0)

def hidden_and_last(x, layers):
    waves = [f(np.pi * k * x[:, :1]) for f in (np.sin, np.cos) for k in (1, 2, 4)]
    x = np.concatenate([x, *waves], axis=1)
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel + bias
        x = np.maximum(x, 0) if i < 2 else x
    return x

for name, n_inputs in (("generator", 1), ("discriminator", 2)):
    model = keras.saving.load_model(f"{name}.keras")
    x = rng.normal(size=(20, n_inputs))
    weights = model.get_weights()
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    if name == "generator":
        (kernel, bias), *layers = layers
        expected = hidden_and_last(x @ kernel + bias, layers) * [10 / 3, 50] + [2000, 0]
    else:
        expected = hidden_and_last(x, layers)
        x = x * [10 / 3, 50] + [2000, 0]
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=2e-3, atol=2e-3)
assert "gan1d" not in sys.modules
"""
    finished = run_python(code)
    assert finished.returncode == 0, finished.stderr
    for define in (define_generator, define_discriminator):
        with pytest.raises(ValueError, match="function must be given with fourier"):
            define(fourier=True)


@pytest.mark.thorough
def test_a_curve_of_many_turns_is_learned(capsys):
    function = Function1D("waves", "sin 6πx", lambda x: np.sin(6 * np.pi * x), -1, 1)
    waves = learn(function, rng=0, verbose=2)
    assert "12 turns" in capsys.readouterr().out
    assert waves.performance.learned
    assert waves.samples(10).shape == (10, 2)


def test_a_whole_number_gives_each_layer_weights_of_its_own():
    """The kinks of the first hidden layer, where its units are 0, go through no common point."""
    generator, discriminator, _ = define_models("square", recipe="stable", rng=1)
    for model in (generator, discriminator):
        kernel, bias = next(
            x for x in model.layers if isinstance(x, keras.layers.Dense)
        ).get_weights()
        common, *_ = np.linalg.lstsq(kernel.T, -bias)
        assert np.abs(kernel.T @ common + bias).max() > 0.3
    same = [m.get_weights()[1].ravel()[:15] for m in (generator, discriminator)]
    assert not np.allclose(*same)
