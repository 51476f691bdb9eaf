"""The record of packs issued and quarters closed (data/raw/issued.csv): a line for each, and only ever added to.

Each line carries a sum over all lines up to it, so that one that was changed, moved or taken out shows. What it
says is dated, as receipts are, so a run as at a day knows what had been issued by then.
"""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

from pipelines import durable
from pipelines.receipt import as_csv, parts_of
from pipelines.workspace import Workspace

ISSUED, CLOSED = "issued", "closed"
PROVISIONAL, FINAL = "provisional", "final"
CHAIN = "chain"
SHA256 = re.compile("[0-9a-f]{64}")


class RecordError(Exception):
    """The record is not as it was left; the message says what to do."""


@dataclass(frozen=True)
class Signed:
    """One line: a version of a quarter's pack was issued, or the quarter closed with it.

    `status` is that of a closing, provisional or final; `reason` says why there is a second version. `as_at` and
    `received_until` say what had been received when it was made; `files` are its files, each with its SHA-256.
    """

    event: str
    quarter: str
    version: int
    at: datetime
    by: str
    role: str
    status: str
    reason: str
    as_at: date
    received_until: datetime
    run_id: str
    files: tuple[tuple[str, str], ...]

    @property
    def line(self) -> list[str]:
        return [
            self.event,
            self.quarter,
            str(self.version),
            self.at.isoformat(timespec="seconds"),
            self.by,
            self.role,
            self.status,
            self.reason,
            self.as_at.isoformat(),
            self.received_until.isoformat(),
            self.run_id,
            " ".join(f"{name}={sha256}" for name, sha256 in self.files),
        ]


FIELDS = tuple(field.name for field in fields(Signed))


def read_record(workspace: Workspace, until: date | None = None) -> list[Signed]:
    """Every line, oldest first, or those up to a day's end; none where nothing was issued yet.

    A last line that was cut off while it was written was never finished, and does not count.
    """
    found = [_signed(line, number) for number, line in enumerate(_lines(workspace.issued), 2)]
    return [one for one in found if until is None or one.at.date() <= until]


def sign(signed: Signed, workspace: Workspace) -> None:
    """Add a line; on the disk when this returns. RecordError where those before it are not as they were left."""
    if faults := prove(workspace):
        raise RecordError(" ".join(faults))
    whole, torn = parts_of(workspace.issued)
    if torn:
        durable.replace(whole, workspace.issued)
    lines = _lines(workspace.issued)
    rows = [] if lines else [[*FIELDS, CHAIN]]
    before = lines[-1][CHAIN] if lines else ""
    text = as_csv([*rows, [*signed.line, _sum(before, signed.line)]])
    if lines:
        durable.append(text, workspace.issued)
    else:
        durable.replace(text, workspace.issued)


def latest(record: Sequence[Signed], quarter: str, event: str = ISSUED) -> Signed | None:
    """The last such line of a quarter: its newest version, or its closing."""
    found = [one for one in record if (one.event, one.quarter) == (event, quarter)]
    return found[-1] if found else None


def prove(workspace: Workspace) -> list[str]:
    """What is wrong with the record itself, a sentence each: a line that was changed, or that can't be read."""
    before = ""
    for number, line in enumerate(_lines(workspace.issued), 2):
        try:
            mine = _signed(line, number).line
        except RecordError as error:
            return [str(error)]
        before = _sum(before, mine)
        if line[CHAIN] != before:
            return [
                f"{workspace.issued.name}, line {number} was changed after it was written, or a line before it was "
                "taken out: its sum is not that of the lines up to it. Restore the file from your back-up."
            ]
    return []


def changed_issues(workspace: Workspace) -> list[str]:
    """A sentence for each file of an issued pack that is gone, or is not what was issued."""
    said = []
    for one in read_record(workspace):
        if one.event != ISSUED:
            continue
        for name, sha256 in one.files:
            counts = workspace.published_counts(one.quarter, one.version)
            path = (
                counts if name == counts.name else workspace.version_folder(one.quarter, one.version) / name
            )
            what = f"{path}, version {one.version} as issued on {one.at:%d %b %Y},"
            if not path.exists():
                said.append(f"{what} is gone. Restore it from your back-up.")
            elif hash_of(path) != sha256:
                said.append(f"{what} was changed since. Restore it from your back-up.")
    return said


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _lines(path: Path) -> list[dict[str, str]]:
    whole, _ = parts_of(path)
    return [
        {name: line.get(name) or "" for name in (*FIELDS, CHAIN)}
        for line in csv.DictReader(io.StringIO(whole, newline=""))
    ]


def _signed(line: dict[str, str], number: int) -> Signed:
    try:
        files = tuple((name, sha256) for name, _, sha256 in (f.partition("=") for f in line["files"].split()))
        if line["event"] not in (ISSUED, CLOSED) or not all(SHA256.fullmatch(sha256) for _, sha256 in files):
            raise ValueError(f"event {line['event']!r}, files {line['files']!r}")
        return Signed(
            line["event"],
            line["quarter"],
            int(line["version"]),
            datetime.fromisoformat(line["at"]),
            line["by"],
            line["role"],
            line["status"],
            line["reason"],
            date.fromisoformat(line["as_at"]),
            datetime.fromisoformat(line["received_until"]),
            line["run_id"],
            files,
        )
    except ValueError as error:
        raise RecordError(
            f"issued.csv, line {number} can't be read ({error}). Restore the file from your back-up; it is only ever "
            "added to."
        ) from error


def _sum(before: str, line: list[str]) -> str:
    return hashlib.sha256(f"{before}\n{as_csv([line])}".encode()).hexdigest()[:16]
