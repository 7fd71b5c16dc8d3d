"""Activation functions and their derivatives, in NumPy, accurate over the whole range of float64.

Each takes an array z of any shape and returns one of the same shape. None overflows: where the
textbook's formula has exp(z), these have `exp(-|z|)`, which is at most 1. What is no array of real
numbers, or no number in the range named, is a `TypeError` or `ValueError`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from logreg._checks import real_array, real_number


def sigmoid(z: npt.ArrayLike) -> np.ndarray:
    """1 / (1 + exp(-z)), in [0, 1].

    Example:
        >>> sigmoid([-1000.0, 0.0])
        array([0. , 0.5])
    """
    z = real_array("z", z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_derivative(z: npt.ArrayLike) -> np.ndarray:
    """sigmoid(z) (1 - sigmoid(z)), in [0, 1/4].

    Example:
        >>> sigmoid_derivative([0.0])
        array([0.25])
    """
    z = real_array("z", z)
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z: npt.ArrayLike) -> np.ndarray:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z)), in [-1, 1].

    Example:
        >>> tanh([0.0, 1000.0])
        array([0., 1.])
    """
    return np.tanh(real_array("z", z))


def tanh_derivative(z: npt.ArrayLike) -> np.ndarray:
    """1 - tanh(z)², in [0, 1]; tanh is 2 sigmoid(2 z) - 1.

    Example:
        >>> tanh_derivative([0.0])
        array([1.])
    """
    z = real_array("z", z)
    return 4 * sigmoid_derivative(2 * np.clip(z, -1000, 1000))  # 0 from far below 1000 on


def relu(z: npt.ArrayLike) -> np.ndarray:
    """max(0, z).

    Example:
        >>> relu([-2.0, 3.0])
        array([0., 3.])
    """
    return np.maximum(real_array("z", z), 0)


def relu_derivative(z: npt.ArrayLike) -> np.ndarray:
    """1 where z > 0, else 0; at z = 0, where there is none, 0 as in Keras.

    Example:
        >>> relu_derivative([-2.0, 3.0])
        array([0., 1.])
    """
    z = real_array("z", z)
    return (z > 0).astype(z.dtype)


def leaky_relu(z: npt.ArrayLike, negative_slope: float = 0.2) -> np.ndarray:
    """z where z > 0, else negative_slope z; the slope is in (0, 1].

    Example:
        >>> leaky_relu([-2.0, 3.0])
        array([-0.4,  3. ])
    """
    negative_slope = real_number("negative_slope", negative_slope, 0, 1, open_low=True)
    z = real_array("z", z)
    return np.where(z > 0, z, negative_slope * np.minimum(z, 0))


def leaky_relu_derivative(z: npt.ArrayLike, negative_slope: float = 0.2) -> np.ndarray:
    """1 where z > 0, else negative_slope, in (0, 1].

    Example:
        >>> leaky_relu_derivative([-2.0, 3.0])
        array([0.2, 1. ])
    """
    negative_slope = real_number("negative_slope", negative_slope, 0, 1, open_low=True)
    z = real_array("z", z)
    return np.where(z > 0, 1, np.asarray(negative_slope, z.dtype))


def elu(z: npt.ArrayLike, alpha: float = 1.0) -> np.ndarray:
    """z where z > 0, else alpha (exp(z) - 1); alpha is at least 0.

    Example:
        >>> elu([-1000.0, 3.0])
        array([-1.,  3.])
    """
    alpha = real_number("alpha", alpha, 0, math.inf)
    z = real_array("z", z)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def elu_derivative(z: npt.ArrayLike, alpha: float = 1.0) -> np.ndarray:
    """1 where z > 0, else alpha exp(z); alpha is at least 0.

    Example:
        >>> elu_derivative([-1000.0, 3.0])
        array([0., 1.])
    """
    alpha = real_number("alpha", alpha, 0, math.inf)
    z = real_array("z", z)
    return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))


def softplus(z: npt.ArrayLike) -> np.ndarray:
    """log(1 + exp(z)), a smooth relu; its derivative is the sigmoid.

    Example:
        >>> softplus([-1000.0, 1000.0])
        array([   0., 1000.])
    """
    z = real_array("z", z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_derivative(z: npt.ArrayLike) -> np.ndarray:
    """sigmoid(z).

    Example:
        >>> softplus_derivative([0.0])
        array([0.5])
    """
    return sigmoid(z)


def softmax(z: npt.ArrayLike) -> np.ndarray:
    """exp(z) / sum of exp(z) over the last axis, each row a distribution; NaN if z is infinite.

    Example:
        >>> softmax([1000.0, 1000.0])
        array([0.5, 0.5])
    """
    z = real_array("z", z)
    with np.errstate(over="ignore", invalid="ignore"):  # a difference may be -inf, its exp then 0
        e = np.exp(z - np.max(z, axis=-1, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=-1, keepdims=True)
