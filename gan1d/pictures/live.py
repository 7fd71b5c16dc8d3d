"""A page in which the GAN trains: `live.html`, with its mathematics in `gan.js`."""

from __future__ import annotations

import json
from typing import Any

import keras
import numpy as np

from gan1d._checks import File, file_path
from gan1d.discriminator import define_discriminator
from gan1d.gan import GAN, define_gan
from gan1d.generator import define_generator
from gan1d.pictures.page import TrainingPage
from gan1d.recipes import Stable, Tutorial
from gan1d.samples import Points, set_attributes


class Live(TrainingPage):
    """A page in which the GAN trains while one looks on and turns every knob.

    It is one file, which needs no network. As the last line of a notebook's cell it shows itself.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Live().save(f"{folder}/live.html")
        ...     [file.name for file in pathlib.Path(folder).iterdir()]
        ['live.html']
    """

    sandbox = "allow-scripts allow-downloads"  # of the weights


def load_live(file: File) -> tuple[keras.Model, keras.Model, GAN]:
    """Return the three models with the weights that the page of `Live` saved.

    The optimizers are new: their means of past gradients are not in the file.

    Args:
        file: the path of a gan1d-live.json.

    Returns:
        The generator, the discriminator, and the `GAN` of the two, compiled as they were trained:
        the first arguments of `train`.

    Raises:
        TypeError: for a file that is no path.
        OSError: if it cannot be read.
        ValueError: for any other file.
    """
    file = file_path("file", file)
    try:
        saved = json.loads(file.read_text(encoding="utf-8"))
        if saved["format"] != "gan1d-live-1":
            raise ValueError("format")
        s = saved["settings"]
        stable = s["recipe"] == "stable"
        options: dict[str, Any]
        options = {"function": scaled_by(saved["centre"], saved["halfRange"]) if stable else None}
        options["leaky"] = s["leaky"]
        generator = define_generator(s["latent"], hidden=s["gHidden"], **options)
        discriminator = define_discriminator(hidden=s["dHidden"], logits=stable, **options)
        for model, name in ((generator, "generator"), (discriminator, "discriminator")):
            model.set_weights([np.array(weights, np.float32) for weights in saved[name]])
        recipe = Tutorial(n_critic=s["critic"])
        if stable:
            recipe = Stable(g_rate=s["gRate"], d_rate=s["dRate"])
        gan = define_gan(generator, discriminator, recipe=recipe, n_epochs=s["updates"])
        if not stable:
            discriminator.optimizer.learning_rate = s["dRate"]
            gan.optimizer.learning_rate = s["gRate"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{file} must be a file that the page of Live saved: {error}") from error
    return generator, discriminator, gan


def scaled_by(centre, half_range):
    """Return a source of samples to which networks are scaled by these, (2,) each."""
    centre, half_range = np.array(centre), np.array(half_range)
    source = Points([centre - half_range, centre + half_range])
    set_attributes(source, centre=centre, half_range=half_range)
    return source
