"""What trains both networks: chunks of updates, and callbacks between them."""

import math
import operator
from concurrent import futures

import keras
import numpy as np
from keras import ops

from gan1d.engine import compile_chunk
from gan1d.engine.draws import CHUNK


class Engine:
    """Trains the generator and the discriminator of a `GAN` by its recipe.

    `Engine.of(gan)` is the one that is kept with it, so that a second training compiles nothing.

    Attributes:
        gan: the `GAN`, which has both models, both optimizers and the recipe.
    """

    def __init__(self, gan):
        self.gan = gan
        self.fixed, self.by_shape = [], {}

    @classmethod
    def of(cls, gan):
        """Return the engine that is kept with a `GAN`, made at the first call."""
        if not hasattr(gan, "engine"):
            gan.engine = cls(gan)
        return gan.engine

    def variables(self):
        """Return all that training changes: both models' and both optimizers' variables."""
        gan, discriminator = self.gan, self.gan.discriminator
        gan.build_optimizers()
        return [
            *gan.generator.variables,
            *discriminator.variables,
            *gan.optimizer.variables,
            *discriminator.optimizer.variables,
        ]

    def compiled(self, chunk, on_compile):
        """Return what takes chunks of these shapes; it is compiled anew if the models were."""
        gan, discriminator = models = self.gan, self.gan.discriminator
        # All that a compiled chunk has taken for constant.
        fixed = [gan.recipe, gan.xla, *gan.trainable_variables, *discriminator.trainable_variables]
        for model in models:
            # The first metric is the mean loss, which every `compile` makes anew.
            fixed += [model.optimizer, model.loss, model.run_eagerly, *model.metrics[:1]]
        if len(fixed) != len(self.fixed) or any(map(operator.is_not, fixed, self.fixed)):
            self.fixed, self.by_shape = fixed, {}
        *draws, _ = chunk
        shapes = tuple(draw.shape for draw in draws)
        if shapes not in self.by_shape:
            on_compile()

            def update(minimize, *draws):
                losses = gan.recipe.update(gan, minimize, *draws)
                return ops.stack([ops.cast(loss, "float32") for loss in losses])

            self.by_shape[shapes] = compile_chunk(
                update,
                len(gan.recipe.losses),
                self.variables(),
                draws,
                xla=gan.xla,
                eager=any(model.run_eagerly for model in models),
            )
        return self.by_shape[shapes]

    def fit(self, draw, start, n_epochs, n_eval, callbacks, *, on_compile):
        """Train, from update `start` to update `n_epochs`, and call back on the way.

        A Keras epoch ends after every n_eval updates and at the end, and a Keras step after CHUNK
        updates, or at the end of its epoch. The logs have the updates so far, and the mean of each
        loss over the step.

        Args:
            draw: `draw(update)` returns the samples of the CHUNK updates from that one on: real
                points, latent points for the discriminator's fakes, and for the generator's step.
            callbacks: a list of Keras callbacks. Their model is the `GAN`.
            on_compile: a function that is called before anything is compiled.

        Raises:
            FloatingPointError: when a loss turns NaN or infinite; it says at which update.
        """
        gan = self.gan
        callbacks = keras.callbacks.CallbackList(
            callbacks,
            model=gan,
            verbose=0,
            epochs=math.ceil(n_epochs / n_eval),
            steps=math.ceil(min(n_epochs, n_eval) / CHUNK),
        )
        gan.stop_training = False

        def epoch_end(epoch):
            return min(n_epochs, (epoch + 1) * n_eval)

        def chunk_from(update):
            stop = min(update + CHUNK, epoch_end(update // n_eval))
            arrays = [*draw(update), np.array(stop - update, np.int32)]
            return stop, [ops.convert_to_tensor(array) for array in arrays]

        with futures.ThreadPoolExecutor(max_workers=1) as thread:
            # The next samples are drawn while the loop runs, on the core that it leaves free.
            ahead = thread.submit(chunk_from, start)
            if start < n_epochs:
                take = self.compiled(ahead.result()[1], on_compile)
            callbacks.on_train_begin()
            update, logs = start, {}
            while update < n_epochs and not gan.stop_training:
                epoch = update // n_eval
                callbacks.on_epoch_begin(epoch)
                while True:  # a step at least, as Keras's fit
                    step = update % n_eval // CHUNK
                    callbacks.on_train_batch_begin(step)
                    stop, chunk = ahead.result()
                    if stop < n_epochs:
                        ahead = thread.submit(chunk_from, stop)
                    logs = self.logs(update, *take(*chunk))
                    update = stop
                    callbacks.on_train_batch_end(step, logs)
                    if update == epoch_end(epoch) or gan.stop_training:
                        break
                callbacks.on_epoch_end(epoch, logs)
            callbacks.on_train_end(logs)

    def logs(self, update, done, losses):
        """Return the logs of a step that began at that update, as callbacks get them."""
        done, losses = int(done), ops.convert_to_numpy(losses)
        logs = {"update": update + done}
        for name, loss in zip(self.gan.recipe.losses, losses, strict=True):
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"{name} became {loss} at update {logs['update']} of training"
                )
            logs[name] = float(loss) / done
        return logs
