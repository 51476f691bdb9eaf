"""What was judged: every file with what became of it, and what the framework's rows say."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import Answer, Finding
from pipelines.framework.references import References
from pipelines.storage.memory import Memory
from pipelines.submission import FileRead, Submission
from pipelines.submission.opening import Opened


@dataclass
class Judged:
    """Every file with what became of it. `frames` holds the rows that stand, by contract.

    `checked` is the same with the files that only came to be checked; None where there are none. `memory` is what
    earlier runs worked out.
    """

    contracts: dict[str, Contract]
    opened: list[Opened] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    references: References = field(default_factory=dict)
    current: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    corrected: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # row and column → by which correction
    withdrawn: dict[str, tuple[str, datetime]] = field(
        default_factory=dict
    )  # submission → how it was withdrawn, and when
    checked: "Judged | None" = None
    memory: Memory = field(default_factory=Memory)


def rows_of(judged: Judged, entity: str) -> list[dict[str, Any]]:
    """The rows that count of a sheet of the framework; none where it has no such sheet."""
    frame = judged.frames.get(f"framework.{entity}")
    if frame is None or frame.empty:
        return []
    counting = frame[frame["is_current"].astype(bool)].astype(object)
    records = counting.where(counting.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]


def dated_rows_of(judged: Judged, entity: str) -> list[dict[str, Any]]:
    """The same, each with when a file that has it was first received (`first_seen`)."""
    frame = judged.frames.get(f"framework.{entity}")
    if frame is None or frame.empty:
        return []
    (key,) = judged.contracts[f"framework.{entity}"].key
    received = {file.receipt.file_id: file.receipt.first_seen for file in judged.opened}
    first: dict[Any, datetime] = {}
    for file_id, name in zip(frame["file_id"], frame[key], strict=True):
        first[name] = min(received[file_id], first.get(name, received[file_id]))
    return [row | {"first_seen": first[row[key]]} for row in rows_of(judged, entity)]


def cut_off_of(judged: Judged, submission: Submission) -> date | None:
    """The cut-off of a submission's quarter, by the calendar."""
    calendar = judged.references.get("framework.calendar")
    facts = calendar.facts.get(submission.quarter or "", {}) if calendar else {}
    return facts.get("cut_off_on")
