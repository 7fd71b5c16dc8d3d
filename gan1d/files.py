"""Files are written whole or not at all."""

import contextlib
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


def remove_parts(folder):
    """Remove what `written_whole` left in a folder when the process was killed."""
    for part in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(part, ignore_errors=True)
