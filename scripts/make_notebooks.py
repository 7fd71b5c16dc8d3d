"""Make the notebooks of docs/: run their text, docs/NAME.md, and write docs/NAME.ipynb."""

import os
import pathlib
import re

from gan1d.commands.common import Parser, list_files, quiet_start, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOKS = {name: ROOT / "docs" / f"{name}.md" for name in ("gan1d", "logreg")}
ENVIRONMENT = dict(os.environ)  # a reader's, before the quiet start adds to it


def main():
    parser = Parser(__doc__)
    parser.add_argument("--only", choices=[*NOTEBOOKS], help="one of them, and not the other")
    only = parser.parse_args().only
    names = [only] if only else [*NOTEBOOKS]
    import nbformat

    with quiet_start():
        from gan1d.files import written_whole

    files = [NOTEBOOKS[name].with_suffix(".ipynb") for name in names]
    for name, file in zip(names, files, strict=True):
        notebook = without_addresses(executed(read(NOTEBOOKS[name])))
        with written_whole(file) as temporary:
            nbformat.write(notebook, temporary)
    list_files(files)


def read(file):
    """Return the notebook that a text holds, its cells numbered, so that a diff shows no more."""
    import jupytext

    notebook = jupytext.read(file)
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
    return notebook


def executed(notebook):
    """Run all cells of a notebook, from top to bottom, and return it with what they showed.

    Raises:
        nbclient.exceptions.CellExecutionError: when a cell fails.
    """
    from nbclient import NotebookClient

    environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("MPLBACKEND", None)  # pictures go into the notebook
    client = NotebookClient(
        notebook,
        timeout=600,
        record_timing=False,
        # What TensorFlow writes past Python is not what the cells show.
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )
    with open(os.devnull, "w") as nowhere:
        return client.execute(env=environment, cwd=str(ROOT), stderr=nowhere)


def without_addresses(notebook):
    """Leave out where in memory an object was, as in <Film at 0x7f>: it changes in every run."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/plain" in output.get("data", {}):
                text = output.data["text/plain"]
                output.data["text/plain"] = re.sub(" at 0x[0-9a-f]+", "", text)
    return notebook


if __name__ == "__main__":
    run(main)
