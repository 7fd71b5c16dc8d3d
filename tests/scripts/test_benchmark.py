import importlib
import json
import shutil

import keras
import numpy as np
import pytest

from gan1d import define_discriminator, define_gan, define_generator, train
from gan1d.draws import draw_chunk, draw_seed
from gan1d.functions import SQUARE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("peer", "needs"),
    [("numpy_loop", "numpy"), ("jax_scan", "jax"), ("c_loop", "cc")],
)
def test_a_peer_makes_the_same_updates(peer, needs):
    if peer == "c_loop" and not shutil.which(needs):
        pytest.skip("needs a C compiler")
    elif peer != "c_loop":
        pytest.importorskip(needs)
    keras.utils.set_random_seed(0)
    generator, discriminator = define_generator(), define_discriminator()
    gan = importlib.import_module(peer).Gan(generator.get_weights(), discriminator.get_weights())
    models = generator, discriminator, define_gan(generator, discriminator)
    n_updates = 50
    train(*models, n_epochs=n_updates, rng=0, verbose=0)
    chunk = draw_chunk(draw_seed(0), 5, 128, SQUARE, 0)
    chunk = [keras.ops.convert_to_numpy(draws) for draws in chunk]
    for i in range(n_updates):
        gan.update(*(draws[i] for draws in chunk))
    ours = generator.get_weights() + discriminator.get_weights()
    for one, other in zip(ours, gan.weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


def test_peers_take_turns(capsys, tmp_path):
    import benchmark

    peers = (
        benchmark.Peer("one", ("numpy_loop.py",), 20),
        benchmark.Peer("C", ("c_loop.py", "-O3"), 200, "cc"),
        benchmark.Peer("another", ("numpy_loop.py",), 10, "no_such_package"),
    )
    times = benchmark.side_by_side(peers, 3, "update")
    printed = capsys.readouterr().out
    assert "another" not in times
    assert "another                         skipped: there is no no_such_package" in printed
    assert all(len(its) == 3 and min(its) > 0 for its in times.values())
    figure = benchmark.plot_side_by_side({"gan": times})
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [*times]
    with pytest.raises(ChildProcessError, match=r"logreg_fit\.py x failed: ValueError: invalid"):
        benchmark.Running(benchmark.Peer("bad", ("logreg_fit.py", "x"), 1))


@pytest.mark.thorough
def test_the_whole_benchmark(run_python, tmp_path):
    finished = run_python("scripts/benchmark.py", "--rounds", "1", timeout=900)
    assert finished.returncode == 0, finished.stderr
    found = json.loads((tmp_path / "outputs/benchmark/benchmark.json").read_text())
    assert set(found) == {"machine", "rounds", "gan", "logreg"}
    assert {"gan1d", "the tutorial's loop", "NumPy, by hand"} <= set(found["gan"])
