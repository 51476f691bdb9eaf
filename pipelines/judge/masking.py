"""Personal data taken out of what is kept of a return: of its rows, of what was typed, and of findings.

The partner's own file keeps it, in the archive, where nobody reads it by chance.
"""

from dataclasses import replace

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import Finding
from pipelines.personal_data import RULE, kinds, masked
from pipelines.submission import Submission
from pipelines.tidy import TYPED

Places = set[tuple[str, str]]  # row and column


def mask(
    contract: Contract, found: list[Finding], frame: pd.DataFrame, submissions: list[Submission]
) -> None:
    """Take personal data out of every text in which it was found, and of what is kept as typed."""
    rules = {rule.id for rule in contract.rules if rule.expectation == RULE}
    told = {(f.row_id, f.column_name) for f in found if f.rule in rules and f.row_id and f.column_name}
    for row_id, name in told:
        where = frame["row_id"] == row_id
        frame.loc[where, name] = frame.loc[where, name].map(masked)
    _retype(submissions, told | _unreadable(found))


def mask_refused(contract: Contract, found: list[Finding], refused: list[Submission]) -> None:
    """The same for returns that are refused whole: no rule has looked through their texts, so all of them are."""
    names = {name for rule in contract.rules if rule.expectation == RULE for name in rule.columns}
    told = {
        (row["row_id"], name)
        for submission in refused
        for row in (submission.tidied.rows if names else ())
        for name in names
        if kinds(row[name])
    }
    _retype(refused, told | _unreadable(found))


def without_personal_data(finding: Finding) -> Finding:
    """A finding whose sentence quotes nobody's name or address, where it speaks of a value that can't be read."""
    return replace(finding, because=masked(finding.because)) if _is_unreadable(finding) else finding


def _is_unreadable(finding: Finding) -> bool:
    return finding.rule == f"{finding.column_name}_readable"


def _unreadable(found: list[Finding]) -> Places:
    """Where words stand instead of a figure or a date: they may be anything."""
    return {(f.row_id, f.column_name) for f in found if f.row_id and f.column_name and _is_unreadable(f)}


def _retype(submissions: list[Submission], told: Places) -> None:
    for submission in submissions if told else ():
        submission.tidied.retype(told, masked)
        for row_id, name in told:
            row = submission.tidied.row(row_id)
            for kept in (name, f"{name}{TYPED}") if row else ():
                if row and isinstance(row[kept], str):
                    row[kept] = masked(row[kept])
