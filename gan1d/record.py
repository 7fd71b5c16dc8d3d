"""A folder holds one run of a script: `run.json` says which, and what it wrote."""

import contextlib
import datetime
import importlib.metadata
import json
import pathlib
import platform
import shlex
import sys

from gan1d.files import check_file, locked, remove_parts, written_whole

RECORD = "run.json"
PACKAGES = ("tensorflow", "jax", "torch", "keras", "numpy")


@contextlib.contextmanager
def one_run(folder, arguments, files, *, state=None, resume=False, overwrite=False):
    """Have a folder for a run inside the block; it has finished where that ends without an error.

    Nothing that another run or anybody else made is lost, and nothing of two runs is mixed: a run
    of other arguments is to be overwritten, one that was cut short to be resumed or overwritten,
    and a finished one may be made again.

    Args:
        folder: a path.
        arguments: what decides the result, a dict for JSON: the options of the command.
        files: the names of all files that the run may write there.
        state: the name of the file from which a run that was cut short goes on; while it is not
            there, there is nothing to go on with. It is removed at the end, unless it is one of
            `files`. None for a run that is made in one go.
        resume: go on with a run of the same arguments that was cut short.
        overwrite: begin anew, whatever run is there: its files are removed, and no other.

    Yields:
        A `Run`.

    Raises:
        OSError: if another run is there, or goes on at this moment, or a file that is no run's.
        ValueError: if there is a `run.json` of something else.
    """
    folder = pathlib.Path(folder)
    arguments = json.loads(json.dumps(arguments))  # as they are read back
    names = list(dict.fromkeys([*files, *([state] if state else [])]))
    with locked(folder) as check_same_folder:
        before = read_record(folder / RECORD)
        listed = before["files"] if before else []
        if before and not overwrite:
            goes_on = state is not None and (folder / state).exists()
            check_same(folder, before, arguments, resume or not goes_on)
        for name in names:
            check_free(folder / name, listed)
        remove_parts(folder, [*listed, RECORD])
        for name in listed if overwrite else set(listed).difference(names):
            (folder / name).unlink(missing_ok=True)
        record = {
            "command": f"{pathlib.Path(sys.argv[0]).name} {shlex.join(sys.argv[1:])}",
            "arguments": arguments,
            "versions": {"Python": platform.python_version()} | versions(),
            "begun": now(),
            "finished": None,
            "files": names,
        }
        write_record(folder / RECORD, record)
        yield Run(folder, check_same_folder)
        check_same_folder()
        written = [name for name in files if (folder / name).exists()]
        if state and state not in files:
            (folder / state).unlink(missing_ok=True)
        write_record(folder / RECORD, record | {"finished": now(), "files": written})


@contextlib.contextmanager
def one_more_file(folder, name):
    """Yield a path to write another file to, for the run that is in a folder; it is listed then.

    Raises:
        OSError: if a run goes on there at this moment, or the file is there and is no run's.
        ValueError: if there is a `run.json` of something else.
    """
    folder = pathlib.Path(folder)
    with locked(folder):
        record = read_record(folder / RECORD) or {"arguments": {}, "finished": now(), "files": []}
        check_free(folder / name, record["files"])
        with written_whole(folder / name) as temporary:
            yield temporary
        record["files"] = list(dict.fromkeys([*record["files"], name]))
        write_record(folder / RECORD, record)


def check_free(file, listed):
    """Raise unless a file may be written: it is not there, or a run has listed it."""
    check_file(file)
    if file.name not in listed and file.exists():
        raise FileExistsError(
            f"{file} is there, and no run has listed it in {RECORD}: move it, or choose another "
            f"folder"
        )


class Run:
    """The folder of a run, and the paths of what it has written there, in order."""

    def __init__(self, folder, check_same_folder):
        self.folder, self.check_same_folder, self.written = folder, check_same_folder, []

    def save(self, name, write):
        """Write a file, whole or not at all: `write(path)` does."""
        self.check_same_folder()
        with written_whole(self.folder / name) as temporary:
            write(temporary)
        self.written.append(self.folder / name)


def check_same(folder, before, arguments, may_begin):
    """Raise unless the run that is there may be gone on with, or made again."""
    was = "a finished run" if before["finished"] else "a run that was cut short"
    for name in before["arguments"] | arguments:
        ours, theirs = (found.get(name) for found in (arguments, before["arguments"]))
        if ours != theirs:
            what = f"without {name}" if theirs is None else f"with {name} {theirs}"
            this = f"with {name} {ours}" if theirs is None else ours
            raise FileExistsError(
                f"{folder} has {was}, {what}, not {this}: choose another folder (--output), or "
                f"--overwrite it"
            )
    if not before["finished"] and not may_begin:
        raise FileExistsError(f"{folder} has {was}: --resume it, or --overwrite it")


def versions():
    """Return the versions of those installed packages that compute, without importing any."""
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def now():
    """Return the time, to the second."""
    return datetime.datetime.now().astimezone().isoformat(" ", "seconds")


def read_record(file):
    """Return what is in a `run.json`, or None if it is not there."""
    if not file.exists():
        return None
    try:
        record = json.loads(file.read_bytes())
        arguments, finished, names = (record[key] for key in ("arguments", "finished", "files"))
        if not isinstance(arguments, dict):
            raise ValueError("its arguments are none")
        if any(pathlib.Path(name).name != name for name in names):  # they may be removed
            raise ValueError("it lists what is no file's name")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{file} is there, and is no run's: {error!r}") from error
    return record


def write_record(file, record):
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
