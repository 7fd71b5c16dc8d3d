"""The layers that both networks have: hidden units, what scales points to a function's range, and
waves for curves of many turns.
"""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np

from gan1d._checks import Rng, layer_sizes, random_source

FREQUENCIES = (1, 2, 4)
STRETCH = 3


def hidden_layers(
    hidden: Iterable[int], *, spread: bool = False, leaky: bool = False, rng: Rng = None
) -> tuple[list[keras.Layer], int | None]:
    """Return layers of so many ReLU units each, and the seed of the layer that comes next.

    Args:
        hidden: the units of each layer.
        spread: whether the units' kinks shall start all over the range [-1, 1] of their inputs:
            then their biases start uniform in it. Else they start at 0, as the tutorial has it.
        leaky: whether all but the first let a fifth of what is below 0 through.
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
            activation="leaky_relu" if leaky and i else "relu",
            kernel_initializer=keras.initializers.HeUniform(seed),
            bias_initializer=bias,
            name=name,
        )
        for i, (units, seed, bias, name) in enumerate(
            zip(hidden, seeds, biases, names, strict=True)
        )
    ]
    return layers, next_seed


def drawn_seeds(rng, n):
    """Return n seeds for Keras's initialisers, drawn from `rng`, or None for each if it is None."""
    if rng is None:
        return [None] * n
    return [int.from_bytes(rng.bytes(4), "little") for _ in range(n)]


def coordinates(function, fourier=False):
    """Return the centre of the samples and the scale of the networks' coordinates, (d,) each.

    Every axis is [-1, 1]; of a curve of many turns x is [-3, 3], so that a turn is nearer to 1.
    """
    scale = np.array(function.half_range)
    if fourier:
        scale[0] /= STRETCH
    return function.centre, scale


def rescaling(scale, offset, name):
    """Return a layer without weights: scale * x + offset, in float32 at least."""
    dtype = keras.backend.result_type(keras.config.dtype_policy().variable_dtype, "float32")
    return keras.layers.Rescaling(scale.tolist(), offset.tolist(), dtype=dtype, name=name)


def with_waves(x):
    """Return coordinates, and behind them sin πkx and cos πkx of the first one, k = 1, 2, 4.

    Of these a network of few units makes a curve of many turns (Tancik et al. 2020, "Fourier
    features let networks learn high frequency functions in low dimensional domains").
    """
    first = keras.layers.Concatenate(name="repeated")([x[:, :1]] * len(FREQUENCIES))
    factors = np.pi * np.array(FREQUENCIES)
    angles = rescaling(factors, np.zeros(len(factors)), "angles")(first)
    waves = [x, keras.ops.sin(angles), keras.ops.cos(angles)]
    return keras.layers.Concatenate(name="with_waves")(waves)
