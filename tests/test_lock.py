"""One run of a workspace at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.storage.lock import Busy, only_run, take

HOLDER = """
import sys
from pathlib import Path
from pipelines.storage.lock import take

held = take(Path(sys.argv[1]), 0)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_run_is_told_and_changes_nothing(tmp_path: Path) -> None:
    told = "Another run of this workspace is going on"
    with only_run(tmp_path / "work"), pytest.raises(Busy, match=told), only_run(tmp_path / "work"):
        raise AssertionError("two runs at once")


def test_the_workspace_is_free_again_after_a_run_even_one_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_run(tmp_path):
        _ = 1 / 0
    with only_run(tmp_path):
        assert take(tmp_path / "run.lock", 0) is None


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    command = [sys.executable, "-c", HOLDER, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert take(lock, 0) is None
        holder.kill()
        holder.wait()
    held = take(lock, 5)
    assert held is not None
    held.close()
