"""What became of every cell: loaded, refused by which rules, or outside the tables and as what.

And of every row: one that a rule refuses, or whose return is refused whole, does not enter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from pipelines.cells import Cell, Sheet
from pipelines.findings import REFUSE, Finding
from pipelines.parse import as_typed
from pipelines.personal_data import masked
from pipelines.remarks import ANSWER
from pipelines.submission import FileRead, Submission
from pipelines.tidy import Link

LOADED, REFUSED, OUTSIDE = "loaded", "refused", "outside"


class ConservationError(Exception):
    """Cells or rows went astray between a partner's file and staging: our fault, and the run stops."""


@dataclass(frozen=True)
class Refusals:
    """The rules that refused a submission, a row, or a value that its row stands without."""

    of_submission: dict[str, list[str]] = field(default_factory=dict)
    of_row: dict[str, list[str]] = field(default_factory=dict)
    of_value: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def refuses(self, submission: Submission, link: Link) -> list[str]:
        """Every rule because of which the value behind `link` did not enter."""
        return [
            *self.of_submission.get(submission.submission_id, []),
            *self.of_row.get(link.row_id, []),
            *self.of_value.get((link.row_id, link.column_name), []),
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


def cell_rows(file: FileRead, refused: Refusals) -> list[dict[str, Any]]:
    """One row per non-empty cell of the file; ConservationError if one has no place."""
    links: dict[tuple[str, str], list[tuple[Submission, Link]]] = {}
    for submission in file.submissions.values():
        for link in submission.tidied.links:
            links.setdefault((link.sheet, link.cell), []).append((submission, link))
    rows = []
    for sheet in file.book.sheets:
        for cell in chain.from_iterable(sheet.lines.values()):
            mine = links.get((sheet.name, cell.address), [])
            disposition, reason = _disposition(file, sheet, cell, mine, refused)
            row = {
                "file_id": file.receipt.file_id,
                "submission_id": None,
                "row_id": None,
                "column_name": None,
                "sheet": sheet.name,
                "cell": cell.address,
                "as_typed": as_typed(cell.value),
                "disposition": disposition,
                "reason": reason,
            }
            for submission, link in mine[:1]:
                row["submission_id"] = submission.submission_id
                row["as_typed"] = link.as_typed  # without personal data, where some was found in it
                row |= {"row_id": link.row_id, "column_name": link.column_name}
            if isinstance(cell.value, str) and disposition != LOADED:
                # no rule has looked through what belongs to no row that stands
                row["as_typed"] = masked(str(row["as_typed"]))
            rows.append(row)
    return rows


def _disposition(
    file: FileRead, sheet: Sheet, cell: Cell, links: list[tuple[Submission, Link]], refused: Refusals
) -> tuple[str, str | None]:
    outside = file.outside.get((sheet.name, cell.row, cell.column))
    if bool(outside) == bool(links):
        raise ConservationError(
            f"{file.receipt.original_name}, sheet '{sheet.name}', cell {cell.address} was read but has "
            f"{'two places' if links else 'no place'} to go to. "
            "This is a fault of the pipeline, not of the file; please report it."
        )
    if outside == ANSWER:
        return LOADED, ANSWER
    if outside:
        return (REFUSED, "return_recognised") if outside == "not recognised" else (OUTSIDE, outside)
    rules = [refused.refuses(*one) for one in links]
    if not all(rules):  # a merged cell is loaded if one of the rows that it fills is
        return LOADED, None
    return REFUSED, ", ".join(dict.fromkeys(rule for some in rules for rule in some))
