"""What the scripts share: arguments, a quiet start of TensorFlow, and how they end."""

import argparse
import contextlib
import importlib.abc
import math
import os
import pathlib
import random
import secrets
import signal
import sys
import tempfile
import threading
from importlib.machinery import ModuleSpec

BACKENDS = ("tensorflow", "jax", "torch")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, with exit status 2."""

    def __init__(self, description):
        super().__init__(
            description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {message} (--help lists the options)\n")


def whole_number(minimum):
    """Return an argument type: a whole number of at least `minimum`."""

    def parse(text):
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or value < minimum:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {minimum}, got {text!r}"
            )
        return value

    return parse


def number(low, high, *, open_low=False, open_high=False):
    """Return an argument type: a finite number from `low` to `high`, without them where open."""

    def parse(text):
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        inside = low <= value <= high and math.isfinite(value)
        if not inside or (open_low and value == low) or (open_high and value == high):
            range_ = f"more than {low}" if high == math.inf else f"from {low} to {high}"
            raise argparse.ArgumentTypeError(f"must be a number {range_}, got {text!r}")
        return value

    return parse


class DrawnSeed(int):
    """A seed that was not given, but drawn."""


def seed(text):
    """Argument type of --seed: a whole number below 2**32, or "random", which draws one."""
    if text == "random":
        return DrawnSeed(secrets.randbelow(2**32))
    value = whole_number(0)(text)
    if value >= 2**32:
        raise argparse.ArgumentTypeError(f"must be less than 2**32, got {text}")
    return value


def run(main):
    """Run a script's `main()`; a failure that the user can mend is one line, exit status 1.

    Ctrl-C ends it with status 130, SIGTERM with 143.
    """
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.unraisablehook = raise_again
    try:
        main()
    except (OSError, ValueError, ArithmeticError, ImportError) as error:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def raise_again(unraisable):
    """Send a signal again whose exception came up where Python drops it, as in a `__del__`."""
    if unraisable.exc_type is KeyboardInterrupt:
        number = signal.SIGINT
    elif unraisable.exc_type is SystemExit and isinstance(unraisable.exc_value.code, int):
        number = unraisable.exc_value.code - 128
    else:
        sys.__unraisablehook__(unraisable)
        return
    threading.Timer(0.01, os.kill, [os.getpid(), number]).start()


@contextlib.contextmanager
def quiet_start():
    """Import Keras and the packages inside this block, quickly and without TensorFlow's chatter.

    TensorFlow writes to the standard error of the process, past Python, before it reads any
    setting. What is written there meanwhile is kept back, and shown only if the block fails.
    """
    set_up_backend()
    sys.meta_path.insert(0, Hider())
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as kept_back:
        os.dup2(kept_back.fileno(), 2)
        try:
            yield
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name in BACKENDS:
                raise ImportError(
                    f"KERAS_BACKEND is {error.name}, which is not installed: "
                    f"python -m pip install '.[{error.name}]'"
                ) from error
            kept_back.seek(0)
            os.write(stderr, kept_back.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)


class Hider(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes importing what is not needed fail. (To look whether it is there still finds it.)

    Keras imports TensorFlow to save a model on any backend, TensorFlow imports JAX, and Keras
    imports scikit-learn, for wrappers that nothing here uses: seconds, and chatter. The first
    backend asked for is the one that Keras runs on.
    """

    chosen = None

    def find_spec(self, fullname, path, target=None):
        if fullname in BACKENDS:
            self.chosen = self.chosen or fullname
        elif fullname != "sklearn":
            return None
        return None if fullname == self.chosen else ModuleSpec(fullname, loader=self)

    def create_module(self, spec):
        raise ModuleNotFoundError(f"{spec.name} is not needed", name=spec.name)

    def exec_module(self, module):
        pass  # a loader must have it


def set_up_backend():
    """Set for this process what makes the Keras backends quiet and fast; a user's setting wins."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # On models this small, splitting an operation over threads costs more than it gains.
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    if os.environ.get("KERAS_BACKEND") == "torch":
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def set_seed(seed):
    """Seed Python's and NumPy's random numbers: all that the packages and Keras's layers draw from.

    `keras.utils.set_random_seed` does as much, and imports TensorFlow where there is one.
    """
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  the global state is what everything draws from


def make_folder(path, names=()):
    """Make the output folder, and return it as a `Path`.

    Raises an `OSError` if no file can be written there, or a folder has one of the files' names.
    """
    folder = pathlib.Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{folder / name} is a folder, where a file is to be written")
    return folder


def list_files(files):
    """Print which files were written."""
    print("\nFiles written:")
    for file in files:
        print(f"  {file}")
