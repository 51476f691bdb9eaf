"""What a template wrote itself where nothing is filled in, and what a partner typed over it.

A template's own sheets and its grey columns (guides, last time's values, our queries) are not read when it comes
back. So the identity keeps a mark of each text of ours; a cell there that bears none was typed by somebody.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from pipelines.cells import Cell, Sheet
from pipelines.house_style.ooxml import clean
from pipelines.parse import as_typed
from pipelines.template.words import LAST_TIME, SIGN_OFF, SIGN_OFF_LABELS, is_our_heading

MARK = 8  # hexadecimal digits: one in millions for a text to be taken for another of a few thousand


def marks_of(workbook: Any, own: Iterable[str], returns: Iterable[str], header: int) -> frozenset[str]:
    """The marks of all that stands in a workbook's own sheets, and in our columns of its returns' sheets.

    `workbook` is openpyxl's; `header` the row of headings, from 1. What a formula works out changes, and has none.
    """
    marks = {
        _mark(title, "", cell.value)
        for title in own
        for row in workbook[title].iter_rows()
        for cell in row
        if cell.value is not None and cell.data_type != "f"
    }
    for title in returns:
        rows = workbook[title].iter_rows(min_row=header)
        headings = [cell.value for cell in next(rows)]
        ours = [number for number, heading in enumerate(headings) if is_our_heading(heading)]
        for row in rows:
            marks |= {
                _mark(headings[number], _whose(headings[number], row[0].value), row[number].value)
                for number in ours
                if row[number].value is not None
            }
    return frozenset(marks)


def typed_over(
    sheet: Sheet, places: Iterable[tuple[int, int]], marks: frozenset[str], *, is_own: bool
) -> list[Cell]:
    """The cells at these places of a sheet that hold something else than we wrote, line by line."""
    cells = [cell for place in sorted(places) if (cell := sheet.cells.get(place))]
    if is_own:
        return [
            cell
            for cell in cells
            if (cell.row, cell.column) not in sheet.formulas
            and not _is_signed(sheet, cell)
            and _mark(sheet.name, "", cell.value) not in marks
        ]
    return [
        cell
        for cell, context, whose in _under_headings(sheet, cells)
        if _mark(context, whose, cell.value) not in marks
    ]


def _under_headings(sheet: Sheet, cells: list[Cell]) -> Iterator[tuple[Cell, str, str]]:
    """Each cell in a column of ours with its heading and, where the row matters, the row's reference."""
    headings: dict[int, Cell] = {}
    for cell in cells:
        if is_our_heading(cell.value):
            headings[cell.column] = cell
        elif heading := headings.get(cell.column):
            first = min(column for row, column in sheet.cells if row == heading.row)
            reference = sheet.cells.get((cell.row, first))
            yield cell, str(heading.value), _whose(heading.value, reference.value if reference else None)


def _whose(heading: object, reference: object) -> str:
    """Last time's value belongs to its row; other texts of ours say the same wherever they stand."""
    return _plain(reference) if _plain(heading).startswith(LAST_TIME.casefold()) else ""


def _is_signed(sheet: Sheet, cell: Cell) -> bool:
    label = sheet.cells.get((cell.row, cell.column - 1))
    return sheet.name == SIGN_OFF and label is not None and label.value in SIGN_OFF_LABELS


def _mark(context: object, whose: str, value: object) -> str:
    text = "\x1f".join((_plain(context), whose, _plain(value)))
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def _plain(value: object) -> str:
    """A value as every program saves it: 15 digits of a number at most, a day with or without its midnight."""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.12g}"
    return "" if value is None else " ".join(clean(as_typed(value)).split()).casefold()
