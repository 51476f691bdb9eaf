"""What was last accepted in a place that is asked about, in words: the value that the partner knows us to hold."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipelines.contract import NUMERIC, Contract
from pipelines.findings import REFUSE, Finding
from pipelines.reply.names import quarter_label
from pipelines.reply.queries import is_basic
from pipelines.submission import FileRead, Submission


def prior_values(
    file: FileRead, findings: Iterable[Finding], frames: Mapping[str, pd.DataFrame]
) -> dict[Finding, str]:
    """For a finding on a figure: what counted for the same partner, key and column when there last was a value."""
    rows = {
        row["row_id"]: (s, row)
        for s in (*file.as_before, *file.submissions.values())
        for row in s.tidied.rows
    }
    said = {}
    for finding in findings:
        submission, row = rows.get(finding.row_id or "", (None, {}))
        if submission is None or finding.column_name is None:
            continue
        if finding.consequence == REFUSE and not is_basic(finding):
            continue  # it breaks a rule whatever we held before
        column = submission.contract.by_name.get(finding.column_name)
        if column is None or column.type not in NUMERIC:
            continue
        found = _last(submission, row, column.name, frames.get(submission.contract.full_name))
        if found:
            quarter, value = found
            said[finding] = f"Last accepted, for {quarter_label(quarter)}: {value:,.10g}."
    return said


def _last(
    submission: Submission, row: Mapping[str, Any], column: str, frame: pd.DataFrame | None
) -> tuple[str, float] | None:
    contract: Contract = submission.contract
    if frame is None or frame.empty or submission.quarter is None:
        return None
    same = frame["is_current"] & (frame["partner"] == submission.partner)
    same &= frame["quarter"] < submission.quarter
    for name in contract.key:
        same &= frame[name] == row[name]
    found = frame[same & frame[column].notna()].sort_values("quarter")
    return (str(found["quarter"].iloc[-1]), float(found[column].iloc[-1])) if len(found) else None
