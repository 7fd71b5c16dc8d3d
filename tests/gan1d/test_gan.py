import keras
import numpy as np
import pytest

from gan1d import (
    define_discriminator,
    define_gan,
    define_generator,
    train,
)
from gan1d.recipes import Stable
from gan1d.trainer import Trainer


def weights_of(model):
    return [np.copy(w) for w in model.get_weights()]


def same(weights, others):
    return all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


def summary_of(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines)


def test_the_summaries_count_the_tutorial_s_weights(new_models):
    generator, discriminator, gan = new_models()
    assert " Trainable params: 101 " in summary_of(discriminator)
    assert " Trainable params: 122 " in summary_of(generator)
    for expected in (
        " Total params: 223 ",
        " Trainable params: 122 ",
        " Non-trainable params: 101 ",
        "generator",
        "discriminator",
    ):
        assert expected in summary_of(gan)


def test_the_composite_is_the_discriminator_of_the_generator(new_models):
    generator, discriminator, gan = new_models()
    latent_points = np.random.default_rng(0).normal(size=(10, 5)).astype("float32")
    expected = discriminator.predict(generator.predict(latent_points, verbose=0), verbose=0)
    np.testing.assert_allclose(gan.predict(latent_points, verbose=0), expected, atol=1e-6)


def test_each_step_changes_the_weights_of_its_own_network_only(new_models):
    """A network whose learning rate is 0 keeps every bit, whatever the other one does."""
    generator, discriminator, gan = new_models()
    before = weights_of(generator), weights_of(discriminator)
    gan.compile(keras.optimizers.Adam(0.0), "binary_crossentropy")
    train(generator, discriminator, gan, n_epochs=3, rng=0, verbose=0)
    assert same(before[0], weights_of(generator))
    assert not same(before[1], weights_of(discriminator))

    before = weights_of(generator), weights_of(discriminator)
    gan.compile("adam", "binary_crossentropy")
    discriminator.compile(keras.optimizers.Adam(0.0), "binary_crossentropy", metrics=["accuracy"])
    train(generator, discriminator, gan, n_epochs=3, rng=0, verbose=0)
    assert not same(before[0], weights_of(generator))
    assert same(before[1], weights_of(discriminator))


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [pytest.param("tutorial", marks=pytest.mark.thorough), "stable"])
def test_a_saved_gan_trains_on_to_the_same_bits(new_models, tmp_path, recipe):
    generator, discriminator, _ = new_models()
    gan = define_gan(generator, discriminator, recipe=recipe, n_epochs=300)
    options = {"plot": False, "verbose": 0}
    train(generator, discriminator, gan, n_epochs=120, rng=0, **options)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert (loaded.recipe.name, loaded.n_epochs) == (recipe, 300)
    assert loaded.loss == gan.loss
    train(generator, discriminator, gan, n_epochs=120, rng=1, **options)
    train(loaded.generator, loaded.discriminator, loaded, n_epochs=120, rng=1, **options)
    for ours, theirs in zip(*(Trainer.for_gan(g).variables for g in (gan, loaded)), strict=True):
        ours, theirs = (keras.ops.convert_to_numpy(v) for v in (ours, theirs))
        np.testing.assert_array_equal(ours, theirs)


def test_a_gan_is_saved_with_a_recipe_that_is_not_in_the_list(new_models, tmp_path):
    generator, discriminator, _ = new_models()
    gan = define_gan(generator, discriminator, recipe=Stable(gamma=1), n_epochs=300)
    gan.save(tmp_path / "gan.keras")
    assert keras.saving.load_model(tmp_path / "gan.keras").recipe == Stable(gamma=1)


def test_it_is_compiled_trained_and_evaluated_as_any_model(new_models):
    """Every way of Keras's moves the generator alone, by the loss of the composite's outputs."""
    generator, discriminator, gan = new_models()
    latent_points = np.random.default_rng(0).normal(size=(40, 5)).astype("float32")
    y = np.ones((40, 1), "float32")
    options = {"loss_weights": [2.0], "metrics": ["accuracy", "mse"]}
    for how in ({}, {"run_eagerly": True}, {"jit_compile": True}):
        if how.get("jit_compile") and keras.config.backend() == "torch":
            continue  # torch.compile, which wants a C++ compiler
        gan.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", **options, **how)
        before = weights_of(generator), weights_of(discriminator)
        p = gan.predict(latent_points, verbose=0)
        expected = {
            "loss": -2 * np.mean(np.log(p)),
            "accuracy": np.mean(p > 0.5),
            "mse": np.mean((p - 1) ** 2),
        }
        for logs in (
            gan.evaluate(latent_points, y, verbose=0, return_dict=True),
            gan.test_on_batch(latent_points, y, return_dict=True),
            gan.train_on_batch(latent_points, y, return_dict=True),
        ):
            assert {name: float(value) for name, value in logs.items()} == pytest.approx(
                expected, rel=1e-5
            )
            gan.reset_metrics()
        history = gan.fit(latent_points, y, epochs=2, batch_size=20, verbose=0)
        assert history.history["loss"][-1] < expected["loss"]
        assert not same(before[0], weights_of(generator))
        assert same(before[1], weights_of(discriminator))


@pytest.mark.parametrize(
    ("generator", "discriminator", "message"),
    [
        (define_generator(5, 3), define_discriminator(), r"return what .*\(None, 2\).*\(None, 3\)"),
        (
            keras.Sequential([keras.layers.Dense(2)]),
            define_discriminator(),
            "generator must know its input shape",
        ),
        (
            define_generator(),
            keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")]),
            "discriminator must return one number for each sample",
        ),
    ],
)
def test_models_that_do_not_fit(generator, discriminator, message):
    with pytest.raises(ValueError, match=message):
        define_gan(generator, discriminator)
