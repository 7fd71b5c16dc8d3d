"""Whatever one has samples of: networks scaled to it, and the whole way in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from gan1d._checks import Rng, Verbose, random_source, verbosity
from gan1d.callbacks import History
from gan1d.discriminator import define_discriminator
from gan1d.functions import SQUARE, generate_real_samples, get_function, on_range
from gan1d.gan import GAN, define_gan
from gan1d.generator import define_generator, generate_fake_samples
from gan1d.measures import Performance
from gan1d.recipes import AnyRecipe, get_recipe
from gan1d.samples import AnySource, Source
from gan1d.training import train

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def define_models(
    function: AnySource = SQUARE,
    *,
    recipe: AnyRecipe = "tutorial",
    hidden: Iterable[int] | None = None,
    latent_dim: int | None = None,
    n_epochs: int = 10000,
    rng: Rng = None,
) -> tuple[keras.Model, keras.Model, GAN]:
    """Return the three models that a recipe wants for a function, or another source of samples.

    By the recipe "stable" both networks work in coordinates in which the function fills [-1, 1]
    on every axis, and take and return samples in its own; where there is no curve they are leaky,
    see `define_discriminator`. By "winding", for a curve of many turns, they have waves, too. By
    "tutorial" they are the tutorial's, of as many numbers as a sample has.

    Args:
        function: what real samples come from, see `generate_real_samples`.
        recipe: "tutorial", "stable", "winding", or a `Recipe`.
        hidden: the units of the hidden layers of both, such as (25, 25) for a function of several
            bends; None for the tutorial's one layer each, of 15 units and of 25.
        latent_dim: dimensions of the generator's latent space; None for `latent_dim_of` these.
        n_epochs: how many updates they are to be trained for.
        rng: what the initial weights are drawn from, the discriminator's first; None for Keras's
            seeds.

    Returns:
        The generator, the discriminator, and the `GAN` of the two: the first arguments of `train`.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> generator, discriminator, gan = define_models("cube", recipe="stable")
        >>> [model.count_params() for model in (generator, discriminator)]
        [122, 101]
    """
    function, recipe = get_function(function), get_recipe(recipe)
    rng = rng if rng is None else random_source(rng)
    options: dict[str, Any]
    options = {"function": function if recipe.scaled else None, "fourier": recipe.fourier}
    options |= {"leaky": recipe.scaled and function.curve() is None, "rng": rng}
    if hidden is not None:
        options["hidden"] = hidden
    latent_dim = latent_dim_of(function, recipe) if latent_dim is None else latent_dim
    n_columns, n_conditions = len(function.columns), len(function.given)
    discriminator = define_discriminator(n_columns, logits=recipe.relative, **options)
    generator = define_generator(latent_dim, n_columns, n_conditions=n_conditions, **options)
    gan = define_gan(generator, discriminator, recipe=recipe, n_epochs=n_epochs)
    return generator, discriminator, gan


def latent_dim_of(function, recipe):
    """Return the dimensions of latent space that a recipe wants for a function.

    They are the tutorial's 5, or as many as columns if these are more, unless it says another.
    """
    return get_recipe(recipe).latent_dim or max(5, len(get_function(function).columns))


def advised_settings(function: AnySource) -> dict[str, Any]:
    """Return with which settings of `define_models` a function is learned, a dict.

    The more often a curve turns or jumps, the more it takes; counted in docs/collapse.md. So do
    samples of more than two columns; see docs/samples.md.

    Args:
        function: what real samples come from, see `generate_real_samples`.

    Returns:
        The `recipe`, the `hidden` units, and the number of updates, `n_epochs`.

    Raises:
        TypeError, ValueError: for what is none of them.

    Example:
        >>> advised_settings("sine")
        {'recipe': 'stable', 'hidden': (25, 25), 'n_epochs': 10000}
    """
    function = get_function(function)
    n_turns, n_jumps = turns(function), jumps(function)
    recipe, hidden, n_epochs = "stable", (25, 25), 10000
    if len(function.columns) > 2:
        hidden = (50, 50)
    elif function.curve() is None and not function.given:
        hidden = (50,)
    elif n_turns > 5 and function.given:  # a line has no use for what it is given
        hidden, n_epochs = (50, 50), 30000
    elif n_turns > 5:
        recipe, hidden, n_epochs = "winding", (100, 100), 30000
    elif n_jumps > 3:
        hidden, n_epochs = (50, 50), 20000
    elif n_turns > 3:
        n_epochs = 20000
    return {"recipe": recipe, "hidden": hidden, "n_epochs": n_epochs}


TENTH = 0.2  # of the range of y, in half ranges: less is a ripple


def turns(function):
    """Return how often a curve turns from up to down or back, by a tenth of its range of y."""
    if function.curve() is None:
        return 0  # noise turns all the time
    count, direction = 0, 0
    y = function.curve()[:, 1] / function.half_range[1]
    low = high = y[0]  # since the last turn
    for value in y:
        low, high = min(low, value), max(high, value)
        if direction <= 0 and value > low + TENTH:
            count, direction, high = count + (direction < 0), 1, value
        elif direction >= 0 and value < high - TENTH:
            count, direction, low = count + (direction > 0), -1, value
    return count


def jumps(function):
    """Return how often a curve changes by a tenth of its range of y from one point to the next."""
    if function.curve() is None:
        return 0
    y = function.curve()[:, 1] / function.half_range[1]
    return int(np.sum(np.abs(np.diff(y)) > TENTH))


def learn(
    f: AnySource,
    low: float | None = None,
    high: float | None = None,
    *,
    given: Sequence[str] = (),
    hidden: Iterable[int] | None = None,
    n_epochs: int | None = None,
    rng: Rng = None,
    verbose: Verbose = "auto",
) -> Learned:
    """Train a GAN on samples of one's own, by the recipe "stable", or "winding" for many turns.

    Args:
        f: a function that takes an array x of shape (n,) and returns y of the same shape, with its
            range `low` and `high`. Or, without a range: rows of numbers (n, d), as of a table or a
            `pandas.DataFrame` (see `Points`); a function that draws n samples (see `Sampler`); a
            `Function1D`, or its name.
        low, high: the range of x.
        given: names of columns, such as ("x",), that the generator is given, to make the others
            for; they come first in its samples.
        hidden: the units of the hidden layers, see `define_models`; None for `advised_settings`.
        n_epochs: how many updates, at least 1; None for `advised_settings`.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`.
        verbose: as in `train`.

    Returns:
        A `Learned`.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.
        FloatingPointError: when a loss turns NaN or infinite.

    Example:
        >>> import numpy as np
        >>> root = learn(np.sqrt, 0, 100, n_epochs=200, verbose=0)
        >>> root.samples(1000).shape
        (1000, 2)
    """
    function = on_range(f, low, high, given=given)
    if verbosity(verbose):
        for part in getattr(function, "left_out", []):
            print(f"Left out: {part}")
    rng = random_source(rng)
    settings = advised_settings(function)
    settings |= {} if hidden is None else {"hidden": hidden}
    settings |= {} if n_epochs is None else {"n_epochs": n_epochs}
    if verbosity(verbose) and settings["recipe"] == "winding":
        print(
            f"A curve of {turns(function)} turns: {settings['n_epochs']:,} updates by the recipe "
            "winding. Those advised take half a minute to a minute."
        )
    models = define_models(function, **settings, rng=rng)
    latent_dim, n_epochs = latent_dim_of(function, settings["recipe"]), settings["n_epochs"]
    options = {"function": function, "rng": rng, "verbose": verbose, "plot": False}
    history = train(*models, latent_dim, n_epochs=n_epochs, n_eval=n_epochs, **options)
    if verbosity(verbose):
        print(history.measures())
    return Learned(function, *models, history)


@dataclass(frozen=True)
class Learned:
    """What `learn` returns: the function, the three models, and the `History` of the training."""

    function: Source
    generator: keras.Model
    discriminator: keras.Model
    gan: GAN
    history: History

    @property
    def performance(self) -> Performance:
        """The `Performance` at the end."""
        return self.history.evaluations[-1]

    def samples(
        self, n: int = 1000, *, given: npt.ArrayLike | None = None, rng: Rng = None
    ) -> np.ndarray:
        """Return n samples that the generator makes, float32 (n, d).

        Args:
            given: (k,), a value for each of the given columns, or (n, k), a row for each sample;
                None for such as the real samples have.
        """
        rng, k = random_source(rng), len(self.function.given)
        if given is not None and not k:
            raise ValueError("given must be None: this generator is given nothing")
        if k and given is None:
            given = self.function.draw_given(n, rng)
        latent_dim = latent_dim_of(self.function, self.gan.recipe)
        return generate_fake_samples(self.generator, latent_dim, n, given=given, rng=rng)[0]

    def plot(self, n: int = 500, *, ax: Axes | None = None, rng: Rng = None) -> Axes | Any:
        """Draw n real and n generated samples, and return the axes; see `plot_samples`."""
        from gan1d.pictures.plots import plot_samples  # Matplotlib is for who draws

        real, _ = generate_real_samples(n, function=self.function, rng=rng)
        return plot_samples(real, self.samples(n, rng=rng), columns=self.function.columns, ax=ax)

    def plot_given(self, n: int = 5000, *, ax: Axes | None = None, rng: Rng = None) -> Axes:
        """Draw the real and the generated spread for what is given; see `plot_given`."""
        from gan1d.pictures.plots import plot_given

        if not self.function.given:
            raise ValueError("plot_given is for a generator that is given something")
        real, _ = generate_real_samples(n, function=self.function, rng=rng)
        return plot_given(real, self.samples(n, rng=rng), columns=self.function.columns, ax=ax)
