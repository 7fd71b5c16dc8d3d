"""What functions that take models check of them."""

import keras

from gan1d._checks import positive_int

CONDITION = "condition_and_sample"  # the layer that puts what a generator is given into its samples


def keras_model(name, model):
    """Return `model`, checked to be a Keras model; a TypeError names the argument `name`."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"{name} must be a Keras model, got {model!r}")
    return model


def input_shape(model):
    """Return the shape that a Keras model takes, the batch's size None; None if it is unknown.

    A subclassed model knows it once it was called.
    """
    shape = getattr(model, "input_shape", None) or (model.get_build_config() or {}).get(
        "input_shape"
    )
    if isinstance(shape, (list, dict)) or (shape and isinstance(shape[0], tuple)):
        raise ValueError(
            f"{model.name} must have one input, but has {len(shape)}: what a generator is given "
            "comes behind the latent point, see define_generator(..., n_conditions=1)"
        )
    return shape and (None, *shape[1:])


def output_shape(model):
    """Return the shape that a Keras model of known input shape returns."""
    return model.compute_output_spec(keras.KerasTensor(input_shape(model))).shape


def check_generator(name, generator, latent_dim, n_conditions=0):
    """Raise unless `generator` takes `latent_dim` numbers, and the conditions behind them."""
    takes = input_shape(keras_model(name, generator))
    latent_dim = positive_int("latent_dim", latent_dim)
    if not n_conditions and CONDITION in [layer.name for layer in generator.layers]:
        raise ValueError(f"given must be given: {name} makes samples for a condition")
    if takes != (None, latent_dim + n_conditions):
        and_given = f" and given, {n_conditions} columns," if n_conditions else ""
        raise ValueError(
            f"latent_dim{and_given} must be what {name} takes, shape {takes}, got {latent_dim!r}"
        )


def check_discriminator(name, model, columns=("x", "y")):
    """Raise unless `model` takes samples of those columns and returns a number for each."""
    if input_shape(keras_model(name, model)) != (None, len(columns)):
        raise ValueError(
            f"{name} must take samples ({', '.join(columns)}), shape (None, {len(columns)}), not "
            f"{input_shape(model)}"
        )
    check_one_output(name, model)


def check_has_loss(name, model):
    """Raise unless `model` was compiled with a loss, or computes one of its own."""
    own_loss = type(model).compute_loss is not keras.Model.compute_loss
    if not ((model.compiled and model.loss) or own_loss):
        raise ValueError(f"{name} must be compiled with a loss: it is trained by its own")
    loss = keras.losses.get(model.loss) if isinstance(model.loss, str) else model.loss
    of_probabilities = loss is keras.losses.binary_crossentropy or (
        isinstance(loss, keras.losses.BinaryCrossentropy) and not loss.from_logits
    )
    linear = [keras.activations.linear]
    if of_probabilities and [getattr(x, "activation", None) for x in model.layers[-1:]] == linear:
        raise ValueError(
            f"{name} ends in a linear unit, so must be compiled with "
            "keras.losses.BinaryCrossentropy(from_logits=True), or end in a sigmoid"
        )


def check_one_output(name, model):
    """Raise unless `model` returns one number for each sample."""
    if output_shape(model) != (None, 1):
        raise ValueError(
            f"{name} must return one number for each sample, shape (None, 1), not "
            f"{output_shape(model)}"
        )


def check_compiled(name, model):
    """Raise unless `model` is compiled, with one loss at most, and trained by Keras's own step."""
    if not model.compiled or not model.optimizer:
        raise ValueError(f"{name} must be compiled: it is trained by an optimizer of its own")
    if isinstance(model.loss, (list, tuple, dict)):
        raise ValueError(f"{name} must be compiled with one loss, not a list or a dict of them")
    if type(model).train_step is not keras.Model.train_step:
        raise ValueError(
            f"{name} must be trained by Keras's train_step, but has its own; override compute_loss"
        )
