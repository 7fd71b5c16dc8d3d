import numpy as np
import pytest
import statsmodels.api as sm

from logreg import find_minimum, sample_data
from logreg.data import scaled, scaling
from logreg.inference import dependent_columns, estimates, separating_columns

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ["spector", "fair", "anes96"])
def test_estimates_are_those_of_statsmodels(name):
    data = getattr(sm.datasets, name).load_pandas()
    X, y = data.exog.to_numpy(float), (data.endog.to_numpy() > 0).astype(int)
    if name == "anes96":
        y = data.data["vote"].to_numpy(int)
    expected = sm.Logit(y, np.hstack([X, np.ones((len(X), 1))])).fit(disp=0, tol=1e-12)
    mean, deviation = scaling(X)
    Z = scaled(X, mean, deviation)
    found = estimates(Z, find_minimum(Z, y), mean, deviation)
    constant = np.insert(X, 1, 3.0, axis=1)
    mean, deviation = scaling(constant)
    Z = scaled(constant, mean, deviation)
    with_constant = estimates(Z, find_minimum(Z, y), mean, deviation)
    np.testing.assert_allclose(with_constant.errors, np.insert(found.errors, 1, np.nan), rtol=1e-9)
    np.testing.assert_allclose(with_constant.weights, np.insert(found.weights, 1, 0), rtol=1e-6)
    np.testing.assert_allclose(found.weights, expected.params, rtol=1e-6)
    np.testing.assert_allclose(found.errors, expected.bse, rtol=1e-6)
    np.testing.assert_allclose(found.intervals, expected.conf_int(), rtol=1e-6)
    np.testing.assert_allclose(found.odds_ratios, np.exp(expected.params[:-1]), rtol=1e-6)


def test_columns_that_depend_on_others():
    a, b, c = RNG.normal(size=(3, 50))
    X = np.stack([a, b, a - 2 * b + 3, c, np.full(50, 2.0), -c], axis=1)
    assert dependent_columns(scaled(X, *scaling(X))) == {2: [0, 1], 5: [3]}
    assert dependent_columns(X[:, [0, 1, 3]]) == {}


def test_columns_that_separate_by_themselves():
    y = RNG.integers(0, 2, (60, 1))
    X = np.hstack([RNG.normal(size=(60, 1)), y * RNG.poisson(1, (60, 1)), 3 - 2.0 * y, 0 * y])
    assert separating_columns(X, y) == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"minimum": None}, TypeError, "minimum must be what find_minimum found, got None"),
        ({"X": "x"}, (TypeError, ValueError), "X must"),
        ({"X": np.ones((9, 1))}, ValueError, "X must"),
        ({"mean": np.ones(3)}, ValueError, r"mean must have shape \(2,\), got \(3,\)"),
        ({"deviation": 1}, ValueError, r"deviation must have shape \(2,\)"),
    ],
)
def test_what_no_estimates_come_from(wrong, error, message):
    X, y = sample_data(rng=0)
    right = {"X": X, "minimum": find_minimum(X, y, penalty=1.0)}
    right |= {"mean": np.zeros(2), "deviation": np.ones(2)}
    with pytest.raises(error, match=message):
        estimates(**right | wrong)


def test_errors_of_nearly_dependent_columns_are_those_of_what_they_differ_by():
    a, b, noise = np.random.default_rng(0).normal(size=(3, 300))
    y, near = a + noise > 0, 1e-7
    found = []
    for other in (b, a + near * b):
        X = np.stack([a, other], axis=1)
        mean, deviation = X.mean(axis=0), X.std(axis=0)
        X = (X - mean) / deviation
        found.append(estimates(X, find_minimum(X, y), mean, deviation))
    assert found[1].errors[1] == pytest.approx(found[0].errors[1] / near, rel=1e-4)
