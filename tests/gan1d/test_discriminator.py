import keras
import numpy as np
import pytest

from gan1d import (
    define_discriminator,
    generate_random_samples,
    generate_real_samples,
    train_discriminator,
)


def test_the_network_is_the_tutorial_s():
    model = define_discriminator()
    hidden, output = model.layers
    assert (hidden.units, hidden.activation) == (25, keras.activations.relu)
    assert isinstance(hidden.kernel_initializer, keras.initializers.HeUniform)
    assert (output.units, output.activation) == (1, keras.activations.sigmoid)
    assert [layer.count_params() for layer in model.layers] == [75, 26]
    assert model.count_params() == 101
    assert model.loss == "binary_crossentropy"
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.input_shape == (None, 2)
    assert define_discriminator(3).input_shape == (None, 3)


def test_random_samples_are_the_tutorial_s_from_the_global_state():
    np.random.seed(7)  # noqa: NPY002
    X, y = generate_random_samples(50)
    np.random.seed(7)  # noqa: NPY002
    expected = -1 + np.random.rand(100) * 2  # noqa: NPY002
    np.testing.assert_array_equal(X, expected.reshape(50, 2).astype(np.float32))
    assert y.shape == (50, 1)
    assert (y == 0).all()


def test_trained_alone_it_tells_the_curve_from_noise(capsys):
    keras.utils.set_random_seed(0)
    model = define_discriminator()
    seen = []
    history = train_discriminator(
        model,
        rng=0,
        callbacks=keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: seen.append(epoch)),
    )
    assert len(history.history["accuracy"]) == 1000
    assert seen == list(range(1000))
    assert int(model.optimizer.iterations) == 2000
    real, _ = generate_real_samples(1000, rng=1)
    random, _ = generate_random_samples(1000, rng=1)
    probability = [np.mean(model.predict(X, verbose=0) > 0.5) for X in (real, random)]
    # Random points fall near the curve too. Measured at the seeds 0 to 7: of the real points 1.000
    # are taken for real, of the random ones 0.124 to 0.142.
    assert probability[0] > 0.99
    assert probability[1] < 0.2
    assert "1000/1000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_batch": 1}, ValueError, "n_batch must be at least 2"),
        ({"n_epochs": 2.5}, TypeError, "n_epochs must be a whole number"),
        ({"model": "?"}, TypeError, "model must be a Keras model"),
        ({"model": define_discriminator(3)}, ValueError, r"model must take samples \(x, y\)"),
        (
            {"model": keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])},
            ValueError,
            "model must be compiled",
        ),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        train_discriminator(**{"model": define_discriminator()} | arguments)
