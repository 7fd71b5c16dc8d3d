"""What the commands share: arguments, a quiet start of Keras's backends, and how they end."""

import argparse
import contextlib
import dataclasses
import gc
import hashlib
import importlib
import io
import json
import math
import os
import pathlib
import re
import secrets
import signal
import sys
import tempfile

from gan1d import __version__

RECIPES = ("tutorial", "stable", "winding")  # the names, known before Keras is imported


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, with exit status 2."""

    def __init__(self, description):
        super().__init__(
            prog=program(),
            description=description,
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        self.add_argument("--version", action="version", version=f"gan1d-logreg {__version__}")

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {in_one_line(message)} (--help lists the options)\n")


def number(low, high=math.inf, *, kind=float, open_low=False, open_high=False):
    """Return an argument type: a finite number from `low` to `high`, without them where open."""

    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        inside = low <= value <= high and math.isfinite(value)
        if not inside or (open_low and value == low) or (open_high and value == high):
            what = "a whole number" if kind is int else "a number"
            ends = f" of {'more than' if open_low else 'at least'} {low}" if low > -math.inf else ""
            if high < math.inf:
                ends += f" and {'less than' if open_high else 'at most'} {high}"
            raise argparse.ArgumentTypeError(f"must be {what}{ends}, got {text!r}")
        return value

    return parse


def whole_number(low):
    """Return an argument type: a whole number of at least `low`."""
    return number(low, kind=int)


def whole_numbers(text):
    """Argument type: whole numbers of at least 1, with commas between."""
    return tuple(map(whole_number(1), text.split(",")))


def finite_numbers(text):
    """Argument type: finite numbers, with commas between."""
    return [number(-math.inf)(word) for word in text.split(",")]


def names(known, *, count=None, other=None):
    """Return an argument type: a tuple of names of `known`, with commas between.

    Args:
        count: how many there must be; None for one or more.
        other: another form that is taken, such as "FILE.py:NAME": whatever has a colon.
    """

    def parse(text):
        chosen = tuple(dict.fromkeys(text.split(",")))
        unknown = [name for name in chosen if name not in known and not (other and ":" in name)]
        if unknown or (count and len(chosen) != count):
            takes = ", ".join(known) + (f", or {other}" if other else "")
            raise argparse.ArgumentTypeError(
                f"must be {count or 'one or more'} of {takes}, got {text!r}"
            )
        return chosen

    return parse


def split_names(text):
    """Argument type: names with commas between."""
    return tuple(text.split(","))


def seed(text):
    """Argument type of --seed: a whole number below 2**32, or "random", which draws one."""
    if text == "random":
        return secrets.randbelow(2**32)
    return number(0, 2**32 - 1, kind=int)(text)


def add_function_options(parser, *, several=False):
    """Add the options that say which function to learn, or several, with commas between."""
    from gan1d import FUNCTIONS

    form, what = "FILE.py:NAME", "one or more" if several else "one"
    known = names(FUNCTIONS, other=form, count=None if several else 1)
    which = parser.add_mutually_exclusive_group()
    function = (
        f"{what} of {', '.join(FUNCTIONS)}, or {form} for a function NAME in a file of yours: of "
        "an array x, on the range from --low to --high, without these -0.5 to 0.5; or one that "
        "draws n samples"
    )
    metavar = "NAME[,NAME]" if several else "NAME"
    which.add_argument("--function", type=known, default="square", metavar=metavar, help=function)
    points = "learn the rows of a table instead, a text file of columns of numbers"
    which.add_argument("--points", metavar="FILE.csv", help=points)
    columns = "of the table, those to learn; without it all that are numbers"
    parser.add_argument("--columns", type=split_names, metavar="NAME[,NAME]", help=columns)
    given = "columns that the generator is given, to make the others for them, such as x"
    parser.add_argument("--given", type=split_names, metavar="NAME[,NAME]", help=given)
    parser.add_argument("--low", type=float, help="where x begins; a negative one as --low=-1e-3")
    parser.add_argument("--high", type=float, help="where x ends")
    hidden = (
        "the units of the hidden layers of both networks, such as 25,25 for a function of several "
        "bends, by the recipe stable, or 100,100 for many turns, by winding. Without it, the "
        "tutorial's 15 and 25"
    )
    parser.add_argument("--hidden", type=whole_numbers, metavar="UNITS[,UNITS]", help=hidden)


def read_functions(parser, args):
    """Return the functions that --function or --points asks for, a list.

    What is wrong with them is an error of the arguments, before Keras is loaded.
    """
    from gan1d import FUNCTIONS, load_function, load_points

    given = args.given or ()

    def read(name):
        if name in FUNCTIONS:
            return dataclasses.replace(FUNCTIONS[name], given=given)
        return load_function(name, args.low, args.high, given=given)

    has_range = args.points or all(name in FUNCTIONS for name in args.function)
    if args.columns and not args.points:
        parser.error("--columns is for --points")
    if has_range and not args.low is args.high is None:
        parser.error("--low and --high are for --function FILE.py:NAME")
    try:
        if args.points:
            return [load_points(args.points, columns=args.columns, given=given)]
        found = [*map(read, args.function)]
    except (OSError, TypeError, ValueError) as error:
        parser.error(f"argument --{'points' if args.points else 'function'}: {error}")
    if len({function.name for function in found}) < len(found):
        parser.error("argument --function: each must have another name")
    return found


def deciding(args, options, functions):
    """Return what decides the result of a command, a dict: these options, the function, Keras's.

    Of functions from files it has a digest of their values.
    """
    options = [*options, "function", "low", "high", "points", "columns", "given", "hidden"]
    values = hashlib.sha256(b"".join(f.rows.tobytes() for f in functions if f.reproducible))
    options = [name for name in options if name != "function" or not args.points]
    return {f"--{name.replace('_', '-')}": getattr(args, name) for name in options} | {
        "the function's values": values.hexdigest()[:8],
        "KERAS_BACKEND": keras_backend(),
    }


def keras_backend():
    """Return the name of the backend that Keras will run on, by its own rules."""
    home = pathlib.Path(os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras")
    found = {}
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((home / "keras.json").read_text("utf-8"))
    return os.environ.get("KERAS_BACKEND") or found.get("backend", "tensorflow")


def run(main):
    """Run a command's `main()`; a failure that the user can mend is one line, exit status 1.

    Ctrl-C ends it with status 130, SIGTERM with 143, and a reader of the output that has gone with
    141, as it ends other programs.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters that a name has
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # flushed at exit, too
        sys.exit(141)
    except (OSError, ValueError, ArithmeticError, ImportError) as error:
        sys.exit(f"{program()}: error: {in_one_line(error)}")
    except KeyboardInterrupt:
        sys.exit(130)


def program():
    """Return the name of the command that runs; an embedding program may have none."""
    return pathlib.Path(*sys.argv[:1]).name or "script"


def in_one_line(message):
    """Return a message without line breaks, and without the system's number of the error."""
    return " ".join(re.sub(r"\[Errno \d+\] ", "", str(message)).split())


@contextlib.contextmanager
def quiet_start(message="Loading Keras."):
    """Import Keras inside this block, without TensorFlow's chatter, and fast.

    TensorFlow writes to the standard error of the process, past Python, before it reads any
    setting. What is written there meanwhile is kept back, and shown only if the block fails.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # On models this small, splitting an operation over threads costs more than it gains.
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    if message:
        print(message, flush=True)  # it takes seconds
    sys.stderr.flush()
    stderr = os.dup(2)
    gc.disable()  # what is imported stays, and to look for garbage in it would take a fifth longer
    with tempfile.TemporaryFile() as kept_back:
        os.dup2(kept_back.fileno(), 2)
        try:
            yield
            importlib.import_module("tensorflow")  # Keras does, on any backend, to save a model
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


def make_folder(path, names=()):
    """Make the output folder, and return it as a `Path`.

    Raises an `OSError` if no file can be written there, or a folder has one of the files' names.
    """
    from gan1d.files import check_file

    folder = pathlib.Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    for name in names:
        check_file(folder / name)
    return folder


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
