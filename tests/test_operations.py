"""What docs/operations.md promises: back-up and restore, and a doctor that tells what is wrong. All made up."""

import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from little import framework, partnership, plan
from mail_servers import PASSWORD, smtp_server
from workspaces import lsp

from pipelines.cycle import jobs
from pipelines.cycle.desk import Desk
from pipelines.cycle.jobs import JOBS, do
from pipelines.doctor import FAULT, NOTE, examine
from pipelines.framework import clock
from pipelines.issue.signing import CannotIssue
from pipelines.mail.outbox import Outbox
from pipelines.mail.settings import mail_settings
from pipelines.receipt import receive
from pipelines.run.stages import NothingToDo
from pipelines.storage import lines
from pipelines.storage.lock import take
from pipelines.workspace import Workspace

DOCS = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
QUARTER = "2031-32-Q1"
KEPT = ("data/raw", "data/archive", "data/packs", "data/outbox", "data/cycle.jsonl", "data/mailbox.jsonl")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which a quarter was opened, two returns came and the pack was made; its mail went to a server.

    A figure of one was refused.

    Its mailbox can't be reached, which hinders nothing.
    """
    folder = tmp_path_factory.mktemp("operations")
    workspace = partnership(folder / "northmoor")
    files = {"arts": plan("arts", QUARTER), "bus": plan("bus", QUARTER, "on track", "140%")}
    with smtp_server(folder / "server") as (taken, given):
        mail = mail_settings(given)
        do("open", workspace, datetime(2031, 7, 1, 7), mail)
        for name, content in files.items():
            (folder / f"{name}.csv").write_bytes(content)
            receive(folder / f"{name}.csv", name, QUARTER, workspace, datetime(2031, 7, 7, 9))
        away = mail_settings(given | {"LSP_IMAP_HOST": "127.0.0.1", "LSP_IMAP_PORT": "9"})
        desk = do("intake", workspace, datetime(2031, 7, 7, 10), away)
        (told,) = desk.troubles
        assert "port 9, can't be reached" in told
        assert desk.did == [
            "Read what has come: 2 of 9 returns for Apr to Jun 2031; still open: 1 refused, 0 queried.",
            "3 messages sent.",
        ]
        assert [message["To"] for message in taken.messages[9:]] == [
            "returns@arts.example", "returns@bus.example", "office@northmoor.example"
        ]  # fmt: skip
    lines.add(
        workspace.mailbox, datetime(2031, 7, 7, 10), mail="office at mail.example, INBOX, 1, 1", what="done"
    )
    return workspace


def test_a_restored_backup_is_sound_gives_the_same_and_sends_nothing_again(
    used: Workspace, tmp_path: Path
) -> None:
    assert f"tar -C /srv/lsp/northmoor -czf backup.tar.gz {' '.join(KEPT)}" in DOCS
    with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as backup:
        for name in KEPT:
            backup.add(used.root / name, name)
    restored = Workspace(tmp_path / "restored")
    with tarfile.open(tmp_path / "backup.tar.gz") as backup:
        backup.extractall(restored.root, filter="data")
    said = lsp("verify", "--root", restored.root)
    assert (said.code, said.out.split(":")[0]) == (0, "Sound")
    assert lsp("run", QUARTER, "--no-prefect", "--root", restored.root).code == 3  # one row is refused
    assert restored.pack_file(QUARTER).read_bytes() == used.pack_file(QUARTER).read_bytes()
    before = Outbox(restored).entries()
    for job in ("open", "intake"):
        desk = do(job, restored, datetime(2031, 7, 7, 11))
        assert (desk.did, desk.troubles) == ([], [])
    assert Outbox(restored).entries() == before


def test_a_secret_is_in_no_file(used: Workspace) -> None:
    files = [path for path in used.root.rglob("*") if path.is_file()]
    assert {"lsp.duckdb", "ledger.jsonl", "LSP_pack_2031-32-Q1.manifest.json"} <= {
        path.name for path in files
    }
    assert list(used.logs.glob("*.jsonl"))
    assert [path for path in files if PASSWORD.encode() in path.read_bytes()] == []


def states(workspace: Workspace, now: datetime, **environment: str) -> dict[str, tuple[str, str]]:
    return {check.what: (check.state, check.said) for check in examine(workspace, environment, now, port=9)}


def test_the_doctor_finds_nothing_on_a_sound_workspace(used: Workspace) -> None:
    found = states(used, datetime(2031, 7, 7, 12))
    assert [what for what, (state, _) in found.items() if state == FAULT] == []
    assert [what for what, (state, _) in found.items() if state == NOTE] == ["schedule", "mail", "mailbox"]
    assert found["calendar"][1].startswith("next: reminder of 2031-32-Q1 on 08 Jul 2031")
    held = take(used.work / "run.lock", 0)
    assert held is not None
    assert states(used, datetime(2031, 7, 7, 12))["lock"][0] == NOTE
    held.close()


def test_the_doctor_tells_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    board = {"recipient_id": "board", "post": "Board", "email": "board@northmoor.example", "gets": "pack"}
    workspace = partnership(tmp_path / "northmoor", recipients=[board])
    server = {"LSP_SMTP_HOST": "127.0.0.1", "LSP_SMTP_PORT": "9", "LSP_MAIL_FROM": "a@b.example"}
    late = states(workspace, datetime(2040, 1, 1), **server)
    assert late["calendar"] == (
        FAULT, "it has no day to come, so nothing will be done. Add the next quarters to it."
    )  # fmt: skip
    assert late["mail"][0] == FAULT and "none is lost" in late["mail"][1]
    assert late["operator"] == (
        NOTE, "nobody gets word of failures. Add a line to the sheet of recipients that gets failures, or both."
    )  # fmt: skip
    assert late["outbox"] == ("good", "0 wait to be sent")
    framework(workspace.framework / "framework.xlsx", {"time_zone": "Lancashire"})
    broken = states(workspace, datetime(2031, 7, 1), LSP_IMAP_HOST="mail.example", LSP_IMAP_SECURITY="maybe")
    assert broken["framework"][0] == FAULT and "such as Europe/London" in broken["framework"][1]
    assert broken["mail"] == (FAULT, "LSP_IMAP_SECURITY is 'maybe', and should be starttls, tls or none.")
    # no run ever knew whom to tell, so word of it lies in the outbox
    with pytest.raises(NothingToDo, match="such as Europe/London"):
        do("open", workspace, datetime(2031, 7, 1))
    assert [(entry.to, entry.subject) for entry in Outbox(workspace).entries()] == [
        ((), "The partnership: the framework needs you")
    ]
    said = lsp("doctor", "--root", workspace.root, "--port", 9)
    assert said.code == 1 and "to be mended first." in said.out


def test_a_framework_that_can_t_be_used_is_told_those_whom_the_last_one_named(
    used: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "copy")
    shutil.copytree(used.root, workspace.root)
    framework(workspace.framework / "framework.xlsx", {"time_zone": "Lancashire"})
    for job in ("open", "remind"):
        with pytest.raises(NothingToDo, match="such as Europe/London"):
            do(job, workspace, datetime(2031, 7, 8, 7))
    told = Outbox(workspace).entries()[-1]
    assert (told.to, told.subject) == (
        ("office@northmoor.example",),
        "Northmoor Partnership: the framework needs you",
    )
    assert [entry.written.date() for entry in Outbox(workspace).entries()].count(told.written.date()) == 1


def test_what_every_job_would_say_of_the_mail_is_said_once(
    used: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stands(job: str, workspace: Workspace, now: datetime, _: object) -> Desk:
        return Desk(workspace, now, did=["done"] if job == "run" else [], troubles=["it may have gone"])

    monkeypatch.setattr(jobs, "do", stands)
    monkeypatch.setattr(clock, "now", lambda _: datetime(2031, 7, 7, 12))
    said = lsp("cycle", "--root", used.root)
    assert said.code == 3
    assert said.out.splitlines() == [
        "open: needs you: it may have gone", "intake: nothing to do", "remind: nothing to do", "run: done",
        "issue: nothing to do",
        f"Still open for {QUARTER}: 1 refused, 0 queried ('lsp status {QUARTER}' lists them).",
    ]  # fmt: skip


def test_a_job_that_fails_stands_in_no_other_s_way(used: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise CannotIssue("it was lost")

    monkeypatch.setitem(JOBS, "intake", fails)
    said = lsp("cycle", "--root", used.root)
    assert (said.code, said.err) == (1, "intake: failed: it was lost\n")
    assert [line for line in said.out.splitlines() if "nothing to do" in line] == [
        f"{job}: nothing to do" for job in JOBS if job != "intake"
    ]


def test_every_job_is_explained() -> None:
    assert all(f"| `{job}` |" in DOCS for job in JOBS)
