"""The tutorial's complete example on Keras 3: a GAN that learns x², one batch at a time.

After Jason Brownlee, "How to Develop a 1D Generative Adversarial Network From Scratch in Keras", in
its order and with its names. It needs nothing of `gan1d`, and takes about eight minutes.
"""

# Lines of I0000, W0000 or E0000 while it loads are TensorFlow's, and harmless.
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras.layers import Dense


def define_discriminator(n_inputs=2):
    model = keras.Sequential([keras.Input((n_inputs,))])
    model.add(Dense(25, activation="relu", kernel_initializer="he_uniform"))
    model.add(Dense(1, activation="sigmoid"))  # the probability that a point is real
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def define_generator(latent_dim, n_outputs=2):
    model = keras.Sequential([keras.Input((latent_dim,))])
    model.add(Dense(15, activation="relu", kernel_initializer="he_uniform"))
    model.add(Dense(n_outputs, activation="linear"))  # x and y may be any numbers
    return model  # not compiled: it never learns by itself, only through the composite


def define_gan(generator, discriminator):
    discriminator.trainable = False  # in the composite, only the generator is to learn
    model = keras.Sequential([generator, discriminator])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


def generate_real_samples(n):
    x = np.random.rand(n, 1) - 0.5  # from -0.5 to 0.5
    return np.hstack([x, x * x]), np.ones((n, 1))  # label 1: real


def generate_latent_points(latent_dim, n):
    return np.random.randn(n, latent_dim)


def generate_fake_samples(generator, latent_dim, n):
    x_input = generate_latent_points(latent_dim, n)
    return generator.predict(x_input, verbose=0), np.zeros((n, 1))  # label 0: fake


def summarize_performance(epoch, generator, discriminator, latent_dim, n=100):
    x_real, y_real = generate_real_samples(n)
    x_fake, y_fake = generate_fake_samples(generator, latent_dim, n)
    _, acc_real = discriminator.evaluate(x_real, y_real, verbose=0)
    _, acc_fake = discriminator.evaluate(x_fake, y_fake, verbose=0)
    print(epoch, acc_real, acc_fake)  # near 0.5 each: it can only guess
    plt.scatter(x_real[:, 0], x_real[:, 1], color="red")
    plt.scatter(x_fake[:, 0], x_fake[:, 1], color="blue")
    plt.show()  # waits until the window is closed; does nothing where there is no screen
    plt.close()  # the next picture begins empty


def train(g_model, d_model, gan_model, latent_dim, n_epochs=10000, n_batch=128, n_eval=2000):
    half_batch = n_batch // 2
    for i in range(n_epochs):
        x_real, y_real = generate_real_samples(half_batch)
        x_fake, y_fake = generate_fake_samples(g_model, latent_dim, half_batch)
        # Keras 2 read this flag when a model was compiled, Keras 3 reads it when one is trained. So
        # without the next line the discriminator stays frozen, and only a warning says so.
        d_model.trainable = True
        d_model.train_on_batch(x_real, y_real)
        d_model.train_on_batch(x_fake, y_fake)
        # Without this one the composite would train the discriminator to take fakes for real.
        d_model.trainable = False
        # Fakes labelled 1: their loss is low where the discriminator is deceived. Its gradient goes
        # back through the discriminator, and changes the generator alone.
        x_gan = generate_latent_points(latent_dim, n_batch)
        gan_model.train_on_batch(x_gan, np.ones((n_batch, 1)))
        if (i + 1) % n_eval == 0:
            summarize_performance(i, g_model, d_model, latent_dim)


if __name__ == "__main__":
    latent_dim = 5
    discriminator = define_discriminator()
    generator = define_generator(latent_dim)
    gan_model = define_gan(generator, discriminator)
    print("Training: 10,000 updates, which take some eight minutes.", flush=True)
    train(generator, discriminator, gan_model, latent_dim)
