"""The commands that an installed package has: `gan1d` and `logreg`."""

import importlib
import shlex
import sys
import tomllib

import pytest
from conftest import ROOT

import gan1d.__main__
from gan1d.commands import train

COMMANDS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


@pytest.fixture
def type_in(monkeypatch, capsys, tmp_path):
    """Return the exit status of a command, and what it printed, on both ways together."""
    monkeypatch.chdir(tmp_path)

    def run(line):
        name, *words = shlex.split(line)
        module, _, function = COMMANDS[name].partition(":")
        monkeypatch.setattr(sys, "argv", [f"/usr/bin/{name}", *words])
        with pytest.raises(SystemExit) as end:
            getattr(importlib.import_module(module), function)()
        return end.value.code, "".join(capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("line", "status", "expected"),
    [
        ("gan1d", 0, "usage: gan1d [-h] [--version] COMMAND"),
        *(
            (f"gan1d {name} --help", 0, f"usage: gan1d {name} [-h] [--version]")
            for name in ("train", "sweep")
        ),
        ("gan1d live --help", 0, "usage: gan1d live [-h] [--version]"),
        ("logreg --help", 0, "usage: logreg [-h] [--version]"),
        ("gan1d learn", 2, "gan1d: error: argument COMMAND: invalid choice: 'learn'"),
        ("gan1d train --epochs 0", 2, "gan1d train: error: argument --epochs: must be a whole"),
        ("logreg --csv a.csv", 2, "logreg: error: --csv and --target need each other"),
    ],
)
def test_a_command(type_in, line, status, expected):
    found, printed = type_in(line)
    assert (found, printed[: len(expected)]) == (status, expected)


def test_as_a_module_it_is_the_same(run_python):
    code = "import runpy, sys; sys.argv[1:] = []; runpy.run_module('gan1d', {}, '__main__')"
    finished = run_python(code)
    assert (finished.returncode, finished.stderr) == (0, "")
    for name in gan1d.__main__.COMMANDS:
        assert f"\n    {name} " in finished.stdout


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("scripts/train_gan.py", "python scripts/train_gan.py"),
        ("gan1d train", "gan1d train"),
    ],
)
def test_the_command_that_is_advised_is_understood(monkeypatch, typed, expected):
    words = "--recipe tutorial --function cube --output=a --epochs 9 --overwrite".split()
    monkeypatch.setattr(sys, "argv", [typed, *words])
    advised = train.advised_command(train.parse_arguments())
    settings = "--recipe stable --hidden 25,25 --output a_advised"
    assert advised == f"{expected} --function cube {settings}"
    monkeypatch.setattr(sys, "argv", ["gan1d train", *shlex.split(advised)[2:]])
    args = train.parse_arguments()
    assert train.advised_command(args) is None
    assert (args.output, args.epochs, args.overwrite) == ("a_advised", 10000, False)
