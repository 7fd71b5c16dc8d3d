import threading

import keras
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot

from gan1d import (
    define_discriminator,
    define_generator,
    generate_real_samples,
    summarize_performance,
)
from gan1d.scores import as_scores


def test_it_prints_the_tutorial_s_line_and_returns_what_it_says(models, capsys):
    generator, discriminator, _ = models
    performance = summarize_performance(1999, generator, discriminator, 5, 100, rng=0)
    assert capsys.readouterr().out == (
        f"1999 {performance.accuracy_real} {performance.accuracy_fake}\n"
    )
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
    assert ax.get_title(loc="left") == "x², update 8"


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


@pytest.mark.parametrize("logits", [False, True])
def test_scores_are_those_before_the_sigmoid_and_accuracies_those_after(logits):
    discriminator = define_discriminator(logits=logits, rng=0)
    w1, b1, w2, b2 = (np.float64(w) for w in discriminator.get_weights())
    generator = define_generator(rng=0)
    performance = summarize_performance(
        0, generator, discriminator, n=2000, rng=1, plot=False, verbose=0
    )
    rng = np.random.default_rng(1)
    scores = []
    for _ in range(2):  # the second samples are those that the measures are of
        real, _ = generate_real_samples(2000, rng=rng)
        fake = generator.predict(rng.standard_normal((2000, 5), dtype=np.float32), verbose=0)
        scores.append([np.maximum(samples @ w1 + b1, 0) @ w2 + b2 for samples in (real, fake)])
    (of_real, of_fake), measured = scores
    accuracies = np.mean(of_real > 0), np.mean(of_fake <= 0)
    found = performance.accuracy_real, performance.accuracy_fake
    np.testing.assert_allclose(found, accuracies, atol=0.002)
    found = performance.score_real, performance.score_fake
    np.testing.assert_allclose(found, np.mean(measured, axis=(1, 2)), atol=1e-5)


def test_a_sigmoid_that_saturates_has_a_finite_score():
    """Of 0 and 1 the logit would be infinite: it is that of 1e-7, and of 1 - 2^-23, in float32."""
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    outputs = np.array([[0.0], [0.25], [1.0]], np.float32)
    scores = keras.ops.convert_to_numpy(as_scores(discriminator, outputs)).ravel()
    np.testing.assert_allclose(scores, [np.log(1e-7), np.log(1 / 3), np.log(2**23)], rtol=1e-5)


@pytest.mark.slow
@pytest.mark.thorough
def test_evaluations_in_threads_get_the_numbers_of_one():
    """A model is only read: nothing of it is changed meanwhile, and so none sees the change."""
    models = define_generator(rng=0), define_discriminator(rng=0)
    options = {"plot": False, "verbose": 0}
    expected = [summarize_performance(i, *models, rng=i, **options) for i in range(8)]
    found = {}

    def evaluate(i):
        for _ in range(5):
            found.setdefault(i, []).append(summarize_performance(i, *models, rng=i, **options))

    threads = [threading.Thread(target=evaluate, args=[i]) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(8)] == [[one] * 5 for one in expected]


def test_models_that_do_not_fit_are_refused(models):
    generator, discriminator, _ = models
    with pytest.raises(ValueError, match="latent_dim must be what generator takes"):
        summarize_performance(0, generator, discriminator, 4)
    with pytest.raises(ValueError, match=r"discriminator must take samples \(x, y\)"):
        summarize_performance(0, generator, define_discriminator(3))
