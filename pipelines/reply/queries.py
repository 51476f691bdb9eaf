"""From findings to queries: what follows from another fault goes, what is the same is asked once, 30 at most."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipelines.cells import Book
from pipelines.findings import Finding
from pipelines.reply.model import NOTHING_TO_DO, OPEN, Query
from pipelines.reply.wording import (
    INFORMATION,
    SEVERITIES,
    expected_and_fix,
    listed_cells,
    what_was_sent,
)

MOST = 30
ORDER = list(SEVERITIES.values())
# A value that is blank, unreadable or unknown: what else is wrong with the cell or its total follows from it.
BASIC = ("_given", "_readable", "_known")
TOTAL = "total_agrees"
_CELL = re.compile(r"([A-Z]+)(\d+)")


def queries_of(
    findings: Iterable[Finding], book: Book | None, said_before: Mapping[Finding, str] | None = None
) -> tuple[tuple[Query, ...], dict[str, int]]:
    """The queries on one file, most serious first, and by severity the number that are left out.

    `said_before` gives for a finding what its rule was last satisfied with: the prior value in words.
    """
    sheets = [sheet.name for sheet in book.sheets] if book else []
    said = said_before or {}
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in without_consequences(findings):
        groups.setdefault(_same(finding), []).append(finding)
    ordered = sorted(groups.values(), key=lambda group: _order(group[0], sheets))
    shown, rest = ordered[:MOST], ordered[MOST:]
    left_out: dict[str, int] = {}
    for group in rest:
        severity = SEVERITIES[group[0].consequence]
        left_out[severity] = left_out.get(severity, 0) + 1
    return tuple(_query(number, group, said) for number, group in enumerate(shown, 1)), left_out


def without_consequences(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what only follows from another fault of the same cell, column or sheet, and what is said twice."""
    every = list(dict.fromkeys(finding for finding in findings if not finding.is_trial))
    spoilt = {(f.submission_id, f.row_id, f.column_name) for f in every if f.row_id and is_basic(f)}
    spoilt_columns = {(submission_id, column) for submission_id, _, column in spoilt}
    refused_whole = {f.sheet for f in every if f.rule == "return_recognised" and f.sheet}

    def follows(finding: Finding) -> bool:
        if finding.row_id and (finding.submission_id, finding.row_id, finding.column_name) in spoilt:
            return not is_basic(finding)
        if finding.rule == TOTAL:
            return (finding.submission_id, finding.column_name) in spoilt_columns
        # a sheet that was not recognised needs no word on its hidden lines or strays
        return finding.sheet in refused_whole and finding.consequence != "refuse"

    return [finding for finding in every if not follows(finding)]


def is_basic(finding: Finding) -> bool:
    """Whether the finding is that the value itself is blank, unreadable or unknown."""
    return finding.rule in {f"{finding.column_name}{suffix}" for suffix in BASIC}


def _same(finding: Finding) -> tuple[object, ...]:
    """What makes two findings one query: the same rule, sheet and sentence, whatever value each repeats."""
    typed = " ".join((finding.as_typed or "").split())
    sentence = finding.because.replace(typed, "…") if len(typed) > 1 else finding.because
    return (
        finding.consequence,
        finding.rule,
        finding.submission_id,
        finding.sheet,
        finding.column_name,
        sentence,
        finding.settled,
        finding.row_id is None and finding.cell,
    )


def _order(finding: Finding, sheets: Sequence[str]) -> tuple[object, ...]:
    severity = ORDER.index(SEVERITIES[finding.consequence])
    sheet = sheets.index(finding.sheet) if finding.sheet in sheets else -1
    place = _CELL.fullmatch(finding.cell or "")
    row, column = (int(place[2]), (len(place[1]), place[1])) if place else (0, (0, ""))
    return bool(finding.settled), severity, sheet, row, column, finding.rule, finding.because


def _query(number: int, group: Sequence[Finding], said: Mapping[Finding, str]) -> Query:
    first = group[0]
    severity = SEVERITIES[first.consequence]
    is_in_return = first.submission_id is not None
    expected, fix = expected_and_fix(first.because, severity, is_in_return=is_in_return)
    prior = list(dict.fromkeys(said[finding] for finding in group if finding in said))
    if len(prior) == 1:
        expected = f"{expected} {prior[0]}"
    status = first.settled or (NOTHING_TO_DO if severity == INFORMATION else OPEN)
    return Query(
        number=number,
        severity=severity,
        sheet=first.sheet or "",
        cells=listed_cells(finding.cell for finding in group if finding.cell),
        sent=what_was_sent(group),
        expected=expected,
        fix=fix,
        findings=tuple(group),
        status=status,
    )
