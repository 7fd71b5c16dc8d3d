"""What the scripts share: arguments, a quiet start of Keras's backends, and how they end."""

import argparse
import contextlib
import gc
import importlib.abc
import importlib.util
import io
import math
import os
import pathlib
import random
import re
import secrets
import signal
import sys
import tempfile
import time
from importlib.machinery import ModuleSpec

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
FLOAT32_MAX = 3.4e38
BACKENDS = ("tensorflow", "jax", "torch")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, with exit status 2."""

    def __init__(self, description):
        super().__init__(
            description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {in_one_line(message)} (--help lists the options)\n")


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


def whole_numbers(minimum):
    """Return an argument type: whole numbers of at least `minimum`, with commas between."""

    def parse(text):
        return tuple(map(whole_number(minimum), text.split(",")))

    return parse


def names(what, known, more=None, *, count=None):
    """Return an argument type: a tuple of names, of `known`, with commas between.

    Args:
        what: what they are, in the message.
        known: the names.
        more: what else is taken, a form such as "FILE.py:NAME": whatever has a colon.
        count: how many there must be; None for one or more.
    """

    def parse(text):
        chosen = tuple(dict.fromkeys(text.split(","))) if count != 1 else (text,)
        unknown = [name for name in chosen if name not in known and not (more and ":" in name)]
        if unknown or (count and len(chosen) != count):
            takes = ", ".join(known) + (f", or {more}" if more else "")
            got = unknown[0] if unknown else text
            raise argparse.ArgumentTypeError(f"must be {what} of {takes}, got {got!r}")
        return chosen

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
            ends = f"{'more than' if open_low else 'at least'} {low}"
            if high < math.inf:
                ends += f" and {'less than' if open_high else 'at most'} {high}"
            raise argparse.ArgumentTypeError(f"must be a number of {ends}, got {text!r}")
        return value

    return parse


def add_function_options(parser, *, several=False):
    """Add the options that say which function to learn, or several, with commas between."""
    from gan1d import FUNCTIONS

    form, what = "FILE.py:NAME", "one or more" if several else "one"
    known = names(what, FUNCTIONS, form, count=None if several else 1)
    which = parser.add_mutually_exclusive_group()
    function = (
        f"{what} of {', '.join(FUNCTIONS)}, or {form} for a function NAME of an array x in a file "
        "of yours, on the range from --low to --high"
    )
    metavar = "NAME[,NAME]" if several else "NAME"
    which.add_argument("--function", type=known, default="square", metavar=metavar, help=function)
    points = "learn the points of a CSV file instead, of two columns, x and y, below a header line"
    which.add_argument("--points", metavar="FILE.csv", help=points)
    span = number(-FLOAT32_MAX, FLOAT32_MAX)
    parser.add_argument("--low", type=span, help="where x begins; a negative one as --low=-1e-3")
    parser.add_argument("--high", type=span, help="where x ends")
    hidden = (
        "the units of the hidden layers of both networks, such as 25,25 for a function of several "
        "bends, by the recipe stable. Without it, the tutorial's 15 and 25"
    )
    units = whole_numbers(1)
    parser.add_argument("--hidden", type=units, metavar="UNITS[,UNITS]", help=hidden)


def what_decides(args, names):
    """Return the options of these names, those of the function, and the backend: a dict."""
    options = (*names, "function", "low", "high", "points", "hidden")
    chosen = {f"--{name.replace('_', '-')}": getattr(args, name) for name in options}
    return chosen | {"KERAS_BACKEND": os.environ.get("KERAS_BACKEND") or "tensorflow"}


def read_functions(parser, args):
    """Return the functions that --function or --points asks for, a list.

    What is wrong with them is an error of the arguments, before Keras is loaded.
    """
    from gan1d import FUNCTIONS, Points, load_function

    def read(name):
        return FUNCTIONS[name] if name in FUNCTIONS else load_function(name, args.low, args.high)

    span = [value for value in (args.low, args.high) if value is not None]
    if span and (args.points or all(name in FUNCTIONS for name in args.function)):
        parser.error("--low and --high are for --function FILE.py:NAME")
    try:
        found = [Points.from_csv(args.points)] if args.points else [*map(read, args.function)]
    except (OSError, TypeError, ValueError) as error:
        parser.error(f"argument --{'points' if args.points else 'function'}: {error}")
    if len({function.name for function in found}) < len(found):
        parser.error("argument --function: each must have another name")
    return found


class DrawnSeed(int):
    """A seed that was not given, but drawn."""


def seed(text):
    """Argument type of --seed: a whole number below 2**32, or "random", which draws one."""
    if text == "random":
        return DrawnSeed(secrets.randbelow(2**32))
    if not text.isdecimal() or int(text) >= 2**32:
        message = f"must be a whole number less than 2**32, or 'random', got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def run(main):
    """Run a script's `main()`; a failure that the user can mend is one line, exit status 1.

    Ctrl-C ends it with status 130, SIGTERM with 143, and a reader of the output that has gone with
    141, as it ends other programs.
    """
    open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters that a name has
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    program = pathlib.Path(sys.argv[0]).name
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # flushed at exit, too
        sys.exit(141)
    except (OSError, ValueError, ArithmeticError, ImportError) as error:
        sys.exit(f"{program}: error: {in_one_line(error)}")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        sys.exit(f"{program}: error: there is not enough memory for this: {in_one_line(error)}")


def open_closed_streams():
    """Open what was closed of standard input, output and error, as by `>&-`: to nowhere.

    Else the next file that is opened would get what is meant for them.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def in_one_line(message):
    """Return a message without line breaks, and without the system's number of the error."""
    return " ".join(re.sub(r"\[Errno \d+\] ", "", str(message)).split())


def is_out_of_memory(error):
    """Return whether an error says so, Python's or that of a Keras backend."""
    signs = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "out of memory", "allocate memory")
    text = f"{type(error).__name__}: {error}"
    return isinstance(error, MemoryError) or any(sign in text for sign in signs)


@contextlib.contextmanager
def quiet_start(message="Loading Keras."):
    """Import Keras and the packages inside this block, quickly and without TensorFlow's chatter.

    TensorFlow writes to the standard error of the process, past Python, before it reads any
    setting. What is written there meanwhile is kept back, and shown only if the block fails.
    """
    set_up_backend()
    sys.meta_path.insert(0, Hider())
    if message:
        print(message, flush=True)  # it takes seconds
    sys.stderr.flush()
    stderr = os.dup(2)
    gc.disable()  # what is imported stays, and to look for garbage in it would take a fifth longer
    with tempfile.TemporaryFile() as kept_back:
        os.dup2(kept_back.fileno(), 2)
        try:
            yield
        except Exception:
            kept_back.seek(0)
            os.write(stderr, kept_back.read())
            raise
        finally:
            gc.freeze()
            gc.enable()
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
    backend = os.environ.get("KERAS_BACKEND")
    if backend and backend not in BACKENDS:
        raise ValueError(f"KERAS_BACKEND must be one of {', '.join(BACKENDS)}, got {backend!r}")
    if backend and importlib.util.find_spec(backend) is None:
        raise ImportError(
            f"KERAS_BACKEND is {backend}, which is not installed: "
            f"python -m pip install '.[{backend}]'"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # On models this small, splitting an operation over threads costs more than it gains.
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    if backend == "torch":
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def set_seed(seed):
    """Seed Python's and NumPy's random numbers: all that the packages and Keras's layers draw from.

    `keras.utils.set_random_seed` does as much, and imports TensorFlow where there is one.
    """
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  the global state is what everything draws from


class Stopwatch:
    """Seconds spent in each stage: `lap` adds what has passed since the lap before."""

    def __init__(self):
        self.seconds = {}
        self.last = time.perf_counter()

    def lap(self, stage):
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0) + now - self.last
        self.last = now

    def callback(self):
        """Return a Keras callback for `train`, which ends a lap at all that it does."""
        import keras

        return keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: self.lap(
                "training" if "compiling" in self.seconds else "compiling"
            ),
            on_epoch_end=lambda epoch, logs: self.lap("evaluating"),
        )

    def print(self):
        total = sum(self.seconds.values())
        print("\nWhere the time went:")
        for stage, seconds in self.seconds.items():
            print(f"  {stage:12}{seconds:7.2f} s{seconds / total:7.1%}")
        print(f"  {'all':12}{total:7.2f} s")


def make_folder(path, names=()):
    """Make the output folder, and return it as a `Path`.

    Raises an `OSError` if no file can be written there, or a folder has one of the files' names.
    """
    from gan1d.runs.files import check_file

    folder = pathlib.Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    for name in names:
        check_file(folder / name)
    return folder


def verbosity():
    """Return Keras's verbose: a progress bar on a terminal, else lines."""
    return 1 if sys.stdout.isatty() else 2


def list_files(files):
    """Print which files were written."""
    print("\nFiles written:")
    for file in files:
        print(f"  {file}")


def show(pictures):
    """Open pictures in windows, and wait until they are closed."""
    from matplotlib import pyplot

    from gan1d.pictures.plots import has_screen

    if not has_screen():
        print("\nThere is no screen: --show opens nothing.")
        return
    for file in pictures:
        picture = pyplot.imread(file)
        height, width, _ = picture.shape
        pyplot.figure(file.name, figsize=(width / 100, height / 100), dpi=100).figimage(picture)
    pyplot.show()
