"""Step 2: define a discriminator, and see that it can learn by training it alone."""

import contextlib

import keras
import numpy as np

from gan1d._checks import (
    drawn_seeds,
    input_shape,
    keras_model,
    layer_sizes,
    output_shape,
    positive_int,
    random_source,
    verbosity,
)
from gan1d.functions import SQUARE, generate_real_samples, get_function


def define_discriminator(n_inputs=2, *, hidden=(25,), function=None, rng=None):
    """Return the network that tells real points from others, compiled.

    25 ReLU units with He initialisation, then one sigmoid unit: the probability that a point is
    real. With two inputs it has (2 + 1) 25 + (25 + 1) = 101 weights.

    For a function whose numbers are not near 1, a first layer without weights turns both axes
    into [-1, 1], over which the kinks of the hidden units are spread: their biases start uniform
    in [-1, 1], not at 0.

    Args:
        n_inputs: numbers in a point, at least 1; 2 for (x, y).
        hidden: the units of each hidden layer.
        function: a `Function1D` or its name, or `Points`, to be scaled from; None for the
            tutorial's network, which takes points as they are.
        rng: what the seeds of the initial weights are drawn from: an int seed, a `Generator` or a
            `RandomState`; None to leave them to Keras.

    Returns:
        A `keras.Sequential`, (n, n_inputs) -> (n, 1) in [0, 1], compiled with binary
        cross-entropy, Adam and accuracy.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> define_discriminator().count_params()
        101
    """
    n_inputs = positive_int("n_inputs", n_inputs)
    function = scale_to("n_inputs", n_inputs, function)
    hidden = layer_sizes("hidden", hidden)
    model = keras.Sequential([keras.Input((n_inputs,), name="point")], name="discriminator")
    if function is not None:
        model.add(
            keras.layers.Rescaling(
                (1 / function.half_range).tolist(),
                (-function.centre / function.half_range).tolist(),
                dtype="float32",
                name="scaled_point",
            )
        )
    last_seed = add_hidden_layers(model, hidden, function, rng)
    model.add(
        keras.layers.Dense(
            1,
            activation="sigmoid",
            kernel_initializer=keras.initializers.GlorotUniform(last_seed),
            name="probability_of_real",
        )
    )
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def scale_to(name, n, function):
    """Return the function that a network of n inputs or outputs is to be scaled to, or None."""
    if function is None:
        return None
    if n != 2:
        raise ValueError(f"{name} must be 2, for (x, y), with a function, got {n}")
    return get_function(function)


def add_hidden_layers(model, hidden, function, rng):
    """Add ReLU layers of so many units to a model; return the seed of the layer that comes next.

    Their biases start at zero, as the tutorial has it, unless there is a function. Kinks that start
    all in the middle of the range leave its ends to be found; those start spread over it.
    """
    rng = rng if rng is None else random_source(rng)
    *seeds, last_seed = drawn_seeds(rng, len(hidden) + 1)
    biases = ["zeros"] * len(hidden)
    if function is not None:
        drawn = drawn_seeds(rng, len(hidden))
        biases = [keras.initializers.RandomUniform(-1, 1, seed) for seed in drawn]
    for i, (units, seed, bias) in enumerate(zip(hidden, seeds, biases, strict=True), 1):
        model.add(
            keras.layers.Dense(
                units,
                activation="relu",
                kernel_initializer=keras.initializers.HeUniform(seed),
                bias_initializer=bias,
                name=f"hidden_{i}" if len(hidden) > 1 else "hidden",
            )
        )
    return last_seed


def generate_random_samples(n, *, rng=None):
    """Draw n points uniformly from the square [-1, 1] x [-1, 1]: fakes before there is a generator.

    Returns:
        X: float32 (n, 2).
        y: float32 (n, 1), the label 0 for each: fake.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X, y = generate_random_samples(3, rng=0)
        >>> X.shape, y.ravel().tolist()
        ((3, 2), [0.0, 0.0, 0.0])
    """
    n = positive_int("n", n)
    X = random_source(rng).uniform(-1, 1, (n, 2))
    return X.astype(np.float32), np.zeros((n, 1), np.float32)


def train_discriminator(
    model, n_epochs=1000, n_batch=128, *, function=SQUARE, rng=None, callbacks=None, verbose="auto"
):
    """Train the discriminator alone, on real points against random ones.

    An epoch, the tutorial's and Keras's alike, is two updates: half a batch of real points, then
    half a batch of random ones.

    Args:
        model: a compiled discriminator of two inputs.
        n_epochs, n_batch: at least 1 and 2.
        function, rng: as in `generate_real_samples`.
        callbacks: any Keras callbacks.
        verbose: 0 for silence, 1 or "auto" for a progress bar, 2 for a line at the end.

    Returns:
        The Keras `History` of `fit`: loss and accuracy of every epoch.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> history = train_discriminator(define_discriminator(), n_epochs=2, verbose=0)
        >>> sorted(history.history)
        ['accuracy', 'loss']
    """
    n_epochs = positive_int("n_epochs", n_epochs)
    half_batch = positive_int("n_batch", n_batch, minimum=2) // 2
    function = get_function(function)
    rng = random_source(rng)
    check_discriminator("model", model)
    bar = keras.utils.Progbar(
        n_epochs, verbose=verbosity(verbose), unit_name="epoch", stateless_metrics=()
    )
    show = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: bar.update(epoch + 1, list(logs.items()))
    )

    def half_batches():
        for _ in range(n_epochs):
            yield generate_real_samples(half_batch, function=function, rng=rng)
            yield generate_random_samples(half_batch, rng=rng)

    return model.fit(
        half_batches(),
        epochs=n_epochs,
        steps_per_epoch=2,
        shuffle=False,
        callbacks=[show, *keras.tree.flatten(callbacks or [])],
        verbose=0,
    )


def check_discriminator(name, model):
    """Raise unless `model` can be trained on points (x, y); `name` is the argument's."""
    check_takes_points(name, model)
    own_loss = type(model).compute_loss is not keras.Model.compute_loss
    if not model.compiled or not (model.loss or own_loss) or not model.optimizer:
        raise ValueError(f"{name} must be compiled: it is trained by its own loss and optimizer")
    check_trained_as_usual(name, model)
    check_scores(name, model)


def check_trained_as_usual(name, model):
    """Raise unless a compiled model has one loss at most, and Keras's own `train_step`."""
    if isinstance(model.loss, (list, tuple, dict)):
        raise ValueError(f"{name} must be compiled with one loss, not a list or a dict of them")
    if type(model).train_step is not keras.Model.train_step:
        raise ValueError(
            f"{name} must be trained by Keras's train_step, but has its own; override compute_loss"
        )


def check_takes_points(name, model):
    """Raise unless `model` is a Keras model that takes the points (x, y)."""
    if input_shape(keras_model(name, model)) != (None, 2):
        raise ValueError(
            f"{name} must take points (x, y), shape (None, 2), not {input_shape(model)}"
        )


def check_scores(name, model):
    """Raise unless `model` returns one number for each sample."""
    if output_shape(model) != (None, 1):
        raise ValueError(
            f"{name} must return one number for each sample, shape (None, 1), not "
            f"{output_shape(model)}"
        )


def has_logits(discriminator):
    """Return whether the discriminator returns logits, by the loss that it was compiled with."""
    return getattr(discriminator.loss, "from_logits", False) if discriminator.compiled else False


def ends_in_sigmoid(discriminator):
    """Return whether a model's last layer ends in the sigmoid."""
    activations = [getattr(layer, "activation", None) for layer in discriminator.layers[-1:]]
    return activations == [keras.activations.sigmoid]


def raw_scores(discriminator, points, *, training=True):
    """Return the discriminator's scores before the sigmoid, which would round them off at 1.

    Args:
        discriminator: a model whose last layer is a sigmoid unit, or that has logits.
        points: (n, 2).
        training: whether layers such as Dropout do as in training.

    Returns:
        float32 (n, 1), any numbers.
    """
    with contextlib.ExitStack() as stack:
        if ends_in_sigmoid(discriminator):
            # A model of all layers but the last would leave out its regularizer, and what it adds.
            stack.enter_context(linear_activation(discriminator.layers[-1]))
        scores = discriminator(points, training=training)
    return keras.ops.cast(scores, "float32")


@contextlib.contextmanager
def linear_activation(layer):
    """Leave a layer's activation out, inside the block."""
    activation, layer.activation = layer.activation, keras.activations.linear
    try:
        yield
    finally:
        layer.activation = activation


def scale_of(discriminator):
    """Return by what the discriminator scales its inputs, (2,) numbers or 1."""
    rescaling = keras.layers.Rescaling
    scales = (layer.scale for layer in discriminator.layers if isinstance(layer, rescaling))
    return keras.ops.convert_to_tensor(next(scales, 1.0), "float32")


def probability_of_real(discriminator, samples):
    """Return D(samples), float32 (n, 1), for samples (n, 2); of logits, their sigmoid."""
    scores = discriminator(samples, training=False)
    if has_logits(discriminator):
        scores = keras.ops.sigmoid(scores)
    return keras.ops.convert_to_numpy(scores).astype(np.float32)
