"""What training draws: each chunk of updates from a random stream of its own."""

import numpy as np
from keras import ops

from gan1d._checks import random_source
from gan1d.functions import generate_real_samples
from gan1d.generator import generate_latent_points

CHUNK = 100  # updates in one call of the compiled loop, and in one point of the history
TRAINING, EVALUATION = 0, 1  # the random streams of a training's seed


def draw_seed(rng):
    """Draw the 128-bit seed of one training."""
    return random_source(rng).bytes(16)


def stream(seed, *key):
    """Return the generator of the independent random stream `key`, a few ints, of a seed."""
    entropy = int.from_bytes(seed, "little")
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))


def draw_chunk(seed, latent_dim, n_batch, function, update):
    """Draw CHUNK updates of a training, from `update` on.

    A chunk is always drawn whole, and from a stream of its own: arrays of one shape compile
    once, and a position in training is a position in the random numbers.

    Returns:
        Three tensors, each with CHUNK rows, one an update:
        real: (CHUNK, n_batch // 2, 2), points of the function.
        fake_latent: (CHUNK, n_batch // 2, latent_dim), for the discriminator's fakes.
        gan_latent: (CHUNK, n_batch, latent_dim), for the generator's step.
    """
    rng = stream(seed, TRAINING, update)
    half_batch = n_batch // 2
    real, _ = generate_real_samples(CHUNK * half_batch, function=function, rng=rng)
    fake_latent = generate_latent_points(latent_dim, CHUNK * half_batch, rng=rng)
    gan_latent = generate_latent_points(latent_dim, CHUNK * n_batch, rng=rng)
    return [
        ops.convert_to_tensor(array.reshape(CHUNK, -1, array.shape[-1]))
        for array in (real, fake_latent, gan_latent)
    ]
