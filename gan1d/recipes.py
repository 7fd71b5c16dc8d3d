"""How the two networks are trained: the losses, the optimizers, the learning rate's schedule."""

import contextlib

import keras
from keras import ops


class Recipe:
    """A way to train a `GAN`. To add one, derive from this and list it in `RECIPES`.

    Attributes:
        name: what it is called.
        losses: the names of the losses of an update, in the order of its steps; the generator's
            is the last.
        scheduled: whether the learning rate falls to 0 over the updates that it is compiled for.
    """

    scheduled = False

    def compile(self, gan, n_epochs):
        """Give both models of a `GAN` their losses and optimizers, for `n_epochs` updates."""
        raise NotImplementedError

    def discriminator_losses(self, gan, real, fake):
        """Return the loss of each step of the discriminator, a function of no argument.

        Args:
            real, fake: (half a batch, 2), samples.
        """
        raise NotImplementedError

    def generator_loss(self, gan, real, latent_points):
        """Return the loss of the generator's step, a number.

        Args:
            real: (half a batch, 2), samples.
            latent_points: (a batch, latent_dim).
        """
        raise NotImplementedError


class Tutorial(Recipe):
    """The tutorial's: cross-entropy and Adam, real and fake samples in a step of their own each."""

    name = "tutorial"
    losses = ("d_loss_real", "d_loss_fake", "g_loss")

    def compile(self, gan, n_epochs):
        # The discriminator stays as it was compiled.
        gan.compile(loss="binary_crossentropy", optimizer="adam")

    def discriminator_losses(self, gan, real, fake):
        def loss(points, label):
            scores = gan.discriminator(points, training=True)
            return mean_loss(gan.discriminator.loss, label, scores)

        return [lambda: loss(real, 1), lambda: loss(fake, 0)]

    def generator_loss(self, gan, real, latent_points):
        # Fakes labelled 1: the loss is low where the discriminator takes them for real.
        return mean_loss(gan.generator_loss, 1, gan(latent_points, training=True))


class Stable(Recipe):
    """Scores compared in pairs, a penalty on their gradient, and a learning rate that falls to 0.

    The discriminator's raw scores s, before the sigmoid, of a real and a fake sample are
    compared: it lowers E softplus(s(fake) - s(real)), the generator E softplus(s(real) -
    s(fake)) (Jolicoeur-Martineau 2018, "The relativistic discriminator"). The discriminator
    also pays gamma/2 (E |grad s(real)|² + E |grad s(fake)|²) (Huang et al. 2024, "The GAN is
    dead; long live the GAN!"). Both learn by Adam with the momentum beta_1 = 0.5 (Radford et
    al. 2016), the discriminator twice as fast as the generator (Heusel et al. 2017, "GANs
    trained by a two time-scale update rule"), at rates that fall to 0 along a cosine
    (Loshchilov and Hutter 2017), and gamma with the square of the rate.

    Scores that are only ever compared have no zero: which side of 0.5 the discriminator's
    probability is on, and so its accuracy, means nothing here.

    Args:
        gamma: the weight of the penalty at the start.
        g_rate, d_rate: the learning rates of the generator and the discriminator at the start.
    """

    name = "stable"
    losses = ("d_loss", "g_loss")
    scheduled = True

    def __init__(self, gamma=0.2, g_rate=0.002, d_rate=0.004):
        self.gamma, self.g_rate, self.d_rate = gamma, g_rate, d_rate

    def compile(self, gan, n_epochs):
        last = gan.discriminator.layers[-1]
        if getattr(last, "activation", None) is not keras.activations.sigmoid:
            raise ValueError("discriminator must end in a sigmoid unit for the recipe 'stable'")
        g_optimizer, d_optimizer = (
            keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(rate, n_epochs), beta_1=0.5
            )
            for rate in (self.g_rate, self.d_rate)
        )
        gan.compile(optimizer=g_optimizer)
        gan.discriminator.compile(
            loss="binary_crossentropy", optimizer=d_optimizer, metrics=["accuracy"]
        )

    def discriminator_losses(self, gan, real, fake):
        """Return the one loss, with its penalty.

        The gradient is taken by differences, in two dimensions at the cost of two more samples
        for each: all are scored in one go, on every backend in the same way.
        """
        points = ops.concatenate([real, fake])
        n, n_dims = points.shape
        beside = ops.reshape(points + H * ops.eye(n_dims)[:, None], (-1, n_dims))

        def loss():
            scores = raw_scores(gan.discriminator, ops.concatenate([points, beside]))
            slopes = (ops.reshape(scores[n:], (n_dims, n)) - ops.reshape(scores[:n], (1, n))) / H
            left = gan.discriminator.optimizer.learning_rate / self.d_rate
            penalty = ops.sum(ops.square(left * slopes)) / n  # of both, so that gamma/2 is gamma
            s_real, s_fake = ops.split(scores[:n], 2)
            return ops.mean(ops.softplus(s_fake - s_real)) + self.gamma * penalty

        return [loss]

    def generator_loss(self, gan, real, latent_points):
        fake = gan.generator(latent_points, training=True)
        n = real.shape[0]
        scores = raw_scores(gan.discriminator, ops.concatenate([real, fake]))
        # Twice as many fakes (and one, of an odd batch): each real sample is in two pairs.
        fakes = ops.reshape(scores[n : 3 * n], (2, n))
        return ops.mean(ops.softplus(ops.reshape(scores[:n], (1, n)) - fakes))


H = 0.01  # the step of the differences

RECIPES = {recipe.name: recipe for recipe in (Tutorial(), Stable())}


def get_recipe(recipe):
    """Return the `Recipe` of that name, or `recipe` itself if it is one already.

    Raises:
        ValueError: for an unknown name; the message lists the known ones.
        TypeError: for anything else.
    """
    if isinstance(recipe, Recipe):
        return recipe
    if not isinstance(recipe, str):
        raise TypeError(f"recipe must be a name or a Recipe, got {recipe!r}")
    if recipe not in RECIPES:
        raise ValueError(f"recipe must be one of {', '.join(RECIPES)}, got {recipe!r}")
    return RECIPES[recipe]


def mean_loss(loss, label, scores):
    """Return a Keras loss (object, function or name) of scores that all have one label."""
    return ops.mean(keras.losses.get(loss)(ops.full_like(scores, label), scores))


def raw_scores(discriminator, points):
    """Return the discriminator's scores before the sigmoid, which would round them off at 1.

    Args:
        discriminator: a model whose last layer is a sigmoid unit.
        points: (n, 2).

    Returns:
        (n, 1), any numbers.
    """
    with linear_activation(discriminator.layers[-1]):
        return discriminator(points, training=True)


@contextlib.contextmanager
def linear_activation(layer):
    """Leave a layer's activation out, inside the block."""
    activation, layer.activation = layer.activation, keras.activations.linear
    try:
        yield
    finally:
        layer.activation = activation
