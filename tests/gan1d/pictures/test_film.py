import os
import shutil
import time

import numpy as np
import pytest
from matplotlib import pyplot
from PIL import Image

from gan1d import FUNCTIONS, Film, save_gif, save_html, train
from gan1d.pictures.film import FRAME_MS


@pytest.fixture(scope="module")
def filmed(models):
    """A film of 450 updates, the history, and the frames."""
    film = Film(every=100, n=20, rng=0)
    history = train(*models, n_epochs=450, n_eval=450, rng=1, callbacks=film, plot=False, verbose=0)
    return film, history, film.frames(history, verbose=0)


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


def test_a_film_changes_nothing_and_its_snapshots_are_the_weights(new_models):
    def trained(callbacks, n_epochs):
        models = new_models(seed=2)
        train(*models, n_epochs=n_epochs, rng=3, callbacks=callbacks, plot=False, verbose=0)
        return [weight for model in models[:2] for weight in model.get_weights()]

    film = Film(every=100, rng=0)
    plain, with_film = trained(None, 300), trained(film, 300)
    at_200 = trained(None, 200)
    for expected, update in ((plain, 3), (at_200, 2)):
        snapshot = [weight for weights in film.weights[update] for weight in weights]
        for a, b in zip(expected, snapshot, strict=True):
            np.testing.assert_array_equal(a, b)
    for a, b in zip(plain, with_film, strict=True):
        np.testing.assert_array_equal(a, b)


def test_drawing_leaves_the_models_as_they_are_and_no_figure_open(filmed, models):
    film, history, images = filmed
    before = [np.copy(w) for model in models[:2] for w in model.get_weights()]
    again = film.frames(history, verbose=0)
    after = [w for model in models[:2] for w in model.get_weights()]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)
    assert pyplot.get_fignums() == []
    assert [image.size for image in images] == [(900, 450)] * 6
    assert [image.tobytes() for image in again] == [image.tobytes() for image in images]
    assert len({image.tobytes() for image in images}) == 6


def test_each_frame_is_drawn_from_its_snapshot(filmed, models, monkeypatch):
    film, history, _ = filmed
    drawn = []
    monkeypatch.setattr(
        Film, "draw_frame", lambda self, axes, update, *args: drawn.append((update, *args))
    )
    film.frames(history, verbose=0)
    assert [update for update, *_ in drawn] == film.updates
    (w1, b1, w2, b2), _ = film.weights[2]
    fake = np.maximum(film.latent_points @ w1 + b1, 0) @ w2 + b2
    np.testing.assert_allclose(drawn[2][2], fake, atol=1e-5)


def test_the_gif_has_the_frames_in_order(filmed, tmp_path):
    _, _, images = filmed
    save_gif(images, tmp_path / "training.gif")
    with Image.open(tmp_path / "training.gif") as gif:
        assert gif.n_frames == len(images)
        durations = []
        for i, image in enumerate(images):
            gif.seek(i)
            shown, meant = (
                np.asarray(gif.convert("RGB"), int),
                np.asarray(image.convert("RGB"), int),
            )
            assert np.abs(shown - meant).mean() < 0.1
            durations.append(gif.info["duration"])
        assert durations[0] == FRAME_MS < durations[-1]
        assert gif.info["loop"] == 0


def test_a_film_of_every_function(models):
    for function in FUNCTIONS:
        film = Film(every=1, n=5, function=function, rng=0)
        history = train(*models, n_epochs=1, function=function, callbacks=film, verbose=0)
        assert len(film.frames(history, verbose=0)) == 2


def test_bad_arguments(models):
    with pytest.raises(ValueError, match="every must be at least 1"):
        Film(0)
    with pytest.raises(ValueError, match="n must be at least 1"):
        Film(1, n=0)
    with pytest.raises(ValueError, match="function must be one of"):
        Film(1, function="parabola")
    with pytest.raises(ValueError, match="no film before training"):
        Film(1).frames(None)


@pytest.fixture
def browser():
    """Chromium without a window and without a network."""
    if not (shutil.which("chromedriver") and shutil.which("chromium")):
        pytest.skip("needs chromium and chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"), env=os.environ)
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    yield driver
    driver.quit()


def test_the_page_plays_in_a_browser(filmed, tmp_path, browser):
    film, _, images = filmed
    file = tmp_path / "training.html"
    save_html(images, film.updates, file, title="a < b & c")
    browser.get(file.as_uri())
    frame, play, slider, update = (
        browser.find_element("id", name) for name in ("frame", "play", "slider", "update")
    )

    def state():
        return int(slider.get_property("value")), update.text

    def wait_for(condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, state()
            time.sleep(0.02)

    assert browser.title == "a < b & c"
    assert state() == (0, "update 0")
    assert frame.get_property("naturalWidth") == 900
    # The slider sets the frame.
    pictures = set()
    for i, expected in enumerate(film.updates):
        browser.execute_script(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            slider,
            i,
        )
        assert state() == (i, f"update {expected:,}")
        pictures.add(frame.get_property("src"))
    assert len(pictures) == len(images)
    # At the end, play starts over; at the end again, it stops.
    play.click()
    assert play.text == "Pause"
    wait_for(lambda: 0 < state()[0] < 5)
    # Pause holds the frame.
    play.click()
    assert play.text == "Play"
    held = state()
    time.sleep(3 * FRAME_MS / 1000)
    assert state() == held
    play.click()
    wait_for(lambda: state() == (5, "update 450"))
    wait_for(lambda: play.text == "Play")
    # The keyboard moves the slider.
    slider.send_keys("\ue012")  # left arrow
    assert state() == (4, "update 400")
    assert browser.get_log("browser") == []
