"""The discriminator's field: what it says of every point of the plane, and where it pulls fakes."""

import numpy as np
from keras import ops

from gan1d._checks import points, real_array, yes_or_no
from gan1d._model_checks import check_discriminator
from gan1d.functions import SQUARE, Points, get_function
from gan1d.pictures.plots import given_or_new, new_axes, plot_samples
from gan1d.recipes import get_recipe
from gan1d.scores import as_probabilities, as_scores, scale_of


def plot_field(
    discriminator,
    real,
    fake,
    *,
    function=SQUARE,
    arrows=False,
    extent=None,
    recipe="tutorial",
    ax=None,
):
    """Draw what the discriminator says of every point of the plane, and samples on it.

    After GAN Lab (Kahng et al. 2018, "GAN Lab: Understanding complex deep generative models
    using interactive visual experimentation"), here of a discriminator of one's own.

    Args:
        discriminator: (n, 2) -> (n, 1).
        real, fake: (n, 2), points (x, y).
        function: the `Function1D` that the real points are of, or its name, whose curve is
            drawn; or `Points`, which have none.
        arrows: draw at each fake point the way the generator is pulled, down the gradient of its
            loss; the lengths in proportion to it, but for the longest, which are cut. Of networks
            that are scaled to the function, the gradient in scaled coordinates.
        extent: the part of the plane shown, (x low, x high, y low, y high); None for what the
            curve takes up, and a margin.
        recipe: by which the discriminator was trained, a name or a `Recipe`: the generator's loss
            is the recipe's. By one that is `relative`, as "stable", scores before the sigmoid are
            drawn, above and below the mean score of the real points; else the probability of real.
        ax: the axes to draw on; None for a new figure with a colour bar.

    Example:
        >>> from gan1d import define_discriminator
        >>> ax = plot_field(define_discriminator(), np.zeros((9, 2)), np.ones((9, 2)))
        >>> ax.get_title(loc="left")
        'x²'
    """
    check_discriminator("discriminator", discriminator)
    real, fake = points("real", real), points("fake", fake)
    function, recipe = get_function(function), get_recipe(recipe)
    arrows = yes_or_no("arrows", arrows)
    left, right, bottom, top = field_extent(function) if extent is None else checked(extent)
    colorbar = ax is None
    ax = new_axes(7.2, right=0.7) if colorbar else given_or_new(ax)
    x, y = np.meshgrid(np.linspace(left, right, 81), np.linspace(bottom, top, 81))
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    width, height = right - left, top - bottom
    steps = (width / 200, height / 200)
    values, pulls = field_and_pulls(discriminator, recipe, grid, real, fake, steps)
    # Lines, told apart by their style, say it too where there are no colours.
    options = {"colors": "black", "linewidths": (0.6, 1.2, 0.6), "linestyles": (":", "-", "--")}
    if recipe.relative:
        # Far away they fall without bounds; half of the plane is enough for the colours.
        most = rounded_up(np.median(np.abs(values)))
        label, ticks = "score, above the real points' mean", most * np.linspace(-1, 1, 5)
        levels, at, extend = most * np.linspace(-1, 1, 21), ticks[1:4], "both"
    else:
        label, ticks = "D(x, y), probability of real", (0, 0.25, 0.5, 0.75, 1)
        levels, at, extend = np.linspace(0, 1, 21), (0.25, 0.5, 0.75), "neither"
    values = values.reshape(x.shape)
    field = ax.contourf(x, y, values, levels, cmap=field_colours(), extend=extend)
    lines = ax.contour(x, y, values, at, **options)
    if colorbar:
        bar = ax.figure.colorbar(field, label=label, ticks=ticks)
        bar.add_lines(lines)
    if not isinstance(function, Points):
        ax.plot(*function.curve().T, color="black", linewidth=0.8, alpha=0.6)
    if arrows:
        options = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.0025}
        # Below the points, which they would hide.
        ax.quiver(*fake.T, *readable(pulls, width, height).T, **options, color="0.2", zorder=1.5)
    plot_samples(real, fake, ax=ax)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_title(function.formula, loc="left")
    return ax


def field_and_pulls(discriminator, recipe, grid, real, fake, steps):
    """Return what a discriminator says of a grid of points, and where it pulls fakes.

    Args:
        grid, real, fake: (m, 2), (k, 2) and (n, 2), points in the plane of the samples.
        steps: of the differences that make a gradient, along each axis: far less than what is
            drawn, far more than what float32 tells apart.

    Returns:
        values: (m,), the probability of real; by a recipe that is `relative`, the score above the
            mean score of the real points.
        pulls: (n, 2), the way down the generator's loss, where the generator works in coordinates
            scaled as the discriminator's.
    """
    sides = np.array([[[1, 0]], [[-1, 0]], [[0, 1]], [[0, -1]]]) * steps
    around = in_float32(fake + sides)  # (4, n, 2)
    # All in one call, whose cost is the same for one point as for thousands.
    every = in_float32(np.concatenate([grid, real, around.reshape(-1, 2)]))
    outputs = ops.convert_to_numpy(discriminator(every, training=False))
    of_grid, of_real, of_around = np.split(outputs, [len(grid), len(grid) + len(real)])
    if recipe.relative:
        values = as_scores(discriminator, of_grid)
        values = values - ops.mean(as_scores(discriminator, of_real))
    else:
        values = as_probabilities(discriminator, of_grid)
    gains = recipe.gain(discriminator, of_around, of_real).astype(np.float64).reshape(4, -1)
    with np.errstate(all="ignore"):
        right, left, above, below = around.astype(np.float64)
        widths = np.stack([right[:, 0] - left[:, 0], above[:, 1] - below[:, 1]], axis=1)
        pulls = np.stack([gains[0] - gains[1], gains[2] - gains[3]], axis=1) / widths  # as rounded
        pulls /= ops.convert_to_numpy(scale_of(discriminator)).astype(np.float64) ** 2
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


def field_extent(function):
    """Return (x low, x high, y low, y high) of the curve, and a third of it on every side."""
    margin = 2 / 3 * function.half_range
    low, high = function.centre - function.half_range, function.centre + function.half_range
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
