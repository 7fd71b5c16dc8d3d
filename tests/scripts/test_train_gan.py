import csv
import importlib.util

import numpy as np
import pytest
import train_gan

from gan1d import FUNCTIONS, RECIPES

FILES = (
    "discriminator.png",
    "generator.png",
    "gan.png",
    "samples_00019.png",
    "samples_00039.png",
    "field.png",
    "losses.png",
    "distributions.png",
    "training.gif",
    "training.html",
    "history.csv",
    "generator.keras",
    "discriminator.keras",
)


def test_a_run_from_an_empty_folder(run_python, tmp_path):
    options = "--epochs 50 --eval-every 20 --show".split()
    finished = run_python("scripts/train_gan.py", *options)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert "There is no screen: --show opens nothing." in finished.stdout
    for expected in (
        "Seed: 11",
        "Total params: 101",
        "Total params: 122",
        "Total params: 223",
        "50/50",
        "\n19 ",
        "\n39 ",
        "energy distance",
    ):
        assert expected in finished.stdout
    folder = tmp_path / "outputs" / "gan"
    assert sorted(file.name for file in folder.iterdir()) == sorted(FILES)
    listed = finished.stdout.split("Files written:\n")[1].split("\n\n")[0].split()
    assert listed == [f"outputs/gan/{name}" for name in FILES]
    with open(folder / "history.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["update"] for row in rows] == ["20", "40", "50"]
    assert [row["coverage"] != "" for row in rows] == [True, True, False]


def test_options(run_python, tmp_path):
    options = "--epochs 5 --batch 4 --eval-every 10 --latent-dim 3 --function sine".split()
    options += ["--no-film", "--profile", "--seed", "random"]
    finished = run_python(
        "scripts/train_gan.py",
        *options,
        "--output",
        "a {b}/c",
        MPLCONFIGDIR="/proc/none",  # no writable font cache
    )
    assert finished.returncode == 0, finished.stderr
    assert "No evaluation" in finished.stdout
    assert "(None, 3)" in finished.stdout
    *stages, total = finished.stdout.split("Where the time went:\n")[1].splitlines()
    seconds = [float(line.split()[1]) for line in stages]
    assert sum(seconds) == pytest.approx(float(total.split()[1]), abs=0.1)
    assert not (tmp_path / "a {b}/c/training.gif").exists()
    seed = finished.stdout.split("Seed: ")[1].split()[0]
    options[-1] = seed
    again = run_python("scripts/train_gan.py", *options, "--output", "again")
    assert (tmp_path / "again/history.csv").read_bytes() == (
        tmp_path / "a {b}/c/history.csv"
    ).read_bytes()
    assert f"Seed: {seed}\n" in again.stdout


def test_show_opens_the_pictures_as_they_were_saved(monkeypatch, tmp_path):
    from matplotlib import pyplot

    picture = np.random.default_rng(0).random((30, 50, 4)).astype(np.float32)
    pyplot.imsave(tmp_path / "a.png", picture)
    shown = []
    monkeypatch.setattr(pyplot, "get_backend", lambda: "TkAgg")
    monkeypatch.setattr(pyplot, "show", lambda: shown.extend(pyplot.get_fignums()))
    train_gan.show([tmp_path / "a.png"])
    try:
        assert len(shown) == 1
        figure = pyplot.figure(shown[0])
        assert figure.get_size_inches().tolist() == [0.5, 0.3]
        np.testing.assert_allclose(figure.images[0].get_array(), picture, atol=1 / 255)
    finally:
        pyplot.close("all")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--epochs 0", "argument --epochs: must be a whole number of at least 1, got '0'"),
        ("--batch 1", "argument --batch: must be a whole number of at least 2, got '1'"),
        ("--eval-every x", "argument --eval-every: must be a whole number"),
        ("--latent-dim 2.5", "argument --latent-dim: must be a whole number"),
        ("--function parabola", "argument --function: invalid choice: 'parabola'"),
        ("--seed -1", "argument --seed: must be a whole number of at least 0"),
        ("--seed 4294967296", "argument --seed: must be less than 2**32"),
        ("--seed random --resume", "--resume needs the --seed that the run began with"),
        ("--colour", "unrecognized arguments: --colour"),
    ],
)
def test_bad_options_are_one_line(run_python, tmp_path, options, message):
    finished = run_python("scripts/train_gan.py", *options.split())
    assert finished.returncode == 2
    assert finished.stderr.startswith(f"train_gan.py: error: {message}")
    assert finished.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_of_a_file_is_found_before_training(run_python, tmp_path):
    (tmp_path / "outputs/gan/losses.png").mkdir(parents=True)
    finished = run_python("scripts/train_gan.py")
    assert finished.returncode == 1
    expected = "outputs/gan/losses.png is a folder, where a file is to be written"
    assert finished.stderr == f"train_gan.py: error: {expected}\n"
    assert finished.stdout == ""


def test_a_file_in_the_way_is_one_line(run_python, tmp_path):
    (tmp_path / "outputs").write_text("mine")
    finished = run_python("scripts/train_gan.py")
    assert finished.returncode == 1
    assert finished.stderr.startswith("train_gan.py: error: ")
    assert finished.stderr.count("\n") == 1
    assert (tmp_path / "outputs").read_text() == "mine"


def test_it_offers_every_function_and_recipe():
    assert train_gan.FUNCTIONS == tuple(FUNCTIONS)
    assert train_gan.RECIPES == tuple(RECIPES)


def test_plot_models(run_python, tmp_path):
    for suffix in ("png", "svg"):
        finished = run_python("scripts/plot_models.py", "--format", suffix)
        assert finished.returncode == 0, finished.stderr
        assert finished.stderr == ""
        for name in ("discriminator", "generator", "gan"):
            assert f"outputs/models/{name}.{suffix}" in finished.stdout
            assert (tmp_path / f"outputs/models/{name}.{suffix}").stat().st_size > 500


def test_a_backend_that_is_not_there_is_one_line(run_python):
    finished = run_python("scripts/plot_models.py", KERAS_BACKEND="abacus")
    assert finished.returncode == 1
    assert finished.stderr == "plot_models.py: error: Unable to import backend : abacus\n"


@pytest.mark.skipif(importlib.util.find_spec("jax") is not None, reason="jax is installed")
def test_a_backend_that_is_not_installed_is_one_line(run_python):
    finished = run_python("scripts/train_gan.py", KERAS_BACKEND="jax")
    assert finished.returncode == 1
    assert finished.stderr == (
        "train_gan.py: error: KERAS_BACKEND is jax, which is not installed: "
        "python -m pip install '.[jax]'\n"
    )
