"""The tutorial's loop as it stands, on Keras 3, but for its discriminator, which learns here."""

import keras
import numpy as np
from serve import serve

LATENT_DIM, BATCH = 5, 128
HALF = BATCH // 2


def prepare():
    keras.utils.set_random_seed(0)
    discriminator = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(25, activation="relu", kernel_initializer="he_uniform"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    discriminator.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    generator = keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            keras.layers.Dense(15, activation="relu", kernel_initializer="he_uniform"),
            keras.layers.Dense(2, activation="linear"),
        ]
    )
    gan = keras.Sequential([generator, discriminator])
    gan.compile(loss="binary_crossentropy", optimizer="adam")

    def take(n_updates):
        for _ in range(n_updates):
            x = np.random.uniform(-0.5, 0.5, HALF)
            real = np.stack([x, x * x], axis=1)
            fake = generator.predict(np.random.randn(HALF, LATENT_DIM), verbose=0)
            discriminator.trainable = True
            discriminator.train_on_batch(real, np.ones((HALF, 1)))
            discriminator.train_on_batch(fake, np.zeros((HALF, 1)))
            discriminator.trainable = False
            gan.train_on_batch(np.random.randn(BATCH, LATENT_DIM), np.ones((BATCH, 1)))

    take(3)
    return take


if __name__ == "__main__":
    serve(prepare)
