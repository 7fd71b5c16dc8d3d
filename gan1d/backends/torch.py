"""On PyTorch: operation by operation, as PyTorch does by itself."""

import contextlib

import torch


class Backend:
    values = ()  # variables are changed in place

    def compile(self):
        return self.chunk

    def take(self, *arguments):
        with one_thread():
            done, losses, _ = self.run_chunk(self.values, *arguments)
        return done, losses

    def step(self, values, draws):
        try:
            return self.update(draws), values
        except RuntimeError as error:
            if "between 0 and 1" not in str(error):  # PyTorch's cross-entropy of a NaN
                raise
            return torch.nan, values

    def minimize(self, model, loss):
        value = loss()
        scaled = model.optimizer.scale_loss(value)
        variables = model.trainable_variables
        gradients = torch.autograd.grad(scaled, [v.value for v in variables], allow_unused=True)
        with torch.no_grad():
            model.optimizer.apply(gradients, variables)
        return value.detach()


@contextlib.contextmanager
def one_thread():
    """Compute in one thread: on models this small, sharing the work takes longer than doing it."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)
