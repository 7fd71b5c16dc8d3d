"""Training on TensorFlow: a chunk of updates is one call, compiled by XLA."""

import itertools

import keras
import tensorflow as tf
from keras import ops

JIT_COMPILE = True


def feed(chunks):
    """Return what `fit` is to be given for an iterator of chunks, tuples of arrays.

    `fit` takes the iterator itself too, but the pipeline that it then makes keeps an autotuning
    thread, which the garbage collector later waits for, up to seconds at a time.
    """
    first = next(chunks)
    pipeline = tf.data.Dataset.from_generator(
        lambda: itertools.chain([first], chunks),
        output_signature=keras.tree.map_structure(
            lambda array: tf.TensorSpec(array.shape, array.dtype), first
        ),
    ).prefetch(2)
    options = tf.data.Options()
    options.autotune.enabled = False
    return pipeline.with_options(options)


class Trainer:
    def make_train_function(self, force=False):
        """Make what `fit` calls for each chunk.

        Keras's own takes the chunk from the pipeline inside another compiled function, which costs
        a quarter of all the time.
        """
        if force or self.train_function is None:
            train_step = tf.function(self.train_step, jit_compile=self.jit_compile)
            self.train_function = lambda chunks: train_step(next(chunks))

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
