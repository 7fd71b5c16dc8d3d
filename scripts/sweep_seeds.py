"""Train one GAN a seed, and count how often each recipe works.

Killed and started again, it goes on where it was.
"""

import argparse
import contextlib
import csv
import itertools
import logging
import os
import sys

import numpy as np
from _common import Parser, list_files, make_folder, quiet_start, run, seed, whole_number
from train_gan import FUNCTIONS, RECIPES

KEY = ("backend", "function", "recipe", "epochs", "seed")
MEASURES = ("accuracy_real", "accuracy_fake", "energy_distance", "coverage", "curve_error")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--seeds", type=whole_number(1), default=100, help="how many seeds")
    parser.add_argument("--first-seed", type=seed, default=0, help="the first of them")
    parser.add_argument(
        "--recipe",
        type=names("recipe", RECIPES),
        default="tutorial,stable",
        metavar="NAME[,NAME]",
        help=f"of {', '.join(RECIPES)}",
    )
    parser.add_argument(
        "--function",
        type=names("function", FUNCTIONS),
        default="square",
        metavar="NAME[,NAME]",
        help=f"of {', '.join(FUNCTIONS)}",
    )
    parser.add_argument("--epochs", type=whole_number(1), default=10000, help="number of updates")
    parser.add_argument("--output", default="outputs/sweep", help="folder for the files")
    cluster = parser.add_mutually_exclusive_group()
    cluster.add_argument(
        "--workers",
        type=whole_number(1),
        help="train in this many processes of this machine, by Dask: pip install '.[sweep]'",
    )
    cluster.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the Dask cluster of this address, with this package on its workers",
    )
    args = parser.parse_args()
    if args.first_seed + args.seeds > 2**32:
        parser.error("argument --seeds: the last seed must be less than 2**32")
    return args


def names(what, known):
    """Return an argument type: names of `known`, with commas between."""

    def parse(text):
        chosen = tuple(dict.fromkeys(text.split(",")))
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"must be one or more {what}s of {', '.join(known)}, got {name!r}"
                )
        return chosen

    return parse


def main():
    args = parse_arguments()
    output = make_folder(args.output)
    table = output / "sweep.csv"
    rows = read_rows(table)
    with quiet_start():
        import keras

        from gan1d.pictures.plots import save_figure
        from gan1d.runs import sweep

    seeds = range(args.first_seed, args.first_seed + args.seeds)
    tasks = [
        (keras.config.backend(), function, recipe, args.epochs, seed)
        for function, recipe, seed in itertools.product(args.function, args.recipe, seeds)
    ]
    missing = [task for task in tasks if task not in rows]
    if len(missing) < len(tasks):
        print(f"{table} has {len(tasks) - len(missing):,} of the {len(tasks):,} rows already.")
    if missing:
        print(f"Training {len(missing):,} GANs of {args.epochs:,} updates each.")
    verbose = 1 if sys.stdout.isatty() else 2
    bar = keras.utils.Progbar(len(missing), unit_name="seed", verbose=verbose)
    with row_writer(table) as write, trained(missing, args) as results:
        for done, (task, performance) in enumerate(results, 1):
            measures = {name: getattr(performance, name) for name in MEASURES}
            rows[task] = dict(zip(KEY, task, strict=True)) | measures
            write(rows[task])
            bar.update(done)

    summary = sweep.summarize_sweep([rows[task] for task in tasks])
    print_summary(summary)
    files = [table, output / "sweep.png", output / "worst_and_best.png"]
    save_figure(sweep.plot_sweep(summary)[0], files[1])

    def samples(group, seed):
        recipe, function = group["recipe"], group["function"]
        return sweep.samples_of_seed(seed, recipe=recipe, function=function, n_epochs=args.epochs)

    save_figure(sweep.plot_worst_and_best(summary, samples)[0, 0], files[2])
    list_files(files)


def read_rows(table):
    """Return the rows of a table by their keys; a last line that is not whole is cut off."""
    if not table.exists():
        return {}
    content = table.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    rows = {}
    try:
        reader = csv.DictReader(whole.decode().splitlines())
        if (reader.fieldnames or [*KEY, *MEASURES]) != [*KEY, *MEASURES] or (content and not whole):
            raise ValueError
        for row in reader:
            row |= {name: int(row[name]) for name in ("epochs", "seed")}
            row |= {name: float(row[name]) for name in MEASURES}
            rows[tuple(row[name] for name in KEY)] = row
    except (ValueError, TypeError):
        raise ValueError(f"{table} is there, and is no table of this script") from None
    os.truncate(table, len(whole))
    return rows


@contextlib.contextmanager
def row_writer(table):
    """Yield a function that adds a row to the table, at once."""
    with open(table, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*KEY, *MEASURES])

        def write(row):
            writer.writerow(row)
            file.flush()

        if file.tell() == 0:
            writer.writeheader()
        yield write


@contextlib.contextmanager
def trained(tasks, args):
    """Yield an iterator of tasks and their `Performance`, in this process or by Dask's."""
    from gan1d.runs.sweep import train_seed

    def arguments(task):
        _, function, recipe, n_epochs, seed = task
        return {"seed": seed, "recipe": recipe, "function": function, "n_epochs": n_epochs}

    if not (args.workers or args.scheduler) or not tasks:
        yield ((task, train_seed(**arguments(task))) for task in tasks)
        return
    with dask_client(args) as client:
        from distributed import as_completed

        # A worker that dies has its tasks done by another; each result comes here once.
        futures = {client.submit(train_seed, **arguments(task)): task for task in tasks}
        yield ((futures[future], future.result()) for future in as_completed(futures))


@contextlib.contextmanager
def dask_client(args):
    """Yield a client of the cluster at --scheduler, or of one of --workers processes here."""
    try:
        from distributed import Client, WorkerPlugin
    except ImportError as error:
        raise ImportError(
            "--workers and --scheduler need Dask: python -m pip install '.[sweep]'"
        ) from error

    from gan1d.runs import sweep

    class QuietStart(WorkerPlugin):
        def setup(self, worker):
            with quiet_start():
                import gan1d.runs.sweep  # noqa: F401

    if args.scheduler:
        with Client(args.scheduler, timeout=10) as client:
            for address, backend in client.run(sweep.backend).items():
                if backend != sweep.backend():
                    raise ValueError(f"the worker {address} runs Keras on {backend}")
            yield client
        return
    options = {"n_workers": args.workers, "threads_per_worker": 1, "dashboard_address": None}
    with Client(**options, silence_logs=logging.CRITICAL) as client:
        client.register_plugin(QuietStart())
        yield client


def print_summary(summary):
    """Print a line for each function and recipe."""
    print(f"\n{'':20}seeds  miss a bin (95 % interval)  energy distance x 1,000")
    print(f"{'function  recipe':20}{'':36}{'median':>8}{'90 %':>8}{'worst':>8}")
    for group in summary:
        rate = group["collapsed"] / group["seeds"]
        interval = f"{group['low']:.1%} to {group['high']:.1%}"
        median, ninety, worst = 1000 * np.quantile(group["distances"], (0.5, 0.9, 1))
        print(
            f"{group['function']:9} {group['recipe']:9} {group['seeds']:5}  "
            f"{group['collapsed']:4} {rate:7.1%} ({interval}){median:8.2f}{ninety:8.2f}{worst:8.1f}"
        )


if __name__ == "__main__":
    run(main)
