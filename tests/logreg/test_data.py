import numpy as np
import pytest
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from logreg import sample_data, split, standardize
from logreg.data import scaling, unscaled


def test_the_sample_is_the_notebook_s():
    np.random.seed(0)  # noqa: NPY002
    X, y = sample_data()
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.randn(100, 2)  # noqa: NPY002
    np.testing.assert_array_equal(X, expected)
    np.testing.assert_array_equal(y[:, 0], expected[:, 0] + expected[:, 1] > 0)
    with pytest.raises(ValueError, match="n must be at least 1"):
        sample_data(0)


def test_standardisation_is_scikit_learn_s():
    rng = np.random.default_rng(0)
    train, test = rng.normal(3, [1, 50, 1e-3], (40, 3)), rng.normal(3, 1, (10, 3))
    scaler = StandardScaler().fit(train)
    ours, ours_test, constant = standardize(train, test)
    np.testing.assert_allclose(ours, scaler.transform(train), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours_test, scaler.transform(test), rtol=1e-9, atol=1e-9)
    assert not constant.any()


def test_a_constant_column_becomes_zero():
    ours, other, constant = standardize([[1, 7], [2, 7]], [[3, 8]])
    assert constant.tolist() == [False, True]
    assert ours.tolist() == [[-1, 0], [1, 0]]
    assert other.tolist() == [[3, 0]]
    assert standardize([[0.1]] * 7)[0].ravel().tolist() == [0] * 7  # whose mean is not quite 0.1


def test_weights_of_unscaled_columns_do_the_same():
    rng = np.random.default_rng(0)
    X, weights, bias = rng.normal(3, 50, (40, 3)), rng.normal(size=(3, 1)), np.array([[0.5]])
    X[:, 1] = 7
    expected = standardize(X)[0] @ weights + bias
    weights, bias = unscaled(weights, bias, *scaling(X))
    np.testing.assert_allclose(X @ weights + bias, expected, atol=1e-14)


def test_the_split_is_a_seeded_partition():
    X, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    X_train, X_test, y_train, y_test = split(X, y, 0.3, rng=0)
    assert (len(X_train), len(X_test)) == (14, 6)
    rows = sorted(np.concatenate([X_train, X_test])[:, 0])
    assert rows == list(X[:, 0])
    for part, labels in ((X_train, y_train), (X_test, y_test)):
        np.testing.assert_array_equal(part[:, 0] / 2 % 2, labels[:, 0])
    again = split(X, y, 0.3, rng=0)
    np.testing.assert_array_equal(again[0], X_train)
    assert not np.array_equal(split(X, y, 0.3, rng=1)[0], X_train)
    assert [len(part) for part in split(X[:2], y[:2], 0.01, rng=0)[:2]] == [1, 1]


def test_the_split_has_equal_shares_of_the_classes():
    X = np.arange(400.0)[:, np.newaxis]
    for n_ones in (1, 7, 100, 399):
        y = np.random.default_rng(0).permutation(np.arange(400) < n_ones).astype(int)
        theirs = train_test_split(X, y, test_size=0.25, stratify=y) if n_ones in (7, 100) else None
        _, _, train, test = split(X, y, 0.25, rng=1)
        assert len(test) == 100
        assert abs(test.sum() - n_ones / 4) < 1
        assert train.min() < train.max()
        assert theirs is None or test.sum() == theirs[3].sum()


@pytest.mark.parametrize(("fraction", "n"), [(0, 4), (1, 4), (-0.5, 4), (np.nan, 4), (0.5, 1)])
def test_splits_that_leave_nothing(fraction, n):
    with pytest.raises(ValueError, match="test_fraction must"):
        split(np.ones((n, 1)), np.ones(n), fraction)
