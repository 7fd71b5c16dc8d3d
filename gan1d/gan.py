"""Step 4: train the generator, through the discriminator."""

from typing import Any, Literal, Self

import keras

from gan1d._checks import positive_int
from gan1d._model_checks import check_one_output, input_shape, keras_model, output_shape
from gan1d.recipes import AnyRecipe, get_recipe


@keras.saving.register_keras_serializable("gan1d")
class GAN(keras.Model):
    """The composite model: latent points -> generator -> discriminator -> probability of real.

    Only the generator's weights count as trainable in it, yet the discriminator is *not*
    frozen: `discriminator.trainable` stays True and its own training works as before. (Keras 2
    looked at that flag when a model was compiled, so that a discriminator frozen afterwards
    still learned by itself. Keras 3 looks when it trains, and a frozen one never learns.)

    In all else it is a Keras model as any other. Saved as `.keras` and loaded, both models and
    optimizers are there, and it trains on to the same bits. (To copy it, say
    `GAN.from_config(gan.get_config())`: `clone_model` makes a plain model of its layers, which
    would train the discriminator, too.)

    Attributes:
        generator, discriminator: the two models that it is made of, shared, not copied.
        recipe: the `Recipe` by which `train` trains them.
        n_epochs: the updates over which the recipe's learning rate falls, if it does.
        xla: whether `train` may use XLA: unless `compile` was told `jit_compile=False`.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        recipe: AnyRecipe = "tutorial",
        n_epochs: int = 10000,
        name: str = "gan",
    ) -> None:
        latent_points = keras.Input(input_shape(generator)[1:], name="latent_point")
        super().__init__(latent_points, discriminator(generator(latent_points)), name=name)
        self.generator = generator
        self.discriminator = discriminator
        self.recipe = get_recipe(recipe)
        self.n_epochs = n_epochs

    @property
    def trainable_weights(self) -> list[keras.Variable]:
        return self.generator.trainable_weights

    trainable_variables = trainable_weights  # two of Keras's names for one thing

    @property
    def non_trainable_weights(self) -> list[keras.Variable]:
        return self.generator.non_trainable_weights + self.discriminator.weights

    @property
    def non_trainable_variables(self) -> list[keras.Variable]:
        return self.generator.non_trainable_variables + self.discriminator.variables

    def compile(
        self, *args: Any, jit_compile: bool | Literal["auto"] = "auto", **options: Any
    ) -> None:
        # Keras's "auto" is no XLA on a CPU, which would make `train` ten times slower.
        self.xla = bool(jit_compile)
        super().compile(*args, jit_compile=jit_compile, **options)

    def build_optimizers(self) -> None:
        """Give both optimizers their variables, as a first step would."""
        for model in (self, self.discriminator):
            if model.compiled and not model.optimizer.built:
                model.optimizer.build(model.trainable_variables)

    def get_compile_config(self) -> dict[str, Any]:
        self.build_optimizers()  # Keras asks when it saves the model: so they have a state to save
        return super().get_compile_config() | {"jit_compile": "auto" if self.xla else False}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))
        self.build_optimizers()

    def get_config(self) -> dict[str, Any]:
        parts = {name: getattr(self, name) for name in ("generator", "discriminator", "recipe")}
        parts = {name: keras.saving.serialize_keras_object(part) for name, part in parts.items()}
        return parts | {"n_epochs": self.n_epochs, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        parts = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator", "discriminator", "recipe")
        }
        return cls(**config | parts)


def define_gan(
    generator: keras.Model,
    discriminator: keras.Model,
    *,
    recipe: AnyRecipe = "tutorial",
    n_epochs: int = 10000,
) -> GAN:
    """Return the composite model, compiled, that trains the generator by the discriminator.

    By the recipe "tutorial" it takes the loss that the discriminator is compiled with: with logits,
    or least squares, the generator is trained by that too. "stable" has losses of its own.

    Args:
        generator: (n, latent_dim) -> (n, k).
        discriminator: (n, k) -> (n, 1); it stays trainable.
        recipe: how `train` trains them: "tutorial", "stable", which compiles the discriminator
            anew, or a `Recipe`.
        n_epochs: over how many updates, in one training or several, the learning rate of a
            recipe with a schedule falls to 0; at least 1.

    Returns:
        A `GAN`: of the tutorial's models, 122 trainable and 101 non-trainable weights.

    Raises:
        TypeError: for what is not a Keras model, or no recipe.
        ValueError: for a generator whose outputs do not fit the discriminator, a discriminator
            of more than one output, or an unknown recipe.

    Example:
        >>> from gan1d import define_discriminator, define_generator
        >>> gan = define_gan(define_generator(), define_discriminator())
        >>> gan.input_shape, gan.output_shape
        ((None, 5), (None, 1))
    """
    recipe = get_recipe(recipe)
    n_epochs = positive_int("n_epochs", n_epochs)
    for name, model in (("generator", generator), ("discriminator", discriminator)):
        if input_shape(keras_model(name, model)) is None:
            raise ValueError(
                f"{name} must know its input shape: begin it with keras.Input, or call it once"
            )
    made, taken = output_shape(generator), input_shape(discriminator)
    if made != taken:
        raise ValueError(
            f"generator must return what the discriminator takes, shape {taken}, but returns {made}"
        )
    check_one_output("discriminator", discriminator)
    gan = GAN(generator, discriminator, recipe, n_epochs)
    recipe.compile(gan, n_epochs)
    return gan
