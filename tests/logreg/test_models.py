import keras
import numpy as np
import pandas
import pytest
from hypothesis import given, strategies as st

from logreg import (
    LogisticRegressionNN,
    Neuron,
    activations,
    compare,
    define_logistic_regression,
    sample_data,
)
from logreg.keras_model import default_float

# Of float64 weights, after steps of at most 0.01 (and 0.5). Keras 3.15 does some sums in float32 on
# JAX and PyTorch: measured there are 2e-8 (3.4e-8) of weights, 3e-8 (2.3e-7) of probabilities.
EXACT = keras.config.backend() == "tensorflow"


def test_the_notebook_s_numbers():
    np.random.seed(0)  # noqa: NPY002
    X, y = sample_data()
    model = LogisticRegressionNN(2)
    assert (model.weights.shape, model.bias.tolist()) == ((2, 1), [[0.0]])
    assert model.compute_cost(X, y) == pytest.approx(0.893624983899058, abs=1e-14)
    costs = model.train(X, y)
    assert model.compute_cost(X, y) == pytest.approx(0.28594944433966396, abs=1e-14)
    assert (len(costs), costs[-1]) == (1001, model.compute_cost(X, y))
    assert np.mean(model.predict(X) == y) == 0.98
    assert model.predict(np.array([[1, 2], [-1, -2]])).ravel().tolist() == [1, 0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_probability_that_equals_the_threshold_predicts_1(dtype):
    """As the notebook has it, (A >= threshold); so 0 predicts all 1, and 1 what is certain."""
    model = LogisticRegressionNN(1, dtype=dtype, rng=0)
    model.weights[:] = 1
    X = [[-1000.0], [0.0], [1000.0]]
    assert model.forward(X).ravel().tolist() == [0, 0.5, 1]
    for threshold, expected in ((0.5, [0, 1, 1]), (0, [1, 1, 1]), (1, [0, 0, 1])):
        assert model.predict(X, threshold).ravel().tolist() == expected
    for threshold in model.forward([[0.3]]).ravel():
        assert model.predict([[0.3]], float(threshold)) == 1
    # Rows of 0 leave weights that are 0, and the bias does not move on two of each class.
    zeros = {"X": np.zeros((4, 1)), "y": [0, 1, 0, 1], "epochs": 1, "dtype": dtype}
    comparison = compare(**zeros, threshold=0.5)
    for trained in (comparison.numpy, comparison.keras):
        assert trained.probabilities.ravel().tolist() == [0.5] * 4
        assert trained.predictions.ravel().tolist() == [1] * 4
    with default_float(dtype):
        # The last is what Keras counts as right by itself.
        _, accuracy = comparison.keras.model.evaluate(
            np.zeros((1, 1), dtype), np.ones((1, 1), dtype), verbose=0
        )
    assert accuracy == 1


@given(st.integers(1, 20), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_gradients_are_central_differences(m, n, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(0, 2, (m, n)), rng.integers(0, 2, (m, 1))
    model = LogisticRegressionNN(n, rng=rng)
    dw, db = model.compute_gradients(X, y)
    assert (dw.shape, db.shape) == ((n, 1), (1, 1))
    h = 1e-5
    for parameter, gradient in ((model.weights, dw), (model.bias, db)):
        for i in range(len(parameter)):
            costs = []
            for step in (h, -2 * h, h):
                parameter[i, 0] += step
                costs.append(model.compute_cost(X, y))
            difference = (costs[0] - costs[1]) / (2 * h)
            assert gradient[i, 0] == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_gradients_are_keras_s():
    """One step of plain gradient descent at rate 1 moves the weights by the gradient."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 2, (40, 1))
    model = LogisticRegressionNN(3, rng=rng)
    with default_float("float64"):
        theirs = define_logistic_regression(3, learning_rate=1.0, dtype="float64")
        theirs.set_weights([model.weights, model.bias[0]])
        theirs.train_on_batch(X, y)
        kernel, bias = theirs.get_weights()
    dw, db = model.compute_gradients(X, y)
    tolerance = 1e-15 if EXACT else 1e-7
    np.testing.assert_allclose(model.weights - kernel, dw, atol=tolerance)
    np.testing.assert_allclose(-bias, db[0], atol=tolerance)


def test_the_cost_is_right_where_the_textbook_overflows():
    """softplus(z) is z + exp(-z) - ... for a wrong answer, exp(-z) for a right one."""
    model = LogisticRegressionNN(1, rng=0)
    model.weights[:] = 1
    for z, y, expected in (
        (800.0, 0, 800.0),
        (-800.0, 1, 800.0),
        (40.0, 1, 4.248354255291588986e-18),
    ):
        assert model.compute_cost([[z]], [y]) == pytest.approx(expected, rel=1e-12, abs=0)


def test_the_cost_is_keras_s():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(30, 2)), rng.integers(0, 2, (30, 1))
    model = LogisticRegressionNN(2, rng=2)
    logits = X @ model.weights + model.bias
    with default_float("float64"):
        # The mean is NumPy's: Keras's own is in float32 on JAX.
        theirs = keras.ops.binary_crossentropy(y.astype(float), logits, from_logits=True)
        theirs = keras.ops.convert_to_numpy(theirs).mean()
    assert model.compute_cost(X, y) == pytest.approx(theirs, rel=1e-12)


def test_the_keras_model_is_one_sigmoid_unit():
    model = define_logistic_regression(3, learning_rate=0.25)
    (layer,) = model.layers
    assert (layer.units, layer.activation) == (1, keras.activations.sigmoid)
    assert model.count_params() == 4
    assert isinstance(model.optimizer, keras.optimizers.SGD)
    assert float(model.optimizer.learning_rate) == 0.25
    model = define_logistic_regression(3, dtype="float64")
    assert {str(v.dtype) for v in model.weights} == {"float64"}
    assert float(model.optimizer.learning_rate) == 0.01  # not float32's


def test_keras_s_defaults_stay_as_they_were():
    policy = keras.config.dtype_policy()
    define_logistic_regression(3, dtype="float64")
    assert keras.config.floatx() == "float32"
    assert keras.config.dtype_policy() == policy
    assert keras.layers.Dense(1).dtype == "float32"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_keras_and_numpy_agree_after_a_thousand_epochs(dtype):
    # In float64 a weight above 1 has its last place at 2.2e-16.
    tolerance = {"float64": 1e-15 if EXACT else 1e-7, "float32": 1e-6}[dtype]
    np.random.seed(0)  # noqa: NPY002
    X, y = sample_data()
    comparison = compare(X, y, dtype=dtype)
    for name in ("costs", "weights", "bias", "probabilities"):
        assert comparison.differences[name] <= tolerance
        ours, theirs = (getattr(t, name) for t in (comparison.numpy, comparison.keras))
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype == (np.float64 if name == "costs" else dtype)
    assert (comparison.numpy.predictions == comparison.keras.predictions).all()
    assert comparison.numpy.accuracy == comparison.keras.accuracy == 0.98
    assert set(range(0, 1001, 50)) <= set(comparison.epochs.tolist())
    assert int(comparison.keras.model.optimizer.iterations) == 1000
    assert comparison.numpy.costs[0] == pytest.approx(0.893624983899058, abs=10 * tolerance)
    # The last cost is what Keras itself says of its model.
    with default_float(dtype):
        cost, accuracy = comparison.keras.model.evaluate(X.astype(dtype), y, verbose=0)
    assert cost == pytest.approx(comparison.keras.costs[-1], rel=1e-6)
    assert accuracy == pytest.approx(0.98)


@pytest.mark.parametrize("epochs", [1, 49, 50, 51, 123])
def test_any_number_of_epochs(epochs):
    X, y = sample_data(30, rng=1)
    comparison = compare(X, y, epochs=epochs, learning_rate=0.5, rng=2)
    assert comparison.epochs[-1] == epochs
    assert int(comparison.keras.model.optimizer.iterations) == epochs
    assert len(comparison.numpy.costs) == len(comparison.keras.costs) == len(comparison.epochs)
    assert max(comparison.differences.values()) <= (1e-14 if EXACT else 1e-6)
    again = compare(X, y, epochs=epochs, learning_rate=0.5, rng=2)
    np.testing.assert_array_equal(again.keras.weights, comparison.keras.weights)


@pytest.mark.parametrize("scale", [1e100, 1e200, 1e307])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_numbers_that_are_too_large_are_an_error_and_not_nan(scale):
    X, y = sample_data(20, rng=0)
    try:
        comparison = compare(X * scale, y, epochs=20, rng=0)
    except FloatingPointError as error:
        assert "X" in str(error)  # noqa: PT017
    except RuntimeError as error:  # PyTorch's own, of a probability that is NaN
        assert keras.config.backend() == "torch"
        assert "between 0 and 1" in str(error)  # noqa: PT017
    else:
        for trained in (comparison.numpy, comparison.keras):
            for array in (trained.weights, trained.bias, trained.probabilities):
                assert np.isfinite(array).all()


def test_keras_s_weights_that_are_no_numbers_are_an_error(monkeypatch):
    nan = [np.full((2, 1), np.nan), np.zeros((1, 1))]
    monkeypatch.setattr(
        "logreg.comparison.train_keras", lambda *args: (np.array([0, 1]), [nan, nan])
    )
    with pytest.raises(FloatingPointError, match="X is too large for Keras"):
        compare(*sample_data(rng=0), epochs=1)


def test_weights_that_would_overflow_stay_as_they_were():
    model = LogisticRegressionNN(2, rng=0)
    before = model.weights
    with pytest.raises(FloatingPointError, match=r"learning_rate 1e\+30 is too large .* epoch 1"):
        model.train([[1e300, 1], [1, -1e300]], [0, 1], learning_rate=1e30)
    np.testing.assert_array_equal(model.weights, before)


def test_a_neuron_computes_one_input_or_a_batch():
    neuron = Neuron(3, activations.tanh, rng=0)
    expected = np.random.default_rng(0).standard_normal(3)
    np.testing.assert_array_equal(neuron.weights, expected)
    assert neuron.bias == 0
    neuron.bias = 0.3
    batch = np.random.default_rng(1).normal(size=(5, 3))
    outputs = neuron.forward(batch)
    np.testing.assert_allclose(outputs, np.tanh(batch @ expected + 0.3))
    assert np.shape(neuron.forward(batch[2])) == ()
    assert neuron.forward(batch[2]) == pytest.approx(outputs[2])


X, Y = [[1.0, 2.0], [3.0, 4.0]], [0, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: m.forward([[1.0]]), ValueError, r"X must hold .* 2 columns, got shape \(1, 1\)"),
        (lambda m: m.forward([1.0, 2.0]), ValueError, r"X must hold a row .*\(2,\)"),
        (lambda m: m.forward([["a", "b"]]), TypeError, "X must be an array of numbers"),
        (lambda m: m.forward([[1j, 2]]), TypeError, "X must be an array of numbers"),
        (lambda m: m.forward([[None, 2]]), ValueError, "X .* row 0, column 0 is nan"),
        (lambda m: m.forward([[1, 2], [np.inf, 3]]), ValueError, "X .* row 1, column 0 is inf"),
        (lambda m: m.compute_cost(X, [0]), ValueError, "y must have 2 numbers"),
        (lambda m: m.compute_cost(X, [0, 2]), ValueError, "y must be 0 or 1, but row 1 is 2"),
        (lambda m: m.compute_gradients(X, [np.nan, 1]), ValueError, "y must be 0 or 1.* is nan"),
        (lambda m: m.train(X, Y, learning_rate=0), ValueError, "learning_rate must be"),
        (lambda m: m.train(X, Y, learning_rate=np.inf), ValueError, "learning_rate must be"),
        (lambda m: m.train(X, Y, epochs=1.5), TypeError, "epochs must be a whole number"),
        (lambda m: m.predict(X, 1.1), ValueError, r"threshold must be a number in \[0, 1\]"),
        (lambda m: compare(X, [1, 2]), ValueError, "y must be 0 or 1"),
        (lambda m: compare([[]], [1]), ValueError, "X must hold"),
        (lambda m: compare([[1e39]], [1], dtype="float32"), ValueError, "row 0, column 0 is inf"),
        (lambda m: compare(X, Y, dtype="float16"), ValueError, "dtype must be float32 or float64"),
        (lambda m: compare(X, Y, epochs=-1), ValueError, "epochs must be at least 1"),
        (lambda m: compare(X, Y, threshold=2), ValueError, "threshold must be"),
        (lambda m: compare(X, Y, learning_rate=np.nan), ValueError, "learning_rate must be"),
        (lambda m: compare(X, Y, rng="x"), TypeError, "rng must be"),
        (lambda m: define_logistic_regression(True), TypeError, "n_features must be"),
        (lambda m: define_logistic_regression(1, l2=-1), ValueError, "l2 must be a number in"),
        (lambda m: Neuron(2, "relu"), TypeError, "activation must be a function"),
        (lambda m: Neuron(2).forward([1, 2, 3]), ValueError, "x must hold .* 2 columns"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(LogisticRegressionNN(2, rng=0))


def test_columns_of_a_data_frame_are_taken():
    X, y = sample_data(30, rng=0)
    frame = pandas.DataFrame({"a": X[:, 0], "b": X[:, 1] > 0})  # NumPy makes them objects
    found = compare(frame, pandas.Series(y[:, 0]), epochs=1, rng=0)
    expected = compare(np.stack([X[:, 0], X[:, 1] > 0], axis=1), y, epochs=1, rng=0)
    np.testing.assert_array_equal(found.numpy.weights, expected.numpy.weights)


def test_a_data_frame_is_told_by_its_columns():
    """In a line, however large it is."""
    frame = pandas.DataFrame({"age": np.arange(50_000.0), "size": np.arange(50_000.0) ** 2})
    y = np.arange(50_000) % 2
    expected = compare(frame.to_numpy()[:9] / 9, y[:9], epochs=3, rng=0)
    found = compare(frame[:9] / 9, y[:9], epochs=3, rng=0)
    np.testing.assert_array_equal(found.numpy.weights, expected.numpy.weights)
    frame.loc[777, "size"] = np.nan
    with pytest.raises(ValueError, match="X must be finite, but row 777, column 'size' is nan"):
        compare(frame, y)
    frame = frame.astype(object)
    frame.loc[777, "size"] = "Total"
    with pytest.raises(TypeError, match="column 'size' has 'Total' in row 777") as error:
        compare(frame, y)
    assert len(str(error.value)) < 100
    with pytest.raises(TypeError) as error:
        compare([["x" * 9] * 9] * 999, y)
    assert len(str(error.value)) < 300
