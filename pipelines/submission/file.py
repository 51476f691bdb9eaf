"""From one file to the returns in it: recognised, addressed and tidied, with every cell accounted for.

What can't be taken is refused whole, with one sentence, and its cells with it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipelines.cells import Book, Sheet
from pipelines.cells import address as address_of
from pipelines.contract import Contract
from pipelines.findings import NOTE, QUERY, REFUSE
from pipelines.framework.references import References
from pipelines.framework.taught import Layout
from pipelines.headings import plain
from pipelines.layouts import Lines, read_table
from pipelines.receipt import Receipt
from pipelines.recognise import FORM, Recognised, Table, recognise
from pipelines.recognise.by_values import clue
from pipelines.submission import FileRead, Submission
from pipelines.submission.answers import read_returned
from pipelines.submission.envelope import Envelope, Label, address, read_labels
from pipelines.submission.opening import FRAMEWORK_FOLDER
from pipelines.submission.remarks import (
    list_hidden,
    list_left_out,
    list_slips,
    list_totals,
    list_unlabelled,
    list_without_value,
    no_table,
    query_stray,
    take_answers,
    told_otherwise,
)
from pipelines.submission.units_above import query_units, units_above
from pipelines.template.identity import Identity, is_meta, read_identity
from pipelines.template.returned import (
    is_not_filled_in,
    is_of_new_framework,
    is_own,
    is_provisional,
    without_our_colours,
)
from pipelines.tidy import tidy
from pipelines.tidy.totals import reconcile, reconcile_across, reconcile_crosstab, take_unlabelled
from pipelines.workbook.reader import without_gc

IDENTITY_CHANGED = (
    "The hidden sheet that says which template this is was changed or comes from another workbook, so it was not "
    "used; the return was read by its headings and labels. Fill in the template as it was sent to you."
)
PROVISIONAL_SENT = (
    "The sign-off says that the figures are provisional. They count until the final ones come; send the whole return "
    "again when it is signed off."
)


@without_gc()
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
    sender = sender_of(receipt, references)
    found = []
    for sheet in book.sheets:
        if file.returned and sheet.name in file.returned.sheets:
            file.leave_out(sheet, "query sheet")
        elif is_meta(sheet) or (file.identity and is_own(sheet, file.identity)):
            file.leave_out(sheet, "template")
            if is_provisional(sheet):
                file.find("provisional", PROVISIONAL_SENT, NOTE, sheet=sheet.name)
        elif receipt.folder == FRAMEWORK_FOLDER and is_of_new_framework(sheet):
            file.leave_out(sheet, "template")
        elif sheet.visibility != "visible":
            file.leave_out(sheet, "hidden")
            if sheet.cells:
                file.find(
                    "hidden_sheet",
                    f"The sheet '{sheet.name}' is hidden, so its {len(sheet.cells)} cells were not read. "
                    "Unhide it if it belongs to the return.",
                    NOTE,
                    sheet=sheet.name,
                )
        elif sheet.cells:
            list_hidden(file, sheet)
            taught = [layout for layout in layouts if layout.is_for(sheet, sender)]
            plain_sheet = without_our_colours(sheet) if file.identity else sheet
            found.append(_recognise(file, plain_sheet, contracts, taught))
    found = _without_descriptions(found)
    has_table = any(recognised.tables for recognised in found)
    number = 0
    for recognised in found:
        if not recognised.tables:
            # a layout that has drifted, or two returns that answer alike, say more than values could
            is_told = recognised.problem is not None and recognised.nearest is None
            returns = [contract for contract in contracts if not contract.is_framework]
            no_table(
                file, recognised, has_table, None if is_told else clue(recognised.sheet, returns, references)
            )
        for cell in recognised.beyond:
            file.outside[recognised.sheet.name, cell.row, cell.column] = "not in layout"
        for table in recognised.tables:
            number += 1
            _read_table(file, table, recognised, number, references)
    # a value that holds for a whole table may stand in the title of another
    for place in file.shared:
        file.outside.pop(place, None)
    if file.returned:
        take_answers(file, file.returned)
    if not found and not (file.returned and file.returned.answers):
        file.find(
            "return_recognised",
            "Every sheet of the file is hidden or empty, so no return was found in it. "
            "Unhide the sheet that holds the return and send the file again.",
            REFUSE,
        )
    for remark in book.remarks:
        file.find("workbook_remark", remark, NOTE)
    for doubt in book.doubts:
        file.find("workbook_doubt", doubt, QUERY)
    return file


def sender_of(receipt: Receipt, references: References) -> str | None:
    """The partner from whom the ledger says, last, that a file came."""
    return _partners(references).get(plain(receipt.received_from))


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
    units = units_above(table)
    contradicted = units.contradicted(table) if units else []
    if units:
        table = replace(table, units=units.of_money(table) | dict(table.units))
    lines = read_table(table)
    for cell in table.above:
        place = (cell.row, cell.column)
        is_label = place in label_places or place in table.header_cells
        file.outside[sheet.name, *place] = "label" if is_label else "title"
    file.outside |= {(sheet.name, *place): why for place, why in lines.outside.items()}
    submission = Submission(table.contract, file.receipt, envelope.partner, envelope.quarter, sheet.name)
    submission = file.submissions.setdefault(submission.submission_id, submission)
    where: dict[str, Any] = {"submission_id": submission.submission_id, "sheet": sheet.name}

    if envelope.problem:
        file.refuse(submission, envelope.rule or "", envelope.problem, cell=envelope.cell, **where)
    elif file.receipt.also_from and sender_of(file.receipt, references) not in (None, envelope.partner):
        told_otherwise(file, envelope.partner, where)
    if lines.records:
        file.shared |= {(sheet.name, cell.row, cell.column) for cell in table.fixed.values()}
    # a block of a taught layout that nobody filled in lacks nothing
    for column in table.missing if lines.records or not table.layout else ():
        file.refuse(
            submission,
            "column_present",
            f"The column '{column.header}' is missing. Add it and send the file again. What belongs there: "
            f"{column.help or 'see the template.'}",
            column_name=column.name,
            cell=address_of(table.header_row, min(table.columns, default=table.span[0])),
            **where,
        )
    for cell in (*(c for c in table.unknown if c.column not in lines.flagged), *lines.stray):
        query_stray(file, cell, table, where=where)
    if units and contradicted:
        query_units(file, units, contradicted, where)
    list_slips(file, table, where)
    list_left_out(file, table, lines, where)
    list_totals(file, table, lines, where)
    says_nil = lines.is_nil or ("nil" in labels and plain(labels["nil"].text) in ("yes", "y", "nil"))
    submission.is_nil = submission.is_nil or (says_nil and table.contract.nil_allowed)
    _leave_out_blank_rows(file, table, lines)
    lines.records, unlabelled = take_unlabelled(table.contract, lines.records)
    list_unlabelled(file, table, unlabelled, where)
    tidied = tidy(
        table,
        lines.records,
        file.receipt.file_id,
        submission.submission_id,
        number,
        references,
        quarter=envelope.quarter,
    )
    records = list(zip(lines.records, tidied.rows, strict=True)) if lines.has_totals else []
    for finding in (
        *reconcile(table.contract, lines.totals, records, sheet.name, table.units),
        *reconcile_crosstab(table, lines.crosstab_totals, records),
        *reconcile_across(table, lines.row_totals, records),
    ):
        file.findings.append(
            replace(finding, file_id=file.receipt.file_id, submission_id=submission.submission_id)
        )
    list_without_value(file, table, tidied, where)
    submission.tidied.add(tidied)


def _leave_out_blank_rows(file: FileRead, table: Table, lines: Lines) -> None:
    """Rows of the template in which nothing was filled in are no records with every figure missing."""
    offered = file.identity.rows_of(table.contract.name) if file.identity else []
    if not offered:
        return
    lines.records, blank = lines.records.without(lambda record: is_not_filled_in(record.cells, offered))
    for record in blank:
        cells = record.cells.values()
        file.outside |= {(table.sheet.name, cell.row, cell.column): "not filled in" for cell in cells}


def _labels(table: Table, first: Table) -> tuple[dict[str, Label], set[tuple[int, int]]]:
    """The labels above the table, else those above the sheet's first; and the places of its own."""
    labels, places = read_labels(_above(table), table.top_row, table.header_top)
    return read_labels(_above(first), first.top_row, first.header_top)[0] | labels, places


def _above(table: Table) -> Sheet:
    """The sheet without what does not stand above the table."""
    return replace(table.sheet, cells={(cell.row, cell.column): cell for cell in table.above})


def _partners(references: References) -> dict[str, str]:
    reference = references.get("framework.partners")
    return reference.ids if reference else {}


def _calendar(references: References) -> Iterable[str]:
    reference = references.get("framework.calendar")
    return reference.facts if reference else ()
