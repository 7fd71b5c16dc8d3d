"""Step 4: train the generator, through the discriminator."""

import keras
from keras import ops

from gan1d import backends


class GAN(backends.Trainer, keras.Model):
    """The composite model: latent points -> generator -> discriminator -> probability of real.

    Only the generator's weights count as trainable in it, yet the discriminator is *not*
    frozen: `discriminator.trainable` stays True and its own training works as before. (Keras 2
    looked at that flag when a model was compiled, so that a discriminator frozen afterwards
    still learned by itself. Keras 3 looks when it trains, and a frozen one never learns.)

    `train` trains it; `fit` on its own takes chunks of updates, as `train` draws them.

    Attributes:
        generator, discriminator: the two models that it is made of, shared, not copied.
    """

    def __init__(self, generator, discriminator, name="gan"):
        latent_points = keras.Input(generator.input_shape[1:], name="latent_point")
        super().__init__(latent_points, discriminator(generator(latent_points)), name=name)
        self.generator = generator
        self.discriminator = discriminator
        self.prepared_for = None

    @property
    def trainable_weights(self):
        return self.generator.trainable_weights

    @property
    def non_trainable_weights(self):
        return self.generator.non_trainable_weights + self.discriminator.weights

    @property
    def trainable_variables(self):
        return self.generator.trainable_variables

    def compile(self, optimizer="adam", loss="binary_crossentropy"):
        """Set the generator's optimizer and loss, each an object of Keras or its name.

        The discriminator keeps those that it was compiled with.
        """
        super().compile(optimizer=optimizer, jit_compile=backends.JIT_COMPILE)
        # Kept beside Keras's own, which `fit` would call with a chunk of updates as a batch.
        self.generator_loss = keras.losses.get(loss)

    def prepare(self):
        """Make ready for `fit`: a compiled step cannot make the optimizers' variables itself.

        A discriminator that was compiled anew since the last call has its step traced anew.
        """
        for model in (self, self.discriminator):
            if not model.optimizer.built:
                model.optimizer.build(model.trainable_variables)
        compiled = id(self.discriminator.optimizer), id(self.discriminator.loss)
        if compiled != self.prepared_for:
            self.prepared_for = compiled
            self.train_function = None

    def update(self, real, fake_latent, gan_latent):
        """Make one update, exactly the tutorial's: two discriminator steps, one of the generator.

        Args:
            real: (n_batch // 2, 2), points of the function.
            fake_latent: (n_batch // 2, latent_dim), latent points for the discriminator's fakes.
            gan_latent: (n_batch, latent_dim), latent points for the generator's step.

        Returns:
            (3,): the discriminator's loss on the real points and on the fake ones, and the
            generator's, each from before its step.
        """
        generator, discriminator = self.generator, self.discriminator
        fake = generator(fake_latent, training=False)

        def discriminator_loss(points, label):
            scores = discriminator(points, training=True)
            return mean_loss(discriminator.loss, label, scores)

        def generator_loss():
            # Fakes labelled 1: the loss is low where the discriminator takes them for real.
            return mean_loss(self.generator_loss, 1, self(gan_latent, training=True))

        of_discriminator = discriminator.optimizer, discriminator.trainable_variables
        of_generator = self.optimizer, generator.trainable_variables
        return ops.stack(
            [
                self.minimize(lambda: discriminator_loss(real, 1), *of_discriminator),
                self.minimize(lambda: discriminator_loss(fake, 0), *of_discriminator),
                # Only the generator's variables: the discriminator must not learn from this.
                self.minimize(generator_loss, *of_generator),
            ]
        )

    def logs(self, n_updates, losses):
        """Return what callbacks get: updates so far, and mean losses over the chunk."""
        return {
            "update": n_updates,
            "d_loss_real": losses[0],
            "d_loss_fake": losses[1],
            "g_loss": losses[2],
        }


def mean_loss(loss, label, scores):
    """Return a Keras loss (object, function or name) of scores that all have one label."""
    return ops.mean(keras.losses.get(loss)(ops.full_like(scores, label), scores))


def define_gan(generator, discriminator):
    """Return the composite model, compiled, that trains the generator by the discriminator.

    Args:
        generator: (n, latent_dim) -> (n, k).
        discriminator: (n, k) -> (n, 1); it stays trainable.

    Returns:
        A `GAN`: of the tutorial's models, 122 trainable and 101 non-trainable weights.

    Raises:
        TypeError: for what is not a Keras model.
        ValueError: for a generator whose outputs do not fit the discriminator.
    """
    for name, model in (("generator", generator), ("discriminator", discriminator)):
        if not isinstance(model, keras.Model):
            raise TypeError(f"{name} must be a Keras model, got {model!r}")
        if not hasattr(model, "input_shape"):
            raise ValueError(f"{name} must know its input shape: begin it with keras.Input")
    if generator.output_shape != discriminator.input_shape:
        raise ValueError(
            f"generator must return what the discriminator takes, shape "
            f"{discriminator.input_shape}, but returns {generator.output_shape}"
        )
    gan = GAN(generator, discriminator)
    gan.compile(loss="binary_crossentropy", optimizer="adam")
    return gan
