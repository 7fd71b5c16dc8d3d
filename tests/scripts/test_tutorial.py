"""The listing: it trains what the tutorial trains, and `gan1d.train` makes the same updates."""

import itertools

import keras
import numpy as np
import pytest
import tutorial
from conftest import ROOT

import gan1d
from gan1d.draws import draw_chunk, draw_seed
from gan1d.functions import SQUARE

LISTING = (ROOT / "scripts" / "tutorial.py").read_text(encoding="utf-8")
CALL = "train(generator, discriminator, gan_model, latent_dim)"
N_UPDATES, LATENT_DIM, N_BATCH = 30, 5, 128
MEND = "        d_model.trainable = True\n", "        d_model.trainable = False\n"


def models_of(listing):
    keras.utils.set_random_seed(1)
    discriminator = listing["define_discriminator"]()
    generator = listing["define_generator"](LATENT_DIM)
    return generator, discriminator, listing["define_gan"](generator, discriminator)


def without(*lines):
    """Return what the listing defines when these lines of it are left out."""
    source = LISTING
    for line in lines:
        assert source.count(line) == 1, line
        source = source.replace(line, "")
    names = {"__name__": "a copy"}
    exec(source, names)
    return names


def test_it_fits_on_a_page_and_stands_alone():
    assert LISTING.count("\n") <= 100
    assert "import gan1d" not in LISTING
    assert "from gan1d" not in LISTING


@pytest.mark.slow
def test_train_makes_the_same_updates(monkeypatch):
    models = models_of(vars(tutorial))
    keras.utils.set_random_seed(2)  # other weights, so that it is seen that they are set
    ours = gan1d.define_generator(LATENT_DIM), gan1d.define_discriminator()
    for ours_, theirs in zip(ours, models[:2], strict=True):
        ours_.set_weights(theirs.get_weights())
    history = gan1d.train(
        *ours, gan1d.define_gan(*ours), LATENT_DIM, N_UPDATES, N_BATCH, rng=0, plot=False, verbose=0
    )
    assert history.history["update"] == [N_UPDATES]

    real, fake_latent, gan_latent = draw_chunk(draw_seed(0), LATENT_DIM, N_BATCH, SQUARE, 0)
    reals = iter(np.asarray(real))
    latents = itertools.chain.from_iterable(
        zip(np.asarray(fake_latent), np.asarray(gan_latent), strict=True)
    )

    def next_real(n):
        points = next(reals)
        assert len(points) == n
        return points, np.ones((n, 1))

    def next_latent(latent_dim, n):
        points = next(latents)
        assert points.shape == (n, latent_dim)
        return points

    monkeypatch.setattr(tutorial, "generate_real_samples", next_real)
    monkeypatch.setattr(tutorial, "generate_latent_points", next_latent)
    start = [model.get_weights() for model in models[:2]]
    tutorial.train(*models, LATENT_DIM, N_UPDATES, N_BATCH)
    for ours_, theirs, before in zip(ours, models[:2], start, strict=True):
        for found, expected, at_first in zip(
            ours_.get_weights(), theirs.get_weights(), before, strict=True
        ):
            assert np.abs(expected - at_first).max() > 1e-3
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
@pytest.mark.parametrize(
    ("left_out", "by_discriminator", "by_composite"),
    [
        ((), {"discriminator"}, {"generator"}),
        # As the tutorial has it: the discriminator never learns.
        (MEND, set(), {"generator"}),
        # It learns from the composite, too: to take fakes for real.
        (MEND[1:], {"discriminator"}, {"generator", "discriminator"}),
    ],
    ids=["as it is", "without the mend", "with its first line alone"],
)
def test_each_step_trains_its_own_network(left_out, by_discriminator, by_composite):
    listing = without(*left_out)
    generator, discriminator, gan = models_of(listing)
    found = {"discriminator": set(), "composite": set()}

    def weights():
        models = {"generator": generator, "discriminator": discriminator}
        return {
            name: np.concatenate([*map(np.ravel, model.get_weights())])
            for name, model in models.items()
        }

    def watch(name, model):
        train_on_batch = model.train_on_batch

        def watched(*batch):
            before = weights()
            train_on_batch(*batch)
            after = weights()
            found[name] |= {one for one in after if (after[one] != before[one]).any()}

        model.train_on_batch = watched

    watch("discriminator", discriminator)
    watch("composite", gan)
    listing["train"](generator, discriminator, gan, LATENT_DIM, n_epochs=5, n_batch=16)
    assert found == {"discriminator": by_discriminator, "composite": by_composite}


@pytest.mark.slow
def test_it_runs_as_a_program(run_python):
    assert LISTING.count(CALL) == 1
    shorter = LISTING.replace(CALL, CALL[:-1] + ", n_epochs=4, n_eval=2)")
    finished = run_python(shorter, MPLBACKEND="agg", DISPLAY="")
    assert finished.returncode == 0, finished.stderr
    first, *lines = (line.split() for line in finished.stdout.splitlines())
    assert first[0] == "Training:"
    assert [line[0] for line in lines] == ["1", "3"]
    assert all(0 <= float(accuracy) <= 1 for line in lines for accuracy in line[1:])


def test_it_draws_the_tutorial_s_scatter_plot(monkeypatch):
    generator, discriminator, _ = models_of(vars(tutorial))
    colours = []

    def show():
        axes = tutorial.plt.gca()
        colours.append([tuple(points.get_facecolor()[0]) for points in axes.collections])
        assert all(len(points.get_offsets()) == 100 for points in axes.collections)

    monkeypatch.setattr(tutorial.plt, "show", show)
    for epoch in (0, 1):  # the second picture begins empty
        tutorial.summarize_performance(epoch, generator, discriminator, LATENT_DIM)
    assert colours == [[(1, 0, 0, 1), (0, 0, 1, 1)]] * 2
    assert not tutorial.plt.get_fignums()
