"""The temporary Prefect server: out of sight, on loopback, inside the workspace, and gone with its run."""

import http.server
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest
from pipelines import prefect_server
from pipelines.prefect_server.__main__ import take_over

CHECKOUT = Path(__file__).parents[1]

# Stands in every Python process of a run, the server's too, and notes whom it calls. It also pretends to be on
# a terminal, where alone Prefect's telemetry speaks.
OBSERVER = """
import os, sys

def observe(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        who = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        who = arguments[0]
    else:
        return
    with open(os.environ["CALLS"], "a") as calls:
        print(os.getpid(), who.decode() if isinstance(who, bytes) else who, file=calls)

sys.addaudithook(observe)
sys.stdout.isatty = sys.stderr.isatty = lambda: True
"""

RUN = """
import os, sys, time
from pathlib import Path
from pipelines import prefect_server

server = prefect_server.start(Path(sys.argv[1]))
print(os.environ["PREFECT_API_URL"].split(":")[2].removesuffix("/api"), server.process.pid, flush=True)
if sys.argv[2] == "starting":
    time.sleep(600)

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

stage = task(retries=2, cache_policy=NO_CACHE, persist_result=False)

@stage
def read():
    return object()

@stage
def work(what):
    print("working", flush=True)
    if sys.argv[2] == "working":
        time.sleep(600)

@flow(flow_run_name="{quarter}", persist_result=False)
def quarterly_run(quarter):
    work(read())
    create_markdown_artifact("One return refused.", key="summary")
    return Completed(message="with refusals")

trouble = server.wait()
if trouble:
    sys.exit(trouble)
if sys.argv[2] != "starting":
    print(quarterly_run("2004-05-Q1", return_state=True).message, flush=True)
"""


class Run(NamedTuple):
    """A run that has ended: its workspace, the user's own home, and what was seen of it."""

    workspace: Path
    user_home: Path
    process: "subprocess.CompletedProcess[str]"
    server_pid: int
    calls: list[tuple[int, str]]

    @property
    def home(self) -> Path:
        return self.workspace / "data" / ".prefect"


def a_run(folder: Path, home: Path, until: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a run in a process of its own, as a user on a terminal without any setting of Prefect's would."""
    observer, user_home = folder / "observer", folder / "user"
    observer.mkdir(exist_ok=True)
    user_home.mkdir(exist_ok=True)
    (observer / "sitecustomize.py").write_text(OBSERVER)
    (folder / "run.py").write_text(RUN)
    plain = {n: v for n, v in os.environ.items() if not n.startswith("PREFECT") and n not in ("CI", "DO_NOT_TRACK")}
    return subprocess.Popen(
        [sys.executable, folder / "run.py", home, until],
        env=plain
        | {
            "PYTHONPATH": os.pathsep.join([str(observer), str(CHECKOUT)]),
            "CALLS": str(folder / "calls"),
            "HOME": str(user_home),
            "USERPROFILE": str(user_home),
        }
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first run of a workspace, behind a proxy that leads nowhere, with one second as Prefect's own limit."""
    folder = tmp_path_factory.mktemp("first run")
    workspace = folder / "Our £ 100% $HOME #1"
    process = a_run(
        folder,
        workspace / "data" / ".prefect",
        "end",
        HTTP_PROXY="http://192.0.2.1:3128",
        HTTPS_PROXY="http://192.0.2.1:3128",
        ALL_PROXY="http://192.0.2.1:3128",
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="1",
    )
    out, err = process.communicate(timeout=300)
    ended = subprocess.CompletedProcess(process.args, process.returncode, out, err)
    calls = [line.split(maxsplit=1) for line in (folder / "calls").read_text().splitlines()]
    pid = int(out.split()[1])
    return Run(workspace, folder / "user", ended, pid, [(int(who), whom) for who, whom in calls])


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home / "prefect.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        socket.create_connection((prefect_server.LOOPBACK, port), timeout=1).close()
    except ConnectionRefusedError:
        return False
    except OSError:
        return True
    return True


def falls_silent(port: int, within_seconds: float = 60) -> bool:
    deadline = time.monotonic() + within_seconds
    while answers(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not answers(port)


def test_a_first_run_ends_well_and_says_nothing_but_its_own_lines(first_run: Run) -> None:
    port_and_pid, *said = first_run.process.stdout.splitlines()
    assert said == ["working", "with refusals"]
    assert first_run.process.stderr == ""
    assert first_run.process.returncode == 0
    assert not answers(int(port_and_pid.split()[0]))


def test_run_and_server_call_nobody_but_loopback(first_run: Run) -> None:
    callers = {who for who, _ in first_run.calls}
    assert first_run.server_pid in callers and len(callers) > 1  # both were observed
    assert {whom for _, whom in first_run.calls} <= {"127.0.0.1", "::1", "localhost", "None"}


def test_all_of_prefect_stays_in_the_workspace(first_run: Run) -> None:
    assert list(first_run.user_home.iterdir()) == []
    assert (first_run.home / "prefect.db").stat().st_size > 0
    assert "with refusals" in (first_run.home / "prefect.log").read_text(encoding="utf-8")


def test_the_history_keeps_the_run_its_tasks_and_its_summary(first_run: Run) -> None:
    assert rows(first_run.home, "select name, state_type from flow_run") == [("2004-05-Q1", "COMPLETED")]
    tasks = rows(first_run.home, "select name, state_type from task_run order by name")
    assert [(str(name).split("-")[0], state) for name, state in tasks] == [
        ("read", "COMPLETED"),
        ("work", "COMPLETED"),
    ]
    assert rows(first_run.home, "select key, data from artifact") == [("summary", json.dumps("One return refused."))]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_while_its_server_starts_takes_it_along(tmp_path: Path, sign: signal.Signals) -> None:
    with a_run(tmp_path, tmp_path / "home", "starting") as run:
        assert run.stdout is not None
        port = int(run.stdout.readline().split()[0])
        run.send_signal(sign)
        run.wait(60)
        assert falls_silent(port)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that freezes a process")
def test_a_killed_run_leaves_no_server_and_the_next_run_clears_up(first_run: Run, tmp_path: Path) -> None:
    with a_run(tmp_path, first_run.home, "working") as run:
        assert run.stdout is not None
        port = int(run.stdout.readline().split()[0])
        assert run.stdout.readline() == "working\n"
        run.kill()
        assert falls_silent(port)
    with a_run(tmp_path, first_run.home, "starting") as run:
        assert run.stdout is not None
        port, frozen = map(int, run.stdout.readline().split())
        wait_for_server(first_run.home, frozen)
        os.kill(frozen, signal.SIGSTOP)
        run.kill()
    assert answers(port)  # it is left over
    server = prefect_server.start(first_run.home)
    try:
        assert server.wait() is None
        assert falls_silent(port)
        states = rows(first_run.home, "select state_type from flow_run order by created")
        assert states == [("COMPLETED",), ("CRASHED",)]
    finally:
        server.stop()


def wait_for_server(home: Path, pid: int) -> None:
    deadline = time.monotonic() + 60
    while (home / "server.pid").read_text() != str(pid):
        assert time.monotonic() < deadline
        time.sleep(0.1)
