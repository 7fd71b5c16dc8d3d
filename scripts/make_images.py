"""Make the pictures that the README shows, and print its tables.

Those of the sweep and the benchmark, which take long, are drawn from `docs/measured`, what
`sweep_seeds.py` and `benchmark.py` wrote.
"""

import json
import pathlib
import statistics

import numpy as np
from _common import Parser, list_files, make_folder, quiet_start, run, set_seed
from benchmark import plot_growth, plot_side_by_side, ratio_text

MEASURED = pathlib.Path(__file__).resolve().parent.parent / "docs" / "measured"
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
        import logreg.plots
        from gan1d.pictures.plots import new_axes, save_figure
        from gan1d.runs import sweep

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
    rng = np.random.RandomState(SEED)
    generator, discriminator, gan = new_models(gan1d, rng)
    film = gan1d.Film(10000 // 59, rng=SEED)
    options = {"rng": rng, "callbacks": film, "plot": False, "verbose": 0}
    history = gan1d.train(generator, discriminator, gan, **options)
    real, _ = gan1d.generate_real_samples(2000)
    fake, _ = gan1d.generate_fake_samples(generator, 5, 2000)
    save("step_5_evaluation.png", gan1d.plot_distributions(real, fake)[0])
    save("step_6_training.png", gan1d.plot_learning_curves(history)[0])
    files.append(output / "training.gif")
    gan1d.save_gif(film, files[-1])

    measured, summary = read_measured()
    save("sweep.png", sweep.plot_sweep(summary)[0])
    save("benchmark.png", plot_side_by_side(measured).axes[0])
    save("growth.png", plot_growth(measured).axes[0])

    X, y = logreg.sample_data(rng=0)
    comparison = logreg.compare(X, y, rng=0)
    weights, bias = comparison.numpy.weights, comparison.numpy.bias
    save("neuron.png", logreg.plots.plot_neuron())
    save("activations.png", logreg.plots.plot_activations().axes[0])
    save("cost_surfaces.png", logreg.plots.plot_cost_surfaces(X, y).axes[0])
    save("decision.png", logreg.plots.plot_decision(X, y, weights, bias))
    print(sweep_table(summary), benchmark_table(measured), sep="\n\n")
    list_files(files)


def read_measured():
    """Return what `benchmark.py` found, and the summary of what `sweep_seeds.py` did."""
    from gan1d.runs.sweep import summarize_sweep
    from gan1d.runs.table import Table

    measured = json.loads((MEASURED / "benchmark.json").read_text(encoding="utf-8"))
    return measured, summarize_sweep([*Table(MEASURED / "sweep.csv").rows.values()])


def sweep_table(summary):
    """Return the README's table of the sweep."""
    lines = [
        "| function | recipe | miss a bin | 95 % interval | "
        "energy distance x 1,000: median | 90 % |",
        "| --- | --- | ---: | --- | ---: | ---: |",
    ]
    for group in summary:
        median, ninety = 1000 * np.quantile(group["distances"], (0.5, 0.9))
        lines.append(
            f"| {group['function']} | {group['recipe']} | {group['collapsed']} of "
            f"{group['seeds']} | {100 * group['low']:.1f} to {100 * group['high']:.1f} % | "
            f"{median:.2f} | {ninety:.2f} |"
        )
    return "\n".join(lines)


def benchmark_table(measured):
    """Return the README's table of the benchmark, and the line that says on what."""
    machine = dict(measured["machine"])
    on = f"On {machine.pop('cores')} cores, with "
    lines = [on + ", ".join(f"{name} {version}" for name, version in machine.items()) + ":", ""]
    for part, step in (
        ("gan", "an update of the GAN"),
        ("logreg", "a step of logistic regression"),
    ):
        ours = statistics.median(next(iter(measured[part].values())))
        lines += [
            f"| {step} | ms | lowest to highest | times ours |",
            "| --- | ---: | --- | ---: |",
        ]
        for name, times in measured[part].items():
            median = statistics.median(times)
            low, middle, high = (
                f"{time:#.2g}".rstrip(".") for time in (min(times), median, max(times))
            )
            lines.append(f"| {name} | {middle} | {low} to {high} | {ratio_text(median / ours)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def new_models(gan1d, rng=None):
    """Return a generator, a discriminator and their GAN, made in the order of `train_gan.py`."""
    discriminator = gan1d.define_discriminator(rng=rng)
    generator = gan1d.define_generator(rng=rng)
    return generator, discriminator, gan1d.define_gan(generator, discriminator)


if __name__ == "__main__":
    run(main)
