import subprocess
import sys

import pytest
from conftest import ROOT

from gan1d.files import locked, written_whole


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a" / "file.txt"
    with written_whole(file) as temporary:
        temporary.write_text("old")
    with pytest.raises(OSError, match="disk"), written_whole(file) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]


HOLD = """
import sys
from gan1d.files import locked
with locked(sys.argv[1]), locked(sys.argv[1]):  # one process may take it twice
    print("here", flush=True)
    input()
"""


def test_a_folder_is_one_process_s_until_it_is_left_or_dies(tmp_path):
    for end in ("leave", "die"):
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, tmp_path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert holder.stdout.readline() == b"here\n"
        with pytest.raises(BlockingIOError, match="is in use by another run"), locked(tmp_path):
            pass
        if end == "die":
            holder.kill()
        holder.communicate(b"\n")
        with locked(tmp_path), locked(tmp_path):
            pass
        assert list(tmp_path.iterdir()) == []
