"""How an update is made fast: a chunk of updates is drawn ahead, and taken in one compiled call.

The tutorial's update is three calls into Keras, a fiftieth of a second. Here it travels so:

1. `train` (in gan1d/training.py) draws the samples of 100 updates, in a thread, as NumPy arrays.
2. `Engine.fit` (engine.py) hands them to the compiled call, and its results to the callbacks.
3. The call is one loop over the 100 updates, and `minimize`, a step down a gradient: all that
   depends on the Keras backend, in tensorflow.py, jax.py and torch.py.
4. What one update is, and by which losses, says the recipe's `update` (gan1d/recipes.py): to
   change a loss is to change it there.
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
