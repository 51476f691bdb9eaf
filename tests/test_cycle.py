"""The jobs of the cycle where not all goes as it should: packs issued late, mail that fails, word to the operator.

All made up, and without a run of the pipeline: what was issued is signed by hand.
"""

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from little import partnership

from pipelines.cycle import fresh, jobs, opened
from pipelines.cycle.desk import Desk
from pipelines.cycle.done import mark
from pipelines.cycle.facts import Facts, Post, facts
from pipelines.framework.calendar import DUE
from pipelines.issued import CLOSED, ISSUED, Signed, sign
from pipelines.mail.letters import Writer, reply_key
from pipelines.mail.message import Mail
from pipelines.mail.outbox import DROPPED, QUEUED, Delivered, Outbox
from pipelines.reply.written import Written
from pipelines.run.stages import Inputs
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


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What the framework of a little partnership says: read once, as it takes a second or two."""
    return facts(partnership(tmp_path_factory.mktemp("known") / "northmoor"), datetime(2031, 7, 1))


def issue(workspace: Workspace, now: datetime, known: Facts) -> Desk:
    desk = Desk(workspace, now, _facts=known)
    jobs.issue(desk)
    return desk


def test_every_version_goes_to_its_list_once_whenever_it_was_issued(tmp_path: Path, known: Facts) -> None:
    workspace = Workspace(tmp_path)
    mark(workspace, f"run|{Q1}", datetime(2031, 7, 17, 8), "made up")
    asked = issue(workspace, datetime(2031, 7, 17, 9), known)
    assert "was not issued yet" in asked.troubles[0] and of(workspace, "pack") == []
    issued(workspace, Q1, 1, datetime(2031, 10, 1, 9))  # the next returns went out that day
    mark(workspace, f"run|{Q2}", datetime(2031, 10, 17, 8), "made up")
    late = issue(workspace, datetime(2031, 10, 17, 9), known)
    assert late.did == ["Apr to Jun 2031: version 1 of the pack goes to 1 on its list."]
    assert late.troubles[0].startswith("The pack of Jul to Sep 2031 is due out")
    issued(workspace, Q1, 2, datetime(2031, 10, 18, 9))
    for _ in range(2):
        issue(workspace, datetime(2031, 10, 19, 8), known)
    issued(workspace, Q2, 1, datetime(2031, 10, 20, 9))
    issue(workspace, datetime(2032, 4, 1, 8), known)  # a cycle that is set up later sends no old packs
    assert of(workspace, "pack") == [f"pack|{Q1}|version 1|board", f"pack|{Q1}|version 2|board"]


MADE = """
create schema staging; create schema marts;
create table staging.about as select 'made by hand' as run_id;
create table marts.calendar as select unnest(['2031-32-Q1', '2031-32-Q2']) as quarter;
create table staging.submissions (file_id text, quarter text, partner text);
create table staging.files (
    file_id text, folder text, received_from text, state text, received_at timestamp, sha256 text
);
"""


def test_what_was_read_but_never_answered_is_answered_whoever_ran_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The marts are of what has come; a run by hand, or one that was killed, left these files without an answer."""
    workspace, now = Workspace(tmp_path), datetime(2031, 10, 15, 8)
    workspace.marts.mkdir(parents=True)
    with duckdb.connect(str(workspace.published)) as marts:
        marts.execute(MADE)

        def came(
            name: str,
            folder: str,
            partner: str,
            *returns: tuple[str, str],
            at: datetime = now,
            state: str = "read",
        ) -> None:
            marts.execute(
                "insert into staging.files values (?, ?, ?, ?, ?, ?)",
                [name, folder, partner, state, at, name],
            )
            for quarter, of in returns:
                marts.execute("insert into staging.submissions values (?, ?, ?)", [name, quarter, of])

        came("answered", Q2, "arts", (Q2, "arts"))
        came("of another folder", "inbox", "", (Q1, "arts"))
        came("only checked", f"{Q2}/check", "arts")
        came("of no quarter", "inbox", "arts")
        came("without a mailbox", Q1, "bus", (Q1, "bus"))
        came("of two partners", Q1, "arts", (Q1, "arts"), (Q1, "bus"))
        came("erased", Q1, "arts", (Q1, "arts"), state="erased")
        came("too long ago", Q1, "arts", (Q1, "arts"), at=datetime(2031, 9, 1))
        came("of the framework", "framework", "arts")
    partners = {"arts": Post("arts", "Arts", ("a@b.example",)), "bus": Post("bus", "Bus", ())}
    inputs = Inputs([], now.date(), "", "made by hand")
    desk = Desk(workspace, now, _facts=Facts((), partners, (), {}, (), inputs))
    desk.outbox.put(Mail(reply_key("answered"), "reply", ("a@b.example",), "s", "t"), "", now)
    ran: list[str | None] = []
    monkeypatch.setattr(fresh, "run", lambda _, quarter: ran.append(quarter))
    monkeypatch.setattr(fresh, "answer", lambda *_: None)
    fresh.refresh(desk)
    assert ran == [Q1, Q2, None]
    fresh.refresh(desk)  # what has no reply to be mailed even so is not run for again and again
    assert ran == [Q1, Q2, None]


def test_a_reply_that_can_not_be_mailed_is_told_and_so_is_one_after_its_quarter_was_closed(
    tmp_path: Path,
) -> None:
    workspace, now = Workspace(tmp_path), datetime(2031, 8, 10, 8)
    sign(
        Signed(
            CLOSED, Q1, 1, datetime(2031, 8, 1, 9), "Pat", "Manager", "final", "", now.date(), now, "0", ()
        ),
        workspace,
    )
    file = tmp_path / "reply.xlsx"
    file.write_bytes(b"PK made up")

    def reply(name: str, partner: str | None, came: datetime) -> Written:
        return Written(
            file, name, "nothing to do", is_clean=True, sha256=name, partner=partner, quarter=Q1, received_at=came
        )  # fmt: skip

    partners = {"arts": Post("arts", "Arts", ("a@b.example",)), "bus": Post("bus", "Northmoor Bus", ())}
    desk = Desk(workspace, now, _facts=Facts((), partners, (), {}, (), Inputs([], now.date(), "", "")))
    replies = (
        reply("early.csv", "arts", datetime(2031, 7, 31, 9)), reply("late.csv", "arts", datetime(2031, 8, 9, 9)),
        reply("bus.csv", "bus", datetime(2031, 7, 31, 9)), reply("whose.csv", None, datetime(2031, 7, 31, 9)),
    )  # fmt: skip
    for _ in range(2):
        fresh.answer(desk, SimpleNamespace(replies=replies))  # type: ignore[arg-type]
    assert [trouble.partition(": hand over")[0] for trouble in desk.troubles] == [
        "'bus.csv' was read: nothing to do. Northmoor Bus has no mailbox",
        "'whose.csv' was read: nothing to do. Nobody can tell from whom it is",
    ]
    (told,) = desk.did
    assert told.startswith(
        "'late.csv' came late. Apr to Jun 2031 was closed as final on 1 August 2031, and its pack"
    )
    said = {
        entry.key: message_from_bytes(desk.outbox.path_of(entry).read_bytes(), policy=policy.default)
        for entry in desk.outbox.entries()
    }
    early, late = (
        " ".join(said[reply_key(name)].get_body().get_content().split()) for name in ("early.csv", "late.csv")
    )
    assert "It was read, and there is nothing for you to do. The attached workbook" in early
    assert "closed as final" not in early and "is shown as a revision in the next quarter's pack." in late


def test_what_the_mail_came_to_is_told_and_sent_too(
    tmp_path: Path, known: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, said = Workspace(tmp_path), "'A pack' to board@northmoor.example may or may not have gone."
    waiting: list[int] = []

    def deliver(desk: Desk) -> Delivered:
        waiting.append(sum(entry.is_waiting for entry in desk.outbox.entries()))
        return Delivered(0, (said,))

    def report(job: str, now: datetime) -> Desk:
        desk = Desk(workspace, now, _facts=known)
        jobs._report(desk, job)
        return desk

    monkeypatch.setattr(Desk, "deliver", deliver)
    for job in ("issue", "run"):
        assert report(job, datetime(2031, 7, 1, 7)).troubles == [said]
    # told once, whichever job it was, and handed over at once
    assert (waiting, len(of(workspace, "failure"))) == ([0, 1, 1], 1)
    report("issue", datetime(2031, 11, 3, 7))
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


def test_a_day_that_is_changed_is_in_templates_anew_and_no_letter_with_the_old_one_waits(
    tmp_path: Path, known: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, file = Workspace(tmp_path), tmp_path / "arts.xlsx"
    file.write_bytes(b"PK made up")
    written: list[str] = []
    monkeypatch.setattr(opened, "write_templates", lambda _, quarter, *__: written.append(quarter) or [file])

    def opens(now: datetime, facts: Facts) -> Desk:
        desk = Desk(workspace, now, _facts=facts)
        opened.open_quarter(desk)
        return desk

    later = replace(
        known,
        days=tuple(
            replace(day, on=date(2031, 7, 21)) if (day.quarter, day.kind) == (Q1, DUE) else day
            for day in known.days
        ),
    )
    opens(datetime(2031, 7, 1, 7), known)
    assert opens(datetime(2031, 7, 2, 7), known).did == []
    changed = opens(datetime(2031, 7, 3, 7), later)
    assert changed.did == ["The days of Apr to Jun 2031 have changed: 1 template written anew."]
    assert opens(datetime(2031, 7, 4, 7), later).did == [] and written == [Q1, Q1]
    assert [(entry.state, entry.subject) for entry in Outbox(workspace).entries()] == [
        (DROPPED, f"Apr to Jun 2031 ({Q1}): your return, due on 11 July 2031"),
        (QUEUED, f"Apr to Jun 2031 ({Q1}): your return, now due on 21 July 2031"),
    ]
    # changed back, and not by the day of a mail that went before
    opens(datetime(2031, 7, 5, 7), known)
    assert Outbox(workspace).entries()[-1].subject.endswith("your return, now due on 11 July 2031")


def test_letters_count_and_send_nobody_to_what_is_not_there() -> None:
    """One return was due and two were; and an operator has a workspace before them, not the project's own papers."""
    writer, due, today = Writer("Northmoor", "The office"), date(2031, 7, 11), date(2031, 7, 15)
    for owed, said in (
        (["Plan"], "It was due on 11 July 2031, 4 days"),
        (["Plan", "Spend"], "They were due on"),
    ):
        assert (
            said in writer.reminder(Q1, "arts", "Arts", ("a@b.example",), due, today, today, owed, None).text
        )
    told = writer.failure("k", "Operator", ("a@b.example",), "the mail", ["It waits:\n  a\n  b"]).text
    assert "\n  - It waits:\n    a\n    b\n" in told
    assert "'lsp doctor'" in told and ".md" not in told


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
