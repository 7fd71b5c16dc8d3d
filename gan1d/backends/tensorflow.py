"""Training on TensorFlow: a chunk of updates is one call, compiled by XLA."""

import sys

import tensorflow as tf
from keras import ops

JIT_COMPILE = True


class Trainer:
    def fit(self, chunks, *args, **options):
        """Train on a generator of chunks.

        Whatever Keras's `fit` is given goes through tf.data, which for arrays made in Python takes
        a fifth of all the time. So it gets a mere counter, and each step takes its chunk itself.
        """
        self.chunks = chunks
        # `Dataset.counter` would trace a function at each call, 11 ms.
        return super().fit(tf.data.Dataset.range(sys.maxsize), *args, **options)

    def make_train_function(self, force=False):
        """Make what `fit` calls for each chunk.

        Keras's own takes the chunk from tf.data inside another compiled function, and
        `tf.function` looks closer than at the shapes before each call: both take their time.
        """
        if force or self.train_function is None:
            train_step = tf.function(self.train_step, jit_compile=self.jit_compile)
            traced = {}

            def train_function(_):
                chunk = next(self.chunks)
                shapes = tuple(array.shape for array in chunk[0])
                if shapes not in traced:
                    traced[shapes] = train_step.get_concrete_function(chunk)
                return traced[shapes](chunk)

            self.train_function = train_function

    def train_step(self, data):
        """Take a chunk of updates; `fit` calls this. See `GAN.update` for what one is."""
        real, fake_latent, gan_latent, span = data[0]

        def update(i, losses):
            return i + 1, losses + self.update(real[i], fake_latent[i], gan_latent[i])

        n_updates = span[1] - span[0]
        done, losses = ops.while_loop(
            # A loss that is not finite ends the chunk, so that its update can be named.
            lambda i, losses: (i < n_updates) & ops.all(ops.isfinite(losses)),
            update,
            (0, ops.zeros(len(self.recipe.losses))),
        )
        # A chunk of no update has losses of 0.
        return self.logs(span[0] + done, losses / ops.cast(ops.maximum(done, 1), losses.dtype))

    def minimize(self, loss, optimizer, variables):
        """Take one step of the optimizer down the gradient of `loss()`; return the loss."""
        with tf.GradientTape() as tape:
            value = loss()
        optimizer.apply(tape.gradient(value, variables), variables)
        return value
