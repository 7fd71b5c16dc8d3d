"""Whatever one has samples of: rows of a table, a function that draws, noise, y for a given x."""

import dataclasses

import keras
import numpy as np
import pandas
import pytest
from sklearn.cluster import KMeans

from gan1d import (
    Film,
    Function1D,
    Performance,
    Points,
    Sampler,
    define_discriminator,
    define_gan,
    define_generator,
    define_models,
    generate_fake_samples,
    generate_real_samples,
    learn,
    plot_distributions,
    plot_field,
    plot_samples,
    save_page,
    summarize_performance,
    train,
    train_discriminator,
)
from gan1d.draws import draw_chunk, draw_seed
from gan1d.generator import generator_inputs
from gan1d.measures import N_MEASURED, cells_of, coverage, energy_ratio
from gan1d.recipes import Tutorial
from gan1d.samples import scaled
from gan1d.trainer import Trainer


def helix(n, rng):
    t = rng.uniform(0, 1, n)
    return np.stack([np.cos(2 * np.pi * t), np.sin(2 * np.pi * t), t], axis=1)


def mixture(n, rng, weights=(0.4, 0.3, 0.2, 0.1)):
    means = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 2.0
    return means[rng.choice(4, n, p=weights)] + 0.3 * rng.standard_normal((n, 3))


def normal5(n, rng):
    mix = np.random.default_rng(5).standard_normal((5, 5))
    return rng.standard_normal((n, 5)) @ mix


def noisy_sine(x, rng):
    return np.sin(x) + 0.1 * x * rng.standard_normal(len(x))


ROWS = np.random.default_rng(0).normal(3, 2, (200, 9))
SOURCES = {
    "helix": Sampler(helix),
    "nine columns": Points(ROWS),
    "one column": Points(ROWS[:, :1]),
    "y given x": Function1D("noisy sine", "sin x", noisy_sine, 0, 6, given="x"),
}


# What there is


def test_a_function_that_draws_n_samples():
    def plain(n):
        return np.random.uniform(size=(n, 4))

    def with_labels(n):
        return plain(n), np.ones((n, 1))

    class Drawn:
        def draw(self, n):
            return plain(n)

    for mine in (plain, with_labels, Drawn()):
        np.random.seed(3)
        generate_real_samples(1, function=mine)  # 10,000 are drawn to look at
        found, y = generate_real_samples(5, function=mine)
        assert found.shape == (5, 4)
        assert (y == 1).all()
    np.random.seed(3)
    np.testing.assert_array_equal(
        generate_real_samples(5, function=plain)[0],
        (np.random.seed(3), plain(10_000), plain(5))[-1].astype(np.float32),
    )
    assert not Sampler(plain).reproducible
    assert Sampler(lambda n: np.random.normal(size=n)).columns == ("x",)


def test_a_function_that_takes_rng_is_given_the_seed_s():
    source = Sampler(helix)
    assert source.reproducible
    assert source == Sampler(helix)  # so that what is known of it is found again
    found, _ = generate_real_samples(7, function=source, rng=1)
    np.testing.assert_allclose(found, helix(7, np.random.default_rng(1)), rtol=1e-6)
    np.testing.assert_allclose(source.centre, [0, 0, 0.5], atol=0.02)
    np.testing.assert_allclose(source.half_range, 2 * np.sqrt([0.5, 0.5, 1 / 12]), rtol=0.02)


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (np.sqrt, ValueError, r"'sqrt' must return n samples.*shape \(\).*learn\(f, low, high\)"),
        (lambda n: np.zeros((3, 2)), ValueError, "must return n samples"),
        (lambda n: None, TypeError, "must be an array of numbers"),
        (lambda n: np.full((n, 2), np.nan), ValueError, "must return what is finite"),
        (lambda a, b: a, TypeError, "must take n, how many samples to draw"),
        (lambda n: np.arange(n) + 1e12, ValueError, "must be farther apart"),
    ],
)
def test_functions_that_draw_none(f, error, message):
    with pytest.raises(error, match=message):
        learn(f)


def test_a_data_frame():
    frame = pandas.DataFrame(
        {"id": [1, 2, 3, 4], "name": list("abcd"), "b": [1.5, None, 3, 4], "a": [1, 2, 3, 5]}
    )
    points = Points(frame, given="a")
    assert points.columns == ("a", "b")
    np.testing.assert_array_equal(points.rows, [[1, 1.5], [3, 3], [5, 4]])
    assert points.left_out == (
        "id (an index)",
        "name (no numbers)",
        "1 of 4 rows, which have a gap",
    )
    assert dataclasses.replace(points, given=()).left_out == points.left_out
    flags = frame.assign(flag=[True, False, True, True], empty=np.nan)
    assert Points(flags, columns="flag", given="a").columns == ("a", "flag")
    assert Points(flags).left_out[-2:] == ("empty (no numbers)", points.left_out[-1])
    assert Points(frame, columns=["id", "a"]).columns == ("id", "a")
    with pytest.raises(ValueError, match="columns must be of id, name, b, a, got 'c'"):
        Points(frame, columns="c")
    with pytest.raises(ValueError, match="columns must be of numbers, but 'name' has a"):
        Points(frame, columns=["a", "name"])
    with pytest.raises(ValueError, match="given must leave a column"):
        Points(frame, given=["a", "b"])
    assert generate_real_samples(2, function=frame, rng=0)[0].shape == (2, 2)


def test_what_is_masked_is_no_number():
    rows = np.ma.masked_equal([[1.0, 2], [-999, 3], [4, 5]], -999)
    with pytest.raises(ValueError, match="rows must have no masked values"):
        Points(rows)
    with pytest.raises(ValueError, match="'f' must be finite"):
        Function1D("f", "ln x", np.ma.log, -1, 1)


def test_noise_is_no_curve():
    plain = np.random.default_rng(1)
    noisy = Function1D("f", "f", lambda x: x * x + 0.1 * plain.standard_normal(len(x)))
    assert noisy.noisy
    assert not noisy.reproducible
    assert noisy.curve() is None
    function = SOURCES["y given x"]
    assert function.reproducible
    draws = [generate_real_samples(9, function=function, rng=2)[0] for _ in range(2)]
    np.testing.assert_array_equal(*draws)
    found = learn(function, hidden=(3,), n_epochs=1, verbose=0).performance
    assert np.isnan(found.curve_error)
    assert np.isfinite(found.energy_ratio)


# What is measured


def verdict(fake, source):
    """Judge samples that no network made."""
    real = source.draw(N_MEASURED, np.random.default_rng(1))
    names = [field.name for field in dataclasses.fields(Performance)]
    found = {"energy_ratio": energy_ratio(fake, real, source), "coverage": coverage(fake, source)}
    nan = {"curve_error": np.nan, "curve_error_share": np.nan}
    return Performance(**dict.fromkeys(names, 0.5) | nan | found)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_wrong_does_not_pass(seed):
    rng = np.random.default_rng(seed)
    modes, columns = Sampler(mixture), Sampler(normal5)
    assert verdict(modes.draw(N_MEASURED, rng), modes).learned
    without_the_rarest = mixture(N_MEASURED, rng, weights=np.array([4, 3, 2, 0]) / 9)
    (missed,) = verdict(without_the_rarest, modes).shortcomings()[:1]
    assert "of the regions of the real samples missed" in missed

    samples = columns.draw(N_MEASURED, rng)
    assert verdict(samples, columns).learned
    halved = samples * [1, 1, 0.5, 1, 1]
    assert "the energy distance, scaled" in verdict(halved, columns).shortcomings()[-1]


def test_cells_are_as_good_as_scikit_learn_s():
    """By how far samples are from the mean of their cell."""
    source = Sampler(mixture)
    means, shares = cells_of(source, 20)
    assert shares.sum() == pytest.approx(1)
    rows = scaled(source.rows, source)
    theirs = KMeans(20, n_init=1, random_state=0).fit(rows).cluster_centers_
    off = [np.min(((rows[:, None] - m) ** 2).sum(-1), axis=1).mean() for m in (means, theirs)]
    assert off[0] < 1.1 * off[1]


def test_a_constant_column_and_few_different_rows():
    points = Points([[1, 7], [2, 7], [2, 7], [5, 7]])
    assert points.half_range[1] == 1
    assert verdict(points.draw(N_MEASURED, np.random.default_rng(0)), points).learned
    assert coverage([[1, 7], [2, 7]], points) == pytest.approx(2 / 3)


# Training


@pytest.mark.slow
@pytest.mark.parametrize("name", ["helix", "y given x"])
def test_stable_learns(name):
    learned = learn(SOURCES[name], n_epochs=4000, rng=0, verbose=0)
    assert learned.performance.coverage > 0.9
    assert learned.performance.energy_ratio < 40
    if name == "y given x":
        x = np.array([1.0, 3.0, 5.0])
        for at in x:
            found = learned.samples(2000, given=[at], rng=0)
            np.testing.assert_array_equal(found[:, 0], np.float32(at))
            assert found[:, 1].mean() == pytest.approx(np.sin(at), abs=0.25)
        assert learned.samples(3, given=x[:, np.newaxis]).shape == (3, 2)
        with pytest.raises(ValueError, match="latent_dim and given, 2 columns, must be what"):
            learned.samples(3, given=[1, 2])


QUICK = [pytest.param(n, marks=[] if n == "y given x" else pytest.mark.thorough) for n in SOURCES]


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("recipe", [pytest.param("tutorial", marks=pytest.mark.thorough), "stable"])
def test_a_run_that_was_cut_short_ends_with_the_same_bits(name, recipe, tmp_path):
    source = SOURCES[name]
    ends = []
    for breaks in ([90], [40, 90]):
        models = define_models(source, recipe=recipe, n_epochs=90, rng=1)
        latent_dim = models[0].input_shape[1] - len(source.given)
        options = {"n_batch": 8, "n_eval": 40, "plot": False, "verbose": 0, "rng": 3}
        for n_updates in breaks:
            film = Film(30, rng=0, n=9)

            def stop(batch, logs, at=n_updates, gan=models[2]):
                gan.stop_training = logs["update"] >= at

            callbacks = [keras.callbacks.LambdaCallback(on_train_batch_end=stop), film]
            history = train(
                *models,
                latent_dim,
                90,
                function=source,
                callbacks=callbacks,
                backup_dir=tmp_path / str(len(breaks)),
                **options,
            )
        assert history.history["update"][-1] == 90
        variables = Trainer.for_gan(models[2]).variables
        ends.append([keras.ops.convert_to_numpy(v) for v in variables])
        save_page(film, tmp_path / f"{len(breaks)}.html")
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_a_generator_makes_y_for_a_given_x(tmp_path):
    source = SOURCES["y given x"]
    for function in (None, source):
        generator = define_generator(3, n_conditions=1, function=function, rng=0)
        x = np.array([[0.5], [2.0], [4.0]])
        found, _ = generate_fake_samples(generator, 3, 3, given=x, rng=0)
        np.testing.assert_array_equal(found[:, :1], x)
        again, _ = generate_fake_samples(generator, 3, 3, given=x + 1, rng=0)
        assert (found[:, 1] != again[:, 1]).all()
        generator.save(tmp_path / "g.keras")
        loaded = keras.saving.load_model(tmp_path / "g.keras")
        np.testing.assert_array_equal(generate_fake_samples(loaded, 3, 3, given=x, rng=0)[0], found)
    with pytest.raises(ValueError, match="n_conditions must be less than n_outputs"):
        define_generator(n_conditions=2)
    with pytest.raises(ValueError, match="given must be given: generator makes samples for"):
        generate_fake_samples(generator, 3, 3)
    with pytest.raises(ValueError, match="given must have n rows, 3, got 2"):
        generate_fake_samples(generator, 3, 3, given=x[:2])


def test_another_latent_space():
    def uniform(n, latent_dim, rng):
        return rng.uniform(-1, 1, (n, latent_dim))

    points = generator_inputs(5, 100, latent=uniform, rng=0)
    assert points.dtype == np.float32
    assert np.abs(points).max() < 1
    _, fake, gan = draw_chunk(b"1" * 16, 5, 8, SOURCES["helix"], 0, latent=uniform)
    assert all(np.abs(keras.ops.convert_to_numpy(draw)).max() < 1 for draw in (fake, gan))
    with pytest.raises(ValueError, match="latent returns must hold samples"):
        generator_inputs(5, 100, latent=lambda n, d, rng: np.zeros((n, 2)))
    models = define_generator(), define_discriminator()
    fake = summarize_performance(0, *models, latent=uniform, rng=0, plot=False, verbose=0)
    assert fake != summarize_performance(0, *models, rng=0, plot=False, verbose=0)


def test_a_discriminator_alone_takes_any_samples():
    model = define_discriminator(9)
    history = train_discriminator(model, 2, function=SOURCES["nine columns"], verbose=0)
    assert len(history.history["loss"]) == 2


# Losses of one's own


def wasserstein(y, score):
    return keras.ops.mean(y * score, axis=-1)


def critic(run_eagerly):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(7, "relu")])
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.SGD(0.01), wasserstein, run_eagerly=run_eagerly)
    return model


def test_labels_and_steps_of_a_wasserstein_loss():
    """As a loop by Keras's `train_on_batch`, with -1 for real and 1 for fake, 3 steps for 1."""
    recipe, ends = Tutorial(real_label=-1, fake_label=1, n_critic=3), []
    for by_keras in (False, True):
        keras.utils.set_random_seed(2)
        # Keras's compiled `train_on_batch` of this critic differs from run to run, by up to 1e-3.
        generator, discriminator = define_generator(), critic(run_eagerly=by_keras)
        gan = define_gan(generator, discriminator, recipe=recipe)
        if not by_keras:
            history = train(generator, discriminator, gan, 5, 10, 8, rng=0, plot=False, verbose=0)
            assert sorted(history.history) == ["d_loss_fake", "d_loss_real", "g_loss", "update"]
        else:
            draws = draw_chunk(draw_seed(0), 5, 8, SOURCE, 0, n_critic=3)
            draws = [keras.ops.convert_to_numpy(draw) for draw in draws]
            for real, fake_latent, gan_latent in list(zip(*draws, strict=True))[:10]:
                for i in range(3):
                    fake = keras.ops.convert_to_numpy(generator(fake_latent[i::3]))
                    discriminator.train_on_batch(real[i::3], -np.ones((4, 1)))
                    discriminator.train_on_batch(fake, np.ones((4, 1)))
                gan.train_on_batch(gan_latent, -np.ones((8, 1)))
        ends.append([*generator.get_weights(), *discriminator.get_weights()])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert int(discriminator.optimizer.iterations) == 60
    assert Tutorial.from_config(recipe.get_config()) == recipe
    with pytest.raises(ValueError, match="n_critic must be at least 1"):
        Tutorial(n_critic=0)


SOURCE = Function1D("square", "x²", np.square)


def test_models_that_train_nothing_are_refused():
    linear = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    linear.compile("adam", "binary_crossentropy")
    gan = define_gan(define_generator(), linear)
    with pytest.raises(ValueError, match=r"d_model ends in a linear unit.*from_logits=True"):
        train(gan.generator, linear, gan, n_epochs=1)
    inputs = [keras.Input((5,)), keras.Input((1,))]
    two = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Concatenate()(inputs)))
    with pytest.raises(ValueError, match=r"must have one input, but has 2: .*n_conditions=1"):
        define_gan(two, define_discriminator())


# Pictures


@pytest.mark.parametrize(
    ("source", "n_axes", "labels"),
    [
        (SOURCES["one column"], 1, ("x", "samples of 30")),
        (SOURCES["helix"], 1, ("x", "y")),
        (Points(ROWS[:, :5], columns=[*"abcde"]), 10, ("", "a")),
    ],
)
def test_pictures_of_any_columns(source, n_axes, labels, tmp_path):
    d = len(source.columns)
    real, fake = (generate_real_samples(30, function=source, rng=i)[0] for i in (0, 1))
    axes = np.ravel(plot_samples(real, fake, columns=source.columns))
    assert len(axes[0].figure.axes) == n_axes
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == labels
    assert [ax.get_xlabel() for ax in plot_distributions(real, fake, function=source)] == [
        *source.columns
    ]
    model = define_discriminator(d, function=source, rng=0)
    pair = source.columns[-2:] if d > 1 else None
    ax = plot_field(model, real, fake, function=source, arrows=True, pair=pair)
    assert ax.get_xlabel() == source.columns[-2:][0]
    offsets = ax.collections[-2].get_offsets()
    np.testing.assert_allclose(offsets[:, 0], real[:, -2:][:, 0], rtol=1e-6)
    models = define_generator(5, d), model
    for file in ("1.png", "2.png"):
        summarize_performance(0, *models, function=source, file=tmp_path / file, verbose=0, rng=0)
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()
    with pytest.raises(ValueError, match="pair must be"):
        plot_field(model, real, fake, function=source, pair=("x", "x9"))


def test_the_field_of_many_columns_is_the_discriminator_s():
    """In the plane of two columns, the others in their middle; pulls by finite differences."""
    source = SOURCES["helix"]
    unit = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    unit.set_weights([np.array([[3.0], [-2.0], [1.0]]), np.array([0.5])])
    real, _ = generate_real_samples(30, function=source, rng=0)
    ax = plot_field(unit, real, real, function=source, pair=("x", "z"), arrows=True)
    (lines,) = (c for c in ax.collections if list(getattr(c, "levels", [])) == [0.25, 0.5, 0.75])
    x, z = lines.get_paths()[1].vertices.T
    np.testing.assert_allclose(3 * x - 2 * source.centre[1] + z + 0.5, 0, atol=1e-3)
    arrows = next(c for c in ax.collections if hasattr(c, "U"))
    np.testing.assert_allclose(arrows.U, 3 * arrows.V, rtol=2e-2)
