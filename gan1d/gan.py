"""Step 4: train the generator, through the discriminator."""

import inspect

import keras
from keras import ops

from gan1d import backends
from gan1d._checks import positive_int
from gan1d.recipes import RECIPES, get_recipe

HOW_TO_TRAIN = "a GAN is trained by gan1d.train(g_model, d_model, gan_model), not on a batch"


@keras.saving.register_keras_serializable("gan1d")
class GAN(backends.Trainer, keras.Model):
    """The composite model: latent points -> generator -> discriminator -> probability of real.

    Only the generator's weights count as trainable in it, yet the discriminator is *not*
    frozen: `discriminator.trainable` stays True and its own training works as before. (Keras 2
    looked at that flag when a model was compiled, so that a discriminator frozen afterwards
    still learned by itself. Keras 3 looks when it trains, and a frozen one never learns.)

    `train` trains it. Saved as `.keras` and loaded, it trains on to the same bits: both models and
    optimizers are in the file.

    Attributes:
        generator, discriminator: the two models that it is made of, shared, not copied.
        recipe: the `Recipe` that they are trained by.
        n_epochs: the updates over which its learning rate falls, if it does.
    """

    def __init__(self, generator, discriminator, recipe="tutorial", n_epochs=10000, name="gan"):
        latent_points = keras.Input(generator.input_shape[1:], name="latent_point")
        super().__init__(latent_points, discriminator(generator(latent_points)), name=name)
        self.generator = generator
        self.discriminator = discriminator
        self.recipe = get_recipe(recipe)
        self.n_epochs = n_epochs
        self.prepared_for = None
        self.recipe.compile(self, n_epochs)

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

    def get_config(self):
        if RECIPES.get(self.recipe.name) is not self.recipe:
            raise ValueError(f"a recipe of one's own must be in RECIPES to be saved: {self.recipe}")
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "recipe": self.recipe.name,
            "n_epochs": self.n_epochs,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        models = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator", "discriminator")
        }
        return cls(**config | models)

    def get_compile_config(self):
        self.prepare()  # so that the optimizers have a state to save
        return {
            "optimizer": keras.saving.serialize_keras_object(self.optimizer),
            "loss": keras.saving.serialize_keras_object(self.generator_loss),
        }

    def compile_from_config(self, config):
        self.compile(
            **{name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}
        )
        self.prepare()  # so that the optimizers' saved state finds its variables

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

    def fit(self, x=None, *args, **options):
        """Train on a generator of chunks of updates, as `train` draws them; by Keras's `fit`.

        Raises:
            TypeError: for anything else.
        """
        if not inspect.isgenerator(x):
            raise TypeError(HOW_TO_TRAIN)
        return super().fit(x, *args, **options)

    def train_on_batch(self, *args, **options):
        """Raise TypeError: an update takes more than a batch."""
        raise TypeError(HOW_TO_TRAIN)

    def update(self, real, fake_latent, gan_latent):
        """Make one update: the discriminator's steps, and then one of the generator.

        By the recipe "tutorial" it is exactly the tutorial's.

        Args:
            real: (n_batch // 2, 2), points of the function.
            fake_latent: (n_batch // 2, latent_dim), latent points for the discriminator's fakes.
            gan_latent: (n_batch, latent_dim), latent points for the generator's step.

        Returns:
            The losses that the recipe names, each from before its step; by the tutorial's the
            discriminator's on the real points and on the fake ones, and the generator's.
        """
        generator, discriminator = self.generator, self.discriminator
        fake = generator(fake_latent, training=False)
        of_discriminator = discriminator.optimizer, discriminator.trainable_variables
        # Only the generator's variables: the discriminator must not learn from its step.
        of_generator = self.optimizer, generator.trainable_variables
        losses = [
            self.minimize(loss, *of_discriminator)
            for loss in self.recipe.discriminator_losses(self, real, fake)
        ]
        losses.append(
            self.minimize(lambda: self.recipe.generator_loss(self, real, gan_latent), *of_generator)
        )
        return ops.stack(losses)

    def logs(self, n_updates, losses):
        """Return what callbacks get: updates so far, and mean losses over the chunk."""
        names = self.recipe.losses
        return {"update": n_updates} | {name: losses[i] for i, name in enumerate(names)}


def define_gan(generator, discriminator, *, recipe="tutorial", n_epochs=10000):
    """Return the composite model, compiled, that trains the generator by the discriminator.

    Args:
        generator: (n, latent_dim) -> (n, k).
        discriminator: (n, k) -> (n, 1); it stays trainable.
        recipe: how they are trained: "tutorial", "stable", which compiles the discriminator
            anew, or a `Recipe`.
        n_epochs: over how many updates, in one training or several, the learning rate of a
            recipe with a schedule falls to 0; at least 1.

    Returns:
        A `GAN`: of the tutorial's models, 122 trainable and 101 non-trainable weights.

    Raises:
        TypeError: for what is not a Keras model, or no recipe.
        ValueError: for a generator whose outputs do not fit the discriminator, or an unknown
            recipe.

    Example:
        >>> from gan1d import define_discriminator, define_generator
        >>> gan = define_gan(define_generator(), define_discriminator())
        >>> gan.input_shape, gan.output_shape
        ((None, 5), (None, 1))
    """
    recipe = get_recipe(recipe)
    n_epochs = positive_int("n_epochs", n_epochs)
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
    return GAN(generator, discriminator, recipe, n_epochs)
