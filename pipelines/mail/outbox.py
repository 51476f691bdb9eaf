"""The outbox: messages as files, and a ledger that only grows, so that none is written or sent twice.

data/outbox/<name>.eml          waits: for the server, or, where there is none, for somebody who sends it by hand
data/outbox/sent/<name>.eml     went
data/outbox/dropped/<name>.eml  will not go: somebody said so, or a reminder was not sent on its day
data/outbox/ledger.jsonl        a line for each thing that happened to a message, by its key

A line "sending" is written before a message is handed over, and another once it is known what came of it. Where the
second is missing, as after a power cut, the message may have gone: it is told and not sent again unless asked for.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.framework.clock import zone
from pipelines.mail.message import FAILURE, REMINDER, Mail, as_eml
from pipelines.mail.smtp import Handed, NotSent, Unsure
from pipelines.storage import durable, lines
from pipelines.storage.lock import Busy, take
from pipelines.workspace import Workspace

QUEUED, SENDING, SENT, FAILED, GIVEN_UP, AGAIN = "queued", "sending", "sent", "failed", "given up", "again"
UNSURE = "unsure"  # also what a line "sending" without another is
DROPPED = "dropped"
IN_DOUBT = (UNSURE, GIVEN_UP)
NOT_GONE = (QUEUED, FAILED, AGAIN, *IN_DOUBT)
TRIED_FOR = timedelta(days=7)  # a server that refuses a message is asked daily for so long
PATIENCE_SECONDS = 120.0
Send = Callable[[bytes, tuple[str, ...]], Handed]  # a message, and who has it already; NotSent, Unsure


@dataclass(frozen=True)
class Entry:
    """A message as the ledger has it: its last line, since when it is refused, and who of its list has it."""

    key: str
    kind: str
    to: tuple[str, ...]
    subject: str
    file: str
    state: str
    at: datetime
    written: datetime
    reason: str = ""
    refused_since: datetime | None = None
    had: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.state in (QUEUED, FAILED, AGAIN)

    def __str__(self) -> str:
        return f"'{self.subject}' to {', '.join(address for address in self.to if address not in self.had)}"


@dataclass(frozen=True)
class Delivered:
    """What came of sending what waited: sentences for the operator where something did not go."""

    sent: int = 0
    troubles: tuple[str, ...] = ()


class Outbox:
    """The outbox of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.outbox
        self.ledger = workspace.outbox / "ledger.jsonl"
        self._workspace = workspace
        self._lock = workspace.work / "outbox.lock"

    def entries(self) -> list[Entry]:
        """Every message ever written, in the order in which they were."""
        found: dict[str, Entry] = {}
        for line in lines.read(self.ledger):
            key, state, at = line["key"], line["state"], datetime.fromisoformat(line["at"])
            known = found.get(key) or Entry(
                key, line["kind"], tuple(line["to"]), line["subject"], line["file"], state, at, written=at
            )
            since = known.refused_since if state in (FAILED, SENDING) else None
            found[key] = replace(
                known,
                state=UNSURE if state == SENDING else state,
                at=at,
                reason=line.get("reason", ""),
                refused_since=since or (at if state == FAILED else None),
                had=tuple(line.get("had", known.had)),
            )
        return list(found.values())

    def path_of(self, entry: Entry) -> Path:
        """Where its file lies; one sent by hand may be anywhere."""
        for folder in (self.folder / "sent", self.folder / "dropped"):
            if (folder / entry.file).exists():
                return folder / entry.file
        return self.folder / entry.file

    def put(self, mail: Mail, sender: str, now: datetime) -> bool:
        """Write a message, unless one of the same key was ever written; whether it is new."""
        with self._alone():
            if any(line["key"] == mail.key for line in lines.read(self.ledger)):
                return False
            name = f"{now:%Y%m%d}-{_safe(mail.key)}.eml"
            durable.put(as_eml(mail, sender, now.replace(tzinfo=zone(self._workspace))), self.folder / name)
            about = {"kind": mail.kind, "to": list(mail.to), "subject": mail.subject, "file": name}
            self._note(mail.key, QUEUED, now, **about)
            return True

    def deliver(self, send: Send, now: datetime) -> Delivered:
        """Hand every message that waits to `send`, once; what did not go is told and tried at the next delivery.

        Where the server can't be reached or does not let us in, the rest waits and is not tried: no message is given
        up for that. One that the server refuses is given up after a week, and told until somebody sees to it.
        """
        sent = 0
        troubles = []
        is_open = True
        with self._alone():
            for entry in self.entries():
                if entry.is_waiting and is_open:
                    went, is_open, trouble = self._deliver(entry, send, now)
                    sent += went
                else:
                    trouble = self._still(entry)
                troubles += [trouble] if trouble else []
        return Delivered(sent, tuple(troubles))

    def _deliver(self, entry: Entry, send: Send, now: datetime) -> tuple[bool, bool, str]:
        """One message that waits: whether it went, whether the server takes others, and what is to be told."""
        path = self.folder / entry.file
        if not path.exists():
            self._note(entry.key, GIVEN_UP, now, reason="Its file is gone from the outbox.")
            return False, True, f"{entry} was not sent: its file is gone from {self.folder}."
        if entry.kind == REMINDER and entry.written.date() < now.date():
            self._note(entry.key, DROPPED, now, reason="It could not be sent on its day.")
            self._move(entry, "dropped")
            return (
                False,
                True,
                f"{entry} could not be sent on {entry.written:%d %b %Y} and is out of date: it was dropped.",
            )
        self._note(entry.key, SENDING, now)
        try:
            handed = send(path.read_bytes(), entry.had)
        except Unsure as error:
            self._note(entry.key, UNSURE, now, reason=str(error))
            return False, False, f"{entry} may or may not have gone: {error} {_ask(entry)}"
        except NotSent as error:
            if error.is_server:
                self._note(entry.key, QUEUED, now, reason=str(error))
                return False, False, f"{error} Mail waits in the outbox; the next job tries again."
            return False, True, self._refused(entry, (), str(error), now)
        if handed.refused:
            had = (*entry.had, *handed.took)
            said = f"It did not go to {'; '.join(handed.refused)}."
            return bool(handed.took), True, self._refused(entry, had, said, now)
        self._note(entry.key, SENT, now)
        self._move(entry, "sent")
        return True, True, ""

    def _refused(self, entry: Entry, had: tuple[str, ...], said: str, now: datetime) -> str:
        """Note that the server did not take a message, or not for all; the sentence."""
        more = {"had": list(had)} if had else {}
        self._note(entry.key, FAILED, now, reason=said, **more)
        if now - (entry.refused_since or now) < TRIED_FOR:
            return f"{entry}: {said} The next job tries again."
        self._note(entry.key, GIVEN_UP, now, reason=said)
        return f"{entry}: {said} It is not tried any more. {_see_to(entry)}"

    def _still(self, entry: Entry) -> str:
        """What is to be told, as before, of a message that is not tried; nothing of what is well, or told already."""
        if entry.state == UNSURE:
            return f"{entry} may or may not have gone: sent on {entry.at:%d %b %Y %H:%M}, unanswered. {_ask(entry)}"
        # word that can't be sent to one operator is no trouble of its own, day after day, to another
        if entry.state == GIVEN_UP and entry.kind != FAILURE:
            return f"{entry} was not sent: {entry.reason} {_see_to(entry)}"
        return ""

    def mark_sent(self, name: str, now: datetime) -> Entry:
        """Somebody sent a message by hand; KeyError where there is none of that name or key that did not go."""
        return self._mark(name, SENT, now, "Sent by hand.", NOT_GONE)

    def drop(self, name: str, now: datetime, reason: str = "Somebody said so.") -> Entry:
        """A message is not to be sent any more."""
        return self._mark(name, DROPPED, now, reason, NOT_GONE)

    def again(self, name: str, now: datetime) -> Entry:
        """A message that was given up, or of which nobody knows whether it went, waits again."""
        return self._mark(name, AGAIN, now, "Asked for again.", IN_DOUBT)

    def forget(self, is_of: Callable[[Entry, bytes], bool], reason: str, now: datetime) -> list[Path]:
        """Remove every message, waiting or gone, of which `is_of` says so; the ledger keeps to whom it was and when.

        What waited is not sent any more. The files that were removed.
        """
        removed = []
        with self._alone():
            for entry in self.entries():
                path = self.path_of(entry)
                if not path.exists() or not is_of(entry, path.read_bytes()):
                    continue
                if entry.state in NOT_GONE:
                    self._note(entry.key, DROPPED, now, reason=reason)
                path.unlink()
                removed.append(path)
        return removed

    def _mark(self, name: str, state: str, now: datetime, reason: str, those: tuple[str, ...]) -> Entry:
        with self._alone():
            for entry in self.entries():
                if name in (entry.file, entry.key) and entry.state in those:
                    self._note(entry.key, state, now, reason=reason)
                    if state in (SENT, DROPPED):
                        self._move(entry, state)
                    return entry
        raise KeyError(name)

    def _move(self, entry: Entry, folder: str) -> None:
        place = self.folder / folder / entry.file
        place.parent.mkdir(parents=True, exist_ok=True)
        if (self.folder / entry.file).exists():
            (self.folder / entry.file).replace(place)

    def _note(self, key: str, state: str, now: datetime, **more: object) -> None:
        lines.add(self.ledger, now, key=key, state=state, **more)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        held = take(self._lock, PATIENCE_SECONDS)
        if held is None:
            raise Busy("Another command is sending mail. Wait until it has ended and try again.")
        try:
            yield
        finally:
            held.close()


def _ask(entry: Entry) -> str:
    return f"Ask whether it came; if not, 'lsp outbox --again {entry.file}', else '--sent'."


def _see_to(entry: Entry) -> str:
    return f"'lsp outbox --again {entry.file}' tries it again, '--drop' lets it be."


def _safe(key: str) -> str:
    """A file's name from a key: what can be read of it, and enough of its sum that no two keys share one."""
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '_', key).strip('._-')[:70]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
