"""Arrays in a `.npz` file: written whole or not at all, and read back the same or not at all."""

import contextlib
import io
import os
import zipfile

import numpy as np

from logreg._checks import file_path


@contextlib.contextmanager
def written_whole(file):
    """Yield a temporary path to write to; rename it to the path `file` once that has succeeded."""
    temporary = file.parent / f".{file.name}.part"
    try:
        yield temporary
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def save_arrays(file, **arrays):
    """Write the arrays to the path."""
    with written_whole(file_path("file", file)) as temporary, open(temporary, "wb") as stream:
        np.savez(stream, **arrays)


@contextlib.contextmanager
def loaded_arrays(file, names):
    """Yield the arrays, a dictionary, of a file that holds those of these names and no other.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it holds anything else, is damaged, or the block fails on what it holds.
    """
    content = file_path("file", file).read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # Whole, so that the checksum is looked at before NumPy believes what it reads.
            members = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
        if set(members) != set(names):
            raise ValueError(f"it has not the arrays {', '.join(sorted(names))}")
        yield {
            name: np.lib.format.read_array(io.BytesIO(member), allow_pickle=False)
            for name, member in members.items()
        }
    except Exception as error:  # whatever a damaged file makes zipfile or NumPy stumble over
        raise ValueError(f"file must be one that save wrote, but {file} is not: {error}") from error
