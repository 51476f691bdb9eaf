"""The first and the last sheet of a template: what to do and how much is left, and who stands for it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn

from pipelines.house_style.look import BODY, BOLD, footer, set_up_page
from pipelines.template.draw import Drawn
from pipelines.template.lists import Lists
from pipelines.template.model import Form
from pipelines.template.styles import (
    GRID,
    LEFT,
    LINE,
    OPEN,
    PADDING,
    RULE,
    WORDS,
    cells_of,
    filled,
    heading,
    lines_of,
    link,
    protect,
    text,
)  # fmt: skip
from pipelines.template.words import (
    FINAL,
    GREY,
    NIL,
    ORANGE,
    PARTNER,
    PROVISIONAL,
    QUARTER,
    SIGN_OFF,
    SIGN_OFF_LABELS,
    START,
    STATUS,
    YELLOW,
    YES,
)

WIDTHS = [30.0, 58.0, 22.0, 22.0]
TABLE_HEADINGS = ("Sheet", "What it asks for", "Rows to fill in", "Required cells left")


def day(when: date) -> str:
    """30 June 2004"""
    return f"{when.day} {when:%B %Y}"


def draw_start(workbook: Any, form: Form, drawn: Sequence[Drawn]) -> dict[str, str | float]:
    """Fill the sheet 'Start', which is there already as the first; the results of its formulas."""
    sheet = workbook[START]
    set_up_page(sheet, WIDTHS, is_one_page=True)
    heading(sheet, "A1", form.title)
    text(sheet["A2"], f"This workbook is your return to {form.publisher}. This worksheet contains 1 table.")
    results: dict[str, str | float] = {}
    for row, (label, value) in enumerate(
        [
            (PARTNER, form.partner_name),
            (QUARTER, form.quarter_label),
            ("Please send it by:", day(form.due_on)),
            *([("Questions to:", form.contact)] if form.contact else []),
        ],
        start=4,
    ):
        text(sheet.cell(row, 1), label, BOLD)
        text(sheet.cell(row, 2), value)
        last = row
    row = last + 2
    heading(sheet, f"A{row}", "Three steps", "heading")
    for number, step in enumerate(
        (
            "Go through the sheets listed below and fill in the white cells. Yellow: required and still blank.",
            f"If a sheet has nothing to report, choose {YES} beside '{NIL}'. Where there is no figure, type n/a.",
            f"Fill in {SIGN_OFF}, see that no required cells are left, save the workbook and send it back.",
        ),
        start=1,
    ):
        text(sheet.cell(row + number, 1), f"{number}. {step}")
    row += 5
    heading(sheet, f"A{row}", "How much is left", "heading")
    counter, total = sheet.cell(row + 1, 1), sum(one.left_now for one in drawn)
    first = row + 4
    last_row = first + len(drawn) - 1
    counter.value = f'=SUM(D{first}:D{last_row})&" required cells left"'
    counter.font, counter.alignment = BOLD, LEFT
    results[counter.coordinate] = f"{total} required cells left"
    _table(sheet, form, drawn, first - 1, results)
    row = last_row + 2
    heading(sheet, f"A{row}", "What the colours say", "heading")
    _legend(sheet, row + 1)
    past = "Grey columns headed 'Last time' show what you sent. To correct an earlier period, correct that period."
    text(sheet.cell(row + 6, 1), past)
    sheet.print_area = f"A1:D{row + 6}"
    footer(sheet, form.publisher, form.quarter_label)
    protect(sheet)
    return results


def _table(
    sheet: Any, form: Form, drawn: Sequence[Drawn], header: int, results: dict[str, str | float]
) -> None:
    for column, words in enumerate(TABLE_HEADINGS, start=1):
        cell = text(sheet.cell(header, column), words, BOLD)
        cell.border = RULE
        cell.alignment = Alignment(horizontal="right" if column > 2 else "left", wrap_text=True)
    for row, (one, made) in enumerate(zip(form.sheets, drawn, strict=True), start=header + 1):
        link(sheet.cell(row, 1), made.title, made.title)
        what = one.contract.grain
        text(sheet.cell(row, 2), f"{what[:1].upper()}{what[1:]}").alignment = WORDS
        sheet.cell(row, 3, sum(line.is_expected for line in one.rows)).font = BODY
        left = sheet.cell(row, 4, f"={made.left}")
        left.font = BODY
        results[left.coordinate] = made.left_now
        for column in range(1, 5):
            sheet.cell(row, column).border = GRID
        sheet.row_dimensions[row].height = LINE * lines_of(what, WIDTHS[1]) + PADDING
    columns = [TableColumn(id=n, name=words) for n, words in enumerate(TABLE_HEADINGS, 1)]
    reach = f"A{header}:D{header + len(drawn)}"
    sheet.add_table(Table(displayName="T_start", ref=reach, tableColumns=columns))


def _legend(sheet: Any, row: int) -> None:
    for number, (name, colour, words) in enumerate(
        (
            ("White", None, "Fill in."),
            ("Yellow", YELLOW, "Required and still blank."),
            ("Orange", ORANGE, "Far from last time: please say why in the column for comments."),
            ("Grey", GREY, "Only to be read; locked."),
        )
    ):
        cell = text(sheet.cell(row + number, 1), name)
        cell.border = GRID
        if colour:
            cell.fill = filled(colour)
        text(sheet.cell(row + number, 2), words)


def draw_sign_off(workbook: Any, form: Form, lists: Lists) -> int:
    """Add the sheet 'Sign-off'; how many cells may be filled in on it, those of ours included."""
    sheet = workbook.create_sheet(SIGN_OFF)
    set_up_page(sheet, [24.0, 50.0], is_one_page=True)
    heading(sheet, "A1", SIGN_OFF)
    text(sheet["A2"], "Who stands for the figures in this workbook. This worksheet contains no tables.")
    text(sheet["A3"], "A provisional return counts until the final one comes; send that as a whole again.")
    link(sheet["A4"], f"Back to {START}", START)
    prompts = (
        "The name of whoever signs the return off.",
        "The post, for example performance officer.",
        "The day of the signature, for example 30/6/2004.",
        f"{PROVISIONAL}: figures may still change. {FINAL}: they are signed off.",
    )
    for row, (label, prompt) in enumerate(zip(SIGN_OFF_LABELS, prompts, strict=True), start=6):
        text(sheet.cell(row, 1), label, BOLD)
        cell = text(sheet.cell(row, 2), "")
        cell.value = None
        cell.border, cell.protection, cell.alignment = GRID, OPEN, LEFT
        cell.number_format = "d mmm yyyy" if label == "Date:" else "@"
        check = DataValidation(
            allow_blank=True, showInputMessage=True, promptTitle=label.rstrip(":"), prompt=prompt
        )
        if label == STATUS:
            check.type, check.formula1 = "list", lists.range_of("Status", (PROVISIONAL, FINAL))
            check.showErrorMessage, check.errorTitle = True, "Not in the list"
            check.error = f"Choose {PROVISIONAL} or {FINAL}."
        check.add(cell.coordinate)
        sheet.add_data_validation(check)
        sheet.row_dimensions[row].height = LINE + PADDING
    sheet.print_area = "A1:B9"
    footer(sheet, form.publisher, form.quarter_label)
    protect(sheet)
    return cells_of(sheet) + len(prompts)
