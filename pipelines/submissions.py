"""From one file to the returns in it: recognised, addressed and tidied, with every cell accounted for.

A submission is (file, partner, return, quarter). Several tables of the same return in one file are
one submission. What can't be taken is refused whole, with one sentence, and its cells with it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.answers import Returned, read_returned
from pipelines.cells import Book, Cell, Sheet
from pipelines.cells import address as address_of
from pipelines.contract import Contract
from pipelines.envelope import Envelope, Label, address, read_labels
from pipelines.findings import NOTE, QUERY, REFUSE, Finding
from pipelines.headings import plain
from pipelines.layouts import Lines, read_table
from pipelines.layouts.kinds import EXAMPLE, NOT_FILLED_IN, PADDING
from pipelines.parse import as_typed
from pipelines.receipt import Receipt
from pipelines.recognise import FORM, Recognised, Table, recognise
from pipelines.references import References
from pipelines.taught import Layout
from pipelines.template.identity import Identity, is_meta, read_identity
from pipelines.template.returned import is_not_filled_in, is_own, left_blank, sentence
from pipelines.template.words import NIL, YES
from pipelines.tidy import Tidied, tidy
from pipelines.totals import reconcile, reconcile_across, reconcile_crosstab

Place = tuple[str, int, int]
ANSWER = (
    "answer"  # a cell beside a query of a reply that came back: no row's value, but taken in all the same
)
IDENTITY_CHANGED = (
    "The hidden sheet that says which template this is was changed or comes from another workbook, so it was not "
    "used; the return was read by its headings and labels. Fill in the template as it was sent to you."
)
THOUSANDS = re.compile(
    r"£ ?(?:k\b|m\b|0{3}s?|thousands?|millions?)|(?:thousands?|millions?) of pounds", re.IGNORECASE
)
MOST_LINES = 10  # as many line numbers as a sentence can hold


@dataclass
class Submission:
    """One return found in one file; `problem` is the rule that refuses it whole, `sheet` that of its first table."""

    contract: Contract
    receipt: Receipt
    partner: str | None
    quarter: str | None
    sheet: str
    is_nil: bool = False
    problem: str | None = None
    tidied: Tidied = field(default_factory=Tidied)

    @property
    def submission_id(self) -> str:
        name = self.contract.full_name if self.contract.is_framework else self.contract.name
        return f"{self.receipt.file_id}.{self.partner or '-'}.{name}.{self.quarter or '-'}"


@dataclass
class FileRead:
    """What one file came to: its returns, its findings, and the place of every cell outside a table.

    `shared` are the places of values that hold for all rows of a table.

    `identity` is that of the template the file was made from, if it is one and was not tampered with. `returned`
    is what a reply of ours came back with, `as_before` the earlier returns that it brings again unchanged.
    """

    receipt: Receipt
    book: Book
    identity: Identity | None = None
    submissions: dict[str, Submission] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    outside: dict[Place, str] = field(default_factory=dict)
    returned: Returned | None = None
    as_before: list[Submission] = field(default_factory=list)
    shared: set[Place] = field(default_factory=set)

    def find(self, rule: str, because: str, consequence: str, **place: Any) -> None:
        self.findings.append(Finding(rule, because, consequence, file_id=self.receipt.file_id, **place))


def read_file(
    receipt: Receipt,
    book: Book,
    contracts: Iterable[Contract],
    references: References,
    layouts: Iterable[Layout] = (),
) -> FileRead:
    """Find the returns in `book`, by the taught `layouts` where they speak of a sheet.

    Framework files carry no partner and no quarter.
    """
    contracts = list(contracts)
    file = FileRead(receipt, book, _identity(book))
    if file.identity is None and (meta := next(filter(is_meta, book.sheets), None)):
        file.find("identity_intact", IDENTITY_CHANGED, QUERY, sheet=meta.name)
    file.returned = read_returned(book, receipt.file_id, receipt.first_seen)
    sender = _partners(references).get(plain(receipt.received_from))
    found = []
    for sheet in book.sheets:
        if file.returned and sheet.name in file.returned.sheets:
            _leave_out(file, sheet, "query sheet")
        elif is_meta(sheet) or (file.identity and is_own(sheet, file.identity)):
            _leave_out(file, sheet, "template")
        elif sheet.visibility != "visible":
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
            _list_hidden(file, sheet)
            taught = [layout for layout in layouts if layout.is_for(sheet, sender)]
            found.append(_recognise(file, sheet, contracts, taught))
    found = _without_descriptions(found)
    has_table = any(recognised.tables for recognised in found)
    number = 0
    for recognised in found:
        if not recognised.tables:
            _no_table(file, recognised, has_table)
        for cell in recognised.beyond:
            file.outside[recognised.sheet.name, cell.row, cell.column] = "not in layout"
        for table in recognised.tables:
            number += 1
            _read_table(file, table, recognised, number, references)
    # a value that holds for a whole table may stand in the title of another
    for place in file.shared:
        file.outside.pop(place, None)
    if file.returned:
        _take_answers(file, file.returned)
    if not found and not (file.returned and file.returned.answers):
        file.find(
            "return_recognised",
            "Every sheet of the file is hidden or empty, so no return was found in it. "
            "Unhide the sheet that holds the return and send the file again.",
            REFUSE,
        )
    for remark in book.remarks:
        file.find("workbook_remark", remark, NOTE)
    return file


def _identity(book: Book) -> Identity | None:
    identity = read_identity(book)
    return identity if identity and identity.is_intact else None


def _recognise(file: FileRead, sheet: Sheet, contracts: list[Contract], layouts: list[Layout]) -> Recognised:
    """By the template's identity where it knows the sheet, else by a taught layout, else by the headings alone."""
    name = file.identity.sheets.get(sheet.name) if file.identity else None
    if mine := [contract for contract in contracts if contract.name == name]:
        recognised = recognise(sheet, mine)
        if recognised.tables:
            return recognised
    return recognise(sheet, contracts, layouts)


def _without_descriptions(found: list[Recognised]) -> list[Recognised]:
    """The same without forms that only describe a table of the file: a sheet of notes names each heading too."""
    grids = {table.contract.name for one in found for table in one.tables if table.shape != FORM}

    def is_description(one: Recognised) -> bool:
        shapes = {(table.shape, table.contract.name) for table in one.tables if table.layout is None}
        return bool(shapes) and shapes <= {(FORM, name) for name in grids}

    return [Recognised(one.sheet) if is_description(one) else one for one in found]


def _leave_out(file: FileRead, sheet: Sheet, reason: str) -> None:
    file.outside |= {(sheet.name, row, column): reason for row, column in sheet.cells}


def _take_answers(file: FileRead, returned: Returned) -> None:
    file.outside |= dict.fromkeys(returned.answered, ANSWER)
    for sheet, cell in returned.astray:
        file.find(
            "answer_beside_query",
            f"'{as_typed(cell.value)}' stands beside no query of ours, so it was not read as an answer. "
            "Write it under 'Your answer', in the row of the query that it is about.",
            QUERY,
            sheet=sheet,
            cell=cell.address,
            as_typed=as_typed(cell.value),
        )


def _list_hidden(file: FileRead, sheet: Sheet) -> None:
    """Hidden rows and columns are read like the others, and their sender is told."""
    rows = sorted({row for row, _ in sheet.cells} & sheet.hidden_rows)
    columns = sorted({column for _, column in sheet.cells} & sheet.hidden_columns)
    lines = [f"row {row + 1}" for row in rows]
    lines += [f"column {Cell(0, column, '').address[:-1]}" for column in columns]
    if lines:
        file.find(
            "hidden_lines",
            f"On the sheet '{sheet.name}' {', '.join(lines)} are hidden, but were read like the others. "
            "Delete what does not belong to the return.",
            NOTE,
            sheet=sheet.name,
        )


def _no_table(file: FileRead, recognised: Recognised, has_table: bool) -> None:
    sheet = recognised.sheet
    is_refused = recognised.is_near or not has_table
    _leave_out(file, sheet, "not recognised" if is_refused else "no table")
    if recognised.problem:
        file.find(
            "return_recognised",
            recognised.problem,
            REFUSE if is_refused else QUERY,
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
    labels, label_places = _labels(table, recognised.tables[0])
    envelope = Envelope(None, None)
    if not table.contract.is_framework:
        receipt = file.receipt
        if table.layout and table.layout.partner and "partner" not in labels and not receipt.received_from:
            receipt = replace(receipt, received_from=table.layout.partner)
        quarters = set(_calendar(references))
        envelope = address(labels, receipt, _partners(references), quarters, file.identity)
    if table.years:
        table = table.of_year(envelope.quarter[:7] if envelope.quarter else None)
    table = replace(table, units=_units_above(table) | dict(table.units))
    lines = read_table(table)
    for cell in table.cells:
        place = (cell.row, cell.column)
        if cell.row < table.header_top:
            is_label = place in label_places or place in table.header_cells
            file.outside[sheet.name, *place] = "label" if is_label else "title"
    file.outside |= {(sheet.name, *place): why for place, why in lines.outside.items()}
    submission = Submission(table.contract, file.receipt, envelope.partner, envelope.quarter, sheet.name)
    submission = file.submissions.setdefault(submission.submission_id, submission)
    where: dict[str, Any] = {"submission_id": submission.submission_id, "sheet": sheet.name}

    if envelope.problem:
        _refuse(file, submission, envelope.rule or "", envelope.problem, cell=envelope.cell, **where)
    if lines.rows:
        file.shared |= {(sheet.name, cell.row, cell.column) for cell in table.fixed.values()}
    # a block of a taught layout that nobody filled in lacks nothing
    for column in table.missing if lines.rows or not table.layout else ():
        _refuse(
            file,
            submission,
            "column_present",
            f"The column '{column.header}' is missing. {column.help} Add the column and send the file again.",
            column_name=column.name,
            cell=address_of(table.header_row, min(table.columns, default=table.span[0])),
            **where,
        )
    for cell in (*table.unknown, *lines.stray):
        _query_stray(file, cell, table, where=where)
    _list_slips(file, table, where)
    _list_left_out(file, table, lines, where)
    says_nil = lines.is_nil or ("nil" in labels and plain(labels["nil"].text) in ("yes", "y", "nil"))
    submission.is_nil = submission.is_nil or (says_nil and table.contract.nil_allowed)
    _leave_out_blank_rows(file, table, lines)
    tidied = tidy(
        table,
        lines.rows,
        file.receipt.file_id,
        submission.submission_id,
        number,
        references,
        quarter=envelope.quarter,
    )
    typed = [(source.row, row) for source, row in zip(lines.rows, tidied.rows, strict=True)]
    records = list(zip(lines.rows, tidied.rows, strict=True))
    for finding in (
        *reconcile(table.contract, lines.totals, typed, sheet.name),
        *reconcile_crosstab(table, lines.crosstab_totals, records),
        *reconcile_across(table, lines.row_totals, records),
    ):
        file.findings.append(
            replace(finding, file_id=file.receipt.file_id, submission_id=submission.submission_id)
        )
    submission.tidied.rows.extend(tidied.rows)
    submission.tidied.links.extend(tidied.links)
    submission.tidied.heading_links.extend(tidied.heading_links)
    submission.tidied.blanks.update(tidied.blanks)
    submission.tidied.alternatives.update(tidied.alternatives)


def _leave_out_blank_rows(file: FileRead, table: Table, lines: Lines) -> None:
    """Rows of the template in which nothing was filled in are no records with every figure missing."""
    offered = file.identity.rows_of(table.contract.name) if file.identity else []
    for source in list(lines.rows):
        if is_not_filled_in(source.cells, offered):
            lines.rows.remove(source)
            cells = source.cells.values()
            file.outside |= {(table.sheet.name, cell.row, cell.column): "not filled in" for cell in cells}


def settle_template(file: FileRead) -> None:
    """Say which expected rows of a template were left blank; a sheet on which nothing was filled in is no return."""
    if file.identity is None:
        return
    for submission_id, submission in list(file.submissions.items()):
        offered = file.identity.rows_of(submission.contract.name)
        rows, title = submission.tidied.rows, submission.contract.title
        if submission.problem or submission.is_nil:
            continue
        if not rows:
            del file.submissions[submission_id]
            file.findings = [
                replace(found, submission_id=None) if found.submission_id == submission_id else found
                for found in file.findings
            ]
            file.find(
                "sheet_filled_in",
                f"Nothing was filled in on this sheet, so the return '{title}' has not been received yet. "
                f"Fill it in; if there is nothing to report, choose {YES} beside '{NIL}' above the table.",
                QUERY,
                sheet=submission.sheet,
            )
        elif blank := left_blank(offered, rows):
            expected = sum(row.is_expected for row in offered)
            file.find(
                "expected_rows",
                sentence(submission.contract, blank, expected),
                QUERY,
                submission_id=submission_id,
                sheet=submission.sheet,
            )


def _list_slips(file: FileRead, table: Table, where: Mapping[str, Any]) -> None:
    """Headings that were taken for others they are nearly spelt like."""
    for slip in table.slips:
        file.find(
            "heading_spelt",
            f"The heading '{as_typed(slip.cell.value)}' was taken for '{slip.taken_for}'. "
            "If it is something else, use the template's heading for it.",
            NOTE,
            cell=slip.cell.address,
            as_typed=as_typed(slip.cell.value),
            **where,
        )


LEFT_OUT = {
    EXAMPLE: "an example of how to fill in",
    PADDING: "nothing but noughts",
    NOT_FILLED_IN: "no value, only words such as 'n/a' or 'Select'",
}


def _list_left_out(file: FileRead, table: Table, lines: Lines, where: Mapping[str, Any]) -> None:
    """Lines that look like records and are none: their sender is told, once for each kind."""
    for kind, what in LEFT_OUT.items():
        rows = sorted({row for (row, _), reason in lines.outside.items() if reason == kind})
        if not rows:
            continue
        some = ", ".join(str(row + 1) for row in rows[:MOST_LINES])
        more = f" and {len(rows) - MOST_LINES} more" if len(rows) > MOST_LINES else ""
        lines_are = ("line", "was") if len(rows) == 1 else ("lines", "were")
        first = min(column for (row, column), reason in lines.outside.items() if row == rows[0])
        file.find(
            "line_left_out",
            f"The {lines_are[0]} {some}{more} of the table {lines_are[1]} left out, holding {what}. "
            "Fill in what should count, and delete the rest.",
            NOTE,
            cell=address_of(rows[0], first),
            **where,
        )


def settle_nil(file: FileRead) -> None:
    """Refuse each submission without rows that does not say it is nil; ask about one with rows that does."""
    for submission in file.submissions.values():
        title = submission.contract.title
        where = {"submission_id": submission.submission_id, "sheet": submission.sheet}
        if submission.problem or submission.is_nil != bool(submission.tidied.rows):
            continue
        if submission.is_nil:
            file.find(
                "nil_or_rows",
                f"The return '{title}' says that there is nothing to report, and yet it has rows. "
                "The rows were used. Say which of the two is right.",
                QUERY,
                **where,
            )
            continue
        nil = "If there is nothing to report, write 'Nil return' in the first row."
        sentence = nil if submission.contract.nil_allowed else "Fill it in and send it again."
        _refuse(
            file,
            submission,
            "has_rows",
            f"The return '{title}' has headings but no rows. {sentence}",
            **where,
        )


def _labels(table: Table, first: Table) -> tuple[dict[str, Label], set[tuple[int, int]]]:
    """The labels above the table, else those above the sheet's first; and the places of its own."""
    labels, places = read_labels(_above(table), table.top_row, table.header_top)
    return read_labels(_above(first), first.top_row, first.header_top)[0] | labels, places


def _units_above(table: Table) -> dict[str, str]:
    """What a line above the table says of all its money: '£000s', 'Figures in thousands of pounds'."""
    money = [column.name for column in table.contract.columns if column.type == "money"]
    for cell in table.cells if money else ():
        said = THOUSANDS.search(as_typed(cell.value)) if cell.row < table.header_top else None
        if said:
            return dict.fromkeys(money, said[0])
    return {}


def _above(table: Table) -> Sheet:
    """The sheet without what does not stand above the table."""
    cells = {(cell.row, cell.column): cell for cell in table.cells if cell.row < table.header_top}
    return replace(table.sheet, cells=cells)


def _refuse(file: FileRead, submission: Submission, rule: str, because: str, **place: Any) -> None:
    submission.problem = submission.problem or rule
    file.find(rule, because, REFUSE, **place)


def _query_stray(file: FileRead, cell: Cell, table: Table, where: Mapping[str, Any]) -> None:
    rule, what = "cell_under_heading", "stands under no heading"
    advice = "Use the template's headings, or tell us what it is."
    if table.header_top <= cell.row <= table.header_row:
        rule, what = "column_known", "is the heading of no column of this return"
        known = table.contract.heading_index.find(as_typed(cell.value))
        used = next((column for column, name in table.columns.items() if known and name == known.name), None)
        if used is not None:
            rule, what = "column_once", "is a second heading for one column of this return"
            advice = f"The column under {Cell(cell.row, used, '').address} was used. Keep only the right one."
    file.find(
        rule,
        f"'{as_typed(cell.value)}' {what}, so it was left out. {advice}",
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
