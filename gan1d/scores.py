"""What a discriminator says of samples, as probabilities and as scores without bounds."""

import keras
from keras import ops

LEAST = 1e-7  # of a probability whose logit is taken, and of its distance from 1: 16 at most


def has_logits(discriminator):
    """Return whether the discriminator returns logits, by the loss that it was compiled with."""
    return getattr(discriminator.loss, "from_logits", False) if discriminator.compiled else False


def ends_in_sigmoid(discriminator):
    """Return whether a model's last layer ends in the sigmoid."""
    activations = [getattr(layer, "activation", None) for layer in discriminator.layers[-1:]]
    return activations == [keras.activations.sigmoid]


def as_probabilities(discriminator, outputs):
    """Return what the discriminator returned as probabilities of real; of logits, their sigmoid."""
    return ops.sigmoid(outputs) if has_logits(discriminator) else ops.convert_to_tensor(outputs)


def as_scores(discriminator, outputs):
    """Return what the discriminator returned as scores, in float32 at least: sigmoids as logits."""
    outputs = ops.cast(outputs, keras.backend.result_type(outputs.dtype, "float32"))
    if has_logits(discriminator) or not ends_in_sigmoid(discriminator):
        return outputs
    p = ops.clip(outputs, LEAST, 1 - LEAST)
    return ops.log(p) - ops.log1p(-p)


def scale_of(discriminator):
    """Return by what the discriminator scales its inputs, a number for each, or 1."""
    rescaling = keras.layers.Rescaling
    scales = (layer.scale for layer in discriminator.layers if isinstance(layer, rescaling))
    return ops.convert_to_tensor(next(scales, 1.0), "float32")
