"""How the two networks are trained: the losses, the optimizers, the learning rate's schedule."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import keras
import numpy as np
from keras import ops

from gan1d._checks import by_name, positive_int
from gan1d.scores import as_scores, ends_in_sigmoid, has_logits, scale_of

if TYPE_CHECKING:
    from gan1d.gan import GAN

Tensor = Any  # the backend's
Minimize = Callable[[keras.Model, Callable[[], Tensor]], Tensor]


class Recipe:
    """A way to train a `GAN`: derive from this, and give `define_gan` an instance of yours.

    One that a GAN is to be saved with needs `keras.saving.register_keras_serializable`, and
    `get_config` if it has arguments. For the scripts to know it by its name, see CONTRIBUTING.md.

    Attributes:
        name: what it is called.
        losses: the names of the losses of an update, in the order of its steps.
        scheduled: whether the generator's learning rate falls to 0 over the updates that it is
            compiled for.
        scaled: whether it wants networks that are scaled to the function, see `define_models`.
        fourier: whether it wants networks with waves, see `define_discriminator`.
        latent_dim: dimensions of the latent space that it wants; None for the tutorial's 5, or as
            many as columns if these are more.
        relative: whether its discriminator only compares samples, so that its scores have no
            zero, and their accuracy no meaning.
        n_critic: how many steps the discriminator makes in an update, or how many times as many
            samples each of its steps has: `real` and `fake_latent` of `update` hold so many half
            batches.
    """

    name: str
    losses: Sequence[str]
    scheduled = scaled = fourier = relative = False
    latent_dim: int | None = None
    n_critic = 1

    def compile(self, gan: GAN, n_epochs: int) -> None:
        """Give both models of a `GAN` their losses and optimizers, for `n_epochs` updates."""
        raise NotImplementedError

    def update(
        self, gan: GAN, minimize: Minimize, real: Tensor, fake_latent: Tensor, gan_latent: Tensor
    ) -> list[Tensor]:
        """Make one update of both networks.

        Args:
            gan: the `GAN`.
            minimize: `minimize(model, loss)`, of `gan` or of `gan.discriminator`, takes a step of
                the model's optimizer, on the model's trainable variables, down the gradient of
                `loss()`, and returns the loss.
            real: (n_critic (n_batch // 2), d), real samples.
            fake_latent: (n_critic (n_batch // 2), latent_dim), latent points for the
                discriminator's fakes.
            gan_latent: (n_batch, latent_dim), latent points for the generator's step.

        Returns:
            The losses that `losses` names, each from before its step.
        """
        raise NotImplementedError

    def gain(
        self, discriminator: keras.Model, outputs: np.ndarray, real_outputs: np.ndarray
    ) -> np.ndarray:
        """Return minus the generator's loss at each of some samples: pictures show its gradient.

        By default it is 0 everywhere, and they show no arrows.

        Args:
            outputs: (n, 1), what the discriminator returns for the samples.
            real_outputs: (m, 1), what it returns for real ones.

        Returns:
            (n,), a NumPy array.
        """
        return np.zeros(len(outputs))

    def get_config(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)


@keras.saving.register_keras_serializable("gan1d")
@dataclasses.dataclass(frozen=True)
class Tutorial(Recipe):
    """The tutorial's: cross-entropy and Adam, real and fake samples in a step of their own each.

    Each step is what `train_on_batch` would do, by whatever the two models were compiled with.

    Args:
        real_label, fake_label: what the discriminator is to say of real and of fake samples, and,
            the first, the generator's fakes are to be taken for. The tutorial's are 1 and 0; a
            Wasserstein loss, mean(label * score), wants -1 and 1.
        n_critic: how often the discriminator makes its two steps before the generator makes one.
    """

    name = "tutorial"
    losses = ("d_loss_real", "d_loss_fake", "g_loss")

    real_label: float = 1
    fake_label: float = 0
    n_critic: int = 1

    def __post_init__(self):
        positive_int("n_critic", self.n_critic)

    @property
    def relative(self) -> bool:  # type: ignore[override]  # nobody sets it
        return (self.real_label, self.fake_label) != (1, 0)  # no probabilities

    def get_config(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def compile(self, gan: GAN, n_epochs: int) -> None:
        # The discriminator stays as it was compiled.
        gan.compile(loss=loss_of(gan.discriminator), optimizer="adam")

    def update(
        self, gan: GAN, minimize: Minimize, real: Tensor, fake_latent: Tensor, gan_latent: Tensor
    ) -> list[Tensor]:
        discriminator = gan.discriminator
        d_losses = []
        for i in range(self.n_critic):
            some_real, some_latent = real[i :: self.n_critic], fake_latent[i :: self.n_critic]
            fake = gan.generator(some_latent, training=False)
            d_losses.append(self.d_step(discriminator, minimize, some_real, fake))
        # Fakes labelled real: the loss is low where the discriminator takes them for that. Only the
        # generator's weights are the composite's own; the discriminator's stay.
        g_loss = minimize(gan, lambda: keras_loss(gan, gan_latent, self.real_label))
        return [*(sum(losses) / self.n_critic for losses in zip(*d_losses, strict=True)), g_loss]

    def d_step(
        self, discriminator: keras.Model, minimize: Minimize, real: Tensor, fake: Tensor
    ) -> list[Tensor]:
        """Make the discriminator's two steps; return their losses."""
        return [
            minimize(discriminator, lambda: keras_loss(discriminator, real, self.real_label)),
            minimize(discriminator, lambda: keras_loss(discriminator, fake, self.fake_label)),
        ]

    def gain(
        self, discriminator: keras.Model, outputs: np.ndarray, real_outputs: np.ndarray
    ) -> np.ndarray:
        loss = keras.losses.get(loss_of(discriminator))
        loss_of_each = getattr(loss, "call", loss)  # not their mean
        labels = np.full_like(outputs, self.real_label)
        found = loss_of_each(labels, outputs)
        if len(outputs) > 1 and not ops.shape(found):  # it takes a mean itself
            each = zip(labels[:, np.newaxis], outputs[:, np.newaxis], strict=True)
            found = ops.stack([loss_of_each(*one) for one in each])
        return -ops.convert_to_numpy(found)


@keras.saving.register_keras_serializable("gan1d")
@dataclasses.dataclass(frozen=True)
class Stable(Recipe):
    """Scores compared in pairs, a penalty on their gradient, and learning rates that fall.

    The discriminator's raw scores s, before the sigmoid, of a real and a fake sample are
    compared: it lowers E softplus(s(fake) - s(real)), the generator E softplus(s(real) -
    s(fake)) (Jolicoeur-Martineau 2018, "The relativistic discriminator"). The discriminator
    also pays gamma/2 (E |grad s(real)|² + E |grad s(fake)|²) (Huang et al. 2024, "The GAN is
    dead; long live the GAN!"), the gradient in the coordinates of networks that are scaled to
    the function, see `define_models`. Both learn by Adam without momentum, beta_1 = 0 and
    beta_2 = 0.99 (Huang et al.), the discriminator twice as fast as the generator (Heusel
    et al. 2017, "GANs trained by a two time-scale update rule"). The rates fall along a cosine
    (Loshchilov and Hutter 2017), the generator's to 0 and the discriminator's to a half:
    towards the end it learns faster than the generator moves, and the two cease to circle
    around each other. (If both fall to 0, they circle more and more slowly, and which ends of
    the range are reached then is luck.)

    Scores that are only ever compared have no zero: which side of 0.5 the discriminator's
    probability is on, and so its accuracy, means nothing here.

    Args:
        gamma: the weight of the penalty; None for 0.02, of samples of one column for 0.05 and of
            more than five for 0.1.
        g_rate, d_rate: the learning rates of the generator and the discriminator at the start.
    """

    name = "stable"
    losses = ("d_loss", "g_loss")
    scheduled = scaled = relative = True

    gamma: float | None = None
    g_rate: float = 0.002
    d_rate: float = 0.004

    def get_config(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def compile(self, gan: GAN, n_epochs: int) -> None:
        discriminator = gan.discriminator
        if not has_logits(discriminator) and not ends_in_sigmoid(discriminator):
            raise ValueError(
                "discriminator must end in a sigmoid unit for the recipe 'stable', or be "
                "compiled with a loss from_logits=True"
            )
        loss = loss_of(discriminator)  # trains nothing here: it says whether scores are logits
        for model, rate, alpha in ((gan, self.g_rate, 0), (discriminator, self.d_rate, 0.5)):
            schedule = keras.optimizers.schedules.CosineDecay(rate, n_epochs, alpha)
            optimizer = keras.optimizers.Adam(schedule, beta_1=0.0, beta_2=0.99)
            model.compile(loss=loss, optimizer=optimizer)

    def update(
        self, gan: GAN, minimize: Minimize, real: Tensor, fake_latent: Tensor, gan_latent: Tensor
    ) -> list[Tensor]:
        fake = gan.generator(fake_latent, training=False)
        return [
            minimize(gan.discriminator, lambda: self.d_loss(gan, real, fake)),
            minimize(gan, lambda: self.g_loss(gan, real, gan_latent)),
        ]

    def d_loss(self, gan: GAN, real: Tensor, fake: Tensor) -> Tensor:
        """Return the discriminator's loss, with its penalty.

        The gradient is taken by differences, in two dimensions at the cost of two more samples
        for each: all are scored in one go, on every backend in the same way. Only where scores
        differ from call to call, as by Dropout, those of the penalty are taken without that.
        """
        discriminator = gan.discriminator
        points = ops.concatenate([real, ops.cast(fake, real.dtype)])
        n, n_dims = points.shape
        steps = ops.cast(H * ops.eye(n_dims, dtype="float32") / scale_of(discriminator), real.dtype)
        around = ops.concatenate([points, ops.reshape(points + steps[:, None], (-1, n_dims))])
        differ = bool(discriminator.non_trainable_variables)  # seeds, moving averages
        fixed = as_scores(discriminator, discriminator(around, training=not differ))
        scores = fixed[:n]
        if differ:
            scores = as_scores(discriminator, discriminator(points, training=True))
        slopes = (ops.reshape(fixed[n:], (n_dims, n)) - ops.reshape(fixed[:n], (1, n))) / H
        # The mean over all is half the sum of the real samples' mean and the fakes': gamma/2.
        penalty = ops.sum(ops.square(slopes)) / n
        s_real, s_fake = ops.split(ops.reshape(scores, (1, n)), 2, axis=1)
        compared = compare(higher=s_real, lower=s_fake)
        gamma = self.gamma
        if gamma is None:
            gamma = 0.05 if n_dims == 1 else 0.02 if n_dims <= 5 else 0.1
        return compared + gamma * penalty + sum(discriminator.losses)

    def g_loss(self, gan: GAN, real: Tensor, latent_points: Tensor) -> Tensor:
        """Return the generator's loss."""
        fake = gan.generator(latent_points, training=True)
        n = real.shape[0]
        points = ops.concatenate([real, ops.cast(fake, real.dtype)])
        scores = as_scores(gan.discriminator, gan.discriminator(points, training=True))
        # Twice as many fakes (and one, of an odd batch, which is left out).
        s_real, s_fake = ops.reshape(scores[:n], (1, n)), ops.reshape(scores[n : 3 * n], (2, n))
        return compare(higher=s_fake, lower=s_real) + sum(gan.generator.losses)

    def gain(
        self, discriminator: keras.Model, outputs: np.ndarray, real_outputs: np.ndarray
    ) -> np.ndarray:
        scores, real = (as_scores(discriminator, o) for o in (outputs, real_outputs))
        losses = pair_loss(higher=scores, lower=ops.transpose(real))
        return -ops.convert_to_numpy(ops.mean(losses, axis=1))


@keras.saving.register_keras_serializable("gan1d")
@dataclasses.dataclass(frozen=True)
class Winding(Stable):
    """The recipe "stable" for a curve of many turns, y = f(x).

    Of a latent space of one dimension a generator makes a line, which is what such a curve is; of
    five, it makes a band, thicker than the turns are apart. Both networks have waves, see
    `with_waves`. The penalty is smaller, as over a short way a score must change much.
    """

    name = "winding"
    fourier = True
    latent_dim = 1

    gamma: float | None = 0.004


H = 0.01  # the step of the differences, in scaled coordinates
N_PAIRS = 4  # of each fake's score: less noise in the gradient, for a twentieth of the time


def compare(higher: Tensor, lower: Tensor) -> Tensor:
    """Return the mean of softplus(lower - higher) over pairs: near 0 where higher is far above.

    Args:
        higher, lower: (k, n), one of them (1, n). Each is paired with the one in its column of the
            other, and with those of N_PAIRS - 1 columns beside it.
    """
    shifted = [pair_loss(higher, ops.roll(lower, i, axis=1)) for i in range(N_PAIRS)]
    return ops.mean(ops.stack(shifted))


def pair_loss(higher: Tensor, lower: Tensor) -> Tensor:
    return ops.softplus(lower - higher)


RECIPES = {recipe.name: recipe for recipe in (Tutorial(), Stable(), Winding())}
AnyRecipe = Recipe | Literal["tutorial", "stable", "winding"]


def get_recipe(recipe: AnyRecipe) -> Recipe:
    """Return the recipe of that name, or `recipe` itself, a `Recipe`."""
    return by_name("recipe", recipe, RECIPES, (Recipe,))


def loss_of(discriminator: keras.Model) -> Any:
    """Return the loss that a discriminator was compiled with; the tutorial's if it was not."""
    return (discriminator.compiled and discriminator.loss) or "binary_crossentropy"


def keras_loss(model: keras.Model, samples: Tensor, label: float) -> Tensor:
    """Return the loss of which `model.train_on_batch(samples, labels)` takes the gradient.

    `compute_loss` is Keras's: with the `loss` and the `loss_weights` that the model was compiled
    with, what its layers add, and their regularizers. One of a user's may not know `training`.
    """
    labels = ops.full((samples.shape[0], 1), label)
    knows_training = "training" in inspect.signature(model.compute_loss).parameters
    options = {"training": True} if knows_training else {}
    return model.compute_loss(samples, labels, model(samples, training=True), None, **options)
