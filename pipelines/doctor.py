"""Whether the next scheduled run will work: one check after another, each with a line that says what to do."""

import importlib.metadata
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

from pipelines.framework.calendar import CalendarError, key_days, time_zone
from pipelines.judge.judged import Judged, rows_of
from pipelines.mail.mailbox import NoMailbox, opened
from pipelines.mail.outbox import UNSURE, Outbox
from pipelines.mail.settings import MailSettings, MailSettingsError, mail_settings
from pipelines.mail.smtp import NotSent, reach
from pipelines.precheck import framework_of
from pipelines.prefect_server.standing import address, answers
from pipelines.receipt import prove
from pipelines.run.stages import NothingToDo
from pipelines.storage.lock import take
from pipelines.workspace import HERE, Workspace

ROOM_BYTES = 1_000_000_000
OLDEST_PYTHON = (3, 11)
GOOD, NOTE, FAULT = "good", "note", "fault"


@dataclass(frozen=True)
class Check:
    """What was looked at, how it is, and what to do: a sentence, or a line for each thing that is the matter."""

    what: str
    state: str
    said: str


def examine(
    workspace: Workspace, environment: Mapping[str, str], now: datetime, port: int
) -> Iterator[Check]:
    """Every check, in order. Nothing of the workspace is changed."""
    yield _disk(workspace)
    yield from _permissions(workspace)
    yield _lock(workspace)
    yield _ledger(workspace)
    yield from _framework(workspace, now.date())
    yield _server(port)
    yield from _mail(environment)
    yield _outbox(workspace)
    yield _versions()


def _disk(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.root).free
    said = f"{free / 1e9:.1f} GB free"
    if free < ROOM_BYTES:
        return Check("disk", FAULT, f"{said}; a run needs about 1 GB. Make room, or move the workspace.")
    return Check("disk", GOOD, said)


def _permissions(workspace: Workspace) -> Iterator[Check]:
    wrong = []
    for folder in (
        workspace.raw,
        workspace.archive,
        workspace.marts,
        workspace.packs,
        workspace.outbox,
        workspace.work,
    ):
        place = folder
        while not place.exists():
            place = place.parent
        try:
            TemporaryFile(dir=place).close()
        except OSError as error:
            wrong.append(f"{folder} can't be written ({error.strerror})")
    if wrong:
        yield Check("permissions", FAULT, f"{'; '.join(wrong)}. Let the account that runs lsp write there.")
    else:
        yield Check("permissions", GOOD, "every folder can be written")


def _lock(workspace: Workspace) -> Check:
    if not workspace.work.exists():
        return Check("lock", GOOD, "no run is going on")
    held = take(workspace.work / "run.lock", 0)
    if held is None:
        return Check("lock", NOTE, "a run is going on now. The next one begins when it has ended.")
    held.close()
    return Check("lock", GOOD, "no run is going on")


def _ledger(workspace: Workspace) -> Check:
    proof = prove(workspace)
    if proof.faults:
        return Check("ledger", FAULT, f"{proof.faults[0]} 'lsp verify' lists all {len(proof.faults)}.")
    return Check("ledger", GOOD, f"{proof.lines} lines, {proof.files} archived files, all sound")


def _framework(workspace: Workspace, today: date) -> Iterator[Check]:
    try:
        judged = framework_of(workspace)
    except NothingToDo as sentence:
        yield Check("framework", FAULT, str(sentence))
        return
    yield Check("framework", GOOD, "it can be used")
    yield _calendar(judged, today)
    yield _addresses(judged)
    yield _operator(judged)


def _calendar(judged: Judged, today: date) -> Check:
    settings = {row["setting_id"]: str(row["value"]) for row in rows_of(judged, "settings")}
    try:
        zone = time_zone(settings)
        days = [day for day in key_days(rows_of(judged, "calendar"), settings) if day.on >= today]
    except CalendarError as error:
        return Check("calendar", FAULT, str(error))
    if not days:
        return Check(
            "calendar", FAULT, "it has no day to come, so nothing will be done. Add the next quarters to it."
        )
    following = min(days, key=lambda day: day.on)
    return Check(
        "calendar",
        GOOD,
        f"next: {following.kind} of {following.quarter} on {following.on:%d %b %Y} ({zone.key})",
    )


def _addresses(judged: Judged) -> Check:
    without = [str(row["name"]) for row in rows_of(judged, "partners") if not row.get("email")]
    if without:
        said = f"no mailbox is known of {', '.join(without)}; they are not written to. Add it to the sheet of partners."
        return Check("partners", NOTE, said)
    return Check("partners", GOOD, "each has a mailbox")


def _operator(judged: Judged) -> Check:
    told = [
        str(row["post"])
        for row in rows_of(judged, "recipients")
        if row.get("gets") in ("failures", "both") and row.get("email")
    ]
    if told:
        return Check("operator", GOOD, f"word of failures goes to {', '.join(told)}")
    said = "nobody gets word of failures. Add a line to the sheet of recipients that gets failures, or both."
    return Check("operator", NOTE, said)


def _server(port: int) -> Check:
    api = address(port)
    if answers(api):
        return Check("schedule", GOOD, f"a Prefect server answers at {api}")
    said = f"no Prefect server answers at {api}. 'lsp serve' starts one; or let a timer call 'lsp cycle'."
    return Check("schedule", NOTE, said)


def _mail(environment: Mapping[str, str]) -> Iterator[Check]:
    try:
        settings = mail_settings(environment)
    except MailSettingsError as error:
        yield Check("mail", FAULT, str(error))
        return
    if settings.smtp is None:
        yield Check(
            "mail", NOTE, "no server to send by (LSP_SMTP_HOST): messages stay as files in data/outbox"
        )
    else:
        waits = "messages wait in the outbox, and none is lost"
        yield _tried("mail", f"{settings.smtp.host} takes mail", waits, partial(reach, settings.smtp))
    if settings.imap is None:
        yield Check("mailbox", NOTE, "none is read (LSP_IMAP_HOST): put what comes into data/raw/<quarter>")
    else:
        opens = f"{settings.folder} on {settings.imap.host} opens"
        yield _tried("mailbox", opens, "mail waits in the mailbox", lambda: _open(settings))


def _open(settings: MailSettings) -> None:
    with opened(settings) as mailbox:
        if settings.done_folder and not mailbox.folder.exists(settings.done_folder):
            raise NoMailbox(
                f"It has no folder '{settings.done_folder}' (LSP_IMAP_DONE_FOLDER). Make it there."
            )


def _tried(what: str, good: str, waits: str, attempt: Callable[[], None]) -> Check:
    try:
        attempt()
    except (NotSent, NoMailbox) as sentence:
        return Check(what, FAULT, f"{sentence} Until then {waits}.")
    return Check(what, GOOD, good)


def _outbox(workspace: Workspace) -> Check:
    entries = Outbox(workspace).entries()
    unsure = sum(entry.state == UNSURE for entry in entries)
    failed = sum(entry.state in ("failed", "given up") for entry in entries)
    if unsure or failed:
        said = (
            f"{failed} messages failed, of {unsure} nobody knows whether they went. 'lsp outbox' lists them."
        )
        return Check("outbox", FAULT, said)
    return Check("outbox", GOOD, f"{sum(entry.is_waiting for entry in entries)} wait to be sent")


def _versions(lock: Path = HERE / "requirements.lock") -> Check:
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Check("versions", FAULT, f"Python {python} is too old; it needs 3.11 or newer.")
    if not lock.exists():
        return Check(
            "versions", NOTE, f"Python {python}; no requirements.lock beside the code to compare with"
        )
    other = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line)
        if found and found[1].lower() in (
            "prefect",
            "sqlalchemy",
            "fastapi",
            "duckdb",
            "great-expectations",
            "pandas",
        ):
            have = importlib.metadata.version(found[1])
            if have != found[2]:
                other.append(f"{found[1]} {have} instead of {found[2]}")
    if other:
        said = f"{', '.join(other)}. Install requirements.lock: with others Prefect may schedule nothing."
        return Check("versions", FAULT, said)
    return Check("versions", GOOD, f"Python {python}, and the packages that requirements.lock names")
