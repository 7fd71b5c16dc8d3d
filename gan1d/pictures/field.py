"""The discriminator's field: what it says of every point of the plane, and where it pulls fakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from gan1d._checks import column_names, points, real_array, yes_or_no
from gan1d._model_checks import check_discriminator
from gan1d.functions import SQUARE, get_function
from gan1d.pictures.plots import given_or_new, new_axes, plot_samples
from gan1d.recipes import AnyRecipe, get_recipe
from gan1d.samples import AnySource
from gan1d.scores import as_probabilities, as_scores, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_field(
    discriminator: keras.Model,
    real: npt.ArrayLike,
    fake: npt.ArrayLike,
    *,
    function: AnySource = SQUARE,
    arrows: bool = False,
    extent: Sequence[float] | None = None,
    recipe: AnyRecipe = "tutorial",
    pair: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what the discriminator says of every point of the plane, and samples on it.

    After GAN Lab (Kahng et al. 2018, "GAN Lab: Understanding complex deep generative models
    using interactive visual experimentation"), here of a discriminator of one's own.

    Args:
        discriminator: (n, d) -> (n, 1).
        real, fake: (n, d) and (m, d).
        function: what the real samples come from, see `generate_real_samples`; a curve is drawn.
        arrows: draw at each fake point the way the generator is pulled, down the gradient of its
            loss; the lengths in proportion to it, but for the longest, which are cut. Of networks
            that are scaled to the function, the gradient in scaled coordinates.
        extent: the part of the plane shown, (x low, x high, y low, y high); None for what the
            curve takes up, and a margin.
        recipe: by which the discriminator was trained, a name or a `Recipe`: the generator's loss
            is the recipe's. By one that is `relative`, as "stable", scores before the sigmoid are
            drawn, above and below the mean score of the real points; else the probability of real.
        pair: of samples of more than two columns, the names of the two that are shown, the others
            being in their middle; None for the first two. Of one column, heights mean nothing.
        ax: the axes to draw on; None for a new figure with a colour bar.

    Example:
        >>> from gan1d import define_discriminator
        >>> ax = plot_field(define_discriminator(), np.zeros((9, 2)), np.ones((9, 2)))
        >>> ax.get_title(loc="left")
        'x²'
    """
    function, recipe = get_function(function), get_recipe(recipe)
    check_discriminator("discriminator", discriminator, function.columns)
    n_columns = len(function.columns)
    real, fake = points("real", real, n_columns), points("fake", fake, n_columns)
    plane = Plane(function, pair)
    arrows = yes_or_no("arrows", arrows)
    left, right, bottom, top = field_extent(plane) if extent is None else checked(extent)
    colorbar = ax is None
    ax = new_axes(7.2, right=0.7) if colorbar else given_or_new(ax)
    x, y = np.meshgrid(np.linspace(left, right, 81), np.linspace(bottom, top, 81))
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    width, height = right - left, top - bottom
    steps = (width / 200, height / 200)
    values, pulls = field_and_pulls(discriminator, recipe, plane, grid, real, fake, steps)
    values = values.reshape(x.shape)
    # Lines, told apart by their style, say it too where there are no colours.
    options = {"colors": "black", "linewidths": (0.6, 1.2, 0.6), "linestyles": (":", "-", "--")}
    if recipe.relative:
        most = rounded_up(colour_limit(values))
        label, ticks = "score, above the real points' mean", most * np.linspace(-1, 1, 5)
        levels, at, extend = most * np.linspace(-1, 1, 21), ticks[1:4], "both"
    else:
        label, ticks = f"D({', '.join(plane.names)}), probability of real", (0, 0.25, 0.5, 0.75, 1)
        levels, at, extend = np.linspace(0, 1, 21), (0.25, 0.5, 0.75), "neither"
    field = ax.contourf(x, y, values, levels, cmap=field_colours(), extend=extend)
    lines = ax.contour(x, y, values, at, **options)
    if colorbar:
        bar = ax.figure.colorbar(field, label=label, ticks=ticks)
        bar.add_lines(lines)
    real, fake = plane.project(real), plane.project(fake)
    if function.curve() is not None:
        ax.plot(*function.curve().T, color="black", linewidth=0.8, alpha=0.6, label="function")  # type: ignore[union-attr]  # as just asked
    if arrows:
        options = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.0025}
        # Below the points, which they would hide.
        ax.quiver(*fake.T, *readable(pulls, width, height).T, **options, color="0.2", zorder=1.5)
        ax.plot(
            [], [], color="0.2", marker=r"$\rightarrow$", linestyle="", label="pull"
        )  # its legend
    plot_samples(real, fake, columns=plane.names, ax=ax)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    slice_ = ", the other columns in their middle" if n_columns > 2 else ""
    ax.set_title(f"{function.formula}{slice_}", loc="left", fontsize="medium" if slice_ else None)
    return ax


class Plane:
    """The plane that pictures show of samples: of two columns, the others being in their middle.

    Args:
        function: the `Source` of the samples.
        pair: the names of the two; None for the first two. Of one column, which has no second,
            samples lie at heights that mean nothing.

    Attributes:
        axes: the indices of the columns that are shown, two, or one.
        names: of the two axes.
        centre, half_range: (2,), by which what is shown is scaled.
    """

    def __init__(self, function, pair=None):
        columns = function.columns
        pair = columns[:2] if pair is None else column_names("pair", pair, known=columns)
        if len(pair) != min(2, len(columns)):
            raise ValueError(f"pair must be two of {', '.join(columns)}, got {pair!r}")
        self.axes = [columns.index(name) for name in pair]
        self.names = pair if len(pair) == 2 else (*pair, "(any height)")
        self.middle = function.centre
        self.centre = np.append(function.centre[self.axes], 0.0)[:2]
        self.half_range = np.append(function.half_range[self.axes], 1.0)[:2]

    def project(self, samples):
        """Return where samples (n, d) are shown: (n, 2)."""
        samples = samples[:, self.axes]
        if samples.shape[1] == 2:
            return samples
        heights = np.arange(len(samples)) * 0.618 % 1  # spread evenly, however many there are
        return np.stack([samples[:, 0], 1.6 * heights - 0.8], axis=1)

    def lift(self, shown):
        """Return points of the plane (n, 2) as samples (n, d)."""
        samples = np.tile(self.middle, (len(shown), 1))
        samples[:, self.axes] = shown[:, : len(self.axes)]
        return samples


def field_and_pulls(discriminator, recipe, plane, grid, real, fake, steps):
    """Return what a discriminator says of a grid of points, and where it pulls fakes.

    Args:
        plane: the `Plane` that is shown.
        grid: (m, 2), points of the plane.
        real, fake: (k, d) and (n, d), samples.
        steps: of the differences that make a gradient, along each axis: far less than what is
            drawn, far more than what float32 tells apart.

    Returns:
        values: (m,), the probability of real; by a recipe that is `relative`, the score above the
            mean score of the real points.
        pulls: (n, 2), the way down the generator's loss, where the generator works in coordinates
            scaled as the discriminator's.
    """
    n_dims = real.shape[1]
    along = np.eye(n_dims)[plane.axes] * np.array(steps)[: len(plane.axes), np.newaxis]
    sides = np.stack([along, -along], axis=1).reshape(-1, 1, n_dims)
    around = in_float32(fake + sides)  # (4, n, d): right, left, above and below
    # All in one call, whose cost is the same for one point as for thousands.
    every = in_float32(np.concatenate([plane.lift(grid), real, around.reshape(-1, n_dims)]))
    outputs = ops.convert_to_numpy(discriminator(every, training=False))
    of_grid, of_real, of_around = np.split(outputs, [len(grid), len(grid) + len(real)])
    if recipe.relative:
        values = as_scores(discriminator, of_grid)
        values = values - ops.mean(as_scores(discriminator, of_real))
    else:
        values = as_probabilities(discriminator, of_grid)
    gains = recipe.gain(discriminator, of_around, of_real).astype(np.float64)
    gains = gains.reshape(len(around), -1)
    pulls = np.zeros((len(fake), 2))
    scale = np.broadcast_to(ops.convert_to_numpy(scale_of(discriminator)), n_dims)
    with np.errstate(all="ignore"):
        for i, axis in enumerate(plane.axes):
            one, other = around[2 * i : 2 * i + 2, :, axis].astype(np.float64)  # as rounded
            pulls[:, i] = (gains[2 * i] - gains[2 * i + 1]) / (one - other) / scale[axis] ** 2.0
    values = ops.convert_to_numpy(values).astype(np.float64).ravel()
    return values, np.nan_to_num(pulls, nan=0, posinf=0, neginf=0)


def in_float32(samples):
    """Return samples as Keras takes them; what is too large for that as the largest there is."""
    most = np.finfo(np.float32).max
    return np.clip(samples, -most, most).astype(np.float32)


def readable(arrows, width, height):
    """Scale arrows (n, 2) on axes of that range: the median to 4 %, and none over 8 % of them."""
    length = np.maximum(np.hypot(*arrows.T / [[width], [height]]), 1e-30)
    return arrows * np.minimum(0.04 / np.median(length), 0.08 / length)[:, np.newaxis]


def field_colours():
    """Return the colour map of D: blue for fake, white for neither, red for real, all pale."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps["RdBu_r"](np.linspace(0.15, 0.85, 256)))


def colour_limit(scores):
    """Return how far from 0 the colours of scores reach.

    They have no bounds: far from all samples they would leave the rest in one colour, so that a
    fifth of the plane, the last two axes, is past the limit.
    """
    return np.quantile(np.abs(scores), 0.8, axis=(-2, -1))


def field_extent(plane):
    """Return (x low, x high, y low, y high) of the curve, and a third of it on every side."""
    margin = 2 / 3 * plane.half_range
    low, high = plane.centre - plane.half_range, plane.centre + plane.half_range
    (left, bottom), (right, top) = low - margin, high + margin
    return left, right, bottom, top


def checked(extent):
    """Return the extent of a field as four floats, in order."""
    sides = real_array("extent", extent)
    if sides.shape != (4,) or not (sides[0] < sides[1] and sides[2] < sides[3]):
        raise ValueError(f"extent must be x low < x high, y low < y high, got {extent!r}")
    return sides.tolist()


def rounded_up(value):
    """Return a number above 0 with one digit that is not 0; 1 for 0 or what is not finite."""
    if not (np.isfinite(value) and value > 1e-30):
        return 1.0
    unit = 10.0 ** np.floor(np.log10(value))
    return float(np.ceil(value / unit) * unit)
