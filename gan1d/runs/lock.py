"""One run at a time."""

import contextlib
import os
import pathlib
import shlex
import socket
import sys

import filelock


@contextlib.contextmanager
def locked(file, what):
    """Hold the lock of this path inside the block; it lets go when the process dies, however.

    Args:
        file: the path of the lock. It says who holds it, and is there only while one does.
        what: what is locked, for the message.

    Raises:
        BlockingIOError: if somebody else holds it, saying who.
    """
    file = pathlib.Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(file, thread_local=False)
    try:
        lock.acquire(timeout=0.1)
    except filelock.Timeout:
        raise BlockingIOError(f"{what} is in use{holder(file)}") from None
    try:
        if not isinstance(lock, filelock.SoftFileLock):  # where there is no other, it says itself
            with contextlib.suppress(OSError):  # Windows writes to no file that is locked
                file.write_text(f"{os.getpid()} on {socket.gethostname()}: {command()}")
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no file that is open
            file.unlink()
        lock.release()


def holder(file):
    """Return what a lock says of who holds it."""
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" by process {text}" if text else ""


def command():
    """Return the command line of this process, as one would type it."""
    program, *arguments = sys.argv
    return shlex.join([pathlib.Path(program).name, *arguments])
