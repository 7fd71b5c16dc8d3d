import re
import shutil
import xml.etree.ElementTree as ET

import keras
import pytest

from gan1d import save_diagram
from gan1d.pictures.diagrams import diagram

SVG = "{http://www.w3.org/2000/svg}"


def texts(file):
    """Return what is written on a diagram, a list of the texts of its boxes and frames."""
    groups = ET.parse(file).getroot().iterfind(f".//{SVG}g[@class]")
    return [" ".join(t.text.strip() for t in g.iterfind(f"{SVG}text")) for g in groups]


def test_a_diagram_needs_no_program_of_the_machine(models, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    save_diagram(models[2], tmp_path / "gan.svg")
    save_diagram(models[0], tmp_path / "generator.PNG")
    assert (tmp_path / "generator.PNG").read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 2


def test_the_composite_is_opened_and_says_what_it_does_not_train(models, tmp_path):
    """Keras's summary of it counts 122 trainable weights, and 101 that are not."""
    generator, discriminator, gan = models
    save_diagram(gan, tmp_path / "gan.svg")
    written = texts(tmp_path / "gan.svg")
    assert "generator 122 weights" in written
    assert "discriminator 101 weights not trained" in written
    for model, trained in ((generator, ""), (discriminator, ", not trained")):
        for layer in model.layers:
            assert (
                f"{layer.name} (Dense) Activation: {layer.activation.__name__} "
                f"Input shape: {layer.input.shape} Output shape: {layer.output.shape} "
                f"{layer.count_params()} weights{trained}"
            ) in written
    titles = ET.parse(tmp_path / "gan.svg").iter(f"{SVG}title")
    assert sum("->" in title.text for title in titles) == 4
    save_diagram(discriminator, tmp_path / "discriminator.svg")
    assert "not trained" not in " ".join(texts(tmp_path / "discriminator.svg"))


def test_the_program_of_the_machine_writes_the_same(models, tmp_path):
    if shutil.which("dot") is None:
        pytest.skip("there is no Graphviz on this machine")
    graph = diagram(models[2])
    save_diagram(models[2], tmp_path / "ours.svg")
    graph.write(tmp_path / "theirs.svg", prog="dot", format="svg")
    assert texts(tmp_path / "ours.svg") == texts(tmp_path / "theirs.svg")


def test_any_model_has_a_diagram(tmp_path):
    """Several inputs, outputs in a dict, a frozen layer, a subclass."""
    layers = keras.layers

    class Own(keras.Model):
        def __init__(self):
            super().__init__(name="own")
            self.unit = layers.Dense(1)

        def call(self, x):
            return self.unit(x)

    own = Own()
    with pytest.raises(ValueError, match="model must be built"):
        save_diagram(own, tmp_path / "own.svg")
    x, y = keras.Input((4,)), keras.Input((3,), name="an odd c")
    shared, frozen = layers.Dense(3, activation=lambda t: t), layers.Dense(2, name="frozen")
    frozen.trainable = False
    shared(keras.Input((4,)))  # and so is in another model too
    block = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3), layers.Dropout(0.1)], name="a block"
    )
    both = layers.Add()([layers.BatchNormalization(name="norm")(shared(x)), y])
    model = keras.Model([x, y], {"a": own(frozen(block(both))), "b": both}, name="odd one")
    save_diagram(model, tmp_path / "odd.svg")
    written = texts(tmp_path / "odd.svg")
    assert any(text.startswith("an odd c (InputLayer)") for text in written)
    assert "a block 12 weights" in written
    assert any(t.startswith("norm") and t.endswith("12 weights, 6 trained") for t in written)
    assert any(t.startswith("frozen") and t.endswith("8 weights, not trained") for t in written)
    assert not any(re.fullmatch(r"\d+", text) for text in written)
    save_diagram(own, tmp_path / "own.svg")
    assert texts(tmp_path / "own.svg")[1].endswith("3 weights")


def test_diagrams_of_the_wrong_kind(models, tmp_path):
    with pytest.raises(ValueError, match=r"file must end in .png or .svg, got .*gan.gif"):
        save_diagram(models[2], tmp_path / "gan.gif")
    with pytest.raises(TypeError, match="model must be a Keras model"):
        save_diagram("model", tmp_path / "gan.png")
    assert list(tmp_path.iterdir()) == []
