import contextlib
import csv
import os
import pickle
import re
import signal
import threading
import time

import keras
import numpy as np
import pytest

from gan1d import (
    RECIPES,
    Film,
    Function1D,
    define_discriminator,
    define_gan,
    define_generator,
    train,
)
from gan1d.draws import draw_chunk, draw_seed
from gan1d.functions import SQUARE
from gan1d.trainer import Trainer


def weights_of(*models):
    return [np.copy(w) for model in models for w in model.get_weights()]


def assert_same(weights, others):
    for a, b in zip(weights, others, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
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

    draws = draw_chunk(draw_seed(0), 5, 128, SQUARE, 0)
    real, fake_latent, gan_latent = map(keras.ops.convert_to_numpy, draws)
    losses = []
    for i in range(50):
        fake = slow_generator.predict_on_batch(fake_latent[i])
        loss_real, _ = slow_discriminator.train_on_batch(real[i], np.ones((64, 1)))
        slow_discriminator.reset_metrics()  # older Keras returns means of all so far
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
    chunks = [draw_chunk(draw_seed(0), 3, 8, SQUARE, update) for update in (0, 100, 120)]
    chunks = [[keras.ops.convert_to_numpy(array) for array in chunk] for chunk in chunks]
    for real, fake_latent, gan_latent in chunks:
        assert (real.shape, fake_latent.shape) == ((100, 4, 2), (100, 4, 3))
        assert gan_latent.shape == (100, 8, 3)
        np.testing.assert_allclose(real[..., 1], real[..., 0] ** 2, rtol=1e-6)
    normal = np.concatenate([np.ravel(array) for chunk in chunks for array in chunk[1:]])
    assert len(np.unique(normal)) > 0.999 * len(normal)
    assert abs(normal.mean()) < 5 / len(normal) ** 0.5


def test_the_same_seed_gives_the_same_bits_and_another_does_not(reset_models):
    def trained(seed, rng):
        generator, discriminator, gan = reset_models(seed)
        history = train(generator, discriminator, gan, n_epochs=120, n_eval=60, rng=rng, verbose=0)
        return weights_of(generator, discriminator), history

    weights, history = trained(0, 1)
    again, history_again = trained(0, 1)
    assert_same(weights, again)
    assert history.history == history_again.history
    assert history.evaluations == history_again.evaluations
    other, _ = trained(0, 2)
    assert not np.array_equal(weights[0], other[0])
    # The seed of everything is enough, as `reset_models` sets it.
    weights, _ = trained(5, None)
    again, _ = trained(5, None)
    assert_same(weights, again)
    other, _ = trained(6, None)
    assert not np.array_equal(weights[0], other[0])


@pytest.mark.parametrize(
    ("n_epochs", "n_eval", "evaluated"),
    [
        (3, 1, [0, 1, 2]),
        (250, 2000, [249]),
        (150, 37, [36, 73, 110, 147, 149]),
        (301, 300, [299, 300]),
        (100, 100, [99]),
    ],
)
def test_evaluations_and_updates_are_the_tutorial_s(models, n_epochs, n_eval, evaluated):
    generator, discriminator, gan = models
    before = int(gan.optimizer.iterations), int(discriminator.optimizer.iterations)
    history = train(*models, 5, n_epochs, 8, n_eval, rng=0, verbose=0)
    assert [performance.epoch for performance in history.evaluations] == evaluated
    tutorial_s = [i for i in range(n_epochs) if (i + 1) % n_eval == 0]
    assert evaluated == sorted({*tutorial_s, n_epochs - 1})
    assert int(gan.optimizer.iterations) - before[0] == n_epochs
    assert int(discriminator.optimizer.iterations) - before[1] == 2 * n_epochs
    updates = history.history["update"]
    assert updates[-1] == n_epochs
    assert np.diff([0, *updates]).max() <= 100
    for name in ("d_loss_real", "d_loss_fake", "g_loss"):
        assert len(history.history[name]) == len(updates)


def test_a_second_training_goes_on_and_compiles_nothing(new_models, monkeypatch):
    traced = []
    recipe = type(RECIPES["tutorial"])
    update = recipe.update
    monkeypatch.setattr(recipe, "update", lambda *args: traced.append(1) or update(*args))
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
    assert traced == [] or keras.config.backend() == "torch"  # which compiles nothing at all
    assert_same(weights, seen[: len(weights)])
    assert int(gan.optimizer.iterations) == 361


def test_a_discriminator_compiled_anew_is_trained_by_its_new_optimizer(new_models):
    generator, discriminator, gan = models = new_models()
    train(*models, n_epochs=2, rng=0, verbose=0)
    weights = weights_of(discriminator)
    discriminator.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", metrics=["accuracy"])
    train(*models, n_epochs=2, rng=0, verbose=0)
    assert_same(weights, weights_of(discriminator))
    assert int(discriminator.optimizer.iterations) == 4


def test_a_loss_weighed_anew_is_trained_by_its_new_weight(new_models):
    *_, discriminator, gan = models = new_models()
    gan.optimizer.learning_rate = 0.0
    optimizer, losses = keras.optimizers.SGD(0.0), []
    for weight in (1.0, 3.0):
        discriminator.compile(optimizer, "binary_crossentropy", loss_weights=weight)
        losses.append(train(*models, n_epochs=2, rng=0, verbose=0).history["d_loss_real"][0])
    assert losses[1] == pytest.approx(3 * losses[0])


@pytest.mark.slow
@pytest.mark.skipif(keras.config.backend() == "torch", reason="takes minutes on PyTorch")
def test_ten_thousand_updates_learn_the_square(reset_models):
    """A run that works reaches all of the curve. Not every run of the tutorial's recipe works.

    Measured, as here: 51 of the seeds 0 to 199 miss a bin of 20 on TensorFlow, 58 of the seeds 0
    to 59 and 100 to 199 on JAX. Of the six seeds here, 5 reach them all on TensorFlow and 2 on
    JAX. On a machine that rounds otherwise each may end as another seed would; by these rates
    three of six then do in 96 of 100 cases on TensorFlow, and two in 97 on JAX.
    """
    final = []
    for seed in range(6):
        history = train(*reset_models(seed), verbose=0)
        assert [p.epoch for p in history.evaluations] == [1999, 3999, 5999, 7999, 9999]
        final.append(history.evaluations[-1])
    covered = [p for p in final if p.coverage == 1]
    assert len(covered) >= (2 if keras.config.backend() == "jax" else 3), final
    assert min(p.energy_distance for p in covered) < 0.005
    assert min(p.curve_error for p in covered) < 0.02


@pytest.mark.thorough
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
    # The last row is of the end, where the tutorial does not evaluate.
    for name in ("accuracy_real", "accuracy_fake", "energy_distance", "coverage", "curve_error"):
        assert all(-0.01 < float(row[name]) < 5 for row in rows)


def test_early_stopping_watches_the_evaluations(models):
    # No improvement is as large as 2: the second evaluation ends it.
    stopping = keras.callbacks.EarlyStopping("coverage", min_delta=2, patience=1, mode="max")
    history = train(
        *models, n_epochs=500, n_eval=50, rng=0, verbose=0, callbacks=stopping, plot=False
    )
    assert [performance.epoch for performance in history.evaluations] == [49, 99]
    assert history.history["update"][-1] == 100


def test_progress(new_models, capsys):
    models = new_models()
    train(*models, n_epochs=40, n_eval=20, rng=0, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["Compiling.", "20/40", "19", "40/40", "39"]
    train(*models, n_epochs=140, n_eval=120, rng=0)  # compiles nothing more
    shown = re.sub(r"\x1b\[\d+m|\x08", "", capsys.readouterr().out).replace("\r", "\n").split("\n")
    assert re.match(r"100/140 ━+ \d+s \d+[mu]s/update - d_loss_real: 0\.\d{4} - d_loss", shown[1])
    words = dict.fromkeys(line.split()[0] for line in shown if line.strip())  # shown once or twice
    assert [*words] == ["100/140", "120/140", "119", "140/140", "139"]
    train(*models, n_epochs=40, n_eval=20, rng=0, verbose=0)
    assert capsys.readouterr().out == ""


def test_a_loss_that_turns_nan_stops_training_and_says_where(new_models):
    generator, discriminator, gan = models = new_models()
    # One step of this rate throws the generator beyond float32: the next update's fakes are NaN.
    gan.compile(keras.optimizers.SGD(1e38), "binary_crossentropy")
    with pytest.raises(FloatingPointError, match=r"_loss_.* became nan at update 2 of training"):
        train(*models, n_epochs=50, rng=0, verbose=0)
    assert int(gan.optimizer.iterations) <= 2


def test_an_error_in_drawing_comes_through_and_no_thread_is_left(reset_models):
    chunks = 0

    def f(x):
        nonlocal chunks
        chunks += len(x) == 6400  # 100 updates, 64 points each
        if chunks == 4:
            raise LookupError("no more")
        return x

    models = reset_models(0)
    n_threads = threading.active_count()
    with pytest.raises(LookupError, match="no more"):
        train(*models, function=Function1D("failing", "x", f), verbose=0)
    assert chunks == 4
    assert threading.active_count() == n_threads
    train(*models, n_epochs=300, verbose=0)


@pytest.mark.slow
def test_a_function_s_own_noise_is_drawn_in_one_order(reset_models):
    """However long drawing takes: beside an evaluation, which calls the function too, it mixed."""
    ends = []
    for pause in (0, 0.05):
        noise = np.random.default_rng(7)

        def noisy(x, pause=pause, noise=noise):
            if len(x) == 1600:  # of 100 updates
                time.sleep(pause)
            return x + 0.1 * noise.normal(size=len(x))

        models, options = reset_models(), {"rng": 0, "plot": False, "verbose": 0}
        function = Function1D("noisy", "x", noisy)
        history = train(*models, 5, 300, 32, 100, function=function, **options)
        ends.append((weights_of(*models[:2]), history.evaluations))
    assert_same(ends[0][0], ends[1][0])
    assert repr(ends[0][1]) == repr(ends[1][1])  # with NaN for the error of a curve


def go_on(models, updates):
    """Nothing of the models is lost: they are trained on from that update."""
    assert all(np.isfinite(weight).all() for weight in weights_of(*models[:2]))
    iterations = [int(model.optimizer.iterations) for model in models[1:]]
    assert iterations == [2 * updates, updates]
    train(*models, n_epochs=20, rng=1, plot=False, verbose=0)


def test_ctrl_c_between_chunks_leaves_the_models_as_they_were_then(reset_models):
    def stop(batch, logs):
        if logs["update"] == 200:
            os.kill(os.getpid(), signal.SIGINT)

    stop = keras.callbacks.LambdaCallback(on_train_batch_end=stop)
    models, n_threads = reset_models(), threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        train(*models, n_epochs=1000, rng=0, verbose=0, callbacks=stop)
    assert threading.active_count() == n_threads
    stopped = weights_of(*models[:2])
    go_on(models, 200)
    models = reset_models()
    train(*models, n_epochs=200, rng=0, plot=False, verbose=0)
    assert_same(stopped, weights_of(*models[:2]))


JAX_ALONE = pytest.mark.skipif(keras.config.backend() != "jax", reason="JAX's buffers")


@pytest.mark.slow
@pytest.mark.parametrize("n_times", [4, pytest.param(100, marks=pytest.mark.thorough)])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:.*structure of `inputs`:UserWarning")  # Keras's, interrupted
def test_ctrl_c_at_any_moment_destroys_no_model(reset_models, n_times):
    def interrupt(*_):
        raise KeyboardInterrupt

    handler, drawn = signal.signal(signal.SIGALRM, interrupt), np.random.default_rng(0)
    try:
        for _ in range(n_times):
            models = reset_models()
            with contextlib.suppress(KeyboardInterrupt, SystemError):  # what C makes of it
                signal.setitimer(signal.ITIMER_REAL, drawn.uniform(0.001, 0.1))
                train(*models, n_epochs=3000, rng=0, plot=False, verbose=0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert all(np.isfinite(weight).all() for weight in weights_of(*models[:2]))
            train(*models, n_epochs=20, rng=1, plot=False, verbose=0)
    finally:
        signal.signal(signal.SIGALRM, handler)


def test_what_was_interrupted_is_compiled_anew(reset_models, monkeypatch):
    """TensorFlow's own table of what is compiled, interrupted, is left without an entry."""
    models = reset_models()
    train(*models, n_epochs=20, rng=0, plot=False, verbose=0)
    kept = Trainer.for_gan(models[2])

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(kept, "take", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(*models, n_epochs=20, rng=0, plot=False, verbose=0)
    train(*models, n_epochs=20, rng=0, plot=False, verbose=0)
    assert Trainer.for_gan(models[2]) is not kept


@JAX_ALONE
def test_ctrl_c_while_jax_computes_leaves_the_models_as_they_were(reset_models, monkeypatch):
    import jax

    models = reset_models()
    train(*models, n_epochs=100, rng=0, plot=False, verbose=0)
    before = weights_of(*models[:2])
    wait, interrupted = jax.block_until_ready, []

    def interrupt_once(values):
        if not interrupted:
            interrupted.append(values)
            raise KeyboardInterrupt
        return wait(values)

    monkeypatch.setattr(jax, "block_until_ready", interrupt_once)
    with pytest.raises(KeyboardInterrupt):
        train(*models, n_epochs=100, rng=1, verbose=0)
    assert_same(before, weights_of(*models[:2]))
    go_on(models, 100)


def test_training_by_hand_in_between_goes_on_from_the_same_optimizers(reset_models):
    generator, discriminator, gan = models = reset_models(2)
    train(*models, n_epochs=20, rng=0, verbose=0)
    momentum = np.copy(keras.ops.convert_to_numpy(gan.optimizer.variables[2]))
    gan.train_on_batch(np.ones((8, 5)), np.ones((8, 1)))
    discriminator.train_on_batch(np.ones((8, 2)), np.ones((8, 1)))
    assert int(gan.optimizer.iterations) == 21
    assert not np.array_equal(momentum, keras.ops.convert_to_numpy(gan.optimizer.variables[2]))
    train(*models, n_epochs=20, rng=1, verbose=0)
    assert int(gan.optimizer.iterations) == 41
    assert int(discriminator.optimizer.iterations) == 81


@pytest.mark.parametrize("layer", [keras.layers.Dropout, keras.layers.GaussianNoise])
def test_what_is_random_trains_and_moves_every_weight_and_its_own_seed(layer):
    keras.utils.set_random_seed(0)

    def network(n_inputs, *last):
        hidden = keras.layers.Dense(20, activation="tanh")
        return keras.Sequential([keras.Input((n_inputs,)), hidden, layer(0.2), *last])

    discriminator = network(2, keras.layers.Dense(1, activation="sigmoid"))
    discriminator.compile("adam", "binary_crossentropy")
    generator = network(5, keras.layers.Dense(2))

    def values():
        return [
            np.copy(keras.ops.convert_to_numpy(variable))
            for model in (generator, discriminator)
            for variable in model.variables
        ]

    before = values()
    assert len(before) == 10
    train(generator, discriminator, define_gan(generator, discriminator), n_epochs=30, verbose=0)
    for old, new in zip(before, values(), strict=True):
        if old.dtype.kind == "f":
            assert (old != new).all()
        elif keras.config.backend() != "torch":  # there, Dropout draws from PyTorch's own state
            assert (old != new).any()


def test_a_checkpoint_is_named_by_what_was_measured_at_the_very_end_too(models, tmp_path):
    checkpoint = keras.callbacks.ModelCheckpoint(
        tmp_path / "{epoch}-{energy_distance:.4f}.keras", monitor="energy_distance", mode="min"
    )
    history = train(
        *models, n_epochs=130, n_eval=100, rng=0, verbose=0, callbacks=checkpoint, plot=False
    )
    assert [p.epoch for p in history.evaluations] == [99, 129]
    files = sorted(file.name for file in tmp_path.iterdir())
    assert [name[:2] for name in files] == ["1-", "2-"]
    assert files[0] == f"1-{history.evaluations[0].energy_distance:.4f}.keras"
    loaded = keras.saving.load_model(tmp_path / files[1])
    assert_same(weights_of(*models[:2]), weights_of(loaded.generator, loaded.discriminator))


def test_a_scheduler_sets_the_rates_of_both_networks_in_proportion(new_models):
    generator, discriminator, gan = models = new_models()
    gan.compile(keras.optimizers.SGD(0.01), "binary_crossentropy")
    discriminator.compile(keras.optimizers.SGD(0.02), "binary_crossentropy")
    seen = []
    options = {"n_epochs": 40, "n_eval": 10, "rng": 0, "verbose": 0, "plot": False}
    train(
        *models,
        **options,
        callbacks=[
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2),
            keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: seen.append(
                    [float(model.optimizer.learning_rate) for model in (gan, discriminator)]
                )
            ),
        ],
    )
    expected = [[0.01 / 2**i, 0.02 / 2**i] for i in (1, 2, 3, 4)]
    np.testing.assert_allclose(seen, expected, rtol=1e-5)
    # No improvement is as large as 9: from the third epoch on, each lowers them.
    plateau = keras.callbacks.ReduceLROnPlateau(
        "energy_distance", factor=0.1, patience=1, min_delta=9, mode="min"
    )
    train(*models, **options, callbacks=plateau)
    for model, rate in ((gan, 0.01), (discriminator, 0.02)):
        assert float(model.optimizer.learning_rate) == pytest.approx(rate / 2**4 / 1000, rel=1e-4)


def uncompiled(cls=keras.Sequential):
    return cls([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])


def compiled(loss="binary_crossentropy", cls=keras.Sequential):
    discriminator = uncompiled(cls)
    discriminator.compile("adam", loss)
    return discriminator


def frozen():
    discriminator = compiled()
    discriminator.trainable = False
    return discriminator


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return {}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_epochs": 0}, ValueError, "n_epochs must be at least 1"),
        ({"n_eval": 10.0}, TypeError, "n_eval must be a whole number"),
        ({"n_batch": 1}, ValueError, "n_batch must be at least 2"),
        ({"latent_dim": 4}, ValueError, "latent_dim must be what g_model takes"),
        ({"gan_model": define_generator()}, TypeError, "gan_model must be made by define_gan"),
        ({"g_model": define_generator()}, ValueError, "gan_model must be made of g_model"),
        ({"d_model": define_discriminator()}, ValueError, "gan_model must be made of g_model"),
        ({"file": "plot_{number}.png"}, ValueError, "file must have no field but"),
        ({"file": "plot"}, ValueError, "file must end as a picture does"),
        ({"callbacks": Film}, TypeError, "callbacks must be Keras callbacks"),
        ({"backup_dir": 5}, TypeError, "backup_dir must be a path"),
        ({"latent": "uniform"}, TypeError, "latent must be a function"),
    ],
)
def test_bad_arguments_are_refused_before_any_work(models, arguments, error, message):
    names = ("g_model", "d_model", "gan_model")
    iterations = int(models[2].optimizer.iterations)
    with pytest.raises(error, match=message):
        train(**dict(zip(names, models, strict=True)) | arguments)
    assert int(models[2].optimizer.iterations) == iterations


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (frozen, "d_model must be trainable, but is frozen"),
        (uncompiled, "d_model must be compiled"),
        (lambda: compiled({"dense": "mse"}), "d_model must be compiled with one loss, not a list"),
        (lambda: compiled(cls=OwnStep), "d_model must be trained by Keras's train_step"),
    ],
)
def test_discriminators_that_cannot_learn_are_refused(make, message):
    discriminator, generator = make(), define_generator()
    with pytest.raises(ValueError, match=message):
        train(generator, discriminator, define_gan(generator, discriminator), n_epochs=1)


def test_one_optimizer_for_both_is_refused(new_models):
    generator, discriminator, gan = new_models()
    gan.compile(discriminator.optimizer, "binary_crossentropy")
    with pytest.raises(ValueError, match="gan_model must have an optimizer of its own"):
        train(generator, discriminator, gan)


def test_a_film_is_of_the_function_that_is_learned(reset_models):
    film = Film(10, rng=0)
    train(*reset_models(), n_epochs=10, function="sine", callbacks=film, verbose=0, plot=False)
    x, y = film.real.T
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x), atol=1e-5)


def test_what_is_made_can_be_sent_to_another_process(reset_models):
    film = Film(10, n=9)
    models = reset_models()
    train(*models, n_epochs=10, function="sine", callbacks=film, verbose=0, plot=False)
    again = pickle.loads(pickle.dumps(film))
    assert again.formula == "sin 2πx"
    for one, other in zip(again.rendered(), film.rendered(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="TensorFlow's")
def test_models_of_a_strategy_are_refused():
    import tensorflow as tf

    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        generator, discriminator = define_generator(), define_discriminator()
        gan = define_gan(generator, discriminator)
        with pytest.raises(ValueError, match=r"outside of a tf\.distribute strategy's scope"):
            train(generator, discriminator, gan, n_epochs=1, verbose=0)
