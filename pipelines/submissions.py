"""From one file to the returns in it: recognised, addressed and tidied, with every cell accounted for.

A submission is (file, partner, return, quarter). Several tables of the same return in one file are
one submission. What can't be taken is refused whole, with one sentence, and its cells with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.cells import Book, Cell, Sheet
from pipelines.contract import Contract
from pipelines.envelope import Envelope, address, read_labels
from pipelines.findings import NOTE, QUERY, REFUSE, Finding
from pipelines.headings import plain
from pipelines.layouts import read_table
from pipelines.parse import as_typed
from pipelines.receipt import Receipt
from pipelines.recognise import Recognised, Table, recognise
from pipelines.references import References
from pipelines.tidy import Tidied, tidy
from pipelines.totals import reconcile

Place = tuple[str, int, int]


@dataclass
class Submission:
    """One return found in one file; `problem` is the rule and sentence that refuse it whole."""

    contract: Contract
    receipt: Receipt
    partner: str | None
    quarter: str | None
    is_nil: bool = False
    problem: str | None = None
    tidied: Tidied = field(default_factory=Tidied)

    @property
    def submission_id(self) -> str:
        name = self.contract.full_name if self.contract.is_framework else self.contract.name
        return f"{self.receipt.file_id}.{self.partner or '-'}.{name}.{self.quarter or '-'}"


@dataclass
class FileRead:
    """What one file came to: its returns, its findings, and the place of every cell outside a table."""

    receipt: Receipt
    book: Book
    submissions: dict[str, Submission] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    outside: dict[Place, str] = field(default_factory=dict)

    def find(self, rule: str, because: str, consequence: str, **place: Any) -> None:
        self.findings.append(Finding(rule, because, consequence, file_id=self.receipt.file_id, **place))


def read_file(
    receipt: Receipt, book: Book, contracts: Iterable[Contract], references: References
) -> FileRead:
    """Find the returns in `book`. Framework files carry no partner and no quarter."""
    contracts = list(contracts)
    file = FileRead(receipt, book)
    found = []
    for sheet in book.sheets:
        if sheet.visibility != "visible":
            _leave_out(file, sheet, "hidden")
            if sheet.cells:
                file.find(
                    "hidden_sheet",
                    f"The sheet '{sheet.name}' is hidden, so its {len(sheet.cells)} cells were not read. "
                    "Unhide it if it belongs to the return.",
                    NOTE,
                    sheet=sheet.name,
                )
        elif sheet.cells:
            found.append(recognise(sheet, contracts))
    has_table = any(recognised.tables for recognised in found)
    number = 0
    for recognised in found:
        if not recognised.tables:
            _no_table(file, recognised, has_table)
        for table in recognised.tables:
            number += 1
            _read_table(file, table, recognised, number, references)
    for remark in book.remarks:
        file.find("workbook_remark", remark, NOTE)
    return file


def _leave_out(file: FileRead, sheet: Sheet, reason: str) -> None:
    file.outside |= {(sheet.name, row, column): reason for row, column in sheet.cells}


def _no_table(file: FileRead, recognised: Recognised, has_table: bool) -> None:
    sheet = recognised.sheet
    _leave_out(file, sheet, "no table")
    if recognised.problem:
        file.find(
            "return_recognised",
            recognised.problem,
            QUERY if has_table else REFUSE,
            sheet=sheet.name,
            cell=recognised.problem_cell,
        )
    elif has_table:
        file.find(
            "sheet_without_table",
            f"The sheet '{sheet.name}' holds no table that we recognise; its {len(sheet.cells)} cells were left out.",
            NOTE,
            sheet=sheet.name,
        )
    else:
        file.find(
            "return_recognised",
            "No table with the headings of a return was found. Use the headings of the template.",
            REFUSE,
            sheet=sheet.name,
        )


def _read_table(
    file: FileRead, table: Table, recognised: Recognised, number: int, references: References
) -> None:
    sheet = table.sheet
    first_header = min(t.header_row for t in recognised.tables)
    labels, label_places = read_labels(sheet, first_header)
    for place in sheet.cells:
        if place[0] < first_header:
            file.outside[sheet.name, *place] = "label" if place in label_places else "title"
    lines = read_table(table)
    file.outside |= {(sheet.name, *place): why for place, why in lines.outside.items()}

    envelope = Envelope(None, None)
    if not table.contract.is_framework:
        envelope = address(labels, file.receipt, _partners(references), set(_calendar(references)))
    submission = Submission(table.contract, file.receipt, envelope.partner, envelope.quarter)
    submission = file.submissions.setdefault(submission.submission_id, submission)
    where: dict[str, Any] = {"submission_id": submission.submission_id, "sheet": sheet.name}

    if envelope.problem:
        _refuse(file, submission, envelope.rule or "", envelope.problem, cell=envelope.cell, **where)
    for column in table.missing:
        _refuse(
            file,
            submission,
            "column_present",
            f"The column '{column.header}' is missing. {column.help} Add the column and send the file again.",
            column_name=column.name,
            cell=Cell(table.header_row, min(table.columns), "").address,
            **where,
        )
    for cell in (*table.unknown, *lines.stray):
        _query_stray(file, cell, is_heading=cell.row == table.header_row, where=where)
    says_nil = lines.is_nil or ("nil" in labels and plain(labels["nil"].text) in ("yes", "y", "nil"))
    submission.is_nil = submission.is_nil or (says_nil and table.contract.nil_allowed)
    tidied = tidy(table, lines.rows, file.receipt.file_id, submission.submission_id, number, references)
    typed = [(source.row, row) for source, row in zip(lines.rows, tidied.rows, strict=True)]
    for finding in reconcile(table.contract, lines.totals, typed, sheet.name):
        file.findings.append(
            replace(finding, file_id=file.receipt.file_id, submission_id=submission.submission_id)
        )
    submission.tidied.rows.extend(tidied.rows)
    submission.tidied.links.extend(tidied.links)
    submission.tidied.blanks.update(tidied.blanks)


def refuse_empty(file: FileRead) -> None:
    """Refuse each submission that has no rows and does not say that it is nil."""
    for submission in file.submissions.values():
        if not submission.tidied.rows and not submission.is_nil and not submission.problem:
            _refuse(
                file,
                submission,
                "has_rows",
                f"The return '{submission.contract.title}' has headings but no rows. "
                "If there is nothing to report, write 'Nil return' in the first row.",
                submission_id=submission.submission_id,
            )


def _refuse(file: FileRead, submission: Submission, rule: str, because: str, **place: Any) -> None:
    submission.problem = submission.problem or rule
    file.find(rule, because, REFUSE, **place)


def _query_stray(file: FileRead, cell: Cell, is_heading: bool, where: Mapping[str, Any]) -> None:
    what = "is the heading of no column of this return" if is_heading else "stands under no heading"
    file.find(
        "column_known" if is_heading else "cell_under_heading",
        f"'{as_typed(cell.value)}' {what}, so it was left out. "
        "Use the template's headings, or tell us what it is.",
        QUERY,
        cell=cell.address,
        as_typed=as_typed(cell.value),
        **where,
    )


def _partners(references: References) -> dict[str, str]:
    reference = references.get("framework.partners")
    return reference.ids if reference else {}


def _calendar(references: References) -> Iterable[str]:
    reference = references.get("framework.calendar")
    return reference.facts if reference else ()
