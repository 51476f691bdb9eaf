"""The partner's figures as they go back: one row for each that was sent, in the cells of the return's own form."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipelines.findings import Finding
from pipelines.reply.model import Figures, Query
from pipelines.submission import FileRead, Submission
from pipelines.submission.unchanged import written
from pipelines.tidy import TYPED


def figures_of(
    file: FileRead,
    queries: Iterable[Query],
    findings: Iterable[Finding],
    frames: Mapping[str, pd.DataFrame],
) -> tuple[Figures, ...]:
    """The returns of a file, in the order in which they were found in it.

    `findings` are all of the file's: a place with any open one is not locked. `frames` hold the rows that stand.
    """
    query_at: dict[tuple[str | None, str | None], Query] = {
        (finding.row_id, finding.column_name): query
        for query in reversed(list(queries))  # the most serious of several comes first, and so is kept
        for finding in query.findings
        if finding.row_id and finding.column_name
    }
    doubted = {(f.row_id, f.column_name) for f in findings if f.is_open and f.consequence != "note"}
    return tuple(
        _figures(s, query_at, doubted, frames) for s in (*file.as_before, *file.submissions.values())
    )


def _figures(
    submission: Submission,
    query_at: Mapping[tuple[str | None, str | None], Query],
    doubted: set[tuple[str | None, str | None]],
    frames: Mapping[str, pd.DataFrame],
) -> Figures:
    contract = submission.contract
    frame = frames.get(contract.full_name)
    standing = set(frame["row_id"]) if frame is not None and not submission.problem else set()
    rows, marks, locked = [], {}, set()
    for number, row in enumerate(submission.tidied.rows):
        row_id = row["row_id"]
        rows.append(written(row, contract.columns))
        for column in contract.columns:
            place = row_id, column.name
            if place in query_at:
                marks[number, column.name] = query_at[place]
            elif row_id in standing and row[column.name + TYPED] is not None and place not in doubted:
                locked.add((number, column.name))
    return Figures(
        contract=contract,
        partner=submission.partner,
        quarter=submission.quarter,
        row_ids=tuple(submission.tidied.row_ids),
        rows=tuple(rows),
        marks=marks,
        locked=frozenset(locked),
        is_nil=submission.is_nil,
    )
