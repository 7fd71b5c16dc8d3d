import numpy as np
import pytest
from matplotlib import pyplot

from logreg import Comparison, LogisticRegressionNN, plots, sample_data
from logreg.comparison import Trained


@pytest.fixture(autouse=True)
def none_is_left_open():
    yield
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


def test_the_other_figures_are_drawn(tmp_path):
    X, y = sample_data(rng=0)
    for figure in (
        plots.plot_activations(),
        plots.plot_cost_surfaces(X, y),
        plots.plot_neuron().figure,
    ):
        figure.savefig(tmp_path / "plot.png")


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
