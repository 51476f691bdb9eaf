"""The record of packs issued, quarters closed and quarters reported without a return (data/raw/issued.csv).

A line for each, and only ever added to.

Each line carries a sum over all lines up to it, so that one that was changed, moved or taken out shows. A second copy
lies in the archive: lines that the record lost at its end are read from there, and put back. What the record says is
dated, as receipts are, so a run as at a day knows what had been issued by then.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.receipt import CHAIN, as_csv, first_broken, parts_of, with_sums
from pipelines.storage import durable
from pipelines.workspace import Workspace

ISSUED, CLOSED, REPORTED = "issued", "closed", "reported"
PROVISIONAL, FINAL = "provisional", "final"
MANIFEST = ".manifest.json"
SHA256 = re.compile("[0-9a-f]{64}")


class RecordError(Exception):
    """The record is not as it was left; the message says what to do."""


@dataclass(frozen=True)
class Signed:
    """One line: a version of a quarter's pack was issued, the quarter closed with it, or reported with no return.

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
    found = [_signed(line, number) for number, line in enumerate(_lines(workspace), 2)]
    return [one for one in found if until is None or one.at.date() <= until]


def mend(workspace: Workspace) -> list[str]:
    """Make record and copy whole: what each has and the other lacks. Sentences about what was lost."""
    record, copy = _lines_of(workspace.issued), _lines_of(workspace.issued_copy)
    if lost := len(_lines(workspace)) - len(record):
        durable.replace(parts_of(workspace.issued_copy)[0], workspace.issued)
        return [
            f"{workspace.issued.name} had lost {lost} of its {len(copy)} lines, which were put back from data/archive. "
            "It is only ever added to: leave it where it is."
        ]
    if copy != record and copy == record[: len(copy)]:
        durable.replace(parts_of(workspace.issued)[0], workspace.issued_copy)
    return []


def sign(signed: Signed, workspace: Workspace) -> None:
    """Add a line; on the disk when this returns. RecordError where those before it are not as they were left."""
    mend(workspace)
    if faults := prove(workspace):
        raise RecordError(" ".join(faults))
    whole, _ = parts_of(workspace.issued)
    lines = _lines(workspace)
    head = whole if lines else as_csv([[*FIELDS, CHAIN]])
    text = head + as_csv(list(with_sums([signed.line], lines[-1][CHAIN] if lines else "")))
    durable.replace(text, workspace.issued)
    durable.replace(text, workspace.issued_copy)


def latest(record: Sequence[Signed], quarter: str, event: str = ISSUED) -> Signed | None:
    """The last such line of a quarter: its newest version, or its closing."""
    found = [one for one in record if (one.event, one.quarter) == (event, quarter)]
    return found[-1] if found else None


def prove(workspace: Workspace) -> list[str]:
    """What is wrong with the record itself, a sentence each: a line that was changed, or that can't be read."""
    name, lines = workspace.issued.name, _lines(workspace)
    try:
        mine = [[*_signed(line, number).line, line[CHAIN]] for number, line in enumerate(lines, 2)]
    except RecordError as error:
        return [str(error)]
    if number := first_broken(mine):
        return [
            f"{name}, line {number} was changed after it was written, or a line before it was taken out: its sum is "
            "not that of the lines up to it. Restore the file from your back-up."
        ]
    if lost := len(lines) - len(_lines_of(workspace.issued)):
        return [f"{name} has lost {lost} of its {len(lines)} lines. The next run puts them back."]
    if (copy := _lines_of(workspace.issued_copy)) != lines[: len(copy)]:
        return [f"{name} is not what its copy in data/archive is. Restore both from your back-up."]
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
            elif _hash_as_issued(path) != sha256:
                said.append(f"{what} was changed since. Restore it from your back-up.")
    return said


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """A manifest as it stands in its file."""
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"


def _hash_as_issued(path: Path) -> str:
    """The hash of an issued file. A manifest is told what was erased since; all else of it is as it was issued."""
    content = path.read_bytes()
    if path.name.endswith(MANIFEST):
        with suppress(ValueError):
            manifest = json.loads(content)
            if manifest.pop("erased_since", None):
                content = manifest_text(manifest).encode()
    return hashlib.sha256(content).hexdigest()


def _lines(workspace: Workspace) -> list[dict[str, str]]:
    """Those of the record, and of its copy those that the record has lost at its end."""
    record, copy = _lines_of(workspace.issued), _lines_of(workspace.issued_copy)
    return copy if copy[: len(record)] == record else record


def _lines_of(path: Path) -> list[dict[str, str]]:
    whole, _ = parts_of(path)
    return [
        {name: line.get(name) or "" for name in (*FIELDS, CHAIN)}
        for line in csv.DictReader(io.StringIO(whole, newline=""))
    ]


def _signed(line: dict[str, str], number: int) -> Signed:
    try:
        files = tuple((name, sha256) for name, _, sha256 in (f.partition("=") for f in line["files"].split()))
        if line["event"] not in (ISSUED, CLOSED, REPORTED) or not all(
            SHA256.fullmatch(sha256) for _, sha256 in files
        ):
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
