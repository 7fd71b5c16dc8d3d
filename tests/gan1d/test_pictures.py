import xml.etree.ElementTree as ET

import keras
import numpy as np
import pytest
from matplotlib import pyplot

from gan1d import plot_losses, plot_samples, save_diagram
from gan1d.files import written_whole


def test_a_diagram_names_the_layers_and_shapes(models, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no Graphviz on the machine
    file = tmp_path / "gan.svg"
    save_diagram(models[2], file)
    text = "".join(ET.parse(file).getroot().itertext())
    for expected in ("latent_point", "generator", "discriminator", "(None, 5)", "(None, 1)"):
        assert expected in text
    save_diagram(models[0], tmp_path / "generator.PNG")
    assert (tmp_path / "generator.PNG").read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 2


def test_diagrams_of_the_wrong_kind(models, tmp_path):
    with pytest.raises(ValueError, match=r"file must end in .png or .svg, got .*gan.gif"):
        save_diagram(models[2], tmp_path / "gan.gif")
    with pytest.raises(TypeError, match="model must be a Keras model"):
        save_diagram("model", tmp_path / "gan.png")
    assert list(tmp_path.iterdir()) == []


def test_figures_are_drawn_from_the_data_and_none_is_left_open():
    samples = np.random.default_rng(0).normal(size=(2, 10, 2))
    ax = plot_samples(*samples)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["real", "fake"]
    history = keras.callbacks.History()
    history.history = {"update": [100, 200], "d_loss_real": [1, 2], "d_loss_fake": [3, 4]}
    history.history["g_loss"] = [5, 6]
    same = plot_losses(history, ax=ax)
    assert same is ax
    assert [list(line.get_ydata()) for line in ax.lines[:3]] == [[1, 2], [3, 4], [5, 6]]
    assert ax.lines[3].get_ydata()[0] == pytest.approx(np.log(2), abs=1e-4)
    assert pyplot.get_fignums() == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a" / "file.txt"
    with written_whole(file) as temporary:
        temporary.write_text("old")
    with pytest.raises(OSError, match="disk"), written_whole(file) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]
