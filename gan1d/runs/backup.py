"""A training that was cut short goes on to the same bits: all of its state, in one file."""

import contextlib
import dataclasses
import hashlib
import io
import json
import pathlib
import sys
import warnings

import keras
import numpy as np

from gan1d.evaluation import Performance
from gan1d.functions import Points
from gan1d.runs.files import check_file, read_sealed, remove_parts, write_sealed
from gan1d.runs.lock import locked

FORMAT = 3  # of the file; to be raised when what is in it changes
FILE, LOCK = "gan1d.backup", "gan1d.backup.lock"


class Backup(keras.callbacks.Callback):
    """A callback of `train` that keeps all of a training's state, and gives it back.

    It is written at the end of each Keras epoch, after an evaluation or where training was
    stopped: the variables of both models and of both optimizers, the history, how many updates
    are made, and the state of other callbacks that have `get_state()` and `set_state(state)`, a
    dict of arrays. What is still to be drawn needs none: every chunk has a random stream of its
    own.

    Keras's own `BackupAndRestore` keeps the weights and the Keras epoch, in several files.

    It is for use inside a `with` block of its own, in which nobody else has the folder.

    Args:
        folder: for the file, `gan1d.backup`; made if it is not there.
        describe: a function that returns what the training does, a dict (see `description`). A
            backup of another training is refused.
        history: the `History` of the training.
        callbacks: the other callbacks.
        variables: all that training changes, Keras variables.

    Raises:
        OSError: where no such file can be, or somebody else trains by that folder.
    """

    def __init__(self, folder, describe, history, callbacks, variables):
        super().__init__()
        self.file = pathlib.Path(folder) / FILE
        check_file(self.file)
        self.describe = describe
        self.begun = self.description()
        self.history = history
        self.others = kept_callbacks(callbacks)
        self.variables = variables

    def __enter__(self):
        self.lock = locked(self.file.with_name(LOCK), f"the backup in {self.file.parent}")
        self.lock.__enter__()
        remove_parts(self.file.parent, [FILE])
        return self

    def __exit__(self, *error):
        self.lock.__exit__(*error)

    def on_epoch_end(self, epoch, logs=None):
        self.save(logs["update"])

    def description(self):
        """Return what the training does, as the file gives it back."""
        backend = keras.config.backend()
        versions = {backend: sys.modules[backend], "Keras": keras, "NumPy": np}
        versions = {name: module.__version__ for name, module in versions.items()}
        what = {"format": FORMAT, "versions": versions} | self.describe()
        return json.loads(json.dumps(what, default=as_json))

    def save(self, update):
        """Write the state after so many updates."""
        state = {
            "begun": self.begun,
            "now": self.description(),
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
        write_sealed(self.file, content.getvalue())

    def restore(self):
        """Give the state in the file to the variables, the history and the callbacks.

        Returns:
            How many updates were made; 0 where there is no file, and then nothing is changed.

        Raises:
            ValueError: for a file that is damaged, or of another training; nothing is changed.
        """
        if not self.file.exists():
            return 0
        with np.load(io.BytesIO(read_sealed(self.file))) as archive:
            arrays = dict(archive)
        state = json.loads(str(arrays.pop("state")))
        ours, begun = self.description(), state["begun"]
        # Where callbacks have changed a learning rate, models that go on have the later one.
        if ours not in (begun, state["now"]):
            raise ValueError(f"{self.file} is of another training: {difference(ours, begun)}")
        self.begun = begun
        values = [arrays[f"variable_{i}"] for i in range(len(self.variables))]
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign(value)
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


def description(g_model, d_model, gan_model, function):
    """Return all that the models and the function have a say in, but the values of variables.

    Of lambdas it has the code, of other functions the name, of the function to learn values.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's, of lambdas that are not to be loaded again
        models = {
            "gan_model": {
                "recipe": settings(gan_model.recipe),
                "n_epochs of define_gan": gan_model.n_epochs,
            }
            | compile_settings(gan_model),
            "g_model": model_settings(g_model),
            "d_model": model_settings(d_model) | compile_settings(d_model),
        }
    return {"function": function_settings(function)} | models


def function_settings(function):
    """Return what a function is, by its values."""
    found = {"name": function.name, "low": function.low, "high": function.high}
    if isinstance(function, Points):
        return found | {"points": hashlib.sha256(function.rows.tobytes()).hexdigest()}
    x = np.linspace(function.low, function.high, 101)
    return found | {"f": {f"at {at:g}": y for at, y in zip(x, function(x), strict=True)}}


def model_settings(model):
    """Return what a model is made of, layers by their numbers: names may differ from run to run."""
    names = {name: f"layer {i}" for i, name in enumerate(layer_names(model))}
    variables = [[v.shape, v.dtype, v.trainable] for v in model.variables]
    return {"layers": renamed(settings(model), names), "variables": variables}


def layer_names(model):
    """Yield the names of a model and of all its layers, in order."""
    yield model.name
    for layer in getattr(model, "layers", ()):
        yield from layer_names(layer)


def renamed(value, names):
    """Return settings with these names changed, and without what only a beginning depends on."""
    if isinstance(value, dict):
        return {
            key: renamed(item, names)
            for key, item in value.items()
            if not key.endswith("_initializer") and key != "seed"
        }
    if isinstance(value, (list, tuple)):
        return [renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def compile_settings(model):
    """Return what a model is compiled with."""
    if not model.compiled:
        return {}
    found = {"optimizer": renamed(settings(model.optimizer), {model.optimizer.name: "optimizer"})}
    for name, value in (model.get_compile_config() or {}).items():
        if name not in ("optimizer", "metrics", "weighted_metrics"):  # which only look
            found[name] = value
    return found


def settings(thing):
    """Return an object's class, and what its `get_config` says if it has one."""
    found = {"is": type(thing).__qualname__, "module": type(thing).__module__}
    with contextlib.suppress(Exception):  # a class of the user's need not have it
        found |= keras.saving.serialize_keras_object(thing.get_config())
    return found


def as_json(value):
    """Return what stands for a value that JSON has not."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return f"{type(value).__module__}.{type(value).__qualname__}"


def difference(ours, theirs, path=()):
    """Return the first difference between two descriptions, in words."""
    one, other = (
        dict(enumerate(side)) if isinstance(side, list) else side for side in (ours, theirs)
    )
    if isinstance(one, dict) and isinstance(other, dict):
        key = next(key for key in one | other if one.get(key) != other.get(key))
        return difference(one.get(key), other.get(key), (*path, key))
    where = " ".join(str(key) for key in path if key not in ("is", "config", "class_name"))
    now, then = in_words(one), in_words(other)
    if now == then or max(len(now), len(then)) > 30:  # such as code, or a seed
        return f"{where} is another"
    return f"{where} is {now}, was {then}"


def in_words(value):
    if isinstance(value, dict):
        value = value.get("is", value.get("class_name", value))
    return f"{value:.7g}" if isinstance(value, float) else str(value)
