"""Step 6: the complete training loop, the tutorial's update for update, run by `fit`."""

import contextlib
import dataclasses
import functools
import math
from concurrent import futures

import keras
import numpy as np
from keras import ops

from gan1d._checks import positive_int, random_source, verbosity, yes_or_no
from gan1d.backup import Backup, kept_callbacks, variables_of
from gan1d.discriminator import check_discriminator
from gan1d.evaluation import summarize_performance
from gan1d.functions import SQUARE, generate_real_samples, get_function
from gan1d.gan import GAN
from gan1d.generator import check_generator, generate_latent_points

CHUNK = 100  # updates in one call of the compiled step, and in one point of the history
TRAINING, EVALUATION = 0, 1  # the random streams of a training's seed


def train(
    g_model,
    d_model,
    gan_model,
    latent_dim=5,
    n_epochs=10000,
    n_batch=128,
    n_eval=2000,
    *,
    function=SQUARE,
    rng=None,
    callbacks=None,
    verbose="auto",
    plot=True,
    file=None,
    backup_dir=None,
    resume=True,
):
    """Train the generator and the discriminator against each other.

    An epoch here is the tutorial's: one update, which is a step of the discriminator on half a
    batch of real samples, another on half a batch of fake ones, and a step of the generator on
    a whole batch. (By another recipe, see `define_gan`, one step on both halves.)

    A *Keras* epoch, at whose end callbacks have their `on_epoch_end`, goes from one evaluation
    to the next: n_eval updates. Its logs hold the losses (`d_loss_real`, `d_loss_fake`,
    `g_loss`, or the recipe's, each the mean of the last 100 updates or fewer), the number of
    updates so far (`update`), and what was measured (`accuracy_real`, `accuracy_fake`,
    `energy_distance`, `coverage`, `curve_error`). A Keras step is up to 100 updates.

    Training goes on from the models' weights and the optimizers' state, so a second call
    continues the first.

    Args:
        g_model, d_model, gan_model: the generator, the discriminator, and the `GAN` of the two.
        latent_dim: dimensions of the generator's latent space.
        n_epochs: how many updates, at least 1.
        n_batch: samples in a batch, at least 2; half as many real and fake ones.
        n_eval: evaluate after every n_eval updates, at least 1.
        function: the `Function1D` to learn, or its name.
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`. All
            of training is drawn from one seed, taken from it at the start.
        callbacks: any Keras callbacks. One that watches a measure is to be told which way is
            better, as in `EarlyStopping("energy_distance", mode="min")`.
        verbose: 0 for silence, 1 or "auto" for a progress bar and the line of each
            evaluation, 2 for a line instead of the bar.
        plot: draw the samples at each evaluation.
        file: where to save that picture, with `{epoch}` for the tutorial's epoch, as in
            "samples_{epoch:05d}.png"; None to show it on the screen, where there is one.
        backup_dir: a folder to keep all of training's state in, after each evaluation and when
            training is stopped, or None.
        resume: go on from the state in `backup_dir`, if there is one, to the same bits as
            without the break. The arguments must be those that it was begun with, and `rng`
            the same seed; a training that had ended is restored as it was. Of the callbacks,
            those that have `get_state` and `set_state` go on, as `Film` does; Keras's own begin
            anew.

    Returns:
        A `History`.

    Raises:
        TypeError, ValueError: for an argument out of range, or models that do not belong
            together, naming the argument, or a backup that is damaged or of another training;
            before any work.
        FloatingPointError: when a loss turns NaN or infinite; it says at which update.

    Example:
        >>> from gan1d import define_discriminator, define_gan, define_generator
        >>> discriminator, generator = define_discriminator(), define_generator()
        >>> models = generator, discriminator, define_gan(generator, discriminator)
        >>> history = train(*models, n_epochs=20, n_eval=10, plot=False, verbose=0)
        >>> [performance.epoch for performance in history.evaluations]
        [9, 19]
    """
    n_epochs = positive_int("n_epochs", n_epochs)
    n_batch = positive_int("n_batch", n_batch, minimum=2)
    n_eval = positive_int("n_eval", n_eval)
    function = get_function(function)
    verbose = verbosity(verbose)
    plot = yes_or_no("plot", plot)
    check_models(g_model, d_model, gan_model, latent_dim)
    check_pattern(file)
    seed = draw_seed(rng)

    def evaluate(epoch):
        return summarize_performance(
            epoch,
            g_model,
            d_model,
            latent_dim,
            function=function,
            rng=stream(seed, EVALUATION, epoch),
            plot=plot,
            file=file and str(file).format(epoch=epoch),
            verbose=verbose,
        )

    history = History(n_epochs, n_eval, evaluate, verbose)
    callbacks = [history, *keras.tree.flatten(callbacks or [])]
    gan_model.prepare()
    start = 0
    if backup_dir is not None:
        settings = {
            "function": function.name,
            "values of the function": function(
                np.linspace(function.low, function.high, 5)
            ).tolist(),
            "latent_dim": int(latent_dim),
            "n_epochs": n_epochs,
            "n_batch": n_batch,
            "n_eval": n_eval,
            "recipe": gan_model.recipe.name,
            "recipe's numbers": vars(gan_model.recipe),
            "n_epochs of define_gan": gan_model.n_epochs,
            "shapes of the variables": [list(v.shape) for v in variables_of(gan_model)],
            "random seed": seed.hex(),
            "callbacks with a state": [type(c).__name__ for c in kept_callbacks(callbacks)],
        }
        backup = Backup(backup_dir, settings, history, callbacks)
        if resume:
            start = backup.restore(gan_model)
        callbacks.append(backup)  # the last, after all that it keeps
    if start == n_epochs:  # the end is all that is left
        ended = keras.callbacks.CallbackList(callbacks, model=gan_model)
        ended.on_train_begin()
        ended.on_train_end()
        return history
    check_schedule(gan_model, n_epochs - start)
    chunks = draw_chunks(latent_dim, n_epochs, n_batch, n_eval, function, seed, start)
    with drawn_ahead(chunks) as chunks:
        gan_model.fit(
            chunks,
            initial_epoch=start // n_eval,
            epochs=math.ceil(n_epochs / n_eval),
            steps_per_epoch=math.ceil(min(n_epochs, n_eval) / CHUNK),
            shuffle=False,
            callbacks=callbacks,
            verbose=0,
        )
    return history


def check_models(g_model, d_model, gan_model, latent_dim):
    """Raise unless the three models can be trained together."""
    check_generator("g_model", g_model, latent_dim)
    check_discriminator("d_model", d_model)
    if not isinstance(gan_model, GAN):
        raise TypeError(f"gan_model must be made by define_gan, got {gan_model!r}")
    if gan_model.generator is not g_model or gan_model.discriminator is not d_model:
        raise ValueError(
            "gan_model must be made of g_model and d_model: define_gan(g_model, d_model)"
        )
    for name, model in (("g_model", g_model), ("d_model", d_model)):
        if not model.trainable_variables:
            raise ValueError(
                f"{name} must be trainable, but is frozen: set {name}.trainable = True"
            )


def check_schedule(gan_model, n_epochs):
    """Raise if the recipe's learning rate would be 0 before the last update."""
    done = int(gan_model.optimizer.iterations)
    if gan_model.recipe.scheduled and done + n_epochs > gan_model.n_epochs:
        raise ValueError(
            f"n_epochs must be at most {gan_model.n_epochs - done}, got {n_epochs}: the learning "
            f"rate of the recipe {gan_model.recipe.name!r} falls to 0 over the "
            f"{gan_model.n_epochs} updates that define_gan was told, and {done} are done"
        )


def check_pattern(file):
    """Raise unless `file` is None or a path in which only `{epoch}` is to be filled in."""
    try:
        str(file).format(epoch=0)
    except (LookupError, ValueError) as error:
        raise ValueError(f"file must have no field but {{epoch}}, got {str(file)!r}") from error


def draw_seed(rng):
    """Draw the 128-bit seed of one training."""
    return random_source(rng).bytes(16)


def stream(seed, *key):
    """Return the generator of the independent random stream `key`, a few ints, of a seed."""
    entropy = int.from_bytes(seed, "little")
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))


def draw_chunks(latent_dim, n_epochs, n_batch, n_eval, function, seed, start=0):
    """Yield what `GAN.train_step` takes, a chunk of updates at a time.

    A chunk ends after CHUNK updates or at an evaluation, but is always drawn whole, and from a
    stream of its own: arrays of one shape compile once, and a position in training is a
    position in the random numbers. A training that begins at `start`, between two evaluations,
    gets empty chunks for what is done: every Keras epoch has the same number of steps.
    """
    half_batch = n_batch // 2
    for _ in range(0, start % n_eval, CHUNK):
        yield (
            (
                np.zeros((CHUNK, half_batch, 2), np.float32),
                np.zeros((CHUNK, half_batch, latent_dim), np.float32),
                np.zeros((CHUNK, n_batch, latent_dim), np.float32),
                np.array([start, start], np.int32),
            ),
        )
    while start < n_epochs:
        stop = min(start + CHUNK, n_epochs, start - start % n_eval + n_eval)
        rng = stream(seed, TRAINING, start)
        real, _ = generate_real_samples(CHUNK * half_batch, function=function, rng=rng)
        fake_latent = generate_latent_points(latent_dim, CHUNK * half_batch, rng=rng)
        gan_latent = generate_latent_points(latent_dim, CHUNK * n_batch, rng=rng)
        chunk = (
            real.reshape(CHUNK, half_batch, 2),
            fake_latent.reshape(CHUNK, half_batch, latent_dim),
            gan_latent.reshape(CHUNK, n_batch, latent_dim),
            np.array([start, stop], np.int32),
        )
        yield (chunk,)
        start = stop


@contextlib.contextmanager
def drawn_ahead(chunks):
    """Give a generator of the chunks as tensors; a thread makes the next one meanwhile."""
    tensors = map(functools.partial(keras.tree.map_structure, ops.convert_to_tensor), chunks)
    with futures.ThreadPoolExecutor(max_workers=1) as thread:
        first = thread.submit(next, tensors, None)  # now, while `fit` gets ready

        def generate(ahead):
            while (chunk := ahead.result()) is not None:
                ahead = thread.submit(next, tensors, None)
                yield chunk

        with contextlib.closing(generate(first)) as generator:  # it holds the last chunk
            yield generator


class History(keras.callbacks.History):
    """What happened in training: Keras's `History` with more points, and the evaluations.

    It is the callback that `train` watches training with.

    Attributes:
        history: a dict of lists, one entry for every 100 updates or fewer: `update`, the number
            of updates so far, and the mean of each loss since the entry before: `d_loss_real`,
            `d_loss_fake` and `g_loss`, or those that the recipe names.
        evaluations: a list of `Performance`, one for each evaluation.
    """

    def __init__(self, n_epochs, n_eval, evaluate, verbose):
        super().__init__()
        self.n_epochs, self.n_eval, self.evaluate = n_epochs, n_eval, evaluate
        self.evaluations = []
        self.bar = keras.utils.Progbar(
            n_epochs, verbose=verbose, unit_name="update", stateless_metrics=()
        )

    def on_train_batch_end(self, batch, logs=None):
        # Not asking for `self.model`, for which Keras on JAX would write all variables back.
        update = logs["update"] = int(logs["update"])
        if update == (self.history.get("update") or [0])[-1]:
            return  # an empty chunk: training was resumed here
        for key in logs:
            if not math.isfinite(logs[key]):
                raise FloatingPointError(f"{key} became {logs[key]} at update {update} of training")
            self.history.setdefault(key, []).append(logs[key])
        losses = [(name, value) for name, value in logs.items() if name != "update"]
        self.bar.update(update, losses, finalize=False)
        if update == self.n_epochs:  # the last Keras epoch may be short
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        update = logs["update"] = int(logs["update"])
        self.bar.update(update, finalize=True)
        if update % self.n_eval == 0:
            performance = self.evaluate(update - 1)
            self.evaluations.append(performance)
            logs.update(dataclasses.asdict(performance))
            del logs["epoch"]  # the tutorial's; callbacks have Keras's already
