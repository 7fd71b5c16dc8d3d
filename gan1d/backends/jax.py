"""On JAX: a chunk of updates is one jitted function, from the variables' values to new ones."""

import jax
import keras


class Backend:
    def compile(self):
        return jax.jit(self.chunk)

    @property
    def values(self):
        return [variable.value for variable in self.variables]

    def take(self, *arguments):
        with jax.disable_jit(self.eager or not self.xla):
            # No memory is donated: until the new values are there, the old ones are whole.
            done, losses, values = jax.block_until_ready(self.run_chunk(self.values, *arguments))
        assign(self.variables, values)
        return done, losses

    def step(self, values, draws):
        # In this scope values stand in for the variables, to be read and assigned.
        with keras.StatelessScope(zip(self.variables, values, strict=True)):
            losses = self.update(draws)
            return losses, self.values

    def minimize(self, model, loss):
        trained, optimizer = model.trainable_variables, model.optimizer
        before, trained_before = self.values, [variable.value for variable in trained]

        def scaled_loss(trained_values):
            mapping = [
                *zip(self.variables, before, strict=True),
                *zip(trained, trained_values, strict=True),
            ]
            with keras.StatelessScope(mapping, collect_losses=True):
                value = loss()
                return optimizer.scale_loss(value), (value, self.values)

        gradient = jax.value_and_grad(scaled_loss, has_aux=True)
        (_, (value, values)), gradients = gradient(trained_before)
        assign(self.variables, values)  # computing the loss changes moving averages, and seeds
        state = [variable.value for variable in optimizer.variables]
        trained_after, state = optimizer.stateless_apply(state, gradients, trained_before)
        assign([*trained, *optimizer.variables], [*trained_after, *state])
        return value


def assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
