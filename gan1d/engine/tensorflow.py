"""On TensorFlow: a chunk of updates is one call, by default compiled by XLA."""

import tensorflow as tf
from keras import ops


def compile_chunk(update, n_losses, variables, draws, *, xla, eager):
    """Return the function that takes a chunk of updates.

    Args:
        update: `update(minimize, real, fake_latent, gan_latent)`, as `Recipe.update`.
        n_losses: how many losses it returns.
        variables: all that it may change.
        draws: a chunk of samples, tensors of the shapes and types to come.
        xla: compile by XLA.
        eager: compile nothing.

    Returns:
        `take(real, fake_latent, gan_latent, n_updates)`: it takes the first n_updates of the
        chunk, and returns how many were made, and the sums of their losses.
    """

    def take(real, fake_latent, gan_latent, n_updates):
        def one_more(i, losses):
            return i + 1, losses + update(minimize, real[i], fake_latent[i], gan_latent[i])

        return ops.while_loop(
            # A loss that is not finite ends the chunk, so that its update can be named.
            lambda i, losses: (i < n_updates) & ops.all(ops.isfinite(losses)),
            one_more,
            (0, ops.zeros(n_losses, "float32")),
        )

    if eager:
        return take
    n_updates = tf.TensorSpec((), "int32")
    # Asked for by its shapes, it is called past tf.function's own look-up, a tenth of the time.
    # As in Keras, Python's `if` and `for` stay Python's; to rewrite them took a third of tracing.
    function = tf.function(take, jit_compile=xla, autograph=False)
    compiled = function.get_concrete_function(*draws, n_updates)
    try:
        compiled(*draws, tf.constant(0))  # no update, but XLA compiles at the first call
    except tf.errors.OpError:
        if not xla:
            raise
        # Keras would train it: without XLA, which has no `tf.print`, say.
        return compile_chunk(update, n_losses, variables, draws, xla=False, eager=False)
    return compiled


def minimize(model, loss):
    """Take one step of the model's optimizer down the gradient of `loss()`; return the loss."""
    with tf.GradientTape() as tape:
        value = loss()
        scaled = model.optimizer.scale_loss(value)
    variables = model.trainable_variables
    model.optimizer.apply(tape.gradient(scaled, variables), variables)
    return value
