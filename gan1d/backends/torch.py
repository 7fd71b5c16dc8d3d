"""Training on PyTorch: a chunk of updates is a plain loop; nothing is compiled."""

import torch
from keras import ops

JIT_COMPILE = False


def feed(chunks):
    """Return what `fit` is to be given for an iterator of chunks: the iterator itself."""
    return chunks


class Trainer:
    def train_step(self, data):
        """Take a chunk of updates; `fit` calls this. See `GAN.update` for what one is."""
        real, fake_latent, gan_latent, span = data[0]
        start, stop = span.tolist()
        losses = ops.zeros(3)
        for i in range(stop - start):
            try:
                losses = losses + self.update(real[i], fake_latent[i], gan_latent[i])
            except RuntimeError:  # PyTorch refuses to compute the cross-entropy of a NaN
                if torch.isfinite(self(fake_latent[i])).all():
                    raise
                losses = losses * torch.nan
            if not torch.isfinite(losses).all():
                break
        return self.logs(start + i + 1, losses / (i + 1))

    def minimize(self, loss, optimizer, variables):
        """Take one step of the optimizer down the gradient of `loss()`; return the loss."""
        value = loss()
        gradients = torch.autograd.grad(value, [variable.value for variable in variables])
        with torch.no_grad():
            optimizer.apply(gradients, variables)
        return value.detach()
