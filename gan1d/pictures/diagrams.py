"""Diagrams of models: those of Keras's `plot_model`, with what is trained of the weights."""

from __future__ import annotations

import importlib.metadata
import math

import keras

from gan1d._checks import File, file_path
from gan1d._model_checks import keras_model
from gan1d.files import written_whole

FORMATS = ("png", "svg")
TRAINED, NOT_TRAINED = "black", "#777777"


def save_diagram(model: keras.Model, file: File) -> None:
    """Save a diagram of a Keras model: its layers, their activations, shapes and weights.

    It is what `keras.utils.plot_model` draws, with the models in it opened, the numbers of
    weights, and what the model does not train in grey. It needs no Graphviz on the machine: the
    `graphviz-pure` package, which comes as a program in a wheel, draws the same picture everywhere.

    Args:
        model: any Keras model that is built.
        file: the path to write; its suffix, .png or .svg, says the format.

    Raises:
        TypeError, ValueError: for what is not a model, is not built, or not one of the formats.

    Example:
        >>> import pathlib, tempfile
        >>> from gan1d import define_generator
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_diagram(define_generator(), f"{folder}/generator.svg")
        ...     pathlib.Path(folder, "generator.svg").exists()
        True
    """
    keras_model("model", model)
    suffix = file_path("file", file).suffix.lstrip(".").lower()
    if suffix not in FORMATS:
        raise ValueError(f"file must end in .{' or .'.join(FORMATS)}, got {str(file)!r}")
    if not model.built:
        raise ValueError("model must be built: begin it with keras.Input, or call it once")
    graph = diagram(model)
    if suffix == "svg":
        graph.set("dpi", 72)  # lines have no resolution
    with written_whole(file) as temporary:
        graph.write(temporary, prog=graphviz_program(), format=suffix)


def diagram(model):
    """Return the pydot graph of a model; the models in it are frames around their layers."""
    graph = keras.utils.model_to_dot(
        model,
        show_shapes=True,
        show_layer_names=True,
        show_layer_activations=True,
        expand_nested=any(map(is_opened, parts(model))),
    )
    graph.set("pad", 0.1)
    tell_weights(graph, model, {id(weight) for weight in model.trainable_weights})
    remove_strays(graph, boxes(graph))
    return graph


def parts(model):
    """Return the layers of a model that are boxes or frames of its diagram."""
    if not is_opened(model):
        return [model]
    return getattr(model, "operations", model.layers)  # Sequential shows no InputLayer


def is_opened(layer):
    """Return whether Keras knows how the layers of a model are connected."""
    is_functional = isinstance(layer, keras.Model) and hasattr(layer, "operations")
    return is_functional or isinstance(layer, keras.Sequential)


def tell_weights(graph, model, trained):
    """Say on each box and frame what weights it has; `trained` are the ids of those trained."""
    layers = parts(model)
    by_node = {str(id(layer)): layer for layer in layers}  # Keras's names of nodes
    for node in graph.get_nodes():
        if node.get_name() in by_node:
            layer = by_node[node.get_name()]
            label = node.get_label().replace("<lambda>", "lambda")  # of a label in HTML
            if isinstance(layer, keras.layers.InputLayer):  # else a black strip is left
                label = label.replace('colspan="2"', 'colspan="1"')
            text = ", ".join(weights(layer, trained))
            if text:
                row = f'<tr><td bgcolor="white" colspan="2">{text}</td></tr></table>'
                label = label.replace("</table>", row)
            # One without weights is as grey as the frame that it stands in.
            colour = colour_of(layer if getattr(layer, "weights", []) else model, trained)
            node.set("label", label.replace('"black"', f'"{colour}"'))
    frames = {f"cluster_{layer.name}": layer for layer in layers if is_opened(layer)}
    for frame in graph.get_subgraphs():
        inner = frames[frame.get_name().strip('"')]
        colour = colour_of(inner, trained)
        # Short lines on the left: the arrow comes in at the middle.
        lines = [f"<b>{inner.name}</b>", *weights(inner, trained)]
        text = "".join(f'{line}<br align="left"/>' for line in lines)
        frame.set("label", f'<<font color="{colour}">{text}</font>>')
        frame.set("fontname", "Helvetica")
        frame.set("color", colour)
        frame.set("style", "dashed" if colour == NOT_TRAINED else "solid")
        frame.set("margin", 14)
        tell_weights(frame, inner, trained)


def weights(layer, trained):
    """Return how many weights a layer has, and what is not trained of them, a list of texts."""
    sizes = {id(w): math.prod(w.shape) for w in getattr(layer, "weights", [])}
    every, of_them = sum(sizes.values()), sum(n for key, n in sizes.items() if key in trained)
    texts = [f"<b>{every:,}</b> weights"] if every else []
    if of_them < every:
        texts.append(f"{of_them:,} trained" if of_them else "not trained")
    return texts


def colour_of(layer, trained):
    """Return the colour of a layer: grey if it has weights, none of which is trained."""
    its = [id(weight) for weight in getattr(layer, "weights", [])]
    return NOT_TRAINED if its and not trained.intersection(its) else TRAINED


def boxes(graph):
    """Return the names of the nodes of a graph and of all the graphs in it."""
    return {node.get_name() for node in graph.get_nodes()}.union(*map(boxes, graph.get_subgraphs()))


def remove_strays(graph, names):
    """Remove edges to other nodes: those of a layer that is in another model too."""
    for edge in graph.get_edges():
        ends = edge.get_source(), edge.get_destination()
        if not names.issuperset(ends):
            graph.del_edge(*ends)
    for inner in graph.get_subgraphs():
        remove_strays(inner, names)


def graphviz_program():
    """Return the path of graphviz-pure's program; a virtual environment's may not be on PATH."""
    files = importlib.metadata.files("graphviz-pure")
    return str(next(file.locate().resolve() for file in files if file.stem == "graphviz-pure"))
