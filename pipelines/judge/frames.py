"""Typed rows of a return's submissions as one frame, and the way back from a finding to the cell it speaks of."""

from dataclasses import replace
from typing import Any

import pandas as pd

from pipelines.contract import NUMERIC, Contract
from pipelines.findings import Finding
from pipelines.submission import Submission
from pipelines.tidy.tidied import Link
from pipelines.tidy.values import names_of


def placed(findings: list[Finding], submissions: list[Submission]) -> list[Finding]:
    """The findings with the file, sheet and cell that they speak of."""
    wanted = {(finding.row_id or "", finding.column_name or "") for finding in findings}
    links: dict[tuple[str, str], Link] = {}
    blanks: dict[tuple[str, str], tuple[str, str]] = {}
    for submission in submissions if findings else ():
        links |= submission.tidied.links_of(wanted)
        blanks |= {key: where for key, where in submission.tidied.blanks.items() if key in wanted}
    found = []
    for finding in findings:
        key = (finding.row_id or "", finding.column_name or "")
        file_id = (finding.submission_id or "").split(".", 1)[0]
        sheet, cell = blanks.get(key, (None, None))
        typed = None
        if link := links.get(key):
            sheet, cell, typed = link.sheet, link.cell, link.as_typed
        found.append(replace(finding, file_id=file_id, sheet=sheet, cell=cell, as_typed=typed))
    return found


def frame_of(contract: Contract, submissions: list[Submission]) -> pd.DataFrame:
    """All rows of a contract as one frame, index 0…n, whose columns are there even without a row."""
    own = ["file_id", "received_at"] + ([] if contract.is_framework else ["partner", "quarter"])
    names = ["row_id", "submission_id", *contract.sql_columns]
    names += [name for column in contract.columns for name in names_of(column) if name not in names]
    whose = [(_whose(s), s.tidied) for s in submissions]
    values = {name: [mine[name] for mine, tidied in whose for _ in tidied.row_ids] for name in own}
    values |= {name: [v for _, tidied in whose for v in tidied.columns.get(name, ())] for name in names}
    order = ["row_id", "submission_id", *own, *names[2:]]
    frame = pd.DataFrame({name: pd.Series(values[name], dtype=object) for name in order})
    for column in contract.columns:
        if column.type in NUMERIC:
            frame[column.name] = pd.to_numeric(frame[column.name])
    return frame


def _whose(submission: Submission) -> dict[str, Any]:
    """What every row of a submission carries; the framework has no partner and no quarter of its own."""
    return {
        "file_id": submission.receipt.file_id,
        "received_at": submission.receipt.first_seen,
        "partner": submission.partner,
        "quarter": submission.quarter,
    }
