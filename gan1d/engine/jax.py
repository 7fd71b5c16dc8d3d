"""On JAX: a chunk of updates is one call, compiled by XLA, and a function of the variables' values.

Arguments and results of `compile_chunk` are those of the module for TensorFlow.
"""

import jax
import keras
from keras import ops


def compile_chunk(update, n_losses, variables, draws, *, xla, eager):
    """Return the function that takes a chunk of updates.

    An update runs in a scope in which values stand in for the variables.
    """

    def take(values, real, fake_latent, gan_latent, n_updates):
        def one_more(carry):
            i, losses, values = carry
            with keras.StatelessScope(zip(variables, values, strict=True)) as scope:
                losses = losses + update(minimize, real[i], fake_latent[i], gan_latent[i])
            return i + 1, losses, [scope.get_current_value(variable) for variable in variables]

        return jax.lax.while_loop(
            # A loss that is not finite ends the chunk, so that its update can be named.
            lambda carry: (carry[0] < n_updates) & ops.all(ops.isfinite(carry[1])),
            one_more,
            (0, ops.zeros(n_losses, "float32"), values),
        )

    def minimize(model, loss):
        """Take one step of the model's optimizer down the gradient of `loss()`; return the loss."""
        trained = model.trainable_variables
        values = [variable.value for variable in variables]

        def scaled_loss(trained_values):
            mapping = [
                *zip(variables, values, strict=True),
                *zip(trained, trained_values, strict=True),
            ]
            with keras.StatelessScope(mapping, collect_losses=True) as scope:
                value = loss()
                scaled = model.optimizer.scale_loss(value)
            return scaled, (value, [scope.get_current_value(variable) for variable in variables])

        trained_values = [variable.value for variable in trained]
        (_, (value, new_values)), gradients = jax.value_and_grad(scaled_loss, has_aux=True)(
            trained_values
        )
        trained_values, state = model.optimizer.stateless_apply(
            [variable.value for variable in model.optimizer.variables], gradients, trained_values
        )
        # Also what computing the loss has changed: moving averages, seeds.
        changed = [*variables, *trained, *model.optimizer.variables]
        for variable, new in zip(changed, [*new_values, *trained_values, *state], strict=True):
            variable.assign(new)
        return value

    compiled = jax.jit(take, donate_argnums=0)

    def take_and_assign(*chunk):
        with jax.disable_jit(eager or not xla):
            done, losses, values = compiled([variable.value for variable in variables], *chunk)
        try:
            done.block_until_ready()
        finally:  # XLA has used the old values' memory: whatever happens, they must be replaced
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        return done, losses

    take_and_assign(*draws, jax.numpy.int32(0))  # no update: JAX compiles at the first call
    return take_and_assign
