"""Train one GAN a seed, and count how often each recipe works.

Killed and started again, it goes on where it was.
"""

import contextlib
import dataclasses
import functools
import itertools
import logging
import math
import pathlib
import sys
import time

from gan1d.commands.common import (
    RECIPES,
    Parser,
    add_function_options,
    deciding,
    list_files,
    names,
    quiet_start,
    read_functions,
    seed,
    whole_number,
)
from gan1d.record import one_run

TABLE, FIGURES = "sweep.csv", ("sweep.png", "worst_and_best.png")
SECONDS = 10  # to wait for a scheduler or a worker; between two lines of progress


def parse_arguments():
    parser = Parser(__doc__)
    add = parser.add_argument
    add("--seeds", type=whole_number(1), default=100, help="how many seeds")
    add("--first-seed", type=seed, default=0, help="the first of them")
    which = {"type": names(RECIPES), "default": "tutorial,stable", "metavar": "NAME[,NAME]"}
    add("--recipe", **which, help=f"one or more of {', '.join(RECIPES)}")
    add_function_options(parser, several=True)
    add("--epochs", type=whole_number(1), default=10000, help="number of updates")
    add("--output", default="outputs/sweep", help="folder for the files")
    overwrite = "begin anew where another sweep is, and remove its files"
    add("--overwrite", action="store_true", help=overwrite)
    cluster = parser.add_mutually_exclusive_group()
    here = "train in this many processes of this machine, by Dask: pip install '.[sweep]'"
    cluster.add_argument("--workers", type=whole_number(1), help=here)
    there = "train on the Dask cluster of this address, with this package on its workers"
    cluster.add_argument("--scheduler", metavar="ADDRESS", help=there)
    args = parser.parse_args()
    if args.first_seed + args.seeds > 2**32:
        parser.error("argument --seeds: the last seed must be less than 2**32")
    args.curves = read_functions(parser, args)
    return args


def main():
    args = parse_arguments()
    # More seeds may join a table, but nothing that would be counted with what it is not.
    arguments = deciding(args, ("recipe", "epochs"), args.curves)
    how = {"state": TABLE, "resume": True, "overwrite": args.overwrite}
    with one_run(pathlib.Path(args.output), arguments, [TABLE, *FIGURES], **how) as this_run:
        with quiet_start():
            from gan1d import sweep
            from gan1d.pictures.plots import save_figure

        table = this_run.folder / TABLE
        try:
            rows = train_missing(args, table)
        except KeyboardInterrupt:
            print("\nInterrupted. The same command goes on where it was.")
            raise
        this_run.written.append(table)
        summary = sweep.summarize_sweep(rows)
        print_summary(summary)

        def samples(group, seed):
            (function,) = (f for f in args.curves if f.name == group["function"])
            kind = {"recipe": group["recipe"], "hidden": args.hidden, "n_epochs": args.epochs}
            return sweep.samples_of_seed(seed, function=function, **kind)

        axes = sweep.plot_sweep(summary)[0], sweep.plot_worst_and_best(summary, samples)[0, 0]
        for name, ax in zip(FIGURES, axes, strict=True):
            this_run.save(name, functools.partial(save_figure, ax))
        list_files(this_run.written)


def train_missing(args, table):
    """Train those seeds that a table has not; return the rows of all that are asked for."""
    import keras

    from gan1d.sweep import KEY, backend, read_table, write_table

    hidden = ",".join(map(str, args.hidden or ()))
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    tasks = {
        (backend(), function.name, recipe, hidden, args.epochs, seed): {
            "seed": seed,
            "recipe": recipe,
            "function": function,
            "hidden": args.hidden,
            "n_epochs": args.epochs,
        }
        for function, recipe, seed in itertools.product(args.curves, args.recipe, seeds)
    }
    rows = read_table(table)
    missing = {key: task for key, task in tasks.items() if key not in rows}
    if len(missing) < len(tasks):
        print(f"{table} has {len(tasks) - len(missing):,} of the {len(tasks):,} rows already.")
    if missing:
        print(f"Training {len(missing):,} GANs of {args.epochs:,} updates each.", flush=True)
    in_place, said = sys.stdout.isatty(), time.perf_counter()
    bar = keras.utils.Progbar(len(missing), verbose=1 if in_place else 2, unit_name="GAN")
    with trained(missing, args) as results:
        for done, (key, performance) in enumerate(results, 1):
            measures = dataclasses.asdict(performance)
            del measures["epoch"]  # that of the command is in the key
            rows[key] = dict(zip(KEY, key, strict=True)) | measures
            write_table(table, rows)
            if is_line := done == len(missing) or time.perf_counter() > said + SECONDS:
                said = time.perf_counter()
            bar.update(done, finalize=is_line)
    return [rows[key] for key in tasks]


@contextlib.contextmanager
def trained(tasks, args):
    """Yield an iterator of keys and their `Performance`, in this process or by Dask's.

    Args:
        tasks: a dict of keys and the arguments of `train_seed`.
    """
    from gan1d.sweep import train_seed

    if not (args.workers or args.scheduler) or not tasks:
        yield ((key, train_seed(**task)) for key, task in tasks.items())
        return
    with dask_client(args) as client:
        # A worker that dies has its tasks done by another; each result comes here once.
        futures = {
            client.submit(train_seed, **task, pure=False): key for key, task in tasks.items()
        }
        yield results(futures)


def results(futures):
    """Yield the key and the result of each of Dask's futures, as they are done."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker, as_completed

    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except CancelledError as error:
        raise ConnectionError("the scheduler is lost: the same command goes on") from error
    except KilledWorker as error:
        raise ConnectionError(f"workers die: {error}") from error


@contextlib.contextmanager
def dask_client(args):
    """Yield a client of the cluster at --scheduler, or of one of --workers processes here."""
    try:
        from distributed import Client, WorkerPlugin
    except ImportError as error:
        raise ImportError(
            "--workers and --scheduler need Dask: python -m pip install '.[sweep]'"
        ) from error

    class QuietStart(WorkerPlugin):
        def setup(self, worker):
            with quiet_start(message=""):
                import gan1d.sweep  # noqa: F401

    logging.disable(logging.CRITICAL)  # Dask's, of workers and schedulers that come and go
    if args.scheduler:
        client = connect(args.scheduler)
    else:
        # Any port for the dashboard; with none, it takes 8787, and complains where that is taken.
        free = {"dashboard_address": "127.0.0.1:0"}
        client = Client(n_workers=args.workers, threads_per_worker=1, **free)
        client.register_plugin(QuietStart())
    try:
        yield client
    finally:
        client.close(timeout=SECONDS)
        if client.cluster is not None:
            client.cluster.close(timeout=SECONDS)


def connect(address):
    """Return a client of the cluster at an address, whose workers have this package."""
    from distributed import Client

    from gan1d import sweep

    client = None
    try:
        client = Client(address, timeout=SECONDS)
        client.wait_for_workers(1, timeout=SECONDS)
        backends = client.run(sweep.backend)
    except Exception as error:  # Dask has many
        if client is not None:
            client.close(timeout=SECONDS)
        raise ConnectionError(f"--scheduler {address} cannot be used: {error}") from error
    for worker, backend in backends.items():
        if backend != sweep.backend():
            raise ValueError(f"the worker {worker} runs Keras on {backend}")
    return client


def print_summary(summary):
    """Print a line for each function and recipe."""
    print(f"\n{'':38}95 %            miss    curve error, % of y's range")
    print("function  recipe    seeds  learned    interval        a bin   median    90 %   worst")
    for group in summary:
        rate = group["learned"] / group["seeds"]
        interval = f"{group['low']:.1%} to {group['high']:.1%}"
        errors = [group["errors"][math.ceil(q * group["seeds"]) - 1] for q in (0.5, 0.9, 1)]
        print(
            f"{group['function']:9} {group['recipe']:9} {group['seeds']:5}  {group['learned']:4} "
            f"{rate:6.1%} {interval:15} {group['collapsed']:5} "
            + "".join(f"{100 * error:8.2f}" for error in errors)
        )
