"""Runs of `train_gan.py` that are killed at any moment, and resumed."""

import csv
import itertools
import os
import random
import signal
import subprocess
import sys
import time

import keras
import pytest
from conftest import ROOT

OPTIONS = "--epochs 2000 --eval-every 250 --gif --output run".split()
SCRIPT = str(ROOT / "scripts" / "train_gan.py")
# What is on standard output when a stage of the run begins.
STAGES = {
    "start-up": "",
    "compilation": "Training for",
    "training": "\n249 ",
    "figures": "energy ratio",
    "film": "Drawing the GIF",
}


def start(folder, *options):
    with open(folder / "stdout.txt", "w") as stdout:
        return subprocess.Popen(
            [sys.executable, "-u", SCRIPT, *OPTIONS, *options],
            cwd=folder,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )


def wait_for(process, condition):
    while not condition() and process.poll() is None:
        time.sleep(0.001)


def wait_for_stage(process, folder, stage):
    wait_for(process, lambda: STAGES[stage] in (folder / "stdout.txt").read_text(errors="ignore"))


def results(folder):
    """Return all that a run ends with: weights, history, figures."""
    found = {}
    for name in ("generator", "discriminator"):
        model = keras.saving.load_model(folder / f"run/{name}.keras")
        found |= {f"{name} {i}": w.tobytes() for i, w in enumerate(model.get_weights())}
    for file in sorted((folder / "run").iterdir()):
        if file.suffix in (".csv", ".png", ".gif", ".html"):
            found[file.name] = file.read_bytes()
    return found


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """Return what a run ends with, and how long each of its stages lasts, in seconds."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    process = start(folder)
    times = []
    for stage in STAGES:
        wait_for_stage(process, folder, stage)
        times.append(time.perf_counter())
    _, errors = process.communicate(timeout=600)
    times.append(time.perf_counter())
    assert process.returncode == 0, errors
    assert not (folder / "run/gan1d.backup").exists()
    lasts = (end - begin for begin, end in itertools.pairwise(times))
    return results(folder), dict(zip(STAGES, lasts, strict=True))


@pytest.fixture
def uninterrupted(whole_run):
    return whole_run[0]


@pytest.fixture
def lasts(whole_run):
    return whole_run[1]


def resume(folder, expected):
    process = start(folder, "--resume")
    _, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    found = results(folder)
    assert found.keys() == expected.keys()
    for name, content in expected.items():
        assert found[name] == content, name
    assert not (folder / "run/gan1d.backup").exists()
    assert not list(folder.rglob(".*"))
    assert not list(folder.rglob("*.lock"))


def in_writing(folder):
    """Return whether a backup is being written; a part may go while one looks into it."""
    try:
        return bool(list(folder.glob("run/.part-*/*.backup")))
    except FileNotFoundError:
        return False


def wait_until(process, folder, stage, fraction, lasts):
    """Wait until that fraction of a stage has passed."""
    if stage == "backup":
        # A backup is being written while its temporary file is there.
        for _ in range(1 + int(4 * fraction)):
            wait_for(process, lambda: in_writing(folder))
            wait_for(process, lambda: not in_writing(folder))
        wait_for(process, lambda: in_writing(folder))
    else:
        wait_for_stage(process, folder, stage)
        time.sleep(fraction * lasts[stage])


def kill_and_resume(folder, expected, lasts, stage, fraction):
    process = start(folder)
    wait_until(process, folder, stage, fraction, lasts)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    resume(folder, expected)


@pytest.mark.thorough
@pytest.mark.parametrize("fraction", [0.1, 0.4, 0.7, 1])
@pytest.mark.parametrize("stage", [*STAGES, "backup"])
def test_a_run_killed_anywhere_ends_as_if_it_had_not_been(
    tmp_path, uninterrupted, lasts, stage, fraction
):
    fraction = random.uniform(fraction - 0.3, fraction) % 1
    kill_and_resume(tmp_path, uninterrupted, lasts, stage, fraction)


def stop_and_resume(folder, expected, lasts, stage, number):
    process = start(folder)
    wait_until(process, folder, stage, 0.1, lasts)
    process.send_signal(number)
    _, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (128 + number, "")
    if stage != "start-up":
        out = (folder / "stdout.txt").read_text()
        assert "Interrupted. The same command with --resume --seed 32 goes on." in out
        assert (folder / "run/gan1d.backup").exists()
    if stage in ("compilation", "training", "backup"):
        done = int(out.split(" of 2000 updates are done.")[0].split()[-1])
        with open(folder / "run/history.csv", newline="") as file:
            assert int(list(csv.DictReader(file))[-1]["update"]) == done
        keras.saving.load_model(folder / "run/generator.keras")
    resume(folder, expected)


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stage", [*STAGES, "backup"])
def test_a_run_stopped_anywhere_goes_on(tmp_path, uninterrupted, lasts, stage, number):
    stop_and_resume(tmp_path, uninterrupted, lasts, stage, number)


def contents(folder):
    """Return what is in the files of a folder; one that was being written is in a folder there."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.slow
def test_without_resume_a_run_that_was_cut_short_is_left_alone(tmp_path, uninterrupted):
    process = start(tmp_path)
    wait_for(process, (tmp_path / "run/gan1d.backup").exists)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = contents(tmp_path / "run")
    process = start(tmp_path)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 1
    assert errors.startswith("train_gan.py: error: run has a run that was cut short: --resume it")
    assert errors.count("\n") == 1
    assert (tmp_path / "stdout.txt").read_text() == ""
    after = contents(tmp_path / "run")
    assert before | {"gan1d.lock": b""} == after | {"gan1d.lock": b""}
    resume(tmp_path, uninterrupted)


@pytest.mark.thorough
def test_a_full_disk_is_one_line_and_damages_nothing(run_python, tmp_path):
    """The limit on the size of a file stands in for a full disk."""
    options = "--epochs 20 --eval-every 20 --no-film --output o".split()
    assert run_python("scripts/train_gan.py", *options).returncode == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "o").iterdir()}
    code = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))
sys.path.insert(0, sys.argv[1]); sys.argv[:] = ["train_gan.py", *sys.argv[2:]]
runpy.run_path(sys.path[0] + "/train_gan.py", run_name="__main__")
"""
    finished = run_python(code, os.path.dirname(SCRIPT), *options)
    assert finished.returncode == 1
    assert finished.stderr.startswith("train_gan.py: error: ")
    assert finished.stderr.count("\n") == 1
    after = {file.name: file.read_bytes() for file in (tmp_path / "o").iterdir() if file.is_file()}
    assert set(before) <= set(after)
    for name in ("field.png", "losses.png", "history.csv", "generator.keras"):
        assert after[name] == before[name]
