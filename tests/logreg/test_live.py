"""The page in which a neuron trains, in Chromium, held against what it stands for."""

import numpy as np
import pytest
from conftest import BrowserPage
from numpy.testing import assert_allclose

from logreg import Live, LogisticRegressionNN, find_minimum, measures

pytestmark = pytest.mark.slow


class Page(BrowserPage):
    """The page in the browser, and what a reader does with it."""

    def text(self, selector):
        return self.find(selector).text

    def set(self, name, value):
        self.run(
            "const [name, value] = arguments, input = find(name); input.value = value;"
            "for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind))",
            name,
            value,
        )

    def click_at(self, x, y):
        """Click at a point of the data's plane."""
        canvas = self.run("return find('data').getBoundingClientRect().toJSON()")
        at = self.run("return data.pixels(arguments[0])", [x, y])
        event = {"x": canvas["x"] + at[0], "y": canvas["y"] + at[1], "button": "left"}
        for kind in ("mousePressed", "mouseReleased"):
            event |= {"type": kind, "clickCount": 1}
            self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    @property
    def data(self):
        points = np.array(self.run("return points"))
        return points[:, :2], points[:, 2].astype(int)

    @property
    def pictures(self):
        return self.run("return ['data', 'bowl'].map(id => find(id).toDataURL())")


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens the page; at the end, the console must be empty."""
    browser.get_log("browser")
    Live().save(tmp_path / "neuron.html")
    yield lambda **options: Page(browser, (tmp_path / "neuron.html").as_uri(), **options)
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(("rate", "penalty"), [(0.1, 0), (2, 0), (0.5, 3)])
def test_three_hundred_steps_are_the_numpy_model_s(opened, rate, penalty):
    shown = opened()
    shown.set("rate", rate)
    shown.set("penalty", penalty)
    shown.find("#again").click()
    model = LogisticRegressionNN(2)
    model.weights[:] = [[1], [-1]]
    costs = model.train(*shown.data, rate, 300, penalty=penalty)
    for _ in range(3):
        shown.find("#hundred").click()
    assert shown.text("#update") == "step 300"
    found = shown.run("return weights")
    assert_allclose(found, [*model.weights[:, 0], model.bias[0, 0]], rtol=0, atol=1e-9)
    assert_allclose(shown.run("return costs.cost"), costs, rtol=0, atol=1e-9)


def test_points_are_set_by_clicks_and_the_minimum_is_known(opened):
    shown = opened()
    assert "has no minimum" in shown.text("#said")  # of the notebook's points
    shown.find("#clear").click()
    assert "Click into the left plane" in shown.text("#said")
    rng = np.random.default_rng(0)
    for i, x in enumerate(np.linspace(-3, 3, 12)):
        shown.set("adds", i % 2)
        shown.click_at(x, rng.normal())
        if i == 0:
            assert "All points are of one class" in shown.text("#said")
    X, y = shown.data
    assert y.tolist() == [0, 1] * 6
    minimum = find_minimum(X, y)
    assert shown.text("#said") == ""
    found = shown.run("return minimum")
    assert_allclose(found, [*minimum.weights[:, 0], minimum.bias[0, 0]], atol=1e-6)
    shown.set("penalty", 5)
    penalised = find_minimum(X, y, penalty=5)
    found = shown.run("return minimum")
    assert_allclose(found, [*penalised.weights[:, 0], penalised.bias[0, 0]], atol=1e-6)
    shown.set("penalty", -1)
    assert shown.text("#said") == "The penalty must be from 0 to 1000: it is 5 as before."
    assert shown.run("return number('penalty')") == 5
    shown.click_at(*X[3])  # takes it away
    assert len(shown.data[0]) == 11
    shown.find("#clear").click()
    assert shown.text("#numbers") == ""


def test_measures_follow_the_threshold(opened):
    shown = opened()
    shown.run(
        "points.forEach((point, i) => { if (i % 5 === 0) point[2] = 1 - point[2]; }); begin()"
    )
    shown.find("#hundred").click()
    X, y = shown.data
    *w, b = shown.run("return weights")
    p = 1 / (1 + np.exp(-(X @ w + b)))
    before = shown.pictures
    for threshold in (0.5, 0.8, 0.1):
        shown.set("threshold", threshold)
        said = shown.text("#numbers").split()
        for name in ("accuracy", "precision", "recall"):
            expected = getattr(measures, name)(y, p >= threshold)
            assert float(said[said.index(name) + 1]) == pytest.approx(expected, abs=0.005)
    data, bowl = shown.pictures
    assert data != before[0]  # the line has moved
    assert bowl == before[1]


def test_it_trains_until_it_is_stopped_and_begins_anew(opened):
    shown = opened()
    start = shown.run("return [steps, weights]")
    before = shown.pictures
    shown.find("#play").click()
    while shown.run("return steps") < 20:
        pass
    shown.find("#play").click()
    at = shown.run("return steps")
    assert all(one != other for one, other in zip(shown.pictures, before, strict=True))
    shown.find("body").send_keys("\ue014")  # right arrow
    assert shown.run("return steps") == at + 1
    shown.find("#again").click()
    assert shown.run("return [steps, weights]") == start
    shown.set("rate", 100)
    shown.set("penalty", 1000)
    shown.find("#play").click()
    while shown.run("return playing"):
        pass
    assert "would overflow" in shown.text("#said")
    shown.run("draw()")


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone_and_the_dark(opened, dark):
    shown = opened(width=390, dark=dark)
    assert shown.run("return document.documentElement.scrollWidth") <= 390


def test_a_notebook_shows_it_and_the_script_writes_it(run_python, tmp_path):
    finished = run_python("scripts/live.py", "--logreg", "--no-browser")
    assert (finished.returncode, finished.stderr) == (0, "")
    page = (tmp_path / "outputs/neuron.html").read_text()
    assert "LogisticRegressionNN" in page
    assert "sandbox" in Live()._repr_html_()
