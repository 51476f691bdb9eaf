"""The outbox: messages as files, and a ledger that only grows, so that none is written or sent twice.

data/outbox/<name>.eml          waits: for the server, or, where there is none, for somebody who sends it by hand
data/outbox/sent/<name>.eml     went
data/outbox/ledger.jsonl        a line for each thing that happened to a message, by its key

A line "sending" is written before a message is handed over, and another once it is known what came of it. Where the
second is missing, as after a power cut, the message may have gone: it is told and not sent again unless asked for.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import durable
from pipelines.lock import Busy, take
from pipelines.mail.message import Mail, as_eml
from pipelines.mail.smtp import NotSent
from pipelines.workspace import Workspace

QUEUED, SENDING, SENT, FAILED, GIVEN_UP, AGAIN = "queued", "sending", "sent", "failed", "given up", "again"
UNSURE = "unsure"  # what a line "sending" without another is
AT_ONCE = 3  # tries in one delivery, where the server can't be reached for a moment
DELIVERIES = 5  # deliveries in which a message failed before it is given up
PAUSE_SECONDS = 2.0
PATIENCE_SECONDS = 120.0
Send = Callable[[bytes], list[str]]  # a message → the addresses that were refused; NotSent


@dataclass(frozen=True)
class Entry:
    """A message as the ledger has it: its last line, and how often it failed."""

    key: str
    kind: str
    to: tuple[str, ...]
    subject: str
    file: str
    state: str
    at: datetime
    reason: str
    failures: int

    @property
    def is_waiting(self) -> bool:
        return self.state in (QUEUED, FAILED, AGAIN)


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
        self._lock = workspace.work / "outbox.lock"

    def entries(self) -> list[Entry]:
        """Every message ever written, in the order in which they were."""
        found: dict[str, Entry] = {}
        for line in self._lines():
            known = found.get(line["key"])
            failures = 0 if line["state"] == AGAIN else (known.failures if known else 0)
            found[line["key"]] = Entry(
                line["key"],
                line.get("kind") or (known.kind if known else ""),
                tuple(line.get("to") or (known.to if known else ())),
                line.get("subject") or (known.subject if known else ""),
                line.get("file") or (known.file if known else ""),
                UNSURE if line["state"] == SENDING else line["state"],
                datetime.fromisoformat(line["at"]),
                line.get("reason", ""),
                failures + (line["state"] == FAILED),
            )
        return list(found.values())

    def path_of(self, entry: Entry) -> Path:
        """Where its file lies; one sent by hand may be anywhere."""
        sent = self.folder / "sent" / entry.file
        return sent if sent.exists() else self.folder / entry.file

    def put(self, mail: Mail, sender: str, now: datetime) -> bool:
        """Write a message, unless one of the same key was ever written; whether it is new."""
        with self._alone():
            if any(line["key"] == mail.key for line in self._lines()):
                return False
            name = f"{now:%Y%m%d}-{_safe(mail.key)}.eml"
            durable.put(as_eml(mail, sender, now), self.folder / name)
            about = {"kind": mail.kind, "to": list(mail.to), "subject": mail.subject, "file": name}
            self._note(mail.key, QUEUED, now, **about)
            return True

    def deliver(self, send: Send, now: datetime, wait: Callable[[float], None] = time.sleep) -> Delivered:
        """Hand every message that waits to `send`, once; what did not go is told and tried at the next delivery."""
        sent = 0
        troubles = []
        with self._alone():
            for entry in self.entries():
                if entry.state == UNSURE:
                    troubles.append(
                        f"'{entry.subject}' to {', '.join(entry.to)} may or may not have gone: sending was interrupted "
                        f"on {entry.at:%d %b %Y %H:%M}. Ask whether it came; if not, 'lsp outbox --again {entry.file}'."
                    )
                if not entry.is_waiting:
                    continue
                path = self.folder / entry.file
                if not path.exists():
                    self._note(entry.key, GIVEN_UP, now, reason="Its file is gone from the outbox.")
                    troubles.append(f"'{entry.subject}' was not sent: its file is gone from {self.folder}.")
                    continue
                trouble = self._send(entry, path.read_bytes(), send, now, wait)
                sent += trouble is None or trouble.startswith("But")
                if trouble:
                    troubles.append(f"'{entry.subject}' to {', '.join(entry.to)}: {trouble}")
        return Delivered(sent, tuple(troubles))

    def _send(
        self, entry: Entry, eml: bytes, send: Send, now: datetime, wait: Callable[[float], None]
    ) -> str | None:
        self._note(entry.key, SENDING, now)
        for attempt in range(1, AT_ONCE + 1):
            try:
                refused = send(eml)
            except NotSent as error:
                if error.is_for_now and attempt < AT_ONCE:
                    wait(PAUSE_SECONDS * attempt)
                    continue
                self._note(entry.key, FAILED, now, reason=str(error))
                if entry.failures + 1 < DELIVERIES:
                    return f"{error} It is tried again at the next delivery."
                self._note(entry.key, GIVEN_UP, now, reason=str(error))
                return (
                    f"{error} That was delivery {DELIVERIES}, and it is not tried any more; 'lsp outbox --again "
                    f"{entry.file}' does."
                )
            self._note(entry.key, SENT, now, reason="; ".join(refused))
            self._file_as_sent(entry)
            return f"But it did not go to {'; '.join(refused)}." if refused else None
        raise AssertionError("unreachable")

    def mark_sent(self, name: str, now: datetime) -> Entry:
        """Somebody sent a message by hand; KeyError where there is none of that name or key that waits."""
        return self._mark(name, SENT, now, "Sent by hand.", move=True)

    def again(self, name: str, now: datetime) -> Entry:
        """A message that was given up, or of which nobody knows whether it went, waits again."""
        return self._mark(name, AGAIN, now, "Asked for again.", move=False)

    def _mark(self, name: str, state: str, now: datetime, reason: str, *, move: bool) -> Entry:
        with self._alone():
            for entry in self.entries():
                may = entry.is_waiting or entry.state == UNSURE if move else entry.state in (GIVEN_UP, UNSURE)
                if name in (entry.file, entry.key) and may:
                    self._note(entry.key, state, now, reason=reason)
                    if move:
                        self._file_as_sent(entry)
                    return entry
        raise KeyError(name)

    def _file_as_sent(self, entry: Entry) -> None:
        place = self.folder / "sent" / entry.file
        place.parent.mkdir(parents=True, exist_ok=True)
        if (self.folder / entry.file).exists():
            (self.folder / entry.file).replace(place)

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self.ledger.exists():
            return
        for line in self.ledger.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue  # cut off while it was written

    def _note(self, key: str, state: str, now: datetime, **more: object) -> None:
        line = {"at": now.isoformat(timespec="seconds"), "key": key, "state": state, **more}
        durable.append(json.dumps(line, ensure_ascii=False) + "\n", self.ledger)

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


def _safe(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", key).strip("._-")[:80]
