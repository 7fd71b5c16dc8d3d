"""A loop in PyTorch, its modules and its Adam."""

import numpy as np
import torch
from numpy_loop import BATCH, HALF, LATENT_DIM, he_uniform
from serve import serve


class Gan:
    def __init__(self, g_weights, d_weights):
        self.generator, self.discriminator = network(g_weights), network(d_weights)
        self.g_optimizer, self.d_optimizer = (
            torch.optim.Adam(model.parameters(), eps=1e-7)
            for model in (self.generator, self.discriminator)
        )
        self.cross_entropy = torch.nn.BCEWithLogitsLoss()

    def update(self, real, fake_latent, gan_latent):
        with torch.no_grad():
            fake = self.generator(fake_latent)
        for points, label in ((real, torch.ones(HALF, 1)), (fake, torch.zeros(HALF, 1))):
            self.d_optimizer.zero_grad()
            self.cross_entropy(self.discriminator(points), label).backward()
            self.d_optimizer.step()
        self.g_optimizer.zero_grad()
        scores = self.discriminator(self.generator(gan_latent))
        self.cross_entropy(scores, torch.ones(BATCH, 1)).backward()
        self.g_optimizer.step()

    def weights(self):
        parameters = [*self.generator.parameters(), *self.discriminator.parameters()]
        return [parameter.detach().numpy().T for parameter in parameters]


def network(weights):
    """Return a ReLU layer and a linear one with the weights of Keras's."""
    w1, b1, w2, b2 = weights
    model = torch.nn.Sequential(
        torch.nn.Linear(*w1.shape), torch.nn.ReLU(), torch.nn.Linear(*w2.shape)
    )
    values = [torch.from_numpy(weight.T.copy()) for weight in (w1, b1, w2, b2)]
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values, strict=True):
            parameter.copy_(value)
    return model


def prepare():
    torch.set_num_threads(1)  # faster, at this size
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    gan = Gan(he_uniform(rng, LATENT_DIM, 15, 2), he_uniform(rng, 2, 25, 1))

    def take(n_updates):
        for _ in range(n_updates):
            x = torch.rand(HALF) - 0.5
            real = torch.stack([x, x * x], dim=1)
            gan.update(real, torch.randn(HALF, LATENT_DIM), torch.randn(BATCH, LATENT_DIM))

    take(100)
    return take


if __name__ == "__main__":
    serve(prepare)
