import dataclasses

import numpy as np
import pytest

from gan1d import FUNCTIONS, Function1D, Performance, generate_real_samples
from gan1d.measures import (
    N_MEASURED,
    coverage,
    curve_error,
    distances_of_real,
    energy_distance,
)


def energy_distance_by_definition(x, y):
    def mean_distance(a, b, pairs):
        return np.mean([np.sqrt(np.sum((a[i] - b[j]) ** 2)) for i, j in pairs])

    def different(n):
        return [(i, j) for i in range(n) for j in range(n) if i != j]

    all_pairs = [(i, j) for i in range(len(x)) for j in range(len(y))]
    return (
        2 * mean_distance(x, y, all_pairs)
        - mean_distance(x, x, different(len(x)))
        - mean_distance(y, y, different(len(y)))
    )


@pytest.mark.parametrize(("n", "m", "d"), [(2, 2, 1), (17, 40, 2), (33, 20, 3)])
def test_energy_distance_is_its_definition(n, m, d):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(n, d)), rng.normal(1, 2, size=(m, d))
    expected = energy_distance_by_definition(x, y)
    assert energy_distance(x, y) == pytest.approx(expected, rel=1e-12)
    as_float32 = energy_distance(x.astype(np.float32), y.astype(np.float32))
    assert as_float32 == pytest.approx(expected, abs=1e-6)


def test_energy_distance_is_unbiased():
    """In one dimension it is 2 ∫ (F - G)², F and G the distribution functions (Székely 2002)."""
    rng = np.random.default_rng(0)
    same = [energy_distance(rng.random((20, 1)), rng.random((20, 1))) for _ in range(2000)]
    apart = [energy_distance(rng.random((20, 1)), 1 + rng.random((20, 1))) for _ in range(2000)]
    # F - G is x on [0, 1] and 2 - x on [1, 2]: 2 (1/3 + 1/3) = 4/3.
    for values, expected in ((same, 0), (apart, 4 / 3)):
        assert np.mean(values) == pytest.approx(expected, abs=5 * np.std(values) / 2000**0.5)


def test_two_real_samples_are_as_near_as_chance_makes_them():
    real = [generate_real_samples(2000, rng=seed)[0] for seed in range(6)]
    distances = [energy_distance(real[i], real[i + 1]) for i in range(0, 6, 2)]
    assert max(np.abs(distances)) < 0.002  # 0.00043 is the 95th percentile of many


def test_energy_distance_needs_samples():
    for x, y in (((1, 2), (3, 2)), ((5, 2), (5, 3)), ((5,), (5, 1))):
        with pytest.raises(ValueError, match="must hold two or more samples"):
            energy_distance(np.zeros(x), np.zeros(y))


def test_coverage_counts_the_bins_of_the_range():
    square = FUNCTIONS["square"]
    middles = np.linspace(-0.475, 0.475, 20)
    for reached in range(21):
        samples = np.zeros((reached + 2, 2))
        samples[:reached, 0] = middles[:reached]
        samples[reached:, 0] = (-0.6, 0.51)  # outside
        assert coverage(samples, square) == pytest.approx(reached / 20)


def test_curve_error_is_the_mean_vertical_distance():
    samples = np.array([[0.5, 0.25], [0.1, 0.02], [-1, 0]])
    # Outside of its range a function is not asked: it need not have a value there.
    assert curve_error(samples, FUNCTIONS["square"]) == pytest.approx((0 + 0.01 + 0.25) / 3)
    root = Function1D("root", "√x", np.sqrt, 0, 1)
    assert curve_error(np.array([[-1, 0.1], [0.25, 0.75]]), root) == pytest.approx(0.175)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"coverage": 0.9}, ["10% of the range missed"]),
        ({"curve_error_share": 0.051}, ["the curve error is 5.1 % of the range of y"]),
        ({"curve_error_share": np.nan}, []),  # of points
        ({"energy_ratio": 10.1}, ["the energy distance, scaled, is 10.1 times that of two real"]),
        ({"energy_ratio": np.nan}, ["the energy distance, scaled, is nan"]),
        ({"coverage": 0.5, "energy_ratio": 99}, ["50% of the range", "is 99 times"]),
    ],
)
def test_learned_is_reach_shape_and_spread(changed, words):
    good = {"coverage": 1.0, "curve_error_share": 0.05, "energy_ratio": 10.0}
    names = [field.name for field in dataclasses.fields(Performance)]
    performance = Performance(**dict.fromkeys(names, 0.5) | good | changed)
    assert performance.learned == (not words)
    for word, shortcoming in zip(words, performance.shortcomings(), strict=True):
        assert word in shortcoming


def test_the_energy_ratio_is_one_of_real_sets_at_most_in_9_of_10():
    """Of two real sets, by the energy distance that is tested above."""
    function = FUNCTIONS["cosine"]
    rng = np.random.default_rng(7)
    pairs = [[function.draw(300, rng) / [0.5, 1] for _ in "xy"] for _ in range(300)]
    distances = [energy_distance(*pair) for pair in pairs]
    expected = np.quantile(distances, 0.9) * 300 / N_MEASURED
    assert distances_of_real(function)[0] == pytest.approx(expected, rel=0.3)


@pytest.mark.parametrize("exponent", [-100, -60, 60, 100])
def test_the_energy_distance_is_that_of_any_range(exponent):
    """Of float32: the squares of such numbers do not fit."""
    x, y = np.random.default_rng(0).normal(size=(2, 50, 2)).astype(np.float32)
    scale = np.float32(2.0**exponent)
    expected = energy_distance(x, y + 1)
    assert energy_distance(x * scale, (y + 1) * scale) == expected * 2.0**exponent
