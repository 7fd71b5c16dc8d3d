"""A folder holds one run: what is refused, what is removed, and what is left alone."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

from gan1d.record import one_run

FILES = ["a.txt", "b.txt"]
STATE = "x.backup"


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def finish(folder, arguments=None, files=FILES, text="1", **how):
    with one_run(folder, arguments or {"--seed": 1}, files, state=STATE, **how) as run:
        (folder / STATE).write_text("state")
        for name in files:
            run.save(name, lambda path: path.write_text(text))
    return run


def cut_short(folder, *, after_state=True):
    with (
        pytest.raises(KeyboardInterrupt),
        one_run(folder, {"--seed": 1}, FILES, state=STATE) as run,
    ):
        run.save("a.txt", lambda path: path.write_text("cut"))
        if after_state:
            (folder / STATE).write_text("state")
        raise KeyboardInterrupt


def refused(folder, message, arguments=None, error=FileExistsError, **how):
    """Nothing is touched, and there is one line."""
    before = content(folder)
    with pytest.raises(error, match=message) as info:
        finish(folder, arguments, **how)
    assert "\n" not in str(info.value)
    assert content(folder) == before


def test_a_run_says_what_made_it_and_may_be_made_again(tmp_path):
    run = finish(tmp_path, {"--seed": 1, "--hidden": (25, 25)})
    assert run.written == [tmp_path / name for name in FILES]
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "run.json"]
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["files"] == FILES
    assert record["arguments"] == {"--seed": 1, "--hidden": [25, 25]}
    assert record["versions"].keys() >= {"Python", "keras", "numpy"}
    assert record["begun"] <= record["finished"]
    assert record["command"]
    finish(tmp_path, {"--seed": 1, "--hidden": (25, 25)}, ["a.txt"], text="2")
    # What it does not write any more goes.
    assert sorted(content(tmp_path)) == ["a.txt", "run.json"]
    assert (tmp_path / "a.txt").read_text() == "2"


@pytest.mark.parametrize("how", [{}, {"resume": True}])
def test_a_run_of_other_arguments_is_left_alone(tmp_path, how):
    finish(tmp_path, {"--seed": 1, "--film": True})
    for arguments, message in (
        ({"--seed": 2, "--film": True}, "a finished run, with --seed 1, not 2: choose another"),
        ({"--seed": 1, "--film": False}, "with --film True, not False: choose"),
        ({"--seed": 1, "--film": True, "--x": (2, 3)}, r"without --x, not with --x \[2, 3\]"),
    ):
        refused(tmp_path, message, arguments, **how)
    finish(tmp_path, {"--seed": 2}, overwrite=True)
    cut_short(folder := tmp_path / "cut", after_state=False)
    refused(folder, "was cut short, with --seed 1, not 2: choose", {"--seed": 2}, **how)


def test_a_run_that_was_cut_short_is_resumed_or_overwritten(tmp_path):
    cut_short(tmp_path)
    refused(tmp_path, "was cut short: --resume it, or --overwrite it$")
    finish(tmp_path, resume=True)
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "run.json"]

    cut_short(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    with one_run(tmp_path, {"--seed": 2}, ["c.txt"], state=STATE, overwrite=True):
        assert sorted(content(tmp_path)) == ["gan1d.lock", "mine.txt", "run.json"]


def test_a_run_that_was_cut_short_before_its_state_begins_anew_and_loses_nothing_before(tmp_path):
    """A finished run; the same again, killed at once; then the same once more."""
    finish(tmp_path)
    with pytest.raises(KeyboardInterrupt), one_run(tmp_path, {"--seed": 1}, FILES, state=STATE):
        raise KeyboardInterrupt
    assert (tmp_path / "a.txt").read_text() == "1"
    finish(tmp_path, text="2")
    assert (tmp_path / "a.txt").read_text() == "2"


def test_what_no_run_wrote_stays(tmp_path):
    for folder in ("backup", ".part-mine", ".part-theirs/.part-inner"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "thesis.txt").write_text("thesis")
    finish(tmp_path)
    finish(tmp_path, overwrite=True)
    assert len([*tmp_path.rglob("thesis.txt")]) == 3


@pytest.mark.parametrize("how", [{}, {"overwrite": True}])
@pytest.mark.parametrize("name", ["a.txt", STATE])
def test_what_is_in_the_way_is_refused(tmp_path, name, how):
    (tmp_path / name).write_text("mine")
    refused(tmp_path, f"{name} is there, and no run has listed it in run.json: move it", **how)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    refused(tmp_path, f"{name} is a folder, where", error=IsADirectoryError, **how)


LISTED = '{"files": ["%s"], "arguments": {}, "finished": null}'


@pytest.mark.parametrize("text", ["", "[]", "{}", LISTED % "../x", LISTED % "/x", "\0"])
def test_another_run_json_is_refused(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    for how in ({}, {"overwrite": True}):
        refused(tmp_path, r"run\.json is there, and is no run's", error=ValueError, **how)


@pytest.mark.parametrize("part", [".part-1", ".part-1/.part-inner"])
def test_parts_of_files_of_a_killed_run_go(tmp_path, part):
    cut_short(tmp_path)
    (tmp_path / part).mkdir(parents=True)
    (tmp_path / part / "a.txt").write_text("half")
    finish(tmp_path, resume=True)
    assert not (tmp_path / ".part-1").exists()


RUN = """
import pathlib, sys, time
from gan1d.record import one_run
folder, seed = pathlib.Path(sys.argv[1]), sys.argv[2]
with one_run(folder, {"--seed": seed}, ["a.txt", "b.txt"], state="x.backup", overwrite=True) as run:
    for name in ("a.txt", "b.txt"):
        run.save(name, lambda path: path.write_text(seed))
        time.sleep(0.2)
"""


@pytest.mark.slow
def test_pairs_started_together_never_mix(tmp_path):
    for i in range(8):
        folder = tmp_path / str(i % 4)  # each is used twice
        pair = [
            subprocess.Popen(
                [sys.executable, "-c", RUN, folder, seed],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for seed in (f"{i} one", f"{i} other")
        ]
        ends = [process.communicate(timeout=60) for process in pair]
        done = [process.returncode for process in pair]
        assert 0 in done, ends
        for code, (_, errors) in zip(done, ends, strict=True):
            assert code == 0 or "is in use by another run" in errors
        found = {file.read_text() for file in folder.glob("*.txt")}
        assert len(found) == 1
        assert json.loads((folder / "run.json").read_text())["arguments"]["--seed"] in found
        assert not list(folder.glob("*.lock"))
