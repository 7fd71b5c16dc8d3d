"""What trains both networks: it takes a chunk of updates in one call, compiled."""

import math

import numpy as np
from keras import ops

from gan1d.backends import Backend


class Trainer(Backend):
    """Trains the generator and the discriminator of a `GAN` by its recipe.

    Attributes:
        gan: the `GAN`, which has both models, both optimizers and the recipe.
        variables: all that training changes: both models' and both optimizers' variables.
    """

    def __init__(self, gan):
        gan.build_optimizers()
        discriminator = gan.discriminator
        self.gan = gan
        self.variables = [
            *gan.generator.variables,
            *discriminator.variables,
            *gan.optimizer.variables,
            *discriminator.optimizer.variables,
        ]
        self.constants = constants(gan)
        self.eager = gan.run_eagerly or discriminator.run_eagerly
        self.xla = gan.xla and not self.eager
        self.run_chunk = self.chunk if self.eager else self.compile()
        self.is_new = True  # the first call will compile

    @classmethod
    def for_gan(cls, gan):
        """Return the trainer that is kept with a `GAN`, or a new one if it was compiled since.

        So a second training compiles nothing.
        """
        kept = getattr(gan, "trainer", None)
        if kept is None or [*map(id, kept.constants)] != [*map(id, constants(gan))]:
            gan.trainer = cls(gan)
        return gan.trainer

    def make_updates(self, draws, update, stop):
        """Make the updates from `update` to `stop`, all of a chunk or its first ones.

        Args:
            draws: what `draw_chunk` returned for that update.

        Returns:
            The logs of a Keras step: the number of updates so far, and the mean of each loss.

        Raises:
            FloatingPointError: when a loss turns NaN or infinite; it says at which update.
        """
        n_updates = ops.convert_to_tensor(np.array(stop - update, np.int32))
        try:
            done, losses = map(ops.convert_to_numpy, self.take(n_updates, *draws))
        except KeyboardInterrupt:
            # It may have left TensorFlow's table of what is compiled half changed: compile anew.
            self.gan.trainer = None
            raise
        self.is_new = False
        logs = {"update": update + int(done)}
        for name, loss in zip(self.gan.recipe.losses, losses.tolist(), strict=True):
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"{name} became {loss} at update {logs['update']} of training"
                )
            logs[name] = loss / int(done)
        return logs

    def chunk(self, values, n_updates, *draws):
        """Make n_updates; return how many were made, the sums of their losses, and the values."""

        def goes_on(i, losses, values):
            # A loss that is not finite ends the chunk, so that its update can be named.
            return (i < n_updates) & ops.all(ops.isfinite(losses))

        def one_more(i, losses, values):
            new, values = self.step(values, [draw[i] for draw in draws])
            return i + 1, losses + new, values

        no_losses = ops.zeros(len(self.gan.recipe.losses), "float32")
        return ops.while_loop(goes_on, one_more, (0, no_losses, values))

    def update(self, draws):
        """Make one update by the recipe; return its losses."""
        losses = self.gan.recipe.update(self.gan, self.minimize, *draws)
        return ops.stack([ops.cast(loss, "float32") for loss in losses])


def constants(gan):
    """Return what is constant in a compiled chunk: it is compiled anew where one is another."""
    found = [gan.recipe, *gan.trainable_variables, *gan.discriminator.trainable_variables]
    for model in (gan, gan.discriminator):
        # The first metric is the mean loss, which every `compile` makes anew.
        found += [model.optimizer, *model.metrics[:1]]
    return found
