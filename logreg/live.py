"""A page in which one neuron learns the points that are set in it: `live.html`."""

from gan1d._checks import file_path
from gan1d.files import written_whole
from gan1d.pictures.page import filled, in_place


class Live:
    """A page in which logistic regression trains while one sets points and turns every knob.

    It is one file, which needs no network. As the last line of a notebook's cell it shows itself.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Live().save(f"{folder}/neuron.html")
        ...     [file.name for file in pathlib.Path(folder).iterdir()]
        ['neuron.html']
    """

    def save(self, file):
        """Write the page to a file, whole or not at all.

        Raises:
            TypeError: for a file that is no path.
        """
        with written_whole(file_path("file", file)) as temporary:
            temporary.write_text(filled("live.html", "logreg"), encoding="utf-8")

    def _repr_html_(self):
        return in_place(filled("live.html", "logreg"))
