"""`lsp run` killed at moments drawn from a seed: the last good marts always open, and the next run is whole.

LSP_KILLS says how many times; `make soak` kills 200 times. These runs are forks, without Prefect, of a process that has
imported everything (`forks.py`), so that the moments fall into the run itself.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sample_files import RAW, ROOT
from workspaces import QUARTER, Ran, Sent, content, run, workspace_of

from pipelines.receipt import prove
from pipelines.workspace import Workspace

KILLS = int(os.environ.get("LSP_KILLS", "2"))
MADE_WHOLE = 10  # after every so many kills a run goes on to its end
SEED = int(os.environ.get("LSP_SEED", "5"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a signal that can't be caught")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with one return, run to the end."""
    one = Sent("PCT.xlsx", (RAW / QUARTER / "PCT Q1 new template.xlsx").read_bytes(), sender="pct")
    return run(workspace_of(tmp_path_factory.mktemp("killed") / "workspace", one))


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


def test_whenever_a_run_is_killed_the_marts_open_and_the_next_run_is_whole(
    undisturbed: Ran, forks: Server
) -> None:
    workspace = undisturbed.workspace
    marts, pack = content(workspace.database), pack_of(workspace)
    beginning = time.monotonic()
    started(forks, workspace)
    assert ended(forks) == undisturbed.said.code
    seconds = time.monotonic() - beginning
    moments = random.Random(SEED)
    were_killed = 0
    for number in range(KILLS):
        moment = moments.uniform(0, seconds)
        killed = started(forks, workspace)
        time.sleep(moment)
        with suppress(ProcessLookupError):  # one that was quicker this time
            os.kill(killed, signal.SIGKILL)
        were_killed += ended(forks) == -signal.SIGKILL
        said = f"kill {number} of seed {SEED}, after {moment:.2f} of {seconds:.2f} s"
        assert content(workspace.database) == marts, said
        assert pack_of(workspace) == pack, said
        assert prove(workspace).faults == (), said
        if number % MADE_WHOLE == 0 or number == KILLS - 1:
            assert run(workspace).said.code == undisturbed.said.code, said
            assert content(workspace.database) == marts, said
            assert pack_of(workspace) == pack, said
    assert were_killed > KILLS / 2
    assert [path.name for path in workspace.work.iterdir() if not path.name.endswith(".lock")] == []
