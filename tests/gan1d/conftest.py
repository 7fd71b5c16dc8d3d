import keras
import numpy as np
import pytest

from gan1d import define_discriminator, define_gan, define_generator
from gan1d.trainer import Trainer


def models_of(seed=0, latent_dim=5):
    keras.utils.set_random_seed(seed)
    discriminator = define_discriminator()
    generator = define_generator(latent_dim)
    return generator, discriminator, define_gan(generator, discriminator)


@pytest.fixture
def new_models():
    """Return a function that makes a generator, a discriminator and their GAN from a seed."""
    return models_of


@pytest.fixture(scope="session")
def used_models():
    models = models_of()
    variables = Trainer.for_gan(models[2]).variables
    return models, [(v, np.copy(keras.ops.convert_to_numpy(v))) for v in variables]


@pytest.fixture
def reset_models(used_models):
    """Return a function that does as `new_models`, with models that may be compiled already.

    Compiling takes longer than all else in a short training. What is to be compiled otherwise is
    not for these models: other tests have them, too.
    """
    models, fresh = used_models

    def reset(seed=0):
        for variable, value in fresh:
            variable.assign(value)
        *_, new = models_of(seed)
        models[2].set_weights(new.get_weights())  # which has those of both
        return models

    return reset


@pytest.fixture
def models(reset_models):
    """A generator, a discriminator and their GAN; see `reset_models`."""
    return reset_models()
