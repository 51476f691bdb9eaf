"""`lsp serve` really fires what is due: Prefect as the lock has it, on SQLite and on PostgreSQL.

Under SQLAlchemy 2.1 Prefect says that it polls and schedules nothing, so this is seen and not believed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from grids import contracts
from little import partnership
from mail_servers import free_port, smtp_server

from pipelines.cycle.jobs import JOBS
from pipelines.framework.calendar import DEFAULTS
from pipelines.mail.message import PACK, Mail
from pipelines.mail.outbox import Outbox
from pipelines.new.book import starting_rows
from pipelines.schedule import DEPLOYMENTS, deployments

CHECKOUT = Path(__file__).parents[1]
PATIENCE_SECONDS = 400
WITHIN_SECONDS = 60
SECRET = "nobody-s-password-4Kq"
PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
INITDB = next(
    (str(place / "initdb") for place in PLACES if (place / "initdb").exists()), shutil.which("initdb")
)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own on the loopback; its address as Prefect wants it."""
    assert INITDB
    folder = Path(tempfile.mkdtemp(prefix="lsp-pg-"))
    account: dict[str, Any] = {"cwd": folder}
    if os.getuid() == 0:  # it does not run as root
        shutil.chown(folder, "nobody")
        account["user"] = "nobody"
    port = free_port()
    subprocess.run(
        [INITDB, "-D", "data", "-U", "prefect", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, **account,
    )  # fmt: skip
    server = subprocess.Popen(
        [str(Path(INITDB).with_name("postgres")), "-D", "data", "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"],
        stderr=subprocess.DEVNULL, **account,
    )  # fmt: skip
    try:
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(root: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "pipelines.cli", "serve", "--root", str(root), "--port", str(port)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with (root / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=clean | {"PYTHONPATH": str(CHECKOUT)} | environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(90)


def ask(port: int, path: str, body: object) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def completed(port: int, patience: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
    """The flow runs that are done, once there is one; none if none comes in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            runs = ask(port, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
        except OSError:
            runs = []
        if runs:
            return list(runs)
        time.sleep(2)
    return []


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "database",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.skipif(INITDB is None, reason="needs PostgreSQL")),
    ],
)
def test_a_due_run_is_fired_within_a_minute_of_its_time(database: str, tmp_path: Path) -> None:
    root = tmp_path / "northmoor"
    workspace = partnership(root, {"schedule_issue": "* * * * *"})
    outbox = Outbox(workspace)
    outbox.put(Mail("k", PACK, ("board@northmoor.example",), "The pack", "…"), "", datetime(2031, 7, 1, 9))
    port = free_port()
    with (
        postgresql() if database == "postgresql" else _sqlite() as address,
        smtp_server(tmp_path / "server") as (_, mail),
    ):
        environment = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": address} if address else {}
        # a password that is used and fails: what is said of it is logged, told and kept by Prefect
        with serving(root, port, **environment, **mail | {"LSP_SMTP_PASSWORD": SECRET}):
            runs = completed(port)
            names = {one["name"] for one in ask(port, "deployments/filter", {})}
    said = (root / "serve.log").read_text()
    assert runs, said
    assert names == {one.name for one in deployments(root, {})}
    behind = [
        (
            datetime.fromisoformat(run["start_time"]) - datetime.fromisoformat(run["expected_start_time"])
        ).total_seconds()
        for run in runs
    ]
    assert min(behind) < WITHIN_SECONDS, (behind, said)
    assert {run["auto_scheduled"] for run in runs} == {True}
    if database == "sqlite":
        assert list((root / "data" / ".prefect" / "serve").glob("prefect.db"))
    # it was tried, and is in no file of the workspace, Prefect's own included
    assert "did not accept user and password" in outbox.entries()[0].reason
    holding = [path for path in root.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holding == []


@contextmanager
def _sqlite() -> Iterator[str]:
    yield ""


def test_a_second_serve_of_a_workspace_is_told(tmp_path: Path) -> None:
    from workspaces import lsp

    from pipelines.storage.lock import take

    root = tmp_path / "northmoor"
    workspace = partnership(root)
    workspace.work.mkdir(parents=True)
    held = take(workspace.work / "serve.lock", 0)
    said = lsp("serve", "--root", root)
    assert held is not None
    held.close()
    assert (said.code, said.err) == (
        1, "lsp: The schedules of this workspace are being served already; there is nothing to start.\n"
    )  # fmt: skip


def test_no_deployment_of_one_workspace_takes_the_place_of_anothers() -> None:
    names = [one.name for root in ("/srv/a/lsp", "/srv/b/lsp") for one in deployments(Path(root), {})]
    assert len(set(names)) == 2 * len(JOBS)
    assert names[0].startswith("open the quarter: lsp (") and "/" not in names[0]


def test_a_new_framework_has_the_cycle_s_settings_as_they_hold_without_it() -> None:
    given = {row["setting_id"]: row.get("value") for row in starting_rows(contracts()["framework.settings"])}
    schedules = {f"schedule_{job}": cron for job, (_, cron) in DEPLOYMENTS.items()}
    assert {name: given.get(name) for name in DEFAULTS | schedules} == DEFAULTS | schedules


def test_prefect_yaml_says_the_same_for_a_team() -> None:
    said = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text(encoding="utf-8"))
    found = {
        one["parameters"]["job"]: (one["name"], one["schedules"][0]["cron"], one["schedules"][0]["timezone"])
        for one in said["deployments"]
    }
    assert found == {job: (name, cron, "Europe/London") for job, (name, cron) in DEPLOYMENTS.items()}
    assert set(found) == set(JOBS)
    assert {one["entrypoint"] for one in said["deployments"]} == {"pipelines/schedule.py:cycle_job"}
    assert {one["work_pool"]["name"] for one in said["deployments"]} == {"lsp"}
