import dataclasses

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot

from gan1d import FUNCTIONS, Function1D, Performance, generate_real_samples, summarize_performance
from gan1d.evaluation import (
    N_MEASURED,
    coverage,
    curve_error,
    distance_of_real,
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


@pytest.mark.parametrize(("x", "y"), [((1, 2), (3, 2)), ((5, 2), (5, 3)), ((5,), (5, 1))])
def test_energy_distance_needs_samples(x, y):
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


def test_it_prints_the_tutorial_s_line_and_returns_what_it_says(models, capsys):
    generator, discriminator, _ = models
    performance = summarize_performance(1999, generator, discriminator, 5, 100, rng=0)
    assert capsys.readouterr().out == (
        f"1999 {performance.accuracy_real} {performance.accuracy_fake}\n"
    )
    assert isinstance(performance, Performance)
    assert performance.epoch == 1999
    assert performance == summarize_performance(
        1999, generator, discriminator, rng=0, verbose=0, plot=False
    )
    assert capsys.readouterr().out == ""


def test_the_accuracies_are_keras_s(models):
    generator, discriminator, _ = models
    performance = summarize_performance(0, generator, discriminator, 5, 500, rng=0, verbose=0)
    rng = np.random.default_rng(0)
    X, y = generate_real_samples(500, rng=rng)
    _, accuracy_real = discriminator.evaluate(X, y, verbose=0)
    latent_points = rng.standard_normal((500, 5), dtype=np.float32)
    fake = generator.predict(latent_points, verbose=0)
    _, accuracy_fake = discriminator.evaluate(fake, np.zeros((500, 1)), verbose=0)
    assert performance.accuracy_real == pytest.approx(accuracy_real, abs=1e-6)
    assert performance.accuracy_fake == pytest.approx(accuracy_fake, abs=1e-6)
    assert 0 < performance.accuracy_fake < 1


def test_it_draws_on_given_axes(models):
    generator, discriminator, _ = models
    figure = mpl.figure.Figure()
    ax = figure.subplots()
    summarize_performance(7, generator, discriminator, n=30, rng=0, ax=ax, verbose=0)
    real, fake = ax.collections
    assert (len(real.get_offsets()), len(fake.get_offsets())) == (30, 30)
    assert mpl.colors.to_hex(real.get_facecolor()[0]) == mpl.colors.to_hex("red")
    assert mpl.colors.to_hex(fake.get_edgecolor()[0]) == mpl.colors.to_hex("blue")
    expected, _ = generate_real_samples(30, rng=0)
    np.testing.assert_array_equal(real.get_offsets(), expected)
    assert ax.get_title(loc="left") == "x², epoch 7"


def test_it_draws_into_a_file(models, tmp_path):
    generator, discriminator, _ = models
    file = tmp_path / "new" / "folder" / "plot.png"
    summarize_performance(7, generator, discriminator, file=file, verbose=0)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in file.parent.iterdir()] == ["plot.png"]


def test_it_shows_on_the_screen_where_there_is_one(models, monkeypatch):
    generator, discriminator, _ = models
    shown = []
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(pyplot.get_fignums()))
    summarize_performance(7, generator, discriminator, verbose=0)
    assert shown == []  # no screen here
    monkeypatch.setattr(pyplot, "get_backend", lambda: "TkAgg")
    summarize_performance(7, generator, discriminator, verbose=0)
    assert shown == [[1]]
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must be at least 1"),
        ({"latent_dim": 4}, ValueError, "latent_dim must be what generator takes"),
        ({"function": "?"}, ValueError, "function must be one of"),
        ({"generator": "?"}, TypeError, "generator must be"),
        ({"discriminator": "?"}, TypeError, "discriminator must be"),
    ],
)
def test_bad_arguments(models, arguments, error, message):
    good = {"epoch": 0, "generator": models[0], "discriminator": models[1]}
    with pytest.raises(error, match=message):
        summarize_performance(**good | arguments)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"coverage": 0.9}, ["10% of the range is missed"]),
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
    assert distance_of_real(function) == pytest.approx(expected, rel=0.3)
