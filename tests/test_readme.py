"""Every command, code block, number and link of the README and of docs holds."""

import re
import shlex
import sys
import tomllib

import make_images
import numpy as np
import pytest
from conftest import ROOT

import gan1d
import logreg.command
from gan1d.commands import live, sweep, train
from gan1d.sweep import read_table

TOPICS = [
    f"docs/{file.name}"
    for file in (ROOT / "docs").glob("*.md")
    if not file.with_suffix(".ipynb").exists()
]
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", *TOPICS)
}
README = PAGES["README.md"]


# What `learn` trains for by itself is long enough to learn, which is not asked here, nor is it of
# the pages' 2,000 updates.
QUICKLY = """
import gan1d.any_function
advised = gan1d.any_function.advised_settings
gan1d.any_function.advised_settings = lambda function: advised(function) | {"n_epochs": 200}
"""


def blocks(language, text=README):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


SLOW = [
    pytest.param(f"docs/{name}.md", marks=pytest.mark.slow)
    for name in ("samples", "networks", "table")
]


@pytest.mark.parametrize("page", ["README.md", *SLOW])
def test_the_code_runs_from_top_to_bottom(run_python, page):
    code = "\n".join([QUICKLY, *blocks("python", PAGES[page])])
    finished = run_python(code.replace("n_epochs=2000", "n_epochs=200"))
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = PAGES[page]
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for link in re.findall(r"\]\(([^)]+)\)", text):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif not link.startswith("https://"):
            assert ((ROOT / page).parent / link).is_file(), link
    for alternative in re.findall(r"!\[(.*?)\]\(", text, re.DOTALL):
        assert len(alternative) > 20, alternative


def test_every_picture_is_shown():
    shown = re.findall(r"\]\((?:docs/)?images/([^)]+)\)", "".join(PAGES.values()))
    assert sorted(shown) == sorted(file.name for file in (ROOT / "docs/images").iterdir())


@pytest.mark.parametrize("page", PAGES)
def test_what_is_named_is_there(page):
    for path in re.findall(r"`((?:gan1d|logreg|scripts|tests|docs)/[\w/.]+)`", PAGES[page]):
        assert (ROOT / path).exists(), path
    for script in re.findall(r"`(\w+\.py)`", PAGES[page]):
        assert (ROOT / "scripts" / script).is_file(), script


def test_the_commands_are_understood(monkeypatch, tmp_path):
    command = r"`((?:python (?:-m pip |-m pytest|scripts/)|(?:gan1d|logreg) (?!--help))[^`]*)`"
    inline = [line for page in PAGES.values() for line in re.findall(command, page)]
    lines = [
        line
        for page in PAGES.values()
        for block in blocks("sh", page)
        for line in block.replace("\\\n", "").splitlines()
    ]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    modules = {
        "train_gan": train,
        "gan1d train": train,
        "sweep_seeds": sweep,
        "gan1d sweep": sweep,
        "live": live,
        "gan1d live": live,
        "compare_logreg": logreg.command,
        "logreg": logreg.command,
    }
    commands = [
        shlex.split(part, comments=True) for line in inline + lines for part in line.split("&&")
    ]
    (table := tmp_path / "table.csv").write_text("a,b\n0,1\n1,2\n")
    understood = 0
    for command in commands:
        words = [word.replace("FILE.csv", str(table)) for word in command]
        words = [word for word in words if not word.startswith("KERAS_BACKEND=")]
        if words[0] == "gan1d":
            words[:2] = [" ".join(words[:2])]
        elif words[1:] and words[1].startswith("scripts/"):
            words[:2] = [words[1].removeprefix("scripts/").removesuffix(".py")]
        if words[0] in modules or (ROOT / f"scripts/{words[0]}.py").exists():
            monkeypatch.setattr(sys, "argv", words)
            modules.get(words[0], make_images).parse_arguments()
        elif words[:4] == ["python", "-m", "pip", "install"]:
            named = re.fullmatch(r"\.(?:\[([\w,]+)\])?", words[-1])
            assert named, command
            assert named[1] is None or set(named[1].split(",")) <= set(extras)
        else:
            assert words[0] in ("ruff", "sphinx-build") or words[:3] == [
                "python",
                "-m",
                "pytest",
            ], command
        understood += 1
    assert understood > 10


def test_the_options_are_the_script_s(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["train_gan.py", "--help"])
    with pytest.raises(SystemExit):
        train.parse_arguments()
    text = capsys.readouterr().out
    for option in re.findall(r"^\| `(--[\w-]+)", README, re.MULTILINE):
        assert option in text, option


def test_the_mend_is_the_listing_s():
    listing = (ROOT / "scripts/tutorial.py").read_text(encoding="utf-8")
    (mend,) = blocks("py")
    for line in mend.splitlines():
        assert f"        {line}\n" in listing, line


def test_the_tables_are_what_was_measured():
    measured, sweeps = make_images.read_measured()
    for summary in sweeps.values():
        assert make_images.sweep_table(summary) in PAGES["docs/collapse.md"]
    assert make_images.benchmark_table(measured) in PAGES["docs/speed.md"]


def test_the_numbers_in_its_sentences():
    assert "101 weights" in README
    assert gan1d.define_discriminator().count_params() == 101
    assert "122 weights" in README
    assert gan1d.define_generator().count_params() == 122
    measured, sweeps = make_images.read_measured()
    medians = {name: np.median(times) for name, times in measured["gan"].items()}
    fast, slow = re.search(r"takes ([\d.]+) ms instead of (\d+)", " ".join(README.split())).groups()
    assert medians["gan1d"] == pytest.approx(float(fast), abs=0.01)
    assert medians["the tutorial's loop"] == pytest.approx(float(slow), rel=0.3)
    # The table of the README is a part of the one in docs.
    for function in ("square", "cube", "absolute"):
        cells = [
            f"{g['learned']} of {g['seeds']}, {100 * g['low']:.0f}–{100 * g['high']:.0f} %"
            for g in sweeps["sweep"]
            if g["function"] == function
        ]
        assert f"\n| {function} | {' | '.join(cells)} |\n" in README


def test_the_default_seed_is_the_median_one(monkeypatch):
    """By energy distance, of the first hundred of the tutorial's recipe on x²."""
    monkeypatch.setattr(sys, "argv", ["train_gan.py"])
    rows = read_table(make_images.MEASURED / "sweep.csv").values()
    first = [
        row
        for row in rows
        if (row["function"], row["recipe"]) == ("square", "tutorial") and row["seed"] < 100
    ]
    assert len(first) == 100
    median = sorted(first, key=lambda row: row["energy_distance"])[49]
    assert train.parse_arguments().seed == median["seed"]
