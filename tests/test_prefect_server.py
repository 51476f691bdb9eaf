"""The temporary Prefect server: out of sight, on loopback, inside the workspace, and gone with its run."""

import http.server
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines import prefect_server
from pipelines.prefect_server.__main__ import take_over
from pipelines.prefect_server.orphan import sweep
from pipelines.storage.lock import take

CHECKOUT = Path(__file__).parents[1]

# Stands in every Python process of a run, the server's too, and notes whom it calls. It also pretends that
# there is a terminal, for only there does Prefect's telemetry speak.
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
import os, signal, sys, time
from pathlib import Path
from pipelines import prefect_server

# as in a terminal, also where these tests were begun in the background and inherit that it is ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
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
    if sys.argv[2] == "working":
        child = os.fork()  # as a reader of workbooks would be: it holds the server's pipe open
        if child == 0:
            time.sleep(60)
            os._exit(0)
        print(child, flush=True)
        time.sleep(600)

@flow(flow_run_name="{quarter}", persist_result=False)
def quarterly_run(quarter):
    work(read())
    create_markdown_artifact("One return refused.", key="summary")
    return Completed(message="with refusals")

trouble = server.wait()
if trouble:
    sys.exit(trouble)
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
    plain = {
        n: v for n, v in os.environ.items() if not n.startswith("PREFECT") and n not in ("CI", "DO_NOT_TRACK")
    }
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
    """The first run of a workspace, behind a proxy that leads nowhere; Prefect's own limit is one second."""
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


def goes_silent(port: int, within_seconds: float = 60) -> bool:
    """Whether the server at `port` ends: its process holds the port as long as it lives."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((prefect_server.LOOPBACK, port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def test_a_first_run_ends_well_and_says_nothing_but_its_own_lines(first_run: Run) -> None:
    started, *said = first_run.process.stdout.splitlines()
    assert (said, first_run.process.stderr, first_run.process.returncode) == (["with refusals"], "", 0)
    assert goes_silent(int(started.split()[0]), within_seconds=1)


def test_run_and_server_call_nobody_but_loopback(first_run: Run) -> None:
    callers = {who for who, _ in first_run.calls}
    assert first_run.server_pid in callers and len(callers) > 1  # both were observed
    assert {whom for _, whom in first_run.calls} <= {"127.0.0.1", "::1", "localhost", "None"}


def test_all_of_prefect_stays_in_the_workspace(first_run: Run) -> None:
    assert list(first_run.user_home.iterdir()) == []
    assert (first_run.home / "prefect.db").exists()
    assert "with refusals" in (first_run.home / "prefect.log").read_text(encoding="utf-8")


def test_the_history_keeps_the_run_its_tasks_and_its_summary(first_run: Run) -> None:
    assert rows(first_run.home, "select name, state_type from flow_run") == [("2004-05-Q1", "COMPLETED")]
    assert rows(first_run.home, "select substr(name, 1, 4), state_type from task_run order by name") == [
        ("read", "COMPLETED"),
        ("work", "COMPLETED"),
    ]
    assert rows(first_run.home, "select key, data from artifact") == [("summary", '"One return refused."')]


def test_prefect_follows_even_if_it_was_imported_before(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; import prefect; from pipelines import prefect_server;"
        "server = prefect_server.start(Path(sys.argv[1]));"
        "settings = prefect.settings.get_current_settings();"
        "print(settings.home, settings.api.url == os.environ['PREFECT_API_URL'])"
    )
    home = tmp_path / "home"
    followed = subprocess.run(
        [sys.executable, "-c", script, home], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert followed.stdout == f"{home} True\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_a_run_ended_while_its_server_starts_takes_it_along(tmp_path: Path, sign: signal.Signals) -> None:
    with a_run(tmp_path, tmp_path / "home", "starting") as run:
        port, _ = heard(run)
        run.send_signal(sign)
        run.wait(60)
        assert goes_silent(port)


@pytest.mark.skipif(os.name == "nt", reason="needs fork, and a signal that freezes a process")
def test_a_killed_run_leaves_no_server_and_the_next_one_clears_up(first_run: Run, tmp_path: Path) -> None:
    home = first_run.home
    with a_run(tmp_path, home, "working") as run:
        port, _ = heard(run)
        (child,) = heard(run)
        run.kill()
        assert goes_silent(port)
        os.kill(child, signal.SIGKILL)

    with a_run(tmp_path, home, "starting") as run:
        port, server_pid = heard(run)
        deadline = time.monotonic() + 60
        while (home / "server.pid").read_text() != str(server_pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(server_pid, signal.SIGSTOP)
        run.kill()
    server = prefect_server.start(home)
    process = server.process
    try:
        assert server.wait() is None
        assert goes_silent(port)  # the frozen one
        states = rows(home, "select state_type from flow_run order by created")
        assert states == [("COMPLETED",), ("CRASHED",)]
    finally:
        server.stop()
        with suppress(ProcessLookupError):
            os.kill(server_pid, signal.SIGKILL)
    assert process is not None and process.returncode == 0  # it ended when told, and was not made to


@pytest.mark.skipif(os.name == "nt", reason="needs a signal that freezes a process")
def test_a_run_without_prefect_ends_the_server_of_a_killed_one_and_no_other(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_run(tmp_path, home, "starting") as run:
        port, server_pid = heard(run)
        deadline = time.monotonic() + 60
        while not (home / "server.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(server_pid, signal.SIGSTOP)
        sweep(home)  # its run goes on
        assert not goes_silent(port, within_seconds=1)
        run.kill()
    sweep(home)
    assert goes_silent(port)
    sweep(home)
    sweep(tmp_path / "no home")


def heard(run: "subprocess.Popen[str]") -> list[int]:
    assert run.stdout is not None
    return [int(word) for word in run.stdout.readline().split()]


def test_a_server_that_is_not_ready_in_time_is_given_up_in_one_sentence(tmp_path: Path) -> None:
    before = dict(os.environ)
    server = prefect_server.start(tmp_path / "home", limit_seconds=1)
    process, port = server.process, int(os.environ["PREFECT_API_URL"].split(":")[2].removesuffix("/api"))
    assert server.wait() == (
        f"Prefect's server was not ready in 1 s ({tmp_path / 'home' / 'server.log'} may say why, and "
        f"{tmp_path / 'home'} may be deleted); the run goes on without it."
    )
    assert process is not None and process.returncode is not None
    assert goes_silent(port, within_seconds=1)
    assert dict(os.environ) == before


def test_a_server_that_ends_by_itself_is_given_up_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "ready").write_text(version("prefect"))
    (tmp_path / "prefect.db").write_text("no database" * 1000)
    server = prefect_server.start(tmp_path)
    assert server.wait() == (
        f"Prefect's server ended before it was ready ({tmp_path / 'server.log'} may say why, and "
        f"{tmp_path} may be deleted); the run goes on without it."
    )
    assert "file is not a database" in (tmp_path / "server.log").read_text()


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    trouble = prefect_server.start(tmp_path / "data" / ".prefect").wait()
    assert trouble is not None
    assert trouble.startswith(f"Prefect can't keep its files in {tmp_path / 'data' / '.prefect'} (")
    assert trouble.endswith("); the run goes on without it.")


def test_two_runs_of_a_workspace_do_not_share_its_home(tmp_path: Path) -> None:
    other_run = take(tmp_path / "run.lock", patience_seconds=0)
    assert other_run is not None
    server = prefect_server.start(tmp_path)
    assert server.process is None
    assert server.wait() == "Another run of this workspace is using Prefect; this one goes on without it."
    other_run.close()


@pytest.mark.parametrize(
    ("ready", "kept"),
    [(version("prefect"), True), ("3.0.0", False), (None, False)],
    ids=["ours", "older", "half made"],
)
def test_a_database_that_no_server_of_ours_finished_is_made_afresh(
    tmp_path: Path, ready: str | None, kept: bool
) -> None:
    for name in ("prefect.db", "prefect.db-wal", "memo_store.toml"):
        (tmp_path / name).touch()
    if ready is not None:
        (tmp_path / "ready").write_text(ready)
    take_over(tmp_path).close()
    left = {path.name for path in tmp_path.iterdir()} - {"server.lock", "server.pid"}
    assert left == ({"prefect.db", "prefect.db-wal", "memo_store.toml", "ready"} if kept else set())


@pytest.fixture
def own_server() -> Iterator[str]:
    """A server of the user's own, which does not let us in."""

    class Closed(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(401)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.HTTPServer((prefect_server.LOOPBACK, 0), Closed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{prefect_server.LOOPBACK}:{server.server_port}/api"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("named_in", ["environment", "profile"])
def test_the_users_own_server_is_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_server: str, named_in: str
) -> None:
    if named_in == "environment":
        monkeypatch.setenv("PREFECT_API_URL", own_server)
    else:
        monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
        profiles = f'active = "office"\n[profiles.office]\nPREFECT_API_URL = "{own_server}"\n'
        (tmp_path / "profiles.toml").write_text(profiles)
    server = prefect_server.start(tmp_path / "home")
    assert server.wait() is None
    assert server.process is None
    assert not (tmp_path / "home").exists()
    server.stop()


def test_an_own_server_that_does_not_answer_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    trouble = prefect_server.start(tmp_path / "home").wait()
    assert trouble is not None
    assert trouble.startswith("The Prefect server at http://127.0.0.1:1/api does not answer (")
