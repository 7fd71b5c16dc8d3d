"""What depends on the Keras backend: the loop over a chunk of updates, and taking gradients.

One module a backend, each with

- `Trainer`, a base class of `GAN`: the loop, `train_step`, and the gradient step, `minimize`;
- `JIT_COMPILE`, whether Keras is to compile `train_step`.

Those of the backend that Keras runs on are found here.
"""

import importlib

import keras

BACKENDS = ("tensorflow", "jax", "torch")

if keras.config.backend() not in BACKENDS:
    raise ImportError(
        f"gan1d runs on the Keras backends {', '.join(BACKENDS)}, not on "
        f"{keras.config.backend()}: set the environment variable KERAS_BACKEND"
    )
_backend = importlib.import_module(f"{__name__}.{keras.config.backend()}")
Trainer = _backend.Trainer
JIT_COMPILE = _backend.JIT_COMPILE
