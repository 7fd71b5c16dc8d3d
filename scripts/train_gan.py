"""Train the 1-D GAN of the tutorial, and save its diagrams, plots, history and models."""

import csv
import dataclasses
import pathlib
import shutil
import sys
import time

from _common import (
    DrawnSeed,
    Parser,
    list_files,
    make_folder,
    quiet_start,
    run,
    seed,
    set_seed,
    whole_number,
)

FILES = (
    "discriminator.png",
    "generator.png",
    "gan.png",
    "field.png",
    "losses.png",
    "distributions.png",
    "training.gif",
    "training.html",
    "history.csv",
    "generator.keras",
    "discriminator.keras",
)
FRAMES = 60  # of the film, or one a chunk of 100 updates if that is fewer
FUNCTIONS = ("square", "cube", "sine", "absolute", "cosine")  # gan1d's, known before it is loaded
RECIPES = ("tutorial", "stable")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--epochs", type=whole_number(1), default=10000, help="number of updates")
    parser.add_argument(
        "--batch", type=whole_number(2), default=128, help="samples in a batch, half of them real"
    )
    parser.add_argument(
        "--eval-every",
        type=whole_number(1),
        default=2000,
        help="evaluate after this many updates, and again after as many more",
    )
    parser.add_argument(
        "--latent-dim", type=whole_number(1), default=5, help="dimensions of the latent space"
    )
    parser.add_argument(
        "--function", choices=FUNCTIONS, default="square", help="the function to learn"
    )
    parser.add_argument(
        "--recipe",
        choices=RECIPES,
        default="tutorial",
        help="how both networks are trained: the tutorial's way, or one that seldom misses parts "
        "of the function",
    )
    parser.add_argument(
        "--seed",
        type=seed,
        default=11,
        help="a whole number, or 'random' to draw one; the same seed gives the same run on the "
        "same machine. Of the seeds 0 to 199, 149 ended with the whole range covered and 51 "
        "missed part of it (mode collapse), by the tutorial's recipe; the default is of the 149",
    )
    parser.add_argument("--output", default="outputs/gan", help="folder for the files")
    parser.add_argument(
        "--no-film",
        action="store_true",
        help="do without training.gif and training.html, for those in a hurry",
    )
    parser.add_argument(
        "--show", action="store_true", help="open the figures at the end, where there is a screen"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with a run of the same command that was cut short, to the same bits",
    )
    parser.add_argument(
        "--profile", action="store_true", help="print at the end where the time went"
    )
    args = parser.parse_args()
    if args.resume and isinstance(args.seed, DrawnSeed):
        parser.error("--resume needs the --seed that the run began with: its first line says it")
    return args


class Stopwatch:
    """Seconds spent in each stage: `lap` adds what has passed since the lap before."""

    def __init__(self):
        self.seconds = {}
        self.last = time.perf_counter()

    def lap(self, stage):
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0) + now - self.last
        self.last = now

    def print(self):
        total = sum(self.seconds.values())
        print("\nWhere the time went:")
        for stage, seconds in self.seconds.items():
            print(f"  {stage:12}{seconds:7.2f} s{seconds / total:7.1%}")
        print(f"  {'all':12}{total:7.2f} s")


def main():
    stopwatch = Stopwatch()
    args = parse_arguments()
    output = make_folder(args.output, FILES)
    backup_dir = output / "backup"
    try:
        train_and_save(args, output, backup_dir, stopwatch)
    except (KeyboardInterrupt, SystemExit):
        if (backup_dir / "backup.npz").exists():
            print("\nInterrupted. The same command with --resume goes on.")
        raise


def train_and_save(args, output, backup_dir, stopwatch):
    with quiet_start():
        import keras
        import numpy as np
        from matplotlib import pyplot

        import gan1d
        from gan1d.runs.files import remove_parts, written_whole
        from gan1d.runs.signals import StopOnSignal

    stopwatch.lap("import")
    print(f"Seed: {args.seed}")
    set_seed(args.seed)
    rng = np.random.RandomState(args.seed)
    discriminator = gan1d.define_discriminator(rng=rng)
    generator = gan1d.define_generator(args.latent_dim, rng=rng)
    gan = gan1d.define_gan(generator, discriminator, recipe=args.recipe, n_epochs=args.epochs)
    for model in (discriminator, generator, gan):
        model.summary()
    stopwatch.lap("building")
    files = [output / f"{model.name}.png" for model in (discriminator, generator, gan)]
    for model, file in zip((discriminator, generator, gan), files, strict=True):
        gan1d.save_diagram(model, file)
    stopwatch.lap("drawing")

    if args.resume:
        remove_parts(output)
        if (backup_dir / "backup.npz").exists():
            print(f"\nGoing on from {backup_dir}.")
        else:
            print(f"\nNothing to resume in {output}: starting afresh.")
    print(f"\nTraining for {args.epochs} updates; each evaluation prints: epoch, accuracy on real")
    print("samples, accuracy on fake ones.")
    film = gan1d.Film(max(1, args.epochs // (FRAMES - 1)), function=args.function, rng=args.seed)
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: stopwatch.lap(
            "training" if "compiling" in stopwatch.seconds else "compiling"
        ),
        on_epoch_end=lambda epoch, logs: stopwatch.lap("evaluating"),
    )
    verbose = 1 if sys.stdout.isatty() else 2
    samples = str(output).replace("{", "{{").replace("}", "}}") + "/samples_{epoch:05d}.png"
    with StopOnSignal() as stop:
        history = gan1d.train(
            generator,
            discriminator,
            gan,
            args.latent_dim,
            args.epochs,
            args.batch,
            args.eval_every,
            function=args.function,
            rng=rng,
            callbacks=[clock, stop] if args.no_film else [clock, stop, film],
            verbose=verbose,
            file=samples,
            backup_dir=backup_dir,
            resume=args.resume,
        )
    stopwatch.lap("training")
    print_measures(history.evaluations)
    if args.recipe == "stable":
        print("By this recipe D only compares samples: its accuracy, and D = 0.5, mean nothing.")

    files += [pathlib.Path(samples.format(epoch=p.epoch)) for p in history.evaluations]

    def save(name, write):
        files.append(output / name)
        with written_whole(files[-1]) as file:
            write(file)

    function = args.function
    real, _ = gan1d.generate_real_samples(2000, function=function)
    fake, _ = gan1d.generate_fake_samples(generator, args.latent_dim, 2000)
    for name, ax in (
        (
            "field.png",
            gan1d.plot_field(
                discriminator,
                real[:100],
                fake[:100],
                function=function,
                arrows=True,
                relative=history.relative,
            ),
        ),
        ("losses.png", gan1d.plot_learning_curves(history)[0]),
        ("distributions.png", gan1d.plot_distributions(real, fake, function=function)[0]),
    ):
        save(name, ax.figure.savefig)
        pyplot.close(ax.figure)
    if not args.no_film:
        print("\nDrawing the film.")
        save("training.gif", lambda file: gan1d.save_gif(film, file))
        save("training.html", lambda file: gan1d.save_page(film, file))
    stopwatch.lap("drawing")
    save("history.csv", lambda file: write_history(history, file))
    save("generator.keras", generator.save)
    save("discriminator.keras", discriminator.save)
    stopwatch.lap("saving")
    list_files(files)
    if args.profile:
        stopwatch.print()
    if stop.number is not None:
        print(f"\n{history.history['update'][-1]} of {args.epochs} updates are done.")
        sys.exit(128 + stop.number)
    shutil.rmtree(backup_dir, ignore_errors=True)  # all that it could bring back is written
    if args.show:
        show([file for file in files if file.suffix == ".png"])


def show(pictures):
    """Open pictures in windows, and wait until they are closed."""
    from matplotlib import pyplot
    from matplotlib.backends import BackendFilter, backend_registry

    if pyplot.get_backend().lower() in backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE):
        print("\nThere is no screen: --show opens nothing.")
        return
    for file in pictures:
        picture = pyplot.imread(file)
        height, width, _ = picture.shape
        pyplot.figure(file.name, figsize=(width / 100, height / 100), dpi=100).figimage(picture)
    pyplot.show()


def print_measures(evaluations):
    """Print a table of what `summarize_performance` measured."""
    if not evaluations:
        print("\nNo evaluation was made.")
        return
    print("\nepoch  real  fake  energy distance  coverage  curve error")
    for p in evaluations:
        print(
            f"{p.epoch:5}  {p.accuracy_real:4.2f}  {p.accuracy_fake:4.2f}  "
            f"{p.energy_distance:15.6f}  {p.coverage:8.2f}  {p.curve_error:11.4f}"
        )
    if evaluations[-1].coverage < 1:
        print(
            f"The generator misses {1 - evaluations[-1].coverage:.0%} of the range: mode "
            f"collapse. Another --seed may do better, or --recipe stable."
        )


def write_history(history, file):
    """Write the losses as CSV, a row for each point, with the evaluation made there, if any."""
    evaluations = {p.epoch + 1: dataclasses.asdict(p) for p in history.evaluations}
    rows = [
        {name: values[i] for name, values in history.history.items()} | evaluations.get(update, {})
        for i, update in enumerate(history.history["update"])
    ]
    measures = ["accuracy_real", "accuracy_fake", "energy_distance", "coverage", "curve_error"]
    with open(file, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [*history.history, *measures], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    run(main)
