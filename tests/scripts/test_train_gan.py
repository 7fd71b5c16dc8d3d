import csv
import json
import re

import numpy as np
import pytest
from conftest import ROOT

from gan1d.commands import common

FILES = (
    "discriminator.png",
    "generator.png",
    "gan.png",
    "samples_00019.png",
    "samples_00039.png",
    "samples_00049.png",
    "field.png",
    "losses.png",
    "distributions.png",
    "training.gif",
    "training.html",
    "history.csv",
    "generator.keras",
    "discriminator.keras",
)
PARABOLA = "def parabola(x):\n    return (x - 2000) ** 2\n"


def test_a_run_from_an_empty_folder(run_python, tmp_path):
    options = "--epochs 50 --eval-every 20 --gif --show".split()
    finished = run_python("scripts/train_gan.py", *options)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert "There is no screen: --show opens nothing." in finished.stdout
    for expected in (
        "Seed: 32",
        "Total params: 101",
        "Total params: 122",
        "Total params: 223",
        "50/50",
        "\n19 ",
        "\n39 ",
        "\n49 ",
        "energy ratio",
    ):
        assert expected in finished.stdout
    folder = tmp_path / "outputs" / "gan"
    assert sorted(file.name for file in folder.iterdir()) == sorted([*FILES, "run.json"])
    assert finished.stdout.startswith("Loading Keras.\n")
    assert "\nNot learned: " in finished.stdout
    listed = finished.stdout.split("Files written:\n")[1].split("\n\n")[0].split()
    assert listed == [f"outputs/gan/{name}" for name in FILES]
    with open(folder / "history.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["update"] for row in rows] == ["20", "40", "50"]
    assert [row["coverage"] != "" for row in rows] == [True, True, True]
    assert rows[0].keys() > {"curve_error_share", "energy_ratio", "score_real", "score_fake"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The tutorial")[0]
    (title,) = re.findall(r"^```text\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert title in finished.stdout
    named = {*re.findall(r"`(\w+\.(?:png|gif|html|csv|json|keras))`", readme)}
    assert named - {"samples_01999.png"} <= {file.name for file in folder.iterdir()}

    # Another command leaves it alone, and says so before it loads anything.
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    finished = run_python("scripts/train_gan.py", *options, "--seed", "8")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        "train_gan.py: error: outputs/gan has a finished run, with --seed 32, not 8: choose "
        "another folder (--output), or --overwrite it\n"
    )
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.slow
def test_options(run_python, tmp_path):
    (tmp_path / "p.py").write_text(PARABOLA)
    options = "--epochs 5 --batch 4 --eval-every 10 --latent-dim 3 --hidden 6,7".split()
    options += "--function p.py:parabola --low 1990 --high 2010 --recipe stable".split()
    options += ["--no-film", "--seed", "random"]
    finished = run_python(
        "scripts/train_gan.py",
        *options,
        "--output",
        "a {b}/c",
        MPLCONFIGDIR="/proc/none",  # no writable font cache
    )
    assert finished.returncode == 0, finished.stderr
    assert "epoch  score, real - fake  coverage" in finished.stdout
    assert "accuracy" not in finished.stdout  # which means nothing by this recipe
    for shape in ("(None, 3)", "(None, 6)", "(None, 7)"):
        assert shape in finished.stdout
    assert not (tmp_path / "a {b}/c/training.gif").exists()
    seed = int(finished.stdout.split("Seed: ")[1].split()[0])
    record = json.loads((tmp_path / "a {b}/c/run.json").read_text())
    assert record["arguments"]["--seed"] == seed  # by which it is the same again


def test_show_opens_the_pictures_as_they_were_saved(monkeypatch, tmp_path):
    from matplotlib import pyplot

    picture = np.random.default_rng(0).random((30, 50, 4)).astype(np.float32)
    pyplot.imsave(tmp_path / "a.png", picture)
    shown = []
    monkeypatch.setattr(pyplot, "get_backend", lambda: "TkAgg")
    monkeypatch.setattr(pyplot, "show", lambda: shown.extend(pyplot.get_fignums()))
    common.show([tmp_path / "a.png"])
    try:
        assert len(shown) == 1
        figure = pyplot.figure(shown[0])
        assert figure.get_size_inches().tolist() == [0.5, 0.3]
        np.testing.assert_allclose(figure.images[0].get_array(), picture, atol=1 / 255)
    finally:
        pyplot.close("all")


@pytest.mark.slow
def test_rows_of_a_table_are_made_for_what_is_given_and_two_recipes_compared(run_python, tmp_path):
    """Whole numbers come back whole; what is given, as it was given."""
    rows = "".join(f"{x % 7},{x / 10},{x % 3}\n" for x in range(60))
    (tmp_path / "t.csv").write_text("age,dose,visits\n" + rows)
    options = "--points t.csv --given dose --at 2.5 --samples 9 --epochs 20 --eval-every 20".split()
    options += "--compare tutorial,stable --output o".split()
    finished = run_python("scripts/train_gan.py", *options)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert (tmp_path / "o/comparison.html").stat().st_size > 10_000
    assert "o/comparison.html" in finished.stdout.split("Files written:")[3]
    for recipe in ("tutorial", "stable"):
        with open(tmp_path / "o" / recipe / "history.csv", newline="") as file:
            (row,) = csv.DictReader(file)
        assert (row["curve_error"], row["update"]) == ("nan", "20")
        header, *made = (tmp_path / "o" / recipe / "samples.csv").read_text().splitlines()
        assert (header, len(made)) == ("dose,age,visits", 9)
        assert all(re.fullmatch(r"2\.5,-?\d+,-?\d+", row) for row in made)


@pytest.mark.parametrize("backend", ["abacus"])
def test_a_backend_that_is_not_there_is_one_line(run_python, backend):
    finished = run_python("scripts/plot_models.py", KERAS_BACKEND=backend)
    assert finished.returncode == 1
    *_, last = finished.stderr.splitlines()
    assert last.startswith("plot_models.py: error: ")
    assert backend in last
