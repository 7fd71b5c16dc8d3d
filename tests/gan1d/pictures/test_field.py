import keras
import numpy as np
import pytest

from gan1d import (
    FUNCTIONS,
    Function1D,
    Points,
    define_discriminator,
    generate_real_samples,
    plot_field,
    plot_samples,
)
from gan1d.samples import scaled, unscaled

SAMPLES = np.random.default_rng(0).normal(size=(2, 10, 2))


def arrows_of(ax):
    arrows = next(c for c in ax.collections if hasattr(c, "U"))
    return np.stack([arrows.U, arrows.V], axis=1)


@pytest.fixture
def unit():
    """A discriminator of one sigmoid unit, D = 1 / (1 + exp(-(3 x - 2 y + 0.5)))."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    return model


def test_arrows_are_the_gradient_of_the_generator_s_loss(unit):
    """-ln D of a sigmoid unit has the gradient -(1 - D) w; the longest are cut."""
    samples = np.random.default_rng(0).uniform(-0.1, 0.1, (50, 2)).astype(np.float32)
    ax = plot_field(unit, samples, samples, arrows=True, extent=(-0.5, 0.5, -0.5, 0.5))
    found = arrows_of(ax)
    expected = (1 - 1 / (1 + np.exp(-(samples @ [3, -2] + 0.5))))[:, np.newaxis] * [3, -2]
    lengths = np.hypot(*found.T)
    np.testing.assert_allclose(np.median(lengths), 0.04, rtol=1e-3)
    factor = 0.04 / np.median(np.hypot(*expected.T))
    np.testing.assert_allclose(found, factor * expected, rtol=2e-3)


def test_by_scores_arrows_are_of_pairs_and_lines_above_the_mean_of_the_real_ones(unit):
    """softplus(s(real) - s(fake)) has the gradient -sigmoid(s(real) - s(fake)) w."""
    real, fake = SAMPLES
    extent = (-4, 4, -4, 4)
    ax = plot_field(unit, real, fake, recipe="stable", arrows=True, extent=extent)
    apart = np.subtract.outer(real @ [3, -2], fake @ [3, -2])
    pull = (1 / (1 + np.exp(-apart))).mean(axis=0)[:, np.newaxis] * [3, -2]
    lengths = np.hypot(*pull.T)
    share = np.minimum(0.04 / np.median(lengths), 0.08 / lengths)  # of the extent
    np.testing.assert_allclose(arrows_of(ax), 8 * share[:, np.newaxis] * pull, rtol=1e-2)
    *_, lines = (c for c in ax.collections if len(getattr(c, "levels", [])) == 3)
    x, y = lines.get_paths()[1].vertices.T
    np.testing.assert_allclose(3 * x - 2 * y, (real @ [3, -2]).mean(), atol=1e-3)
    field = ax.collections[0].levels
    np.testing.assert_allclose(field, -field[::-1])


RANGES = (
    Function1D("far", "(x - 2000)²", lambda x: (x - 2000) ** 2, 1990, 2010),
    Function1D("small", "x²", np.square, -1e-3, 1e-3),
    Function1D("large", "10⁶ (x - 10⁵)", lambda x: 1e6 * (x - 1e5), 1e5, 1e5 + 1000),
    Points(np.random.default_rng(0).normal(2000, 3, (50, 2))),
)


@pytest.mark.parametrize("function", RANGES, ids=lambda f: f.name)
@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
def test_the_pull_is_the_same_on_any_range(function, recipe):
    """Networks that are scaled see the same points, wherever they are, and are drawn alike."""
    drawn, middles, halves = [], function.centre, function.half_range
    near_1 = Points(scaled(function.rows, function))
    if function.curve() is not None:
        near_1 = Function1D(
            "scaled",
            "f",
            lambda x: (function(x * halves[0] + middles[0]) - middles[1]) / halves[1],
            -1,
            1,
        )
    for f in (function, near_1):
        model = define_discriminator(function=f, rng=0)
        at = unscaled(np.random.default_rng(1).uniform(-1, 1, (2, 30, 2)), f)
        ax = plot_field(model, *at, function=f, arrows=True, recipe=recipe)
        drawn.append(arrows_of(ax) / f.half_range)
        labels = [line.get_label() for line in ax.lines]
        assert labels == (["pull"] if isinstance(f, Points) else ["function", "pull"])
    assert np.hypot(*drawn[0].T).max() > 0.05
    np.testing.assert_allclose(*drawn, atol=0.02)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_field_shows_the_discriminator_and_all_of_the_curve(unit, name):
    real, _ = generate_real_samples(30, function=name, rng=0)
    ax = plot_field(unit, real, real[:10] + 0.1, function=name, arrows=True)
    for values, (low, high) in zip(real.T, (ax.get_xlim(), ax.get_ylim()), strict=True):
        assert low < values.min() < values.max() < high
    # D is one half on the line y = 1.5 x + 0.25.
    (lines,) = (c for c in ax.collections if list(getattr(c, "levels", [])) == [0.25, 0.5, 0.75])
    half = lines.get_paths()[1].vertices
    np.testing.assert_allclose(half[:, 1], 1.5 * half[:, 0] + 0.25, atol=1e-3)
    assert ax.figure.axes[1].get_ylabel() == "D(x, y), probability of real"
    assert plot_field(unit, real, real, ax=plot_samples(real, real)).figure.axes[1:] == []


def test_a_constant_has_a_field_too(unit):
    one = Function1D("one", "1", np.ones_like)
    real, _ = generate_real_samples(5, function=one, rng=0)
    ax = plot_field(unit, real, real, function=one, arrows=True)
    assert ax.get_ylim() == pytest.approx((1 - 5 / 3, 1 + 5 / 3))
