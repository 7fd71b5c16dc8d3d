"""Step 2: define a discriminator, and see that it can learn by training it alone."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np

from gan1d._checks import Rng, Verbose, positive_int, random_source, verbosity
from gan1d._model_checks import check_compiled, check_discriminator, check_has_loss
from gan1d.callbacks import AnyCallbacks
from gan1d.functions import SQUARE, generate_real_samples, get_function, scale_to
from gan1d.layers import coordinates, hidden_layers, rescaling, with_waves
from gan1d.samples import AnySource


def define_discriminator(
    n_inputs: int = 2,
    *,
    hidden: Iterable[int] = (25,),
    function: AnySource | None = None,
    fourier: bool = False,
    leaky: bool = False,
    logits: bool = False,
    rng: Rng = None,
) -> keras.Model:
    """Return the network that tells real points from others, compiled.

    25 ReLU units with He initialisation, then one sigmoid unit: the probability that a point is
    real. With two inputs it has (2 + 1) 25 + (25 + 1) = 101 weights.

    For a function whose numbers are not near 1, a first layer without weights turns every axis
    into [-1, 1], over which the kinks of the hidden units are spread: their biases start uniform
    in [-1, 1], not at 0.

    Args:
        n_inputs: numbers in a point, at least 1; 2 for (x, y).
        hidden: the units of each hidden layer.
        function: what real samples come from, see `generate_real_samples`, to be scaled from; None
            for the tutorial's network, which takes points as they are.
        fourier: add waves to what the first hidden layer sees, for a function of many turns; see
            `with_waves`.
        leaky: let a fifth of what is below 0 through all hidden layers but the first (Maas et al.
            2013): where samples are no curve, many ReLU units there die.
        logits: end in a linear unit, and have the sigmoid in the loss: what is returned has no
            bounds, as the recipe "stable" likes it.
        rng: what the seeds of the initial weights are drawn from: an int seed, a `Generator` or a
            `RandomState`; None to leave them to Keras.

    Returns:
        A `keras.Sequential`, with waves a `keras.Model`, (n, n_inputs) -> (n, 1) in [0, 1],
        compiled with binary cross-entropy, Adam and accuracy.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> define_discriminator().count_params()
        101
    """
    n_inputs = positive_int("n_inputs", n_inputs)
    function = scale_to("n_inputs", n_inputs, function, fourier)
    layers, last_seed = hidden_layers(hidden, spread=function is not None, leaky=leaky, rng=rng)
    if function is not None:
        centre, scale = coordinates(function, fourier)
        layers.insert(0, rescaling(1 / scale, -centre / scale, "scaled_point"))
    last = keras.layers.Dense(
        1,
        activation="linear" if logits else "sigmoid",
        kernel_initializer=keras.initializers.GlorotUniform(last_seed),
        name="score" if logits else "probability_of_real",
    )
    point = keras.Input((n_inputs,), name="point")
    if fourier:
        scaled, *rest = [*layers, last]
        outputs = with_waves(scaled(point))
        for layer in rest:
            outputs = layer(outputs)
        model = keras.Model(point, outputs, name="discriminator")
    else:
        model = keras.Sequential([point, *layers, last], name="discriminator")
    loss, accuracy = "binary_crossentropy", "accuracy"
    if logits:
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        accuracy = keras.metrics.BinaryAccuracy("accuracy", threshold=0.0)
    model.compile(loss=loss, optimizer="adam", metrics=[accuracy])
    return model


def generate_random_samples(
    n: int, n_inputs: int = 2, *, rng: Rng = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n points uniformly from the square [-1, 1] x [-1, 1]: fakes before there is a generator.

    Args:
        n: how many, at least 1.
        n_inputs: numbers in a point, at least 1.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.

    Returns:
        X: float32 (n, n_inputs).
        y: float32 (n, 1), the label 0 for each: fake.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> X, y = generate_random_samples(3, rng=0)
        >>> X.shape, y.ravel().tolist()
        ((3, 2), [0.0, 0.0, 0.0])
    """
    n = positive_int("n", n)
    X = random_source(rng).uniform(-1, 1, (n, positive_int("n_inputs", n_inputs)))
    return X.astype(np.float32), np.zeros((n, 1), np.float32)


def train_discriminator(
    model: keras.Model,
    n_epochs: int = 1000,
    n_batch: int = 128,
    *,
    function: AnySource = SQUARE,
    rng: Rng = None,
    callbacks: AnyCallbacks = None,
    verbose: Verbose = "auto",
) -> keras.callbacks.History:
    """Train the discriminator alone, on real points against random ones.

    An epoch, the tutorial's and Keras's alike, is two updates: half a batch of real points, then
    half a batch of random ones.

    Args:
        model: a compiled discriminator, of as many inputs as the function's samples have.
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
    check_discriminator("model", model, function.columns)
    check_compiled("model", model)
    check_has_loss("model", model)
    bar = keras.utils.Progbar(n_epochs, verbose=verbosity(verbose), unit_name="epoch")

    def show(epoch, logs):
        bar.stateful_metrics = {*logs}  # shown as they are, and not their means so far
        bar.update(epoch + 1, list(logs.items()))

    progress = keras.callbacks.LambdaCallback(on_epoch_end=show)

    def half_batches():
        for _ in range(n_epochs):
            yield generate_real_samples(half_batch, function=function, rng=rng)
            yield generate_random_samples(half_batch, len(function.columns), rng=rng)

    return model.fit(
        half_batches(),
        epochs=n_epochs,
        steps_per_epoch=2,
        shuffle=False,
        callbacks=[progress, *keras.tree.flatten(callbacks or [])],
        verbose=0,
    )
