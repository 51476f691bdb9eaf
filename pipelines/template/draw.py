"""A return's sheet drawn: title, what to do, the way back, from whom and for when, then one table.

Grey cells are locked, white ones wait for a value. Nothing is merged, and nothing stands below the table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableColumn

from pipelines.cells import NOTES_BY
from pipelines.house_style.look import BODY, BOLD, Looks, footer, set_up_page
from pipelines.template.lists import Lists
from pipelines.template.live import colour, left, validate
from pipelines.template.model import Field, Mark, ReturnSheet, Row, Written
from pipelines.template.styles import (
    ASKED,
    BESIDE,
    FIGURE,
    GRID,
    LEFT,
    LINE,
    LOCKED,
    OPEN,
    PADDING,
    RULE,
    WORDS,
    filled,
    heading,
    lines_of,
    link,
    protect,
    text,
)  # fmt: skip
from pipelines.template.values import DATE, FIGURES, TEXT, format_of
from pipelines.template.words import ANOTHER, GREY, NIL, NO, ORANGE, PARTNER, QUARTER, YES

LABELS, NIL_ROW, HEADER = 5, 6, 7  # rows of the sheet
NIL_CELL = f"$B${NIL_ROW}"
PAGE_WIDTH = 190  # characters that can still be read across a page of A4
TOP_WIDTH = 140  # characters that the guidance above the table takes
NAME_WIDTH = 45  # characters for a partner's name


@dataclass
class Drawn:
    """What has been drawn: the sheet's title, the place of each field of each row, and formulas' results.

    `left` is the formula that counts the required cells still blank, and `left_now` what it comes to.
    """

    title: str
    places: dict[tuple[int, str], str] = field(default_factory=dict)
    results: dict[str, str | float] = field(default_factory=dict)
    left: str = ""
    left_now: int = 0


def draw_sheet(workbook: Any, sheet: ReturnSheet, lists: Lists) -> Drawn:
    """Add the sheet to the workbook."""
    worksheet = workbook.create_sheet(sheet.title)
    drawn = Drawn(worksheet.title)
    widths = [what.width for what in sheet.fields]
    set_up_page(worksheet, widths)
    first, last = HEADER + 1, HEADER + len(sheet.rows)
    _table(worksheet, sheet)
    looks = Looks()
    for number, row in enumerate(sheet.rows):
        for column, what in enumerate(sheet.fields, start=1):
            cell = worksheet.cell(first + number, column)
            _fill(cell, what, row, looks)
            drawn.places[number, what.name] = cell.coordinate
        worksheet.row_dimensions[first + number].height = _height(sheet.fields, row)
    drawn.left, drawn.left_now = left(sheet, first, last, NIL_CELL)
    _top(worksheet, sheet, drawn)
    validate(worksheet, sheet, lists, first, NIL_CELL)
    colour(worksheet, sheet, first, last, NIL_CELL)
    worksheet.freeze_panes = worksheet.cell(first, 2)
    worksheet.print_title_rows, worksheet.print_title_cols = f"{HEADER}:{HEADER}", "A:A"
    worksheet.print_area = print_areas(widths, last)
    footer(worksheet, f"{sheet.partner_name}: {sheet.contract.title}", sheet.quarter_label)
    protect(worksheet)
    return drawn


def print_areas(widths: Sequence[float], last: int) -> list[str]:
    """The ranges that are printed, each as wide as a page: all down to row `last`, in columns of these widths.

    The first column is repeated on every page across. What stands above the table is longer than that column is
    wide, and would be cut there: it is on the first page alone, and the others begin with the headings.
    """
    most, room = math.ceil(sum(widths) / PAGE_WIDTH), float(TOP_WIDTH)
    # as few pages, and the last no narrower than need be: each is fitted to its paper, by letters of its own size
    while len(pages := _side_by_side(widths, room)) > most:
        room += 1
    return [
        f"{get_column_letter(first)}{HEADER if number else 1}:{get_column_letter(end)}{last}"
        for number, (first, end) in enumerate(pages)
    ]


def _side_by_side(widths: Sequence[float], room: float) -> list[tuple[int, int]]:
    """First and last column of each page across that has this room, the first column on every one."""
    pages, left = [(1, 1)], room - widths[0]
    for column, width in enumerate(widths[1:], start=2):
        if width > left:
            pages.append((column, column))
            left = room - widths[0]
        pages[-1] = pages[-1][0], column
        left -= width
    return pages


def _top(worksheet: Any, sheet: ReturnSheet, drawn: Drawn) -> None:
    heading(worksheet, "A1", sheet.contract.title)
    text(worksheet["A2"], f"This worksheet contains 1 table. {_what_to_do(sheet)}")
    text(
        worksheet["A3"],
        "The headings and the first column stay in view; to stop that, choose View, Freeze Panes, Unfreeze Panes.",
    )
    link(worksheet["A4"], f"Back to {sheet.back_to}", sheet.back_to)
    second = _second_label(sheet.fields)
    text(worksheet.cell(LABELS, 1), PARTNER, BOLD)
    text(worksheet.cell(LABELS, 2), sheet.partner_name).alignment = BESIDE
    text(worksheet.cell(LABELS, second), QUARTER, BOLD)
    text(worksheet.cell(LABELS, second + 1), sheet.quarter_label).alignment = BESIDE
    if sheet.contract.nil_allowed:
        text(worksheet.cell(NIL_ROW, 1), NIL, BOLD)
        nil = text(worksheet.cell(NIL_ROW, 2), YES if sheet.is_nil else NO)
        nil.border, nil.protection, nil.number_format, nil.alignment = GRID, OPEN, TEXT, BESIDE
    counter = worksheet.cell(NIL_ROW, second)
    counter.value = f'={drawn.left}&" required cells left"'
    counter.font, counter.alignment = BOLD, LEFT
    drawn.results[counter.coordinate] = f"{drawn.left_now} required cells left"
    for row in range(2, HEADER):
        worksheet.row_dimensions[row].height = LINE + PADDING


def _what_to_do(sheet: ReturnSheet) -> str:
    if sheet.what_to_do:
        return sheet.what_to_do
    if sheet.is_nil:
        return (
            f"Nothing new is due this quarter, so '{NIL}' says {YES}. To report something all the same, "
            f"choose {NO} and fill in the white cells."
        )
    return (
        "Fill in the white cells; grey ones are locked. Yellow is required and still blank, orange is far from "
        "last time and not explained."
    )


def _second_label(fields: Sequence[Field]) -> int:
    """The column of the second label: far enough from the first for a partner's name between them."""
    reach = 0.0
    for number, what in enumerate(fields[1:-1], start=2):
        if reach >= NAME_WIDTH:
            return number
        reach += what.width
    return max(3, len(fields) - 1)


def _table(worksheet: Any, sheet: ReturnSheet) -> None:
    """The line of headings, and a table object over all rows that are not empty."""
    for column, what in enumerate(sheet.fields, start=1):
        cell = text(worksheet.cell(HEADER, column), what.heading, BOLD)
        side = "right" if what.column and what.column.type in FIGURES else "left"
        cell.alignment = Alignment(side, "bottom", wrap_text=True, indent=1)
        cell.border = RULE
    most = max(lines_of(what.heading, what.width) for what in sheet.fields)
    worksheet.row_dimensions[HEADER].height = most * LINE + PADDING
    shows_spare = any(what.name == "guide:title" for what in sheet.fields)
    rows = sum(shows_spare or not row.is_spare for row in sheet.rows) or 1
    reach = f"A{HEADER}:{get_column_letter(len(sheet.fields))}{HEADER + rows}"
    columns = [TableColumn(id=n, name=what.heading) for n, what in enumerate(sheet.fields, 1)]
    worksheet.add_table(Table(displayName=f"T_{sheet.contract.name}", ref=reach, tableColumns=columns))


def _fill(cell: Cell, what: Field, row: Row, looks: Looks) -> None:
    written, column = row.values.get(what.name), what.column
    if row.is_spare and what.name == "guide:title":
        written = Written(ANOTHER)
    mark = row.marks.get(what.name, Mark())
    is_open = column is not None and what.name not in row.locked and not mark.is_locked
    is_figure = what.name.startswith("last:") or (column is not None and column.type in FIGURES)
    parts: dict[str, Any] = {"font": BODY, "border": GRID, "alignment": FIGURE if is_figure else WORDS}
    parts["protection"] = OPEN if is_open else LOCKED
    if not is_open:
        parts["fill"] = filled(GREY)
    if column is not None:
        parts["number_format"] = format_of(column)
    if written is not None:
        parts |= _write(cell, written, parts.get("number_format"))
    if mark.number is not None:
        parts |= {"border": ASKED, "fill": filled(ORANGE)}
        cell.comment = Comment(f"[query {mark.number}] {mark.sentence}", NOTES_BY, width=340, height=150)
    looks.put_on(cell, **parts)


def _write(cell: Cell, written: Written, number_format: str | None) -> dict[str, Any]:
    """Write a value; what its kind changes of the cell's look."""
    cell.value = written.value
    if isinstance(written.value, str):
        cell.data_type = "s"
        return {"number_format": TEXT, "alignment": WORDS}
    if cell.data_type == "d" or is_date_format(number_format):
        return {"number_format": DATE, "alignment": BESIDE}
    return {"number_format": written.format} if written.format else {}


def _height(fields: Sequence[Field], row: Row) -> float:
    """Room for the text of every cell of a row."""
    texts = [
        (str(written.value), what.width)
        for what in fields
        if (written := row.values.get(what.name)) and isinstance(written.value, str)
    ]
    return max((lines_of(*one) for one in texts), default=1) * LINE + PADDING
