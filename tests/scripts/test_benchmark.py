import importlib
import shutil

import keras
import numpy as np
import pytest

from gan1d import define_discriminator, define_gan, define_generator, train
from gan1d.functions import SQUARE
from gan1d.training import draw_chunks, draw_seed


@pytest.mark.parametrize(
    ("peer", "needs"),
    [("numpy_loop", "numpy"), ("torch_loop", "torch"), ("jax_scan", "jax"), ("c_loop", "cc")],
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
    if peer == "torch_loop":  # which adds epsilon elsewhere in Adam than Keras does
        n_updates = 20  # without epsilon, rounding grows faster
        for model in models[1:]:
            model.compile(
                loss="binary_crossentropy", optimizer=keras.optimizers.Adam(epsilon=1e-30)
            )
        for optimizer in (gan.g_optimizer, gan.d_optimizer):
            optimizer.param_groups[0]["eps"] = 1e-30
    train(*models, n_epochs=n_updates, rng=0, verbose=0)
    ((chunk,),) = draw_chunks(5, n_updates, 128, 50, SQUARE, draw_seed(0))
    convert = importlib.import_module("torch").from_numpy if peer == "torch_loop" else np.asarray
    for i in range(n_updates):
        gan.update(*(convert(draws[i]) for draws in chunk[:3]))
    ours = generator.get_weights() + discriminator.get_weights()
    for one, other in zip(ours, gan.weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
