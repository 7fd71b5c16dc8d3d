"""Time what is here against what people would use instead, side by side."""

import contextlib
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

from gan1d.commands.common import (
    Parser,
    list_files,
    make_folder,
    names,
    quiet_start,
    run,
    whole_number,
)

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
ROOT = str(PEERS.parent.parent)
FILES = ("benchmark.json", "benchmark.png")
PARTS = ("gan", "logreg")


class Peer(NamedTuple):
    """A program of `peers`, which does the same work in its own way.

    Attributes:
        name: what it is called in the table.
        command: its file and arguments.
        steps: how many it takes in one turn.
        needs: a package, or the program "cc", that it needs.
        backend: the Keras backend.
    """

    name: str
    command: tuple[str, ...]
    steps: int
    needs: str | None = None
    backend: str = "tensorflow"


GAN = (  # ours first: what the others are compared with
    Peer("gan1d", ("gan1d_train.py", "128"), 10_000),
    Peer("gan1d on JAX", ("gan1d_train.py", "128"), 10_000, "jax", "jax"),
    Peer("gan1d on PyTorch", ("gan1d_train.py", "128"), 300, "torch", "torch"),
    Peer("the tutorial's loop", ("tutorial.py",), 10),
    Peer("train_step under fit", ("train_step.py", "1", "0"), 200),
    Peer("fit, steps_per_execution=500", ("train_step.py", "500", "0"), 2000),
    Peer("fit, that and jit_compile=True", ("train_step.py", "500", "1"), 2000),
    Peer("NumPy, by hand", ("numpy_loop.py",), 3000),
    Peer("JAX, one scan", ("jax_scan.py",), 10_000, "jax"),
    Peer("C -O3", ("c_loop.py", "-O3"), 10_000, "cc"),
    Peer("C, fastest flags", ("c_loop.py", "-O3", "-march=native", "-ffast-math"), 10_000, "cc"),
)
LOGREG = (
    Peer("logreg, Keras", ("logreg_compare.py", "100"), 1000),
    Peer("fit(epochs=...)", ("logreg_fit.py", "100"), 20),
    Peer("logreg, NumPy", ("logreg_numpy.py", "100"), 1000),
    Peer("scikit-learn, one fit", ("logreg_sklearn.py", "100"), 1000, "scikit-learn"),
)


def parse_arguments():
    parser = Parser(__doc__)
    add, some = parser.add_argument, names(PARTS)
    add("--rounds", type=whole_number(1), default=5, help="turns of each program")
    only = f"some of {','.join(PARTS)}: the GAN, logistic regression"
    add("--only", type=some, default=PARTS, metavar="PARTS", help=only)
    add("--output", default="outputs/benchmark", help="folder for the files")
    return parser.parse_args()


def main():
    args = parse_arguments()
    output = make_folder(args.output, FILES)
    with quiet_start():
        from gan1d.files import written_whole
        from gan1d.pictures.plots import save_figure

    found = {"machine": machine(), "rounds": args.rounds}
    print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    for part, peers, step in (("gan", GAN, "update"), ("logreg", LOGREG, "step")):
        if part in args.only:
            found[part] = side_by_side(peers, args.rounds, step)

    with written_whole(output / "benchmark.json") as file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    save_figure(plot_side_by_side(found).axes[0], output / "benchmark.png")
    list_files(output / name for name in FILES)


def machine():
    """Return what the times depend on."""
    names = filter(is_installed, ("tensorflow", "keras", "numpy", "jax", "torch"))
    versions = {name: importlib.metadata.version(name) for name in names}
    return {"cores": os.cpu_count(), "Python": platform.python_version()} | versions


class Running:
    """A peer that runs, and waits for its turn.

    Raises:
        ChildProcessError: when it fails, with what it wrote last.
    """

    def __init__(self, peer):
        environment = os.environ | {"KERAS_BACKEND": peer.backend, "PYTHONPATH": ROOT}
        if "torch" in (peer.backend, peer.needs):
            environment.setdefault("OMP_NUM_THREADS", "1")
        self.peer = peer
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the peer
        self.process = subprocess.Popen(
            [sys.executable, PEERS / peer.command[0], *peer.command[1:]],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.answer()  # it is ready

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.communicate()
        self.errors.close()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            last = (self.errors.read().strip().splitlines() or ["it wrote nothing"])[-1]
            self.__exit__()
            raise ChildProcessError(f"{' '.join(self.peer.command)} failed: {last}")
        return line

    def seconds(self, steps):
        """Return the seconds that it takes for so many steps."""
        print(steps, file=self.process.stdin, flush=True)
        return float(self.answer())

    def milliseconds(self, steps):
        """Return the milliseconds that a step takes, of so many."""
        return 1000 * self.seconds(steps) / steps


def is_installed(name):
    """Return whether a package, or the C compiler, is there."""
    if name == "cc":
        return shutil.which(name) is not None
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def side_by_side(peers, rounds, step):
    """Let peers take turns; print and return the milliseconds that a step takes each."""
    print(f"\n{rounds} turns each, one after another, of:")
    with contextlib.ExitStack() as stack:
        times = {}
        for peer in peers:
            if peer.needs and not is_installed(peer.needs):
                print(f"{peer.name:32}skipped: there is no {peer.needs}")
            else:
                print(f"{peer.name:32}{' '.join(peer.command)}, {peer.steps:,} {step}s", flush=True)
                times[stack.enter_context(Running(peer))] = []
        for _ in range(rounds):
            for one in times:
                times[one].append(one.milliseconds(one.peer.steps))
    times = {one.peer.name: its_times for one, its_times in times.items()}
    print(f"\n{'':34}ms {'an' if step[0] in 'aeiou' else 'a'} {step:8}lowest   highest     ratio")
    ours = statistics.median(next(iter(times.values())))
    for name, its_times in times.items():
        median = statistics.median(its_times)
        print(
            f"{name:32}{median:11.4f}{min(its_times):11.4f}{max(its_times):10.4f}"
            f"{median / ours:10.2f}"
        )
    return times


def ratio_text(ratio):
    """Return a ratio to two decimals, or as a whole number above 10."""
    return f"{ratio:,.{0 if ratio > 10 else 2}f}"


def plot_side_by_side(found):
    """Draw the time of a step of each peer, lowest to highest, on a logarithmic scale."""
    from matplotlib import pyplot

    groups = [(part, found[part]) for part in ("gan", "logreg") if part in found]
    n_bars = [len(times) for _, times in groups]
    figure = pyplot.figure(figsize=(8, 1.2 + 0.36 * sum(n_bars)), layout="constrained")
    axes = figure.subplots(len(groups), squeeze=False, height_ratios=n_bars)[:, 0]
    for ax, (part, times) in zip(axes, groups, strict=True):
        medians = {name: statistics.median(values) for name, values in times.items()}
        ours = next(iter(medians.values()))
        ax.barh([*medians], [*medians.values()], color=["tab:red"] + ["0.7"] * (len(medians) - 1))
        for i, (name, median) in enumerate(medians.items()):
            ax.plot([min(times[name]), max(times[name])], [i, i], color="black", linewidth=1)
            text = f"  {median:.2g} ms, {ratio_text(median / ours)} times"
            ax.text(max(times[name]), i, text, va="center", fontsize=8)
        low, high = min(medians.values()), max(medians.values())
        ax.set(xscale="log", xlim=(low / 2, high * 30))
        ax.invert_yaxis()
        ax.set_xlabel("ms an update of the GAN" if part == "gan" else "ms a step, of 1,000")
    return figure


if __name__ == "__main__":
    run(main)
