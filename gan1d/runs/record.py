"""A folder holds one run of a script: `run.json` says which, and what it wrote."""

import contextlib
import datetime
import importlib.metadata
import json
import pathlib
import platform

from gan1d.runs.files import check_file, remove_parts, written_whole
from gan1d.runs.lock import command, locked

RECORD, LOCK = "run.json", "gan1d.lock"
COMPUTE = ("tensorflow", "jax", "torch", "keras", "numpy")


@contextlib.contextmanager
def one_run(folder, arguments, files, *, kept, resume=False, overwrite=False):
    """Have a folder for a run inside the block; it has finished where that ends without an error.

    Nothing that another run made is lost, and nothing of two is mixed: a run that was cut short
    is to be resumed or overwritten, and one that has finished may be made again. The messages
    name the options of the scripts.

    Args:
        folder: a path.
        arguments: what decides the result, a dict: the names of options and their values.
        files: the names of all files that the run may write there.
        kept: the name of the file from which a run that was cut short goes on; without it, there
            is nothing to go on with. It is removed at the end, unless it is one of `files`.
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
    names = list(dict.fromkeys([*files, kept]))
    with locked(folder / LOCK, folder):
        before = read_record(folder / RECORD)
        listed = before["files"] if before else []
        if before and not overwrite:
            # A run that was cut short before there was anything to go on with is in nobody's way,
            # unless there are still files of a finished one that it was to make again.
            in_the_way = before["finished"] or (folder / kept).exists()
            if in_the_way or (before["replaces"] and before["arguments"] != arguments):
                check_same(folder, before, arguments, resume)
        for name in names:
            check_file(folder / name)
            if name not in listed and (folder / name).exists():
                raise FileExistsError(
                    f"{folder / name} is there, and no run has listed it in {RECORD}: move it, or "
                    f"choose another --output"
                )
        remove_parts(folder, [*listed, RECORD])
        for name in listed if overwrite else set(listed) - set(names):
            (folder / name).unlink(missing_ok=True)
        goes_on = before and not overwrite
        record = {
            "command": command(),
            "arguments": arguments,
            "versions": {"Python": platform.python_version()} | versions(),
            "begun": before["begun"] if goes_on and resume else now(),
            "finished": None,
            "replaces": bool(goes_on and (before["finished"] or before["replaces"])),
            "files": names,
        }
        write_record(folder / RECORD, record)
        yield Run(folder)
        written = [name for name in files if (folder / name).exists()]
        record |= {"finished": now(), "replaces": False, "files": written}
        write_record(folder / RECORD, record)
        if kept not in files:
            (folder / kept).unlink(missing_ok=True)


class Run:
    """The folder of a run, and the paths of what it has written there, in order."""

    def __init__(self, folder):
        self.folder, self.written = folder, []

    def save(self, name, write):
        """Write a file, whole or not at all: `write(path)` does."""
        with written_whole(self.folder / name) as temporary:
            write(temporary)
        self.written.append(self.folder / name)


def check_same(folder, before, arguments, resume):
    """Raise unless what is there may be gone on with, or made again."""
    cut_short = before["finished"] is None
    was = f"a run of {before['begun']} that was cut short" if cut_short else "a finished run"
    for name in before["arguments"] | arguments:
        ours, theirs = arguments.get(name), before["arguments"].get(name)
        if ours != theirs:
            raise FileExistsError(
                f"{folder} has {was}, with {in_words(name, theirs)}, not {in_words(name, ours)}: "
                f"choose another --output, or --overwrite it"
            )
    if cut_short and not resume:
        raise FileExistsError(
            f"{folder} has {was}: --resume goes on with it, --overwrite begins anew"
        )


def in_words(name, value):
    """Return an argument as one would type it."""
    if value is None or isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name} {','.join(map(str, value)) if isinstance(value, list) else value}"


def versions():
    """Return the versions of those installed packages that compute, without importing any."""
    found = {}
    for name in COMPUTE:
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
        names = record["files"]
        if any(pathlib.Path(name).name != name for name in names):  # none in another folder
            raise ValueError("it lists what is no file's name")
        record["arguments"] | {}, record["begun"], record["finished"], record["replaces"]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} is there, and is no run's: {error!r}") from error
    return record


def write_record(file, record):
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
