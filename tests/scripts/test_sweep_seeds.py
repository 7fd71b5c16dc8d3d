import contextlib
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest


def rows_of(file):
    with open(file, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_a_sweep_goes_on_where_it_was(run_python, tmp_path):
    # On the ranges of x², on which the same networks learn it: they are compiled once.
    (tmp_path / "p.py").write_text("def parabola(x):\n    return 0.25 - x * x\n")
    sweep = "--function square,p.py:parabola --low=-0.5 --high 0.5 --hidden 6 --epochs 150".split()
    sweep += ["--recipe", "stable", "--seeds", "3", "--output", "all"]
    finished = run_python("scripts/sweep_seeds.py", *sweep)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    rows = rows_of(tmp_path / "all/sweep.csv")
    assert [(row["function"], row["recipe"], row["seed"]) for row in rows] == [
        (function, "stable", str(seed)) for function in ("square", "parabola") for seed in range(3)
    ]
    assert {row["hidden"] for row in rows} == {"6"}
    assert "parabola  stable        3 " in finished.stdout
    for line in ("Training 6 GANs", "\n6/6 - ", "s/GAN", "learned"):
        assert line in finished.stdout
    for name in ("sweep.csv", "sweep.png", "worst_and_best.png"):
        assert f"all/{name}" in finished.stdout

    # Killed after the fifth row.
    table, record = tmp_path / "all/sweep.csv", tmp_path / "all/run.json"
    whole = table.read_bytes()
    table.write_bytes(b"".join(whole.splitlines(keepends=True)[:6]))
    record.write_text(json.dumps(json.loads(record.read_text()) | {"finished": None}))
    finished = run_python("scripts/sweep_seeds.py", *sweep)
    assert finished.returncode == 0, finished.stderr
    assert "has 5 of the 6 rows already" in finished.stdout
    assert table.read_bytes() == whole


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


@pytest.fixture
def taken_port():
    """Have somebody else listen at Dask's own port."""
    with socket.socket() as one:
        with contextlib.suppress(OSError):  # there is somebody else
            one.bind(("0.0.0.0", 8787))
            one.listen()
        yield


@pytest.mark.thorough
def test_a_cluster_loses_no_row_when_a_worker_is_killed(run_python, tmp_path, taken_port):
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


def test_another_table_is_left_alone(run_python, tmp_path):
    (tmp_path / "sweep.csv").write_text("a,b\n1,2")
    finished = run_python("scripts/sweep_seeds.py", "--output", ".")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith(
        "sweep_seeds.py: error: sweep.csv is there, and no run has listed it in run.json: move it"
    )
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [
        ("sweep.csv", "a,b\n1,2")
    ]


@contextlib.contextmanager
def program(*words, **options):
    """Run one of Dask's programs inside the block."""
    words = [sys.executable, "-m", *words, "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(words, **quiet, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_address():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return "127.0.0.1:{1}".format(*one.getsockname())


@pytest.mark.thorough
def test_a_scheduler_that_cannot_be_used_is_one_line(run_python, tmp_path):
    pytest.importorskip("distributed")
    address = free_address()
    host, port = address.split(":")

    def fails(scheduler, message):
        options = ["--seeds", "2", "--epochs", "100", "--scheduler", scheduler, "--output", "o"]
        finished = run_python("scripts/sweep_seeds.py", *options)
        assert finished.returncode == 1
        assert finished.stderr.startswith(
            f"sweep_seeds.py: error: --scheduler {scheduler} cannot be used: "
        )
        assert message in finished.stderr
        assert finished.stderr.count("\n") == 1

    fails(address, "Timed out trying to connect")
    fails(f"tls://{address}", "TLS expects")
    with program("distributed.cli.dask_scheduler", "--host", host, "--port", port):
        fails(address, "Only 0/1 workers arrived")
        # It may be installed here: a worker finds this first.
        (tmp_path / "gan1d.py").write_text("raise ModuleNotFoundError('No module named gan1d')")
        with program("distributed.cli.dask_worker", address, "--no-nanny", cwd=tmp_path):
            fails(address, "gan1d")


@pytest.mark.thorough
def test_a_scheduler_that_is_killed_is_one_line_and_the_sweep_goes_on(tmp_path):
    pytest.importorskip("distributed")
    address = free_address()
    host, port = address.split(":")
    command = [sys.executable, os.path.abspath("scripts/sweep_seeds.py"), "--scheduler", address]
    command += "--epochs 300 --seeds 40 --recipe stable --output o".split()
    with (
        program("distributed.cli.dask_scheduler", "--host", host, "--port", port) as scheduler,
        program("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"),
    ):
        script = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        table = tmp_path / "o/sweep.csv"
        while not table.exists() or len(rows_of(table)) < 2:
            assert script.poll() is None, script.stderr.read()
            time.sleep(0.05)
        scheduler.kill()
        _, errors = script.communicate(timeout=100)
    message = "sweep_seeds.py: error: the scheduler is lost: the same command goes on\n"
    assert (script.returncode, errors) == (1, message)
    assert 2 <= len(rows_of(table)) < 40
