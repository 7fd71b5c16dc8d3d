"""Make the pictures that the README shows: a figure for each of the six steps, and the film."""

from _common import Parser, list_files, make_folder, quiet_start, run, set_seed

SEED = 11
SIZE = (5, 3.75)  # inches


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--output", default="docs/images", help="folder for the files")
    return parser.parse_args()


def main():
    output = make_folder(parse_arguments().output)
    with quiet_start():
        import gan1d
        from gan1d.plots import new_axes, save_figure

    files = []

    def save(name, ax):
        files.append(output / name)
        save_figure(ax, files[-1])

    set_seed(SEED)
    real, _ = gan1d.generate_real_samples(100)
    random, _ = gan1d.generate_random_samples(100)

    ax = new_axes(*SIZE)
    ax.scatter(*real.T, s=18, color="red", alpha=0.7, linewidths=0)
    ax.set(xlabel="x", ylabel="y")
    ax.set_title("100 real samples, (x, x²)", loc="left")
    save("step_1_function.png", ax)

    discriminator = gan1d.define_discriminator()
    gan1d.train_discriminator(discriminator, verbose=0)
    ax = gan1d.plot_field(discriminator, real, random, extent=(-1, 1, -1, 1), ax=new_axes(*SIZE))
    ax.set_title("after 1,000 epochs alone", loc="left")
    save("step_2_discriminator.png", ax)

    generator, discriminator, gan = new_models(gan1d)
    fake, _ = gan1d.generate_fake_samples(generator, 5, 100)
    ax = gan1d.plot_samples(real, fake, ax=new_axes(*SIZE))
    ax.set_title("before training", loc="left")
    save("step_3_generator.png", ax)

    gan1d.train(generator, discriminator, gan, n_epochs=500, plot=False, verbose=0)
    fake, _ = gan1d.generate_fake_samples(generator, 5, 100)
    ax = gan1d.plot_field(discriminator, real, fake, arrows=True, ax=new_axes(*SIZE))
    ax.set_title("after 500 updates", loc="left")
    save("step_4_gan.png", ax)

    set_seed(SEED)  # as `train_gan.py` begins
    generator, discriminator, gan = new_models(gan1d)
    film = gan1d.Film(10000 // 59, rng=SEED)
    history = gan1d.train(generator, discriminator, gan, callbacks=film, plot=False, verbose=0)
    real, _ = gan1d.generate_real_samples(2000)
    fake, _ = gan1d.generate_fake_samples(generator, 5, 2000)
    save("step_5_evaluation.png", gan1d.plot_distributions(real, fake)[0])
    save("step_6_training.png", gan1d.plot_learning_curves(history)[0])
    files.append(output / "training.gif")
    gan1d.save_gif(film.frames(history, verbose=0), files[-1])
    list_files(files)


def new_models(gan1d):
    """Return a generator, a discriminator and their GAN, made in the order of `train_gan.py`."""
    discriminator = gan1d.define_discriminator()
    generator = gan1d.define_generator()
    return generator, discriminator, gan1d.define_gan(generator, discriminator)


if __name__ == "__main__":
    run(main)
