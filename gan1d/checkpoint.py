"""A training that was cut short goes on to the same bits: all of its state, in one file."""

import contextlib
import dataclasses
import hashlib
import io
import json
import os
import pathlib
import re
import sys
import warnings

import keras
import numpy as np

from gan1d.files import PREFIX, check_file, written_whole
from gan1d.measures import Performance

FILE = "gan1d.backup"
CHECKSUM_SIZE = hashlib.sha256().digest_size


class Checkpoint(keras.callbacks.Callback):
    """A callback of `train` that keeps all of a training's state, and gives it back.

    It is written at the end of each Keras epoch, after an evaluation or where training was
    stopped: the variables of both models and of both optimizers, the history, how many updates
    are made, and the state of other callbacks that have `get_state()` and `set_state(state)`, a
    dict of arrays. What is still to be drawn needs none: every chunk has a random stream of its
    own.

    (Keras's own `BackupAndRestore` keeps no history, and ends by removing the folder.)

    Args:
        folder: for the file, `gan1d.backup`.
        description: what the training does, a dict for JSON: a state of another is refused.
        history: the `History` of the training.
        callbacks: the other callbacks.
        variables: all that training changes, Keras variables.
        check_same_folder: raises once the folder is another, see `locked`.

    Raises:
        OSError: where no such file can be.
    """

    def __init__(self, folder, description, history, callbacks, variables, check_same_folder):
        super().__init__()
        self.file = pathlib.Path(folder) / FILE
        check_file(self.file)
        for part in self.file.parent.glob(f"{PREFIX}*/{FILE}"):  # of a process that was killed
            part.unlink()
            with contextlib.suppress(OSError):  # there is something else in it
                part.parent.rmdir()
        self.check_same_folder = check_same_folder
        self.description = json.loads(json.dumps(description))  # as it is read back
        self.history, self.variables = history, variables
        self.others = [callback for callback in callbacks if hasattr(callback, "get_state")]

    def on_train_begin(self, logs=None):
        for callback in self.others:
            state = callback.get_state()
            if not all(isinstance(a, np.ndarray) and not a.dtype.hasobject for a in state.values()):
                raise TypeError(
                    f"callbacks: get_state of {type(callback).__name__} must return a dict of "
                    f"arrays of numbers or text, got {state!r}"
                )

    def on_epoch_end(self, epoch, logs=None):
        self.check_same_folder()
        state = {
            "description": self.description,
            "update": logs["update"],
            "history": self.history.history,
            "epoch": self.history.epoch,
            "evaluations": [dataclasses.asdict(p) for p in self.history.evaluations],
        }
        arrays = {"state": np.array(json.dumps(state))}
        for i, variable in enumerate(self.variables):
            arrays[f"variable_{i}"] = keras.ops.convert_to_numpy(variable)
        for i, callback in enumerate(self.others):
            arrays |= {f"callback_{i}_{name}": a for name, a in callback.get_state().items()}
        content = io.BytesIO()
        np.savez(content, **arrays)
        content = content.getvalue()
        with written_whole(self.file) as temporary, open(temporary, "wb") as stream:
            stream.write(hashlib.sha256(content).digest() + content)
            stream.flush()
            os.fsync(stream.fileno())  # whole even if the power goes

    def restore(self):
        """Give the state in the file to the variables, the history and the callbacks.

        Returns:
            How many updates were made; 0 where there is no file, and then nothing is changed.

        Raises:
            ValueError: for a file that is damaged, or of another training; nothing is changed.
        """
        if not self.file.exists():
            return 0
        sealed = self.file.read_bytes()
        checksum, content = sealed[:CHECKSUM_SIZE], sealed[CHECKSUM_SIZE:]
        if hashlib.sha256(content).digest() != checksum:
            raise ValueError(f"{self.file} is damaged: its checksum is not that of its content")
        with np.load(io.BytesIO(content)) as archive:
            arrays = dict(archive)
        state = json.loads(str(arrays.pop("state")))
        for name, now in self.description.items():
            was = state.get("description", {}).get(name)  # none by an older version
            if was != now:
                raise ValueError(f"{self.file} is of another training: its {name} was {was}")
        for i, variable in enumerate(self.variables):
            variable.assign(arrays[f"variable_{i}"])
        for i, callback in enumerate(self.others):
            prefix = f"callback_{i}_"
            callback.set_state(
                {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
            )
        self.history.history, self.history.epoch = state["history"], state["epoch"]
        self.history.evaluations = [Performance(**p) for p in state["evaluations"]]
        return state["update"]


def describe(gan, function, callbacks, **settings):
    """Return what decides the result of a training, a dict for `Checkpoint`.

    Of the function it has the values, if they can be had again; of models, losses and optimizers
    what Keras saves of them, and of losses of one's own what they do.
    """
    backend = keras.config.backend()
    versions = {"keras": keras, "numpy": np, backend: sys.modules[backend]}
    values = function.name.encode() + (function.rows.tobytes() if function.reproducible else b"")
    models = repr([variable.shape for variable in gan.variables])
    # Of what Keras cannot save, as an argument of a model's own class, there are but the shapes.
    with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
        models = json.dumps(keras.saving.serialize_keras_object(gan), default=str)
    models = re.sub(r'_\d+"', '"', models)  # names are numbered in the order of their making
    for loss in (gan.discriminator.loss, gan.loss):  # of one's own Keras saves but the name
        code = getattr(getattr(loss, "call", loss), "__code__", None)
        if code is not None:
            constants = [c for c in code.co_consts if isinstance(c, (int, float, str))]
            models += repr((code.co_code, code.co_names, constants))
    return settings | {
        "function": f"{function.name}, {digest(values)}",
        "models and how they are compiled": digest(models.encode()),
        "callbacks with a state": [type(c).__name__ for c in callbacks if hasattr(c, "get_state")],
        "versions": {name: module.__version__ for name, module in versions.items()},
    }


def digest(content):
    return hashlib.sha256(content).hexdigest()[:16]
