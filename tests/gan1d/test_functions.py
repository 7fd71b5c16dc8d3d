import math

import numpy as np
import pytest

from gan1d import FUNCTIONS, SQUARE, Function1D, generate_real_samples
from gan1d.evaluation import curve_error
from gan1d.functions import get_function


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
    assert (FUNCTIONS[name].low, FUNCTIONS[name].high) == (-0.5, 0.5)


def test_there_are_no_other_functions():
    assert list(FUNCTIONS) == ["square", "cube", "sine", "absolute", "cosine"]
    assert SQUARE is FUNCTIONS["square"]


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


def test_a_user_s_own_function_over_its_own_range():
    root = Function1D("root", "√x", np.sqrt, low=1, high=100)
    X, _ = generate_real_samples(1000, function=root, rng=0)
    assert X[:, 0].min() >= 1
    assert X[:, 0].max() <= 100
    np.testing.assert_allclose(X[:, 1], np.sqrt(X[:, 0]), rtol=1e-6)


@pytest.mark.parametrize("n", [0, -1])
def test_n_out_of_range(n):
    with pytest.raises(ValueError, match="n must be at least 1"):
        generate_real_samples(n)


@pytest.mark.parametrize("n", [1.5, 2.0, True, "3", None, np.bool_(True)])
def test_n_of_the_wrong_type(n):
    with pytest.raises(TypeError, match="n must be a whole number"):
        generate_real_samples(n)


@pytest.mark.parametrize("rng", [1.0, True, "seed", object()])
def test_rng_of_the_wrong_type(rng):
    with pytest.raises(TypeError, match="rng must be None, an int"):
        generate_real_samples(1, rng=rng)


def test_rng_negative():
    with pytest.raises(ValueError, match="rng must be at least 0"):
        generate_real_samples(1, rng=-1)


def test_an_unknown_function_lists_the_known():
    with pytest.raises(ValueError, match="square, cube, sine, absolute, cosine, got 'parabola'"):
        get_function("parabola")
    with pytest.raises(TypeError, match="function must be a name or a Function1D"):
        get_function(np.sin)


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda x: x / 0.0 * 0, ValueError, "must be finite.*is nan"),
        (lambda x: 1 / x, ValueError, "must be finite.*is inf at x = 0"),
        (lambda x: np.full_like(x, 1e39), ValueError, "must be finite"),
        (lambda x: x[:-1], ValueError, r"must return the shape that it gets, \(1001,\)"),
        (lambda x: 0.5, ValueError, r"but returned \(\)"),
        (math.sin, TypeError, "must take an array"),
        (lambda x: ["a"] * len(x), TypeError, "return numbers"),
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
        (2, 1, ValueError, "low must be less than high"),
        (-np.inf, 1, ValueError, "low must be a finite"),
        (0, np.nan, ValueError, "high must be a finite"),
        (0, "one", TypeError, "high must be a number"),
        (None, 1, TypeError, "low must be a number"),
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


def test_a_bound_just_beyond_float32_is_refused_without_a_warning():
    with pytest.raises(ValueError, match="high must be a finite float32 number"):
        Function1D("f", "f", np.sqrt, 0.0, 3.4028235677973366e38)


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


def test_a_function_that_returns_objects_is_as_any_other():
    function = Function1D("root", "√x", np.frompyfunc(math.sqrt, 1, 1), low=0, high=4)
    assert function(np.array([0.0, 4.0])).dtype == np.float64
    assert curve_error([[4.0, 2.5]], function) == 0.5


@pytest.mark.parametrize(
    "f", [lambda x: np.full(x.shape, "1.5"), lambda x: x + 1j, lambda x: x > 0, lambda x: [None]]
)
def test_what_returns_no_numbers_is_refused(f):
    with pytest.raises(TypeError, match="must return numbers"):
        Function1D("odd", "?", f)


@pytest.mark.parametrize(("low", "high"), [(1e10, 1e10 + 1), (2000, 2000.001)])
def test_a_range_that_float32_cannot_tell_apart_is_refused(low, high):
    with pytest.raises(ValueError, match="low and high must be farther apart"):
        Function1D("line", "x", lambda x: x, low, high)
    Function1D("line", "x", lambda x: x, 1990, 2010)
