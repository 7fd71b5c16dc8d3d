"""A folder holds one run: what is refused, what is removed, and what is left alone."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

from gan1d.record import one_run

FILES = ["a.txt", "b.txt"]
HERE = {"kept": "x.backup"}


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def finish(folder, arguments=None, files=FILES, text="1", **how):
    with one_run(folder, arguments or {"--seed": 1}, files, **(HERE | how)) as run:
        (folder / "x.backup").write_text("state")
        for name in files:
            run.save(name, lambda path: path.write_text(text))
    return run


def cut_short(folder, arguments=None, *, after_backup=True, **how):
    with (
        pytest.raises(KeyboardInterrupt),
        one_run(folder, arguments or {"--seed": 1}, FILES, **(HERE | how)) as run,
    ):
        run.save("a.txt", lambda path: path.write_text("cut"))
        if after_backup:
            (folder / "x.backup").write_text("state")
        raise KeyboardInterrupt


def refused(folder, message, arguments=None, error=FileExistsError, **how):
    """Nothing is touched, and there is one line."""
    before = content(folder)
    with pytest.raises(error, match=message) as info:
        finish(folder, arguments, **how)
    assert "\n" not in str(info.value)
    assert content(folder) == before


def test_a_run_says_what_made_it(tmp_path):
    run = finish(tmp_path, {"--seed": 1, "--hidden": (25, 25)})
    assert run.written == [tmp_path / name for name in FILES]
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "run.json"]
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["files"] == FILES
    assert record["arguments"] == {"--seed": 1, "--hidden": [25, 25]}
    assert record["versions"].keys() >= {"Python", "keras", "numpy"}
    assert record["begun"] <= record["finished"]
    assert record["command"]
    # The same may be made again.
    finish(tmp_path, {"--seed": 1, "--hidden": (25, 25)}, text="2")
    assert (tmp_path / "a.txt").read_text() == "2"


def test_a_finished_run_of_other_arguments_is_left_alone(tmp_path):
    finish(tmp_path, {"--seed": 1, "--film": True})
    refused(tmp_path, "a finished run, with --seed 1, not --seed 2: choose", {"--seed": 2})
    refused(tmp_path, "with --film, not no --film: choose", {"--seed": 1, "--film": False})
    refused(tmp_path, "with no --x, not --x 2,3", {"--seed": 1, "--film": True, "--x": (2, 3)})


def test_a_run_that_was_cut_short_is_resumed_or_overwritten(tmp_path):
    cut_short(tmp_path)
    begun = json.loads((tmp_path / "run.json").read_text())["begun"]
    refused(tmp_path, "cut short: --resume goes on with it, --overwrite begins anew$")
    refused(tmp_path, "cut short, with --seed 1, not --seed 2: ch", {"--seed": 2}, resume=True)
    finish(tmp_path, resume=True)
    assert json.loads((tmp_path / "run.json").read_text())["begun"] == begun
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "run.json"]

    cut_short(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    with one_run(tmp_path, {"--seed": 2}, ["c.txt"], **HERE, overwrite=True):
        assert sorted(content(tmp_path)) == ["gan1d.lock", "mine.txt", "run.json"]


def test_a_run_that_kept_nothing_is_in_nobody_s_way(tmp_path):
    cut_short(tmp_path, after_backup=False)
    finish(tmp_path, {"--seed": 2}, ["b.txt"])
    assert sorted(content(tmp_path)) == ["b.txt", "run.json"]


def test_what_a_run_does_not_write_any_more_goes(tmp_path):
    finish(tmp_path)
    finish(tmp_path, files=["a.txt"])
    assert sorted(content(tmp_path)) == ["a.txt", "run.json"]


def test_what_no_run_wrote_stays(tmp_path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup/thesis.txt").write_text("thesis")
    (tmp_path / ".part-mine").mkdir()
    (tmp_path / ".part-mine/thesis.txt").write_text("thesis")
    finish(tmp_path)
    finish(tmp_path, overwrite=True)
    assert (tmp_path / "backup/thesis.txt").read_text() == "thesis"
    assert (tmp_path / ".part-mine/thesis.txt").read_text() == "thesis"


@pytest.mark.parametrize("how", [{}, {"overwrite": True}])
@pytest.mark.parametrize("name", ["a.txt", "x.backup"])
def test_a_file_of_the_user_s_is_refused(tmp_path, name, how):
    (tmp_path / name).write_text("mine")
    refused(tmp_path, f"{name} is there, and no run has listed it in run.json: move it", **how)


@pytest.mark.parametrize("name", ["a.txt", "x.backup"])
def test_a_folder_in_the_way_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    refused(tmp_path, f"{name} is a folder, where", error=IsADirectoryError)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": ["../x"], "arguments": {}}', '{"files": 3}', "\0"]
)
def test_another_run_json_is_refused(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    for how in ({}, {"overwrite": True}):
        refused(tmp_path, r"run\.json is there, and is no run's", error=ValueError, **how)


def test_parts_of_files_of_a_killed_run_go(tmp_path):
    cut_short(tmp_path)
    part = tmp_path / ".part-1"
    part.mkdir()
    (part / "a.txt").write_text("half")
    finish(tmp_path, resume=True)
    assert not part.exists()


def test_the_second_of_two_at_once_says_who_has_the_folder(tmp_path):
    with one_run(tmp_path, {"--seed": 1}, FILES, **HERE):
        refused(tmp_path, r"is in use by process \d+ on .*: ", error=BlockingIOError)
    finish(tmp_path)


RUN = """
import pathlib, sys, time
from gan1d.record import one_run
folder, seed = pathlib.Path(sys.argv[1]), sys.argv[2]
with one_run(folder, {"--seed": seed}, ["a.txt", "b.txt"], kept="b", overwrite=True) as run:
    for name in ("a.txt", "b.txt"):
        run.save(name, lambda path: path.write_text(seed))
        time.sleep(0.2)
"""


def test_pairs_started_together_never_mix(tmp_path):
    for i in range(10):
        folder = tmp_path / str(i % 5)  # each is used twice
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
            assert code == 0 or "is in use" in errors
        found = {file.read_text() for file in folder.glob("*.txt")}
        assert len(found) == 1
        assert json.loads((folder / "run.json").read_text())["arguments"]["--seed"] in found
        assert not list(folder.glob("*.lock"))


def test_the_lock_lets_go_when_its_holder_is_killed(tmp_path):
    code = RUN.replace("time.sleep(0.2)", "print('here', flush=True); time.sleep(60)")
    holder = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path, "1"], cwd=ROOT, stdout=subprocess.PIPE
    )
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    finish(tmp_path, {"--seed": "1"}, overwrite=True)
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "run.json"]


def test_a_run_that_was_cut_short_before_its_backup_keeps_what_another_made(tmp_path):
    """A finished run; the same again, killed at once; then another command."""
    finish(tmp_path, {"--seed": 1}, files=["a.txt", "b.txt"])
    with (
        pytest.raises(KeyboardInterrupt),
        one_run(tmp_path, {"--seed": 1}, FILES, **HERE),
    ):
        raise KeyboardInterrupt
    refused(tmp_path, "of --seed 1, not 2|with --seed 1, not --seed 2", {"--seed": 2})
    finish(tmp_path, {"--seed": 1}, text="2")
    assert (tmp_path / "a.txt").read_text() == "2"


def test_a_part_in_a_part_goes_and_what_else_is_in_one_stays(tmp_path):
    """As of a figure that is saved for a run, where the process was killed."""
    cut_short(tmp_path)
    for name, file in (("ours", "a.txt"), ("theirs", "thesis.txt")):
        inner = tmp_path / f".part-{name}" / ".part-inner"
        inner.mkdir(parents=True)
        (inner / file).write_text("half")
    finish(tmp_path, resume=True)
    assert not (tmp_path / ".part-ours").exists()
    assert (tmp_path / ".part-theirs/.part-inner/thesis.txt").exists()
