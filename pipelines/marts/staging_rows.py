"""The lines of the shared staging tables, from what was judged; `load` puts them in."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any, NamedTuple

import pandas as pd

from pipelines.findings import REFUSE, Answer, Finding
from pipelines.framework.calendar import key_days
from pipelines.judge.judged import Judged, rows_of
from pipelines.marts.dispositions import Refusals
from pipelines.submission import Submission
from pipelines.submission.opening import Opened
from pipelines.template.identity import Identity

Line = dict[str, Any]


class RowCell(NamedTuple):
    """One line of staging.row_cells: a value of a row, and the cell that it was read from."""

    row_id: str
    column_name: str
    file_id: str
    sheet: str
    cell: str
    as_typed: str
    correction: str | None
    read_as: str | None


def file_lines(judged: Judged) -> list[Line]:
    """One line per file; of one that holds a return it is not the file that was refused."""
    holding = {file.receipt.file_id for file in judged.files if file.submissions}
    refused: dict[str | None, list[str]] = defaultdict(list)
    for finding in judged.findings:
        if finding.consequence == REFUSE and finding.file_id not in holding:
            refused[finding.file_id].append(finding.because)
    made_from = {file.receipt.file_id: file.identity for file in judged.files}
    return [
        _file_line(file, refused[file.receipt.file_id], made_from.get(file.receipt.file_id))
        for file in judged.opened
    ]


def _file_line(file: Opened, refused: list[str], template: Identity | None) -> Line:
    receipt = file.receipt
    return {
        "file_id": receipt.file_id,
        "sha256": receipt.sha256,
        "file_name": receipt.original_name,
        "received_at": receipt.first_seen,
        "received_from": receipt.received_from or None,
        "folder": receipt.folder or None,
        "size_bytes": receipt.size,
        "state": "checked" if receipt.is_check else "refused" if refused else "read",
        "reason": " ".join(dict.fromkeys(refused)) or None,
        "template_version": template.version if template else None,
        "template_written_on": template.issued_on if template else None,
    }


def submission_lines(judged: Judged, refused: Refusals) -> list[Line]:
    """One line per return found in a file, with how many of its rows stand and how many are queried."""
    queried = {name: _queried(frame) for name, frame in judged.frames.items()}
    return [
        _submission_line(submission, queried[submission.contract.full_name], judged, refused)
        for file in judged.files
        for submission in file.submissions.values()
    ]


def _queried(frame: pd.DataFrame) -> dict[str, list[bool]]:
    """For each submission: of each row that stands, whether something is asked about it."""
    found: dict[str, list[bool]] = defaultdict(list)
    for submission_id, is_queried in zip(frame["submission_id"], frame["is_queried"], strict=True):
        found[submission_id].append(bool(is_queried))
    return found


def _submission_line(
    submission: Submission, queried: dict[str, list[bool]], judged: Judged, refused: Refusals
) -> Line:
    s, receipt, name = submission, submission.receipt, submission.submission_id
    standing = queried.get(name, [])
    read, accepted = len(s.tidied), len(standing)
    stands = accepted or (s.is_nil and not read and not s.problem)
    state = (
        ("accepted" if accepted else "nil")
        if name in judged.current
        else "superseded"
        if stands
        else "refused"
    )
    ended, ended_at = judged.withdrawn.get(name, (None, None))
    return {
        "submission_id": name,
        "file_id": receipt.file_id,
        "sha256": receipt.sha256,
        "file_name": receipt.original_name,
        "return": s.contract.full_name if s.contract.is_framework else s.contract.name,
        "partner": s.partner,
        "quarter": s.quarter,
        "received_at": receipt.first_seen,
        "state": "withdrawn" if name in judged.withdrawn else state,
        "rows_read": read,
        "rows_accepted": accepted,
        "rows_refused": refused.rows_refused(s),
        "rows_queried": sum(standing),
        "is_nil": bool(s.is_nil),
        "ended_at": ended_at,
        "ended": ended,
    }


def sheet_lines(judged: Judged) -> list[Line]:
    """One line per sheet of each file that could be read."""
    return [
        {
            "file_id": file.receipt.file_id,
            "sheet": sheet.name,
            "visibility": sheet.visibility,
            "cells_counted": sheet.counted,
        }
        for file in judged.files
        for sheet in file.book.sheets
    ]


def row_cells(judged: Judged) -> list[RowCell]:
    """A line for each value, and for each column that is read from the same cell."""
    corrected = judged.corrected
    lines = []
    for file in judged.files:
        for submission in file.submissions.values():
            by_name, tidied = submission.contract.by_name, submission.tidied
            names = {name: (name, *column.companions) for name, column in by_name.items()}
            references = {name for name, column in by_name.items() if column.refers_to}
            for links in (tidied.links, tidied.heading_links):
                for row_id, column_name, file_id, sheet, cell, typed in links:
                    correction = corrected.get((row_id, column_name))
                    row = tidied.row(row_id) if column_name in references else None
                    read_as = row.get(column_name) if row else None
                    for name in names[column_name]:
                        lines.append(RowCell(row_id, name, file_id, sheet, cell, typed, correction, read_as))
    return lines


def finding_line(finding: Finding) -> Line:
    """One broken rule at one cell."""
    line = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return line | {"row_key": " | ".join(finding.row_key) or None}


def answer_line(answer: Answer) -> Line:
    """What a partner answered to a query."""
    line = asdict(answer)
    return line | {"answer": line.pop("text")}


def key_day_lines(judged: Judged) -> list[Line]:
    """The days of each quarter by which something is due."""
    settings = {row["setting_id"]: row["value"] for row in rows_of(judged, "settings")}
    days = key_days(rows_of(judged, "calendar"), settings)
    return [{"quarter": d.quarter, "kind": d.kind, "day": d.on, "basis": d.basis} for d in days]
