"""Each message of the page is what the code in question says, and the mended code says nothing."""

import contextlib
import importlib
import io
import itertools
import json
import logging
import os
import re
import sys
import traceback
import warnings

import h5py
import keras
import make_images
import numpy as np
import pytest
import tutorial
from conftest import ROOT

import gan1d
from gan1d.draws import draw_chunk, draw_seed
from gan1d.functions import SQUARE
from gan1d.pictures.diagrams import graphviz_program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        keras.config.backend() != "tensorflow", reason="the page is about TensorFlow"
    ),
]

PAGE = (ROOT / "docs/fix-your-copy.md").read_text(encoding="utf-8")
TOP, *PARTS = re.split(r"^## ", PAGE, flags=re.MULTILINE)
SECTIONS = dict(part.split("\n", 1) for part in PARTS)
LISTING = (ROOT / "scripts/tutorial.py").read_text(encoding="utf-8")
FROZEN = "The discriminator learns nothing"
MOVED = "Moved and removed"


def blocks(text, language="[a-z]+"):
    """Return the fenced blocks of a text, pairs of a language and what is in it."""
    return re.findall(rf"^```({language})\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def side(diff, sign):
    """Return the code before a diff, for "-", or after it, for "+"."""
    return "".join(line[1:] for line in diff.splitlines(True) if line[0] in (" ", sign))


def cells(text):
    """Return the rows of the table in a text, without its head, as lists of cells."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def codes(cell):
    """Return what stands as code in a cell."""
    return [code.strip() for _, code in re.findall(r"(`+)(.+?)\1(?!`)", cell)]


def pairs():
    """Return of each diff below a heading: the heading, the messages above it, and the diff."""
    found = []
    for heading, text in SECTIONS.items():
        messages = []
        for language, block in blocks(text):
            if language == "text":
                messages.append(" ".join(block.split()))
            elif language == "diff" and block[1] != " ":  # else it is a part of the listing's loop
                found.append((heading, messages, block))
                messages = []
        assert not messages, heading
    return found


PAIRS = [pair for pair in pairs() if pair[1]]


def models(listing=None):
    """Return what the tutorial's code has at hand: its functions, models and a batch of each."""
    names = dict(listing or vars(tutorial))
    keras.utils.set_random_seed(1)
    d_model, g_model = names["define_discriminator"](), names["define_generator"](5)
    x_real, ones = tutorial.generate_real_samples(64)
    x = keras.Input((2,))
    return names | {
        "keras": keras,
        "np": np,
        "n": len(x_real),
        "x_real": x_real,
        "x_fake": x_real + 1,
        "x_input": tutorial.generate_latent_points(5, 64),
        "batches": ((x_real, ones) for _ in itertools.count()),
        "d_model": d_model,
        "g_model": g_model,
        "model": d_model,
        "x": x,
        "y": keras.layers.Dense(1)(x),
    }


def said(code, names):
    """Run code, and return all that it says: what it raises, warns of, logs and prints."""
    printed, logged, error = io.StringIO(), io.StringIO(), []
    handler = logging.StreamHandler(logged)
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    logger = logging.getLogger("absl")
    logger.addHandler(handler)
    try:
        with (
            warnings.catch_warnings(record=True) as warned,
            contextlib.redirect_stdout(printed),
        ):
            warnings.simplefilter("always")
            warnings.filterwarnings("ignore", "__array__ implementation doesn't accept a copy")
            try:
                exec(code, names)
            except Exception as caught:
                error = traceback.format_exception_only(caught)
    finally:
        logger.removeHandler(handler)
    found = [*error, *(f"{one.category.__name__}: {one.message}" for one in warned)]
    found += [*re.split(r"[\r\n]", printed.getvalue()), *logged.getvalue().splitlines()]
    plain = (" ".join(re.sub(r"\x1b\[\d+m|\x08", "", message).split()) for message in found)
    return [message for message in plain if message]


def is_among(shown, messages):
    """Return whether a message of the page is one of those; "..." at its end is any rest."""
    if shown.endswith("..."):
        return any(message.startswith(shown[:-3].rstrip()) for message in messages)
    return shown in messages


def without_pydot(monkeypatch):
    from keras.src.utils import model_visualization

    monkeypatch.setitem(sys.modules, "pydot", None)
    for fork in ("pydot_ng", "pydotplus"):
        monkeypatch.setitem(sys.modules, fork, None)
    importlib.reload(model_visualization)


def without_dot(monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, with Keras 2's files; no IPython, no Graphviz but the wheel's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "IPython.core.magics.namespace", raising=False)
    monkeypatch.setenv("PATH", os.path.dirname(graphviz_program()))
    generator, discriminator = [(5, 15), (15, 2)], [(2, 25), (25, 1)]
    write_keras_2_file("discriminator.h5", sequential(discriminator), loss="binary_crossentropy")
    write_keras_2_file("generator.h5", sequential(generator))
    gan = {"gan": [sequential(generator), sequential(discriminator)]}
    write_keras_2_file("gan.h5", gan, loss="binary_crossentropy")
    write_keras_2_file("mse.h5", sequential(discriminator), loss="mse")
    return tmp_path


def sequential(sizes):
    return {f"of_{sizes[0][0]}": sizes}


def keras_2_model(model, nested=False):
    """Return the configuration that Keras 2 writes of a model {name: layers}.

    A layer is (inputs, units), or a model: those in a model are written as in a .keras file.
    """
    ((name, layers),) = model.items()
    configs = []
    for layer in layers:
        if isinstance(layer, dict):
            configs.append(keras_2_model(layer, nested=True))
            continue
        n_inputs, units = layer
        config = {"name": f"dense_{n_inputs}", "trainable": True, "dtype": "float32"}
        config |= {"units": units, "activation": "linear", "use_bias": True}
        if not configs:
            config["batch_input_shape"] = [None, n_inputs]
            first = {"name": "first", "dtype": "float32", "batch_input_shape": [None, n_inputs]}
            configs.append({"class_name": "InputLayer", "config": first})
        configs.append({"class_name": "Dense", "config": config})
    if nested:
        configs = [one | {"module": "keras.layers", "registered_name": None} for one in configs]
    return {"class_name": "Sequential", "config": {"name": name, "layers": configs}}


def keras_2_weights(layer):
    """Return the weights of a layer or a model, by the names that Keras 2 gives them."""
    if isinstance(layer, dict):
        ((_, layers),) = layer.items()
        return {name: value for one in layers for name, value in keras_2_weights(one).items()}
    name = f"dense_{layer[0]}"
    values = np.full(layer, layer[1] / 100, np.float32), np.zeros(layer[1], np.float32)
    return {f"{name}/kernel:0": values[0], f"{name}/bias:0": values[1]}


def write_keras_2_file(file, model, loss=None):
    """Write an .h5 file as Keras 2.15 lays it out, of a model {name: layers}."""
    ((_, layers),) = model.items()
    with h5py.File(file, "w") as root:
        root.attrs.update({"keras_version": "2.15.0", "backend": "tensorflow"})
        root.attrs["model_config"] = json.dumps(keras_2_model(model))
        if loss is not None:
            accuracy = {"name": "accuracy", "dtype": "float32", "fn": "binary_accuracy"}
            metric = {"class_name": "MeanMetricWrapper", "config": accuracy}
            optimizer = {"name": "Adam", "learning_rate": 0.001}
            optimizer |= {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
            training = {"loss": loss, "metrics": [[metric]], "weighted_metrics": None}
            training["optimizer_config"] = {"class_name": "Custom>Adam", "config": optimizer}
            root.create_group("optimizer_weights")  # whose content is not asked here
            root.attrs["training_config"] = json.dumps(training | {"loss_weights": None})
        group = root.create_group("model_weights")
        configs = [one["config"] for one in keras_2_model(model)["config"]["layers"]]
        names = [config["name"] for config in configs if config["name"] != "first"]
        group.attrs["layer_names"] = np.array(names, "S")
        for name, layer in zip(names, layers, strict=True):
            values = keras_2_weights(layer)
            inner = group.create_group(name)
            inner.attrs["weight_names"] = np.array([*values], "S")
            for path, value in values.items():
                inner[path] = value


# What the code of a diff does not say itself: how to get to its message, by words of it.
BEFORE = {"pip install pydot": without_pydot, "graphviz.gitlab.io": without_dot}
TRAIN = "\ngan_model = define_gan(g_model, d_model)\ntrain(g_model, d_model, gan_model, 5, 2, 16)"
LOAD_MSE = 'keras.models.load_model("mse.h5")'
AFTER = {
    "does not have any trainable": TRAIN,
    "'str' object": "d_model.evaluate(x_real, np.ones((n, 1)), verbose=0)",
    "Unknown variable": "d_model.train_on_batch(x_real, np.ones((n, 1)))",
    "keras.metrics.mse": LOAD_MSE,
}


def of_message(table, message):
    return next((value for words, value in table.items() if words in message), None)


@pytest.mark.parametrize(
    ("heading", "messages", "diff"), PAIRS, ids=[f"{i} {pair[0]}" for i, pair in enumerate(PAIRS)]
)
def test_the_code_says_it_and_mended_says_nothing(heading, messages, diff, folder, monkeypatch):
    for message in messages:
        more = of_message(AFTER, message) or ""
        with monkeypatch.context() as hidden:
            hide = of_message(BEFORE, message)
            if hide:
                hide(hidden)
            found = said(side(diff, "-") + more, models())
        if hide is without_pydot:
            importlib.reload(sys.modules["keras.src.utils.model_visualization"])
        assert is_among(message, found), found
        mended = side(diff, "+")
        if more == LOAD_MSE:
            more = more.replace(")", ", compile=False)")
        expected = []
        # Files of Keras 2 say so, but do no harm.
        if "load_model(" in mended:
            expected = ["UserWarning: Do not pass an `input_shape`/`input_dim` argument"]
        found = said(mended + more, models())
        for line in found:
            assert any(line.startswith(known) for known in expected), line


@pytest.mark.parametrize("row", cells(SECTIONS[MOVED]), ids=lambda row: row[0].strip("`"))
def test_what_has_moved(row):
    (old,), (message,), (new,) = map(codes, row)
    assert is_among(message, said(old, models())), said(old, models())
    assert said(new, models()) == []


def test_the_table_at_the_top_leads_to_each_section():
    anchors = {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-"): name for name in SECTIONS}
    reached = set()
    for message, link in cells(TOP):
        heading = anchors[re.search(r"\(#(.*)\)", link)[1]]
        assert f"[{heading}](" in link
        reached.add(heading)
        for code in codes(message):
            start, _, end = code.partition("...")
            assert start in SECTIONS[heading], code
            assert end in SECTIONS[heading], code
    assert reached == {*SECTIONS}


def test_the_versions():
    import tensorflow

    named = re.search(r"Keras ([\d.]+) and TensorFlow ([\d.]+)\.", TOP).groups()
    for version, package in zip(named, (keras, tensorflow), strict=True):
        current = package.__version__.split(".")[:2]
        assert [*map(int, current)] >= [*map(int, version.split("."))]


def applied(diff, listing):
    """Return a listing with what a diff adds, whose other lines are the listing's."""
    old, new = side(diff, "-"), side(diff, "+")
    assert listing.count(old) == 1
    return listing.replace(old, new)


def functions_of(listing):
    """Return what a listing defines; its loop takes less time."""
    slow = "generator.predict(x_input, verbose=0)"
    assert slow in listing
    names = {"__name__": "a copy"}
    exec(listing.replace(slow, "generator(x_input).numpy()"), names)
    return names


# The listing without comments in its loop, as the page has it, and as it was published.
MENDED = re.sub(r"^        #.*\n", "", LISTING, flags=re.MULTILINE)
((_, MEND),) = blocks(TOP, "diff")
UNMENDED = MENDED.replace(side(MEND, "+"), side(MEND, "-"))


@pytest.fixture
def unmended():
    return functions_of(UNMENDED)


def trained_by_each(names, gan_model, train):
    """Return what a loop says, and whether each of the two trains the discriminator."""
    d_model = names["d_model"]
    found = {id(d_model): False, id(gan_model): False}

    def watch(model):
        train_on_batch = model.train_on_batch

        def watched(*batch):
            before = d_model.get_weights()
            train_on_batch(*batch)
            changed = zip(before, d_model.get_weights(), strict=True)
            found[id(model)] |= any((a != b).any() for a, b in changed)

        model.train_on_batch = watched
        return train_on_batch

    first = [(model, watch(model)) for model in (d_model, gan_model)]
    messages = said(
        "train(g_model, d_model, gan_model, 5, 3, 16)",
        names | {"gan_model": gan_model, "train": train},
    )
    for model, train_on_batch in first:
        model.train_on_batch = train_on_batch
    return messages, *found.values()


def test_without_the_mend_and_on_a_notebook_s_old_models(unmended):
    assert applied(MEND, UNMENDED) == MENDED
    (_, message), *_ = blocks(SECTIONS[FROZEN], "text")
    mended = functions_of(MENDED)
    names = models(unmended)
    gan_model = unmended["define_gan"](names["g_model"], names["d_model"])
    messages, *trained = trained_by_each(names, gan_model, unmended["train"])
    assert (trained, {*messages}) == ([False, False], {message.strip()})
    # As a notebook has them still, when its cell with `train` is mended and run again.
    assert trained_by_each(names, gan_model, mended["train"]) == ([], False, False)


@pytest.mark.parametrize(("listing", "learns"), [(UNMENDED, "False"), (MENDED, "True")])
def test_whether_yours_learns(listing, learns):
    (_, diff), _ = blocks(SECTIONS[FROZEN], "diff")
    found = said(TRAIN, models(functions_of(applied(diff, listing))))
    assert [line for line in found if "UserWarning" not in line] == 2 * [learns]


@pytest.mark.parametrize(("row", "learns"), [(0, True), (2, False)])
def test_what_does_not_help(unmended, row, learns):
    changes = [codes(change)[0] for change, _ in cells(SECTIONS[FROZEN])]
    assert changes[1] == changes[0].replace("d_model", "gan_model.layers[1]")
    names = models(unmended)
    names["gan_model"] = unmended["define_gan"](names["g_model"], names["d_model"])
    assert names["gan_model"].layers[1] is names["d_model"]
    assert said(changes[row], names) == []
    messages, *trained = trained_by_each(names, names["gan_model"], unmended["train"])
    assert (trained, bool(messages)) == ([learns, learns], not learns)


def test_the_picture_is_of_the_tutorial_s_updates_and_the_accuracies(unmended):
    names, n_updates = models(unmended), 5
    theirs = names["g_model"], names["d_model"]
    ours = generator, discriminator = gan1d.define_generator(), gan1d.define_discriminator()
    for one, other in zip(ours, theirs, strict=True):
        one.set_weights(other.get_weights())
    gan = gan1d.define_gan(*ours, recipe=make_images.unmended_recipe())
    options = {"plot": False, "verbose": 0}
    gan1d.train(*ours, gan, 5, n_updates, rng=0, **options)

    _, fake_latent, gan_latent = draw_chunk(draw_seed(0), 5, 128, SQUARE, 0)
    latents = itertools.chain.from_iterable(zip(fake_latent, gan_latent, strict=True))
    unmended["generate_latent_points"] = lambda latent_dim, n: np.asarray(next(latents))
    names["gan_model"] = unmended["define_gan"](*theirs)
    said(f"train(g_model, d_model, gan_model, 5, {n_updates})", names)
    for one, other in zip(ours, theirs, strict=True):
        for found, expected in zip(one.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)

    # The picture's, where points fly away, and one where they end in one place.
    for seed, fooled in ((103, True), (101, False)):
        generator.set_weights(gan1d.define_generator(rng=seed).get_weights())
        discriminator.set_weights(gan1d.define_discriminator(rng=seed).get_weights())
        gan1d.train(*ours, gan, n_epochs=2000, rng=seed, **options)
        fake, zeros = gan1d.generate_fake_samples(generator, 5, 1000, rng=seed)
        real, ones = gan1d.generate_real_samples(1000, rng=seed)
        _, accuracy_real = discriminator.evaluate(real, ones, verbose=0)
        _, accuracy_fake = discriminator.evaluate(fake, zeros, verbose=0)
        if fooled:
            assert np.median(np.hypot(*fake.T)) > 1
            assert accuracy_fake == 0
        else:
            assert np.ptp(fake, axis=0).max() < 0.1
            assert (accuracy_real, accuracy_fake) == (0, 1)


def test_smoothed_labels():
    *_, (_, diff) = blocks(SECTIONS["Accuracies that stay at 0 or 1"], "diff")
    names = models()
    for _ in range(300):
        names["d_model"].train_on_batch(names["x_real"], np.full((64, 1), 0.9))
    for sign, accuracy in (("-", 0), ("+", 1)):
        said(side(diff, sign), names)
        assert names["accuracy"] == accuracy


def test_labels_without_a_second_axis():
    results = []
    for shape in ((64,), (64, 1)):
        names = models()
        x, model = names["x_real"], names["d_model"]
        losses = [model.train_on_batch(x, np.ones(shape)) for _ in range(3)]
        results.append(np.concatenate([*map(np.ravel, [*losses, *model.get_weights()])]))
    assert (results[0] == results[1]).all()


def test_without_graphviz_a_notebook_prints_it(folder, monkeypatch):
    without_dot(monkeypatch)
    monkeypatch.setitem(sys.modules, "IPython.core.magics.namespace", None)
    code = 'keras.utils.plot_model(model, "model.png")'
    (line,) = said(code, models())
    assert line.startswith("You must install graphviz")
    assert f"ImportError: {line}" in SECTIONS["pydot and Graphviz"]


def test_an_old_generator_loads(folder):
    names = models()
    lines = said('found = keras.models.load_model("generator.h5")', names)
    assert {line.partition(":")[0] for line in lines} == {"UserWarning", "WARNING"}
    latent = np.ones((3, 5))
    first, _, second, _ = keras_2_weights(sequential([(5, 15), (15, 2)])).values()
    np.testing.assert_allclose(names["found"](latent), latent @ first @ second, rtol=1e-5)
