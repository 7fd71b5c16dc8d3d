"""Figures. Each function draws on `ax`, or on a new figure, and returns the axes it drew on.

Saving or showing is the caller's: `ax.figure.savefig(...)`.
"""

import contextlib

from gan1d.files import written_whole

REAL, FAKE = "red", "blue"  # the tutorial's colours; markers tell the two apart in grey


def new_axes(figsize=(6.4, 4.8)):
    """Return axes on a figure that pyplot does not know, so that nobody has to close it."""
    from matplotlib.figure import Figure

    return Figure(figsize=figsize, layout="constrained").subplots()


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
    figure, ax = pyplot.subplots(layout="constrained")
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
    """
    ax = ax or new_axes()
    ax.scatter(*real.T, s=18, marker="o", color=REAL, alpha=0.7, linewidths=0, label="real")
    ax.scatter(*fake.T, s=22, marker="x", color=FAKE, linewidths=1, label="fake")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return ax


def plot_losses(history, *, ax=None):
    """Draw the three losses over the updates.

    Args:
        history: what `train` returned.
        ax: the axes to draw on; None for a new figure.
    """
    ax = ax or new_axes()
    update = history.history["update"]
    for key, label, style in (
        ("d_loss_real", "discriminator, on real samples", {"color": REAL}),
        ("d_loss_fake", "discriminator, on fake samples", {"color": FAKE, "linestyle": "--"}),
        ("g_loss", "generator", {"color": "black", "linestyle": "-."}),
    ):
        ax.plot(update, history.history[key], label=label, linewidth=1, **style)
    ax.axhline(0.6931, color="grey", linewidth=0.8, linestyle=":", label="ln 2: neither side wins")
    ax.set(xlabel="update", ylabel="loss (binary cross-entropy, mean of 100 updates)")
    ax.legend()
    return ax
