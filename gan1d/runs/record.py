"""A folder holds one run of a script: `run.json` says which, and what it wrote."""

import contextlib
import datetime
import json
import pathlib
import platform

from gan1d.runs.backup import versions
from gan1d.runs.files import check_file, remove_parts, written_whole
from gan1d.runs.lock import command, locked

RECORD, LOCK = "run.json", "run.lock"


@contextlib.contextmanager
def one_run(folder, arguments, files, *, resume=False, overwrite=False):
    """Have a folder for a run inside the block; it has finished where that ends without an error.

    Nothing that another run made is lost, and nothing of two is mixed: a run that was cut short
    is to be resumed or overwritten, and one that has finished may be made again. The messages
    name the options of the scripts.

    Args:
        folder: a path.
        arguments: what decides the result, a dict: the names of options and their values.
        files: the names of all files that the run may write there.
        resume: go on with a run of the same arguments that was cut short.
        overwrite: begin anew, whatever run is there: its files are removed, and no other.

    Yields:
        What was in `run.json`, or None.

    Raises:
        OSError: if another run is there, or goes on at this moment, or a file that is no run's.
        ValueError: if there is a `run.json` of something else.
    """
    folder = pathlib.Path(folder)
    files = [*files]
    with locked(folder / LOCK, folder):
        before = read_record(folder / RECORD)
        if before and not overwrite:
            check_same(folder, before, arguments, resume)
        listed = before["files"] if before else []
        for name in files:
            check_file(folder / name)
            if name not in listed and (folder / name).exists():
                raise FileExistsError(
                    f"{folder / name} is there, and no run has listed it in {RECORD}: move it, or "
                    f"choose another --output"
                )
        stale = listed if overwrite else set(listed) - set(files)
        remove_parts(folder, [*listed, RECORD])
        for name in stale:
            (folder / name).unlink(missing_ok=True)
        record = {
            "command": command(),
            "arguments": arguments,
            "versions": {"Python": platform.python_version()} | versions(),
            "begun": before["begun"] if before and resume else now(),
            "finished": None,
            "files": files,
        }
        write_record(folder / RECORD, record)
        yield before
        written = [name for name in files if (folder / name).exists()]
        write_record(folder / RECORD, record | {"finished": now(), "files": written})


def check_same(folder, before, arguments, resume):
    """Raise unless what is there may be gone on with, or made again."""
    cut_short = before["finished"] is None
    was = f"a run of {before['begun']} that was cut short" if cut_short else "a finished run"
    for name in before["arguments"] | arguments:
        now, then = arguments.get(name), before["arguments"].get(name)
        if now != then:
            raise FileExistsError(
                f"{folder} has {was}, of {name} {then}, not {now}: choose another --output, or "
                f"--overwrite it"
            )
    if cut_short and not resume:
        raise FileExistsError(
            f"{folder} has {was}: --resume goes on with it, --overwrite begins anew"
        )


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
        record["arguments"] | {}, record["begun"], record["finished"]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} is there, and is no run's: {error!r}") from error
    return record


def write_record(file, record):
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
