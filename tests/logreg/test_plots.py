import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from statsmodels.stats.proportion import proportion_confint

from logreg import Comparison, LogisticRegressionNN, compare, plots, sample_data
from logreg.comparison import Trained

X_4, Y_4 = np.random.default_rng(0).normal(size=(30, 4)), np.arange(30) % 2
UNIT = {"weights": np.array([[1.0], [-3], [0.5], [2]]), "bias": np.ones((1, 1))}
P = 1 / (1 + np.exp(-X_4[:, 0]))
FIGURES = {
    "costs": lambda: plots.plot_costs(compare(X_4, Y_4, epochs=2)),
    "activations": plots.plot_activations,
    "cost_surfaces": lambda: plots.plot_cost_surfaces(X_4[:, :2], Y_4),
}
AXES = {
    "decision": lambda **ax: plots.plot_decision(X_4, Y_4, **UNIT, **ax),
    "decision of 2": lambda **ax: plots.plot_decision(X_4[:, :2], Y_4, [[1], [2]], [[0]], **ax),
    "roc": lambda **ax: plots.plot_roc(Y_4, P, threshold=0.5, **ax),
    "calibration": lambda **ax: plots.plot_calibration(Y_4, P, **ax),
    "neuron": lambda **ax: plots.plot_neuron(4, names=list("abcd"), **UNIT, **ax),
}


@pytest.mark.parametrize("draw", AXES.values(), ids=AXES)
def test_one_axes_are_drawn_where_asked_for_or_shown(draw, tmp_path):
    backend = matplotlib.get_backend()
    given = Figure().subplots()
    assert draw(ax=given) is given
    assert pyplot.get_fignums() == []
    assert draw().figure.number in pyplot.get_fignums()
    pyplot.gcf().savefig(tmp_path / "plot.png")
    assert matplotlib.get_backend() == backend


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_more_axes_are_a_new_figure_that_is_shown(draw, tmp_path):
    assert draw().number in pyplot.get_fignums()
    pyplot.gcf().savefig(tmp_path / "plot.png")


def test_names_are_drawn_as_they_are(tmp_path):
    """A $ would begin a formula, in which \\foo is an error when it is drawn."""
    odd = ["$\\foo$", "a_b^{c", "x" * 200, "100 % \\"]
    classes = ["$\\foo$ = $1$", "b"]
    for ax in (
        plots.plot_decision(X_4[:, :2], Y_4, [[1], [2]], [[0]], names=odd[:2], classes=classes),
        plots.plot_decision(X_4[:, :1], Y_4, [[1]], [[0]], names=odd[:1], classes=classes),
        plots.plot_roc(Y_4, P, classes=classes),
        plots.plot_calibration(Y_4, P, classes=classes),
        plots.plot_neuron(4, names=odd),
    ):
        ax.figure.savefig(tmp_path / "plot.png")
    assert max(len(text.get_text()) for text in ax.texts) < 60


def test_of_many_inputs_those_of_the_largest_weights():
    ax = plots.plot_neuron(10, weights=np.arange(10.0)[:, np.newaxis], bias=[[1.0]])
    drawn = [text.get_text() for text in ax.texts]
    assert [text for text in drawn if text.startswith("$x_")] == [
        f"$x_{{{i}}}$" for i in range(4, 11)
    ]
    assert "7 of 10 inputs" in drawn


def test_the_minimum_is_drawn_where_there_is_one():
    y = np.arange(100) % 2
    (line,) = plots.plot_costs(compare(sample_data(rng=0)[0], y, epochs=2)).axes[0].lines[2:]
    assert line.get_ydata()[0] < np.log(2)
    assert len(plots.plot_costs(compare(*sample_data(rng=0), epochs=2)).axes[0].lines) == 2


def test_the_surface_is_that_of_the_data():
    """At the dot it is as high as the cost of a unit with these weights and no bias."""
    model = LogisticRegressionNN(2)
    model.weights[:] = [[1], [-3]]
    figure = plots.plot_cost_surfaces(X_4[:, :2], Y_4, start=(1, -3))
    height = figure.axes[0].lines[1].get_data_3d()[2]
    assert height[0] == pytest.approx(model.compute_cost(X_4[:, :2], Y_4))


def test_the_shares_of_a_calibration_have_wilson_s_intervals_and_each_bin_its_rows():
    y, p = [0, 0, 1, 1], [0.1, 0.19, 0.21, 0.9]  # two points closer together than their numbers are
    ax = plots.plot_calibration(y, p, n_bins=5)
    (bars,) = ax.collections
    expected = [proportion_confint(*pair, method="wilson") for pair in ((0, 2), (1, 1), (1, 1))]
    np.testing.assert_allclose([bar[:, 1] for bar in bars.get_segments()], expected, atol=1e-6)
    (above,) = ax.child_axes
    assert above.get_xticks() == pytest.approx([0.1, 0.3, 0.9])
    assert [label.get_text() for label in above.get_xticklabels()] == ["2", "1", "1"]


def test_the_mark_on_the_roc_curve_is_the_threshold():
    ax = plots.plot_roc(Y_4, P, threshold=0.4)
    (false,), (true,) = ax.lines[2].get_data()
    assert false == np.mean(P[Y_4 == 0] >= 0.4)
    assert true == np.mean(P[Y_4 == 1] >= 0.4)


def test_of_many_rows_some_are_drawn():
    X, y = sample_data(5000, rng=0)
    ax = plots.plot_decision(X, y, [[1], [1]], [[0]])
    assert sum(len(c.get_offsets()) for c in ax.collections[-2:]) == 2000
    assert "2,000 of the 5,000 rows" in ax.get_title()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.plot_neuron(2, names=["a"]), "names must be a list of 2"),
        (lambda: plots.plot_neuron(2, weights=[[1.0]]), "weights must have 2 numbers"),
        (lambda: plots.plot_roc(Y_4, P, classes="ab"), "classes must be a list of 2"),
        (lambda: plots.plot_cost_surfaces(X_4, Y_4), "X must hold .* 2 columns"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
    assert pyplot.get_fignums() == []


def test_cost_curves_and_their_difference():
    costs = np.array([3.0, 2.0]), np.array([3.0, 2.5])
    trained = [Trained(None, c, None, None, None, None, None) for c in costs]
    figure = plots.plot_costs(Comparison(np.array([0, 50]), *trained))
    above, below = figure.axes
    assert [list(line.get_ydata()) for line in above.lines] == [[3, 2], [3, 2.5]]
    assert list(below.lines[0].get_ydata()) == [0, 0.5]


def test_the_decision_boundary_is_where_the_model_changes_its_mind(tmp_path):
    X, y = sample_data(rng=0)
    model = LogisticRegressionNN(2, rng=0)
    ax = plots.plot_decision(X, y, model.weights, np.array([[0.4]]), threshold=0.7)
    (boundary,) = [c for c in ax.collections if getattr(c, "levels", [0])[0] == 0.7]
    points = boundary.get_paths()[0].vertices
    z = points @ model.weights + 0.4
    np.testing.assert_allclose(1 / (1 + np.exp(-z)), 0.7, atol=1e-3)
    ax.figure.savefig(tmp_path / "plot.png")


def test_of_other_numbers_of_features_the_probability_is_a_curve():
    X, y = np.random.default_rng(0).normal(size=(30, 4)), np.arange(30) % 2
    ax = plots.plot_decision(X, y, np.ones((4, 1)), np.zeros((1, 1)))
    z, probability = ax.lines[0].get_data()
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(-z)))


@pytest.mark.parametrize("cost", [plots.cross_entropy, plots.squared_error])
def test_the_costs_gradients_are_central_differences(cost):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 2)), rng.integers(0, 2, 20)
    w, h = rng.normal(size=2), 1e-6
    _, gradient = cost(w, X, y)
    for i, step in enumerate(np.eye(2) * h):
        difference = (cost(w + step, X, y)[0] - cost(w - step, X, y)[0]) / (2 * h)
        assert gradient[i] == pytest.approx(difference, rel=1e-6)


def test_one_cost_is_convex_and_the_other_is_not():
    """Convex: no chord runs below the surface."""
    X, y = sample_data(rng=0)
    a, b = np.random.default_rng(1).uniform(-12, 12, (2, 5000, 2))
    sag = {
        cost: (cost(a, X, y[:, 0])[0] + cost(b, X, y[:, 0])[0]) / 2
        - cost((a + b) / 2, X, y[:, 0])[0]
        for cost in (plots.cross_entropy, plots.squared_error)
    }
    assert sag[plots.cross_entropy].min() > -1e-12
    assert sag[plots.squared_error].min() < -0.1


def test_descent_arrives_on_the_one_and_is_slow_on_the_other():
    X, y = sample_data(rng=0)
    final = {}
    for cost in (plots.cross_entropy, plots.squared_error):
        path = plots.descend(cost, (-10.0, -4.0), X, y[:, 0])
        assert path.shape == (301, 2)
        # Judged by the same measure: how many points are on the wrong side.
        final[cost] = np.mean((X @ path[-1] > 0) != y[:, 0])
    assert final[plots.cross_entropy] < 0.05
    assert final[plots.squared_error] > 0.2


def test_weights_and_their_intervals():
    ax = plots.plot_weights([[1.0], [-3.0], [0.5]], [0.1, 0.2, 0.3], names=["a", "b $x$", "c"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["c", "a", r"b \$x\$"]
    points, *_ = ax.containers[0]
    np.testing.assert_array_equal(points.get_xdata(), [0.5, 1, -3])
    (bars,) = ax.containers[0][2]
    widths = [np.ptp(segment[:, 0]) for segment in bars.get_segments()]
    np.testing.assert_allclose(widths, 2 * 1.959964 * np.array([0.3, 0.1, 0.2]))
    ax = plots.plot_weights(np.arange(30.0), names=[f"x{i}" for i in range(30)])
    assert len(ax.get_yticks()) == 20
    assert ax.get_title() == "Weights at the minimum"
