"""The layers that both networks have: ReLU units, and what scales points to a function's range."""

import keras

from gan1d._checks import layer_sizes, random_source


def hidden_layers(hidden, *, spread=False, rng=None):
    """Return ReLU layers of so many units each, and the seed of the layer that comes next.

    Args:
        hidden: the units of each layer.
        spread: whether the units' kinks shall start all over the range [-1, 1] of their inputs:
            then their biases start uniform in it. Else they start at 0, as the tutorial has it.
        rng: what the seeds of the initial weights are drawn from; None to leave them to Keras.
    """
    hidden = layer_sizes("hidden", hidden)
    rng = rng if rng is None else random_source(rng)
    *seeds, next_seed = drawn_seeds(rng, len(hidden) + 1)
    biases = ["zeros"] * len(hidden)
    if spread:
        bias_seeds = drawn_seeds(rng, len(hidden))
        biases = [keras.initializers.RandomUniform(-1, 1, seed) for seed in bias_seeds]
    names = [f"hidden_{i + 1}" for i in range(len(hidden))] if len(hidden) > 1 else ["hidden"]
    layers = [
        keras.layers.Dense(
            units,
            activation="relu",
            kernel_initializer=keras.initializers.HeUniform(seed),
            bias_initializer=bias,
            name=name,
        )
        for units, seed, bias, name in zip(hidden, seeds, biases, names, strict=True)
    ]
    return layers, next_seed


def drawn_seeds(rng, n):
    """Return n seeds for Keras's initialisers, drawn from `rng`, or None for each if it is None."""
    if rng is None:
        return [None] * n
    return [int.from_bytes(rng.bytes(4), "little") for _ in range(n)]


def rescaling(scale, offset, name):
    """Return a layer without weights: scale * x + offset, in float32."""
    return keras.layers.Rescaling(scale.tolist(), offset.tolist(), dtype="float32", name=name)
