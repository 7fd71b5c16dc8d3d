"""Train the 1-D GAN of the tutorial, and save its diagrams, plots, history and models."""

import argparse
import contextlib
import csv
import functools
import importlib
import pathlib
import shlex
import sys
from concurrent import futures

import numpy as np

import gan1d
from gan1d.commands.common import (
    RECIPES,
    Parser,
    add_function_options,
    deciding,
    finite_numbers,
    list_files,
    names,
    program,
    quiet_start,
    read_functions,
    seed,
    show,
    whole_number,
)
from gan1d.record import one_run

MODELS = ("discriminator", "generator", "gan")
SAMPLES = "samples_{epoch:05d}.png"
TABLE, GIVEN = "samples.csv", "given.png"
PAGE, GIF, COMPARISON = "training.html", "training.gif", "comparison.html"
FILES = (
    *(f"{name}.png" for name in (*MODELS, "field", "losses", "distributions")),
    *("history.csv", "generator.keras", "discriminator.keras"),
)
BACKUP = "gan1d.backup"  # from which a run that was cut short goes on
FRAMES = 60  # of the film, or one a chunk of 100 updates if that is fewer


def parse_arguments():
    parser = Parser(__doc__)
    add = parser.add_argument
    add("--epochs", type=whole_number(1), default=10000, help="number of updates")
    add("--batch", type=whole_number(2), default=128, help="samples in a batch, half of them real")
    every = "evaluate after this many updates, again after as many more, and at the end"
    add("--eval-every", type=whole_number(1), default=2000, help=every)
    latent = (
        "dimensions of the latent space; without it 5, or as many as columns if these are more, "
        "and 1 by the recipe winding"
    )
    add("--latent-dim", type=whole_number(1), help=latent)
    add_function_options(parser)
    at = f"values of the given columns, to make the rows of {TABLE} for; negative ones as --at=-1"
    add("--at", type=finite_numbers, metavar="VALUE[,VALUE]", help=at)
    samples = f"write so many generated samples to {TABLE}; without it 1000 of a table or with --at"
    add("--samples", type=whole_number(1), metavar="N", help=samples)
    recipe = (
        "the tutorial's way to train; one that seldom misses parts of the function; or that for a "
        "curve of many turns"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--recipe", choices=RECIPES, default="tutorial", help=recipe)
    compare = "train by both, in a folder each, and show the two films beside each other on a page"
    two = names(RECIPES, count=2)
    which.add_argument("--compare", type=two, metavar="RECIPE,RECIPE", help=compare)
    numbers = (
        "a whole number, or 'random'; the same gives the same run on the same machine. The default "
        "is the median of 0 to 99 by energy distance, by the tutorial's recipe on x²"
    )
    add("--seed", type=seed, default=32, help=numbers)
    add("--output", default="outputs/gan", help="folder for the files")
    film = parser.add_mutually_exclusive_group()
    film.add_argument("--gif", action="store_true", help=f"save the film as {GIF}, too")
    film.add_argument("--no-film", action="store_true", help=f"do without {PAGE}: in a hurry")
    add("--show", action="store_true", help="open the figures at the end, where there is a screen")
    resume = "go on with a run of the same command that was cut short, to the same bits"
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--resume", action="store_true", help=resume)
    overwrite = "begin anew where another run is, and remove its files"
    how.add_argument("--overwrite", action="store_true", help=overwrite)
    args = parser.parse_args()
    if args.compare and args.no_film:
        parser.error("argument --compare: not allowed with argument --no-film")
    np.random.seed(args.seed)  # what a function draws from NumPy's global state is the seed's, too
    (args.curve,) = read_functions(parser, args)
    if args.at and len(args.at) != len(args.curve.given):
        parser.error(
            f"argument --at: must be {len(args.curve.given)} values, one for each of --given"
        )
    args.samples = args.samples or (1000 if args.points or args.at else None)
    return args


def main():
    args = parse_arguments()
    output = pathlib.Path(args.output)
    folders = {r: output / r for r in args.compare} if args.compare else {args.recipe: output}
    try:
        with contextlib.ExitStack() as stack:
            runs = {
                recipe: stack.enter_context(run_in(folder, args, recipe, files_of(args), BACKUP))
                for recipe, folder in folders.items()
            }
            if args.compare:
                both = run_in(output, args, ",".join(args.compare), [COMPARISON], COMPARISON)
                both = stack.enter_context(both)
            with quiet_start():
                import keras  # noqa: F401  it takes seconds, and all that follows has it
            print(f"Seed: {args.seed}")
            # What this does is done beside the compilation, which needs no Python.
            aside = stack.enter_context(futures.ThreadPoolExecutor(max_workers=1))
            aside.submit(importlib.import_module, "matplotlib.pyplot")
            films = {r: train_by(r, args, its_run, aside) for r, its_run in runs.items()}
            if args.compare:
                both.save(COMPARISON, functools.partial(gan1d.save_page, films))
                list_files(both.written)
    except (KeyboardInterrupt, SystemExit):
        goes_on = any((folder / BACKUP).exists() for folder in folders.values())
        how = f"with --resume --seed {args.seed} goes on" if goes_on else "begins anew"
        print(f"\nInterrupted. The same command {how}.")
        raise


def run_in(folder, args, recipe, files, state):
    """Have a folder for a run by these arguments; see `one_run`."""
    options = ("epochs", "batch", "eval_every", "latent_dim", "seed", "no_film", "samples", "at")
    arguments = deciding(args, options, [args.curve]) | {"--recipe": recipe}
    how = {"resume": args.resume, "overwrite": args.overwrite}
    return one_run(folder, arguments, files, state=state, **how)


def files_of(args):
    """Return the names of all files that a training may write."""
    films = [] if args.no_film else [PAGE, GIF] if args.gif else [PAGE]
    epochs = [*range(args.eval_every - 1, args.epochs - 1, args.eval_every), args.epochs - 1]
    some = [*([TABLE] if args.samples else []), *([GIVEN] if args.given else [])]
    return [*FILES, *some, *films, *(SAMPLES.format(epoch=epoch) for epoch in epochs)]


def train_by(recipe, args, its_run, aside):
    """Train by a recipe, save all there is to see, and return the film."""
    np.random.seed(args.seed)
    rng = np.random.RandomState(args.seed)
    scale = {"recipe": recipe, "hidden": args.hidden, "latent_dim": args.latent_dim}
    models = gan1d.define_models(args.curve, **scale, n_epochs=args.epochs, rng=rng)
    generator, discriminator, gan = models
    print(f"\nFunction: {args.curve.name}, recipe: {recipe}")
    if args.points:
        print(f"Columns: {', '.join(args.curve.columns)}")
        for part in args.curve.left_out:
            print(f"Left out: {part}")
    if args.given:
        print(f"Given: {', '.join(args.given)}")
    diagrams = []
    for model in (discriminator, generator, gan):
        model.summary()
        write = functools.partial(gan1d.save_diagram, model)
        diagrams.append(aside.submit(its_run.save, f"{model.name}.png", write))
    film = gan1d.Film(max(1, args.epochs // (FRAMES - 1)), function=args.curve, rng=args.seed)
    history, signal = train(models, args, rng, film, its_run)
    print(f"\n{history.measures()}")
    missed = history.evaluations and not history.evaluations[-1].learned and not args.compare
    if missed and (advised := advised_command(args)):
        print(f"The advised settings: {advised}")
    save_figures(models, history, recipe, args, its_run)
    if args.gif:
        print("\nDrawing the GIF.", flush=True)
        its_run.save(GIF, functools.partial(gan1d.save_gif, film))
    if not args.no_film:
        its_run.save(PAGE, functools.partial(gan1d.save_page, film))
    if args.samples:
        its_run.save(TABLE, functools.partial(write_samples, generator, args))
    its_run.save("history.csv", history.write_csv)
    its_run.save("generator.keras", generator.save)
    its_run.save("discriminator.keras", discriminator.save)
    for diagram in diagrams:
        diagram.result()
    list_files(its_run.written)
    if not args.no_film:
        print(f"\nTo look into the training, open {its_run.folder / PAGE} in a browser.")
    if signal is not None:
        print(f"\n{history.history['update'][-1]} of {args.epochs} updates are done.")
        sys.exit(128 + signal)
    if args.show:
        show([file for file in its_run.written if file.suffix == ".png"])
    return film


def advised_command(args):
    """Return the command that ran, with the advised settings, or None if it has them already."""
    advised = gan1d.advised_settings(args.curve)
    epochs = max(args.epochs, advised["n_epochs"])
    if (args.recipe, args.hidden, args.epochs) == (advised["recipe"], advised["hidden"], epochs):
        return None
    ours = argparse.ArgumentParser(add_help=False)
    for name in ("--recipe", "--hidden", "--epochs", "--output"):
        ours.add_argument(name)
    for name in ("--resume", "--overwrite"):
        ours.add_argument(name, action="store_true")
    _, others = ours.parse_known_args(sys.argv[1:])
    command = ["python", *sys.argv[:1]] if program().endswith(".py") else ["gan1d", "train"]
    words = ["--recipe", advised["recipe"], "--hidden", ",".join(map(str, advised["hidden"]))]
    words += ["--epochs", str(epochs)] if epochs != 10000 else []
    return shlex.join([*command, *others, *words, "--output", f"{args.output}_advised"])


def train(models, args, rng, film, its_run):
    """Train; return the history, and the number of the signal that cut it short, or None."""
    from gan1d.callbacks import StopOnSignal

    if args.resume:
        backup = its_run.folder / BACKUP
        nothing = f"Nothing to resume in {its_run.folder}: starting afresh."
        print(f"\nGoing on from {backup}." if backup.exists() else f"\n{nothing}")
    print(f"\nTraining for {args.epochs} updates.")
    if not models[-1].recipe.relative:
        print("Each evaluation prints: epoch, accuracy on real samples, accuracy on fake ones.")
    pattern = f"{its_run.folder}/".replace("{", "{{").replace("}", "}}") + SAMPLES
    with StopOnSignal() as stop:
        history = gan1d.train(
            *models,
            latent_dim_of(models[0], args),
            args.epochs,
            args.batch,
            args.eval_every,
            function=args.curve,
            rng=rng,
            callbacks=[stop, *([] if args.no_film else [film])],
            verbose=1 if sys.stdout.isatty() else 2,
            file=pattern,
            backup_dir=its_run.folder,
            resume=args.resume,
        )
    its_run.written += [pathlib.Path(pattern.format(epoch=p.epoch)) for p in history.evaluations]
    return history, stop.number


def save_figures(models, history, recipe, args, its_run):
    """Save the pictures of how the training went, and of what it ended with."""
    from gan1d.pictures.plots import save_figure

    generator, discriminator, _ = models
    real, _ = gan1d.generate_real_samples(2000, function=args.curve, rng=args.seed)
    fake = fake_samples(generator, 2000, args)
    curve, few = {"function": args.curve}, (real[:100], fake[:100])
    figures = {
        "field.png": gan1d.plot_field(discriminator, *few, **curve, arrows=True, recipe=recipe),
        "losses.png": gan1d.plot_learning_curves(history)[0],
        "distributions.png": gan1d.plot_distributions(real, fake, **curve)[0],
    }
    if args.given:
        figures[GIVEN] = gan1d.plot_given(real, fake, columns=args.curve.columns)
    for name, ax in figures.items():
        its_run.save(name, functools.partial(save_figure, ax))


def fake_samples(generator, n, args, given=None):
    """Return n samples of the generator; `given` is None for such as the real ones have."""
    if args.given and given is None:
        given = args.curve.draw_given(n, np.random.default_rng(args.seed))
    options = {"given": given, "rng": args.seed}
    return gan1d.generate_fake_samples(generator, latent_dim_of(generator, args), n, **options)[0]


def latent_dim_of(generator, args):
    """Return the dimensions of the latent space, behind which stands what is given."""
    return generator.input_shape[1] - len(args.curve.given)


def write_samples(generator, args, file):
    """Write a table of generated samples, whole where the real ones are whole numbers."""
    source = args.curve
    whole = [args.points and np.all(column % 1 == 0) for column in source.rows.T]
    with open(file, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(source.columns)
        for row in fake_samples(generator, args.samples, args, given=args.at):
            writer.writerow(round(x) if w else x for x, w in zip(row, whole, strict=True))
