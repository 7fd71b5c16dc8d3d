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
    ],
)
def test_a_command(type_in, line, status, expected):
    found, printed = type_in(line)
    assert (found, printed[: len(expected)]) == (status, expected)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gan1d train --epochs 0", "argument --epochs: must be a whole number of at least 1, got"),
        ("gan1d train --latent-dim 2.5", "argument --latent-dim: must be a whole number"),
        ("gan1d train --hidden 25,0", "argument --hidden: must be a whole number of at least 1"),
        ("gan1d train --seed 4294967296", "argument --seed: must be a whole number of at least 0"),
        ("gan1d train --function parabola", "argument --function: must be 1 of square, cube, si"),
        ("gan1d train --function p.py:f", "argument --function: No such file or directory: 'p.py"),
        ("gan1d train --points p.csv", "argument --points: No such file or directory: 'p.csv'"),
        ("gan1d train --low 1", "--low and --high are for --function FILE.py:NAME"),
        ("gan1d train --compare stable", "argument --compare: must be 2 of tutorial, stable, w"),
        ("gan1d train --compare stable,tutorial --no-film", "argument --compare: not allowed"),
        ("gan1d train --at 1", "argument --at: must be 0 values, one for each of --given"),
        ("gan1d train --given x --at 1,z", "argument --at: must be a number, got 'z'"),
        ("gan1d sweep --recipe stable,best", "argument --recipe: must be one or more of tutorial"),
        ("gan1d sweep --function sine,x", "argument --function: must be one or more of square, c"),
        ("gan1d sweep --first-seed 4294967295 --seeds 2", "argument --seeds: the last seed must"),
        ("logreg --learning-rate 0", "argument --learning-rate: must be a number of more than 0"),
        ("logreg --test-fraction 1", "argument --test-fraction: must be a number of at least 0 a"),
        ("logreg --csv data.csv", "--csv and --target need each other"),
        ("logreg --predict a.csv --threshold 0.9", "--predict uses a model that is trained: leav"),
        ("logreg --drop a --test-fraction 0.5", "without --csv there is no table: leave out --d"),
        ("logreg --delimiter ab", "argument --delimiter: must be one character"),
    ],
)
def test_bad_options_are_one_line(type_in, tmp_path, line, message):
    status, printed = type_in(line)
    assert status == 2
    command = line.partition(" --")[0]
    assert printed.startswith(f"{command}: error: {message}")
    assert printed.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("in_the_way", ["outputs", "outputs/gan/losses.png/"])
def test_what_is_in_the_way_of_a_file_is_found_before_training(type_in, tmp_path, in_the_way):
    path = tmp_path / in_the_way
    if in_the_way.endswith("/"):
        path.mkdir(parents=True)
    else:
        path.write_text("mine")
    status, printed = type_in("gan1d train")
    assert status.startswith("gan1d train: error: ")
    assert printed == ""
    assert path.exists()
    assert not (tmp_path / "outputs/gan/gan1d.lock").exists()


def test_what_needs_no_keras_loads_none(run_python):
    code = """
import sys
import gan1d, gan1d.commands.sweep, gan1d.record
from gan1d.commands import train
from logreg import command
print({"pandas"} & {*sys.modules})
table = ["--csv", "no", "--target", "y"]
for words, start in (["--help"], train.parse_arguments), (table, command.main):
    sys.argv[1:] = words
    try:
        start()
    except (SystemExit, FileNotFoundError):
        pass
print({"keras", "tensorflow", "matplotlib", "PIL"} & {*sys.modules})
"""
    finished = run_python(code)
    assert (finished.returncode, finished.stderr) == (0, "")
    first, *_, last = finished.stdout.splitlines()
    assert first == last == "set()"
    for name in (*gan1d.FUNCTIONS, *gan1d.RECIPES):
        assert name in finished.stdout


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
