import contextlib
import functools
import hashlib
import io
import os
import random
import signal
import zipfile

import keras
import numpy as np
import pytest
from gan1d.runs.backup import Backup, function_settings

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
from gan1d.trainer import Trainer

OPTIONS = {"n_epochs": 650, "n_batch": 16, "n_eval": 250, "rng": 3, "plot": False, "verbose": 0}


def state_of(gan):
    return [np.copy(keras.ops.convert_to_numpy(v)) for v in Trainer.of(gan).variables]


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
    gan = define_gan(generator, discriminator, recipe=recipe, n_epochs=650)
    return gan, state_of(gan)


def make(recipe="tutorial"):
    """Return the three models as they were before any training."""
    gan, start = compiled(recipe)
    for variable, value in zip(Trainer.of(gan).variables, start, strict=True):
        variable.assign(value)
    return gan.generator, gan.discriminator, gan


def assert_same_end(one, other):
    (history, film, state), (history2, film2, state2) = one, other
    for a, b in zip(state, state2, strict=True):
        np.testing.assert_array_equal(a, b)
    assert history.history == history2.history
    assert history.evaluations == history2.evaluations
    assert film.updates == film2.updates
    for a, b in zip(film.weights, film2.weights, strict=True):
        for ours, theirs in zip(a, b, strict=True):
            for w, v in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(w, v)
    np.testing.assert_array_equal(film.latent_points, film2.latent_points)


@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
@pytest.mark.parametrize(
    "breaks",
    [
        [Stop(100)],
        [Stop(250)],
        [Stop(300), Stop(450), Stop(600)],
        [Stop(100, error=RuntimeError("killed"))],  # before the first backup
        [Stop(400, error=RuntimeError("killed"))],
        [Stop(650)],  # after the end
    ],
)
def test_a_training_that_was_cut_short_ends_with_the_same_bits(tmp_path, recipe, breaks):
    def run(callbacks, **options):
        models = make(recipe)
        film = Film(200, n=10, rng=5)
        history = train(*models, **OPTIONS, callbacks=[film, *callbacks], **options)
        return history, film, state_of(models[2])

    for stop in breaks:
        with pytest.raises(RuntimeError) if stop.error else contextlib.nullcontext():
            run([stop], backup_dir=tmp_path)
    assert_same_end(run([], backup_dir=tmp_path), run([]))
    assert [file.name for file in tmp_path.iterdir()] == ["gan1d.backup"]


def test_a_training_that_has_ended_is_restored_and_not_repeated(tmp_path):
    models = make()
    train(*models, **OPTIONS, backup_dir=tmp_path)
    before = state_of(models[2])
    again = make()
    ran = []
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: ran.append(1))
    history = train(*again, **OPTIONS, backup_dir=tmp_path, callbacks=watch)
    for a, b in zip(before, state_of(again[2]), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (ran, history.history["update"][-1]) == ([], 650)
    # Unless it is to be trained anew.
    train(*again, **OPTIONS, backup_dir=tmp_path, resume=False, callbacks=watch)
    assert ran


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_batch": 18}, "n_batch is 18, was 16"),
        ({"n_eval": 100}, "n_eval is 100, was 250"),
        ({"n_epochs": 700}, "n_epochs is 700, was 650"),
        ({"function": "cube"}, "function name is cube, was square"),
        ({"function": Function1D("square", "x²", np.abs)}, "function f at -0.5 is 0.5, was 0.25"),
        ({"function": Function1D("square", "x²", np.square, 0)}, "function low is 0, was -0.5"),
        ({"function": Points("square", [[0, 0], [1, 1]])}, "function low is 0, was -0.5"),
        ({"rng": 4}, "rng is another"),
        ({"callbacks": Film(1)}, "callbacks with a state 0 is Film, was None"),
    ],
)
def test_a_backup_of_another_training_is_refused_and_kept(tmp_path, change, message):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    kept = (tmp_path / "gan1d.backup").read_bytes()
    models = make()
    before = state_of(models[2])
    with pytest.raises(ValueError, match=f"is of another training: {message}$"):
        train(*models, **(OPTIONS | change), backup_dir=tmp_path)
    assert (tmp_path / "gan1d.backup").read_bytes() == kept
    for a, b in zip(before, state_of(models[2]), strict=True):
        np.testing.assert_array_equal(a, b)


def test_points_are_told_apart_by_all_their_rows():
    rows = np.random.default_rng(0).random((50, 2))
    found = [function_settings(Points("p", r)) for r in (rows, rows, np.clip(rows, 0, 0.99))]
    assert found[0] == found[1] != found[2]


def test_a_backup_of_another_recipe_is_refused(tmp_path):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    with pytest.raises(ValueError, match=r"gan_model recipe is Stable, was Tutorial$"):
        train(*make("stable"), **OPTIONS, backup_dir=tmp_path)


@pytest.mark.parametrize(
    ("which", "optimizer", "message"),
    [
        (
            "gan",
            keras.optimizers.Adam(0.5),
            r"optimizer learning_rate is 0\.5, was 0\.001",
        ),
        ("discriminator", keras.optimizers.SGD(), "d_model optimizer is SGD, was Adam"),
    ],
)
def test_a_backup_of_other_optimizers_is_refused(tmp_path, which, optimizer, message):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    discriminator, generator = define_discriminator(), define_generator()
    gan = define_gan(generator, discriminator, n_epochs=650)
    model = {"gan": gan, "discriminator": discriminator}[which]
    model.compile(loss="binary_crossentropy", optimizer=optimizer)
    with pytest.raises(ValueError, match=message):
        train(generator, discriminator, gan, **OPTIONS, backup_dir=tmp_path)


def test_models_are_trained_by_one_at_a_time():
    models = make()
    again = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: train(*models, **OPTIONS)
    )
    with pytest.raises(RuntimeError, match="these models are in training already"):
        train(*models, **OPTIONS, callbacks=[again])
    train(*models, **OPTIONS)  # and then they are free


def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path):
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    whole = (tmp_path / "gan1d.backup").read_bytes()
    models = make()
    before = state_of(models[2])
    middle = len(whole) // 2
    for damaged in (
        b"",
        whole[:100],
        whole[:-50],
        whole[:middle] + b"\0" * 99 + whole[middle + 99 :],
    ):
        (tmp_path / "gan1d.backup").write_bytes(damaged)
        with pytest.raises(ValueError, match="is damaged: its checksum is not"):
            train(*models, **OPTIONS, backup_dir=tmp_path)
        for a, b in zip(before, state_of(models[2]), strict=True):
            np.testing.assert_array_equal(a, b)


def header_bytes(sealed):
    """Return the places of all bytes of a backup that are not an array's numbers."""
    places = set(range(len(sealed)))
    start = hashlib.sha256().digest_size
    with zipfile.ZipFile(io.BytesIO(sealed[start:])) as archive:
        for info in archive.infolist():
            size = len(np.lib.format.magic(1, 0)) + 2
            stream = archive.open(info)
            stream.read(size - 2)
            size += int.from_bytes(stream.read(2), "little")
            lengths = sealed[start + info.header_offset :][26:30]
            name, extra = (int.from_bytes(lengths[i : i + 2], "little") for i in (0, 2))
            data = start + info.header_offset + 30 + name + extra
            places -= set(range(data + size, data + info.compress_size))
    return sorted(places)


@pytest.fixture
def refuses(tmp_path):
    """Return a small backup, and a function that holds another in its place to be refused."""
    gan = make()[2]
    train(*make(), **OPTIONS, backup_dir=tmp_path)
    file = tmp_path / "gan1d.backup"
    before = state_of(gan)
    backup = Backup(tmp_path, dict, History(), [], Trainer.of(gan).variables)

    def hold(damaged):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match="is damaged: its checksum is not"):
            backup.restore()

    yield file.read_bytes(), hold
    for a, b in zip(before, state_of(gan), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (backup.history.history, backup.history.evaluations) == ({}, [])


@pytest.mark.parametrize("step", [101, pytest.param(1, marks=pytest.mark.thorough)])
def test_each_flipped_bit_of_the_headers_is_found(refuses, step):
    whole, hold = refuses
    bits = [(place, bit) for place in header_bytes(whole) for bit in range(8)][::step]
    assert len(bits) * step > 20_000
    for place, bit in bits:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << bit
        hold(damaged)


def test_a_thousand_damages_are_found(refuses):
    whole, hold = refuses
    drawn = random.Random(0)
    for i in range(1000):
        start, length = drawn.randrange(len(whole)), drawn.choice((1, 2, 10, 1000))
        junk = {0: b"", 1: bytes(length), 2: drawn.randbytes(length), 3: whole[:length]}[i % 4]
        damaged = whole[:start] + junk + whole[start + (0 if i % 8 > 5 else length) :]
        if damaged != whole:
            hold(damaged)


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
