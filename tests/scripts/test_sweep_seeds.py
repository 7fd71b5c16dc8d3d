import csv
import os
import signal
import subprocess
import sys
import time

import pytest

SWEEP = "--function square,sine --epochs 150".split()


def rows_of(file):
    with open(file, newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_sweep_goes_on_where_it_was(run_python, tmp_path):
    sweep = [*SWEEP, "--seeds", "2", "--output", "all"]
    finished = run_python("scripts/sweep_seeds.py", *sweep)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    rows = rows_of(tmp_path / "all/sweep.csv")
    assert [(row["function"], row["recipe"], row["seed"]) for row in rows] == [
        (function, recipe, str(seed))
        for function in ("square", "sine")
        for recipe in ("tutorial", "stable")
        for seed in range(2)
    ]
    assert "sine      stable        2 " in finished.stdout
    for name in ("sweep.csv", "sweep.png", "worst_and_best.png"):
        assert f"all/{name}" in finished.stdout

    # Killed while it wrote the sixth row.
    whole = (tmp_path / "all/sweep.csv").read_bytes()
    (tmp_path / "again").mkdir()
    (tmp_path / "again/sweep.csv").write_bytes(b"\n".join(whole.split(b"\n")[:6])[:-9])
    sweep[-1] = "again"
    finished = run_python("scripts/sweep_seeds.py", *sweep)
    assert finished.returncode == 0, finished.stderr
    assert "has 4 of the 8 rows already" in finished.stdout
    assert (tmp_path / "again/sweep.csv").read_bytes() == whole


@pytest.mark.thorough
def test_a_row_is_what_train_gan_measures(run_python, tmp_path):
    options = "--epochs 150 --seed 5 --recipe stable --no-film --eval-every 150".split()
    run_python("scripts/train_gan.py", *options, "--output", "one")
    sweep = "--epochs 150 --seeds 1 --first-seed 5 --recipe stable --output sweep".split()
    run_python("scripts/sweep_seeds.py", *sweep)
    (row,) = rows_of(tmp_path / "sweep/sweep.csv")
    last = rows_of(tmp_path / "one/history.csv")[-1]
    for name in ("energy_distance", "coverage", "curve_error", "accuracy_real"):
        assert row[name] == last[name]


@pytest.mark.thorough
def test_a_cluster_loses_no_row_when_a_worker_is_killed(run_python, tmp_path):
    psutil = pytest.importorskip("psutil")
    pytest.importorskip("distributed")
    sweep = "--epochs 300 --seeds 12 --recipe stable --output".split()
    command = [sys.executable, os.path.abspath("scripts/sweep_seeds.py"), *sweep, "cluster"]
    script = subprocess.Popen(
        [*command, "--workers", "2"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    table = tmp_path / "cluster/sweep.csv"
    while not table.exists() or len(rows_of(table)) < 2:
        assert script.poll() is None, script.stderr.read()
        time.sleep(0.05)
    workers = [
        child
        for child in psutil.Process(script.pid).children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]
    assert len(workers) == 2
    workers[0].send_signal(signal.SIGKILL)
    assert len(rows_of(table)) < 12
    _, errors = script.communicate(timeout=200)
    assert script.returncode == 0, errors
    finished = run_python("scripts/sweep_seeds.py", *sweep, "here")
    assert finished.returncode == 0, finished.stderr
    here = (tmp_path / "here/sweep.csv").read_text().splitlines()
    assert sorted(table.read_text().splitlines()) == sorted(here)
    assert len(here) == 13


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--seeds 0", "argument --seeds: must be a whole number of at least 1"),
        ("--recipe stable,best", "argument --recipe: must be one or more recipes of tutorial"),
        ("--function ", "argument --function: expected one argument"),
        ("--first-seed 4294967295 --seeds 2", "argument --seeds: the last seed must be less"),
        ("--workers 2 --scheduler a:1", "argument --scheduler: not allowed with"),
    ],
)
def test_bad_options_are_one_line(run_python, tmp_path, options, message):
    finished = run_python("scripts/sweep_seeds.py", *options.split())
    assert finished.returncode == 2
    assert finished.stderr.startswith(f"sweep_seeds.py: error: {message}")
    assert list(tmp_path.iterdir()) == []


def test_another_table_is_left_alone(run_python, tmp_path):
    (tmp_path / "sweep.csv").write_text("a,b\n1,2")
    finished = run_python("scripts/sweep_seeds.py", "--output", ".")
    assert finished.returncode == 1
    assert (
        finished.stderr
        == "sweep_seeds.py: error: sweep.csv is there, and is no table of this script\n"
    )
    assert (tmp_path / "sweep.csv").read_text() == "a,b\n1,2"
