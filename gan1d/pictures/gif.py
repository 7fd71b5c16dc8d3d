"""A film as a GIF."""

from __future__ import annotations

import types

import numpy as np

from gan1d._checks import File, file_path
from gan1d.files import written_whole
from gan1d.pictures.field import field_colours
from gan1d.pictures.film import EDGE, GRID, Film
from gan1d.pictures.plots import plot_losses, plot_samples
from gan1d.samples import unscaled

FRAME_MS, LAST_FRAME_MS = 120, 3000
LINES = ((0.25, 0.6, ":"), (0.5, 1.2, "-"), (0.75, 0.6, "--"))  # of D: width and style


def save_gif(film: Film, file: File) -> None:
    """Save a film as an animated GIF that plays for ever, and holds the last frame a while.

    Each frame has the discriminator's field with samples on it, and the losses so far; 900 x 450
    pixels, 128 colours.

    Args:
        film: a `Film` after training.
        file: the path to write.

    Raises:
        TypeError, ValueError: for what is no film, or one before training.
    """
    file = file_path("file", file)
    if not isinstance(film, Film):
        raise TypeError(f"film must be a Film, got {film!r}")
    from PIL import Image

    frames = render_frames(film)
    # One palette for all, and no dithering: flat colours stay flat, and small.
    some = np.concatenate([frames[0], frames[len(frames) // 2], frames[-1]])
    palette = Image.fromarray(some).quantize(128)
    first, *others = (
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE)
        for frame in frames
    )
    with written_whole(file) as temporary:
        first.save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=others,
            duration=[FRAME_MS] * len(others) + [LAST_FRAME_MS],
            loop=0,
        )


def render_frames(film):
    """Draw the frames of a GIF, uint8 (450, 900, 3) each.

    What does not change is drawn once, and put back before each frame.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fields, fakes, _ = film.rendered()
    relative = film.model.recipe.relative
    figure = Figure(figsize=(9, 4.5), dpi=100)
    figure.subplots_adjust(left=0.08, right=0.965, bottom=0.11, top=0.92, wspace=0.22)
    canvas = FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    image, levels, curve, real, fake, title = plot_plane(film, left)
    lines, legend = plot_losses_so_far(film, right)
    curves = [line.get_data() for line in lines]

    over_the_field = [curve, real, fake, title, *left.spines.values()]
    for artist in (image, *levels.values(), *over_the_field, *lines):
        artist.set_animated(True)
    canvas.draw()
    background = canvas.copy_from_bbox(figure.bbox)
    beneath = canvas.copy_from_bbox(legend.get_window_extent())
    frames = []
    limits = film.colour_limits(fields)
    for update, field, samples, limit in zip(film.updates, fields, fakes, limits, strict=True):
        canvas.restore_region(background)
        so_far = np.searchsorted(film.losses["update"], update, side="right")
        for line, (at, loss) in zip(lines, curves, strict=True):
            line.set_data(at[:so_far], loss[:so_far])
            right.draw_artist(line)
        canvas.restore_region(beneath)  # the legend stays on top
        image.set_data(field / limit if relative else field)
        left.draw_artist(image)
        if not relative:
            plot_levels(film, field, levels)
        fake.set_offsets(unscaled(samples, film.plane))
        title.set_text(f"{film.formula}, update {update:,}")
        for artist in over_the_field:
            left.draw_artist(artist)
        frames.append(np.array(canvas.buffer_rgba())[..., :3])
    return frames


def sides_of(film):
    """Return where the columns of a field are in x, and its rows in y, (2, GRID)."""
    return unscaled(np.linspace([-EDGE] * 2, [EDGE] * 2, GRID), film.plane).T


def plot_plane(film, ax):
    """Draw the field with the samples on it; return what changes, or is over what changes."""
    relative = film.model.recipe.relative
    (left, *_, right), (bottom, *_, top) = sides_of(film)
    image = ax.imshow(
        np.zeros((GRID, GRID)), extent=(left, right, bottom, top), origin="lower", aspect="auto",
        cmap=field_colours().resampled(20), vmin=-1 if relative else 0, vmax=1,
        interpolation="bilinear", interpolation_stage="data",
    )  # fmt: skip
    bar = ax.figure.colorbar(image, ax=ax, pad=0.02, aspect=30)
    if relative:
        bar.set_ticks([-1, 0, 1], labels=["−", "0", "+"])
        bar.set_label("score, against the real samples' mean", labelpad=-2)
    else:
        bar.set_label("D, probability of real")
    (curve,) = ax.plot(*unscaled(film.curve(), film.plane).T, color="black", lw=0.8, alpha=0.6)
    shown = film.plane.project(film.real)
    plot_samples(
        shown, shown, columns=film.plane.names, ax=ax
    )  # the fakes move from frame to frame
    real, fake = ax.collections
    levels = {
        level: ax.plot([], [], style, color="black", linewidth=width)[0]
        for level, width, style in LINES
    }
    title = ax.set_title(film.formula, loc="left")  # above the power of ten, if any
    ax.set(xlim=(left, right), ylim=(bottom, top))
    return image, levels, curve, real, fake, title


def plot_losses_so_far(film, ax):
    """Draw the losses over all updates; return their lines and the legend."""
    relative = film.model.recipe.relative
    plot_losses(types.SimpleNamespace(history=film.losses, relative=relative), ax=ax)
    losses = np.ravel([film.losses[name] for name in film.model.recipe.losses])
    least, most = np.quantile(losses, (0.01, 0.99)) if losses.size else (0, 1)
    ax.set(xlim=(0, max(1, film.updates[-1])), ylim=(1.3 * min(0, least), 1.3 * most))
    *lines, _ = ax.lines  # the last is that of ln 2
    return lines, ax.legend(loc="upper right", framealpha=1)


def plot_levels(film, field, levels):
    """Draw on which points the field is at each level: a dict of lines."""
    import contourpy  # what Matplotlib draws contours with

    contours = contourpy.contour_generator(*sides_of(film), field, line_type="ChunkCombinedNan")
    for level, line in levels.items():
        ((points,),) = contours.lines(level)
        line.set_data(*([[], []] if points is None else points.T))
        line.axes.draw_artist(line)
