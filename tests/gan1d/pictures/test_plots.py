import keras
import numpy as np
import pytest
from matplotlib import pyplot

from gan1d import (
    FUNCTIONS,
    Function1D,
    generate_real_samples,
    plot_distributions,
    plot_field,
    plot_learning_curves,
    plot_losses,
    plot_samples,
    train,
)
from gan1d.pictures.plots import pull_of_discriminator
from gan1d.runs.files import written_whole


def test_figures_are_drawn_from_the_data_and_none_is_left_open():
    samples = np.random.default_rng(0).normal(size=(2, 10, 2))
    ax = plot_samples(*samples)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["real", "fake"]
    history = keras.callbacks.History()
    history.history = {"update": [100, 200], "d_loss_real": [1, 2], "d_loss_fake": [3, 4]}
    history.history["g_loss"] = [5, 6]
    same = plot_losses(history, ax=ax)
    assert same is ax
    assert [list(line.get_ydata()) for line in ax.lines[:3]] == [[1, 2], [3, 4], [5, 6]]
    assert ax.lines[3].get_ydata()[0] == pytest.approx(np.log(2), abs=1e-4)
    assert pyplot.get_fignums() == []


@pytest.fixture
def unit():
    """A discriminator of one sigmoid unit, D = 1 / (1 + exp(-(3 x - 2 y + 0.5)))."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    return model


def test_the_pull_is_the_gradient_of_the_generator_s_loss(unit):
    """-ln D of a sigmoid unit has the gradient -(1 - D) w."""
    samples = np.random.default_rng(0).uniform(-1, 1, (50, 2)).astype(np.float32)
    z = samples @ [3, -2] + 0.5
    expected = (1 - 1 / (1 + np.exp(-z)))[:, np.newaxis] * [3, -2]
    np.testing.assert_allclose(pull_of_discriminator(unit, samples), expected, atol=1e-3)


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
    assert ax.get_ylim() == (0, 2)


def test_learning_curves_are_those_of_the_history(models):
    history = train(*models, n_epochs=60, n_eval=20, rng=0, plot=False, verbose=0)
    losses, accuracy, distance, coverage = plot_learning_curves(history)
    assert list(losses.lines[0].get_xdata()) == [20, 40, 60]
    for line, key in zip(losses.lines, ("d_loss_real", "d_loss_fake", "g_loss"), strict=False):
        assert list(line.get_ydata()) == history.history[key]
    for ax, i, key in (
        (accuracy, 0, "accuracy_real"),
        (accuracy, 1, "accuracy_fake"),
        (distance, 0, "energy_distance"),
        (coverage, 0, "coverage"),
    ):
        assert list(ax.lines[i].get_xdata()) == [20, 40, 60]
        assert list(ax.lines[i].get_ydata()) == [getattr(p, key) for p in history.evaluations]
    assert accuracy.lines[2].get_ydata()[0] == 0.5
    assert accuracy.get_xlim() == losses.get_xlim()


def test_learning_curves_without_an_evaluation(models):
    history = train(*models, n_epochs=5, n_eval=20, rng=0, plot=False, verbose=0)
    assert list(plot_learning_curves(history)[2].lines[0].get_xdata()) == []


def test_distributions_count_every_sample():
    real, _ = generate_real_samples(200, rng=0)
    fake = real + np.array([0.1, 0.05])
    by_x, by_y, errors = plot_distributions(real, fake)
    for ax in (by_x, by_y):
        assert sum(bar.get_height() for bar in ax.containers[0]) == 200
    share, distance = errors.lines[0].get_data()
    assert share[-1] == 1
    expected = np.sort(np.abs(fake[:, 1] - fake[:, 0] ** 2))
    np.testing.assert_allclose(distance, expected, rtol=1e-6)
    assert pyplot.get_fignums() == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a" / "file.txt"
    with written_whole(file) as temporary:
        temporary.write_text("old")
    with pytest.raises(OSError, match="disk"), written_whole(file) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]
