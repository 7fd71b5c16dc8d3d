"""Whatever Keras would train, `train` trains to the same numbers.

Each configuration is trained for 10 updates twice: by `train`, and by the tutorial's own loop of
`train_on_batch`, on the same draws. Every variable of models and optimizers must agree.
"""

import keras
import numpy as np
import pytest
from keras import layers, losses, optimizers

from gan1d import define_discriminator, define_gan, define_generator, train
from gan1d.draws import draw_chunk, draw_seed
from gan1d.functions import SQUARE
from gan1d.trainer import Trainer

N_UPDATES, N_BATCH, LATENT_DIM = 10, 16, 5
BINARY = losses.BinaryCrossentropy
RATE = 0.01
BACKEND = keras.config.backend()


def discriminator(*hidden, loss="binary_crossentropy", optimizer="adam", last=None, **options):
    """A discriminator of the given hidden layers (by default the tutorial's), compiled."""
    hidden = hidden or (layers.Dense(25, activation="relu", kernel_initializer="he_uniform"),)
    model = keras.Sequential(
        [keras.Input((2,)), *hidden, last or layers.Dense(1, activation="sigmoid")]
    )
    model.compile(loss=loss, optimizer=optimizer, metrics=["accuracy"], **options)
    return model


def generator(*hidden):
    hidden = hidden or (layers.Dense(15, activation="relu", kernel_initializer="he_uniform"),)
    return keras.Sequential([keras.Input((LATENT_DIM,)), *hidden, layers.Dense(2)])


def dense(units=25, **options):
    return layers.Dense(units, activation="relu", **options)


def both(make_optimizer):
    """Both networks by optimizers of one kind."""

    def make():
        gan = define_gan(generator(), discriminator(optimizer=make_optimizer()))
        gan.compile(optimizer=make_optimizer(), loss="binary_crossentropy")
        return gan

    return make


def of(*d_hidden, g=(), **options):
    """The given layers, by functions that make them."""
    return lambda: define_gan(
        generator(*(make() for make in g)),
        discriminator(
            *(make() for make in d_hidden),
            **{name: value() if callable(value) else value for name, value in options.items()},
        ),
    )


def logits():
    return layers.Dense(1)


def with_policy(policy):
    def make():
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(policy)
        try:
            return define_gan(define_generator(), define_discriminator())
        finally:
            keras.config.set_dtype_policy(before)

    return make


def compiled(**options):
    """The tutorial's models, the composite compiled with these options."""

    def make():
        gan = define_gan(generator(), discriminator())
        gan.compile(loss="binary_crossentropy", optimizer="adam", **options)
        return gan

    return make


def frozen_layers():
    d = discriminator(dense(), dense(10))
    d.layers[0].trainable = False
    g = generator(dense(15), dense(15))
    g.layers[1].trainable = False
    return define_gan(g, d)


def functional():
    inputs = keras.Input((2,))
    x = dense(8)(inputs)
    x = layers.Concatenate()([layers.Add()([x, dense(8)(x)]), inputs])
    d = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    d.compile(loss="binary_crossentropy", optimizer="adam")
    return define_gan(generator(), d)


class Subclassed(keras.Model):
    def __init__(self, units, activation):
        super().__init__()
        self.hidden, self.last = dense(12), layers.Dense(units, activation=activation)

    def call(self, inputs):  # knows nothing of `training`
        return self.last(self.hidden(inputs))


def subclassed():
    g, d = Subclassed(2, None), Subclassed(1, "sigmoid")
    g(np.zeros((3, LATENT_DIM), "float32"))
    d(np.zeros((3, 2), "float32"))
    d.compile(loss="binary_crossentropy", optimizer="adam")
    return define_gan(g, d)


def what_xla_cannot_compile():
    import tensorflow as tf

    class Print(layers.Layer):
        def call(self, x):
            tf.print(tf.shape(x), output_stream="file:///dev/null")
            return x

    return define_gan(generator(), discriminator(dense(), Print()))


def weighed_error(x, y, y_pred, training):
    weights = 1 + keras.ops.square(x[:, :1]) + bool(training)
    return keras.ops.mean(weights * keras.ops.square(y_pred - keras.ops.cast(y, y_pred.dtype)))


class OwnLoss(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=False):
        return weighed_error(x, y, y_pred, training)


class OwnLossOfOld(keras.Sequential):
    def compute_loss(self, x, y, y_pred, sample_weight):  # as before Keras 3.3
        return weighed_error(x, y, y_pred, True)


def own_compute_loss(model=OwnLoss):
    d = model([keras.Input((2,)), dense(), layers.Dense(1)])
    d.compile(optimizer="adam")
    gan = define_gan(generator(), d)
    gan.compile(optimizer="adam", loss="mse")
    return gan


class Halved(optimizers.SGD):
    """An optimizer that does something of its own, at each of Keras's seams."""

    def apply_gradients(self, grads_and_vars):
        super().apply_gradients([(0.5 * g, v) for g, v in grads_and_vars])

    def stateless_apply(self, state, gradients, variables):
        return super().stateless_apply(state, [0.5 * g for g in gradients], variables)


class Counter(layers.Layer):
    """A layer whose output depends on how often it was trained, by a number of Python's."""

    count = 0

    def call(self, x, training=False):
        self.count += bool(training)
        return x * (2 - 0.99**self.count)


def torch_module():
    import torch

    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh())
    return layers.TorchModuleWrapper(module, output_shape=(None, 8))


def huber(y, scores):
    return keras.ops.mean(losses.huber(y, scores, delta=0.3))


def add_loss_layer():
    class Spread(layers.Layer):
        def call(self, x):
            self.add_loss(0.3 * keras.ops.mean(x**2))
            return x

    return Spread()


def schedule():
    return optimizers.schedules.ExponentialDecay(RATE, 5, 0.7)


def several_optimizers():
    def choose(variable):
        return optimizers.SGD(RATE) if "bias" in variable.path else optimizers.Adam(RATE)

    return optimizers.MultiOptimizer(choose)


CONFIGURATIONS = {
    "defaults": lambda: define_gan(define_generator(), define_discriminator()),
    # what is added to a loss
    "L2 in the discriminator": of(lambda: dense(kernel_regularizer=keras.regularizers.L2(100.0))),
    "L1 in the generator": of(g=[lambda: dense(15, kernel_regularizer="l1")]),
    "activity regularizer": of(lambda: dense(activity_regularizer="l2"), add_loss_layer),
    "add_loss in the generator": of(g=[dense, add_loss_layer]),
    "loss_weights": of(loss_weights=[3.0], optimizer=lambda: optimizers.SGD(RATE)),
    # losses
    "logits": of(loss=lambda: BINARY(from_logits=True), last=logits),
    "label smoothing": of(loss=lambda: BINARY(label_smoothing=0.2)),
    "least squares": of(loss="mse", last=logits),
    "hinge": of(loss="hinge", last=logits),
    "a sum over the batch": of(loss=lambda: BINARY(reduction="sum")),
    "focal": of(loss=lambda: losses.BinaryFocalCrossentropy(gamma=1.0)),
    "a function of one's own": of(loss=lambda: huber, last=logits),
    "compute_loss of one's own": own_compute_loss,
    "compute_loss without training": lambda: own_compute_loss(OwnLossOfOld),
    # optimizers
    "SGD": both(lambda: optimizers.SGD(RATE)),
    "momentum": both(lambda: optimizers.SGD(RATE, momentum=0.9, nesterov=True)),
    "RMSprop, centered": both(lambda: optimizers.RMSprop(RATE, centered=True)),
    "AMSGrad": both(lambda: optimizers.Adam(RATE, amsgrad=True)),
    "AdamW": both(lambda: optimizers.AdamW(RATE, weight_decay=0.1)),
    "Lion": both(lambda: optimizers.Lion(RATE)),
    "Nadam": both(lambda: optimizers.Nadam(RATE)),
    "ScheduleFreeAdamW": both(lambda: optimizers.ScheduleFreeAdamW(RATE)),
    "an optimizer of one's own": both(lambda: Halved(RATE)),
    "a rate that is a function": both(lambda: optimizers.Adam(lambda: RATE)),
    "several optimizers": both(several_optimizers),
    "Muon": both(lambda: optimizers.Muon(RATE)),
    "clipnorm": both(lambda: optimizers.Adam(RATE, clipnorm=0.01)),
    "global clipnorm": both(lambda: optimizers.SGD(RATE, global_clipnorm=0.01)),
    "clipvalue": both(lambda: optimizers.SGD(RATE, clipvalue=0.001)),
    "moving average": both(lambda: optimizers.Adam(RATE, use_ema=True, ema_overwrite_frequency=7)),
    "accumulation": both(lambda: optimizers.Adam(RATE, gradient_accumulation_steps=4)),
    "a schedule": both(lambda: optimizers.Adam(schedule())),
    "loss scale factor": both(lambda: optimizers.SGD(RATE, loss_scale_factor=128.0)),
    "loss scaling": both(lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.1))),
    # layers
    # without a bias before it, whose gradient is 0, and by Adam would be magnified rounding
    "batch normalization": of(
        lambda: dense(use_bias=False),
        layers.BatchNormalization,
        g=[lambda: dense(use_bias=False), layers.BatchNormalization],
    ),
    "layer normalization": of(dense, layers.LayerNormalization, g=[layers.LayerNormalization]),
    "spectral normalization": of(lambda: layers.SpectralNormalization(dense())),
    "constraints": of(lambda: dense(kernel_constraint="unit_norm"), dense),
    "deeper": of(dense, dense, dense, g=[dense, dense]),
    "frozen layers": frozen_layers,
    "functional": functional,
    "subclassed": subclassed,
    # numbers
    "float64": with_policy("float64"),
    "mixed_float16": with_policy("mixed_float16"),
    "mixed_bfloat16": with_policy("mixed_bfloat16"),
    # how they are compiled
    "metrics": compiled(metrics=["accuracy"], loss_weights=[2.0]),
    "not by XLA": compiled(jit_compile=False),
    "eagerly": compiled(run_eagerly=True),
    "the discriminator eagerly": of(run_eagerly=True),
}
if BACKEND == "tensorflow":
    CONFIGURATIONS["what XLA cannot compile"] = what_xla_cannot_compile
if BACKEND == "torch":
    CONFIGURATIONS["state of Python's"] = of(Counter, dense)
    CONFIGURATIONS["a module of PyTorch's"] = of(torch_module)
# Those that the README's test command tries; and those that differ from others by a formula of
# Keras's alone, which `.ci/run`, trying the rest on every backend, leaves to `-m thorough`.
CORE = ("defaults", "logits", "batch normalization")
ALIKE = (
    *("L1 in the generator", "loss_weights", "label smoothing", "least squares", "hinge", "focal"),
    *("momentum", "RMSprop, centered", "AMSGrad", "AdamW", "Lion", "clipnorm", "clipvalue"),
    *("layer normalization", "deeper", "functional", "the discriminator eagerly"),
)
SEAMS = [name for name in CONFIGURATIONS if name not in CORE + ALIKE]
TOLERANCE = {"mixed_float16": 1e-2, "mixed_bfloat16": 5e-2}  # half of their digits


def values_of(gan):
    return [
        np.array(keras.ops.convert_to_numpy(variable), "float64")
        for variable in Trainer.for_gan(gan).variables
    ]


def train_on_batches(gan, seed):
    """The tutorial's loop, on the draws of that seed."""
    draws = draw_chunk(seed, LATENT_DIM, N_BATCH, SQUARE, 0)
    half = N_BATCH // 2
    for real, fake_latent, gan_latent in list(zip(*draws, strict=True))[:N_UPDATES]:
        fake = keras.ops.convert_to_numpy(gan.generator(fake_latent, training=False))
        gan.discriminator.train_on_batch(real, np.ones((half, 1)))
        gan.discriminator.train_on_batch(fake, np.zeros((half, 1)))
        gan.train_on_batch(gan_latent, np.ones((N_BATCH, 1)))


def made(name):
    keras.utils.set_random_seed(1)
    return CONFIGURATIONS[name]()


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype float64")  # JAX makes it float32
@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name) for name in CORE),
        *(pytest.param(name, marks=[pytest.mark.slow, pytest.mark.seam]) for name in SEAMS),
        *(pytest.param(name, marks=pytest.mark.thorough) for name in ALIKE),
    ],
)
def test_it_is_trained_as_keras_would(name):
    ours, theirs = made(name), made(name)
    start = values_of(ours)
    for before, after in zip(start, values_of(theirs), strict=True):
        np.testing.assert_array_equal(before, after)
    options = {"n_epochs": N_UPDATES, "n_batch": N_BATCH, "verbose": 0, "rng": 0}
    train(ours.generator, ours.discriminator, ours, LATENT_DIM, **options)
    train_on_batches(theirs, draw_seed(0))
    assert any(map(np.any, map(np.subtract, values_of(theirs), start)))
    for i, (found, expected) in enumerate(zip(values_of(ours), values_of(theirs), strict=True)):
        path = Trainer.for_gan(ours).variables[i].path
        np.testing.assert_allclose(
            found, expected, rtol=1e-5, atol=TOLERANCE.get(name, 1e-5), err_msg=path
        )
