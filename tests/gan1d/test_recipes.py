import keras
import numpy as np
import pytest

from gan1d import (
    RECIPES,
    SQUARE,
    Recipe,
    define_discriminator,
    define_gan,
    define_generator,
    plot_field,
    train,
)
from gan1d.pictures.field import Plane, field_and_pulls
from gan1d.recipes import Stable

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(2, 6, 2)).astype(np.float32)


def softplus(z):
    return np.logaddexp(0, z)


def value(tensor):
    return float(keras.ops.convert_to_numpy(tensor))


@pytest.fixture(params=["sigmoid", "linear"])
def unit(request):
    """A GAN whose discriminator is one unit of the score 3 x - 2 y + 0.5, or the sigmoid of it."""
    unit = keras.layers.Dense(1, activation=request.param)
    discriminator = keras.Sequential([keras.Input((2,)), unit])
    loss = keras.losses.BinaryCrossentropy(from_logits=request.param == "linear")
    discriminator.compile("adam", loss)
    discriminator.set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    return define_gan(define_generator(rng=0), discriminator, recipe="stable")


def scores(points):
    return points @ np.array([3, -2]) + 0.5


def test_the_tutorial_s_losses_are_the_cross_entropy_s_formula(unit):
    tutorial = RECIPES["tutorial"]
    tutorial.compile(unit, 1)
    latent_points = RNG.normal(0, 0.2, (12, 5)).astype(np.float32)
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

    latent_points = RNG.normal(0, 0.2, (13, 5)).astype(np.float32)  # of an odd batch
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


@pytest.mark.parametrize("unit", ["linear"], indirect=True)
def test_logits_stay_right_where_the_sigmoid_saturates(unit):
    points = np.array([[100, 0], [-100, 0]], np.float32)
    assert value(Stable(0).d_loss(unit, points[1:], points[:1])) == pytest.approx(600, rel=1e-6)


def gradient_of_actual_loss(gan, recipe, real, at, step):
    """Return the gradient of minus the generator's loss, as trained by, at one sample `at`.

    The generator is a layer that returns its latent point as the sample: a finite difference of the
    loss of `update`, for a batch of two of the same (of which `real` is one half).
    """

    def loss(sample):
        found = []
        latent = np.repeat([sample], 2 * len(real), axis=0).astype(np.float32)

        def minimize(model, loss):
            found.append(value(loss()))
            return found[-1]

        recipe.update(gan, minimize, real, latent[: len(real)], latent)
        return found[-1]

    sides = step * np.eye(2)
    return [(loss(at - side) - loss(at + side)) / (2 * step) for side in sides]


def tanh_discriminator(loss):
    keras.utils.set_random_seed(2)
    tanh = keras.layers.Dense(8, activation="tanh")
    logits = not isinstance(loss, str)
    last = keras.layers.Dense(1, activation="linear" if logits else "sigmoid")
    discriminator = keras.Sequential([keras.Input((2,)), tanh, last])
    discriminator.compile("adam", loss)
    return discriminator


@pytest.mark.parametrize("name", ["tutorial", "stable"])
@pytest.mark.parametrize(
    "loss",
    ["binary_crossentropy", "mse", keras.losses.BinaryCrossentropy(from_logits=True)],
    ids=["default", "mse", "logits"],
)
def test_the_pull_is_down_the_loss_that_the_generator_is_trained_by(name, loss):
    """Held against finite differences of that loss; of "stable", with one real sample."""
    discriminator = tanh_discriminator(loss)
    same = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    same.set_weights([np.eye(2)])
    gan = define_gan(same, discriminator, recipe=name)
    rng = np.random.default_rng(3)
    real = np.repeat(rng.uniform(-1, 1, (1, 2)), 4, axis=0).astype(np.float32)
    fake = rng.uniform(-1, 1, (10, 2)).astype(np.float32)
    recipe = RECIPES[name]
    expected = [gradient_of_actual_loss(gan, recipe, real, at, 0.02) for at in fake]
    plane = Plane(SQUARE)
    _, found = field_and_pulls(discriminator, recipe, plane, fake, real, fake, (0.02, 0.02))
    np.testing.assert_allclose(found, expected, atol=2e-4)
    assert np.abs(expected).max() > 0.05


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


class LeastSquares(Recipe):
    """As one would write it: what it says nothing of is asked for where it is needed."""

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


def test_a_recipe_of_one_s_own(new_models):
    generator, discriminator, _ = new_models()
    gan = define_gan(generator, discriminator, recipe=LeastSquares())
    history = train(generator, discriminator, gan, n_epochs=150, rng=0, plot=False, verbose=0)
    assert np.shape([history.history["d_loss"], history.history["g_loss"]]) == (2, 2)


def test_without_a_gain_a_recipe_of_one_s_own_has_no_arrows(models):
    ax = plot_field(models[1], *np.zeros((2, 5, 2)), arrows=True, recipe=LeastSquares())
    (arrows,) = (c for c in ax.collections if hasattr(c, "U"))
    assert not arrows.U.any()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"recipe": "best"}, ValueError, "recipe must be one of tutorial, stable, winding"),
        ({"recipe": Recipe}, TypeError, "recipe must be a name or a Recipe, got <class"),
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
