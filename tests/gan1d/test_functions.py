import math

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler

from gan1d import FUNCTIONS, Function1D, Points, generate_real_samples
from gan1d.measures import coverage, curve_error
from gan1d.samples import scaled, unscaled


@pytest.mark.parametrize(
    ("name", "f"),
    [
        ("square", lambda x: x**2),
        ("cube", lambda x: x**3),
        ("sine", lambda x: math.sin(2 * math.pi * x)),
        ("absolute", abs),
        ("cosine", lambda x: math.cos(3 * math.pi * x)),
    ],
)
def test_the_functions_are_what_they_are_called(name, f):
    x = np.linspace(-0.5, 0.5, 11)
    np.testing.assert_allclose(FUNCTIONS[name](x), [f(v) for v in x], rtol=0, atol=1e-15)


def test_real_samples_lie_on_the_curve_and_fill_the_range():
    X, y = generate_real_samples(10_000, function="sine", rng=0)
    assert X.shape == (10_000, 2)
    assert y.shape == (10_000, 1)
    assert X.dtype == y.dtype == np.float32
    assert (y == 1).all()
    np.testing.assert_allclose(X[:, 1], np.sin(2 * np.pi * X[:, 0].astype(float)), atol=4e-7)
    counts, _ = np.histogram(X[:, 0], 10, (-0.5, 0.5))
    assert counts.sum() == 10_000
    assert (abs(counts - 1000) < 150).all()  # five standard deviations


def test_real_samples_are_the_tutorial_s_from_the_global_state():
    np.random.seed(7)  # noqa: NPY002
    X, _ = generate_real_samples(50)
    np.random.seed(7)  # noqa: NPY002
    x = np.random.rand(50) - 0.5  # noqa: NPY002
    np.testing.assert_array_equal(X, np.stack([x, x * x], 1).astype(np.float32))


def test_rng_may_be_a_seed_a_generator_or_a_random_state():
    by_seed, _ = generate_real_samples(5, rng=3)
    by_generator, _ = generate_real_samples(5, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(by_seed, by_generator)
    state = np.random.RandomState(3)
    first, _ = generate_real_samples(5, rng=state)
    second, _ = generate_real_samples(5, rng=state)
    assert (first != second).all(axis=1).any()


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda x: 1 / x, ValueError, "must be finite.*is inf at x = 0"),
        (lambda x: np.full_like(x, 1e39), ValueError, "must be finite"),
        (lambda x: x[:-1], ValueError, r"must return the shape that it gets, \(1001,\)"),
        (lambda x: 0.5, ValueError, r"but returned \(\)"),
        (math.sin, TypeError, "must take an array"),
        (lambda x: np.full(x.shape, "1.5"), TypeError, "return numbers"),
        (lambda x: x > 0, TypeError, "return numbers"),
        ("x * x", TypeError, "f must be a function"),
    ],
)
def test_functions_that_cannot_be_learned(f, error, message):
    with pytest.raises(error, match=message):
        Function1D("odd", "?", f)


@pytest.mark.parametrize(
    ("low", "high", "error", "message"),
    [
        (1, 1, ValueError, "low must be less than high"),
        (-np.inf, 1, ValueError, "low must be a finite"),
        (0, 3.4028235677973366e38, ValueError, "high must be a finite float32 number"),
        (0, "one", TypeError, "high must be a number"),
    ],
)
def test_ranges_that_are_none(low, high, error, message):
    with pytest.raises(error, match=message):
        Function1D("square", "x²", lambda x: x * x, low, high)


def test_a_function_that_is_infinite_only_now_and_then_is_caught_when_drawn():
    pole = Function1D("pole", "?", lambda x: np.where(np.isin(x, grid), 0, np.nan), 0, 1)
    with pytest.raises(ValueError, match="'pole' must be finite"):
        generate_real_samples(10, function=pole, rng=0)


grid = np.linspace(0, 1, 1001)


def test_a_function_may_work_in_place():
    def square(x):
        x *= x
        return x

    function = Function1D("square", "x²", square)
    X, _ = generate_real_samples(100, function=function, rng=0)
    expected, _ = generate_real_samples(100, rng=0)
    np.testing.assert_array_equal(X, expected)
    assert curve_error(X, function) < 1e-7
    np.testing.assert_array_equal(X, expected)


@pytest.mark.parametrize(("low", "high"), [(1e10, 1e10 + 1), (2000, 2000.001)])
def test_a_range_that_float32_cannot_tell_apart_is_refused(low, high):
    with pytest.raises(ValueError, match="low and high must be farther apart"):
        Function1D("line", "x", lambda x: x, low, high)
    with pytest.raises(ValueError, match="farther apart: from y ="):
        Function1D("line", "x", lambda x: low + (high - low) * x)
    Function1D("line", "x", lambda x: x, 1990, 2010)


@pytest.mark.parametrize(
    ("f", "low", "high", "centre", "half_range"),
    [
        (lambda x: x * x, -0.5, 0.5, (0, 0.125), (0.5, 0.125)),
        (lambda x: (x - 2000) ** 2, 1990, 2010, (2000, 50), (10, 50)),
        (lambda x: 0 * x + 3, 0, 1, (0.5, 3), (0.5, 1)),
        (lambda x: np.sign(x) * 1e30, -1, 1, (0, 0), (1, 1e30)),
    ],
)
def test_scaled_by_its_centre_and_half_range_a_function_fills_minus_1_to_1(
    f, low, high, centre, half_range
):
    function = Function1D("f", "f", f, low, high)
    np.testing.assert_allclose(function.centre, centre, atol=1e-9)
    np.testing.assert_allclose(function.half_range, half_range, rtol=1e-12)
    curve = scaled(function.curve(), function)
    np.testing.assert_allclose(unscaled(curve, function), function.curve(), rtol=1e-12)
    if np.ptp(curve[:, 1]):  # else scikit-learn has it at one end
        expected = MinMaxScaler((-1, 1)).fit_transform(function.curve() / function.half_range)
        np.testing.assert_allclose(curve, expected, atol=1e-9)


def test_points_are_drawn_from_the_rows():
    rows = [[0, 1], [1, 2], [4, 5]]
    points = Points(rows, "three")
    np.testing.assert_allclose(points.centre, np.mean(rows, axis=0))
    np.testing.assert_allclose(points.half_range, 2 * np.std(rows, axis=0))
    X, _ = generate_real_samples(3000, function=points, rng=0)
    found, counts = np.unique(X, axis=0, return_counts=True)
    np.testing.assert_array_equal(found, rows)
    assert (abs(counts - 1000) < 130).all()  # five standard deviations
    assert np.isnan(curve_error(X, points))
    assert coverage([[0, 1], [4, 5]], points) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ([[1, 2], [1, 2]], ValueError, "rows must hold two or more different samples"),
        ([[1e10, 2], [1e10 + 9999, 3]], ValueError, "from x = 1e[+]10 to .* are but 10 float32"),
        ([[[1, 2, 3]]], ValueError, "rows must hold two or more different samples"),
        ([[1, "a"], [2, "b"]], TypeError, "rows must be an array of numbers"),
        ([[1, 1e39], [2, 3]], ValueError, "rows must be finite"),
    ],
)
def test_points_that_are_none(rows, error, message):
    with pytest.raises(error, match=message):
        Points(rows)
