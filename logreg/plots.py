"""Figures. Each function draws on a new figure, or on `ax` where it takes one, and returns it.

A new figure is pyplot's, so that it shows in a notebook; whoever needs no more of it closes it:
`pyplot.close(ax.figure)`. Saving is the caller's: `ax.figure.savefig(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from logreg import activations, measures
from logreg._checks import features, labels, one_per_row, shortened
from logreg.activations import sigmoid, softplus
from logreg.measures import Z

if TYPE_CHECKING:
    from logreg.comparison import Comparison

CLASS_0, CLASS_1 = "tab:blue", "tab:orange"
BETWEEN = LinearSegmentedColormap.from_list("classes", [CLASS_0, "white", CLASS_1])


def ink() -> str:
    """Return the colour that the style in use writes in: black, or white where it is dark."""
    return pyplot.rcParams["text.color"]


def given_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """Return `ax`, or the axes of a new figure for None."""
    return ax or pyplot.figure(figsize=(width, height), layout="constrained").subplots()


def legend_below(ax: Axes) -> None:
    """Draw the legend below the axes, where it covers nothing."""
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False)


def texts(name: str, values: Sequence[str] | None, n: int, default: Any = None) -> Any:
    """Return n strings as they are to be drawn: not too long, and a $ begins no formula."""
    if values is None and default is not None:
        return default
    if not isinstance(values, (list, tuple)) or len(values) != n:
        raise ValueError(f"{name} must be a list of {n}, got {values!r}")
    return [shortened(str(value), 40).replace("$", r"\$") for value in values]


def some_rows(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return 2,000 rows at even distances, where there are more."""
    at = np.unique(np.linspace(0, len(X) - 1, min(len(X), 2000)).astype(int))
    return X[at], y[at]


def plot_costs(comparison: Comparison) -> Figure:
    """Draw the two cost curves over each other, and their difference below; return the figure.

    A line shows the minimum that they are on their way to, where there is one.

    Example:
        >>> from logreg import compare, sample_data
        >>> figure = plot_costs(compare(*sample_data(), epochs=50))
        >>> len(figure.axes)
        2
    """
    figure = pyplot.figure(figsize=(6.4, 5.6), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(2, 1))
    above.plot(comparison.epochs, comparison.numpy.costs, color=CLASS_0, linewidth=4, alpha=0.5)
    above.plot(comparison.epochs, comparison.keras.costs, color=ink(), linestyle="--")
    if comparison.minimum:
        above.axhline(comparison.minimum.cost, color="tab:green", linewidth=0.8)
    above.legend(["NumPy", "Keras", "minimum"][: len(above.lines)])
    above.set_ylabel("cost (mean binary cross-entropy)")
    apart = comparison.keras.costs - comparison.numpy.costs
    below.plot(comparison.epochs, apart, ".-", color=ink())
    below.axhline(0, color="grey", linewidth=0.8)
    below.set(xlabel="epoch", ylabel="Keras - NumPy")
    return figure


def plot_decision(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    *,
    threshold: float = 0.5,
    names: Sequence[str] | None = None,
    classes: Sequence[str] = ("class 0", "class 1"),
    ax: Axes | None = None,
) -> Axes:
    """Draw the data, the probability of class 1, and where it crosses the threshold.

    Of two features the probability is a field over the plane, and the boundary a line. Of one it
    is a curve, and of more a curve over the weighted sum, the one number that it depends on; the
    rows are then below the curve or above it, by their class. Of many rows 2,000 are drawn.

    Args:
        X: (m, n).
        y: (m,) or (m, 1), zeros and ones.
        weights, bias: (n, 1) and (1, 1).
        threshold: in [0, 1].
        names: the names of the features, for the axes.
        classes: what to call class 0 and class 1.
        ax: the axes to draw on; None for a new figure.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> from logreg import sample_data
        >>> ax = plot_decision(*sample_data(), weights=[[1.0], [1.0]], bias=[[0.0]])
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('x1', 'x2')
    """
    X = features("X", X)
    weights, bias = one_per_row("weights", weights, X.shape[1]), one_per_row("bias", bias, 1)
    y = labels(y, len(X))[:, 0]
    names = texts("names", names, len(weights), [f"x{i + 1}" for i in range(len(weights))])
    classes = texts("classes", classes, 2)
    m = len(X)
    X, y = some_rows(X, y)
    some = f"{len(X):,} of the {m:,} rows" if len(X) < m else "the rows"
    ax = given_or_new(ax, 6.4, 4.8)
    style: dict[str, Any] = {"s": 22, "linewidths": 0.6, "edgecolors": "black"}
    if X.shape[1] == 2:
        x1, x2 = (np.linspace(*_wider(column), 200) for column in X.T)
        grid = np.stack(np.meshgrid(x1, x2), axis=-1)
        probability = sigmoid(grid @ weights[:, 0] + bias[0, 0])
        field = ax.contourf(x1, x2, probability, np.linspace(0, 1, 21), cmap=BETWEEN, alpha=0.5)
        ax.figure.colorbar(field, ax=ax, label=f"probability of {classes[1]}", ticks=[0, 0.5, 1])
        if probability.min() < threshold < probability.max():
            ax.contour(x1, x2, probability, [threshold], colors="black")
        across, up = X.T
        ax.set(xlabel=names[0], ylabel=names[1], title=f"points: {some}" if len(X) < m else "")
    else:
        one = X.shape[1] == 1
        across = X[:, 0] if one else (X @ weights + bias)[:, 0]
        over = np.linspace(*_wider(across), 400)
        curve = sigmoid(over * weights[0, 0] + bias[0, 0]) if one else sigmoid(over)
        ax.plot(over, curve, color="black", linewidth=1.5)
        ax.axhline(threshold, color="grey", linewidth=0.8, linestyle="--")
        at: dict[str, Any]
        beside: dict[str, Any]
        beside = {"textcoords": "offset points", "ha": "right", "color": "grey"}
        at = {"xy": (1, threshold), "xycoords": ("axes fraction", "data"), "xytext": (-4, 3)}
        ax.annotate(f"threshold {threshold:g}", **at, **beside)
        # Spread, so that rows do not hide each other; the steps of the golden ratio never line up.
        spread = 0.03 + 0.09 * (np.arange(len(y)) * 0.618 % 1)
        up = np.where(y == 1, 1 + spread, -spread)
        what = names[0] if one else f"weighted sum of the {len(weights)} features, plus bias"
        ax.set(xlabel=what, ylabel=f"probability of {classes[1]}", yticks=np.linspace(0, 1, 6))
        ax.set_title(f"curve: the model; points: {some}, above or below by their class")
        style |= {"linewidths": 0.3, "alpha": 0.7, "s": 16}
    for label, color, marker in ((0, CLASS_0, "o"), (1, CLASS_1, "^")):
        rows, look = y == label, style | {"color": color, "marker": marker}
        ax.scatter(across[rows], up[rows], label=classes[label], **look)
    ax.title.set_fontsize(10)
    legend_below(ax)
    return ax


def plot_roc(
    y: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    *,
    threshold: float | None = None,
    classes: Sequence[str] = ("class 0", "class 1"),
    ax: Axes | None = None,
) -> Axes:
    """Draw how much of class 1 is found, for how much of class 0 that is taken for it.

    Args:
        y: (m,) or (m, 1), zeros and ones, both of them.
        probabilities: (m,) or (m, 1), of class 1.
        threshold: in [0, 1], to be marked on the curve; None for none.
        classes: what to call class 0 and class 1.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> plot_roc([0, 1, 1], [0.2, 0.2, 0.9]).get_xlabel()
        'share of class 0 taken for class 1'
    """
    classes = texts("classes", classes, 2)
    false, true, thresholds = measures.roc_curve(y, probabilities)
    area = measures.roc_auc(y, probabilities)
    ax = given_or_new(ax, 4.8, 4.8)
    ax.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--", label="guessing: 0.5")
    ax.plot(false, true, color=CLASS_1, linewidth=2, label=f"area under the curve: {area:.4g}")
    if threshold is not None:
        at, mark = np.sum(thresholds >= threshold) - 1, f"threshold {threshold:g}"
        ax.plot(false[at], true[at], "o", color=ink(), label=mark, clip_on=False)
    ax.set(
        xlabel=f"share of {classes[0]} taken for {classes[1]}",
        ylabel=f"share of {classes[1]} found (recall)",
        title="ROC curve",
        aspect="equal",
    )
    ax.legend(loc="lower right")
    return ax


def plot_weights(
    weights: npt.ArrayLike,
    errors: npt.ArrayLike | None = None,
    *,
    names: Iterable[str],
    ax: Axes | None = None,
) -> Axes:
    """Draw weights, the largest above, with the intervals in which they are with 95 % confidence.

    Args:
        weights: (n,) or (n, 1), of scaled columns, which can be compared. Of more than 20 the
            largest are drawn.
        errors: (n,), their standard errors, or None.
        names: of the n columns.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> plot_weights([2.0, -1.0], [0.5, 0.1], names=["size", "age"]).get_xlabel()
        'weight of the column, scaled to deviation 1'
    """
    weights = np.ravel(weights)
    names = texts("names", [*names], len(weights))
    order = np.argsort(np.abs(weights), kind="stable")[-20:]
    ax = given_or_new(ax, 6.4, 1.6 + 0.3 * len(order))
    spread = None if errors is None else Z * np.asarray(errors)[order]
    ax.axvline(0, color="grey", linewidth=0.8, linestyle="--")
    at = np.arange(len(order))
    ax.errorbar(weights[order], at, xerr=spread, fmt="o", color=ink(), ecolor=CLASS_0, capsize=3)
    ax.set_yticks(at, [names[j] for j in order])
    ax.set_ylim(-0.6, len(order) - 0.4)
    title = "Weights at the minimum" + ("" if errors is None else ", with 95 % intervals")
    ax.set(xlabel="weight of the column, scaled to deviation 1", title=title)
    return ax


def plot_calibration(
    y: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    *,
    n_bins: int = 10,
    classes: Sequence[str] = ("class 0", "class 1"),
    ax: Axes | None = None,
) -> Axes:
    """Draw how often class 1 comes, over how probable the model says it is.

    The bars are intervals of 95 % (Wilson 1927): of few rows, a share says little.

    Args:
        y: (m,) or (m, 1), zeros and ones.
        probabilities: (m,) or (m, 1), of class 1, in [0, 1].
        n_bins: equal parts of [0, 1] that rows are gathered in.
        classes: what to call class 0 and class 1.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> plot_calibration([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.9]).get_title()
        'Calibration'
    """
    classes = texts("classes", classes, 2)
    share, mean, count = measures.calibration_curve(y, probabilities, n_bins)
    ones = np.round(share * count).astype(int)
    intervals = [measures.share_interval(*pair) for pair in zip(ones, count, strict=True)]
    ax = given_or_new(ax, 4.8, 4.8)
    ax.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--", label="as it should be")
    ax.vlines(mean, *np.transpose(intervals), color=CLASS_0, alpha=0.5, label="95 % interval")
    ax.plot(mean, share, "o", color=CLASS_0, label="rows of a bin", clip_on=False)
    above = ax.secondary_xaxis("top")  # at the middles of the bins, which never come as close
    above.set_xlabel("rows")
    bins = (np.floor(mean * n_bins).clip(max=n_bins - 1) + 0.5) / n_bins
    above.set_xticks(bins, [f"{n:,}" for n in count], rotation=90, fontsize=8)
    ax.set(
        xlabel=f"probability of {classes[1]}, by the model",
        ylabel=f"share of {classes[1]}",
        title="Calibration",
        aspect="equal",
        xlim=(-0.05, 1.05),
        ylim=(-0.05, 1.05),
    )
    legend_below(ax)
    return ax


def _wider(values: np.ndarray) -> tuple[float, float]:
    """Return the range of the values and a twentieth more on either side."""
    low, high = np.min(values), np.max(values)
    margin = (high - low) / 20 or 1
    return low - margin, high + margin


def plot_activations() -> Figure:
    """Draw each activation function with its derivative; return the figure.

    Example:
        >>> [ax.get_title() for ax in plot_activations().axes][:3]
        ['sigmoid', 'tanh', 'relu']
    """
    z = np.linspace(-4, 4, 801)
    figure = pyplot.figure(figsize=(9.6, 5.6), layout="constrained")
    names = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus")
    for ax, name in zip(figure.subplots(2, 3, sharex=True).flat, names, strict=True):
        ax.axhline(0, color="lightgrey", linewidth=0.8)
        ax.axvline(0, color="lightgrey", linewidth=0.8)
        ax.plot(z, getattr(activations, name)(z), color=ink(), label="function")
        derivative = getattr(activations, f"{name}_derivative")(z)
        ax.plot(z, derivative, color=CLASS_1, linestyle="--", label="derivative")
        ax.set(title=name)
    figure.axes[0].legend(loc="upper left")
    figure.supxlabel("z")
    return figure


def cross_entropy(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[Any, np.ndarray]:
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


def squared_error(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[Any, np.ndarray]:
    """Return the mean squared error of a logistic unit and its gradient; as `cross_entropy`."""
    z = w @ X.T
    error = sigmoid(z) - y
    gradient = (2 * error * activations.sigmoid_derivative(z)) @ X / len(X)
    return np.mean(error**2, axis=-1), gradient


def descend(
    cost: Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[Any, np.ndarray]],
    w: npt.ArrayLike,
    X: np.ndarray,
    y: np.ndarray,
    *,
    learning_rate: float = 1.0,
    steps: int = 300,
) -> np.ndarray:
    """Return the path of gradient descent from w, (steps + 1, 2)."""
    path = [np.asarray(w, float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * cost(path[-1], X, y)[1])
    return np.array(path)


def plot_cost_surfaces(
    X: npt.ArrayLike, y: npt.ArrayLike, *, start: Sequence[float] = (-10.0, -4.0)
) -> Figure:
    """Draw why the cost is the cross-entropy and not the squared error; return the figure.

    Both are drawn as surfaces over the two weights of a logistic unit without bias, with the path
    that gradient descent takes from one and the same start. The cross-entropy is convex: every
    slope leads to the minimum, and far away it is steep. The squared error is not: far away it is
    flat, and descent gets nowhere.

    Args:
        X: (m, 2). It should be standardised. Of more than 2,000 rows, 2,000 are taken.
        y: (m,) or (m, 1), zeros and ones.
        start: the two weights that descent starts from.

    Example:
        >>> from logreg import sample_data
        >>> len(plot_cost_surfaces(*sample_data()).axes)
        2
    """
    X = features("X", X, 2)
    y = labels(y, len(X))[:, 0]
    X, y = some_rows(X, y)
    axis = np.linspace(-12, 12, 81)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    figure = pyplot.figure(figsize=(10.5, 5.2))  # the constrained layout cuts off labels in 3-D
    figure.subplots_adjust(left=0.06, right=0.96, bottom=0.08, top=0.84, wspace=0.12)
    costs = {"cross-entropy: convex": cross_entropy, "squared error: not convex": squared_error}
    for i, (title, cost) in enumerate(costs.items(), 1):
        ax = figure.add_subplot(1, 2, i, projection="3d", computed_zorder=False)
        surface = np.array([cost(line, X, y)[0] for line in grid])  # all take too much room
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


def plot_neuron(
    n_inputs: int = 3,
    *,
    names: Sequence[str] | None = None,
    weights: npt.ArrayLike | None = None,
    bias: npt.ArrayLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw an artificial neuron with its parts named.

    Args:
        n_inputs: at least 1; of more than seven, those of the seven largest weights are drawn, or
            the first seven.
        names: of the inputs, n_inputs strings.
        weights, bias: (n_inputs, 1) and (1, 1), to write on the arrows.
        ax: the axes to draw on; None for a new figure.

    Example:
        >>> plot_neuron(2).axison
        False
    """
    given = names is not None
    if weights is None:
        shown = range(min(n_inputs, 7))
        numbers = {i: f"$w_{{{i + 1}}}$" for i in shown}
    else:
        weights = one_per_row("weights", weights, n_inputs)[:, 0]
        shown = np.sort(np.argsort(-np.abs(weights), kind="stable")[:7])
        numbers = {i: f"{weights[i]:.4g}" for i in shown}
    names = texts("names", names, n_inputs, {i: f"$x_{{{i + 1}}}$" for i in shown})
    bias = "$b$" if bias is None else f"{one_per_row('bias', bias, 1)[0, 0]:.4g}"
    ax = given_or_new(ax, 8.0, 4.0)
    widest = max(len(names[i]) for i in shown) if given else 4
    ax.set(xlim=(-0.6 - 0.15 * max(widest - 4, 0), 10.4), ylim=(-2.6, 2.6), aspect="equal")
    ax.axis("off")
    text: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 13}
    small = text | {"fontsize": 13 if len(shown) < 5 else 9}
    round_box = {"boxstyle": "circle,pad=0.45", "facecolor": "white", "edgecolor": "black"}
    # A circle would be as large as the name in it.
    box = round_box | ({"boxstyle": "round,pad=0.3"} if given else {})
    inputs: dict[str, Any] = {"ha": "right" if given else "center"}
    edge = 0.3 if given else 0
    arrow = {"arrowstyle": "-|>", "color": "black", "shrinkA": 0, "shrinkB": 0}

    def node(x, label):
        return ax.text(x, 0, label, bbox=round_box, **(text | {"fontsize": 18})).get_bbox_patch()

    sum_, activation = node(4.7, "$\\Sigma$"), node(7.6, "$\\sigma$")
    heights = np.linspace(1.8, -1.8, len(shown)) if len(shown) > 1 else [0]
    for i, height in zip(shown, heights, strict=True):
        x = ax.text(edge, height, names[i], bbox=box, **(small | inputs))
        patches = {"patchA": x.get_bbox_patch(), "patchB": sum_}
        ax.annotate("", (4.7, 0), (edge, height), arrowprops=arrow | patches)
        on_arrow = height * (4.7 - 1.9) / (4.7 - edge)
        ax.text(1.9, on_arrow, numbers[i], **small, backgroundcolor="white")
    ax.text(4.7, 2.1, bias, **text)
    ax.annotate("", (4.7, 0), (4.7, 1.8), arrowprops=arrow | {"patchB": sum_})
    between = {"patchA": sum_, "patchB": activation}
    ax.annotate("", (7.6, 0), (4.7, 0), arrowprops=arrow | between)
    ax.text(6.15, 0.28, "$z$", **text)
    ax.annotate("", (9.7, 0), (7.6, 0), arrowprops=arrow | {"patchA": activation})
    ax.text(10.0, 0, "$a$", **text)
    what = "inputs" if len(shown) == n_inputs else f"{len(shown)} of {n_inputs:,} inputs"
    ax.text(edge, -2.45, what, va="center", fontsize=10, **inputs)
    for x, label in (
        (2.1, "weights"),
        (4.7, "weighted sum\n$z = w \\cdot x + b$"),
        (7.6, "activation\n$a = \\sigma(z)$"),
        (10.0, "output"),
    ):
        ax.text(x, -2.45, label, ha="center", va="center", fontsize=10)
    ax.text(4.75 + 0.13 * len(bias.strip("$")), 2.1, "bias", va="center", fontsize=10)
    return ax
