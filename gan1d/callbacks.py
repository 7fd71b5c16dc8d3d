"""The callbacks of `train`: history, evaluations and progress, both learning rates, Ctrl-C."""

from __future__ import annotations

import csv
import dataclasses
import math
import signal
from collections.abc import Callable, Sequence
from typing import Any, Self

import keras

from gan1d._checks import File
from gan1d.files import written_whole
from gan1d.measures import MEASURES, Performance

Logs = Any  # a dict, or the None that Keras has in signatures
AnyCallbacks = keras.callbacks.Callback | Sequence[keras.callbacks.Callback] | None


class History(keras.callbacks.History):
    """What happened in training: Keras's `History` with more points, and the evaluations.

    Attributes:
        history: a dict of lists, one entry for every 100 updates or fewer: `update`, the number
            of updates so far, and the mean of each loss since the entry before: `d_loss_real`,
            `d_loss_fake` and `g_loss`, or those that the recipe names.
        epoch: a list of the Keras epochs so far, from 0 on.
        evaluations: a list of `Performance`, one for each evaluation.
        relative: whether the discriminator only compares samples, see `Recipe`.
    """

    history: dict[str, list[float]]
    epoch: list[int]
    evaluations: list[Performance]

    def __init__(self, relative: bool = False) -> None:
        super().__init__()
        self.relative = relative
        self.epoch, self.evaluations = [], []

    def set_model(self, model: keras.Model) -> None:
        pass  # it needs none, and so can be pickled

    def on_train_begin(self, logs: Logs = None) -> None:
        pass  # a training that is resumed has epochs already

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        logs["update"] = int(logs["update"])  # Keras has made a float of it
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs["update"] = int(logs["update"])
        if self.epoch[-1:] != [epoch]:  # it may have been stopped amidst, and resumed
            self.epoch.append(epoch)

    def write_csv(self, file: File) -> None:
        """Write a row for each point of the losses, with the evaluation made there, if any."""
        evaluations = {p.epoch + 1: dataclasses.asdict(p) for p in self.evaluations}
        with (
            written_whole(file) as temporary,
            open(temporary, "w", newline="", encoding="utf-8") as stream,
        ):
            writer = csv.DictWriter(stream, [*self.history, *MEASURES], extrasaction="ignore")
            writer.writeheader()
            for losses in zip(*self.history.values(), strict=True):
                row = dict(zip(self.history, losses, strict=True))
                writer.writerow(row | evaluations.get(row["update"], {}))

    def measures(self) -> str:
        """Return a table of what was measured, for the eye, and a verdict on the last."""
        if not self.evaluations:
            return "No evaluation was made."
        first = "score, real - fake" if self.relative else "real  fake"
        of_curve = math.isfinite(self.evaluations[-1].curve_error)
        lines = [f"epoch  {first}  coverage{'  curve error' * of_curve}  energy ratio"]
        for p in self.evaluations:
            found = f"{p.accuracy_real:4.2f}  {p.accuracy_fake:4.2f}"
            if self.relative:
                found = f"{p.score_real - p.score_fake:18.4f}"
            error = f"  {p.curve_error_share:11.2%}" if of_curve else ""
            lines.append(f"{p.epoch:5}  {found}  {p.coverage:8.2f}{error}  {p.energy_ratio:12,.1f}")
        last, (*_, updates) = self.evaluations[-1], self.history["update"]
        # A training that was stopped is further on than its last evaluation.
        when = "" if updates == last.epoch + 1 else f"After {last.epoch + 1:,} updates: "
        missing = last.shortcomings()
        if not missing:
            but = "" if of_curve else " (by coverage and energy ratio; there is no curve)"
            return "\n".join([*lines, f"{when}Learned{but}."])
        cure = "By the tutorial's recipe this is common, and no mistake of yours: try stable."
        if self.relative:
            cure = "Try more updates, more hidden units (two layers of 25 or more) or another seed."
        return "\n".join([*lines, f"{when}Not learned: {'; '.join(missing)}.", cure])


class Monitor(keras.callbacks.Callback):
    """Evaluates at the end of each Keras epoch, for the history and the logs; shows Keras's bar."""

    def __init__(
        self,
        history: History,
        evaluate: Callable[[int], Performance],
        n_epochs: int,
        n_eval: int,
        verbose: int,
    ) -> None:
        super().__init__()
        self.history, self.evaluate, self.verbose = history, evaluate, verbose
        self.n_epochs, self.n_eval = n_epochs, n_eval

    def on_train_begin(self, logs: Logs = None) -> None:
        self.start = self.history.history.get("update", [0])[-1]  # of a training that is resumed
        options = {"stateful_metrics": self.model.recipe.losses, "unit_name": "update"}
        self.bar = keras.utils.Progbar(self.n_epochs - self.start, verbose=self.verbose, **options)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.show(logs)

    def show(self, logs: dict[str, Any], finalize: bool = False) -> None:
        losses = [(name, logs[name]) for name in self.model.recipe.losses]
        self.bar.update(int(logs["update"]) - self.start, losses, finalize)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.show(logs, finalize=True)
        update = logs["update"]
        if update % self.n_eval == 0 or update == self.n_epochs:  # else it was stopped
            performance = self.evaluate(update - 1)
            self.history.evaluations.append(performance)
            logs.update(dataclasses.asdict(performance))
            del logs["epoch"]  # the tutorial's; callbacks have Keras's already


class BothRates(keras.callbacks.Callback):
    """Carries a change of the generator's learning rate over to the discriminator's.

    Keras's callbacks set the rate of their model's optimizer, which is the generator's. The
    discriminator's follows in proportion, unless it was set too.
    """

    def on_train_begin(self, logs: Logs = None) -> None:
        self.settable = all(map(has_settable_rate, optimizers(self.model)))
        if self.settable:
            self.g_rate, self.d_rate = self.rates()
            self.ratio = self.d_rate / self.g_rate if self.g_rate else 1.0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if not self.settable:
            return
        g_rate, d_rate = self.rates()
        if g_rate != self.g_rate and d_rate == self.d_rate:
            self.model.discriminator.optimizer.learning_rate = self.ratio * g_rate
        self.g_rate, self.d_rate = self.rates()

    on_epoch_end = on_epoch_begin

    def rates(self) -> list[float]:
        return [float(optimizer.learning_rate) for optimizer in optimizers(self.model)]


def optimizers(
    gan_model: keras.Model,
) -> tuple[keras.optimizers.Optimizer, keras.optimizers.Optimizer]:
    """Return the generator's optimizer and the discriminator's."""
    return gan_model.optimizer, gan_model.discriminator.optimizer


def has_settable_rate(optimizer: keras.optimizers.Optimizer) -> bool:
    """Return whether the learning rate is a number and not a schedule."""
    try:
        optimizer.learning_rate = float(optimizer.learning_rate)
    except (TypeError, AttributeError):  # of a schedule, a function, several optimizers
        return False
    return True


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the chunk at hand on Ctrl-C or SIGTERM; on the second, at once.

    It does so inside a `with` block of its own. A signal that is ignored, as `nohup` and `&`
    have it, stays so.

    Attributes:
        number: the signal's, once it came; else None.
    """

    number: int | None

    def __init__(self) -> None:
        super().__init__()
        self.number = None

    def __enter__(self) -> Self:
        self.before = {
            number: signal.signal(number, self.stop)
            for number in (signal.SIGINT, signal.SIGTERM)
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self.number is not None:
            self.model.stop_training = True

    def stop(self, number: int, frame: object) -> None:
        if self.number is not None:
            raise SystemExit(128 + number)
        self.number = number
