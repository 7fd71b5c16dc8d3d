"""Step 6: the complete training loop, the tutorial's update for update."""

from __future__ import annotations

import contextlib
import functools
import math
import pathlib
from concurrent import futures

import keras

from gan1d._checks import File, Rng, Verbose, file_path, positive_int, verbosity, yes_or_no
from gan1d._model_checks import check_compiled, check_discriminator, check_generator, check_has_loss
from gan1d.callbacks import AnyCallbacks, BothRates, History, Monitor
from gan1d.checkpoint import Checkpoint, describe
from gan1d.draws import CHUNK, EVALUATION, draw_chunk, draw_seed, stream
from gan1d.evaluation import summarize_performance
from gan1d.files import locked
from gan1d.functions import SQUARE, get_function
from gan1d.gan import GAN
from gan1d.samples import AnySource, Latent
from gan1d.trainer import Trainer


def train(
    g_model: keras.Model,
    d_model: keras.Model,
    gan_model: GAN,
    latent_dim: int = 5,
    n_epochs: int = 10000,
    n_batch: int = 128,
    n_eval: int = 2000,
    *,
    function: AnySource = SQUARE,
    latent: Latent | None = None,
    rng: Rng = None,
    callbacks: AnyCallbacks = None,
    verbose: Verbose = "auto",
    plot: bool = True,
    file: File | None = None,
    backup_dir: File | None = None,
    resume: bool = True,
) -> History:
    """Train the generator and the discriminator against each other.

    Real samples are the `function`'s: for your own, say `train(..., function=mine)`. (To define
    `generate_real_samples` anew, as in a copy of the tutorial, changes nothing here.)

    An epoch here is the tutorial's: one update, which is a step of the discriminator on half a
    batch of real samples, another on half a batch of fake ones, and a step of the generator on
    a whole batch. (By another recipe, see `define_gan`, one step on both halves.)

    A *Keras* epoch, at whose end callbacks have their `on_epoch_end`, goes from one evaluation
    to the next: n_eval updates, or fewer at the end. Its logs hold the losses (`d_loss_real`,
    `d_loss_fake`, `g_loss`, or the recipe's, each the mean of the last 100 updates or fewer), the
    number of updates so far (`update`), and what was measured, by the names of a `Performance`
    (`energy_distance`, `coverage`, `curve_error` and the others). A Keras step is up to 100
    updates.

    Training goes on from the models' weights and the optimizers' state, so a second call
    continues the first.

    Args:
        g_model, d_model, gan_model: the generator, the discriminator, and the `GAN` of the two.
        latent_dim: dimensions of the generator's latent space.
        n_epochs: how many updates, at least 1.
        n_batch: samples in a batch, at least 2; half as many real and fake ones.
        n_eval: evaluate after every n_eval updates, at least 1, and at the end.
        function: what to learn: a `Function1D` or its name; rows of numbers, such as a table's
            (see `Points`); or a function of yours that draws n samples (see `Sampler`).
        latent: `latent(n, latent_dim, rng)`, a function that draws from another latent space than
            the Gaussian, (n, latent_dim).
        rng: None for NumPy's global state, an int seed, a `Generator` or a `RandomState`. All
            of training is drawn from one seed, taken from it at the start.
        callbacks: any Keras callbacks. One that watches a measure is to be told which way is
            better, as in `EarlyStopping("energy_distance", mode="min")`.
        verbose: 0 for silence, 1 or "auto" for a progress bar and the line of each
            evaluation, 2 for a line instead of the bar. (No line by a recipe that is `relative`,
            where accuracies mean nothing.)
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
    check_models(g_model, d_model, gan_model, latent_dim, function)
    check_pattern(file)
    callbacks = check_callbacks(callbacks)
    backup_dir = backup_dir if backup_dir is None else file_path("backup_dir", backup_dir)
    seed = draw_seed(rng)

    def evaluate(epoch):
        check_same_folder()
        return summarize_performance(
            epoch,
            g_model,
            d_model,
            latent_dim,
            function=function,
            latent=latent,
            rng=stream(seed, EVALUATION, epoch),
            plot=plot,
            file=file and str(file).format(epoch=epoch),
            # Of accuracies, which mean nothing by a recipe that is relative, no line is printed.
            verbose=0 if gan_model.recipe.relative else verbose,
        )

    trainer = Trainer.for_gan(gan_model)
    history = History(gan_model.recipe.relative)
    monitor = Monitor(history, evaluate, n_epochs, n_eval, verbose)
    every_callback = [history, monitor, *callbacks, BothRates()]
    start, check_same_folder = 0, lambda: None
    with contextlib.ExitStack() as stack:
        if backup_dir is not None:
            check_same_folder = stack.enter_context(locked(backup_dir))
            numbers = {"n_epochs": n_epochs, "n_batch": n_batch, "n_eval": n_eval}
            what = describe(gan_model, function, callbacks, **numbers, rng=seed.hex())
            kept = (history, callbacks, trainer.variables, check_same_folder)
            checkpoint = Checkpoint(backup_dir, what, *kept)
            start = checkpoint.restore() if resume else 0
            every_callback.append(checkpoint)  # the last, after all that it keeps
        if start == n_epochs and verbose:
            print(f"All {n_epochs:,} updates are in {backup_dir}: none is made.")
        if start and not function.reproducible:
            print(
                f"{function.name} draws from a random state of its own (it has no parameter rng): "
                "this goes on, but not to the same bits as without the break."
            )
        check_schedule(gan_model, n_epochs - start)
        if verbose and trainer.is_new and start < n_epochs:
            print("Compiling.", flush=True)
        options = {"n_critic": gan_model.recipe.n_critic, "latent": latent}
        draw = functools.partial(draw_chunk, seed, latent_dim, n_batch, function, **options)
        shown = {"function": function, "latent": latent}  # to callbacks, such as `Film`
        loop(trainer, draw, start, n_epochs, n_eval, every_callback, **shown)
    return history


def loop(trainer, draw, start, n_epochs, n_eval, callbacks, **params):
    """Train from update `start` to update `n_epochs`, and call back on the way.

    A Keras epoch ends after every n_eval updates and at the end, and a Keras step after CHUNK
    updates, or at the end of its epoch.

    Args:
        draw: `draw(update)` returns the samples of the CHUNK updates from that one on.
        callbacks: a list of Keras callbacks. Their model is the `GAN`.
        params: what else their `params` shall have.
    """
    gan = trainer.gan
    n_steps = math.ceil(min(n_epochs, n_eval) / CHUNK)
    params |= {"epochs": math.ceil(n_epochs / n_eval), "steps": n_steps, "verbose": 0}
    callbacks = keras.callbacks.CallbackList(callbacks, model=gan, **params)
    gan.stop_training = False
    callbacks.on_train_begin()
    update, logs = start, {}
    with futures.ThreadPoolExecutor(max_workers=1) as thread:
        drawn = thread.submit(draw, update)
        while update < n_epochs and not gan.stop_training:
            epoch, step = update // n_eval, update % n_eval // CHUNK
            if step == 0 or update == start:
                callbacks.on_epoch_begin(epoch)
            callbacks.on_train_batch_begin(step)
            epoch_end = min(n_epochs, (epoch + 1) * n_eval)
            stop, draws = min(update + CHUNK, epoch_end), drawn.result()
            # A compiled chunk leaves a core free: there the next one is drawn (the last in vain).
            # It is there before any callback runs, so that a function that draws noise itself
            # always does so in the same order.
            drawn = thread.submit(draw, stop)
            logs = trainer.make_updates(draws, update, stop)
            futures.wait([drawn])
            update = stop
            callbacks.on_train_batch_end(step, logs)
            if update == epoch_end or gan.stop_training:
                callbacks.on_epoch_end(epoch, logs)
    callbacks.on_train_end(logs)


def check_models(g_model, d_model, gan_model, latent_dim, function):
    """Raise unless the three models can be trained together, on samples of the function."""
    check_generator("g_model", g_model, latent_dim, len(function.given))
    check_discriminator("d_model", d_model, function.columns)
    if not isinstance(gan_model, GAN):
        raise TypeError(f"gan_model must be made by define_gan, got {gan_model!r}")
    if gan_model.generator is not g_model or gan_model.discriminator is not d_model:
        raise ValueError(
            "gan_model must be made of g_model and d_model: define_gan(g_model, d_model)"
        )
    check_compiled("d_model", d_model)
    check_has_loss("d_model", d_model)
    check_compiled("gan_model", gan_model)
    if gan_model.optimizer is d_model.optimizer:
        raise ValueError("gan_model must have an optimizer of its own, but has that of d_model")
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
    """Raise unless `file` is None, or a path to a picture in which only `{epoch}` is filled in."""
    if file is None:
        return
    pattern = str(file_path("file", file))
    try:
        suffix = pathlib.Path(pattern.format(epoch=0)).suffix
    except (LookupError, ValueError) as error:
        raise ValueError(f"file must have no field but {{epoch}}, got {pattern!r}") from error
    if suffix.lower() not in (".png", ".svg", ".pdf", ".jpg", ".jpeg", ".webp"):
        raise ValueError(f"file must end as a picture does, such as .png, got {pattern!r}")


def check_callbacks(callbacks):
    """Return callbacks, one or many or None, as a list of Keras callbacks."""
    callbacks = keras.tree.flatten(callbacks or [])
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(f"callbacks must be Keras callbacks, got {callback!r}")
    return callbacks
