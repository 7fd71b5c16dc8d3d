"""Many trainings, one a seed: how often does a recipe work, and how well?"""

from __future__ import annotations

import csv
import math
import pathlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from gan1d._checks import File, layer_sizes, positive_int, random_source
from gan1d.any_function import define_models, latent_dim_of
from gan1d.files import written_whole
from gan1d.functions import generate_real_samples, get_function
from gan1d.gan import GAN
from gan1d.generator import generate_fake_samples
from gan1d.measures import MEASURES, Performance, share_interval
from gan1d.pictures.plots import ink, plot_samples
from gan1d.recipes import AnyRecipe, get_recipe
from gan1d.samples import AnySource, Source
from gan1d.trainer import Trainer
from gan1d.training import train

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ONE_AT_A_TIME = threading.Lock()
KEY = ("backend", "function", "recipe", "hidden", "epochs", "seed")
KIND = ("function", "recipe", "hidden", "epochs", "backend")  # of seeds counted together
COLUMNS = [*KEY, *MEASURES]
GANS: dict[tuple, tuple] = {}  # one of each kind in a process, and what its variables start from


def train_seed(
    seed: int,
    *,
    recipe: AnyRecipe = "tutorial",
    function: AnySource = "square",
    hidden: Iterable[int] | None = None,
    n_epochs: int = 10000,
) -> Performance:
    """Train a GAN from a seed, as `train_gan.py --seed` does, and measure it at the end.

    The first call for a recipe compiles; later ones set the weights and the optimizers back to a
    start, and train at once.

    Args:
        seed: a whole number in [0, 2**32).
        recipe: the name of a recipe.
        function: what real samples come from, see `generate_real_samples`.
        hidden: as in `define_models`.
        n_epochs: how many updates, at least 1.

    Returns:
        The `Performance` after the last update. Where a loss was not finite any more its energy
        distance is infinity and its coverage 0.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
    """
    function = get_function(function)
    hidden = hidden and layer_sizes("hidden", hidden)
    n_epochs = positive_int("n_epochs", n_epochs)
    with ONE_AT_A_TIME:
        kind = {"recipe": recipe, "hidden": hidden, "n_epochs": n_epochs}
        models, fresh = compiled_models(function, **kind)
        for variable, value in fresh:
            variable.assign(value)
        rng = np.random.RandomState(seed)
        *_, gan = models
        *_, initial = define_models(function, rng=rng, **kind)
        gan.set_weights(initial.get_weights())  # which has those of both
        options = {"n_epochs": n_epochs, "n_eval": n_epochs, "plot": False, "verbose": 0}
        try:
            latent_dim = latent_dim_of(function, recipe)
            history = train(*models, latent_dim, function=function, rng=rng, **options)
        except FloatingPointError:
            lost = {"energy_distance": math.inf, "coverage": 0.0, "energy_ratio": math.inf}
            return Performance(**dict.fromkeys(MEASURES, math.nan) | lost | {"epoch": n_epochs - 1})
        return history.evaluations[-1]


def samples_of_seed(
    seed: int,
    n: int = 500,
    *,
    recipe: AnyRecipe = "tutorial",
    function: AnySource = "square",
    hidden: Iterable[int] | None = None,
    n_epochs: int = 10000,
) -> tuple[np.ndarray, np.ndarray]:
    """Train a GAN from a seed, and return n real and n fake samples, (n, d) each.

    The other arguments are those of `train_seed`.
    """
    kind: dict[str, Any]
    kind = {"recipe": recipe, "hidden": hidden and tuple(hidden), "n_epochs": n_epochs}
    train_seed(seed, function=function, **kind)
    (generator, *_), _ = compiled_models(get_function(function), **kind)
    function, rng = get_function(function), random_source(seed)
    real, _ = generate_real_samples(n, function=function, rng=rng)
    given = function.draw_given(n, rng) if function.given else None
    latent_dim = latent_dim_of(function, recipe)
    return real, generate_fake_samples(generator, latent_dim, n, given=given, rng=rng)[0]


def compiled_models(
    function: Source, *, recipe: AnyRecipe, hidden: tuple[int, ...] | None, n_epochs: int
) -> tuple[tuple[keras.Model, keras.Model, GAN], list]:
    """Return three models, and all their variables with the values that they start from."""
    key = (recipe, hidden, n_epochs, len(function.columns), len(function.given))
    if get_recipe(recipe).scaled:
        key += (*function.centre, *function.half_range)
    if key not in GANS:
        models = define_models(function, recipe=recipe, hidden=hidden, n_epochs=n_epochs)
        *_, gan = models
        variables = Trainer.for_gan(gan).variables
        values = [np.copy(keras.ops.convert_to_numpy(variable)) for variable in variables]
        GANS[key] = models, list(zip(variables, values, strict=True))
    return GANS[key]


def backend() -> str:
    """Return the name of the backend that Keras runs on in this process, or a worker with this."""
    return keras.config.backend()


def summarize_sweep(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what a sweep found, a dict for each function and recipe in the order of the rows.

    Args:
        rows: dicts with `function`, `recipe`, `hidden`, `epochs`, `backend`, `seed` and the
            measures of a `Performance`.

    Returns:
        A list of dicts: those but the seed and the measures; `seeds`, how many; `learned`, how
        many of them learned the function; `low` and `high`, the 95 % interval of that rate;
        `collapsed`, how many miss a bin; `errors`, their curve errors as shares of the range of y,
        and `distances`, their energy distances, both in rising order; `best`, `median` and
        `worst`, the seeds of the least energy distance, the middle one and the largest.
    """
    groups: dict[tuple, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in KIND), []).append(row)
    summary = []
    for kind, members in groups.items():
        members = sorted(members, key=lambda row: row["energy_distance"])
        learned = sum(performance(row).learned for row in members)
        low, high = share_interval(learned, len(members))
        summary.append(
            dict(zip(KIND, kind, strict=True))
            | {
                "seeds": len(members),
                "learned": learned,
                "low": low,
                "high": high,
                "collapsed": sum(row["coverage"] < 1 for row in members),
                "errors": np.sort([row["curve_error_share"] for row in members]),
                "distances": np.array([row["energy_distance"] for row in members]),
                "best": members[0]["seed"],
                "median": members[(len(members) - 1) // 2]["seed"],
                "worst": members[-1]["seed"],
            }
        )
    return summary


def performance(row: Mapping[str, Any]) -> Performance:
    """Return the `Performance` of a row, which does not say the epoch."""
    return Performance(None, **{name: row.get(name) for name in MEASURES})  # type: ignore[arg-type]  # no epoch


def label(group: Mapping[str, Any]) -> str:
    """Return what a group of a summary is called on a figure."""
    return ", ".join(group[name] for name in ("function", "recipe", "hidden") if group[name])


def plot_sweep(summary: Sequence[Mapping[str, Any]]) -> tuple[Axes, Axes]:
    """Draw the distributions of the energy distance, and how often the function is learned.

    Args:
        summary: what `summarize_sweep` returned, not empty.

    Returns:
        The two axes.
    """
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(10, 1.5 + 0.4 * len(summary)), layout="constrained")
    distances, rates = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    jitter = np.random.default_rng(0)
    for i, group in enumerate(summary):
        # The estimate is unbiased, so that it may be slightly negative.
        shown = np.clip(1000 * group["distances"], 0.01, 1e6)
        at = i + jitter.uniform(-0.25, 0.25, len(shown))
        distances.scatter(shown, at, s=8, color=ink(), alpha=0.4, linewidths=0)
        median, ninety = np.quantile(shown, (0.5, 0.9))
        distances.plot([median] * 2, [i - 0.35, i + 0.35], color="red", label="median")
        distances.plot([ninety] * 2, [i - 0.35, i + 0.35], color="red", linestyle=":", label="90 %")
        rate = group["learned"] / group["seeds"]
        error = np.array([[rate - group["low"]], [group["high"] - rate]])
        rates.errorbar(100 * rate, i, xerr=100 * np.abs(error), fmt="ks", markersize=4, capsize=4)
    both = (labels[:2] for labels in distances.get_legend_handles_labels())
    place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 2, "frameon": False}
    distances.legend(*both, **place)  # over no point
    distances.set_yticks(range(len(summary)), map(label, summary))
    distances.invert_yaxis()
    distances.set(
        xscale="log",
        xlabel="energy distance x 1,000; each seed is a point, below 0.01 at the left edge",
    )
    rates.set(xlabel="% of the seeds learn it; 95 % interval", xlim=(-2, 102))
    return distances, rates


def plot_worst_and_best(
    summary: Sequence[Mapping[str, Any]],
    samples: Callable[[Mapping[str, Any], int], tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """Draw the scatter plots of the worst and the best seed of each function and recipe.

    Args:
        summary: what `summarize_sweep` returned, not empty.
        samples: a function of a group of the summary and a seed: real and fake samples, (n, d), of
            which the first two columns are drawn.

    Returns:
        The axes, (groups, 2).
    """
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(9, 0.4 + 2.4 * len(summary)), layout="constrained")
    axes = figure.subplots(len(summary), 2, squeeze=False, sharex="row", sharey="row")
    for row, group in zip(axes, summary, strict=True):
        for ax, which in zip(row, ("worst", "best"), strict=True):
            plot_samples(*(X[:, :2] for X in samples(group, group[which])), ax=ax)
            ax.set_title(f"{label(group)}: {which}, seed {group[which]}", fontsize="medium")
            ax.set(xlabel="", ylabel="")
            ax.get_legend().remove()  # one for all
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return axes


def read_table(file: pathlib.Path) -> dict[tuple, dict[str, Any]]:
    """Return the rows of a sweep's table: a dict of dicts by `COLUMNS`, by the values of `KEY`.

    Raises:
        ValueError: for a file that is there and is no such table.
    """
    if not file.exists():
        return {}
    try:
        with open(file, encoding="utf-8") as stream:
            reader = csv.DictReader(stream)
            rows = [*reader]
        if reader.fieldnames != COLUMNS or any(None in row for row in rows):
            raise ValueError("its columns are others")
        for row in rows:
            row |= {name: int(row[name]) for name in ("epochs", "seed")}
            row |= {name: float(row[name]) for name in MEASURES}
    except (ValueError, TypeError) as error:
        raise ValueError(f"{file} is there, and is no table of a sweep: {error}") from None
    return {tuple(row[name] for name in KEY): row for row in rows}


def write_table(file: File, rows: Mapping[tuple, Mapping[str, Any]]) -> None:
    """Write rows as `read_table` reads them, whole or not at all."""
    with written_whole(file) as temporary, open(temporary, "w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, COLUMNS)
        writer.writeheader()
        writer.writerows(rows.values())
