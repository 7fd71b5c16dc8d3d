"""Files are written whole or not at all."""

import contextlib
import os
import pathlib
import tempfile


@contextlib.contextmanager
def written_whole(file):
    """Yield a temporary path to write to; rename it to `file` once that has succeeded.

    Missing folders are made. On an error nothing is left behind, and a `file` that was there
    before stays as it was.
    """
    file = pathlib.Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.stem}-") as folder:
        temporary = pathlib.Path(folder, file.name)  # its suffix may choose the format
        yield temporary
        os.replace(temporary, file)
