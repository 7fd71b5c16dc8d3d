"""How an update is made fast: a chunk of updates is drawn ahead, and taken in one compiled call.

The tutorial's update is four calls into Keras, a twentieth of a second. Here it travels so:

1. `Engine.fit` (engine.py) has the samples of 100 updates drawn (draws.py) in a thread, ahead.
2. It hands them to the compiled call, and its results to the callbacks.
3. The call is one loop over the 100 updates, and `minimize`, a step down a gradient: all that
   depends on the Keras backend, in tensorflow.py, jax.py and torch.py.
4. The recipe's `update` (gan1d/recipes.py) is what one update does. The losses of "stable" are
   there; "tutorial" takes those that the models were compiled with, the discriminator by
   `define_discriminator` and the composite by `define_gan`.
"""

import importlib

import keras

BACKENDS = ("tensorflow", "jax", "torch")

if keras.config.backend() not in BACKENDS:
    raise ImportError(
        f"gan1d runs on the Keras backends {', '.join(BACKENDS)}, not on "
        f"{keras.config.backend()}: set the environment variable KERAS_BACKEND"
    )
compile_chunk = importlib.import_module(f"{__name__}.{keras.config.backend()}").compile_chunk
