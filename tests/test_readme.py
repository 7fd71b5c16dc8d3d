"""Every command, code block, number and link of the README holds."""

import re
import shlex
import sys
import tomllib

import compare_logreg
import make_images
import numpy as np
import pytest
import sweep_seeds
import train_gan
from conftest import ROOT

import gan1d
from gan1d import evaluation
from gan1d.runs.table import Table

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
}


def blocks(language, text=README):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_it_can_be_read_in_a_quarter_of_an_hour():
    assert README.count("\n") < 400
    assert sum(file.stat().st_size for file in (ROOT / "docs/images").iterdir()) < 4e6


def test_the_code_runs_from_top_to_bottom(run_python):
    finished = run_python("\n".join(blocks("python")))
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = PAGES[page]
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif not link.startswith("https://"):
            assert (ROOT / link).is_file(), link
    for alternative in re.findall(r"!\[(.*?)\]\(", text, re.DOTALL):
        assert len(alternative) > 20, alternative
    shown = {link for link in links if link.startswith("docs/images/")}
    if page == "README.md":
        assert shown == {f"docs/images/{file.name}" for file in (ROOT / "docs/images").iterdir()}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_named_is_there(page):
    for path in re.findall(r"`((?:gan1d|logreg|scripts|tests|docs)/[\w/.]+)`", PAGES[page]):
        assert (ROOT / path).exists(), path
    for script in re.findall(r"`(\w+\.py)`", PAGES[page]):
        assert (ROOT / "scripts" / script).is_file(), script


def test_the_commands_are_understood(monkeypatch):
    inline = re.findall(r"`(python (?:-m pip |-m pytest|scripts/)[^`]*)`", README)
    lines = [
        line
        for page in PAGES.values()
        for block in blocks("sh", page)
        for line in block.splitlines()
    ]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    modules = {"train_gan": train_gan, "compare_logreg": compare_logreg, "sweep_seeds": sweep_seeds}
    commands = [
        shlex.split(part, comments=True) for line in inline + lines for part in line.split("&&")
    ]
    understood = 0
    for command in commands:
        words = [word for word in command if not word.startswith("KERAS_BACKEND=")]
        if len(words) > 1 and words[1].startswith("scripts/"):
            name = words[1].removeprefix("scripts/").removesuffix(".py")
            monkeypatch.setattr(sys, "argv", words[1:])
            modules.get(name, make_images).parse_arguments()
        elif words[:4] == ["python", "-m", "pip", "install"]:
            named = re.fullmatch(r"\.(?:\[([\w,]+)\])?", words[-1])
            assert named, command
            assert named[1] is None or set(named[1].split(",")) <= set(extras)
        else:
            assert words[0] == "ruff" or words[:3] == ["python", "-m", "pytest"], command
        understood += 1
    assert understood > 10


def test_the_options_are_the_script_s(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["train_gan.py", "--help"])
    with pytest.raises(SystemExit):
        train_gan.parse_arguments()
    text = capsys.readouterr().out
    for option in re.findall(r"^\| `(--[\w-]+)", README, re.MULTILINE):
        assert option in text, option


def test_the_output_is_what_the_scripts_print(run_python):
    gan, logreg = blocks("text")
    finished = run_python("scripts/train_gan.py", "--no-film")
    printed = finished.stdout.split("\n\n")[-2]  # before the files
    assert gan.splitlines()[0] == printed.splitlines()[0]
    shape = [re.sub(r"\d\.\d+", "#", line).split() for line in gan.splitlines()]
    assert [re.sub(r"\d\.\d+", "#", line).split() for line in printed.splitlines()] == shape
    files = finished.stdout.split("Files written:\n")[1]
    for name in re.findall(r"`(\w+\.(?:png|csv|keras))`", README.partition("The other scripts")[0]):
        assert name in files, name
    finished = run_python("scripts/compare_logreg.py")
    for line in logreg.splitlines()[1:]:
        what, ours, theirs, difference = re.fullmatch(
            r"(.*?) {2,}(\S+) +(\S+) +(\S+)", line
        ).groups()
        (found,) = (row for row in finished.stdout.splitlines() if row.startswith(what))
        numbers = found.removeprefix(what).split()
        assert [float(n) for n in numbers[:2]] == pytest.approx(
            [float(ours), float(theirs)], rel=1e-3
        )
        assert abs(float(difference)) < 1e-15


def test_the_tables_are_what_was_measured():
    measured, summary = make_images.read_measured()
    assert make_images.sweep_table(summary) in README
    assert make_images.benchmark_table(measured) in README


def test_the_numbers_in_its_sentences():
    assert "101 weights" in README
    assert gan1d.define_discriminator().count_params() == 101
    assert "122 weights" in README
    assert gan1d.define_generator().count_params() == 122
    measured, _ = make_images.read_measured()
    medians = {name: np.median(times) for name, times in measured["gan"].items()}
    assert "about two thousand times faster" in README
    assert 1500 < medians["the tutorial's loop"] / medians["gan1d"] < 2500
    assert (
        "with seed 8 the tutorial's\nrecipe reaches a fifth of the range, and `stable` all"
        in README
    )
    rows = Table(make_images.MEASURED / "sweep.csv").rows
    covered = {
        row["recipe"]: row["coverage"]
        for row in rows.values()
        if (row["function"], row["seed"]) == ("square", 8)
    }
    assert covered == {"tutorial": 0.2, "stable": 1.0}
    assert "two sets of 2,000 real x² samples are at most 0.42 apart in 9 of 10 cases" in README
    rng = np.random.default_rng(0)
    pairs = ([gan1d.generate_real_samples(2000, rng=rng)[0] for _ in "xy"] for _ in range(150))
    distances = [1000 * evaluation.energy_distance(*pair) for pair in pairs]
    assert np.quantile(distances, 0.9) == pytest.approx(0.42, abs=0.12)  # of 150 draws
