import keras
import numpy as np
import pytest

from logreg import activations
from logreg.keras_model import default_float

NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus")
EPS = np.finfo(np.float64).eps
Z = np.unique(
    np.concatenate(
        [np.linspace(-1000, 1000, 4001), np.linspace(-40, 40, 8001), np.geomspace(1e-300, 1, 301)]
    )
)


# Keras keeps leaky_relu's slope in float32, where 0.2 is another number.
OPTIONS = {"leaky_relu": {"negative_slope": 0.25}, "elu": {"alpha": 1.5}}


def with_gradient(name, z):
    """Return Keras's activation and its automatic derivative, in float64."""

    def function(z):
        return getattr(keras.activations, name)(z, **OPTIONS.get(name, {}))

    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        z = tf.constant(z)
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = function(z)
        return value.numpy(), tape.gradient(value, z).numpy()
    if keras.config.backend() == "jax":
        import jax

        with jax.enable_x64(True):
            value, derivative = jax.vmap(jax.value_and_grad(function))(z)
        return np.asarray(value), np.asarray(derivative)
    import torch

    z = torch.tensor(z, requires_grad=True)
    value = function(z)
    value.sum().backward()
    return value.detach().numpy(), z.grad.numpy()


def comparable(name):
    """Return those of Z for which Keras's function is as exact as float64 on this backend."""
    match keras.config.backend(), name:
        case "jax", "tanh":
            pytest.skip("Keras 3.15 computes it in float32 on JAX")
        case "jax", "leaky_relu":
            return Z[Z != 0]  # the derivative there is a convention, and JAX's is 1
        case "jax", "softplus":
            return Z[Z < 16]  # the derivative is exp(z - softplus(z)), off by eps z / 2
        case "torch", "softplus":
            return Z[Z < 20]  # from there on PyTorch takes it for z
    return Z


@pytest.mark.parametrize("name", NAMES)
def test_functions_and_derivatives_are_keras_s(name):
    """Both round in their own way: a few units in the last place of a number of size 1.

    So near, Keras is not exact itself: its elu is exp(z) - 1, its derivatives are s (1 - s) for the
    sigmoid and 1 - t² for tanh, which near t = 1 is off by as much as 7 eps.
    """
    z = comparable(name)
    value, derivative = with_gradient(name, z)
    options = OPTIONS.get(name, {})
    ours = getattr(activations, name)(z, **options)
    np.testing.assert_allclose(ours, value, rtol=4 * EPS, atol=4 * EPS)
    ours = getattr(activations, f"{name}_derivative")(z, **options)
    np.testing.assert_allclose(ours, derivative, rtol=4 * EPS, atol=8 * EPS)


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        # To 19 digits, by Python's decimal module; far out every digit of the tail counts.
        ("sigmoid", {-700: 9.859676543759770857e-305, -40: 4.248354255291588977e-18, 40: 1.0}),
        ("sigmoid_derivative", {40: 4.248354255291588959e-18, -40: 4.248354255291588959e-18}),
        ("tanh_derivative", {20: 1.699341702116635584e-17, -20: 1.699341702116635584e-17}),
        ("softplus", {-40: 4.248354255291588986e-18, 1000: 1000.0}),
        ("elu", {1e-20: 1e-20, -1e-20: -1e-20, -50: -1.0}),
    ],
)
def test_the_tails_are_right_to_the_last_digits(name, exact):
    z = np.array(list(exact), float)
    expected = np.array(list(exact.values()))
    np.testing.assert_allclose(getattr(activations, name)(z), expected, rtol=4 * EPS)


def test_softmax_is_keras_s():
    z = np.random.default_rng(0).normal(0, 300, (50, 7))
    with default_float("float64"):
        tensor = keras.ops.convert_to_tensor(z, "float64")
        value = keras.ops.convert_to_numpy(keras.activations.softmax(tensor))
    np.testing.assert_allclose(activations.softmax(z), value, rtol=4 * EPS, atol=4 * EPS)
    np.testing.assert_allclose(activations.softmax([1e308, 0, -1e308]), [1, 0, 0])


@pytest.mark.parametrize("name", [*NAMES, "softmax", *(f"{name}_derivative" for name in NAMES)])
def test_no_input_overflows_and_types_and_shapes_are_kept(name):
    function = getattr(activations, name)
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(function(np.array([-1e307, -1.0, -0.0, 0.0, 5e-324, 1e307]))).all()
    assert function(np.zeros((2, 3), np.float32)).shape == (2, 3)
    assert function(np.zeros((2, 3), np.float32)).dtype == np.float32


@pytest.mark.parametrize("z", ["", ["a"], 1j, object(), [[1], [1, 2]]])
def test_what_is_no_array_of_numbers_is_refused(z):
    with pytest.raises(TypeError, match="z must be an array of numbers"):
        activations.sigmoid(z)


def test_the_softmax_of_an_infinity_is_nan_without_a_warning():
    assert np.isnan(activations.softmax([np.inf, 0.0])).all()
