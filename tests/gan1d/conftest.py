import keras
import pytest

from gan1d import define_discriminator, define_gan, define_generator


@pytest.fixture
def new_models():
    """Return a function that makes a generator, a discriminator and their GAN from a seed."""

    def make(seed=0, latent_dim=5):
        keras.utils.set_random_seed(seed)
        discriminator = define_discriminator()
        generator = define_generator(latent_dim)
        return generator, discriminator, define_gan(generator, discriminator)

    return make


@pytest.fixture(scope="module")
def models():
    """A generator, a discriminator and their GAN, compiled once for the tests of a module."""
    keras.utils.set_random_seed(0)
    discriminator = define_discriminator()
    generator = define_generator()
    return generator, discriminator, define_gan(generator, discriminator)
