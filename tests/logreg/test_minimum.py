import keras
import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import logreg.minimum
from logreg import LogisticRegressionNN, compare, find_minimum
from logreg.minimum import way_to_minimum


def drawn(rng, m, n, noise=1.5):
    X = rng.normal(size=(m, n))
    return X, (X[:, 0] + rng.normal(0, noise, m) > 0.5).astype(int)


def scikit_learn(X, y, penalty, sample_weight=None, class_weight=None):
    return LogisticRegression(
        C=1 / penalty if penalty else np.inf,
        class_weight=class_weight,
        solver="newton-cholesky",
        tol=1e-12,
        max_iter=1000,
    ).fit(X, y, sample_weight=sample_weight)


@pytest.mark.parametrize("penalty", [0, 0.3, 7])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_minimum_is_scikit_learn_s(penalty, weighted):
    rng = np.random.default_rng(0)
    X, y = drawn(rng, 150, 4)
    X = X * [1, 30, 0.02, 1] + [0, 1000, 0, -1]
    s = rng.integers(0, 4, 150) if weighted else None
    minimum = find_minimum(X, y, penalty=penalty, sample_weight=s)
    model = LogisticRegressionNN(4)
    model.weights, model.bias = minimum.weights, minimum.bias
    options = {"penalty": penalty, "sample_weight": s}
    assert model.compute_cost(X, y, **options) == pytest.approx(minimum.cost, rel=1e-12)
    dw, db = model.compute_gradients(X, y, **options)
    assert np.abs(dw).max() < 1e-11
    assert abs(db[0, 0]) < 1e-13
    scaler = StandardScaler(with_std=False).fit(X)
    theirs = scikit_learn(scaler.transform(X), y, penalty, s)
    np.testing.assert_allclose(minimum.weights[:, 0], theirs.coef_[0], rtol=1e-6, atol=1e-9)


def test_more_columns_than_rows():
    X, y = drawn(np.random.default_rng(1), 30, 90)
    assert find_minimum(X, y) is None
    minimum = find_minimum(X, y, penalty=2)
    theirs = scikit_learn(X, y, 2)
    np.testing.assert_allclose(minimum.weights[:, 0], theirs.coef_[0], atol=1e-9)
    assert minimum.bias[0, 0] == pytest.approx(theirs.intercept_[0], abs=1e-9)


def test_constant_and_equal_columns_have_a_minimum():
    X, y = drawn(np.random.default_rng(2), 80, 2)
    alone = find_minimum(X, y)
    more = find_minimum(np.hstack([X, X[:, :1], np.full((80, 1), 0.1), 3 - X[:, 1:]]), y)
    assert more.cost == pytest.approx(alone.cost, rel=1e-13)
    w = more.weights[:, 0]
    assert w[0] == pytest.approx(w[2])
    assert w[3] == 0
    assert w[0] + w[2] == pytest.approx(alone.weights[0, 0])
    assert w[1] - w[4] == pytest.approx(alone.weights[1, 0])


def separable(X, y):
    """Ask a linear program: is there a direction with no row on the wrong side, and some right?"""
    A = np.where(y == 1, 1, -1)[:, np.newaxis] * np.hstack([X, np.ones((len(X), 1))])
    limits = np.repeat([0.0, 1.0], len(X))  # 0 <= A @ direction <= 1
    found = linprog(-A.sum(axis=0), A_ub=np.vstack([-A, A]), b_ub=limits, bounds=(None, None))
    return -found.fun > 1e-6


@pytest.mark.parametrize("share", [0.05, pytest.param(1, marks=pytest.mark.thorough)])
def test_it_says_that_there_is_none_where_a_linear_program_does(share, monkeypatch):
    """On grids of whole numbers, where many rows lie on the boundary exactly.

    Each time it has the direction in hand, and has not only given up.
    """
    rng = np.random.default_rng(0)
    found, answers, separates = [], [], logreg.minimum.separates
    monkeypatch.setattr(
        logreg.minimum, "separates", lambda *args: answers.append(separates(*args)) or answers[-1]
    )
    for _ in range(int(5000 * share)):
        m, n, half = rng.integers(3, 30), rng.integers(1, 6), rng.integers(1, 5)
        X = rng.integers(-half, half + 1, (m, n)).astype(float)
        if rng.random() < 0.3:
            X = np.hstack([X, X[:, :1], np.full((m, 1), 7.0)])
        score = X @ rng.normal(size=X.shape[1]) + rng.normal(0, rng.choice([0, 0.3, 2]), m)
        y = (score > 0).astype(int)
        if y.min() == y.max():
            continue
        answers.clear()
        none = find_minimum(X, y) is None
        assert none == separable(X, y) == any(answers)
        found.append(none)
    assert 0.1 < np.mean(found) < 0.9


@pytest.mark.parametrize("overlap", [1e-3, 1e-6, 1e-9])
def test_classes_that_overlap_by_little_have_a_minimum(overlap):
    x = np.concatenate([np.linspace(0, 1, 20), np.linspace(1 - overlap, 2, 20)])
    y = np.arange(40) // 20
    minimum = find_minimum(x[:, np.newaxis], y)
    assert 0 < minimum.cost < 0.2
    assert find_minimum(np.delete(x, 20)[:, np.newaxis], np.delete(y, 20)) is None


@pytest.mark.parametrize("penalty", [0, 1])
def test_one_class_alone_has_none(penalty):
    assert find_minimum([[0.0], [1.0]], [1, 1], penalty=penalty) is None
    X, y = [[0.0], [1.0], [0.5]], [1, 1, 0]
    assert find_minimum(X, y, penalty=penalty, sample_weight=[1, 1, 0]) is None


def test_numbers_of_any_size():
    X, y = drawn(np.random.default_rng(3), 50, 2)
    for scale in (1e-300, 1e300):
        minimum = find_minimum(X * [1, scale], y)
        assert minimum.cost == pytest.approx(find_minimum(X, y).cost, rel=1e-10)
    assert find_minimum(np.zeros((4, 2)), [0, 1, 1, 1]).bias[0, 0] == pytest.approx(np.log(3))


@pytest.mark.parametrize("penalty", [0, 1])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1, 1: 2.5}])
def test_compare_reaches_scikit_learn(penalty, class_weight):
    rng = np.random.default_rng(4)
    X, y = drawn(rng, 120, 3)
    s = rng.uniform(0, 3, 120) if class_weight != "balanced" else None
    options = {"penalty": penalty, "sample_weight": s, "class_weight": class_weight}
    comparison = compare(X, y, learning_rate=2, epochs=300, rng=0, **options)
    # On JAX and PyTorch Keras 3.15 does some sums in float32: 7e-8 were measured.
    exact = keras.config.backend() == "tensorflow"
    assert max(comparison.differences.values()) < (1e-12 if exact else 2e-7)
    theirs = scikit_learn(X, y, **options)
    for trained in (comparison.numpy, comparison.keras, comparison.minimum):
        tolerance = 1e-8 if exact or trained is not comparison.keras else 2e-7
        np.testing.assert_allclose(trained.weights[:, 0], theirs.coef_[0], atol=tolerance)
        np.testing.assert_allclose(trained.bias[0], theirs.intercept_, atol=tolerance)


@pytest.mark.parametrize(
    ("penalty", "scale"),
    [(0, (1, 1, 1)), (0, (1, 20, 1)), (1, (1, 0.1, 1)), (200, (1, 1, 0)), (0, (1, 1, 0))],
)
def test_the_way_to_the_minimum_leads_there(penalty, scale):
    X, y = drawn(np.random.default_rng(5), 100, 3)
    X = X * scale
    minimum = find_minimum(X, y, penalty=penalty)
    rate, epochs = way_to_minimum(X, minimum, penalty=penalty)
    costs = LogisticRegressionNN(3, rng=0).train(X, y, rate, epochs, penalty=penalty)
    assert (np.diff(costs) < 1e-15).all()
    assert costs[-1] - minimum.cost < 1e-8
    assert costs[epochs // 20] - minimum.cost > 1e-7  # and not far less would do


def test_bad_arguments():
    X, y = [[1.0], [2.0]], [0, 1]
    for options, message in (
        ({"penalty": -1}, "penalty must be a number in"),
        ({"penalty": np.inf}, "penalty must be a number in"),
        ({"sample_weight": [1]}, "sample_weight must have 2 numbers"),
        ({"sample_weight": [1, -1]}, "sample_weight must be finite, at least 0"),
        ({"sample_weight": [0, 0]}, "sample_weight must be finite, at least 0"),
        ({"sample_weight": [1, np.nan]}, "sample_weight must be finite, at least 0"),
    ):
        for call in (find_minimum, compare, LogisticRegressionNN(1, rng=0).train):
            with pytest.raises(ValueError, match=message):
                call(X, y, **options)
    for weight in ("heavy", {0: 1}, {0: 0, 1: 0}, 3, {0: 1, 1: -1}):
        with pytest.raises(ValueError, match="class_weight"):
            compare(X, y, class_weight=weight)
    with pytest.raises(ValueError, match="class_weight must not be 'balanced' where"):
        compare(X, [1, 1], class_weight="balanced")
