"""A loop in NumPy, its gradients written by hand."""

import numpy as np
from serve import serve

LATENT_DIM, BATCH = 5, 128
HALF = BATCH // 2


class Network:
    """A ReLU layer and a linear one, with Adam as Keras has it.

    Args:
        weights: the kernel and the bias of either layer.
    """

    def __init__(self, weights):
        self.weights = [weight.copy() for weight in weights]
        self.moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
        self.steps = 0

    def forward(self, x):
        w1, b1, w2, b2 = self.weights
        self.x, self.hidden = x, np.maximum(x @ w1 + b1, 0)
        return self.hidden @ w2 + b2

    def backward(self, d_output):
        """Return the gradients of the weights, and that of the input before the last `forward`."""
        w1, _, w2, _ = self.weights
        d_hidden = (d_output @ w2.T) * (self.hidden > 0)
        gradients = [
            self.x.T @ d_hidden,
            d_hidden.sum(axis=0),
            self.hidden.T @ d_output,
            d_output.sum(axis=0),
        ]
        return gradients, d_hidden @ w1.T

    def step(self, gradients):
        self.steps += 1
        rate = np.float32(0.001 * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps))
        for weight, (m, v), gradient in zip(self.weights, self.moments, gradients, strict=True):
            m += (gradient - m) * np.float32(0.1)
            v += (gradient * gradient - v) * np.float32(0.001)
            weight -= rate * m / (np.sqrt(v) + np.float32(1e-7))


class Gan:
    def __init__(self, g_weights, d_weights):
        self.generator, self.discriminator = Network(g_weights), Network(d_weights)

    def discriminator_gradients(self, points, label):
        score = self.discriminator.forward(points)
        return self.discriminator.backward((1 / (1 + np.exp(-score)) - label) / len(score))

    def update(self, real, fake_latent, gan_latent):
        fake = self.generator.forward(fake_latent)
        for points, label in ((real, 1), (fake, 0)):
            self.discriminator.step(self.discriminator_gradients(points, np.float32(label))[0])
        fake = self.generator.forward(gan_latent)
        _, d_fake = self.discriminator_gradients(fake, np.float32(1))
        self.generator.step(self.generator.backward(d_fake)[0])

    def weights(self):
        return self.generator.weights + self.discriminator.weights


def he_uniform(rng, *sizes):
    """Return the weights of two layers: He's kernel, Glorot's, and biases of 0."""
    inputs, hidden, outputs = sizes
    he, glorot = np.sqrt(6 / inputs), np.sqrt(6 / (hidden + outputs))
    return [
        rng.uniform(-he, he, (inputs, hidden)).astype("float32"),
        np.zeros(hidden, "float32"),
        rng.uniform(-glorot, glorot, (hidden, outputs)).astype("float32"),
        np.zeros(outputs, "float32"),
    ]


def prepare():
    rng = np.random.default_rng(0)
    gan = Gan(he_uniform(rng, LATENT_DIM, 15, 2), he_uniform(rng, 2, 25, 1))

    def take(n_updates):
        for _ in range(n_updates):
            x = rng.uniform(-0.5, 0.5, HALF)
            gan.update(
                np.stack([x, x * x], axis=1).astype("float32"),
                rng.standard_normal((HALF, LATENT_DIM), "float32"),
                rng.standard_normal((BATCH, LATENT_DIM), "float32"),
            )

    take(100)
    return take


if __name__ == "__main__":
    serve(prepare)
