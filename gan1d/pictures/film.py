"""A film of a training: snapshots on the way, drawn when it is over."""

import base64
import io
import json
import string
import types

import keras
import numpy as np

from gan1d._checks import file_path, positive_int, random_source, verbosity
from gan1d.functions import SQUARE, generate_real_samples, get_function
from gan1d.generator import generate_latent_points
from gan1d.pictures.plots import field_extent, plot_field, plot_losses

FRAME_MS, LAST_FRAME_MS = 120, 3000


class Film(keras.callbacks.Callback):
    """A callback of `train` that remembers what both networks were, from update 0 to the last.

    A snapshot is taken at the first end of a chunk, of 100 updates or fewer, at which `every`
    updates have passed since the one before was due; the last is of the end. It costs a copy of
    the weights. Fakes are made from the same latent points in every frame, so that each can be
    followed.

    Args:
        every: updates from one snapshot to the next, at least 1.
        n: how many real and how many fake samples are shown, at least 1.
        function: the `Function1D` that is learned, or its name.
        rng: what the samples are drawn from: None for NumPy's global state, an int seed, a
            `Generator` or a `RandomState`.

    Attributes:
        updates: a list of ints, the updates made before each snapshot.

    Raises:
        TypeError, ValueError: for an argument out of range, naming it.

    Example:
        >>> film = Film(every=200, n=50)  # then: train(..., callbacks=film)
        >>> film.updates
        []
    """

    def __init__(self, every, *, n=100, function=SQUARE, rng=None):
        super().__init__()
        self.every = positive_int("every", every)
        self.n = positive_int("n", n)
        self.function = get_function(function)
        self.rng = random_source(rng)
        self.updates, self.weights = [], []
        self.resumed = False

    def on_train_begin(self, logs=None):
        if self.resumed:
            self.resumed = False
            return
        self.updates, self.weights = [], []
        latent_dim = self.model.input_shape[1]
        self.real, _ = generate_real_samples(self.n, function=self.function, rng=self.rng)
        self.latent_points = generate_latent_points(latent_dim, self.n, rng=self.rng)
        self.take(0)
        self.due, self.last = self.every, 0

    def on_train_batch_end(self, batch, logs=None):
        self.last = int(logs["update"])
        if self.last >= self.due:
            self.take(self.last)
            self.due += self.every * ((self.last - self.due) // self.every + 1)

    def on_train_end(self, logs=None):
        if self.updates[-1] != self.last:
            self.take(self.last)

    def get_state(self):
        """Return what a `Backup` is to keep, a dict of arrays."""
        snapshots = {
            f"weights_{model}_{i}": np.stack(of_one)
            for model in (0, 1)
            for i, of_one in enumerate(zip(*(w[model] for w in self.weights), strict=True))
        }
        return snapshots | {
            "updates": np.array(self.updates),
            "due_last": np.array([self.due, self.last]),
            "real": self.real,
            "latent_points": self.latent_points,
        }

    def set_state(self, state):
        """Go on from what `get_state` returned."""
        self.updates = state["updates"].tolist()
        self.due, self.last = state["due_last"].tolist()
        self.real, self.latent_points = state["real"], state["latent_points"]
        self.weights = [
            [
                [a[k] for name, a in state.items() if name.startswith(f"weights_{model}_")]
                for model in (0, 1)
            ]
            for k in range(len(self.updates))
        ]
        self.resumed = True

    def take(self, update):
        """Take a snapshot."""
        self.updates.append(update)
        models = self.model.generator, self.model.discriminator
        self.weights.append([model.get_weights() for model in models])

    def frames(self, history, *, verbose="auto"):
        """Draw the film: in each frame the discriminator's field, samples, and losses so far.

        The models have the weights of each snapshot in turn, and at the end their own again.

        Args:
            history: what `train` returned.
            verbose: 0 for silence, 1 or "auto" for a progress bar, 2 for a line at the end.

        Returns:
            A list of Pillow images of 128 colours, 900 x 450 pixels, one for each of `updates`.

        Raises:
            ValueError: before training, and for a bad `verbose`.
        """
        bar = keras.utils.Progbar(
            len(self.updates), verbose=verbosity(verbose), unit_name="frame", stateless_metrics=()
        )
        if not self.updates:
            raise ValueError("there is no film before training: give it to train as a callback")
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from PIL import Image

        figure = Figure(figsize=(9, 4.5), dpi=100)
        figure.subplots_adjust(left=0.09, right=0.97, bottom=0.11, top=0.92, wspace=0.2)
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(1, 2, width_ratios=(1.1, 1))
        generator, discriminator = models = self.model.generator, self.model.discriminator
        kept = [model.get_weights() for model in models]
        images = []
        try:
            for update, weights in zip(self.updates, self.weights, strict=True):
                for model, its_weights in zip(models, weights, strict=True):
                    model.set_weights(its_weights)
                fake = keras.ops.convert_to_numpy(generator(self.latent_points, training=False))
                self.draw_frame(axes, update, discriminator, fake, history)
                canvas.draw()
                images.append(Image.fromarray(np.array(canvas.buffer_rgba())).convert("RGB"))
                bar.update(len(images))
        finally:
            for model, its_weights in zip(models, kept, strict=True):
                model.set_weights(its_weights)
        # One palette for all, and no dithering: flat colours stay flat, and small.
        palette = mosaic([images[0], images[len(images) // 2], images[-1]]).quantize(128)
        return [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]

    def draw_frame(self, axes, update, discriminator, fake, history):
        """Draw one frame on two axes: the field with the samples, and the losses so far."""
        for ax in axes:
            ax.clear()
        extent = field_extent(self.function)
        plot_field(
            discriminator, self.real, fake, function=self.function, extent=extent, ax=axes[0]
        )
        axes[0].set_title(f"{self.function.formula}, update {update:,}", loc="left")
        so_far = np.searchsorted(history.history["update"], update, side="right")
        curves = {name: values[:so_far] for name, values in history.history.items()}
        plot_losses(types.SimpleNamespace(history=curves), ax=axes[1])
        losses = [history.history[name] for name in self.model.recipe.losses]
        axes[1].set(xlim=(0, self.updates[-1]), ylim=(0, 1.3 * np.quantile(losses, 0.99)))
        axes[1].legend(loc="upper right")


def check_images(images):
    """Raise unless it is a list of at least one Pillow image."""
    from PIL.Image import Image

    if not isinstance(images, (list, tuple)) or not images:
        raise TypeError(f"images must be a list of at least one, got {images!r}")
    if not all(isinstance(image, Image) for image in images):
        raise TypeError(f"images must be Pillow images, got {images!r}")


def mosaic(images):
    """Return one image of several of the same size, one above the other."""
    from PIL import Image

    return Image.fromarray(np.concatenate([np.asarray(image) for image in images]))


def save_gif(images, file):
    """Save frames as an animated GIF that plays for ever, and holds the last a while.

    Args:
        images: as `Film.frames` draws them, at least one.
        file: the path to write.

    Raises:
        TypeError: for what are no images.

    Example:
        >>> import pathlib, tempfile
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_gif([Image.new("P", (9, 9))], f"{folder}/film.gif")
        ...     pathlib.Path(folder, "film.gif").read_bytes()[:6]
        b'GIF89a'
    """
    file = file_path("file", file)
    check_images(images)
    first, *others = images
    first.save(
        file,
        format="GIF",
        save_all=True,
        append_images=others,
        duration=[FRAME_MS] * len(others) + [LAST_FRAME_MS],
        loop=0,
    )


def save_html(images, updates, file, *, title="Training"):
    """Save frames as one HTML page with play, pause, and a slider over the updates.

    It needs no other file and no network.

    Args:
        images: as `Film.frames` draws them, at least one.
        updates: the update that each is of.
        file: the path to write.
        title: of the page.

    Raises:
        TypeError, ValueError: for what are no images, or not as many updates.

    Example:
        >>> import pathlib, tempfile
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_html([Image.new("P", (9, 9))], [0], f"{folder}/film.html", title="One frame")
        ...     "<title>One frame</title>" in pathlib.Path(folder, "film.html").read_text()
        True
    """
    file = file_path("file", file)
    check_images(images)
    if not isinstance(updates, (list, tuple)):
        raise TypeError(f"updates must be a list of whole numbers, got {updates!r}")
    updates = [positive_int("updates", update, minimum=0) for update in updates]
    if len(updates) != len(images):
        raise ValueError(f"updates must be one for each of {len(images)} images, got {updates}")
    if not isinstance(title, str):
        raise TypeError(f"title must be text, got {title!r}")
    page = string.Template(PAGE).substitute(
        title=title.replace("&", "&amp;").replace("<", "&lt;"),
        frames=json.dumps([data_address(image) for image in images]),
        updates=json.dumps(updates),
        frame_ms=FRAME_MS,
        width=images[0].width,
        height=images[0].height,
    )
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(page)


def data_address(image):
    """Return an image as a data: address."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.4 sans-serif; max-width: ${width}px; margin: 1em auto; padding: 0 1em; }
  img { width: 100%; height: auto; display: block; }
  form { display: flex; gap: 1em; align-items: center; }
  button { font: inherit; width: 5em; padding: .3em; }
  input { flex: 1; }
  output { width: 8em; text-align: right; font-variant-numeric: tabular-nums; }
</style>
<img id="frame" width="$width" height="$height" alt="The discriminator's field with real and
generated samples on it, and the losses so far">
<form>
  <button id="play" type="button">Play</button>
  <input id="slider" type="range" min="0" value="0" step="1" aria-label="Update" autocomplete="off">
  <output id="update"></output>
</form>
<script>
const frames = $frames;
const updates = $updates;
const [frame, play, slider, update] = ["frame", "play", "slider", "update"].map(
  id => document.getElementById(id));
let timer = null;

function show(i) {
  slider.value = i;
  frame.src = frames[i];
  update.value = "update " + updates[i].toLocaleString("en");
  slider.setAttribute("aria-valuetext", update.value);
}
function pause() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}
function advance() {
  const next = Number(slider.value) + 1;
  if (next < frames.length) show(next);
  if (next >= frames.length - 1) pause();
}
play.onclick = () => {
  if (timer !== null) return pause();
  if (Number(slider.value) === frames.length - 1) show(0);
  timer = setInterval(advance, $frame_ms);
  play.textContent = "Pause";
};
slider.oninput = () => { pause(); show(Number(slider.value)); };
slider.max = frames.length - 1;
show(0);
</script>
</html>
"""
