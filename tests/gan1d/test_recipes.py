import keras
import numpy as np
import pytest

from gan1d import (
    RECIPES,
    Recipe,
    define_discriminator,
    define_gan,
    define_generator,
    train,
)
from gan1d.discriminator import raw_scores
from gan1d.recipes import Stable

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(2, 6, 2)).astype(np.float32)


def softplus(z):
    return np.logaddexp(0, z)


def value(tensor):
    return float(keras.ops.convert_to_numpy(tensor))


@pytest.fixture
def unit():
    """A GAN whose discriminator is one sigmoid unit of the score 3 x - 2 y + 0.5."""
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    discriminator.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    discriminator.set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    return define_gan(define_generator(), discriminator, recipe="stable")


def scores(points):
    return points @ np.array([3, -2]) + 0.5


def test_the_tutorial_s_losses_are_the_cross_entropy_s_formula(unit):
    tutorial = RECIPES["tutorial"]
    tutorial.compile(unit, 1)
    latent_points = RNG.normal(size=(12, 5)).astype(np.float32)
    fake = keras.ops.convert_to_numpy(unit.generator(latent_points))
    losses = tutorial.update(
        unit, lambda model, loss: value(loss()), REAL, latent_points[:6], latent_points
    )
    expected = [-scores(REAL), scores(fake[:6]), -scores(fake)]
    assert losses == pytest.approx([np.mean(softplus(z)) for z in expected], rel=1e-5)


@pytest.mark.parametrize("gamma", [0, 0.7])
def test_the_stable_losses_are_their_formulas(unit, gamma):
    recipe = Stable(gamma)
    # Each real sample is in four pairs, with the fake of its place and of the three before.
    pairs = np.mean([softplus(np.roll(scores(FAKE), i) - scores(REAL)) for i in range(4)])
    # The score's gradient is (3, -2) everywhere, at real and at fake samples.
    assert value(recipe.d_loss(unit, REAL, FAKE)) == pytest.approx(
        pairs + gamma / 2 * (13 + 13), rel=1e-4
    )

    latent_points = RNG.normal(size=(13, 5)).astype(np.float32)  # of an odd batch
    fake = keras.ops.convert_to_numpy(unit.generator(latent_points))[:12]
    halves = np.split(scores(fake), 2)
    expected = np.mean(
        [softplus(np.roll(scores(REAL), i) - half) for i in range(4) for half in halves]
    )
    loss = value(recipe.g_loss(unit, REAL, latent_points))
    assert loss == pytest.approx(expected, rel=1e-5)


def test_the_penalty_is_that_of_the_network_s_gradient():
    """Of a ReLU network, at points farther from every kink than the differences' step."""
    discriminator = define_discriminator()
    gan = define_gan(define_generator(), discriminator, recipe="stable")
    w1, b1, w2, _ = discriminator.get_weights()
    points = np.random.default_rng(1).normal(size=(200, 2)).astype(np.float32)
    active = points @ w1 + b1
    points = points[(np.abs(active) > 0.01 * np.abs(w1).max(axis=0)).all(axis=1)]
    assert len(points) > 20
    gradient = ((points @ w1 + b1 > 0) * w2.T) @ w1.T
    losses = (value(Stable(gamma).d_loss(gan, points, points)) for gamma in (1, 0))
    expected = np.mean(np.sum(gradient**2, axis=1))
    assert next(losses) - next(losses) == pytest.approx(expected, rel=1e-3)


def test_scores_stay_right_where_the_sigmoid_saturates(unit):
    points = np.array([[100, 0], [-100, 0], [0, 0]], np.float32)
    probabilities = keras.ops.convert_to_numpy(unit.discriminator(points)).ravel()
    assert probabilities.tolist()[:2] == [1, 0]
    found = keras.ops.convert_to_numpy(raw_scores(unit.discriminator, points)).ravel()
    np.testing.assert_allclose(found, [300.5, -299.5, 0.5], rtol=1e-6)
    loss = Stable(0).d_loss(unit, points[1:2], points[:1])
    assert value(loss) == pytest.approx(600, rel=1e-6)
    # And the sigmoid is where it was.
    assert keras.ops.convert_to_numpy(unit.discriminator(points)).max() == 1


def test_the_learning_rates_fall(new_models):
    generator, discriminator, _ = new_models()
    gan = define_gan(generator, discriminator, recipe="stable", n_epochs=250)
    history = train(generator, discriminator, gan, n_epochs=100, rng=0, plot=False, verbose=0)
    assert sorted(history.history) == ["d_loss", "g_loss", "update"]
    recipe = RECIPES["stable"]
    left = (1 + np.cos(np.pi * 100 / 250)) / 2
    for model, rate in (
        (gan, recipe.g_rate * left),
        (discriminator, recipe.d_rate * (1 + left) / 2),
    ):
        assert int(model.optimizer.iterations) == 100
        assert float(model.optimizer.learning_rate) == pytest.approx(rate, rel=1e-5)
    with pytest.raises(ValueError, match=r"n_epochs must be at most 150, got 151: .*'stable'.*250"):
        train(generator, discriminator, gan, n_epochs=151, verbose=0)
    train(generator, discriminator, gan, n_epochs=150, rng=0, plot=False, verbose=0)
    assert float(gan.optimizer.learning_rate) == pytest.approx(0, abs=1e-9)
    assert float(discriminator.optimizer.learning_rate) == pytest.approx(recipe.d_rate / 2)


def test_a_recipe_of_one_s_own(new_models):
    class LeastSquares(Recipe):
        name = "least squares"
        losses = ("d_loss", "g_loss")

        def compile(self, gan, n_epochs):
            gan.compile(optimizer="sgd")

        def update(self, gan, minimize, real, fake_latent, gan_latent):
            fake = gan.generator(fake_latent)

            def d_loss():
                d_real, d_fake = gan.discriminator(real), gan.discriminator(fake)
                return keras.ops.mean((d_real - 1) ** 2) + keras.ops.mean(d_fake**2)

            def g_loss():
                return keras.ops.mean((gan(gan_latent) - 1) ** 2)

            return [minimize(gan.discriminator, d_loss), minimize(gan, g_loss)]

    generator, discriminator, _ = new_models()
    gan = define_gan(generator, discriminator, recipe=LeastSquares())
    history = train(generator, discriminator, gan, n_epochs=150, rng=0, plot=False, verbose=0)
    assert np.shape([history.history["d_loss"], history.history["g_loss"]]) == (2, 2)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"recipe": "best"}, ValueError, "recipe must be one of tutorial, stable, got 'best'"),
        ({"recipe": Recipe}, TypeError, "recipe must be a name or a Recipe, got <class"),
        ({"recipe": None}, TypeError, "recipe must be a name"),
        ({"n_epochs": 0}, ValueError, "n_epochs must be at least 1"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        define_gan(define_generator(), define_discriminator(), **options)


def test_stable_needs_the_scores_before_a_sigmoid():
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator.compile("adam", "mse")
    with pytest.raises(ValueError, match="discriminator must end in a sigmoid unit"):
        define_gan(define_generator(), discriminator, recipe="stable")


def test_stable_takes_logits_for_the_scores_that_they_are(unit):
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    gan = define_gan(unit.generator, discriminator, recipe="stable")
    discriminator.set_weights(unit.discriminator.get_weights())
    recipe = RECIPES["stable"]
    latent_points = RNG.normal(size=(12, 5)).astype(np.float32)
    for loss, args in ((recipe.d_loss, (REAL, FAKE)), (recipe.g_loss, (REAL, latent_points))):
        assert value(loss(gan, *args)) == pytest.approx(value(loss(unit, *args)), rel=1e-6)


def test_stable_keeps_the_regularizers():
    discriminator = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(25, activation="relu", kernel_regularizer="l2"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    gan = define_gan(define_generator(), discriminator, recipe="stable")
    with_it = value(RECIPES["stable"].d_loss(gan, REAL, FAKE))
    discriminator.layers[0].kernel.regularizer = None
    without = value(RECIPES["stable"].d_loss(gan, REAL, FAKE))
    penalty = 0.01 * np.sum(discriminator.get_weights()[0] ** 2)
    assert with_it - without == pytest.approx(penalty, rel=1e-3)
