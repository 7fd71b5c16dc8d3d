import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from logreg import measures

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=1, max_size=40)


@given(ROWS, st.integers(0, 9))
def test_measures_are_scikit_learn_s(rows, threshold):
    y, probabilities = np.array(rows).T
    probabilities = probabilities / 8  # many are equal, and some on the border of two bins
    predictions = (probabilities >= threshold / 8).astype(int)
    both = {"labels": [0, 1]}
    np.testing.assert_array_equal(
        measures.confusion_matrix(y[:, np.newaxis], predictions),
        metrics.confusion_matrix(y, predictions, **both),
    )
    assert measures.accuracy(y, predictions) == metrics.accuracy_score(y, predictions)
    for ours, theirs in (
        (measures.precision, metrics.precision_score),
        (measures.recall, metrics.recall_score),
    ):
        assert ours(y, predictions) == theirs(y, predictions, zero_division=0)
    share, mean, count = measures.calibration_curve(y, probabilities, 4)
    expected = calibration_curve(y, probabilities, n_bins=4, pos_label=1)
    np.testing.assert_allclose((share, mean), expected, rtol=1e-14)
    assert count.sum() == len(y)
    if y.min() == y.max():
        assert np.isnan(measures.roc_auc(y, probabilities))
        with pytest.raises(ValueError, match="y must hold both classes"):
            measures.roc_curve(y, probabilities)
        return
    ours = measures.roc_curve(y, probabilities)
    theirs = metrics.roc_curve(y, probabilities, drop_intermediate=False)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15)
    area = metrics.roc_auc_score(y, probabilities)
    assert measures.roc_auc(y, probabilities) == pytest.approx(area, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: measures.accuracy([], []), "y must hold a row or more"),
        (lambda: measures.accuracy([0, 2], [0, 1]), "y must be 0 or 1"),
        (lambda: measures.accuracy([0, 1], [0, 0.5]), "predictions must be 0 or 1"),
        (lambda: measures.recall([0, 1], [0]), "predictions must have 2 numbers"),
        (lambda: measures.roc_auc([0, 1], [0, np.nan]), "probabilities must not be NaN"),
        (lambda: measures.calibration_curve([0, 1], [0, 2]), "probabilities must be in"),
        (lambda: measures.calibration_curve([0], [0], 0), "n_bins must be at least 1"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_intervals_of_shares_are_statsmodels_s():
    for k, n in ((0, 10), (9, 10), (10, 10), (137, 236)):
        expected = proportion_confint(k, n, method="wilson")
        assert measures.share_interval(k, n) == pytest.approx(expected, abs=1e-6)
    assert measures.share_interval(0, 0) == (0, 1)


@pytest.mark.parametrize("apart", [0.5, 3])
@pytest.mark.parametrize("rows", [(5, 5), (60, 90), (10, 200)])
def test_the_area_s_interval_holds_it_in_19_of_20_samples_at_least(apart, rows):
    """Of two normal distributions so many deviations apart the area is Φ(apart / √2)."""
    rng, area, held = np.random.default_rng(0), norm.cdf(apart / np.sqrt(2)), 0
    y = np.repeat([0, 1], rows)
    for _ in range(400):
        low, high = measures.roc_auc_interval(y, apart * y + rng.normal(size=len(y)))
        held += low <= area <= high
    assert held >= 0.93 * 400  # of 0.95, by chance, seldom fewer
    if apart < 1:
        assert held <= 0.97 * 400


def test_the_interval_of_an_area_of_one_or_of_none():
    low, high = measures.roc_auc_interval(np.repeat([0, 1], 4), range(8))
    assert 0.5 < low < 0.6
    assert high == 1
    assert np.isnan(measures.roc_auc_interval([0, 0], [0.1, 0.2])).all()
