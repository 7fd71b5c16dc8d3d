import gc
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import hypothesis
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # PyTorch's threads get into each other's way
# As in a terminal, also where the tests run in the background: Ctrl-C is not ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
gc.disable()  # while all is imported, of which nothing is garbage: a tenth of the tests' time
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
ROOT = pathlib.Path(__file__).resolve().parent.parent


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


@pytest.fixture
def run_python(tmp_path):
    """Run Python in an empty folder: `run_python(code)` or `run_python("scripts/x.py", ...)`."""

    def run(program, *args, timeout=300, **environment):
        command = [str(ROOT / program)] if program.endswith(".py") else ["-c", program]
        return subprocess.run(
            [sys.executable, *command, *args],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run


@pytest.fixture(autouse=True)
def close_figures():
    """Close the figures that a test has made, as a person would."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="module")
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


class BrowserPage:
    """A page in the browser: dark or not, and so many pixels wide."""

    def __init__(self, browser, address, width=1000, *, dark=False):
        self.browser = browser
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        screen = {"width": width, "height": 1400, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.set_script_timeout(200)
        browser.get("about:blank")  # else another fragment would not load the page anew
        browser.get(address)

    def run(self, script, *args):
        return self.browser.execute_script(script, *args)

    def wait_for(self, condition):
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.02)

    def wait(self, script):
        self.wait_for(lambda: self.run(script))

    def find(self, selector):
        return self.browser.find_element("css selector", selector)
