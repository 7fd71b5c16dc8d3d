"""Files are written whole or not at all, by one process at a time in a folder."""

import contextlib
import os
import pathlib
import shutil
import tempfile

import filelock

PREFIX = ".part-"
LOCK = "gan1d.lock"


@contextlib.contextmanager
def written_whole(file):
    """Yield a temporary path to write to; rename it to `file` once that has succeeded.

    Missing folders are made. On an error nothing is left behind, and a `file` that was there
    before stays as it was.
    """
    file = pathlib.Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=PREFIX) as folder:
        temporary = pathlib.Path(folder, file.name)  # its suffix may choose the format
        yield temporary
        os.replace(temporary, file)


def remove_parts(folder, names):
    """Remove what `written_whole` left of files of these names when the process was killed."""
    for part in pathlib.Path(folder).glob(f"{PREFIX}*"):
        # What writes a file for a run may write it whole itself: a part in a part.
        files = {file.name for file in part.rglob("*") if not file.name.startswith(PREFIX)}
        if part.is_dir() and files <= set(names):
            shutil.rmtree(part, ignore_errors=True)


def check_file(file):
    """Raise an OSError where a file cannot be written, for a folder is there or none can be."""
    file = pathlib.Path(file)
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder, where a file is to be written")
    for path in file.parents:
        if path.exists() and not path.is_dir():
            raise NotADirectoryError(f"{path} is a file, where a folder is to be")


@contextlib.contextmanager
def locked(folder):
    """Have a folder, made if it is not there, for this process alone inside the block.

    The lock lets go when the process dies, however. In the same process it can be taken again.

    Yields:
        A function that raises a `FileNotFoundError` if the path leads to that folder no more, for
        it was renamed or removed: another run may have begun there.

    Raises:
        BlockingIOError: if another process has the folder.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / LOCK, timeout=0.1, thread_local=False, is_singleton=True)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BlockingIOError(f"{folder} is in use by another run") from None
    begun_in = folder.stat()

    def check_same():
        if not (folder.exists() and os.path.samestat(begun_in, folder.stat())):
            raise FileNotFoundError(f"{folder} is no longer the folder that this run began in")

    try:
        yield check_same
    finally:
        # As long as it is held, for nobody to take it in between.
        with contextlib.suppress(OSError):  # Windows removes no file that is open
            check_same()
            if lock.lock_counter == 1:
                pathlib.Path(lock.lock_file).unlink()
        lock.release()
