"""A `keras.Model` with a `train_step` of one update, under `fit`, as most would write it today.

Arguments: `steps_per_execution` of `compile`, and 1 for `jit_compile=True`.
"""

import sys

import keras
import numpy as np
import tensorflow as tf
from serve import serve

LATENT_DIM, BATCH = 5, 128
HALF = BATCH // 2


class Gan(keras.Model):
    def __init__(self):
        super().__init__()
        self.discriminator = keras.Sequential(
            [
                keras.Input((2,)),
                keras.layers.Dense(25, activation="relu", kernel_initializer="he_uniform"),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        self.generator = keras.Sequential(
            [
                keras.Input((LATENT_DIM,)),
                keras.layers.Dense(15, activation="relu", kernel_initializer="he_uniform"),
                keras.layers.Dense(2, activation="linear"),
            ]
        )

    def compile(self, **options):
        super().compile(**options)
        self.cross_entropy = keras.losses.BinaryCrossentropy()
        self.g_optimizer = keras.optimizers.Adam()
        self.d_optimizer = keras.optimizers.Adam()
        self.g_optimizer.build(self.generator.trainable_variables)
        self.d_optimizer.build(self.discriminator.trainable_variables)

    def train_step(self, real):
        fake = self.generator(tf.random.normal((HALF, LATENT_DIM)))
        weights = self.discriminator.trainable_variables
        losses = {}
        for name, points, label in (
            ("d_loss_real", real, tf.ones((HALF, 1))),
            ("d_loss_fake", fake, tf.zeros((HALF, 1))),
        ):
            with tf.GradientTape() as tape:
                losses[name] = self.cross_entropy(label, self.discriminator(points))
            self.d_optimizer.apply(tape.gradient(losses[name], weights), weights)
        weights = self.generator.trainable_variables
        with tf.GradientTape() as tape:
            scores = self.discriminator(self.generator(tf.random.normal((BATCH, LATENT_DIM))))
            losses["g_loss"] = self.cross_entropy(tf.ones((BATCH, 1)), scores)
        self.g_optimizer.apply(tape.gradient(losses["g_loss"], weights), weights)
        return losses


def prepare():
    steps, jit_compile = int(sys.argv[1]), bool(int(sys.argv[2]))
    keras.utils.set_random_seed(0)
    x = np.random.uniform(-0.5, 0.5, 100 * HALF).astype("float32")
    samples = tf.data.Dataset.from_tensor_slices(np.stack([x, x * x], axis=1))
    batches = samples.shuffle(len(x)).batch(HALF, drop_remainder=True).repeat()
    gan = Gan()
    gan.compile(steps_per_execution=steps, jit_compile=jit_compile)

    def take(n_updates):
        gan.fit(batches, steps_per_epoch=n_updates, verbose=0)

    take(steps)
    return take


if __name__ == "__main__":
    serve(prepare)
