"""Figures. Each function draws on a new figure, or on `ax` where it takes one, and returns it.

Saving is the caller's: `ax.figure.savefig(...)`.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from logreg import activations
from logreg._checks import features, labels, positive_int, real_number
from logreg.activations import sigmoid, softplus

CLASS_0, CLASS_1 = "tab:blue", "tab:orange"


def new_figure(width, height):
    """Return a figure that pyplot does not know, so that nobody has to close it."""
    return Figure(figsize=(width, height), layout="constrained")


def given_or_new(ax, width, height):
    """Return `ax`, checked to be Matplotlib axes, or those of a new figure for None."""
    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(f"ax must be Matplotlib axes, got {ax!r}")
    return new_figure(width, height).subplots() if ax is None else ax


def plot_costs(comparison):
    """Draw the two cost curves over each other, and their difference below; return the figure.

    Example:
        >>> from logreg import compare, sample_data
        >>> figure = plot_costs(compare(*sample_data(), epochs=50))
        >>> len(figure.axes)
        2
    """
    figure = new_figure(6.4, 5.6)
    above, below = figure.subplots(2, sharex=True, height_ratios=(2, 1))
    above.plot(comparison.epochs, comparison.numpy.costs, color=CLASS_0, linewidth=4, alpha=0.5)
    above.plot(comparison.epochs, comparison.keras.costs, color="black", linestyle="--")
    above.legend(["NumPy", "Keras"])
    above.set_ylabel("cost (mean binary cross-entropy)")
    below.plot(
        comparison.epochs, comparison.keras.costs - comparison.numpy.costs, ".-", color="black"
    )
    below.axhline(0, color="grey", linewidth=0.8)
    below.set(xlabel="epoch", ylabel="Keras - NumPy")
    return figure


def plot_decision(X, y, weights, bias, *, threshold=0.5, names=None, ax=None):
    """Draw the data, the probability of class 1, and where it crosses the threshold.

    Of two features the probability is a field over the plane, and the boundary a line. Of any
    other number it is drawn over the weighted sum, the one number that it depends on.

    Args:
        X: (m, n).
        y: (m,) or (m, 1), zeros and ones.
        weights, bias: (n, 1) and (1, 1).
        threshold: in [0, 1].
        names: the names of the features, for the axes.
        ax: the axes to draw on; None for a new figure.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> from logreg import sample_data
        >>> ax = plot_decision(*sample_data(), weights=[[1.0], [1.0]], bias=[[0.0]])
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('x1', 'x2')
    """
    weights, bias = features("weights", weights, 1), features("bias", bias, 1)
    X = features("X", X, len(weights))
    classes = labels(y, len(X))[:, 0] == 1
    threshold = real_number("threshold", threshold, 0, 1)
    if names is not None and not (isinstance(names, (list, tuple)) and len(names) == len(weights)):
        raise ValueError(f"names must be a list of {len(weights)}, got {names!r}")
    ax = given_or_new(ax, 6.4, 4.8)
    if X.shape[1] == 2:
        x1, x2 = (np.linspace(*_wider(column), 200) for column in X.T)
        grid = np.stack(np.meshgrid(x1, x2), axis=-1)
        probability = sigmoid(grid @ weights[:, 0] + bias[0, 0])
        field = ax.contourf(x1, x2, probability, np.linspace(0, 1, 21), cmap="PuOr_r", alpha=0.8)
        ax.figure.colorbar(field, ax=ax, label="probability of class 1", ticks=[0, 0.5, 1])
        if probability.min() < threshold < probability.max():
            ax.contour(x1, x2, probability, [threshold], colors="black")
        across, up = X.T
        ax.set(xlabel=(names or ["x1"])[0], ylabel=(names or ["", "x2"])[1])
    else:
        across = (X @ weights + bias)[:, 0]
        up = sigmoid(across)
        z = np.linspace(*_wider(across), 400)
        ax.plot(z, sigmoid(z), color="grey", linewidth=1)
        ax.axhline(threshold, color="black", linewidth=0.8, linestyle="--")
        # A little to either side, so that the classes do not hide each other.
        up = up + np.where(classes, 0.015, -0.015)
        ax.set(xlabel="weighted sum of the features, plus bias", ylabel="probability of class 1")
    style = {"s": 22, "linewidths": 0.6, "edgecolors": "black"}
    ax.scatter(across[~classes], up[~classes], color=CLASS_0, marker="o", label="class 0", **style)
    ax.scatter(across[classes], up[classes], color=CLASS_1, marker="^", label="class 1", **style)
    ax.legend(loc="lower right", framealpha=0.6)
    return ax


def _wider(values):
    """Return the range of the values and a twentieth more on either side."""
    low, high = np.min(values), np.max(values)
    margin = (high - low) / 20 or 1
    return low - margin, high + margin


def plot_activations():
    """Draw each activation function with its derivative; return the figure.

    Example:
        >>> [ax.get_title() for ax in plot_activations().axes][:3]
        ['sigmoid', 'tanh', 'relu']
    """
    z = np.linspace(-4, 4, 801)
    figure = new_figure(9.6, 5.6)
    names = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus")
    for ax, name in zip(figure.subplots(2, 3, sharex=True).flat, names, strict=True):
        ax.axhline(0, color="lightgrey", linewidth=0.8)
        ax.axvline(0, color="lightgrey", linewidth=0.8)
        ax.plot(z, getattr(activations, name)(z), color="black", label="function")
        derivative = getattr(activations, f"{name}_derivative")(z)
        ax.plot(z, derivative, color=CLASS_1, linestyle="--", label="derivative")
        ax.set(title=name)
    figure.axes[0].legend(loc="upper left")
    figure.supxlabel("z")
    return figure


def cross_entropy(w, X, y):
    """Return the mean cross-entropy of a logistic unit without bias, and its gradient.

    Args:
        w: (2,) or, for the cost at many weights at once, (..., 2).
        X: (m, 2).
        y: (m,), zeros and ones.

    Returns:
        The cost, (...), and the gradient, (..., 2).
    """
    z = w @ X.T
    cost = np.mean(softplus(np.where(y == 1, -z, z)), axis=-1)
    return cost, (sigmoid(z) - y) @ X / len(X)


def squared_error(w, X, y):
    """Return the mean squared error of a logistic unit and its gradient; as `cross_entropy`."""
    z = w @ X.T
    error = sigmoid(z) - y
    gradient = (2 * error * activations.sigmoid_derivative(z)) @ X / len(X)
    return np.mean(error**2, axis=-1), gradient


def descend(cost, w, X, y, *, learning_rate=1.0, steps=300):
    """Return the path of gradient descent from w, (steps + 1, 2)."""
    path = [np.asarray(w, float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * cost(path[-1], X, y)[1])
    return np.array(path)


def plot_cost_surfaces(X, y, *, start=(-10.0, -4.0)):
    """Draw why the cost is the cross-entropy and not the squared error; return the figure.

    Both are drawn as surfaces over the two weights of a logistic unit without bias, with the
    path that gradient descent takes from one and the same start. The cross-entropy is convex:
    every slope leads to the minimum, and far away it is steep. The squared error is not: far
    away it is flat, and descent gets nowhere.

    Args:
        X: (m, 2).
        y: (m,) or (m, 1), zeros and ones.
        start: the weights that descent starts from.

    Example:
        >>> from logreg import sample_data
        >>> len(plot_cost_surfaces(*sample_data()).axes)
        2
    """
    X = features("X", X, 2)
    y = labels(y, len(X))[:, 0]
    axis = np.linspace(-12, 12, 81)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    figure = Figure(figsize=(10.5, 5.2))  # the constrained layout cuts off labels in 3-D
    figure.subplots_adjust(left=0.06, right=0.96, bottom=0.08, top=0.84, wspace=0.12)
    for i, (cost, title) in enumerate(
        ((cross_entropy, "cross-entropy: convex"), (squared_error, "squared error: not convex"))
    ):
        ax = figure.add_subplot(1, 2, i + 1, projection="3d", computed_zorder=False)
        surface, _ = cost(grid, X, y)
        ax.plot_surface(grid[..., 0], grid[..., 1], surface, cmap="viridis", alpha=0.75, zorder=1)
        path = descend(cost, start, X, y)
        height, _ = cost(path, X, y)
        ax.plot(*path.T, height, color="red", linewidth=2, zorder=2)
        ax.plot(*path[:1].T, height[:1], "o", color="red", zorder=3)
        ax.plot(*path[-1:].T, height[-1:], "*", color="black", markersize=11, zorder=3)
        way = f"from {height[0]:.2f} to {height[-1]:.2f}; the lowest here is {surface.min():.2f}"
        ax.set(title=f"{title}\n{way}", xlabel="weight 1", ylabel="weight 2", zlabel="cost")
        ax.view_init(elev=32, azim=35)
    figure.suptitle("300 steps of gradient descent, from the dot to the star")
    return figure


def plot_neuron(n_inputs=3, *, ax=None):
    """Draw an artificial neuron of `n_inputs`, at least 1, with its parts named.

    Example:
        >>> plot_neuron(2).axison
        False
    """
    n_inputs = positive_int("n_inputs", n_inputs)
    ax = given_or_new(ax, 8.0, 4.0)
    ax.set(xlim=(-0.6, 10.4), ylim=(-2.6, 2.6), aspect="equal")
    ax.axis("off")
    circle = {"ha": "center", "va": "center", "fontsize": 13}
    round_box = {"boxstyle": "circle,pad=0.45", "facecolor": "white", "edgecolor": "black"}
    arrow = {"arrowstyle": "-|>", "color": "black", "shrinkA": 0, "shrinkB": 0}

    def node(x, text):
        return ax.text(x, 0, text, bbox=round_box, **(circle | {"fontsize": 18})).get_bbox_patch()

    sum_, activation = node(4.7, "$\\Sigma$"), node(7.6, "$\\sigma$")
    for i, height in enumerate(np.linspace(1.8, -1.8, n_inputs)):
        x = ax.text(0, height, f"$x_{i + 1}$", bbox=round_box, **circle).get_bbox_patch()
        ax.annotate("", (4.7, 0), (0, height), arrowprops=arrow | {"patchA": x, "patchB": sum_})
        ax.text(2.1, 0.55 * height + 0.3, f"$w_{i + 1}$", **circle)
    ax.text(4.7, 2.1, "$b$", **circle)
    ax.annotate("", (4.7, 0), (4.7, 1.8), arrowprops=arrow | {"patchB": sum_})
    between = {"patchA": sum_, "patchB": activation}
    ax.annotate("", (7.6, 0), (4.7, 0), arrowprops=arrow | between)
    ax.text(6.15, 0.28, "$z$", **circle)
    ax.annotate("", (9.7, 0), (7.6, 0), arrowprops=arrow | {"patchA": activation})
    ax.text(10.0, 0, "$a$", **circle)
    for x, label in (
        (0, "inputs"),
        (2.1, "weights"),
        (4.7, "weighted sum\n$z = w \\cdot x + b$"),
        (7.6, "activation\n$a = \\sigma(z)$"),
        (10.0, "output"),
    ):
        ax.text(x, -2.45, label, ha="center", va="center", fontsize=10)
    ax.text(5.0, 2.1, "bias", va="center", fontsize=10)
    return ax
