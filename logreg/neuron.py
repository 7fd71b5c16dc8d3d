"""An artificial neuron: weighted sum, bias, activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng, positive_int, random_source
from logreg._checks import features, real_array
from logreg.activations import sigmoid


class Neuron:
    """One unit: activation(weights · x + bias). It only computes; nothing trains it.

    Args:
        num_inputs: how many numbers it takes, at least 1.
        activation: a function of an array, such as those of `logreg.activations`.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Attributes:
        weights: (num_inputs,), drawn standard normal.
        bias: a float, 0.

    Example:
        >>> neuron = Neuron(2)
        >>> neuron.weights, neuron.bias = np.array([1.0, -1.0]), 0.5
        >>> float(neuron.forward([2.0, 2.5]))
        0.5
    """

    def __init__(
        self,
        num_inputs: int,
        activation: Callable[[np.ndarray], np.ndarray] = sigmoid,
        *,
        rng: Rng = None,
    ) -> None:
        self.num_inputs = positive_int("num_inputs", num_inputs)
        if not callable(activation):
            raise TypeError(f"activation must be a function, got {activation!r}")
        self.activation = activation
        self.weights = random_source(rng).standard_normal(num_inputs)
        self.bias = 0.0

    def forward(self, x: npt.ArrayLike) -> np.ndarray | Any:  # a number, for one input
        """Return the activation for one input, or for each of a batch.

        Args:
            x: (num_inputs,) or (m, num_inputs), finite numbers.

        Returns:
            A number, or (m,).

        Raises:
            TypeError, ValueError: for another shape, or what is not finite numbers.
        """
        batch = features("x", np.atleast_2d(real_array("x", x)), self.num_inputs)
        output = self.activation(batch @ self.weights + self.bias)
        return output[0] if np.ndim(x) == 1 else output
