"""`lsp run` killed at moments drawn from a seed: the last good marts always open, and the next run is whole.

LSP_KILLS says how many times without Prefect, LSP_PREFECT_KILLS with it; `make soak` kills 200 and 2 times. Without
Prefect they are forks of a process that has imported everything (`forks.py`): so the moments fall into the run itself.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from sample_files import RAW, ROOT
from workspaces import QUARTER, Sent, content, run, workspace_of

from pipelines.receipt import prove
from pipelines.receipt.archive import hash_of
from pipelines.workspace import Workspace

KILLS = int(os.environ.get("LSP_KILLS", "10"))
PREFECT_KILLS = int(os.environ.get("LSP_PREFECT_KILLS", "2"))
MADE_WHOLE = 10  # after every so many kills a run goes on to its end
SEED = int(os.environ.get("LSP_SEED", "5"))

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs a signal that can't be caught"),
    pytest.mark.timeout(1800 + 60 * KILLS),
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> "Undisturbed":
    """A workspace with one return, run to the end."""
    one = Sent("PCT.xlsx", (RAW / QUARTER / "PCT Q1 new template.xlsx").read_bytes(), sender="pct")
    ran = run(workspace_of(tmp_path_factory.mktemp("killed") / "workspace", one))
    return Undisturbed(ran.workspace, ran.said.code, content(ran.workspace.database), pack_of(ran.workspace))


Server = subprocess.Popen[str]


@pytest.fixture(scope="module")
def forks() -> Iterator[Server]:
    """The process that forks runs."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("forks.py")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        yield server


def started(forks: Server, workspace: Workspace) -> int:
    """Begin a run; its process."""
    assert forks.stdin and forks.stdout
    print("run --no-prefect --root", workspace.root, file=forks.stdin, flush=True)
    return int(forks.stdout.readline())


def ended(forks: Server) -> int:
    """Wait until it has ended; its exit code, or less than 0 the signal that ended it."""
    assert forks.stdout
    return int(forks.stdout.readline())


def pack_of(workspace: Workspace) -> bytes:
    return Path(workspace.pack_file(QUARTER)).read_bytes()


@dataclass(frozen=True)
class Undisturbed:
    """What a run that nobody kills leaves: its code, what the marts hold, the pack."""

    workspace: Workspace
    code: int
    marts: dict[str, str]
    pack: bytes
    good: set[str] = field(
        default_factory=set
    )  # hashes of database files that were read already, and hold the same

    def still_stands(self, said: str) -> None:
        """The last good marts open and answer, the pack is there, ledger and archive are whole."""
        if (known := hash_of(self.workspace.database)) not in self.good:
            assert content(self.workspace.database) == self.marts, said
            self.good.add(known)
        with duckdb.connect(str(self.workspace.database), read_only=True) as connection:
            assert connection.execute("select count(*) from marts.floor_targets").fetchone() != (0,), said
        assert pack_of(self.workspace) == self.pack, said
        assert prove(self.workspace).faults == (), said

    def comes_again(self, said: str) -> None:
        """The next run leaves the same, and nothing of what was killed."""
        assert run(self.workspace).said.code == self.code, said
        self.still_stands(said)
        assert {path.name for path in self.workspace.work.iterdir() if path.suffix != ".lock"} == {"memory"}
        assert [path.name for path in self.workspace.memory.iterdir() if path.name.startswith(".")] == []


def test_whenever_a_run_is_killed_the_marts_open_and_the_next_run_is_whole(
    undisturbed: Undisturbed, forks: Server
) -> None:
    beginning = time.monotonic()
    started(forks, undisturbed.workspace)
    assert ended(forks) == undisturbed.code
    seconds = time.monotonic() - beginning
    moments = random.Random(SEED)
    were_killed = 0
    while were_killed < KILLS:
        moment = moments.uniform(0, seconds)
        beginning = time.monotonic()
        killed = started(forks, undisturbed.workspace)
        time.sleep(moment)
        with suppress(ProcessLookupError):
            os.kill(killed, signal.SIGKILL)
        if (
            ended(forks) != -signal.SIGKILL
        ):  # it was quicker than those before, and that is the measure from now on
            seconds = min(seconds, time.monotonic() - beginning) * 0.9
            continue
        were_killed += 1
        said = f"kill {were_killed} of seed {SEED}, after {moment:.2f} of {seconds:.2f} s"
        undisturbed.still_stands(said)
        if were_killed % MADE_WHOLE == 0 or were_killed == KILLS:
            undisturbed.comes_again(said)


@pytest.mark.skipif(not PREFECT_KILLS, reason="LSP_PREFECT_KILLS asks for none")
def test_so_are_they_where_prefect_runs_it(undisturbed: Undisturbed) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "run", "--root", str(undisturbed.workspace.root)]

    def begin() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    beginning = time.monotonic()
    assert begin().wait(timeout=600) == undisturbed.code
    seconds = time.monotonic() - beginning
    moments = random.Random(SEED)
    for number in range(PREFECT_KILLS):
        moment = moments.uniform(0, seconds)
        killed = begin()
        time.sleep(moment)
        killed.kill()
        killed.wait(timeout=60)
        undisturbed.still_stands(f"kill {number} of seed {SEED}, after {moment:.2f} of {seconds:.2f} s")
    undisturbed.comes_again("with Prefect")
