import contextlib
import functools
import os
import random
import signal

import keras
import numpy as np
import pytest

from gan1d import (
    Film,
    Function1D,
    History,
    Points,
    define_discriminator,
    define_gan,
    define_generator,
    train,
)
from gan1d.callbacks import StopOnSignal
from gan1d.checkpoint import Checkpoint
from gan1d.trainer import Trainer

OPTIONS = {"n_epochs": 350, "n_batch": 16, "n_eval": 150, "rng": 3, "plot": False, "verbose": 0}


def state_of(gan):
    return [np.copy(keras.ops.convert_to_numpy(v)) for v in Trainer.for_gan(gan).variables]


def assert_same(state, other):
    for a, b in zip(state, other, strict=True):
        np.testing.assert_array_equal(a, b)


class Stop(keras.callbacks.Callback):
    """Stops after an update, as a kill there would, or by an error in the midst of it."""

    def __init__(self, update, error=None):
        super().__init__()
        self.update, self.error = update, error

    def on_train_batch_end(self, batch, logs=None):
        if logs["update"] >= self.update:
            if self.error:
                raise self.error
            self.model.stop_training = True


@functools.cache
def compiled(recipe):
    """A GAN, compiled once for all tests here, with the values that its variables start from."""
    keras.utils.set_random_seed(1)
    discriminator, generator = define_discriminator(), define_generator()
    gan = define_gan(generator, discriminator, recipe=recipe, n_epochs=350)
    return gan, state_of(gan)


def make(recipe="tutorial"):
    """Return the three models as they were before any training."""
    gan, start = compiled(recipe)
    for variable, value in zip(Trainer.for_gan(gan).variables, start, strict=True):
        variable.assign(value)
    return gan.generator, gan.discriminator, gan


def run(recipe, callbacks=(), **options):
    models = make(recipe)
    film = Film(200, n=10, rng=5)
    history = train(*models, **OPTIONS, callbacks=[film, *callbacks], **options)
    return history, film, state_of(models[2])


whole = functools.cache(run)  # without a break


@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
@pytest.mark.parametrize(
    "breaks",
    [
        [Stop(150)],
        [Stop(100), Stop(250), Stop(300)],
        [Stop(100, error=RuntimeError("killed"))],  # before anything was kept
        [Stop(250, error=RuntimeError("killed"))],
        [Stop(350)],  # after the end
    ],
)
def test_a_training_that_was_cut_short_ends_with_the_same_bits(tmp_path, recipe, breaks):
    for stop in breaks:
        with pytest.raises(RuntimeError) if stop.error else contextlib.nullcontext():
            run(recipe, [stop], backup_dir=tmp_path)
    (history, film, state), (history2, film2, state2) = (
        run(recipe, backup_dir=tmp_path),
        whole(recipe),
    )
    assert_same(state, state2)
    assert history.history == history2.history
    assert history.evaluations == history2.evaluations
    assert film.updates == film2.updates
    assert_same(*(keras.tree.flatten(f.weights) for f in (film, film2)))
    np.testing.assert_array_equal(film.latent_points, film2.latent_points)
    assert [file.name for file in tmp_path.iterdir()] == ["gan1d.backup"]


def test_a_training_that_has_ended_is_restored_and_not_repeated(tmp_path):
    models = make()
    train(*models, **OPTIONS, backup_dir=tmp_path)
    before = state_of(models[2])
    again = make()
    ran = []
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: ran.append(1))
    history = train(*again, **OPTIONS, backup_dir=tmp_path, callbacks=watch)
    assert_same(before, state_of(again[2]))
    assert (ran, history.history["update"][-1]) == ([], 350)
    # Unless it is to be trained anew.
    train(*again, **OPTIONS, backup_dir=tmp_path, resume=False, callbacks=watch)
    assert ran


RESUME = """
import keras
from gan1d import *
def own_loss(y, p):
    return keras.ops.mean((y - p) ** 2)
keras.utils.set_random_seed(1)
d, g = define_discriminator(hidden=(25, 25)), define_generator()
d.compile(keras.optimizers.RMSprop(0.01), own_loss)
gan = define_gan(g, d)
stop = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: setattr(gan, "stop_training", True))
options = {"n_batch": 8, "rng": 3, "plot": False, "verbose": 0, "callbacks": stop}
function = Function1D("line", "x", lambda x: x)
history = train(g, d, gan, 5, 40, n_eval=20, function=function, backup_dir="kept", **options)
print(history.history["update"])
"""


@pytest.mark.slow
def test_a_training_goes_on_in_another_process(run_python, tmp_path, monkeypatch, capsys):
    """There, other models were made before, so that Keras numbers these otherwise."""
    monkeypatch.chdir(tmp_path)
    exec(RESUME, {"__name__": "__main__"})
    assert capsys.readouterr().out == "[20]\n"
    finished = run_python(RESUME)
    assert finished.stdout == "[20, 40]\n", finished.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_batch": 18}, "n_batch was 16"),
        ({"n_eval": 100}, "n_eval was 150"),
        ({"n_epochs": 700}, "n_epochs was 350"),
        ({"function": "cube"}, "function was square, "),
        ({"function": Function1D("square", "x²", np.abs)}, "function was square, "),
        ({"function": Function1D("square", "x²", np.square, 0)}, "function was square, "),
        ({"function": Points([[0, 0], [1, 1]], "square")}, "function was square, "),
        ({"rng": 4}, "rng was "),
        ({"callbacks": Film(1)}, r"callbacks with a state was \[\]"),
    ],
)
def test_the_state_of_another_training_is_refused_and_kept(tmp_path, change, message):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    kept = (tmp_path / "gan1d.backup").read_bytes()
    models = make()
    before = state_of(models[2])
    with pytest.raises(ValueError, match=f"is of another training: its {message}"):
        train(*models, **(OPTIONS | change), backup_dir=tmp_path)
    assert (tmp_path / "gan1d.backup").read_bytes() == kept
    assert_same(before, state_of(models[2]))


OTHERS = {
    "recipe": lambda d, g: define_gan(g, d, recipe="stable", n_epochs=350),
    "learning rate": lambda d, g: setattr(d.optimizer, "learning_rate", 0.5),
    "optimizer": lambda d, g: d.compile("sgd", "binary_crossentropy", metrics=["accuracy"]),
    "loss": lambda d, g: d.compile("adam", "mse", metrics=["accuracy"]),
    "frozen layer": lambda d, g: setattr(g.layers[0], "trainable", False),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_the_state_of_other_models_is_refused(tmp_path, change):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    discriminator, generator = define_discriminator(), define_generator()
    found = change(discriminator, generator)
    gan = found or define_gan(generator, discriminator, n_epochs=350)
    with pytest.raises(ValueError, match="its models and how they are compiled was"):
        train(generator, discriminator, gan, **OPTIONS, backup_dir=tmp_path)


def test_points_are_told_apart_by_all_their_rows(tmp_path):
    rows = np.random.default_rng(0).random((50, 2))
    options = OPTIONS | {"n_epochs": 5, "backup_dir": tmp_path}
    for _ in range(2):
        train(*make(), **options, function=Points(rows, "p"))
    with pytest.raises(ValueError, match="its function was p, "):
        train(*make(), **options, function=Points(np.clip(rows, 0, 0.99), "p"))


def test_the_state_by_a_loss_that_was_edited_is_refused(tmp_path):
    def trained(body):
        names = {"keras": keras}
        exec(f"def own_loss(y, p):\n    return {body}", names)
        generator, discriminator, _ = make()
        discriminator.compile("adam", names["own_loss"])
        gan = define_gan(generator, discriminator)
        return train(generator, discriminator, gan, **OPTIONS, backup_dir=tmp_path)

    one = trained("keras.ops.mean((y - p) ** 2)").history
    assert trained("keras.ops.mean((y - p) ** 2)").history == one
    for body in ("keras.ops.mean((y - p) ** 4)", "keras.ops.sum((y - p) ** 2)"):
        with pytest.raises(ValueError, match="is of another training: its models"):
            trained(body)


def test_what_is_damaged_is_refused_and_changes_nothing(tmp_path):
    gan = make()[2]
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    file = tmp_path / "gan1d.backup"
    sealed, before, history = file.read_bytes(), state_of(gan), History()
    checkpoint = Checkpoint(tmp_path, {}, history, [], Trainer.for_gan(gan).variables, lambda: None)
    drawn = random.Random(0)
    for i in range(1000):
        start, length = drawn.randrange(len(sealed)), drawn.choice((1, 2, 10, 1000))
        junk = {0: b"", 1: bytes(length), 2: drawn.randbytes(length), 3: sealed[:length]}[i % 4]
        damaged = sealed[:start] + junk + sealed[start + (0 if i % 8 > 5 else length) :]
        if damaged != sealed:
            file.write_bytes(damaged)
            with pytest.raises(ValueError, match="is damaged: its checksum is not"):
                checkpoint.restore()
    assert_same(before, state_of(gan))
    assert (history.history, history.evaluations) == ({}, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_training_after_the_chunk_and_a_second_one_at_once(number):
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    send = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: os.kill(os.getpid(), number)
    )
    with StopOnSignal() as stop:
        history = train(*make(), **OPTIONS, callbacks=[send, stop])
    assert stop.number == number
    assert history.history["update"] == [100]
    twice = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: [os.kill(os.getpid(), number) for _ in range(2)]
    )
    with pytest.raises(SystemExit) as ended, StopOnSignal() as stop:
        train(*make(), **OPTIONS, callbacks=[twice, stop])
    assert ended.value.code == 128 + number
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with StopOnSignal() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert stop.number is None
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_state_that_could_not_be_read_back_is_refused_before_training(tmp_path, models):
    class Counts(keras.callbacks.Callback):
        def get_state(self):
            return {"count": 3}

        def set_state(self, state):
            pass

    with pytest.raises(TypeError, match="callbacks: get_state of Counts must return a dict of"):
        train(*models, **OPTIONS, callbacks=Counts(), backup_dir=tmp_path)
    assert int(models[2].optimizer.iterations) == 0


def test_a_folder_that_was_renamed_meanwhile_is_left_to_whom_it_is_now(tmp_path, models):
    folder, renamed = tmp_path / "run", tmp_path / "other"

    def rename(epoch, logs):
        if epoch == 0:
            folder.rename(renamed)
            folder.mkdir()
            (folder / "gan1d.backup").write_text("another's")
            (folder / "gan1d.lock").write_text("another's")

    callback = keras.callbacks.LambdaCallback(on_epoch_begin=rename)
    with pytest.raises(FileNotFoundError, match="no longer the folder that this run began in"):
        train(*models, **OPTIONS, callbacks=callback, backup_dir=folder)
    assert {file.name: file.read_text() for file in folder.iterdir()} == {
        "gan1d.backup": "another's",
        "gan1d.lock": "another's",
    }
