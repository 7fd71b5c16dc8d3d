"""Figures. Each function returns the axes it drew on: those given as `ax`, or of a new figure.

A new figure is pyplot's, so that it shows in a notebook, and by `pyplot.show()`; whoever needs no
more of it closes it: `pyplot.close(ax.figure)`. Saving is the caller's: `ax.figure.savefig(...)`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gan1d._checks import fits_float32, points
from gan1d.files import written_whole
from gan1d.functions import SQUARE, get_function
from gan1d.samples import AnySource, names_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gan1d.callbacks import History

REAL, FAKE = "red", "blue"  # the tutorial's colours; markers tell the two apart in grey
PAIRED, HISTOGRAMS = 4, 12  # the first columns that are drawn, of many


def ink():
    """Return the colour that the style in use writes in: black, or white where it is dark."""
    from matplotlib import rcParams

    return rcParams["text.color"]


def new_axes(width=6.4, height=4.8, *, right=0.2, shown=True, projection=None):
    """Return axes on a new figure: of pyplot, or for a file alone where it is not to be shown.

    The sizes are in inches; `right` is the margin there. (Margins that a layout engine finds would
    take another pass over the figure, nearly its time again.)
    """
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    figure = (pyplot.figure if shown else Figure)(figsize=(width, height))
    figure.subplots_adjust(0.9 / width, 0.55 / height, 1 - right / width, 1 - 0.42 / height)
    return figure.subplots(subplot_kw={"projection": projection})


def given_or_new(ax, projection=None):
    """Return `ax`, checked to be Matplotlib axes, or those of a new figure for None."""
    from matplotlib.axes import Axes

    if ax is not None and not (isinstance(ax, Axes) and ax.name == (projection or "rectilinear")):
        of_three = " of projection='3d'" if projection else ""
        raise TypeError(f"ax must be Matplotlib axes{of_three}, got {ax!r}")
    return new_axes(projection=projection) if ax is None else ax


def save_figure(ax, file, **options):
    """Save the figure of `ax`, whole or not at all, and close it; `options` are `savefig`'s."""
    from matplotlib import pyplot

    with written_whole(file) as temporary:
        ax.figure.savefig(temporary, **options)
    pyplot.close(ax.figure)


def has_screen():
    """Return whether pyplot opens windows."""
    from matplotlib import pyplot
    from matplotlib.backends import BackendFilter, backend_registry

    headless = backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE)
    return pyplot.get_backend().lower() not in headless


def plot_samples(
    real: npt.ArrayLike,
    fake: npt.ArrayLike,
    *,
    columns: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes | Any:  # an array of them, of more than three columns
    """Draw the tutorial's scatter plot, real points red and fake ones blue.

    Of samples of one number two histograms, of three a plot in space, of more the first four
    columns, each against each.

    Args:
        real, fake: (n, d) and (m, d).
        columns: the d names of the axes; None for x, y, z.
        ax: the axes to draw on, for three columns of projection "3d", for more None; None for a new
            figure.

    Returns:
        The axes; of more than three columns an array of them.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it; so do all below.

    Example:
        >>> ax = plot_samples(np.zeros((9, 2)), np.ones((9, 2)))
        >>> ax.get_legend_handles_labels()[1]
        ['real', 'fake']
    """
    real = points("real", real)
    fake = points("fake", fake, real.shape[1])
    columns = labels_of(real.shape[1], columns)
    if len(columns) > 3:
        if ax is not None:
            raise ValueError("ax must be None with more than three columns: they take a figure")
        return plot_pairs(real, fake, columns)
    ax = given_or_new(ax, "3d" if len(columns) == 3 else None)
    if len(columns) == 1:
        plot_histograms(*real.T, *fake.T, columns[0], ax)  # type: ignore[call-arg]  # one and one
        return ax
    over = {} if len(columns) == 3 else {"zorder": 2}  # than fields and arrows
    ax.scatter(*real.T, s=18, color=REAL, alpha=0.7, linewidths=0, label="real", **over)
    ax.scatter(*fake.T, s=22, marker="x", color=FAKE, linewidths=1, label="fake", **over)
    ax.set(**{f"{axis}label": name for axis, name in zip("xyz", columns, strict=False)})
    write_long_numbers_as_powers(ax)
    place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 4, "frameon": False}
    ax.legend(**place, borderaxespad=0.1, columnspacing=1, handletextpad=0.3)  # over no point
    return ax


def labels_of(n_columns, columns):
    """Return the names of columns as Matplotlib is to write them: a $ begins no formula."""
    return [name.replace("$", r"\$") for name in names_of(n_columns, columns)]


def plot_pairs(real, fake, columns):
    """Draw the first columns each against each, and histograms of each; return the axes."""
    from matplotlib import pyplot

    n = min(PAIRED, len(columns))
    figure, axes = pyplot.subplots(n, n, figsize=(2.3 * n, 2.1 * n), sharex="col", squeeze=False)
    figure.subplots_adjust(0.09, 0.08, 0.98, 0.9, wspace=0.32, hspace=0.14)
    for i, j in np.ndindex(n, n):
        ax = axes[i, j]
        if j > i:
            ax.remove()
        elif i == j:
            plot_histograms(real[:, i], fake[:, i], "", ax)
            ax.get_legend().remove()
            ax.set(ylabel="", yticks=[])
        else:
            ax.scatter(real[:, j], real[:, i], s=8, color=REAL, alpha=0.6, linewidths=0)
            ax.scatter(fake[:, j], fake[:, i], s=12, marker="x", color=FAKE, linewidths=0.8)
            write_long_numbers_as_powers(ax)
        if j == 0:
            ax.set_ylabel(columns[i])
        if i == n - 1:
            ax.set_xlabel(columns[j])
        ax.tick_params(labelsize="small")
    figure.align_ylabels()
    handles = axes[1, 0].collections
    place = {"loc": "upper right", "ncols": 2, "frameon": False}
    some = "" if n == len(columns) else f"the first {n} of {len(columns)} columns"
    figure.legend(handles, ["real", "fake"], title=some or None, **place)
    return axes


def plot_histograms(real, fake, name, ax):
    """Draw how the values of one column, (n,) and (m,), are spread."""
    real, fake = (values[fits_float32(values)] for values in (real, fake))
    both = np.unique([*real, *fake])
    bins = np.linspace(both[0], both[-1], 41) if len(both) > 1 else 40
    ax.hist(real, bins, color=REAL, alpha=0.35, label="real")
    ax.hist(fake, bins, color=FAKE, histtype="step", linewidth=1.2, label="fake")
    ax.set(xlabel=name, ylabel=f"samples of {len(real):,}", ylim=(0, 1.15 * ax.get_ylim()[1]))
    write_long_numbers_as_powers(ax)
    ax.legend(loc="upper center", ncols=2, frameon=False)  # above the bars


def plot_given(
    real: npt.ArrayLike,
    fake: npt.ArrayLike,
    *,
    columns: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the spread of the last column in nine parts of the first, of real and fake samples.

    For a generator that makes y for a given x: in each part, which has as many real samples as the
    others, the mean of y, and a standard deviation up and down.

    Args:
        real, fake: (n, d) and (m, d), d at least 2.
        columns: the d names of the axes; None for x, y, z.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> ax = plot_given(rng.normal(size=(99, 2)), rng.normal(size=(99, 2)))
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('x', 'y')
    """
    real = points("real", real)
    fake = points("fake", fake, real.shape[1])
    columns = labels_of(real.shape[1], columns)
    if len(columns) < 2:
        raise ValueError("real must have two columns or more")
    ax = given_or_new(ax)
    edges = np.quantile(real[:, 0], np.linspace(0, 1, 10))
    ax.scatter(real[:, 0], real[:, -1], s=6, color="grey", alpha=0.25, linewidths=0)
    for samples, name, colour, mark, side in (
        (real, "real", REAL, "o", -0.05),
        (fake, "fake", FAKE, "x", 0.05),
    ):
        part = np.searchsorted(edges[1:-1], samples[:, 0], side="right")
        found = [(i, samples[part == i, -1]) for i in range(9) if np.any(part == i)]
        at = [edges[i] + (0.5 + side) * (edges[i + 1] - edges[i]) for i, _ in found]
        spread = np.array([(y.mean(), y.std()) for _, y in found]).T
        style = {"fmt": mark, "color": colour, "capsize": 3, "markersize": 5, "linewidth": 1.2}
        ax.errorbar(at, *spread, **style, label=f"{name}: mean and standard deviation")
    ax.set(xlabel=columns[0], ylabel=columns[-1])
    write_long_numbers_as_powers(ax)
    legend_above_data(ax, 2)
    return ax


def plot_performance(real, fake, title, *, columns, ax, file):
    """Draw the tutorial's picture into `ax`, a file, or on the screen when given neither."""
    from matplotlib import pyplot

    on_screen = ax is None and file is None
    if on_screen and not has_screen():
        return
    if ax is None and len(columns) <= 3:
        ax = new_axes(shown=on_screen, projection="3d" if len(columns) == 3 else None)
    axes = plot_samples(real, fake, columns=columns, ax=ax)
    figure = np.ravel(axes)[0].figure
    if len(columns) <= 3:
        axes.set_title(title, loc="left")
    else:
        figure.suptitle(title, x=0.02, ha="left")
    if file is not None:
        with written_whole(file) as temporary:
            figure.savefig(temporary)
    if on_screen:
        pyplot.show()
    if on_screen or ax is None:
        pyplot.close(figure)


def write_long_numbers_as_powers(ax):
    """Have the ticks of numbers that would run into each other, or be cut off, as powers of 10."""
    for axis in (ax.xaxis, ax.yaxis):
        if hasattr(axis.get_major_formatter(), "set_powerlimits"):
            axis.get_major_formatter().set_powerlimits((-3, 4))


def plot_losses(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw the losses over the updates.

    Args:
        history: what `train` returned.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> from types import SimpleNamespace
        >>> history = SimpleNamespace(history={"update": [100, 200], "g_loss": [0.9, 0.7]})
        >>> plot_losses(history).get_xlabel()
        'update'
    """
    check_history(history, "history")
    ax = given_or_new(ax)
    update = history.history["update"]
    known = {
        "d_loss_real": ("discriminator, on real samples", {"color": REAL}),
        "d_loss_fake": ("discriminator, on fake samples", {"color": FAKE, "linestyle": "--"}),
        "d_loss": ("discriminator, its penalty included", {"color": "purple", "linestyle": "--"}),
        "g_loss": ("generator", {"color": ink(), "linestyle": "-."}),
    }
    for name in dict.fromkeys([*known, *history.history]):
        if name in history.history and name != "update":
            label, style = known.get(name, (name, {}))
            ax.plot(update, history.history[name], label=label, linewidth=1, **style)
    # That of a pair, softplus(a score - another), is ln 2 where the scores are equal.
    where = "scores are equal" if is_relative(history) else "neither side wins"
    lowest = [min(values, default=0) for values in history.history.values()]
    if min(lowest) >= 0:  # as cross-entropies are
        mark(ax, np.log(2), f"ln 2: {where}")
    ax.set(xlabel="update", ylabel="loss")
    legend_above_data(ax, 2)
    return ax


def legend_above_data(ax, n_columns):
    """Draw the legend at the top, and make a fifth of the axes free for it."""
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + (high - low) / 4)
    ax.legend(loc="upper center", ncols=n_columns, fontsize="small", frameon=False)


def is_relative(history):
    """Return whether it is of a recipe whose discriminator only compares samples."""
    return getattr(history, "relative", False)


def check_history(history, attribute):
    """Raise unless it is like what `train` returns, as far as that attribute goes."""
    if not hasattr(history, attribute):
        raise TypeError(f"history must be what train returned, got {history!r}")


def mark(ax, value, label=None):
    """Draw a line to hold others against."""
    ax.axhline(value, color="grey", linewidth=0.8, linestyle=":", label=label)


def plot_accuracies(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw the discriminator's accuracy on real and on fake samples at each evaluation.

    By a recipe that is relative it means nothing: there, see `plot_scores`.

    Args:
        history: what `train` returned.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> from types import SimpleNamespace
        >>> from gan1d import Performance
        >>> history = SimpleNamespace(evaluations=[Performance(99, *[0.5] * 9)])
        >>> plot_accuracies(history).get_ylabel()
        'accuracy of D'
    """
    check_history(history, "evaluations")
    ax = given_or_new(ax)
    for key, label, style in (
        ("accuracy_real", "on real samples", {"color": REAL, "marker": "o"}),
        ("accuracy_fake", "on fake samples", {"color": FAKE, "marker": "x", "linestyle": "--"}),
    ):
        ax.plot(*evaluations(history, key), label=label, linewidth=1, **style)
    mark(ax, 0.5, "0.5: neither side wins")
    ax.set(xlabel="update", ylabel="accuracy of D", ylim=(-0.05, 1.05))
    legend_above_data(ax, 3)
    ax.set_yticks((0, 0.5, 1))
    return ax


def plot_scores(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw by how much the discriminator scores real samples above fake ones.

    It is the difference of the mean scores, before the sigmoid, at each evaluation.

    Args:
        history: what `train` returned.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> from types import SimpleNamespace
        >>> from gan1d import Performance
        >>> history = SimpleNamespace(evaluations=[Performance(99, *[0.5] * 9)])
        >>> plot_scores(history).get_ylabel()
        'score, real - fake'
    """
    check_history(history, "evaluations")
    ax = given_or_new(ax)
    update, real = evaluations(history, "score_real")
    difference = np.subtract(real, evaluations(history, "score_fake")[1])
    style = {"color": "purple", "marker": "D", "markersize": 4, "linewidth": 1}
    ax.plot(update, difference, label="mean score of real samples - that of fake ones", **style)
    mark(ax, 0, "0: D cannot tell them apart")
    ax.set(xlabel="update", ylabel="score, real - fake")
    legend_above_data(ax, 2)
    return ax


def plot_measure(history: History, key: str, *, ax: Axes | None = None) -> Axes:
    """Draw one measure of `Performance` at each evaluation, such as "energy_distance".

    Args:
        history: what `train` returned.
        key: the name of an attribute of `Performance`.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> from types import SimpleNamespace
        >>> from gan1d import Performance
        >>> history = SimpleNamespace(evaluations=[Performance(99, *[0.5] * 9)])
        >>> plot_measure(history, "coverage").get_ylabel()
        'coverage'
    """
    check_history(history, "evaluations")
    if not isinstance(key, str) or not all(hasattr(p, key) for p in history.evaluations):
        raise ValueError(f"key must be the name of a measure, got {key!r}")
    ax = given_or_new(ax)
    ax.plot(*evaluations(history, key), color=ink(), marker="s", markersize=4, linewidth=1)
    mark(ax, 0)
    ax.set(xlabel="update", ylabel=key.replace("_", " "))
    return ax


def evaluations(history, key):
    """Return the updates of the evaluations, and what was measured there under that name."""
    return (
        [performance.epoch + 1 for performance in history.evaluations],
        [getattr(performance, key) for performance in history.evaluations],
    )


def plot_learning_curves(history: History) -> np.ndarray:
    """Draw losses, accuracies, energy distance and coverage over the same updates.

    By a recipe that is relative, scores in place of accuracies.

    Args:
        history: what `train` returned.

    Returns:
        The four axes, one above the other.

    Example:
        >>> from types import SimpleNamespace
        >>> from gan1d import Performance
        >>> history = SimpleNamespace(
        ...     history={"update": [100, 200], "g_loss": [0.9, 0.7]},
        ...     evaluations=[Performance(199, *[0.5] * 9)],
        ... )
        >>> [ax.get_ylabel() for ax in plot_learning_curves(history)]
        ['loss', 'accuracy of D', 'energy distance', 'coverage']
    """
    from matplotlib import pyplot

    check_history(history, "evaluations")
    figure = pyplot.figure(figsize=(8, 9))
    figure.subplots_adjust(left=0.13, right=0.97, bottom=0.06, top=0.98, hspace=0.1)
    axes = figure.subplots(4, 1, sharex=True, height_ratios=(2, 1.4, 1, 1))
    plot_losses(history, ax=axes[0])
    (plot_scores if is_relative(history) else plot_accuracies)(history, ax=axes[1])
    of_curve = all(math.isfinite(p.curve_error) for p in history.evaluations)
    plot_measure(history, "energy_distance" if of_curve else "energy_ratio", ax=axes[2])
    plot_measure(history, "coverage", ax=axes[3]).set_ylim(-0.05, 1.05)
    for ax in axes[:-1]:
        ax.set_xlabel("")
    figure.align_ylabels()
    return axes


def plot_distributions(
    real: npt.ArrayLike, fake: npt.ArrayLike, *, function: AnySource = SQUARE
) -> np.ndarray:
    """Draw how real and fake samples are spread over each column, and how far fakes are off.

    Args:
        real, fake: (n, d) and (m, d).
        function: what the real samples come from, see `generate_real_samples`.

    Returns:
        The axes, an array: histograms of each column (the first twelve), and of a curve the sorted
        `|y - f(x)|` of the fakes, in % of the range of y.

    Example:
        >>> axes = plot_distributions(np.zeros((9, 2)), np.ones((9, 2)))
        >>> [ax.get_xlabel() for ax in axes]
        ['x', 'y', 'share of the fake samples']
    """
    from matplotlib import pyplot

    function = get_function(function)
    columns = labels_of(len(function.columns), function.columns)
    real, fake = points("real", real, len(columns)), points("fake", fake, len(columns))
    errors = np.sort(function.distances(fake)) / (2 * function.half_range[-1])
    n = min(HISTOGRAMS, len(columns)) + bool(len(errors))
    width = min(n, 4)
    height = -(-n // width)
    figure = pyplot.figure(figsize=(3.6 * width, 3.6 * height))
    bottom, top = 0.14 / height, 1 - 0.05 / height
    figure.subplots_adjust(0.2 / width, bottom, 1 - 0.06 / width, top, wspace=0.35, hspace=0.3)
    axes = figure.subplots(height, width, squeeze=False).ravel()
    for ax in axes[n:]:
        ax.remove()
    axes = axes[:n]
    for ax, name, one, other in zip(axes, columns, real.T, fake.T, strict=False):
        plot_histograms(one, other, name, ax)
    if len(errors):
        plot_errors(100 * errors, axes[-1])
    return axes


def plot_errors(errors, ax):
    """Draw the sorted distances from the curve, in % of the range of y, from 0.1 % up."""
    lowest = 0.1  # what is less is of no interest, and would take up most of a logarithmic axis
    share = np.arange(1, len(errors) + 1) / len(errors)
    ax.plot(share, np.maximum(errors, lowest), color=FAKE)
    mark(ax, errors.mean(), f"mean: {errors.mean():.2g} %")
    ax.set(yscale="log", xlim=(0, 1), ylim=(lowest, max(100, 2 * errors[-1])))
    ax.yaxis.set_major_formatter("{x:g} %")
    ax.set(xlabel="share of the fake samples", ylabel="|y - f(x)|, share of the range of y")
    ax.legend(loc="upper left", frameon=False)
