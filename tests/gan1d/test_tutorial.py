"""The tutorial's complete example, as its readers have it, with only `define_*` imported."""

import keras
import numpy as np
import pytest

from gan1d import define_discriminator, define_gan, define_generator
from gan1d.measures import curve_error


def generate_real_samples(n):
    x = np.random.rand(n) - 0.5
    return np.stack([x, x * x], axis=1), np.ones((n, 1))


def generate_latent_points(latent_dim, n):
    return np.random.randn(latent_dim * n).reshape(n, latent_dim)


def generate_fake_samples(generator, latent_dim, n):
    latent_points = generate_latent_points(latent_dim, n)
    return generator.predict(latent_points, verbose=0), np.zeros((n, 1))


def summarize_performance(epoch, generator, discriminator, latent_dim, n=100):
    real, fake = generate_real_samples(n), generate_fake_samples(generator, latent_dim, n)
    accuracies = [discriminator.evaluate(X, y, verbose=0)[1] for X, y in (real, fake)]
    print(epoch, *accuracies)
    return accuracies


def train(g_model, d_model, gan_model, latent_dim, n_epochs=10000, n_batch=128, n_eval=2000):
    half_batch = n_batch // 2
    for i in range(n_epochs):
        d_model.train_on_batch(*generate_real_samples(half_batch))
        d_model.train_on_batch(*generate_fake_samples(g_model, latent_dim, half_batch))
        x_gan = generate_latent_points(latent_dim, n_batch)
        gan_model.train_on_batch(x_gan, np.ones((n_batch, 1)))
        if (i + 1) % n_eval == 0:
            summarize_performance(i, g_model, d_model, latent_dim)


@pytest.mark.parametrize(
    ("n_epochs", "far"),
    [pytest.param(n, far, marks=pytest.mark.thorough) for n, far in ((40, None), (2000, 0.1))],
)
def test_the_complete_example(n_epochs, far, capsys):
    keras.utils.set_random_seed(1)
    latent_dim = 5
    discriminator = define_discriminator()
    generator = define_generator(latent_dim)
    gan_model = define_gan(generator, discriminator)
    before = [np.copy(w) for w in discriminator.get_weights() + generator.get_weights()]
    train(generator, discriminator, gan_model, latent_dim, n_epochs, n_eval=n_epochs // 2)
    after = discriminator.get_weights() + generator.get_weights()
    assert all((a != b).any() for a, b in zip(before, after, strict=True))
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == [n_epochs // 2 - 1, n_epochs - 1]
    if far:
        samples, _ = generate_fake_samples(generator, latent_dim, 1000)
        assert curve_error(samples, "square") < far
