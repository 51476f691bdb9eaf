"""The jobs of the cycle where not all goes as it should: packs issued late, mail that fails, word to the operator.

All made up, and without a run of the pipeline: what was issued is signed by hand.
"""

from datetime import date, datetime
from pathlib import Path

import pytest
from little import partnership

from pipelines.cycle import jobs
from pipelines.cycle.desk import Desk
from pipelines.cycle.done import mark
from pipelines.cycle.jobs import do
from pipelines.issued import ISSUED, Signed, sign
from pipelines.mail.letters import Writer
from pipelines.mail.outbox import DROPPED, QUEUED, Delivered, Outbox
from pipelines.workspace import Workspace

Q1, Q2 = "2031-32-Q1", "2031-32-Q2"


def issued(workspace: Workspace, quarter: str, version: int, at: datetime) -> None:
    """A version as `lsp issue` leaves it, made up."""
    path = workspace.version_file(quarter, version)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK made up")
    sign(
        Signed(ISSUED, quarter, version, at, "Pat", "Manager", "", "", at.date(), at, "0" * 12, ()), workspace
    )


def of(workspace: Workspace, kind: str) -> list[str]:
    return [entry.key for entry in Outbox(workspace).entries() if entry.kind == kind]


def test_every_version_goes_to_its_list_once_whenever_it_was_issued(tmp_path: Path) -> None:
    workspace = partnership(tmp_path / "northmoor")
    mark(workspace, f"run|{Q1}", datetime(2031, 7, 17, 8), "made up")
    asked = do("issue", workspace, datetime(2031, 7, 17, 9))
    assert "was not issued yet" in asked.troubles[0] and of(workspace, "pack") == []
    issued(workspace, Q1, 1, datetime(2031, 10, 1, 9))  # the next returns went out that day
    mark(workspace, f"run|{Q2}", datetime(2031, 10, 17, 8), "made up")
    late = do("issue", workspace, datetime(2031, 10, 17, 9))
    assert late.did == ["Apr to Jun 2031: version 1 of the pack goes to 1 on its list."]
    assert late.troubles[0].startswith("The pack of Jul to Sep 2031 is due out")
    issued(workspace, Q1, 2, datetime(2031, 10, 18, 9))
    for _ in range(2):
        do("issue", workspace, datetime(2031, 10, 19, 8))
    issued(workspace, Q2, 1, datetime(2031, 10, 20, 9))
    do("issue", workspace, datetime(2032, 4, 1, 8))  # a cycle that is set up later sends no old packs
    assert of(workspace, "pack") == [f"pack|{Q1}|version 1|board", f"pack|{Q1}|version 2|board"]


def test_what_the_mail_came_to_is_told_and_sent_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = partnership(tmp_path / "northmoor")
    waiting: list[int] = []

    def deliver(desk: Desk) -> Delivered:
        waiting.append(sum(entry.is_waiting for entry in desk.outbox.entries()))
        return Delivered(0, ("'A pack' to board@northmoor.example may or may not have gone.",))

    monkeypatch.setattr(Desk, "deliver", deliver)
    for job in ("issue", "run"):  # neither has anything to do
        desk = do(job, workspace, datetime(2031, 7, 1, 7))
        assert desk.troubles == ["'A pack' to board@northmoor.example may or may not have gone."]
    # told once, whichever job it was, and handed over at once
    assert (waiting, len(of(workspace, "failure"))) == ([0, 1, 1], 1)
    do("issue", workspace, datetime(2031, 11, 3, 7))
    assert len(of(workspace, "failure")) == 2  # months later it is another matter


def test_a_reminder_of_what_has_come_since_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = partnership(tmp_path / "northmoor")
    workspace.marts.mkdir(parents=True)
    workspace.published.touch()
    writer, now, due = Writer("Northmoor", "The office"), datetime(2031, 7, 8, 8), date(2031, 7, 11)
    for name in ("arts", "bus"):
        mail = writer.reminder(
            Q1, name, name.title(), (f"{name}@b.example",), due, now.date(), now.date(), ["Plan"], None
        )
        Outbox(workspace).put(mail, "", now)
    monkeypatch.setattr(jobs, "_owed", lambda *_: {"bus": []})
    jobs._drop_settled(Desk(workspace, now))
    assert [entry.state for entry in Outbox(workspace).entries()] == [DROPPED, QUEUED]


def test_the_letter_that_opens_a_quarter_promises_nothing_that_is_not_so() -> None:
    """A return that comes after the last day is taken all the same, so it is not said to be missing."""
    letter = Writer("Northmoor", "The office").templates(
        Q1,
        "arts",
        "Northmoor Arts",
        ("a@b.example",),
        date(2031, 7, 11),
        date(2031, 7, 16),
        Path("arts.xlsx"),
    )
    assert letter.subject == f"Apr to Jun 2031 ({Q1}): your return, due on 11 July 2031"
    assert letter.text.startswith(
        "To Northmoor Arts\n\nPlease fill in the attached workbook for Apr to Jun 2031"
    )
    assert "what has not come by 16 July 2031 may be left out of the pack." in letter.text
    assert "as missing" not in letter.text
    assert (letter.key, letter.kind) == (f"templates|{Q1}|arts", "templates")
