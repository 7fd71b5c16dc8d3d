"""Ours: `gan1d.train`, on whichever backend Keras is told to use. Arguments: the batch."""

import sys

import keras
from serve import serve

from gan1d import define_discriminator, define_gan, define_generator, train


def prepare():
    n_batch = int(sys.argv[1])
    keras.utils.set_random_seed(0)
    discriminator = define_discriminator()
    generator = define_generator()
    gan = define_gan(generator, discriminator)

    def take(n_updates):
        options = {"n_eval": n_updates + 1, "verbose": 0}
        train(generator, discriminator, gan, n_epochs=n_updates, n_batch=n_batch, **options)

    take(10)
    return take


if __name__ == "__main__":
    serve(prepare)
