import keras
import numpy as np
import pytest

from gan1d import define_generator, generate_fake_samples, generate_latent_points


def test_the_network_is_the_tutorial_s():
    model = define_generator()
    hidden, output = model.layers
    assert (hidden.units, hidden.activation) == (15, keras.activations.relu)
    assert isinstance(hidden.kernel_initializer, keras.initializers.HeUniform)
    assert (output.units, output.activation) == (2, keras.activations.linear)
    assert model.count_params() == 122
    assert (model.input_shape, model.output_shape) == ((None, 5), (None, 2))
    assert define_generator(3, 4).output_shape == (None, 4)


def test_latent_points_are_the_tutorial_s_from_the_global_state():
    np.random.seed(7)  # noqa: NPY002
    points = generate_latent_points(5, 30)
    np.random.seed(7)  # noqa: NPY002
    expected = np.random.randn(150).reshape(30, 5)  # noqa: NPY002
    np.testing.assert_array_equal(points, expected.astype(np.float32))


@pytest.mark.parametrize("rng", [0, np.random.RandomState(0)])
def test_latent_points_are_standard_normal(rng):
    points = generate_latent_points(5, 20_000, rng=rng)
    assert points.shape == (20_000, 5)
    assert points.dtype == np.float32
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.04)
    np.testing.assert_allclose(np.cov(points.T), np.eye(5), atol=0.06)


def test_fake_samples_are_what_the_generator_makes_of_latent_points():
    generator = define_generator()
    X, y = generate_fake_samples(generator, 5, 20, rng=1)
    latent_points = generate_latent_points(5, 20, rng=1)
    np.testing.assert_allclose(X, generator.predict(latent_points, verbose=0), atol=1e-6)
    assert X.shape == (20, 2)
    assert (y == np.zeros((20, 1))).all()


@pytest.mark.parametrize("value", [0, 2.5, True])
@pytest.mark.parametrize("name", ["latent_dim", "n"])
def test_bad_numbers(name, value):
    error = TypeError if value in (2.5, True) else ValueError
    with pytest.raises(error, match=f"{name} must be"):
        generate_latent_points(**{"latent_dim": 5, "n": 10} | {name: value})


def test_a_generator_of_other_dimensions():
    with pytest.raises(ValueError, match=r"latent_dim must be what generator takes.*got 4"):
        generate_fake_samples(define_generator(5), 4, 10)
