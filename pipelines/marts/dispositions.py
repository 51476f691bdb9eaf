"""What became of every cell: loaded, refused by which rules, or outside the tables and as what.

And of every row: one that a rule refuses, or whose return is refused whole, does not enter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.cells import address
from pipelines.findings import REFUSE, Finding
from pipelines.parse import as_typed
from pipelines.personal_data import masked
from pipelines.submission import FileRead, Submission
from pipelines.submission.remarks import ANSWER
from pipelines.tidy.tidied import Link

LOADED, REFUSED, OUTSIDE = "loaded", "refused", "outside"


class CellRow(NamedTuple):
    """One line of staging.cells: a non-empty cell, what it was read into, and what became of it."""

    file_id: str
    submission_id: str | None
    row_id: str | None
    column_name: str | None
    sheet: str
    cell: str
    as_typed: str
    disposition: str
    reason: str | None


class ConservationError(Exception):
    """Cells or rows went astray between a partner's file and staging: our fault, and the run stops."""


@dataclass(frozen=True)
class Refusals:
    """The rules that refused a submission, a row, or a value that its row stands without."""

    of_submission: dict[str, list[str]] = field(default_factory=dict)
    of_row: dict[str, list[str]] = field(default_factory=dict)
    of_value: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def refuses(self, submission_id: str, link: Link) -> list[str]:
        """Every rule because of which the value behind `link` did not enter."""
        return [
            *self.of_submission.get(submission_id, ()),
            *self.of_row.get(link.row_id, ()),
            *self.of_value.get((link.row_id, link.column_name), ()),
        ]

    def rows_refused(self, submission: Submission) -> int:
        """How many of its rows did not enter."""
        if submission.problem:
            return len(submission.tidied)
        return sum(row_id in self.of_row for row_id in submission.tidied.row_ids)


def refusals(findings: Iterable[Finding]) -> Refusals:
    """The refusals among the findings."""
    found = Refusals()
    for finding in findings:
        row_id, column = finding.row_id, finding.column_name
        if finding.consequence == REFUSE and row_id:
            found.of_row.setdefault(row_id, []).append(finding.rule)
        elif finding.consequence == REFUSE and finding.submission_id:
            found.of_submission.setdefault(finding.submission_id, []).append(finding.rule)
        elif row_id and column and finding.rule == f"{column}_readable":
            # what can't be read is left out even where the row can do without it
            found.of_value.setdefault((row_id, column), []).append(finding.rule)
    return found


def cell_rows(file: FileRead, refused: Refusals) -> list[CellRow]:
    """One row per non-empty cell of the file; ConservationError if one has no place."""
    links: dict[tuple[str, str], list[tuple[str, Link]]] = {}
    for submission in file.submissions.values():
        of_submission = submission.submission_id
        for one in submission.tidied.links:
            links.setdefault((one.sheet, one.cell), []).append((of_submission, one))
    file_id = file.receipt.file_id
    rows = []
    for sheet in file.book.sheets:
        name, listed = sheet.name, sheet.listed
        for row, column, value in zip(listed.rows, listed.columns, listed.raw, strict=True):
            cell = address(row, column)
            mine = links.get((name, cell), [])
            outside = file.outside.get((name, row, column))
            if bool(outside) == bool(mine):
                raise ConservationError(
                    f"{file.receipt.original_name}, sheet '{name}', cell {cell} was read but has "
                    f"{'two places' if mine else 'no place'} to go to. "
                    "This is a fault of the pipeline, not of the file; please report it."
                )
            disposition, reason = _outside(outside) if outside else _in_a_table(mine, refused)
            submission_id, link = mine[0] if mine else (None, None)
            # as the link has it: without personal data, where some was found in it
            typed = link.as_typed if link else as_typed(value)
            if disposition != LOADED and isinstance(value, str):
                # no rule has looked through what belongs to no row that stands
                typed = masked(typed)
            row_id, column_name = (link.row_id, link.column_name) if link else (None, None)
            rows.append(
                CellRow(file_id, submission_id, row_id, column_name, name, cell, typed, disposition, reason)
            )
    return rows


def _outside(what: str) -> tuple[str, str]:
    if what == ANSWER:
        return LOADED, ANSWER
    return (REFUSED, "return_recognised") if what == "not recognised" else (OUTSIDE, what)


def _in_a_table(links: list[tuple[str, Link]], refused: Refusals) -> tuple[str, str | None]:
    rules = [refused.refuses(*one) for one in links]
    if not all(rules):  # a merged cell is loaded if one of the rows that it fills is
        return LOADED, None
    return REFUSED, ", ".join(dict.fromkeys(rule for some in rules for rule in some))
