"""Figures. Each function draws on `ax`, or on a new figure, and returns the axes it drew on.

Saving or showing is the caller's: `ax.figure.savefig(...)`.
"""

import contextlib

import numpy as np

from gan1d._checks import points, real_array, yes_or_no
from gan1d.discriminator import check_takes_points, probability_of_real
from gan1d.functions import SQUARE, Points, get_function
from gan1d.runs.files import written_whole

REAL, FAKE = "red", "blue"  # the tutorial's colours; markers tell the two apart in grey


def new_axes(width=6.4, height=4.8, *, right=0.2):
    """Return axes on a figure that pyplot does not know, so that nobody has to close it.

    The sizes are in inches; `right` is the margin there. (Margins that a layout engine finds would
    take another pass over the figure, a fourth of the time.)
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(0.8 / width, 0.55 / height, 1 - right / width, 1 - 0.35 / height)
    return figure.subplots()


def given_or_new(ax):
    """Return `ax`, checked to be Matplotlib axes, or those of a new figure for None."""
    from matplotlib.axes import Axes

    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(f"ax must be Matplotlib axes, got {ax!r}")
    return new_axes() if ax is None else ax


def save_figure(ax, file, **options):
    """Save the figure of `ax`, whole or not at all; `options` are those of `savefig`."""
    with written_whole(file) as temporary:
        ax.figure.savefig(temporary, **options)


@contextlib.contextmanager
def axes_on_screen():
    """Yield axes that are shown when the block ends; None where there is no screen."""
    from matplotlib import pyplot
    from matplotlib.backends import BackendFilter, backend_registry

    headless = backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE)
    if pyplot.get_backend().lower() in headless:
        yield None
        return
    figure, ax = pyplot.subplots()
    try:
        yield ax
        pyplot.show()
    finally:
        pyplot.close(figure)


def plot_samples(real, fake, *, ax=None):
    """Draw the tutorial's scatter plot, real points red and fake ones blue.

    Args:
        real, fake: (n, 2), points (x, y).
        ax: the axes to draw on; None for a new figure.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it; so do all below.

    Example:
        >>> ax = plot_samples(np.zeros((9, 2)), np.ones((9, 2)))
        >>> ax.get_legend_handles_labels()[1]
        ['real', 'fake']
    """
    real, fake = points("real", real), points("fake", fake)
    ax = given_or_new(ax)
    ax.scatter(*real.T, s=18, marker="o", color=REAL, alpha=0.7, linewidths=0, label="real")
    ax.scatter(*fake.T, s=22, marker="x", color=FAKE, linewidths=1, label="fake")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return ax


def plot_field(discriminator, real, fake, *, function=SQUARE, arrows=False, extent=None, ax=None):
    """Draw what the discriminator says of every point of the plane, and samples on it.

    After GAN Lab (Kahng et al. 2018, "GAN Lab: Understanding complex deep generative models
    using interactive visual experimentation"), here of a discriminator of one's own.

    Args:
        discriminator: (n, 2) -> (n, 1) in [0, 1], the probability of real.
        real, fake: (n, 2), points (x, y).
        function: the `Function1D` that the real points are of, or its name; its curve is drawn.
        arrows: draw at each fake point the way the generator is pulled, down the gradient of
            -ln D, its loss; the lengths in proportion to it, but for the longest, which are cut.
        extent: the part of the plane shown, (x low, x high, y low, y high); None for what the
            curve takes up, and a margin.
        ax: the axes to draw on; None for a new figure with a colour bar.

    Example:
        >>> from gan1d import define_discriminator
        >>> ax = plot_field(define_discriminator(), np.zeros((9, 2)), np.ones((9, 2)))
        >>> ax.get_title(loc="left")
        'x²'
    """
    check_takes_points("discriminator", discriminator)
    real, fake = points("real", real), points("fake", fake)
    function = get_function(function)
    arrows = yes_or_no("arrows", arrows)
    left, right, bottom, top = field_extent(function) if extent is None else checked(extent)
    colorbar = ax is None
    ax = new_axes(7, right=0.7) if colorbar else given_or_new(ax)
    x, y = np.meshgrid(np.linspace(left, right, 81), np.linspace(bottom, top, 81))
    grid = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    probability = probability_of_real(discriminator, grid).reshape(x.shape)
    field = ax.contourf(x, y, probability, np.linspace(0, 1, 21), cmap=field_colours())
    # Lines, told apart by their style, say in grey what the colours say.
    options = {"colors": "black", "linewidths": (0.6, 1.2, 0.6), "linestyles": (":", "-", "--")}
    lines = ax.contour(x, y, probability, (0.25, 0.5, 0.75), **options)
    if colorbar:
        bar = ax.figure.colorbar(field, label="D(x, y), probability of real", ticks=TICKS)
        bar.add_lines(lines)
    if not isinstance(function, Points):
        ax.plot(*function.curve().T, color="black", linewidth=0.8, alpha=0.6)
    plot_samples(real, fake, ax=ax)
    if arrows:
        pull = pull_of_discriminator(discriminator, fake)
        pull = readable(pull, right - left, top - bottom)
        ax.quiver(*fake.T, *pull.T, angles="xy", scale_units="xy", scale=1, width=0.003)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_title(function.formula, loc="left")
    place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 2, "frameon": False}
    ax.legend(**place, borderaxespad=0.1, columnspacing=1, handletextpad=0)
    return ax


def checked(extent):
    """Return the extent of a field as four floats, in order."""
    sides = real_array("extent", extent)
    if sides.shape != (4,) or not (sides[0] < sides[1] and sides[2] < sides[3]):
        raise ValueError(f"extent must be x low < x high, y low < y high, got {extent!r}")
    return sides.tolist()


TICKS = (0, 0.25, 0.5, 0.75, 1)


def field_colours():
    """Return the colour map of D: blue for fake, white for neither, red for real, all pale."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps["RdBu_r"](np.linspace(0.15, 0.85, 256)))


def field_extent(function):
    """Return (x low, x high, y low, y high) of the curve, and a third of it on every side."""
    sides = []
    for values in function.curve().T:
        low, high = values.min(), values.max()
        margin = (high - low) / 3 or 1  # of a constant there is no third
        sides += [low - margin, high + margin]
    return tuple(sides)


def pull_of_discriminator(discriminator, samples):
    """Return minus the gradient of -ln D at samples (n, 2), by central differences, (n, 2)."""
    step = 0.01
    pull = np.empty_like(samples)
    for axis in (0, 1):
        offset = np.zeros(2, samples.dtype)
        offset[axis] = step
        above, below = (
            np.log(np.maximum(probability_of_real(discriminator, samples + sign * offset), 1e-30))
            for sign in (1, -1)
        )
        pull[:, axis] = ((above - below) / (2 * step)).ravel()
    return pull


def readable(arrows, width, height):
    """Scale arrows (n, 2) on axes of that range: the median to 4 %, and none over 8 % of them."""
    length = np.maximum(np.hypot(*arrows.T / [[width], [height]]), 1e-30)
    return arrows * np.minimum(0.04 / np.median(length), 0.08 / length)[:, np.newaxis]


def plot_losses(history, *, ax=None):
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
    for key, label, style in (
        ("d_loss_real", "discriminator, on real samples", {"color": REAL}),
        ("d_loss_fake", "discriminator, on fake samples", {"color": FAKE, "linestyle": "--"}),
        ("d_loss", "discriminator", {"color": "purple", "linestyle": "--"}),
        ("g_loss", "generator", {"color": "black", "linestyle": "-."}),
    ):
        if key in history.history:
            ax.plot(update, history.history[key], label=label, linewidth=1, **style)
    neither_side_wins(ax, np.log(2), "ln 2")
    ax.set(xlabel="update", ylabel="loss")
    ax.legend()
    return ax


def check_history(history, attribute):
    """Raise unless it is like what `train` returns, as far as that attribute goes."""
    if not hasattr(history, attribute):
        raise TypeError(f"history must be what train returned, got {history!r}")


def neither_side_wins(ax, value, name):
    """Draw the line at which the discriminator cannot tell real from fake."""
    label = f"{name}: neither side wins"
    ax.axhline(value, color="grey", linewidth=0.8, linestyle=":", label=label)


def plot_accuracies(history, *, ax=None):
    """Draw the discriminator's accuracy on real and on fake samples at each evaluation.

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
    neither_side_wins(ax, 0.5, "0.5")
    ax.set(xlabel="update", ylabel="accuracy of D", ylim=(-0.05, 1.05))
    ax.legend()
    return ax


def plot_measure(history, key, *, ax=None):
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
    ax.plot(*evaluations(history, key), color="black", marker="s", markersize=4, linewidth=1)
    ax.axhline(0, color="grey", linewidth=0.8, linestyle=":")
    ax.set(xlabel="update", ylabel=key.replace("_", " "))
    return ax


def evaluations(history, key):
    """Return the updates of the evaluations, and what was measured there under that name."""
    return (
        [performance.epoch + 1 for performance in history.evaluations],
        [getattr(performance, key) for performance in history.evaluations],
    )


def plot_learning_curves(history):
    """Draw losses, accuracies, energy distance and coverage over the same updates.

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
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 9))
    figure.subplots_adjust(left=0.11, right=0.97, bottom=0.06, top=0.98, hspace=0.1)
    axes = figure.subplots(4, 1, sharex=True, height_ratios=(2, 1.4, 1, 1))
    plot_losses(history, ax=axes[0])
    plot_accuracies(history, ax=axes[1])
    plot_measure(history, "energy_distance", ax=axes[2])
    plot_measure(history, "coverage", ax=axes[3]).set_ylim(-0.05, 1.05)
    for ax in axes[:-1]:
        ax.set_xlabel("")
    return axes


def in_range(values):
    """Return those of the values that are finite, also in float32."""
    return values[np.abs(values) <= np.finfo(np.float32).max]


def plot_distributions(real, fake, *, function=SQUARE):
    """Draw how real and fake samples are spread over x and y, and how far fakes are off.

    Args:
        real, fake: (n, 2), points (x, y).
        function: the `Function1D` that the real points are of, or its name.

    Returns:
        The three axes: histograms of x and of y, and the sorted |y - f(x)| of the fakes.

    Example:
        >>> axes = plot_distributions(np.zeros((9, 2)), np.ones((9, 2)))
        >>> [ax.get_xlabel() for ax in axes]
        ['x', 'y', 'share of the fake samples']
    """
    from matplotlib.figure import Figure

    function = get_function(function)
    real, fake = points("real", real), points("fake", fake)
    figure = Figure(figsize=(10, 3.6))
    figure.subplots_adjust(left=0.06, right=0.98, bottom=0.14, top=0.96, wspace=0.3)
    axes = figure.subplots(1, 3)
    for ax, name, one, other in zip(axes, "xy", real.T, fake.T, strict=False):
        one, other = in_range(one), in_range(other)
        both = np.unique([*one, *other])
        bins = np.linspace(both[0], both[-1], 41) if len(both) > 1 else 40
        ax.hist(one, bins, color=REAL, alpha=0.35, label="real")
        ax.hist(other, bins, color=FAKE, histtype="step", linewidth=1.2, label="fake")
        ax.set(xlabel=name, ylabel=f"samples of {len(one):,}", ylim=(0, 1.15 * ax.get_ylim()[1]))
        ax.legend(loc="upper center", ncols=2)  # above the bars
    errors = np.sort(function.distances(fake))
    share = np.arange(1, len(errors) + 1) / len(errors)
    axes[2].plot(share, np.maximum(errors, 1e-6), color=FAKE)
    axes[2].set(xlabel="share of the fake samples", ylabel="|y - f(x)|, sorted", yscale="log")
    return axes
