"""On PyTorch: an update is traced once, and its operations replayed for all others.

Arguments and results of `compile_chunk` are those of the module for TensorFlow.
"""

import contextlib

import keras
import torch
from keras import ops
from torch.fx.experimental.proxy_tensor import make_fx


def compile_chunk(update, n_losses, variables, draws, *, xla, eager):
    """Return the function that takes a chunk of updates.

    An update's time goes into Keras's layers, not into PyTorch's operations: replaying the
    operations alone takes a fourth of it. There is no XLA here.
    """

    def updated(values, *draws):
        """Return the losses of an update and the new values; those given may be overwritten."""
        mapping = zip(variables, values, strict=True)
        with torch.enable_grad(), keras.StatelessScope(mapping, collect_losses=True) as scope:
            losses = update(minimize, *draws)
        return losses, [scope.get_current_value(variable).detach() for variable in variables]

    def take(real, fake_latent, gan_latent, n_updates):
        values, losses, done = copies(variables), ops.zeros(n_losses, "float32"), 0
        with one_thread(), torch.no_grad():
            while done < n_updates and torch.isfinite(losses).all():
                try:
                    new_losses, values = one_more(
                        values, real[done], fake_latent[done], gan_latent[done]
                    )
                except RuntimeError as error:
                    if "between 0 and 1" not in str(error):  # the cross-entropy of a NaN
                        raise
                    new_losses = torch.nan
                losses = losses + new_losses
                done += 1
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        return done, losses

    one_more = updated
    if not eager:
        # What asks for a number, as Keras's SGD and loss scaling do, cannot be traced; and what
        # is wrong says so when it runs untraced.
        with contextlib.suppress(Exception), one_thread():
            one_more = make_fx(updated)(copies(variables), *(draw[0] for draw in draws))
    return take


def minimize(model, loss):
    """Take one step of the model's optimizer down the gradient of `loss()`; return the loss."""
    variables = model.trainable_variables
    for variable in variables:
        # A copy: Keras's optimizers change it in place, and an average that was assigned to it too.
        variable.assign(variable.value.detach().clone().requires_grad_())
    value = loss()
    scaled = model.optimizer.scale_loss(value)
    gradients = torch.autograd.grad(scaled, [v.value for v in variables], allow_unused=True)
    with torch.no_grad():
        model.optimizer.apply(gradients, variables)
    return value.detach()


def copies(variables):
    return [variable.value.detach().clone() for variable in variables]


@contextlib.contextmanager
def one_thread():
    """Compute in one thread: on models this small, sharing the work takes longer than doing it."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)
