"""Training on JAX: a chunk of updates is one call, compiled by XLA, and a function of its state."""

import jax
import keras
from keras import ops

JIT_COMPILE = True


class Trainer:
    def train_step(self, state, data):
        """Take a chunk of updates; `fit` calls this. See `GAN.update` for what one is.

        Keras hands the values of all variables in, and takes the new ones back: the generator's,
        the others', the optimizer's and the metrics'. An update runs in a scope in which they
        stand in for the variables.
        """
        real, fake_latent, gan_latent, span = data[0]
        groups = self.state_variables()
        variables = [variable for group in groups for variable in group]

        def update(carry):
            i, losses, values = carry
            with keras.StatelessScope(state_mapping=zip(variables, values, strict=True)) as scope:
                losses = losses + self.update(real[i], fake_latent[i], gan_latent[i])
            return i + 1, losses, [scope.get_current_value(variable) for variable in variables]

        n_updates = span[1] - span[0]
        done, losses, values = jax.lax.while_loop(
            # A loss that is not finite ends the chunk, so that its update can be named.
            lambda carry: (carry[0] < n_updates) & ops.all(ops.isfinite(carry[1])),
            update,
            (0, ops.zeros(len(self.recipe.losses)), [value for group in state for value in group]),
        )
        values = iter(values)
        state = tuple([next(values) for _ in group] for group in groups)
        # A chunk of no update has losses of 0.
        return self.logs(span[0] + done, losses / ops.maximum(done, 1)), state

    def state_variables(self):
        """Return the variables whose values are the state, group by group."""
        return (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )

    @property
    def non_trainable_variables(self):
        # Whatever a step may change must be here: the discriminator's training too.
        return (
            self.generator.non_trainable_variables
            + self.discriminator.variables
            + self.discriminator.optimizer.variables
        )

    def minimize(self, loss, optimizer, variables):
        """Take one step of the optimizer down the gradient of `loss()`; return the loss."""
        others = [v for group in self.state_variables() for v in group]
        values = [v.value for v in others]

        def loss_at(trained):
            mapping = [*zip(others, values, strict=True), *zip(variables, trained, strict=True)]
            with keras.StatelessScope(state_mapping=mapping) as scope:
                value = loss()
            return value, [scope.get_current_value(v) for v in others]

        (value, new_values), gradients = jax.value_and_grad(loss_at, has_aux=True)(
            [variable.value for variable in variables]
        )
        for variable, new_value in zip(others, new_values, strict=True):
            variable.assign(new_value)  # what computing the loss changed: moving averages, seeds
        optimizer.apply(gradients, variables)
        return value
