"""`lsp run` killed at moments drawn from a seed: the last good marts always open, and the next run is whole.

LSP_KILLS says how many times without Prefect; `make soak` kills 200 times.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sample_files import RAW, ROOT
from workspaces import QUARTER, Ran, Sent, content, run, workspace_of

from pipelines.receipt import prove
from pipelines.workspace import Workspace

KILLS = int(os.environ.get("LSP_KILLS", "2"))
SEED = int(os.environ.get("LSP_SEED", "5"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a signal that can't be caught")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with one return, run to the end."""
    one = Sent("PCT.xlsx", (RAW / QUARTER / "PCT Q1 new template.xlsx").read_bytes(), sender="pct")
    return run(workspace_of(tmp_path_factory.mktemp("killed") / "workspace", one))


def started(workspace: Workspace) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run", "--no-prefect", "--root", workspace.root],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def pack_of(workspace: Workspace) -> bytes:
    return Path(workspace.pack_file(QUARTER)).read_bytes()


def test_whenever_a_run_is_killed_the_marts_open_and_the_next_run_is_whole(undisturbed: Ran) -> None:
    workspace = undisturbed.workspace
    marts, pack = content(workspace.database), pack_of(workspace)
    beginning = time.monotonic()
    assert started(workspace).wait(timeout=600) == undisturbed.said.code
    seconds = time.monotonic() - beginning
    moments = random.Random(SEED)
    for number in range(KILLS):
        moment = moments.uniform(0, seconds)
        killed = started(workspace)
        time.sleep(moment)
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=60)
        said = f"kill {number} of seed {SEED}, after {moment:.2f} of {seconds:.2f} s"
        assert content(workspace.database) == marts, said
        assert pack_of(workspace) == pack, said
        assert prove(workspace).faults == (), said
    assert run(workspace).said.code == undisturbed.said.code
    assert content(workspace.database) == marts
    assert pack_of(workspace) == pack
    assert [path.name for path in workspace.work.iterdir() if not path.name.endswith(".lock")] == []
