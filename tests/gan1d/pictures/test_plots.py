from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from gan1d import (
    Performance,
    Points,
    define_discriminator,
    define_generator,
    generate_real_samples,
    plot_accuracies,
    plot_distributions,
    plot_field,
    plot_learning_curves,
    plot_losses,
    plot_measure,
    plot_samples,
    plot_scores,
    summarize_performance,
    train,
)
from gan1d.pictures.plots import save_figure
from gan1d.sweep import plot_sweep, plot_worst_and_best

HISTORY = SimpleNamespace(
    history={"update": [100, 200], "d_loss_real": [1, 2], "d_loss_fake": [3, 4], "g_loss": [5, 6]},
    evaluations=[Performance(99, *[0.5] * 9), Performance(199, *[0.4] * 7, 0.5, 0.3)],
)
RELATIVE = SimpleNamespace(
    history={"update": [100, 200], "d_loss": [1, 2], "g_loss": [5, 6]},
    evaluations=HISTORY.evaluations,
    relative=True,
)
SAMPLES = np.random.default_rng(0).normal(size=(2, 10, 2))
GROUP = {"function": "square", "recipe": "stable", "hidden": None, "seeds": 2, "learned": 1}
GROUP |= {"low": 0.1, "high": 0.9, "distances": np.array([1e-3, 1]), "worst": 1, "best": 0}
ONE = {
    "samples": lambda **ax: plot_samples(*SAMPLES, **ax),
    "field": lambda **ax: plot_field(define_discriminator(), *SAMPLES, arrows=True, **ax),
    "losses": lambda **ax: plot_losses(HISTORY, **ax),
    "accuracies": lambda **ax: plot_accuracies(HISTORY, **ax),
    "scores": lambda **ax: plot_scores(RELATIVE, **ax),
    "measure": lambda **ax: plot_measure(HISTORY, "coverage", **ax),
}
SEVERAL = {
    "learning curves": lambda: plot_learning_curves(HISTORY),
    "distributions": lambda: plot_distributions(*SAMPLES),
    "sweep": lambda: plot_sweep([GROUP]),
    "worst and best": lambda: plot_worst_and_best([GROUP], lambda group, seed: SAMPLES).ravel(),
}


@pytest.mark.parametrize("draw", ONE.values(), ids=ONE)
def test_one_axes_are_drawn_where_asked_for_or_shown(draw):
    backend = matplotlib.get_backend()
    given = Figure().subplots()
    assert draw(ax=given) is given
    assert pyplot.get_fignums() == []
    assert draw().figure.number in pyplot.get_fignums()
    assert matplotlib.get_backend() == backend


@pytest.mark.parametrize("draw", SEVERAL.values(), ids=SEVERAL)
def test_more_axes_are_a_new_figure_that_is_shown(draw):
    assert draw()[0].figure.number in pyplot.get_fignums()


@pytest.mark.parametrize("draw", [*ONE.values(), *SEVERAL.values()], ids=[*ONE, *SEVERAL])
def test_all_that_is_written_is_within_the_figure(draw):
    axes = draw()
    figure = (axes if hasattr(axes, "figure") else axes[0]).figure
    figure.draw_without_rendering()
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_visible() and text.get_text() and text.axes is not None:
            box = text.get_window_extent()
            ticks = [
                label
                for axis in (text.axes.xaxis, text.axes.yaxis)
                for label in axis.get_ticklabels(which="both")
            ]
            if text not in ticks:
                inside = figure.bbox.padded(1)
                assert inside.contains(*box.min), text
                assert inside.contains(*box.max), text


def test_a_file_s_figure_is_closed_and_the_caller_s_is_not(tmp_path):
    save_figure(plot_samples(*SAMPLES), tmp_path / "a.png")
    assert pyplot.get_fignums() == []
    ax = plot_samples(*SAMPLES)
    options = {"plot": True, "verbose": 0}
    models = define_generator(), define_discriminator()
    summarize_performance(0, *models, ax=ax, file=tmp_path / "b.png", **options)
    assert pyplot.get_fignums() == [ax.figure.number]
    summarize_performance(0, *models, file=tmp_path / "c.png", **options)
    assert pyplot.get_fignums() == [ax.figure.number]
    assert all((tmp_path / f"{name}.png").exists() for name in "abc")


def test_by_a_relative_recipe_scores_are_in_the_place_of_accuracies():
    losses, scores, *_ = plot_learning_curves(RELATIVE)
    assert [list(line.get_ydata()) for line in losses.lines[:2]] == [[1, 2], [5, 6]]
    np.testing.assert_allclose(scores.lines[0].get_ydata(), [0, 0.2])
    assert scores.lines[1].get_ydata()[0] == 0


def test_points_have_no_distances_from_a_curve():
    axes = plot_distributions(*SAMPLES, function=Points(SAMPLES[0]))
    assert [ax.get_xlabel() for ax in axes] == ["x", "y"]


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


def test_learning_curves_without_an_evaluation():
    losses = {"update": [100], "d_loss_real": [0.7], "my_loss": [0.5]}
    history = SimpleNamespace(history=losses, evaluations=[])
    losses, _, distance, _ = plot_learning_curves(history)
    assert list(distance.lines[0].get_xdata()) == []
    labels = [line.get_label() for line in losses.lines]
    assert labels == ["discriminator, on real samples", "my_loss", "ln 2: neither side wins"]


def test_distributions_count_every_sample():
    real, _ = generate_real_samples(200, rng=0)
    fake = real + np.array([0.1, 0.05])
    by_x, by_y, errors = plot_distributions(real, fake)
    for ax in (by_x, by_y):
        assert sum(bar.get_height() for bar in ax.containers[0]) == 200
    share, distance = errors.lines[0].get_data()
    assert share[-1] == 1
    expected = np.sort(np.abs(fake[:, 1] - np.clip(fake[:, 0], -0.5, 0.5) ** 2)) / 0.25
    np.testing.assert_allclose(distance, np.maximum(100 * expected, 0.1), rtol=1e-6)
