"""What training draws: each chunk of updates from a random stream of its own."""

import numpy as np
from keras import ops

from gan1d._checks import random_source
from gan1d.functions import generate_real_samples
from gan1d.generator import generator_inputs

CHUNK = 100  # updates in one call of the compiled loop, and in one point of the history
TRAINING, EVALUATION = 0, 1  # the random streams of a training's seed


def draw_seed(rng):
    """Draw the 128-bit seed of one training."""
    return random_source(rng).bytes(16)


def stream(seed, *key):
    """Return the generator of the independent random stream `key`, a few ints, of a seed."""
    entropy = int.from_bytes(seed, "little")
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))


def draw_chunk(seed, latent_dim, n_batch, function, update, *, n_critic=1, latent=None):
    """Draw CHUNK updates of a training, from `update` on.

    A chunk is always drawn whole, and from a stream of its own: arrays of one shape compile
    once, and a position in training is a position in the random numbers.

    Args:
        function: a `Source`, of samples of d numbers, k of which are given to the generator.
        n_critic: as of a `Recipe`.
        latent: as in `train`.

    Returns:
        Three tensors, each with CHUNK rows, one an update; m is n_critic (n_batch // 2):
        real: (CHUNK, m, d), samples of the function.
        fake_latent: (CHUNK, m, latent_dim + k), for the discriminator's fakes.
        gan_latent: (CHUNK, n_batch, latent_dim + k), for the generator's step.
    """
    rng = stream(seed, TRAINING, update)
    n_real = CHUNK * n_critic * (n_batch // 2)
    arrays = [generate_real_samples(n_real, function=function, rng=rng)[0]]
    for n in (n_real, CHUNK * n_batch):
        options = {"latent": latent, "rng": rng}
        if function.given:
            options["given"] = function.draw_given(n, rng)
        arrays.append(generator_inputs(latent_dim, n, **options))
    return [ops.convert_to_tensor(array.reshape(CHUNK, -1, array.shape[-1])) for array in arrays]
