"""The tutorial's loop, as the listing has it: `scripts/tutorial.py`."""

import keras
from serve import serve

from scripts.tutorial import define_discriminator, define_gan, define_generator, train

LATENT_DIM = 5


def prepare():
    keras.utils.set_random_seed(0)
    discriminator = define_discriminator()
    generator = define_generator(LATENT_DIM)
    gan = define_gan(generator, discriminator)

    def take(n_updates):
        options = {"n_epochs": n_updates, "n_eval": n_updates + 1}  # never evaluated
        train(generator, discriminator, gan, LATENT_DIM, **options)

    take(3)
    return take


if __name__ == "__main__":
    serve(prepare)
