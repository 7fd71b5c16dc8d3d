"""A film of a training: snapshots on the way, and what the networks say at each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from gan1d._checks import Rng, positive_int, random_source
from gan1d.callbacks import Logs
from gan1d.functions import SQUARE, generate_real_samples, get_function
from gan1d.generator import generator_inputs
from gan1d.pictures.field import Plane, colour_limit, field_and_pulls, readable
from gan1d.pictures.page import ShownByPage, deflated, finite
from gan1d.samples import AnySource, scaled, unscaled

SHOWN = (  # measures; the last two are for the verdict
    *("coverage", "energy_distance", "curve_error", "accuracy_real", "accuracy_fake"),
    *("curve_error_share", "energy_ratio"),
)
# Lengths are in coordinates in which the function fills [-1, 1] on both axes.
EDGE = 5 / 3  # of the field: a third of the function's range around it
GRID = 81  # points of the field along each axis
STEP = 0.01  # of the differences that make a gradient
POINT_STEPS = 8192  # to 1: points are int16 in a page, which every browser has
FIELD_STEPS = 255  # from the lowest to the highest value of a field, bytes in a page


class Film(keras.callbacks.Callback, ShownByPage):
    """A callback of `train` that remembers what both networks were, from update 0 to the last.

    A snapshot is taken at the first end of a chunk, of 100 updates or fewer, at which `every`
    updates have passed since the one before was due; the last is of the end. It costs a copy of
    the weights. Fakes are made from the same latent points in every snapshot, so that each can be
    followed. As the last line of a notebook's cell, it shows itself.

    Args:
        every: updates from one snapshot to the next, at least 1.
        n: how many real and how many fake samples are shown, at least 1.
        function: what real samples come from, see `generate_real_samples`; None for what `train`
            is given.
        pair: of samples of more than two columns, the names of the two that are shown; None for
            the first two.
        rng: what the samples are drawn from: None for NumPy's global state, an int seed, a
            `Generator` or a `RandomState`.

    Attributes:
        updates: a list of ints, the updates made before each snapshot.
        losses, measures: dicts of lists of equal length, `update` and what the logs had there:
            the losses at the ends of chunks, and the measures of each evaluation.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> film = Film(every=200, n=50)  # then: train(..., callbacks=film)
        >>> film.updates
        []
    """

    updates: list[int]
    losses: dict[str, list[float]]
    measures: dict[str, list[float]]
    weights: list[list[np.ndarray]]
    found: list[np.ndarray] | None

    def __init__(
        self,
        every: int,
        *,
        n: int = 100,
        function: AnySource | None = None,
        pair: Sequence[str] | None = None,
        rng: Rng = None,
    ) -> None:
        super().__init__()
        self.every = positive_int("every", every)
        self.n = positive_int("n", n)
        self.given_function = None if function is None else get_function(function)
        self.pair = pair
        random_source(rng)  # an error is here, not in training
        self.rng = rng
        self.updates, self.weights, self.losses, self.measures = [], [], {}, {}
        self.resumed, self.found = False, None

    def on_train_begin(self, logs: Logs = None) -> None:
        params = self.params or {}  # none, where it is no callback of `train`
        self.function = self.given_function or params.get("function", SQUARE)
        self.plane = Plane(self.function, self.pair)
        if self.resumed:
            self.resumed = False
            return
        self.updates, self.weights = [], []
        self.losses = {name: [] for name in ("update", *self.model.recipe.losses)}
        self.measures = {name: [] for name in ("update", *SHOWN)}
        function, latent = self.function, params.get("latent")
        latent_dim, rng = self.model.input_shape[1] - len(function.given), random_source(self.rng)
        self.real, _ = generate_real_samples(self.n, function=function, rng=rng)
        given = function.draw_given(self.n, rng)
        options = {"given": given, "latent": latent, "rng": rng}
        self.latent_points = generator_inputs(latent_dim, self.n, **options)
        self.take(0)
        self.due, self.last = self.every, 0

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.last = int(logs["update"])
        note(self.losses, logs)
        if self.last >= self.due:
            self.take(self.last)
            self.due += self.every * ((self.last - self.due) // self.every + 1)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if "coverage" in logs:  # not where training was stopped before the evaluation
            note(self.measures, logs)

    def on_train_end(self, logs: Logs = None) -> None:
        if self.updates[-1] != self.last:
            self.take(self.last)

    def _repr_html_(self):
        return super()._repr_html_() if self.updates else None

    def take(self, update: int) -> None:
        """Take a snapshot."""
        self.found = None
        self.updates.append(update)
        self.weights.append(self.model.get_weights())  # of both networks

    def get_state(self) -> dict[str, np.ndarray]:
        """Return what a `Checkpoint` is to keep, a dict of arrays."""
        stacks = map(np.stack, zip(*self.weights, strict=True))
        lists = {"losses": self.losses, "measures": self.measures}
        return {f"weights/{i}": stack for i, stack in enumerate(stacks)} | {
            "updates": np.array(self.updates),
            "due_last": np.array([self.due, self.last]),
            "real": self.real,
            "latent_points": self.latent_points,
            "lists": np.array(json.dumps(lists)),
        }

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Go on from what `get_state` returned."""
        self.updates = state["updates"].tolist()
        self.due, self.last = state["due_last"].tolist()
        self.real, self.latent_points = state["real"], state["latent_points"]
        self.n = len(self.real)
        stacks = [array for name, array in state.items() if name.startswith("weights/")]
        self.weights = [list(weights) for weights in zip(*stacks, strict=True)]
        lists = json.loads(str(state["lists"]))
        self.losses, self.measures = lists["losses"], lists["measures"]
        self.resumed, self.found = True, None

    def rendered(self) -> list[np.ndarray]:
        """Return what the networks of each snapshot say, of k snapshots.

        The models have the weights of each snapshot in turn, and at the end their own again.

        Returns:
            fields: (k, GRID, GRID), from the bottom row up, see `field.field_and_pulls`.
            fakes: (k, n, 2), scaled.
            pulls: (k, n, 2), arrows of readable length, scaled.
        """
        if self.found is not None:  # by a page or a GIF before
            return self.found
        if not self.updates:
            raise ValueError("there is no film before training: give it to train as a callback")
        generator, discriminator = self.model.generator, self.model.discriminator
        plane, recipe = self.plane, self.model.recipe
        side = np.linspace(-EDGE, EDGE, GRID)
        grid = unscaled(np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2), plane)
        steps = STEP * plane.half_range
        found = []
        own_weights = self.model.get_weights()
        try:
            for weights in self.weights:
                self.model.set_weights(weights)
                fake = generator(self.latent_points, training=False)
                fake = keras.ops.convert_to_numpy(fake).astype(np.float64)
                samples = (grid, self.real, fake)
                values, pulls = field_and_pulls(discriminator, recipe, plane, *samples, steps)
                pulls = readable(pulls / plane.half_range, 2 * EDGE, 2 * EDGE)
                fake = scaled(plane.project(fake), plane)
                found.append((values.reshape(GRID, GRID), fake, pulls))
        finally:
            self.model.set_weights(own_weights)
        self.found = [np.stack(arrays) for arrays in zip(*found, strict=True)]
        return self.found

    @property
    def formula(self) -> str:
        """What is learned, and of many columns which are shown."""
        formula, columns = self.function.formula, self.function.columns
        return formula if len(columns) < 3 else f"{formula}: {', '.join(self.plane.names)}"

    def curve(self) -> np.ndarray:
        """Return points (m, 2) of the curve, scaled; none where there is none."""
        curve = self.function.curve()
        return np.empty((0, 2)) if curve is None else scaled(curve[::5], self.plane)

    def colour_limits(self, fields: np.ndarray) -> np.ndarray:
        """Return how far from the middle the colours of each field reach: (k,)."""
        return colour_limit(fields) if self.model.recipe.relative else np.full(len(fields), 0.5)

    def numbers(self) -> dict[str, Any]:
        """Return all that a page draws, as a dict for JSON."""
        fields, fakes, pulls = self.rendered()
        relative = self.model.recipe.relative
        # Bytes are enough, as steps between each snapshot's own lowest and highest.
        low, high = fields.min(axis=(1, 2)), fields.max(axis=(1, 2))
        share = (fields.T - low) / np.maximum(high - low, 1e-30)
        steps = np.rint(FIELD_STEPS * share.T).astype(np.uint8)
        plane = self.plane
        real = scaled(plane.project(self.real.astype(np.float64)), plane)
        points = np.concatenate([a.reshape(-1, 2) for a in (real, self.curve(), fakes, pulls)])
        points = np.rint(np.clip(POINT_STEPS * points, -32767, 32767)).astype("<i2")
        return {
            "formula": self.formula.replace(r"\$", "$"),  # no mathematics of Matplotlib's
            "recipe": self.model.recipe.name,
            "relative": relative,
            "columns": plane.names,
            "centre": plane.centre.tolist(),
            "halfRange": plane.half_range.tolist(),
            "edge": EDGE,
            "grid": GRID,
            "pointSteps": POINT_STEPS,
            "fieldSteps": FIELD_STEPS,
            "updates": self.updates,
            "nSamples": self.n,
            "nCurve": len(self.curve()),
            "low": low.tolist(),
            "high": high.tolist(),
            "middle": 0 if relative else 0.5,
            "limits": self.colour_limits(fields).tolist(),
            "losses": finite(self.losses),
            "measures": finite(self.measures),
            # zlib's format, which browsers call "deflate"
            "points": deflated(points),
            "fields": deflated(steps),
        }


def note(lists, logs):
    """Append what the logs have to a dict of lists."""
    for name, values in lists.items():
        values.append(int(logs[name]) if name == "update" else float(logs[name]))
