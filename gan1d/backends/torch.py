"""Training on PyTorch: an update is traced once, and its operations replayed for all others."""

import keras
import torch
from keras import ops
from torch.fx.experimental.proxy_tensor import make_fx

JIT_COMPILE = False


class Trainer:
    def make_train_function(self, force=False):
        if force or self.train_function is None:
            self.traced = {}
        super().make_train_function(force)

    def train_step(self, data):
        """Take a chunk of updates; `fit` calls this. See `GAN.update` for what one is.

        An update's time goes into Keras's layers, not into PyTorch's operations: replaying the
        operations alone takes a fourth of it.
        """
        *draws, span = data[0]
        start, stop = span.tolist()
        variables = self.state_variables()
        values = [variable.value.detach().clone() for variable in variables]
        shapes = tuple(tuple(draw.shape[1:]) for draw in draws)
        if shapes not in self.traced:
            self.traced[shapes] = self.trace(variables, *(draw[0] for draw in draws))
        update = self.traced[shapes]
        losses = ops.zeros(len(self.recipe.losses))
        done = 0
        with torch.no_grad():
            for i in range(stop - start):
                try:
                    new_losses, values = update(values, *(draw[i] for draw in draws))
                except RuntimeError as error:
                    if "between 0 and 1" not in str(error):  # the cross-entropy of a NaN
                        raise
                    new_losses = torch.nan
                losses = losses + new_losses
                done += 1
                if not torch.isfinite(losses).all():
                    break
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        # A chunk of no update has losses of 0.
        return self.logs(start + done, losses / max(done, 1))

    def state_variables(self):
        """Return the variables that an update may change."""
        return (
            self.generator.variables
            + self.discriminator.variables
            + self.optimizer.variables
            + self.discriminator.optimizer.variables
        )

    def trace(self, variables, *draws):
        """Return `update` as a function of the variables' values and the draws.

        It returns the losses and the new values, and may overwrite those that it was given.
        """
        trained = [variable.value.requires_grad for variable in variables]

        def update(values, *draws):
            values = [v.detach().requires_grad_(t) for v, t in zip(values, trained, strict=True)]
            mapping = zip(variables, values, strict=True)
            with torch.enable_grad(), keras.StatelessScope(state_mapping=mapping) as scope:
                losses = self.update(*draws)
            return losses, [scope.get_current_value(variable) for variable in variables]

        try:
            return make_fx(update)(
                [variable.value.detach().clone() for variable in variables], *draws
            )
        except RuntimeError as error:
            if "tracing tensor" not in str(error):
                raise
            # What needs a number out of a tensor, as Keras's SGD does, cannot be traced.
            return update

    def minimize(self, loss, optimizer, variables):
        """Take one step of the optimizer down the gradient of `loss()`; return the loss."""
        value = loss()
        gradients = torch.autograd.grad(value, [variable.value for variable in variables])
        with torch.no_grad():
            optimizer.apply(gradients, variables)
        return value.detach()
