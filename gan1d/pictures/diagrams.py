"""Diagrams of models, by the rules of Keras's `plot_model`."""

import importlib.metadata

import keras

from gan1d._checks import file_path
from gan1d.runs.files import written_whole

FORMATS = ("png", "svg")


def save_diagram(model, file):
    """Save a diagram of a Keras model, with the shapes and names of its layers.

    It is `keras.utils.plot_model(model, file, show_shapes=True, show_layer_names=True)`, but
    needs no Graphviz on the machine: the `graphviz-pure` package, which comes as a program in a
    wheel, draws the same picture everywhere.

    Args:
        model: any Keras model.
        file: the path to write; its suffix, .png or .svg, says the format.

    Raises:
        TypeError, ValueError: for what is not a model or not one of the formats.

    Example:
        >>> import pathlib, tempfile
        >>> from gan1d import define_generator
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_diagram(define_generator(), f"{folder}/generator.svg")
        ...     pathlib.Path(folder, "generator.svg").exists()
        True
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {model!r}")
    suffix = file_path("file", file).suffix.lstrip(".").lower()
    if suffix not in FORMATS:
        raise ValueError(f"file must end in .{' or .'.join(FORMATS)}, got {str(file)!r}")
    graph = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=True)
    with written_whole(file) as temporary:
        graph.write(temporary, prog=graphviz_program(), format=suffix)


def graphviz_program():
    """Return the path of graphviz-pure's program; a virtual environment's may not be on PATH."""
    files = importlib.metadata.files("graphviz-pure")
    return str(next(file.locate().resolve() for file in files if file.stem == "graphviz-pure"))
