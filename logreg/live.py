"""A page in which one neuron learns the points that are set in it: `live.html`."""

from gan1d.pictures.page import TrainingPage


class Live(TrainingPage):
    """A page in which logistic regression trains while one sets points and turns every knob.

    It is one file, which needs no network. As the last line of a notebook's cell it shows itself.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Live().save(f"{folder}/neuron.html")
        ...     [file.name for file in pathlib.Path(folder).iterdir()]
        ['neuron.html']
    """

    package = "logreg"
