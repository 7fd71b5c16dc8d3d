"""Activation functions and their derivatives, in NumPy, accurate over the whole range of float64.

Each takes an array z of any shape and returns one of the same shape. None overflows: where the
textbook's formula has exp(z), these have exp(-|z|), which is at most 1.
"""

import numpy as np


def sigmoid(z):
    """1 / (1 + exp(-z)), in [0, 1]."""
    e = np.exp(-np.abs(z))
    return np.where(np.greater_equal(z, 0), 1, e) / (1 + e)


def sigmoid_derivative(z):
    """sigmoid(z) (1 - sigmoid(z)), in [0, 1/4]."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z):
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z)), in [-1, 1]."""
    return np.tanh(z)


def tanh_derivative(z):
    """1 - tanh(z)², in [0, 1]; tanh is 2 sigmoid(2 z) - 1."""
    return 4 * sigmoid_derivative(2 * np.asarray(z))


def relu(z):
    """max(0, z)."""
    return np.maximum(z, 0)


def relu_derivative(z):
    """1 where z > 0, else 0; at z = 0, where there is none, 0 as in Keras."""
    return np.greater(z, 0).astype(np.result_type(z, np.float32))


def leaky_relu(z, negative_slope=0.2):
    """z where z > 0, else negative_slope z."""
    return np.where(np.greater(z, 0), z, negative_slope * np.asarray(z))


def leaky_relu_derivative(z, negative_slope=0.2):
    """1 where z > 0, else negative_slope."""
    return np.where(np.greater(z, 0), 1, np.asarray(negative_slope, np.result_type(z, np.float32)))


def elu(z, alpha=1.0):
    """z where z > 0, else alpha (exp(z) - 1)."""
    return np.where(np.greater(z, 0), z, alpha * np.expm1(np.minimum(z, 0)))


def elu_derivative(z, alpha=1.0):
    """1 where z > 0, else alpha exp(z)."""
    return np.where(np.greater(z, 0), 1, alpha * np.exp(np.minimum(z, 0)))


def softplus(z):
    """log(1 + exp(z)), a smooth relu; its derivative is the sigmoid."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_derivative(z):
    """sigmoid(z)."""
    return sigmoid(z)


def softmax(z):
    """exp(z) / sum of exp(z) over the last axis: each row is a distribution."""
    with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, and its exp 0
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
