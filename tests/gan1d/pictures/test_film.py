import html
import json
import re
import sys
import time

import keras
import numpy as np
import pytest
from conftest import BrowserPage
from PIL import Image

from gan1d import (
    FUNCTIONS,
    Film,
    Function1D,
    Points,
    define_models,
    load_page,
    save_gif,
    save_page,
    train,
)
from gan1d.pictures.field import field_colours
from gan1d.pictures.film import EDGE, GRID
from gan1d.pictures.gif import FRAME_MS, render_frames
from gan1d.pictures.page import page
from gan1d.samples import scaled, unscaled

HOSTILE = '</script><b>"x"&'


def filmed(recipe, function, n_epochs):
    keras.utils.set_random_seed(0)
    models = define_models(function, recipe=recipe, n_epochs=n_epochs)
    film = Film(every=100, n=20, function=function, rng=0)
    options = {"n_epochs": n_epochs, "n_eval": 150, "function": function, "rng": 1}
    history = train(*models, **options, callbacks=film, plot=False, verbose=0)
    return film, history


@pytest.fixture(scope="module")
def tutorial():
    """A film of 450 updates of a function with a hostile name, and the history."""
    return filmed("tutorial", Function1D(HOSTILE, HOSTILE, np.square), 450)


@pytest.fixture(scope="module")
def stable():
    return filmed("stable", "square", 300)


def score(film, k, points):
    """Return the discriminator's score of points (n, 2), before the sigmoid, in NumPy."""
    w1, b1, w2, b2 = (np.float64(w) for w in film.weights[k][4:])
    points = scaled(points, film.function) if film.model.recipe.scaled else points
    return (np.maximum(points @ w1 + b1, 0) @ w2 + b2).ravel()


def expected_value(film, k, points):
    """Return what a page is to show of points at snapshot k."""
    if film.model.recipe.relative:
        return score(film, k, points) - score(film, k, film.real).mean()
    return 1 / (1 + np.exp(-score(film, k, points)))


def expected_fakes(film, k):
    w1, b1, w2, b2 = film.weights[k][:4]
    fakes = np.maximum(film.latent_points @ w1 + b1, 0) @ w2 + b2
    return unscaled(fakes, film.function) if film.model.recipe.scaled else fakes


@pytest.mark.parametrize(
    ("every", "n_epochs", "n_eval", "updates"),
    [
        (100, 450, 450, [0, 100, 200, 300, 400, 450]),
        (1, 250, 120, [0, 100, 120, 220, 240, 250]),
        (150, 500, 500, [0, 200, 300, 500]),
        (1000, 130, 500, [0, 130]),
    ],
)
def test_snapshots_are_at_the_ends_of_chunks(models, every, n_epochs, n_eval, updates):
    film = Film(every, rng=0)
    train(*models, n_epochs=n_epochs, n_eval=n_eval, callbacks=film, plot=False, verbose=0)
    assert film.updates == updates


def test_a_film_changes_nothing_and_its_snapshots_are_the_weights(reset_models):
    def trained(callbacks, n_epochs):
        models = reset_models(seed=2)
        train(*models, n_epochs=n_epochs, rng=3, callbacks=callbacks, plot=False, verbose=0)
        return [np.copy(weight) for model in models[:2] for weight in model.get_weights()]

    film = Film(every=100, rng=0)
    plain, with_film = trained(None, 300), trained(film, 300)
    at_200 = trained(None, 200)
    for expected, update in ((plain, 3), (at_200, 2)):
        snapshot = film.weights[update]
        for a, b in zip(expected, snapshot, strict=True):
            np.testing.assert_array_equal(a, b)
    for a, b in zip(plain, with_film, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
def test_a_film_shows_what_the_networks_say_at_each_snapshot(request, recipe):
    film, _ = request.getfixturevalue(recipe)
    before = [np.copy(w) for model in (film.model, film.model.discriminator) for w in model.weights]
    film.found = None
    fields, fakes, pulls = film.rendered()
    after = [w for model in (film.model, film.model.discriminator) for w in model.weights]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)
    x, y = np.meshgrid(*unscaled(np.linspace([-EDGE] * 2, [EDGE] * 2, GRID), film.function).T)
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    for k, weights in enumerate(film.weights):
        expected = expected_value(film, k, grid)
        np.testing.assert_allclose(fields[k].ravel(), expected, atol=1e-5)
        fake = expected_fakes(film, k)
        np.testing.assert_allclose(unscaled(fakes[k], film.function), fake, atol=1e-5)
        # Samples go up the gradient of the score, of which each unit that is on has a part. It is
        # that in the coordinates of the networks; what is shown is scaled.
        w1, b1, w2, _ = weights[4:]
        is_scaled = film.model.recipe.scaled
        own = scaled(fake, film.function) if is_scaled else fake
        slope = ((own @ w1 + b1 > 0) * w2.T) @ w1.T
        motion = slope if is_scaled else slope / film.function.half_range
        along = np.sum(pulls[k] * motion, axis=1)
        lengths = np.hypot(*pulls[k].T) * np.hypot(*motion.T)
        assert np.median(along / lengths) > 0.9999  # some are on a kink


def test_a_film_has_the_losses_and_measures_of_the_history(tutorial, stable):
    for film, history in (tutorial, stable):
        assert film.losses == history.history
        assert film.measures["update"] == [p.epoch + 1 for p in history.evaluations]
        for name in ("coverage", "energy_distance", "curve_error", "accuracy_fake"):
            assert film.measures[name] == [getattr(p, name) for p in history.evaluations]


def test_a_page_needs_no_matplotlib_and_is_read_back(stable, tmp_path, monkeypatch):
    film, _ = stable
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    save_page(film, tmp_path / "a.html", title="A run")
    films = load_page(tmp_path / "a.html")
    assert [*films] == ["x², stable"]
    save_page(films, tmp_path / "b.html", title="A run")
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()
    save_page({"one": film, "other": films["x², stable"]}, tmp_path / "b.html")
    assert [*load_page(tmp_path / "b.html")] == ["one", "other"]
    assert len([*tmp_path.iterdir()]) == 2


def test_other_files_are_no_pages(tutorial, tmp_path):
    text = page(tutorial[0])
    fields = json.loads(re.search('"fields": (".*?")', text)[1])
    other = [text[: text.index("gan1d-data") + 2000], text.replace(fields, fields[:-40])]
    other += [text.replace('"runs"', '"walks"'), "", "<p>A page.</p>", "\udcff"]
    other += [text.replace(fields, fields.replace("A", "B", 1))]
    for content in other:
        (tmp_path / "a.html").write_text(content, encoding="utf-8", errors="surrogateescape")
        with pytest.raises(ValueError, match=r"^\S*a.html must be a page that save_page wrote$"):
            load_page(tmp_path / "a.html")
    with pytest.raises(FileNotFoundError):
        load_page(tmp_path / "none.html")


def test_the_frames_show_their_fields(tutorial, monkeypatch):
    film, _ = tutorial
    shares = (0.02, 0.22, 0.42, 0.62, 0.82, 0.98)
    fields = [np.full((GRID, GRID), share) for share in shares]
    monkeypatch.setattr(
        film, "rendered", lambda: (fields, [scaled(film.real, film.function)] * 6, None)
    )
    for share, frame in zip(shares, render_frames(film), strict=True):
        colour = 255 * np.array(field_colours().resampled(20)(share)[:3])
        np.testing.assert_allclose(frame[60, 200], colour, atol=1)


def test_the_gif_has_the_frames_in_order(tutorial, tmp_path):
    film, _ = tutorial
    save_gif(film, tmp_path / "training.gif")
    with Image.open(tmp_path / "training.gif") as gif:
        assert gif.n_frames == len(film.updates)
        durations = []
        frames = render_frames(film)
        for i in range(len(frames)):
            gif.seek(i)
            shown = np.asarray(gif.convert("RGB"), int)
            distances = [np.abs(shown - frame).mean() for frame in frames]
            assert np.argmin(distances) == i
            assert distances[i] < 4  # of 255: a palette of 128 colours, none of them quite white
            durations.append(gif.info["duration"])
        assert durations[0] == FRAME_MS < durations[-1]
        assert gif.info["loop"] == 0


def test_films_of_every_function_and_of_points(models, tmp_path):
    large = Function1D("large", "large", lambda x: 1e3 * x, -1e26, 1e26)
    for function in (*FUNCTIONS, Points([[0, 1], [1, 2], [2, 5]], "three"), large):
        film = Film(every=1, n=5, function=function, rng=0)
        film.set_model(models[2])
        film.on_train_begin()  # stopped before the first update
        assert len(render_frames(film)) == 1
        save_page(film, tmp_path / "a.html")


def test_what_is_no_film_is_refused(tutorial, tmp_path):
    for save in (save_gif, save_page):
        with pytest.raises(ValueError, match="no film before training"):
            save(Film(1), tmp_path / "a")
    with pytest.raises(TypeError, match="film must be a Film, got 3"):
        save_gif(3, tmp_path / "a")
    for films in (3, [tutorial[0]], {1: tutorial[0]}, {"a": 3}):
        with pytest.raises(TypeError, match="films must be a Film"):
            save_page(films, tmp_path / "a")
    assert Film(1)._repr_html_() is None
    assert [*tmp_path.iterdir()] == []


class Page(BrowserPage):
    """A page of films in the browser, and what a reader does with it."""

    def __init__(self, browser, file, **options):
        super().__init__(browser, file.as_uri(), **options)
        self.wait("return runs.length && runs.every(run => run.box)")

    def press(self, key):
        self.find("body").send_keys(key)

    @property
    def update(self):
        return int(self.find("#update").text.removeprefix("update ").replace(",", ""))

    def picture(self, selector=".field"):
        return self.run("return document.querySelector(arguments[0]).toDataURL()", selector)

    def reading(self, i=0):
        return self.browser.find_elements("css selector", ".run p")[i].text.replace("−", "-")

    def mouse(self, kind, x, y, i=0):
        """Move or click the mouse at pixel (x, y) of the field of run i."""
        canvas = self.browser.find_elements("css selector", ".field")[i]
        box = self.run("return arguments[0].getBoundingClientRect().toJSON()", canvas)
        event = {"x": box["x"] + x, "y": box["y"] + y, "button": "left", "clickCount": 1}
        kinds = ["mouseMoved"] + ["mousePressed", "mouseReleased"] * (kind == "click")
        for kind in kinds:
            buttons = {} if kind != "mouseMoved" else {"button": "none"}
            self.browser.execute_cdp_cmd(
                "Input.dispatchMouseEvent", event | buttons | {"type": kind}
            )


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a page of films; at the end, the console must be empty."""
    browser.get_log("browser")

    def open_page(films, **options):
        save_page(films, tmp_path / "training.html", title=HOSTILE)
        return Page(browser, tmp_path / "training.html", **options)

    yield open_page
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
def test_what_the_page_reads_is_what_the_discriminator_says(request, recipe, opened):
    film, _ = request.getfixturevalue(recipe)
    shown, k = opened(film), 2
    shown.run("step(arguments[0])", k)
    box = shown.run("return runs[0].box")
    fields, *_ = film.rendered()
    half_a_step = (fields[k].max() - fields[k].min()) / 255 / 2
    for share in np.random.default_rng(0).uniform(0.01, 0.99, (20, 2)):
        node = np.rint(share * (GRID - 1)) / (GRID - 1)
        at = unscaled(EDGE * (2 * node - 1), film.function)
        x = box["left"] + node[0] * (box["right"] - box["left"])
        y = box["bottom"] + node[1] * (box["top"] - box["bottom"])
        shown.mouse("move", x, y)
        said = re.fullmatch(r"x (.*), y (.*): (D|score) (.*)", shown.reading())
        assert said[3] == {"tutorial": "D", "stable": "score"}[recipe]
        np.testing.assert_allclose([float(said[1]), float(said[2])], at, atol=0.00051)
        rounding = 0.5 * 10.0 ** -len(said[4].partition(".")[2])
        expected = expected_value(film, k, at[np.newaxis])[0]
        assert abs(float(said[4]) - expected) <= half_a_step + rounding + 1e-6
    shown.mouse("move", -5, -5)
    assert shown.reading().startswith("Point at the field")


def test_every_layer_has_a_switch(tutorial, stable, opened):
    film, _ = tutorial
    in_sight = [
        (np.abs(scaled(expected_fakes(film, k), film.function)) < 1).all(axis=1).sum()
        for k in range(len(film.updates))
    ]
    shown = opened(film)
    shown.run("step(arguments[0])", int(np.argmax(in_sight)))
    before = shown.picture()
    for name in ("field", "lines", "real", "fakes", "pulls", "curve"):
        switch = shown.find(f"#{name}")
        was = switch.is_selected()
        assert was == (name != "pulls")
        switch.click()
        assert switch.is_selected() != was
        assert shown.picture() != before, name
        switch.click()
        assert shown.picture() == before, name
    assert shown.find(".key").text.split("\n") == ["0", "1", "D, probability of real"]
    assert "accuracy of D" in shown.find(".charts").text
    shown = opened(stable[0])
    assert not shown.find("#lines").is_enabled()
    assert "score" in shown.find(".key").text
    assert "accuracy" not in shown.find(".charts").text


@pytest.mark.parametrize("recipe", ["tutorial", "stable"])
def test_the_verdict_is_the_package_s_of_the_last_evaluation(request, recipe, opened):
    film, history = request.getfixturevalue(recipe)
    shown = opened(film)
    assert shown.find(".verdict").text == ""  # nothing is measured yet
    shown.press("\ue010")  # the end
    performance = history.evaluations[-1]
    said = shown.find(".verdict").text
    assert said.startswith(f"At update {performance.epoch + 1}: ")
    shortcomings = performance.shortcomings()
    assert said.endswith(": learned.") == performance.learned
    assert len(said.split("; ")) == max(len(shortcomings), 1)


def test_time_goes_by_slider_buttons_keys_and_charts(tutorial, opened):
    film, _ = tutorial
    shown = opened(film)
    slider = shown.find("#slider")
    pictures, charts = set(), set()
    for i, update in enumerate(film.updates):
        shown.run(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            slider,
            i,
        )
        assert shown.update == update
        pictures.add(shown.picture())
        charts.add(shown.picture(".charts canvas"))
    assert len(pictures) == len(charts) == len(film.updates)
    for key, update in (
        ("\ue012", 400),  # left arrow
        ("\ue012", 300),
        ("\ue011", 0),  # home
        ("\ue014", 100),  # right arrow
        ("\ue010", 450),  # end
    ):
        shown.press(key)
        assert shown.update == update
    shown.find("#back").click()
    assert shown.update == 400
    shown.find("#forth").click()
    assert shown.update == 450
    slider.send_keys("\ue012")  # one step, not the slider's and the page's
    assert shown.update == 400
    canvas = shown.find(".charts canvas")
    box = shown.run("return runs[0].charts[0].box")
    shown.run("arguments[0].scrollIntoView()", canvas)
    rect = shown.run("return arguments[0].getBoundingClientRect().toJSON()", canvas)
    x = rect["x"] + box["left"] + 0.46 * (box["right"] - box["left"])  # update 207
    event = {"x": x, "y": rect["y"] + 20, "button": "left", "buttons": 1, "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        shown.browser.execute_cdp_cmd("Input.dispatchMouseEvent", event | {"type": kind})
    assert shown.update == 250
    assert "D on real" in shown.find(".charts").text
    said = shown.find(".charts").text.split("curve error in % (dotted: 5)")[1].split()[0]
    assert float(said) == pytest.approx(100 * film.measures["curve_error_share"][0], rel=0.01)


def test_it_plays_and_glides(tutorial, opened):
    film, _ = tutorial
    shown = opened(film)
    play = shown.find("#play")
    shown.find("#speed option[value='0.25']").click()
    shown.run("document.activeElement.blur()")
    assert shown.run("arguments[0].click(); return arguments[0].textContent", play) == "Pause"
    shown.wait_for(lambda: shown.update > 0)
    # In one go, for a slow machine would be at the end before the key arrives.
    key = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: ' ', bubbles: true}))"
    shown.run(f"step(2); play(true); {key}")
    assert play.text == "Play"
    held = shown.update, shown.picture()
    time.sleep(0.5)
    assert (shown.update, shown.picture()) == held
    assert shown.run("return now % 1") == 0  # at rest it is a snapshot
    shown.find("#speed option[value='4']").click()
    shown.press("\ue010")
    play.click()  # from the beginning
    shown.wait_for(lambda: play.text == "Play" and shown.update == 450)
    _, fakes, _ = film.rendered()
    shown.run("playing = true; now = 1.25; draw()")
    between = shown.run("return [...Array(20).keys()].map(i => runs[0].fake(i))")
    before, after = np.clip(fakes[1:3], -32767 / 8192, 32767 / 8192)
    expected = 0.75 * before + 0.25 * after
    np.testing.assert_allclose(between, expected, atol=1e-3)
    shown.run("step(0)")


def test_a_fake_can_be_followed(tutorial, opened):
    film, _ = tutorial
    shown, k = opened(film), 3
    shown.run("step(arguments[0])", k)
    before = shown.picture()
    fake = expected_fakes(film, k)
    inner = int(
        np.abs(scaled(fake, film.function)).max(axis=1).argmin()
    )  # far from the field's edges
    x, y = shown.run("return runs[0].pixels(runs[0].fake(arguments[0]))", inner)
    shown.mouse("click", x, y)
    shown.mouse("move", -5, -5)
    i, *at = re.fullmatch(r"fake (\d+) at x (.*), y (.*)", shown.reading()).groups()
    nearest = np.hypot(*((fake - fake[inner]) / film.function.half_range).T) < 0.05
    assert nearest[int(i) - 1]
    np.testing.assert_allclose([float(v) for v in at], fake[int(i) - 1], atol=0.0006)
    followed = shown.picture()
    assert followed != before
    shown.press("\ue014")
    at = re.fullmatch(r"fake (\d+) at x (.*), y (.*)", shown.reading()).groups()[1:]
    expected = expected_fakes(film, k + 1)[int(i) - 1]
    np.testing.assert_allclose([float(v) for v in at], expected, atol=0.0006)
    shown.press("n")
    assert shown.reading().startswith(f"fake {int(i) % 20 + 1} at")
    shown.press("\ue00c")  # escape
    shown.press("\ue012")
    assert shown.picture() == before


def test_two_runs_go_by_one_slider_and_names_are_text(tutorial, stable, opened):
    shown = opened({HOSTILE: tutorial[0], "other": stable[0]})
    assert shown.browser.title == shown.find("h1").text == HOSTILE
    assert not shown.browser.find_elements("css selector", "b")
    headings = [h2.text for h2 in shown.browser.find_elements("css selector", "h2")]
    assert headings == [HOSTILE, "other"]
    # The tutorial's snapshots go on to update 450, and the other's end at 300.
    moments = sorted({*tutorial[0].updates, *stable[0].updates})
    for update in moments:
        assert shown.update == update
        shown.press("\ue014")
    assert [h2.text for h2 in shown.browser.find_elements("css selector", "h2")] == [
        HOSTILE,
        "other, update 300",
    ]
    assert shown.run("return runs.map(run => run.updates[run.k])") == [450, 300]
    # What stands side by side has one scale.
    one, other = shown.run(
        "return runs.map(run => run.charts.find(chart => chart.title === 'energy distance'))"
        ".map(chart => [chart.low, chart.high])"
    )
    films = tutorial[0], stable[0]
    assert one == other
    assert one[1] > max(value for film in films for value in film.measures["energy_distance"])


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone_and_the_dark(tutorial, opened, dark):
    shown = opened(tutorial[0], width=400, dark=dark)
    assert shown.run("return document.documentElement.scrollWidth") <= 400
    paper = shown.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper))) < 150) == dark
    pixel = shown.run("return [...runs[0].canvas.getContext('2d').getImageData(80, 20, 1, 1).data]")
    assert (sum(pixel[:3]) < 400) == dark


def test_a_notebook_shows_it_in_place(tutorial, browser, tmp_path):
    film, _ = tutorial
    (tmp_path / "cell.html").write_text(
        f'<!doctype html><link rel="icon" href="data:,"><body>{film._repr_html_()}',
        encoding="utf-8",
    )
    browser.get((tmp_path / "cell.html").as_uri())
    frame = browser.find_element("css selector", "iframe")
    assert frame.get_attribute("sandbox") == "allow-scripts"
    assert html.unescape(film._repr_html_()).count(page(film)) == 1
    browser.switch_to.frame(frame)
    end = time.monotonic() + 20
    while "update 0" not in browser.find_element("css selector", "body").text:
        assert time.monotonic() < end
    assert browser.find_element("css selector", "h1").text == HOSTILE
    browser.switch_to.default_content()
    assert browser.get_log("browser") == []
