"""The page in which the GAN trains, in Chromium, held against what it stands for."""

import json
import re

import keras
import numpy as np
import pytest
from conftest import BrowserPage
from numpy.testing import assert_allclose

import gan1d
from gan1d import FUNCTIONS, Live, Points, define_models, load_live, measures, train
from gan1d.draws import draw_chunk, draw_seed
from gan1d.pictures.page import filled
from gan1d.scores import as_scores

pytestmark = pytest.mark.slow


DRAWN = [(-1, 0), (0, 0.5), (1, 1), (0.3, -0.4)]
LEAKY = "recipe=stable&dHidden=9,8&gHidden=9,8&data=drawn&points=-1000+0,0+500,1000+1000,300+-400"


class Page(BrowserPage):
    """The page in the browser, and what a reader does with it."""

    def text(self, selector):
        return self.find(selector).text.replace("−", "-")

    def set(self, name, value):
        """Change a setting as a reader does; return what the page says."""
        self.run(
            """
            const [name, value] = arguments, input = document.getElementById(name);
            if (input.type === "checkbox") input.checked = value; else input.value = value;
            input.dispatchEvent(new Event("change"));
            """,
            name,
            value,
        )
        return self.text("#said")

    def train(self, n_updates):
        self.run(
            "for (let i = 0; i < arguments[0]; i++) live.train('makeUpdate');"
            "live.look(); live.draw()",
            n_updates,
        )

    @property
    def picture(self):
        return self.run("return document.querySelector('#plane').toDataURL()")

    @property
    def settings(self):
        return self.run("return settings")


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens the page; at the end, the console must be empty."""
    browser.get_log("browser")
    Live().save(tmp_path / "live.html")

    def open_page(fragment="", **options):
        return Page(browser, f"{(tmp_path / 'live.html').as_uri()}#{fragment}", **options)

    yield open_page
    assert browser.get_log("browser") == []


def columns(samples):
    """Return samples (n, d) as the page has them: all numbers of a column, then of the next."""
    return np.asarray(samples, np.float64).T.ravel().tolist()


@pytest.fixture
def float64():
    """Let Keras compute all of a training in float64."""

    def use(floatx, policy):
        keras.config.set_floatx(floatx)  # of losses
        keras.config.set_dtype_policy(policy)  # of layers

    before = keras.config.floatx(), keras.config.dtype_policy()
    use("float64", "float64")
    yield
    use(*before)


@pytest.mark.parametrize(
    ("fragment", "recipe", "hidden", "n_updates", "bound"),
    [
        ("", "tutorial", None, 200, 1e-12),
        ("critic=2&batch=64&dRate=0.003", gan1d.recipes.Tutorial(n_critic=2), None, 200, 1e-12),
        ("recipe=stable&dRate=0.004&gRate=0.002&updates=200", "stable", None, 200, 1e-6),
        # Two layers part where rounding decides whether a sample is on this side of a kink.
        (f"{LEAKY}&dRate=0.004&gRate=0.002&updates=200", "stable", (9, 8), 20, 1e-6),
    ],
    ids=["tutorial", "tutorial, two steps of D", "stable", "leaky layers"],
)
@pytest.mark.usefixtures("float64")
def test_updates_are_train_s(opened, fragment, recipe, hidden, n_updates, bound):
    """In float64: by "stable" some gradients are 0, of whose rounding Adam makes whole steps."""
    shown = opened(fragment)
    settings, function = shown.settings, FUNCTIONS["square"] if hidden is None else Points(DRAWN)
    options = {"recipe": recipe, "hidden": hidden, "n_epochs": 200, "rng": 7}
    generator, discriminator, gan = define_models(function, **options)
    if isinstance(settings["critic"], int) and settings["critic"] > 1:
        discriminator.optimizer.learning_rate = settings["dRate"]
    start = [[columns(w.T) for w in m.get_weights()] for m in (generator, discriminator)]
    seed = draw_seed(np.random.default_rng(3))
    n_critic = settings["critic"]
    draws = []
    for update in (0, 100):
        options = {"n_critic": n_critic}
        chunk = draw_chunk(seed, 5, settings["batch"], function, update, **options)
        for real, fake_latent, gan_latent in zip(*map(np.asarray, chunk), strict=True):
            sets = [[columns(a[i::n_critic]) for i in range(n_critic)] for a in (real, fake_latent)]
            draws.append([*sets, columns(gan_latent)])
    options = {"n_batch": settings["batch"], "n_eval": 200, "rng": 3, "verbose": 0, "plot": False}
    train(generator, discriminator, gan, n_epochs=n_updates, function=function, **options)

    found = shown.run(
        """
        const [start, draws] = arguments, t = live.training;
        const array = list => Float64Array.from(list);
        t.g.weights.set(start[0].flat());
        t.d.weights.set(start[1].flat());
        for (const [real, fakeLatent, ganLatent] of draws) t.makeUpdate({
          real: real.map(samples => t.inward(array(samples))), fakeLatent: fakeLatent.map(array),
          ganLatent: array(ganLatent) });
        return [[...t.g.weights], [...t.d.weights]];
        """,
        start,
        draws[:n_updates],
    )
    for model, before, weights in zip((generator, discriminator), start, found, strict=True):
        expected = np.concatenate([w.ravel() for w in model.get_weights()])
        assert np.abs(expected - np.concatenate(before)).max() > 0.01
        assert_allclose(weights, expected, rtol=0, atol=bound)


@pytest.mark.parametrize("data", ["square", "ring"])
def test_measures_and_the_verdict_are_the_package_s(opened, data):
    shown = opened(f"data={data}")
    rows, real, fake = shown.run(
        """
        const r = new Random(4), pairs = samples => [...samples];
        const fake = live.source.draw(2000, r).map((value, i) => i < 1400 ? value : 0.3 * value);
        live.checked = [new Measures(live.source).of(fake, live.source.draw(2000, r)), fake];
        return [live.source.draw(5000, r), live.source.draw(2000, r), fake].map(pairs);
        """
    )
    rows, real, fake = (np.reshape(a, (2, -1)).T for a in (rows, real, fake))
    function = FUNCTIONS["square"] if data == "square" else Points(rows, "ring")
    found = shown.run("return live.checked[0]")
    if data == "square":
        assert found["coverage"] == measures.coverage(fake, function)
        assert found["curve_error"] == pytest.approx(measures.curve_error(fake, function))
    else:
        assert abs(found["coverage"] - measures.coverage(fake, function)) < 0.15  # of other cells
    expected = measures.energy_ratio(fake, real, function)
    assert found["energy_ratio"] == pytest.approx(expected, rel=0.3)  # of other real sets
    assert any("energy distance" in part for part in found["missing"])


def test_what_is_saved_is_what_keras_says(opened, tmp_path):
    for fragment in ("gHidden=7,9&latent=3", "data=sine&recipe=stable&dHidden=25,25&noise=0.1"):
        shown = opened(fragment)
        shown.train(30)
        (tmp_path / "saved.json").write_text(json.dumps(shown.run("return saved()")))
        generator, discriminator, gan = load_live(tmp_path / "saved.json")
        latent_points = np.random.default_rng(0).normal(size=(8, generator.input_shape[1]))
        fake, scores = shown.run(
            """
            const fake = live.training.samples(Float64Array.from(arguments[0]), 8);
            return [[...fake], [...live.training.scores(fake, 8)]];
            """,
            columns(latent_points),
        )
        fake = np.reshape(fake, (2, 8)).T
        assert_allclose(generator(latent_points).numpy(), fake, atol=1e-5)
        theirs = as_scores(discriminator, discriminator(fake))
        assert_allclose(keras.ops.convert_to_numpy(theirs)[:, 0], scores, atol=1e-4)
        train(generator, discriminator, gan, generator.input_shape[1], 20, verbose=0)
    for text in ("", "{}", "[]", '{"format": "gan1d-live-1", "settings": {}}'):
        (tmp_path / "saved.json").write_text(text)
        with pytest.raises(ValueError, match=r"saved\.json must be a file that the page of Live"):
            load_live(tmp_path / "saved.json")


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param("dRate=0.01&gRate=0.002&critic=2&frozen=true", marks=pytest.mark.thorough),
        "data=formula&formula=-2^x%2Bsin(3x)/pi&low=-1&high=2&noise=0.1&dHidden=8,8",
        pytest.param("data=moons&noise=0.05&recipe=stable", marks=pytest.mark.thorough),
        pytest.param("data=ring&noise=0.1", marks=pytest.mark.thorough),
        "data=drawn&points=-100+20,300+400,500+-600&recipe=stable",
        pytest.param("data=formula&formula=3", marks=pytest.mark.thorough),
    ],
)
def test_the_python_of_the_settings_trains(opened, fragment):
    shown = opened(fragment)
    code = shown.run("return python()")
    names = {}
    *lines, last = code.splitlines()
    exec("\n".join([*lines, re.sub(r"n_epochs=\d+", "n_epochs=20, verbose=0", last)]), names)
    assert names["history"].history["update"][-1] == 20
    samples = shown.run("return [...live.source.draw(1000, new Random(1))]")
    function = gan1d.functions.get_function(names["source"])
    ours = function.draw(1000, np.random.default_rng(0))
    theirs = np.reshape(samples, (2, 1000)).T
    assert abs(measures.energy_distance(ours, theirs)) < 0.02


def test_each_setting_does_what_it_says(opened):
    shown = opened()
    shown.train(20)
    for name, value, goes_on in (
        ("dRate", 0.01, True),
        ("gRate", 0.01, True),
        ("critic", 3, True),
        ("batch", 30, True),
        ("frozen", True, True),
        ("seed", 5, False),
        ("noise", 0.1, False),
        ("dHidden", "8,9", False),
        ("gHidden", "5", False),
        ("latent", 1, False),
        ("updates", 5000, True),
        ("recipe", "stable", False),
        ("updates", 300, False),
        ("data", "formula", False),
        ("formula", "x^3", False),
        ("low", -1, False),
        ("high", 1, False),
        ("data", "moons", False),
    ):
        before = shown.run("return live.training.update")
        said = shown.set(name, value)
        assert said.startswith("Goes on" if goes_on else "Begun anew"), (name, said)
        assert shown.settings[name] == value
        assert shown.run("return live.training.update") == (before if goes_on else 0)
        d_before = shown.run("return [...live.training.d.weights]")
        shown.train(20)
        assert (shown.run("return [...live.training.d.weights]") == d_before) == shown.settings[
            "frozen"
        ]
        assert "other" in shown.find(f"label:has(#{name})").get_attribute("class")
        assert shown.find(f"label:has(#{name})").get_attribute("title")
    assert shown.run("return live.training.d.weights.length") == 3 * 8 + 9 * 9 + 10
    shown.find("#tutorial").click()
    assert shown.settings == shown.run("return TUTORIAL")
    assert not shown.browser.find_elements("css selector", ".other")
    for name, value, said in (
        ("formula", "alert(1)", "The formula cannot be read at “alert(1)”"),
        ("formula", "(" * 400, "The formula must have 300 characters at most"),
        ("dRate", -1, "D's rate must be from 0 to 1"),
        ("latent", 1.5, "random numbers of G must be a whole number from 1 to 10"),
        ("dHidden", "65", "units of D: one or two layers of 1 to 64"),
        ("gHidden", "1,2,3", "units of G: one or two layers"),
    ):
        assert shown.set(name, value).startswith(said)
        assert shown.settings == shown.run("return TUTORIAL")


def test_whole_updates_and_halves(opened):
    shown = opened()
    weights = "return [[...live.training.d.weights], [...live.training.g.weights]]"
    d, g = shown.run(weights)
    picture = shown.picture
    shown.find("#dStep").click()
    new_d, new_g = shown.run(weights)
    assert new_d != d
    assert new_g == g
    assert shown.text("#update") == "update 0 and a half"
    assert shown.picture != picture
    shown.find("#gStep").click()
    assert shown.run(weights)[0] == new_d
    assert shown.run(weights)[1] != g
    assert shown.text("#update") == "update 1"
    shown.find("body").send_keys("\ue014")  # right arrow
    assert shown.text("#update") == "update 2"
    both = shown.run(weights)
    shown.find("#again").click()
    assert shown.run(weights) == [d, g]
    shown.find("#one").click()
    shown.find("#one").click()
    assert shown.run(weights) == both


def test_what_is_refused_stays_outlined_and_nothing_trains(opened):
    shown = opened("data=formula")
    shown.run("play(true)")
    said = shown.set("formula", "sin(")
    assert said.startswith("The formula cannot be read at its end. It may have x, numbers")
    assert not shown.run("return playing")
    assert shown.run("return find('formula').value") == "sin("
    assert shown.run("return find('formula').matches(':invalid')")
    shown.find("#play").click()
    assert shown.text("#said") == said
    assert not shown.run("return playing")
    shown.set("formula", "sin(x)")
    assert shown.settings["formula"] == "sin(x)"
    assert not shown.run("return document.querySelector(':invalid')")
    assert shown.set("low", -1.25).startswith("Begun anew: x from -1.25")
    for name, value in (("batch", 63), ("updates", 1050), ("noise", 0.125)):
        shown.set(name, value)  # between the steps of the field, and right
    shown.find("#play").click()
    assert shown.run("return playing")
    shown.set("batch", 1)
    shown.run("location.hash = '#seed=2'")  # a link brings all settings anew
    shown.wait("return settings.seed === 2")
    assert not shown.run("return document.querySelector('[aria-invalid=true]')")
    assert shown.set("data", "formula").startswith("Begun anew")
    refused = "Some samples are no numbers, or too large"
    assert shown.set("formula", "log x").startswith("The formula cannot be read at “logx”")
    assert shown.set("formula", "log|x| / sqrt(x)").startswith(refused)
    for _ in range(2):
        shown.find("#play").click()
        assert shown.text("#said").startswith(refused)
    assert shown.settings["formula"] == "x^2"
    assert shown.set("high", 4).startswith(refused)  # the three are read together
    assert shown.set("low", 1) == "Begun anew: x from 1."
    assert shown.settings["formula"] == "log|x| / sqrt(x)"
    assert not shown.run("return document.querySelector('[aria-invalid=true]')")


def test_a_loss_that_is_no_number_ends_it_and_the_last_picture_stays(opened):
    shown = opened()
    shown.train(10)
    picture = shown.picture
    shown.run("live.training.g.weights.fill(NaN); find('one').click()")
    said = shown.text("#said")
    assert said.startswith("A loss is no number any more, at update 11: begin anew")
    for button in ("#play", "#dStep", "#save"):
        shown.run("say('')")
        shown.find(button).click()
        assert shown.text("#said") == said
    assert shown.picture == picture
    shown.find("#again").click()
    shown.find("#one").click()
    assert shown.text("#update") == "update 1"
    shown.run("live.training.g.weights.fill(NaN); play(true)")
    shown.wait("return !playing")
    assert shown.text("#said").startswith("A loss is no number any more, at update ")


def test_it_trains_until_it_is_stopped_and_measures(opened):
    shown = opened("recipe=stable&dRate=0.004&gRate=0.002&updates=300")
    shown.run("find('speed').value = '10'; play(true)")
    shown.wait("return live.training.update > 0")
    shown.run("stop()")
    at = shown.run("return live.training.update")
    assert at > 0
    assert shown.text("#verdict").startswith(f"At update {at}: ")
    shown.run("find('speed').value = '0'; play(true)")
    shown.wait("return !playing")
    assert shown.run("return live.training.update") == 300  # where its rates end
    assert "have fallen to their ends" in shown.text("#said")
    assert "coverage" in shown.text(".charts")
    shown.find("#play").click()  # as one who was about to stop it
    assert shown.run("return live.training.update") == 300
    shown = opened("updates=200")
    shown.run("find('speed').value = '0'; play(true)")
    shown.wait("return !playing")
    assert shown.text("#said") == "200 updates are made. Train goes on from here."
    shown.run("play(true)")
    shown.wait("return !playing")
    assert shown.text("#said") == "400 updates are made. Train goes on from here."
    shown.set("frozen", True)
    shown.run("play(true)")
    assert shown.text("#said") == "D is frozen: it never learns."
    shown.run("stop()")


@pytest.mark.parametrize("has_threads", [True, False])
@pytest.mark.parametrize("fragment", ["updates=2100", "updates=300&recipe=stable&noise=0.1"])
def test_a_thread_of_its_own_makes_the_same_updates(opened, fragment, has_threads):
    """However many it makes between two pictures: all that an update needs goes to and fro."""
    shown = opened(fragment)
    if not has_threads:
        shown.run("thread = alone")
    shown.run("play(true)")
    shown.wait("return !playing")
    known = "return [live.training.state, live.losses, live.measured]"
    found = shown.run(known)
    shown.find("#again").click()
    shown.train(found[0]["update"])
    shown.run("live.evaluate()")
    assert shown.run(known) == found


def test_every_layer_has_a_switch_and_a_word(opened):
    shown = opened()
    shown.train(50)
    before = shown.picture
    for name in ("field", "lines", "curve", "map", "real", "pulls", "fakes"):
        switch = shown.find(f"#{name}")
        assert switch.find_element("xpath", "..").get_attribute("title")
        switch.click()
        assert shown.picture != before, name
        switch.click()
        assert shown.picture == before, name


def test_points_are_drawn_by_hand(opened):
    shown = opened()
    assert shown.set("data", "drawn").startswith("Draw points on the plane")
    canvas = shown.find("#plane")
    box = shown.run("return arguments[0].getBoundingClientRect().toJSON()", canvas)

    def drag(*steps):
        for kind, x in steps:
            event = {"x": box["x"] + x, "y": box["y"] + 100, "button": "left", "buttons": 1}
            event |= {"type": f"mouse{kind}", "clickCount": 1}
            shown.browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    shown.find("#play").click()
    assert shown.text("#said").startswith("Draw points on the plane")  # there are none to train on
    drag(("Pressed", 200), ("Moved", 240), ("Moved", 280), ("Released", 280))
    n = len(shown.settings["points"].split(","))
    assert n == 11  # one every eight pixels
    assert shown.text("#said").startswith("11 points")
    shown.train(10)
    drag(("Pressed", 200), ("Released", 200))  # a click draws nothing
    assert shown.run("return live.training.update") == 10
    drag(("Pressed", 300), ("Moved", 308), ("Released", 308))
    assert len(re.split("[,;]", shown.settings["points"])) == 13
    shown.find("body").send_keys("z")  # the last stroke is taken back, and drawn again
    assert len(shown.settings["points"].split(",")) == 11
    drag(("Pressed", 300), ("Moved", 308), ("Released", 308))
    shown.find("#copy").click()
    settings, scale = shown.settings, shown.run("return live.source.halfRange")
    again = Page(shown.browser, shown.browser.current_url)
    assert again.settings == settings
    assert again.run("return live.source.halfRange") == scale
    again.run("location.hash = '#data=drawn&points=1 2,3 4'")
    again.wait("return settings.points === '1 2,3 4'")
    drag(("Pressed", 300), ("Moved", 308), ("Released", 308))
    assert again.settings["points"].startswith("1 2,3 4;")  # drawn on
    again.set("data", "ring")
    assert "points=" not in again.run("return link()")
    again.set("data", "drawn")
    assert again.settings["points"].startswith("1 2,3 4;")  # they are kept
    again.find("#undo").click()
    again.find("#undo").click()
    assert again.settings["points"] == ""
    assert not again.find("#undo").is_enabled()
    drag(("Pressed", 200), ("Released", 200))
    assert again.text("#said").startswith("Draw points on the plane")
    assert again.text("#reading") == ""


def test_a_link_can_do_nothing_but_set_settings(opened):
    shown = opened(
        "data=formula&formula=%3Cimg+src=x+onerror=alert(1)%3E&seed=9&latent=99&constructor=1"
        "&recipe=__proto__&points=alert(1)&dHidden=1e9&batch=NaN&__proto__=1&frozen=1"
    )
    expected = shown.run("return TUTORIAL") | {"data": "formula", "seed": 9}
    assert shown.settings == expected
    assert shown.run("return document.images.length") == 0
    left_out = "latent, constructor, recipe, points, dHidden, batch, __proto__, frozen"
    assert "but for what cannot be: formula, " + left_out in shown.text("#said")
    shown.train(3)
    for fragment in ("data=formula&formula=1/0", "data=formula&low=5&high=1"):
        shown = opened(fragment)
        assert "but for what cannot be: " in shown.text("#said")
        assert shown.settings == shown.run("return TUTORIAL") | {"data": "formula"}
        shown.train(3)
    text = filled("live.html")
    assert not re.search(r"\beval\b|new Function|innerHTML|https?://", text)


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone_and_the_dark(opened, dark):
    shown = opened("data=moons&noise=0.05", width=390, dark=dark)
    assert shown.run("return document.documentElement.scrollWidth") <= 390
    paper = shown.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper))) < 150) == dark


def test_a_notebook_shows_it_in_place():
    assert 'sandbox="allow-scripts allow-downloads"' in Live()._repr_html_()


def test_the_script_writes_it(run_python, tmp_path):
    finished = run_python("scripts/live.py", "--no-browser")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == "\nFiles written:\n  outputs/live.html\n"
    assert (tmp_path / "outputs/live.html").read_text() == filled("live.html")
