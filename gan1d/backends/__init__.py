"""What an update needs of TensorFlow, JAX or PyTorch: a class `Backend` in a module each.

It is the part of a `Trainer` (gan1d/trainer.py) that differs between them:

- `take(n_updates, *draws)` calls the trainer's `chunk`, as `compile()` made it;
- `step(values, draws)` makes one update of it;
- `minimize(model, loss)` goes a step down a gradient: here a weight changes.

On JAX, what is compiled is a function of the variables' `values`, which returns new ones:
`minimize` changes these, and `take` assigns them to the variables at the end of a chunk.
"""

import importlib

import keras

BACKENDS = ("tensorflow", "jax", "torch")

if keras.config.backend() not in BACKENDS:
    raise ImportError(
        f"gan1d runs on the Keras backends {', '.join(BACKENDS)}, not on "
        f"{keras.config.backend()}: set the environment variable KERAS_BACKEND"
    )
Backend = importlib.import_module(f"{__name__}.{keras.config.backend()}").Backend
