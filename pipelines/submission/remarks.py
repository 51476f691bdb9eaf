"""What the sender of a file is told of its shape: what was left out, taken for something else, or hidden."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipelines.cells import Book, Cell, Sheet
from pipelines.cells import address as address_of
from pipelines.findings import NOTE, QUERY, REFUSE
from pipelines.headings import plain
from pipelines.layouts import Lines, SourceRow
from pipelines.layouts.kinds import EXAMPLE, NOT_FILLED_IN, PADDING
from pipelines.parse import as_typed
from pipelines.personal_data import kinds, masked
from pipelines.recognise import Recognised, Table
from pipelines.recognise.by_values import Clue
from pipelines.submission import FileRead
from pipelines.submission.answers import Returned
from pipelines.submission.opening import FRAMEWORK_FOLDER
from pipelines.tidy.tidied import Tidied
from pipelines.tidy.values import PROBLEM

ANSWER = (
    "answer"  # a cell beside a query of a reply that came back: no row's value, but taken in all the same
)
PLAIN_TOTAL = re.compile(
    r"\s*(?:grand|sub|overall|running)?[\s-]*totals?\s*[:.]?\s*(?:\([^)]*\))?\s*", re.IGNORECASE
)
MOST_LINES = 10  # as many line numbers as a sentence can hold


def take_answers(file: FileRead, returned: Returned) -> None:
    file.outside |= dict.fromkeys(returned.answered, ANSWER)
    written = returned.answered | {(sheet, cell.row, cell.column) for sheet, cell in returned.astray}
    file.book = _without_personal_data(file, written)
    for sheet, cell in returned.astray:
        typed = masked(as_typed(cell.value))
        file.find(
            "answer_beside_query",
            f"'{typed}' stands beside no query of ours, so it was not read as an answer. "
            "Write it under 'Your answer', in the row of the query that it is about.",
            QUERY,
            sheet=sheet,
            cell=cell.address,
            as_typed=typed,
        )


def _without_personal_data(file: FileRead, written: Iterable[tuple[str, int, int]]) -> Book:
    """The book without the personal data in what was written beside our queries; its sender is told."""
    told: dict[str, dict[tuple[int, int], Cell]] = {}
    for sheet in file.book.sheets:
        for name, row, column in sorted(written):
            cell = sheet.cells.get((row, column))
            if name != sheet.name or cell is None or not (found := kinds(cell.value)):
                continue
            kept = cell._replace(value=masked(str(cell.value)))
            told.setdefault(name, {})[row, column] = kept
            file.find(
                "answer_without_personal_data",
                f"This answer holds {' and '.join(found)}. It was read without; answers need no names or addresses.",
                NOTE,
                sheet=name,
                cell=cell.address,
                as_typed=str(kept.value),
            )
    sheets = [
        replace(sheet, cells=dict(sheet.cells) | told[sheet.name]) if sheet.name in told else sheet
        for sheet in file.book.sheets
    ]
    return replace(file.book, sheets=tuple(sheets))


def told_otherwise(file: FileRead, partner: str | None, where: Mapping[str, Any]) -> None:
    """The file says itself from whom it is, and of two senders named for it the last is another."""
    file.find(
        "sender_contradicted",
        f"It was received from '{file.receipt.received_from}' after it had been received from another, and says "
        f"itself that it is from '{partner}'. It counts as that partner's. Check who sent it.",
        NOTE,
        **where,
    )


def list_hidden(file: FileRead, sheet: Sheet) -> None:
    """Hidden rows and columns are read like the others, and their sender is told."""
    rows = sheet.hidden_rows and sorted(sheet.lines.keys() & sheet.hidden_rows)
    columns = sheet.hidden_columns and sorted({column for _, column in sheet.cells} & sheet.hidden_columns)
    lines = [f"row {row + 1}" for row in rows]
    lines += [f"column {Cell(0, column, '').address[:-1]}" for column in columns]
    if lines:
        are, were = ("is", "was") if len(lines) == 1 else ("are", "were")
        file.find(
            "hidden_lines",
            f"On the sheet '{sheet.name}' {', '.join(lines)} {are} hidden, but {were} read like the others. "
            "Delete what does not belong to the return.",
            NOTE,
            sheet=sheet.name,
        )


TEACH = (
    "Put the figures under the headings of the template that the partnership's office sends you, or ask the office to "
    "teach your own layout to the pipeline ('lsp learn')."
)


OF_FRAMEWORK = "Use the headings of the framework workbook that 'lsp init' makes."


def no_table(file: FileRead, recognised: Recognised, has_table: bool, told: Clue | None = None) -> None:
    """A sheet that no return was found on; `told` is what its values, and not its headings, say of it."""
    sheet = recognised.sheet
    is_refused = recognised.is_near or not has_table
    advice = OF_FRAMEWORK if file.receipt.folder == FRAMEWORK_FOLDER else TEACH
    file.leave_out(sheet, "not recognised" if is_refused else "no table")
    if told and (is_refused or recognised.problem):
        contract, header = told.contract, told.contract.by_name[told.name].header
        needed = ", ".join(f"'{column.header}'" for column in contract.required)
        file.find(
            "return_recognised",
            f"No return was recognised by its headings. '{as_typed(told.first.value)}' is what stands under "
            f"'{header}' of the return '{contract.title}', so this may be that one; it needs at least the headings "
            f"{needed}. {TEACH}",
            REFUSE if is_refused else QUERY,
            sheet=sheet.name,
            cell=told.first.address,
        )
    elif recognised.problem:
        file.find(
            "return_recognised",
            f"{recognised.problem} {advice}" if recognised.nearest else recognised.problem,
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
            f"No table with the headings of a return was found. {advice}",
            REFUSE,
            sheet=sheet.name,
        )


def list_slips(file: FileRead, table: Table, where: Mapping[str, Any]) -> None:
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


def list_left_out(file: FileRead, table: Table, lines: Lines, where: Mapping[str, Any]) -> None:
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


# What partners are asked to type where there is no figure, and the marks of official tables: nobody need be told.
ASKED_FOR = frozenset(map(plain, ("n/a", "-", "[x]", "[z]", "[c]", "[u]", "[low]")))
NO_VALUE = {
    "x": "there is nothing to give yet",
    "z": "it does not apply here",
    "c": "there is a value that may not be shown",
    "u": "the value is too uncertain to be shown",
    "low": "the value is too small to be shown",
}


def list_without_value(file: FileRead, table: Table, tidied: Tidied, where: Mapping[str, Any]) -> None:
    """Words that stand for no value, as 'tbc': what they were taken for is said once for each word of a column."""
    for run in tidied.runs:
        values = tidied.columns[run.column_name]
        if None not in values:
            continue
        statuses = tidied.columns.get(f"{run.column_name}_status", values)
        problems = tidied.columns[run.column_name + PROBLEM]
        found: dict[tuple[str, str], list[int]] = {}
        for at, number in enumerate(run.numbers):
            if values[number] is None and not problems[number] and plain(run.typed[at]) not in ASKED_FOR:
                found.setdefault((run.typed[at], statuses[number] or "x"), []).append(at)
        for (typed, status), places in found.items():
            cells = [address_of(*run.place(at)) for at in places]
            others = f", as in {len(cells) - 1} more of this column" if len(cells) > 1 else ""
            file.find(
                "word_for_no_value",
                f"'{typed}' under '{table.contract.by_name[run.column_name].header}' was taken to say that "
                f"{NO_VALUE[status]}{others}. If it is still to come, send it when it is known.",
                NOTE,
                cell=cells[0],
                as_typed=typed,
                column_name=run.column_name,
                **where,
            )


def list_totals(file: FileRead, table: Table, lines: Lines, where: Mapping[str, Any]) -> None:
    """Totals whose name says more than that: 'Total Place' may be the record of something that is called so."""
    for total in lines.totals:
        named = [total.cells[name] for name in table.contract.key if name in total.cells]
        for cell in named:
            if PLAIN_TOTAL.fullmatch(as_typed(cell.value)):
                continue
            file.find(
                "line_taken_for_total",
                f"'{as_typed(cell.value)}' was taken for a total of the lines above it, and not counted itself. "
                "If it is the name of something, write it so that it does not begin with 'Total'.",
                NOTE,
                cell=cell.address,
                as_typed=as_typed(cell.value),
                **where,
            )


def list_unlabelled(
    file: FileRead, table: Table, totals: Iterable[SourceRow], where: Mapping[str, Any]
) -> None:
    """Lines without a key whose figures are sums of those above: they were left out, and their sender is told."""
    keys = " and ".join(f"'{table.contract.by_name[name].header}'" for name in table.contract.key)
    for total in totals:
        first = min(total.cells.values(), key=lambda cell: cell.column)
        file.outside |= {(table.sheet.name, cell.row, cell.column): "total" for cell in total.cells.values()}
        file.find(
            "line_looks_like_total",
            f"The line {total.row + 1} has no {keys}, and its figures are the sums of those above it, so it was taken "
            f"for a total and not counted. Write 'Total' at its beginning; if it is none, fill in its {keys}.",
            NOTE,
            cell=first.address,
            **where,
        )


def query_stray(file: FileRead, cell: Cell, table: Table, where: Mapping[str, Any]) -> None:
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
