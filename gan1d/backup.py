"""A training that was cut short goes on to the same bits: all of its state, in one file."""

import dataclasses
import io
import json
import os
import pathlib
import signal
import zipfile

import keras
import numpy as np

from gan1d.evaluation import Performance
from gan1d.files import written_whole

FORMAT = 2  # of the file; to be raised when what is in it changes


class Backup(keras.callbacks.Callback):
    """A callback of `train` that keeps all of a training's state, and gives it back.

    It is written at the end of each Keras epoch, after an evaluation or where training was
    stopped: the variables of both models and of both optimizers, the history, how many updates
    are made, and the state of other callbacks that have `get_state()` and `set_state(state)`, a
    dict of arrays. What is still to be drawn needs none: every chunk has a random stream of its
    own.

    Keras's own `BackupAndRestore` keeps the weights and the Keras epoch, in several files.

    Args:
        folder: for the file, `backup.npz`; made if it is not there.
        settings: what the training was asked for, a dict. A backup of others is refused.
        history: the `History` of the training.
        callbacks: the other callbacks.
        variables: all that training changes, Keras variables.
    """

    def __init__(self, folder, settings, history, callbacks, variables):
        super().__init__()
        self.file = pathlib.Path(folder) / "backup.npz"
        settings = {"format": FORMAT, "backend": keras.config.backend()} | settings
        self.settings = json.loads(json.dumps(settings, default=str))  # as the file gives them back
        self.history = history
        self.others = kept_callbacks(callbacks)
        self.variables = variables

    def on_epoch_end(self, epoch, logs=None):
        self.save(logs["update"])

    def save(self, update):
        """Write the state after so many updates."""
        state = {
            "settings": self.settings,
            "update": update,
            "history": self.history.history,
            "epoch": self.history.epoch,
            "evaluations": [dataclasses.asdict(p) for p in self.history.evaluations],
        }
        arrays = {"state": np.array(json.dumps(state))}
        for i, variable in enumerate(self.variables):
            arrays[f"variable_{i}"] = variable.numpy()
        for i, callback in enumerate(self.others):
            arrays |= {f"callback_{i}_{name}": a for name, a in callback.get_state().items()}
        content = io.BytesIO()
        np.savez(content, **arrays)
        with written_whole(self.file) as temporary, open(temporary, "wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())  # whole even if the power goes

    def restore(self):
        """Give the state in the file to the variables, the history and the callbacks.

        Returns:
            How many updates were made; 0 where there is no file, and then nothing is changed.

        Raises:
            ValueError: for a file that is damaged, or of another training; nothing is changed.
        """
        if not self.file.exists():
            return 0
        try:
            with open(self.file, "rb") as file, np.load(file) as archive:
                arrays = dict(archive)
            state = json.loads(str(arrays.pop("state")))
            settings = state["settings"]
        except (ValueError, TypeError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
            raise ValueError(f"{self.file} is damaged, and cannot be resumed: {error}") from error
        for name in {**self.settings, **settings}:
            ours, theirs = self.settings.get(name), settings.get(name)
            if ours != theirs:
                raise ValueError(
                    f"{self.file} is of another training: its {name} is {theirs}, not {ours}"
                )
        for i, variable in enumerate(self.variables):
            variable.assign(arrays.pop(f"variable_{i}"))
        for i, callback in enumerate(self.others):
            prefix = f"callback_{i}_"
            callback.set_state(
                {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
            )
        self.history.history, self.history.epoch = state["history"], state["epoch"]
        self.history.evaluations = [Performance(**p) for p in state["evaluations"]]
        return state["update"]


def kept_callbacks(callbacks):
    """Return those callbacks that have a state to keep."""
    return [callback for callback in callbacks if hasattr(callback, "get_state")]


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the chunk at hand on Ctrl-C or SIGTERM; on the second, at once.

    It does so inside a `with` block of its own.

    Attributes:
        number: the signal's, once it came; else None.
    """

    def __init__(self):
        super().__init__()
        self.number = None

    def __enter__(self):
        self.before = {
            number: signal.signal(number, self.stop) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *error):
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        if self.number is not None:
            self.model.stop_training = True

    def stop(self, number, frame):
        if self.number is not None:
            raise SystemExit(128 + number)
        self.number = number
