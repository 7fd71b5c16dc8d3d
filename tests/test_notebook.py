"""Figures in a notebook: each `plot_*` of both packages, called as the last line of a cell."""

import base64
import io

import nbclient
import nbformat
import numpy as np
import pytest
from PIL import Image

import gan1d
from gan1d import sweep
from logreg import plots

BEGIN = """
from types import SimpleNamespace
import numpy as np
from gan1d import *
from gan1d.sweep import plot_sweep, plot_worst_and_best
from logreg import Comparison, compare, sample_data
from logreg.comparison import Trained
from logreg.plots import *

history = {"update": [1, 2], "d_loss_real": [1, 2], "d_loss_fake": [3, 4], "g_loss": [5, 6]}
history = SimpleNamespace(history=history, evaluations=[Performance(1, *[0.5] * 9)])
real, fake = np.random.default_rng(0).normal(size=(2, 10, 2))
group = {"function": "square", "recipe": "stable", "hidden": None, "seeds": 2, "learned": 1}
group |= {"low": 0.1, "high": 0.9, "distances": np.array([1e-3, 1]), "worst": 1, "best": 0}
X, y = sample_data()
trained = Trained(None, np.array([3.0, 2.0]), None, None, None, None, None)
"""
CELLS = """
plot_samples(real, fake)
plot_field(define_discriminator(), real, fake, arrows=True)
plot_losses(history)
plot_accuracies(history)
plot_scores(history)
plot_measure(history, "coverage")
plot_learning_curves(history)
plot_distributions(real, fake)
plot_sweep([group])
plot_worst_and_best([group], lambda group, seed: (real, fake))
plot_costs(Comparison(np.array([0, 50]), trained, trained))
plot_decision(X, y, [[1.0], [1.0]], [[0.0]])
plot_roc([0, 1, 1], [0.2, 0.2, 0.9])
plot_calibration([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.9])
plot_activations()
plot_cost_surfaces(X, y)
plot_neuron()
""".split("\n")[1:-1]


@pytest.mark.thorough
def test_every_figure_shows(tmp_path, monkeypatch):
    everything = {*gan1d.__all__, *dir(sweep), *dir(plots)}
    called = {cell.partition("(")[0] for cell in CELLS}
    assert called == {name for name in everything if name.startswith("plot_")}
    monkeypatch.delenv("MPLBACKEND", raising=False)
    cells = [nbformat.v4.new_code_cell(cell) for cell in [BEGIN, *CELLS]]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=resources).execute()
    for cell in cells[1:]:
        outputs = {output.output_type: output for output in cell.outputs}
        # One that is returned as a figure, not as axes, is there twice.
        png = next(o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {}))
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"))
        assert picture.min() < 100, cell.source  # something is drawn
        assert "stream" not in outputs, outputs["stream"]  # no warning
