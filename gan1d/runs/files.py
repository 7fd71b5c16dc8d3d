"""Files are written whole or not at all, and read back the same or not at all."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import tempfile

PREFIX = ".part-"


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


def write_sealed(file, content):
    """Write bytes to a file, whole or not at all, behind their checksum."""
    with written_whole(file) as temporary, open(temporary, "wb") as stream:
        stream.write(hashlib.sha256(content).digest())
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())  # whole even if the power goes


def read_sealed(file):
    """Return the bytes that `write_sealed` wrote.

    Raises:
        ValueError: for any others.
    """
    sealed = pathlib.Path(file).read_bytes()
    size = hashlib.sha256().digest_size
    checksum, content = sealed[:size], sealed[size:]
    if hashlib.sha256(content).digest() != checksum:
        raise ValueError(f"{file} is damaged: its checksum is not that of its content")
    return content


def check_file(file):
    """Raise an OSError where a file cannot be written, for a folder is there or none can be."""
    file = pathlib.Path(file)
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder, where a file is to be written")
    for path in file.parents:
        if path.exists() and not path.is_dir():
            raise NotADirectoryError(f"{path} is a file, where a folder is to be")
