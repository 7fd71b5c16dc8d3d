"""The notebooks run from top to bottom, show what they say, and are the same as their text."""

import re

import keras
import make_notebooks
import nbformat
import pytest

BACKEND = keras.config.backend()
# Of each notebook: the lines of code that draw a picture, and what its exercises' answers say.
PICTURES = {
    "gan1d": [
        'plt.title("100 real samples"',
        "gan1d.plot_field(discriminator, real, random_points",
        'ax.set_title("before training"',
        "gan1d.plot_field(discriminator, real, fake, arrows=True)",
        "gan1d.plot_distributions(real, fake)",
        "gan1d.plot_learning_curves(history)",
        'ax.set_title("after 10,000 updates"',
        'train_on_sine("stable")',
        "learned.plot(rng=1)",
        'train_on_sine("tutorial")',
        "few_units.plot(rng=1)",
    ],
    "logreg": [
        "plots.plot_neuron(",
        "plots.plot_activations(",
        'ax.set_title("before training")',
        "plots.plot_cost_surfaces(",
        "plots.plot_costs(",
        "ax.legend()",
        "plots.plot_decision(X, y, comparison",
        'ax.set_title("threshold 0.8")',
    ],
}
ANSWERS = {
    "gan1d": """
assert collapsed.coverage < 1 and cured.coverage == 1
assert one_number.evaluations[-1].coverage == 1
assert learned.performance.learned and not few_units.performance.learned
assert least_squares.evaluations[-1].coverage > 0.8
early, late = (losses["update"].index(update) for update in (2000, 10000))
for name in ("d_loss_real", "d_loss_fake", "g_loss"):
    assert np.allclose([losses[name][early], losses[name][late]], np.log(2), atol=0.01)
    assert abs(history.history[name][-1] - np.log(2)) < 0.05
    assert 0.2 < least_squares.history[name][-1] < 0.3
""",
    "logreg": """
slow, fast, diverged = (np.diff(costs) for costs in runs.values())
assert (slow < 0).all() and (fast < 0).all() and (diverged > 0).sum() > 10
assert runs[1][-1] < runs[0.01][-1] < runs[100][-1]
(recall_low, precision_low), _, (recall_high, precision_high) = found.values()
assert recall_low > recall_high and precision_low < precision_high
assert max(comparison.differences.values()) < 1e-12
""",
}


def cells_of(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def outputs_of(notebook, kind):
    """Return pairs of the source of a cell and an output of it that is of that kind."""
    return [
        (cell.source, output)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == kind or kind in output.get("data", {})
    ]


def check_outputs(notebook, name):
    """Hold what a notebook shows against what it is to show."""
    drawn = [source for source, _ in outputs_of(notebook, "image/png")]
    for line in PICTURES[name]:
        assert any(line in source for source in drawn), line
    assert not [
        output.text for _, output in outputs_of(notebook, "stream") if output.name != "stdout"
    ]
    if name == "gan1d":
        ((_, film),) = [pair for pair in outputs_of(notebook, "text/html") if pair[0] == "film"]
        assert "<iframe" in film.data["text/html"] or "<script" in film.data["text/html"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("gan1d", marks=pytest.mark.thorough),
        pytest.param("logreg", marks=pytest.mark.slow),
    ],
)
def test_it_runs_from_top_to_bottom(name):
    notebook = make_notebooks.read(make_notebooks.NOTEBOOKS[name])
    if BACKEND == "tensorflow":  # on others, seeds give other first weights, and sums round
        notebook.cells.append(nbformat.v4.new_code_cell(ANSWERS[name]))
    check_outputs(make_notebooks.executed(notebook), name)


@pytest.mark.parametrize("name", make_notebooks.NOTEBOOKS)
def test_what_is_stored_is_its_text_and_was_run(name):
    text = make_notebooks.NOTEBOOKS[name]
    stored = nbformat.read(text.with_suffix(".ipynb"), as_version=4)
    assert cells_of(stored) == cells_of(make_notebooks.read(text))
    counts = [cell.execution_count for cell in stored.cells if cell.cell_type == "code"]
    assert counts == [*range(1, len(counts) + 1)]
    check_outputs(stored, name)
    shown = [output.text for _, output in outputs_of(stored, "stream")]
    shown += [output.data["text/plain"] for _, output in outputs_of(stored, "text/plain")]
    assert not re.search(r"(/\w+){2}| at 0x|Warning", "\n".join(shown))


def test_the_table_on_losses_is_the_notebook_s():
    stored = nbformat.read(make_notebooks.NOTEBOOKS["gan1d"].with_suffix(".ipynb"), as_version=4)
    printed = "\n".join(output.text for _, output in outputs_of(stored, "stream"))
    page = (make_notebooks.ROOT / "docs/losses.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*) \|$", page, re.MULTILINE)
    assert len(rows) == 3
    for row in rows:
        assert re.search(r"\s+".join(map(re.escape, row.split(" | "))), printed), row
