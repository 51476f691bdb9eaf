"""A return's sheet drawn: labels, table, what may be typed where, and colours that follow what is typed.

From the top: title, what to do, the way back, labels that say from whom and for when, then one table. Grey
cells are locked, white ones wait for a value; yellow is required and blank, orange is far from last time and
not explained. Nothing is merged.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableColumn

from pipelines.contract import Contract
from pipelines.look import BODY, BOLD, HEADINGS, INK, LINK, PALE, footer, set_up_page
from pipelines.references import References
from pipelines.template.checks import validation
from pipelines.template.lists import Lists
from pipelines.template.model import Field, Mark, ReturnSheet, Row, Written
from pipelines.template.sheets import ANOTHER, SPARE_ROWS, fields_of, lists_of
from pipelines.template.values import FIGURES, format_of
from pipelines.template.words import NIL, NO, PARTNER, QUARTER, QUERY, START, YES

LABELS, NIL_ROW, HEADER = 5, 6, 7  # rows of the sheet
PAGE_WIDTH = 190  # characters that can still be read across a page of A4
LINE, PADDING, PER_WIDTH = 15.5, 5.0, 1.05
GREY, YELLOW, ORANGE = "FFF0F1F2", "FFFFE680", "FFFFC285"
EDGE = Side("thin", PALE)
GRID = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
THICK = Side("thick", INK)
ASKED = Border(left=THICK, right=THICK, top=THICK, bottom=THICK)
RULE = Border(bottom=Side("medium", INK))
LOCKED_FILL = PatternFill("solid", fgColor=GREY)
ORANGE_FILL = PatternFill("solid", fgColor=ORANGE)
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)
WORDS = Alignment(horizontal="left", vertical="top", wrap_text=True)
FIGURE = Alignment(horizontal="right", vertical="top")
LEFT = Alignment(horizontal="left", vertical="top")


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
    widths = [column.width for column in sheet.fields]
    set_up_page(worksheet, widths, pages_wide=math.ceil(sum(widths) / PAGE_WIDTH))
    last_row = HEADER + len(sheet.rows)
    _table(worksheet, sheet, last_row)
    for number, row in enumerate(sheet.rows):
        for column, what in enumerate(sheet.fields, start=1):
            cell = worksheet.cell(HEADER + 1 + number, column)
            _fill(cell, what, row)
            drawn.places[number, what.name] = cell.coordinate
        worksheet.row_dimensions[HEADER + 1 + number].height = _height(sheet.fields, row)
    drawn.left, drawn.left_now = _left(sheet, last_row)
    _top(worksheet, sheet, drawn)
    _validate(worksheet, sheet, lists)
    _colour(worksheet, sheet, last_row)
    worksheet.freeze_panes = worksheet.cell(HEADER + 1, 2)
    worksheet.print_title_rows = f"{HEADER}:{HEADER}"
    worksheet.print_area = f"A1:{get_column_letter(len(sheet.fields))}{last_row}"
    footer(worksheet, f"{sheet.partner_name}: {sheet.contract.title}", sheet.quarter_label)
    protect(worksheet)
    return drawn


def protect(worksheet: Any) -> None:
    """Lock the sheet without a password; rows can be sorted and columns widened all the same."""
    worksheet.protection.enable()
    for may in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(worksheet.protection, may, False)  # False: not kept from it


def text(cell: Cell, value: str, font: Font = BODY) -> Cell:
    """Text as it stands, whatever it begins with."""
    cell.value, cell.data_type = value, "s"
    cell.font, cell.alignment = font, LEFT
    return cell


def heading(worksheet: Any, address: str, value: str, role: str = "title") -> None:
    """A heading that a screen reader knows as one."""
    cell = text(worksheet[address], value)
    cell.style = HEADINGS[role][0]
    worksheet.row_dimensions[cell.row].height = {"title": 27.0, "heading": 22.0}[role]


def link(cell: Cell, value: str, sheet: str, hint: str) -> None:
    """A link within the workbook."""
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.hyperlink import Hyperlink

    text(cell, value, LINK)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!A1", tooltip=hint)
    cell.font = LINK


def _top(worksheet: Any, sheet: ReturnSheet, drawn: Drawn) -> None:
    heading(worksheet, "A1", sheet.contract.title)
    required = [what.heading for what in sheet.fields if what.column and what.column.required]
    text(
        worksheet["A2"],
        "This worksheet contains 1 table. Fill in the white cells; grey cells are locked. Yellow is required and "
        f"still blank: {', '.join(required)}.",
    )
    text(
        worksheet["A3"],
        "Orange is far from last time and not explained yet. The rows down to the headings and the first column "
        "stay in view; to stop that, choose View, Freeze Panes, Unfreeze Panes.",
    )
    link(worksheet["A4"], f"Back to {START}", START, f"Go to {START}")
    second = _second_label(sheet.fields)
    text(worksheet.cell(LABELS, 1), PARTNER, BOLD)
    text(worksheet.cell(LABELS, 2), sheet.partner_name)
    text(worksheet.cell(LABELS, second), QUARTER, BOLD)
    text(worksheet.cell(LABELS, second + 1), sheet.quarter_label)
    if sheet.contract.nil_allowed:
        text(worksheet.cell(NIL_ROW, 1), NIL, BOLD)
        nil = text(worksheet.cell(NIL_ROW, 2), YES if sheet.is_nil else NO)
        nil.border, nil.protection, nil.number_format = GRID, OPEN, "@"
    counter = worksheet.cell(NIL_ROW, second)
    counter.value = f'={drawn.left}&" required cells left"'
    counter.font, counter.alignment = BOLD, LEFT
    drawn.results[counter.coordinate] = f"{drawn.left_now} required cells left"
    for row in range(2, HEADER):
        worksheet.row_dimensions[row].height = LINE + PADDING


def _second_label(fields: Sequence[Field]) -> int:
    """The column of the second label: far enough from the first for a partner's name between them."""
    reach = 0.0
    for number, what in enumerate(fields[1:], start=2):
        if reach >= 45 and what.width >= 11 and number < len(fields):
            return number
        reach += what.width
    return max(3, len(fields) - 1)


def _table(worksheet: Any, sheet: ReturnSheet, last_row: int) -> None:
    for column, what in enumerate(sheet.fields, start=1):
        cell = text(worksheet.cell(HEADER, column), what.heading, BOLD)
        is_figure = what.column is not None and what.column.type in FIGURES
        cell.alignment = Alignment(
            horizontal="right" if is_figure else "left", vertical="bottom", wrap_text=True
        )
        cell.border = RULE
    lines = max(_lines(what.heading, what.width) for what in sheet.fields)
    worksheet.row_dimensions[HEADER].height = lines * LINE + PADDING
    columns = [TableColumn(id=n, name=what.heading) for n, what in enumerate(sheet.fields, 1)]
    reach = f"A{HEADER}:{get_column_letter(len(sheet.fields))}{last_row}"
    worksheet.add_table(Table(displayName=f"T_{sheet.contract.name}", ref=reach, tableColumns=columns))


def _fill(cell: Cell, what: Field, row: Row) -> None:
    written = row.values.get(what.name)
    if row.is_spare and what.name == "guide:title":
        written = Written(ANOTHER)
    column, mark = what.column, row.marks.get(what.name, Mark())
    is_open = column is not None and what.name not in row.locked and not mark.is_locked
    is_figure = column is not None and column.type in FIGURES
    cell.font, cell.border = BODY, GRID
    cell.alignment = FIGURE if is_figure and not isinstance(written and written.value, str) else WORDS
    cell.protection = OPEN if is_open else LOCKED
    if not is_open:
        cell.fill = LOCKED_FILL
    if column is not None:
        cell.number_format = format_of(column)
    if written is not None:
        cell.value = written.value
        if isinstance(written.value, str):
            cell.data_type, cell.number_format = "s", "@"
        elif written.format or column is None:
            cell.number_format = written.format or "General"
        if what.name.startswith("last:") and not isinstance(written.value, str):
            cell.alignment = FIGURE
        if cell.is_date:
            cell.number_format, cell.alignment = "d mmm yyyy", LEFT
    if mark.number is not None:
        cell.border, cell.fill = ASKED, ORANGE_FILL
        note = Comment(f"[query {mark.number}] {mark.sentence}", "lsp", width=340, height=150)
        cell.comment = note


def _height(fields: Sequence[Field], row: Row) -> float:
    """Room for the text of every cell of a row."""
    texts = [
        (str(written.value), what.width)
        for what in fields
        if (written := row.values.get(what.name)) and isinstance(written.value, str)
    ]
    return max((_lines(*one) for one in texts), default=1) * LINE + PADDING


def _lines(words: str, width: float) -> int:
    import textwrap

    room = max(4, int(width * PER_WIDTH) - 1)
    return sum(len(textwrap.wrap(part, room)) or 1 for part in words.split("\n"))


def _left(sheet: ReturnSheet, last_row: int) -> tuple[str, int]:
    """How many required cells are still blank: as a formula of the workbook, and now.

    Rows whose key is given count; a nil return needs none of them.
    """
    key = sheet.contract.key[0]
    letters = {what.name: get_column_letter(n) for n, what in enumerate(sheet.fields, 1)}
    name = quoted(sheet.title)
    first = HEADER + 1

    def reach(column: str) -> str:
        return f"{name}!${letters[column]}${first}:${letters[column]}${last_row}"

    required = [
        what.name for what in sheet.fields if what.column and what.column.required and what.name != key
    ]
    counts = [f'SUMPRODUCT(({reach(key)}<>"")*({reach(column)}=""))' for column in required]
    total = "+".join(counts) or "0"
    formula = f'IF({name}!$B${NIL_ROW}="{YES}",0,{total})' if sheet.contract.nil_allowed else f"({total})"
    now = sum(column not in row.values for row in sheet.rows if key in row.values for column in required)
    return formula, 0 if sheet.is_nil else now


def quoted(title: str) -> str:
    """A sheet's title as formulas have it."""
    return "'" + title.replace("'", "''") + "'"


def _validate(worksheet: Any, sheet: ReturnSheet, lists: Lists) -> None:
    contract = sheet.contract
    if contract.nil_allowed:
        from openpyxl.worksheet.datavalidation import DataValidation

        check = DataValidation(
            type="list", formula1=lists.range_of("Nil return", (NO, YES)), allow_blank=False,
            showErrorMessage=True, showInputMessage=True, errorTitle="Not in the list",
            error=f"Choose {YES} if there is nothing to report, else {NO}.", promptTitle="Nil return",
            prompt=f"Choose {YES} only if there is nothing to report in this return; then leave the table as it is.",
        )  # fmt: skip
        check.add(f"B{NIL_ROW}")
        worksheet.add_data_validation(check)
    for number, what in enumerate(sheet.fields, start=1):
        column = what.column
        if column is None:
            continue
        letter = get_column_letter(number)
        for first, last, row in _runs(sheet, what):
            unit = _unit(sheet, row) if column.unit_of else None
            choices, expected = sheet.lists.get(what.name), False
            if column.type == "period" and what.name in row.values:
                choices, expected = [str(row.values[what.name].value)], True
            elif row.is_spare and what.name == contract.key[0] and choices:
                expected = False
            check = validation(
                column, contract, f"{letter}{first}", unit=unit, expected=expected,
                choices=lists.range_of(column.header, tuple(choices)) if choices else None,
            )  # fmt: skip
            check.add(f"{letter}{first}:{letter}{last}")
            worksheet.add_data_validation(check)


def _runs(sheet: ReturnSheet, what: Field) -> Iterator[tuple[int, int, Row]]:
    """Neighbouring rows of which a column asks the same: first row, last row, and one of them."""

    def alike(one: tuple[int, Row]) -> tuple[Any, ...]:
        _, row = one
        column = what.column
        is_locked = what.name in row.locked
        unit = _unit(sheet, row) if column and column.unit_of else None
        period = row.values.get(what.name) if column and column.type == "period" else None
        return is_locked, unit, period

    for (is_locked, *_), rows in groupby(enumerate(sheet.rows, start=HEADER + 1), alike):
        numbers = list(rows)
        if not is_locked:
            yield numbers[0][0], numbers[-1][0], numbers[0][1]


def _unit(sheet: ReturnSheet, row: Row) -> str | None:
    unit = row.values.get("guide:unit")
    return str(unit.value) if unit else None


def _colour(worksheet: Any, sheet: ReturnSheet, last_row: int) -> None:
    """Yellow and orange, live."""
    first = HEADER + 1
    letters = {what.name: get_column_letter(n) for n, what in enumerate(sheet.fields, 1)}
    key = letters[sheet.contract.key[0]]
    is_not_nil = f'$B${NIL_ROW}<>"{YES}"' if sheet.contract.nil_allowed else "TRUE"
    for what in sheet.fields:
        if what.column and what.column.required and what.name != sheet.contract.key[0]:
            cell = f"{letters[what.name]}{first}"
            blank = f'AND({is_not_nil},${key}{first}<>"",${cell}="")'
            _when(worksheet, f"{cell}:{letters[what.name]}{last_row}", blank, YELLOW)
    explains = next((what.name for what in sheet.fields if what.column and what.column.explains), None)
    if explains is None:
        return
    moved = []
    for what in sheet.fields:
        if what.column is None or what.column.last_time != "compare" or f"last:{what.name}" not in letters:
            continue
        now, before = f"${letters[what.name]}{first}", f"${letters[f'last:{what.name}']}{first}"
        far = f"ABS({now}-{before})>ABS({before})*{sheet.change_pct / 100:g}"
        why = f'${letters[explains]}{first}=""'
        condition = f"IF(AND(ISNUMBER({now}),ISNUMBER({before}),{why}),{far},FALSE)"
        moved.append(condition)
        _when(worksheet, f"{letters[what.name]}{first}:{letters[what.name]}{last_row}", condition, ORANGE)
    if moved:
        reach = f"{letters[explains]}{first}:{letters[explains]}{last_row}"
        _when(worksheet, reach, f"OR({','.join(moved)})", ORANGE)


def _when(worksheet: Any, reach: str, condition: str, colour: str) -> None:
    fill = PatternFill("solid", bgColor=colour, fgColor=colour)
    worksheet.conditional_formatting.add(reach, FormulaRule(formula=[condition], fill=fill))


def add_return(
    workbook: Any,
    contract: Contract,
    rows: Sequence[Mapping[str, Any]],
    marks: Mapping[tuple[int, str], Mark],
    references: References,
    *,
    partner: str,
    quarter: str,
    sheet_name: str | None = None,
    is_nil: bool = False,
    spare_rows: int = SPARE_ROWS,
) -> Drawn:
    """Add a sheet with a return's rows as values to be written, and what a reply says of each cell.

    `rows` are column → text, number or date as it shall stand there; `marks` are by row number from 0 and column.
    `partner` is its name and `quarter` its label, as they stand in the labels above the table.
    """
    fields = fields_of(contract, {}, with_guides=False)
    fields.insert(1, Field("query", QUERY, 16))
    lines = []
    for number, row in enumerate(rows):
        mine = {column: mark for (line, column), mark in marks.items() if line == number}
        values = {
            name: value if isinstance(value, Written) else Written(value)
            for name, value in row.items()
            if value is not None and value != ""
        }
        asked = sorted({mark.number for mark in mine.values() if mark.number is not None})
        if asked:
            values["query"] = Written(" ".join(f"[query {one}]" for one in asked))
        lines.append(Row(values, marks=mine))
    sheet = ReturnSheet(
        contract=contract,
        title=(sheet_name or contract.title)[:31],
        fields=fields,
        rows=[*lines, *(Row(is_spare=True, is_expected=False) for _ in range(spare_rows))],
        partner_name=partner,
        quarter_label=quarter,
        lists=lists_of(contract, references, ()),
        is_nil=is_nil,
    )
    return draw_sheet(workbook, sheet, Lists(workbook))
