"""How every script ends, whatever its output goes to."""

import os
import shlex
import subprocess
import sys

import pytest
from conftest import ROOT

from gan1d.commands import common

SCRIPT = """
import os, pathlib, sys
from gan1d.commands import common

def main():
    print("first line", flush=True)
    file = open("result.txt", "w")
    os.write(2, b"past Python")
    print("second", sys.stdout.isatty(), flush=True)
    {statement}
    file.write("whole")
    file.close()

common.run(main)
"""


@pytest.fixture
def shell(tmp_path):
    """Run a script of that statement in a shell, whose `$SCRIPT` it is."""

    def run(command, statement="pass"):
        (tmp_path / "x.py").write_text(SCRIPT.replace("{statement}", statement))
        script = f"{shlex.quote(sys.executable)} x.py"
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command.replace('$SCRIPT', script)}"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def test_a_reader_that_has_gone(shell):
    more = "[print('more' * 99) for _ in range(9999)]"
    finished = shell("$SCRIPT | head -1", more)
    assert (finished.returncode, finished.stdout) == (141, "first line\n")
    assert finished.stderr in ("", "past Python")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("ValueError('one\\ntwo')", "one two"),
        ("OSError(28, 'No space left', 'x')", "No space left: 'x'"),
    ],
)
def test_what_a_user_can_mend_is_one_line(shell, error, message):
    finished = shell("$SCRIPT", f"raise {error!s}".replace("\n", "\\n"))
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"past Pythonx.py: error: {message}")
    assert finished.stderr.count("\n") == 1


def test_a_bug_is_a_traceback(shell):
    finished = shell("$SCRIPT", "raise RuntimeError('bug')")
    assert "Traceback" in finished.stderr


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_signals(shell, number, status):
    finished = shell("$SCRIPT", f"import signal; os.kill(os.getpid(), signal.{number})")
    assert (finished.returncode, finished.stderr) == (status, "past Python")


def test_an_ignored_interrupt_stays_ignored(shell, tmp_path):
    """As of `nohup`, and of `&` in a script."""
    kill = "import signal; os.kill(os.getpid(), signal.SIGINT)"
    finished = shell("trap '' INT; $SCRIPT", kill)
    assert finished.returncode == 0
    assert (tmp_path / "result.txt").read_text() == "whole"


def test_a_program_without_a_name(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [])
    parser = common.Parser("What it does.")
    parser.add_argument("--a", required=True)
    with pytest.raises(SystemExit):
        parser.parse_args()
    assert capsys.readouterr().err.startswith("script: error: the following arguments are required")
