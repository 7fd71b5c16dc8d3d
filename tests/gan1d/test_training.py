import csv
import importlib.util
import inspect
import threading

import keras
import numpy as np
import pytest

from gan1d import (
    GAN,
    Function1D,
    define_discriminator,
    define_gan,
    define_generator,
    train,
)
from gan1d.training import draw_chunks, draw_seed


def weights_of(*models):
    return [np.copy(w) for model in models for w in model.get_weights()]


def assert_same(weights, others):
    for a, b in zip(weights, others, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_tutorial_s_complete_example_with_its_imports_changed(new_models, capsys):
    latent_dim = 5
    discriminator = define_discriminator()
    generator = define_generator(latent_dim)
    gan_model = define_gan(generator, discriminator)
    before = weights_of(generator, discriminator)
    train(generator, discriminator, gan_model, latent_dim, 40, 128, 20)
    for a, b in zip(before, weights_of(generator, discriminator), strict=True):
        assert not np.array_equal(a, b)
    assert "\n39 " in capsys.readouterr().out


def test_update_for_update_the_tutorial_s(new_models):
    """50 updates agree with the tutorial's slow loop: three `train_on_batch` of plain Keras.

    Where the tutorial shares one discriminator between two models and freezes it in one, the
    loop here trains the generator through a frozen copy: that is what it meant, and what Keras 3
    still does.
    """
    generator, discriminator, gan = new_models(seed=3)
    slow_generator, slow_discriminator, _ = new_models(seed=3)
    frozen = keras.models.clone_model(slow_discriminator)
    frozen.trainable = False
    slow_gan = keras.Sequential([slow_generator, frozen])
    slow_gan.compile(loss="binary_crossentropy", optimizer="adam")

    seed = draw_seed(0)
    ((chunk,),) = draw_chunks(5, 50, 128, 2000, train.__kwdefaults__["function"], seed)
    real, fake_latent, gan_latent, span = chunk
    assert span.tolist() == [0, 50]
    losses = []
    for i in range(50):
        fake = slow_generator.predict_on_batch(fake_latent[i])
        loss_real, _ = slow_discriminator.train_on_batch(real[i], np.ones((64, 1)))
        loss_fake, _ = slow_discriminator.train_on_batch(fake, np.zeros((64, 1)))
        frozen.set_weights(slow_discriminator.get_weights())
        losses.append(
            (loss_real, loss_fake, slow_gan.train_on_batch(gan_latent[i], np.ones((128, 1))))
        )
        for model in (slow_discriminator, slow_gan):
            model.reset_metrics()

    history = train(generator, discriminator, gan, n_epochs=50, rng=0, verbose=0)
    for ours, theirs in zip(
        weights_of(generator, discriminator),
        weights_of(slow_generator, slow_discriminator),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)
    ours = [history.history[name][0] for name in ("d_loss_real", "d_loss_fake", "g_loss")]
    np.testing.assert_allclose(ours, np.mean(losses, axis=0), rtol=1e-5)


def test_chunks_are_drawn_like_samples_and_differ():
    seed = draw_seed(0)
    square = train.__kwdefaults__["function"]
    chunks = [chunk for (chunk,) in draw_chunks(3, 250, 8, 120, square, seed)]
    assert [chunk[3].tolist() for chunk in chunks] == [
        [0, 100],
        [100, 120],
        [120, 220],
        [220, 240],
        [240, 250],
    ]
    for real, fake_latent, gan_latent, _ in chunks:
        assert (real.shape, fake_latent.shape) == ((100, 4, 2), (100, 4, 3))
        assert gan_latent.shape == (100, 8, 3)
        np.testing.assert_allclose(real[..., 1], real[..., 0] ** 2, rtol=1e-6)
    drawn = np.concatenate([np.ravel(array) for chunk in chunks for array in chunk[:3]])
    normal = np.concatenate([np.ravel(array) for chunk in chunks for array in chunk[1:3]])
    assert len(np.unique(normal)) > 0.999 * len(normal)
    assert len(drawn) == 5 * 100 * (4 * 2 + 4 * 3 + 8 * 3)
    assert abs(normal.mean()) < 5 / len(normal) ** 0.5


def test_the_same_seed_gives_the_same_bits_and_another_does_not(new_models):
    def trained(seed, rng):
        generator, discriminator, gan = new_models(seed)
        history = train(generator, discriminator, gan, n_epochs=120, n_eval=60, rng=rng, verbose=0)
        return weights_of(generator, discriminator), history

    weights, history = trained(0, 1)
    again, history_again = trained(0, 1)
    assert_same(weights, again)
    assert history.history == history_again.history
    assert history.evaluations == history_again.evaluations
    other, _ = trained(0, 2)
    assert not np.array_equal(weights[0], other[0])
    # The seed of everything is enough, as `new_models` sets it.
    weights, _ = trained(5, None)
    again, _ = trained(5, None)
    assert_same(weights, again)
    other, _ = trained(6, None)
    assert not np.array_equal(weights[0], other[0])


def test_the_same_seed_gives_the_same_bits_in_another_process(run_python, capsys):
    code = """
import keras
from gan1d import *
keras.utils.set_random_seed(4)
d = define_discriminator(); g = define_generator(); gan = define_gan(g, d)
train(g, d, gan, n_epochs=150, n_eval=100, verbose=0)
print([w.tobytes().hex() for w in g.get_weights() + d.get_weights()])
"""
    another = run_python(code)
    assert another.returncode == 0, another.stderr
    assert len(another.stdout) > 8 * 223
    exec(code, {})
    assert capsys.readouterr().out == another.stdout


@pytest.mark.parametrize(
    ("n_epochs", "n_eval", "evaluated"),
    [
        (1, 1, [0]),
        (3, 1, [0, 1, 2]),
        (250, 2000, []),
        (205, 100, [99, 199]),
        (150, 37, [36, 73, 110, 147]),
        (260, 130, [129, 259]),
        (301, 300, [299]),
        (100, 100, [99]),
    ],
)
def test_evaluations_and_updates_are_the_tutorial_s(models, n_epochs, n_eval, evaluated):
    generator, discriminator, gan = models
    gan.prepare()
    before = int(gan.optimizer.iterations), int(discriminator.optimizer.iterations)
    history = train(*models, 5, n_epochs, 8, n_eval, rng=0, verbose=0)
    assert [performance.epoch for performance in history.evaluations] == evaluated
    assert evaluated == [i for i in range(n_epochs) if (i + 1) % n_eval == 0]  # the tutorial's
    assert int(gan.optimizer.iterations) - before[0] == n_epochs
    assert int(discriminator.optimizer.iterations) - before[1] == 2 * n_epochs
    updates = history.history["update"]
    assert updates[-1] == n_epochs
    assert np.diff([0, *updates]).max() <= 100
    for name in ("d_loss_real", "d_loss_fake", "g_loss"):
        assert len(history.history[name]) == len(updates)


def test_a_second_training_goes_on_and_compiles_nothing(new_models, monkeypatch):
    traced = []
    update = GAN.update
    monkeypatch.setattr(GAN, "update", lambda *args: traced.append(1) or update(*args))
    generator, discriminator, gan = models = new_models()
    train(*models, n_epochs=30, rng=0, verbose=0)
    assert traced
    traced.clear()
    weights = weights_of(generator, discriminator)
    seen = []
    at_start = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: seen.extend(weights_of(generator, discriminator))
    )
    for n_epochs, n_eval in ((30, 7), (300, 2000), (1, 1)):
        train(*models, 5, n_epochs, n_eval=n_eval, rng=0, verbose=0, callbacks=at_start)
    assert traced == []
    assert_same(weights, seen[: len(weights)])
    assert int(gan.optimizer.iterations) == 361


def test_a_discriminator_compiled_anew_is_trained_by_its_new_optimizer(new_models):
    generator, discriminator, gan = models = new_models()
    train(*models, n_epochs=2, rng=0, verbose=0)
    weights = weights_of(discriminator)
    discriminator.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", ["accuracy"])
    train(*models, n_epochs=2, rng=0, verbose=0)
    assert_same(weights, weights_of(discriminator))
    assert int(discriminator.optimizer.iterations) == 4


@pytest.mark.skipif(keras.config.backend() == "torch", reason="takes minutes on PyTorch")
def test_ten_thousand_updates_learn_the_square(new_models):
    """A run that works reaches all of the curve. Not every run of the tutorial's recipe works.

    Measured, as here: 51 of the seeds 0 to 199 miss a bin of 20 on TensorFlow, 58 of the seeds 0
    to 59 and 100 to 199 on JAX. Of the six seeds here, 5 reach them all on TensorFlow and 2 on
    JAX. On a machine that rounds otherwise each may end as another seed would; by these rates
    three of six then do in 96 of 100 cases on TensorFlow, and two in 97 on JAX.
    """
    generator, discriminator, gan = models = new_models()
    gan.prepare()
    optimizers = gan.optimizer, discriminator.optimizer
    fresh = [[np.copy(v) for v in optimizer.variables] for optimizer in optimizers]
    final = []
    for seed in range(6):
        start = new_models(seed)
        for model, new in zip(models[:2], start[:2], strict=True):
            model.set_weights(new.get_weights())
        for optimizer, values in zip(optimizers, fresh, strict=True):
            for variable, value in zip(optimizer.variables, values, strict=True):
                variable.assign(value)
        history = train(*models, verbose=0)
        assert [p.epoch for p in history.evaluations] == [1999, 3999, 5999, 7999, 9999]
        final.append(history.evaluations[-1])
    covered = [p for p in final if p.coverage == 1]
    assert len(covered) >= (2 if keras.config.backend() == "jax" else 3), final
    assert min(p.energy_distance for p in covered) < 0.005
    assert min(p.curve_error for p in covered) < 0.02


def test_memory_does_not_grow_with_the_updates(run_python):
    code = """
import resource, sys
import keras
from gan1d import *
keras.utils.set_random_seed(0)
d = define_discriminator(); g = define_generator(); gan = define_gan(g, d)
for n_epochs in sys.argv[1:]:
    train(g, d, gan, n_epochs=int(n_epochs), n_eval=10_000, verbose=0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    updates = (5000, 50_000) if keras.config.backend() != "torch" else (500, 5000)
    finished = run_python(code, *map(str, updates))
    short, long = map(int, finished.stdout.split())
    assert long < 1.05 * short


def test_a_saved_generator_needs_plain_keras_only(new_models, tmp_path, run_python):
    generator, discriminator, gan = new_models()
    train(generator, discriminator, gan, n_epochs=10, rng=0, verbose=0)
    latent_points = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")
    np.save(tmp_path / "latent_points.npy", latent_points)
    generator.save(tmp_path / "generator.keras")
    discriminator.save(tmp_path / "discriminator.keras")
    code = """
import sys
import keras, numpy as np
x = np.load("latent_points.npy")
for name in ("generator", "discriminator"):
    x = keras.saving.load_model(f"{name}.keras").predict(x, verbose=0)
    np.save(f"{name}.npy", x)
assert "gan1d" not in sys.modules
"""
    finished = run_python(code)
    assert finished.returncode == 0, finished.stderr
    samples = generator.predict(latent_points, verbose=0)
    np.testing.assert_allclose(np.load(tmp_path / "generator.npy"), samples, atol=1e-6)
    probabilities = discriminator.predict(samples, verbose=0)
    np.testing.assert_allclose(np.load(tmp_path / "discriminator.npy"), probabilities, atol=1e-6)


def test_callbacks_get_the_losses_and_the_measures(models, tmp_path):
    batches, epochs = [], []
    train(
        *models,
        n_epochs=250,
        n_eval=120,
        rng=0,
        verbose=0,
        callbacks=[
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
            keras.callbacks.LambdaCallback(
                on_train_batch_end=lambda batch, logs: batches.append(logs["update"]),
                on_epoch_end=lambda epoch, logs: epochs.append(epoch),
            ),
        ],
    )
    assert batches == [100, 120, 220, 240, 250]
    assert epochs == [0, 1, 2]
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["update"] for row in rows] == ["120", "240", "250"]
    for name in ("d_loss_real", "d_loss_fake", "g_loss"):
        assert all(0 < float(row[name]) < 5 for row in rows)
    for name in ("accuracy_real", "accuracy_fake", "energy_distance", "coverage", "curve_error"):
        assert [row[name] == "NA" for row in rows] == [False, False, True]
        assert all(-0.01 < float(row[name]) < 5 for row in rows[:2])


def test_early_stopping_watches_the_evaluations(models):
    # No improvement is as large as 2: the second evaluation ends it.
    stopping = keras.callbacks.EarlyStopping("coverage", min_delta=2, patience=1, mode="max")
    history = train(
        *models, n_epochs=500, n_eval=50, rng=0, verbose=0, callbacks=stopping, plot=False
    )
    assert [performance.epoch for performance in history.evaluations] == [49, 99]
    assert history.history["update"][-1] == 100


@pytest.mark.skipif(not importlib.util.find_spec("tensorboard"), reason="needs tensorboard")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard_writes_its_log(models, tmp_path):
    callback = keras.callbacks.TensorBoard(tmp_path, write_graph=False)
    train(*models, n_epochs=40, n_eval=20, rng=0, verbose=0, callbacks=[callback])
    (log,) = tmp_path.glob("train/events*")
    assert b"epoch_energy_distance" in log.read_bytes()


def test_progress(models, capsys):
    train(*models, n_epochs=40, n_eval=20, rng=0)
    bar = capsys.readouterr().out
    assert "20/40" in bar
    assert "us/update" in bar or "ms/update" in bar
    assert "\n19 " in bar
    assert "\n39 " in bar
    train(*models, n_epochs=40, n_eval=20, rng=0, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["20/40", "19", "40/40", "39"]
    train(*models, n_epochs=40, n_eval=20, rng=0, verbose=0)
    assert capsys.readouterr().out == ""


def test_pictures_are_saved_at_each_evaluation(models, tmp_path):
    train(*models, n_epochs=5, n_eval=2, rng=0, verbose=0, file=tmp_path / "at_{epoch:03}.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["at_001.png", "at_003.png"]


def test_a_function_of_one_s_own(new_models):
    steps = Function1D("line", "2x", lambda x: 2 * x, low=0, high=0.5)
    generator, discriminator, gan = new_models()
    history = train(
        generator, discriminator, gan, n_epochs=3000, n_eval=3000, function=steps, rng=0, verbose=0
    )
    assert history.evaluations[0].curve_error < 0.3


def test_a_loss_that_turns_nan_stops_training_and_says_where(new_models):
    generator, discriminator, gan = models = new_models()
    # One step of this rate throws the generator beyond float32: the next update's fakes are NaN.
    gan.compile(keras.optimizers.SGD(1e38))
    with pytest.raises(FloatingPointError, match=r"_loss_.* became nan at update 2 of training"):
        train(*models, n_epochs=50, rng=0, verbose=0)
    assert int(gan.optimizer.iterations) <= 2


def test_an_error_in_drawing_comes_through_and_no_thread_or_chunk_is_left(new_models, monkeypatch):
    chunks = 0
    feeds = []
    fit = GAN.fit

    def remember(gan, feed, **options):
        feeds.append(feed)
        return fit(gan, feed, **options)

    monkeypatch.setattr(GAN, "fit", remember)

    def f(x):
        nonlocal chunks
        chunks += len(x) == 6400  # 100 updates, 64 points each
        if chunks == 4:
            raise LookupError("no more")
        return x

    function = Function1D("failing", "x", f)
    models = new_models(0)
    n_threads = threading.active_count()
    with pytest.raises(LookupError, match="no more"):
        train(*models, function=function, verbose=0)
    assert chunks == 4
    train(*models, n_epochs=300, verbose=0)
    assert threading.active_count() == n_threads
    assert [inspect.getgeneratorstate(feed) for feed in feeds] == [inspect.GEN_CLOSED] * 2


@pytest.mark.parametrize("name", ["n_epochs", "n_batch", "n_eval", "latent_dim"])
@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ValueError), (-5, ValueError), (2.5, TypeError), (10.0, TypeError), (True, TypeError)],
)
def test_bad_numbers(models, name, value, error):
    with pytest.raises(error, match=f"^{name} must be"):
        train(*models, **{name: value})


def frozen_discriminator():
    discriminator = define_discriminator()
    discriminator.trainable = False
    return discriminator


def uncompiled_discriminator():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_batch": 1}, ValueError, "n_batch must be at least 2"),
        ({"latent_dim": 4}, ValueError, "latent_dim must be what g_model takes"),
        ({"function": "parabola"}, ValueError, "function must be one of square, cube"),
        ({"rng": "x"}, TypeError, "rng must be"),
        ({"verbose": 7}, ValueError, "verbose must be"),
        ({"g_model": None}, TypeError, "g_model must be a Keras model"),
        ({"d_model": 1}, TypeError, "d_model must be a Keras model"),
        ({"gan_model": define_generator()}, TypeError, "gan_model must be made by define_gan"),
        ({"g_model": define_generator()}, ValueError, "gan_model must be made of g_model"),
        ({"d_model": define_discriminator()}, ValueError, "gan_model must be made of g_model"),
        ({"file": "plot_{number}.png"}, ValueError, "file must have no field but"),
    ],
)
def test_bad_arguments(models, arguments, error, message):
    names = ("g_model", "d_model", "gan_model")
    iterations = int(models[2].optimizer.iterations)
    with pytest.raises(error, match=message):
        train(**dict(zip(names, models, strict=True)) | arguments)
    assert int(models[2].optimizer.iterations) == iterations


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (frozen_discriminator, "d_model must be trainable, but is frozen"),
        (uncompiled_discriminator, "d_model must be compiled"),
    ],
)
def test_discriminators_that_cannot_learn(make, message):
    discriminator, generator = make(), define_generator()
    with pytest.raises(ValueError, match=message):
        train(generator, discriminator, define_gan(generator, discriminator))
