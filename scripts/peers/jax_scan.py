"""All updates in one jitted `lax.scan` of JAX, nothing of Keras."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy_loop import BATCH, HALF, LATENT_DIM, he_uniform
from serve import serve


def forward(weights, x):
    w1, b1, w2, b2 = weights
    return jax.nn.relu(x @ w1 + b1) @ w2 + b2


def loss(d_weights, points, label):
    """Return the mean cross-entropy of points that are all labelled `label`."""
    score = forward(d_weights, points)
    return jnp.mean(jax.nn.softplus(-score if label else score))


def adam(network, gradients):
    """Take a step of Keras's Adam; a network is its weights, both moments, and the steps taken."""
    weights, m, v, steps = network
    steps += 1
    rate = 0.001 * jnp.sqrt(1 - 0.999**steps) / (1 - 0.9**steps)
    m = jax.tree.map(lambda m, g: m + (g - m) * 0.1, m, gradients)
    v = jax.tree.map(lambda v, g: v + (g * g - v) * 0.001, v, gradients)
    move = lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7)  # noqa: E731
    return jax.tree.map(move, weights, m, v), m, v, steps


def update(state, real, fake_latent, gan_latent):
    generator, discriminator = state
    fake = forward(generator[0], fake_latent)
    for points, label in ((real, 1), (fake, 0)):
        discriminator = adam(discriminator, jax.grad(loss)(discriminator[0], points, label))

    def g_loss(weights):
        return loss(discriminator[0], forward(weights, gan_latent), 1)

    return adam(generator, jax.grad(g_loss)(generator[0])), discriminator


@partial(jax.jit, static_argnames="n_updates")
def train(state, key, n_updates):
    def draw_and_update(state, key):
        keys = jax.random.split(key, 3)
        x = jax.random.uniform(keys[0], (HALF,), minval=-0.5, maxval=0.5)
        fake_latent = jax.random.normal(keys[1], (HALF, LATENT_DIM))
        gan_latent = jax.random.normal(keys[2], (BATCH, LATENT_DIM))
        return update(state, jnp.stack([x, x * x], axis=1), fake_latent, gan_latent), None

    return jax.lax.scan(draw_and_update, state, jax.random.split(key, n_updates))[0]


class Gan:
    def __init__(self, g_weights, d_weights):
        zeros = jnp.zeros_like
        self.state = tuple(
            (weights, [*map(zeros, weights)], [*map(zeros, weights)], 0)
            for weights in ([*map(jnp.asarray, g_weights)], [*map(jnp.asarray, d_weights)])
        )
        self.jitted = jax.jit(update)

    def update(self, *draws):
        self.state = self.jitted(self.state, *draws)

    def weights(self):
        return [np.asarray(weight) for network in self.state for weight in network[0]]


def prepare():
    rng = np.random.default_rng(0)
    gan = Gan(he_uniform(rng, LATENT_DIM, 15, 2), he_uniform(rng, 2, 25, 1))
    key = jax.random.key(0)

    def take(n_updates):
        for _ in range(n_updates // 1000):  # one count, compiled once
            gan.state = jax.block_until_ready(train(gan.state, key, 1000))

    take(1000)
    return take


if __name__ == "__main__":
    serve(prepare)
