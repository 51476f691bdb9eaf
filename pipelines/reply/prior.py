"""What was last accepted in a place that is asked about, in words: the value that the partner knows us to hold."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipelines.contract import NUMERIC, Contract
from pipelines.findings import REFUSE, Finding
from pipelines.reply.names import quarter_label
from pipelines.reply.queries import is_basic
from pipelines.submission import FileRead, Submission


class Accepted:
    """The rows that count, found by partner and key."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = frames
        self._known: dict[str, dict[tuple[Any, ...], list[Mapping[Any, Any]]]] = {}

    def last(self, submission: Submission, row: Mapping[str, Any], column: str) -> tuple[str, float] | None:
        """The quarter and the value of the last quarter before the submission's that has one for the same key."""
        if submission.quarter is None:
            return None
        contract = submission.contract
        key = (submission.partner, *(row[name] for name in contract.key))
        found = [
            one
            for one in self._rows(contract).get(key, ())
            if one["quarter"] < submission.quarter and pd.notna(one[column])
        ]
        newest = max(found, key=lambda one: str(one["quarter"]), default=None)
        return (str(newest["quarter"]), float(newest[column])) if newest else None

    def _rows(self, contract: Contract) -> dict[tuple[Any, ...], list[Mapping[Any, Any]]]:
        if contract.full_name not in self._known:
            rows = self._known[contract.full_name] = {}
            frame = self._frames.get(contract.full_name)
            for row in [] if frame is None else frame[frame["is_current"]].to_dict("records"):
                rows.setdefault((row["partner"], *(row[name] for name in contract.key)), []).append(row)
        return self._known[contract.full_name]


def prior_values(file: FileRead, findings: Iterable[Finding], accepted: Accepted) -> dict[Finding, str]:
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
        found = accepted.last(submission, row, column.name)
        if found:
            quarter, value = found
            said[finding] = f"Last accepted, for {quarter_label(quarter)}: {value:,.10g}."
    return said
