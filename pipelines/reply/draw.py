"""A reply becomes a workbook, and the same reply always the same bytes."""

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.properties import CalcProperties

from pipelines.answers import LINES, PARENT, ROUND
from pipelines.ooxml import to_bytes
from pipelines.pack.render import BODY, FACE, HEADINGS, INK
from pipelines.reply.figure_sheet import add_figures
from pipelines.reply.looks import put
from pipelines.reply.model import Reply
from pipelines.reply.queries_sheet import add_first_sheet, add_pack_sheet, query_lines


def draw(reply: Reply, publisher: str) -> bytes:
    """The bytes of the workbook; the day on which the file came stands for the clock."""
    workbook = _workbook(reply, publisher)
    places: dict[tuple[int, int, str], tuple[str, str]] = {}
    for number, figures in enumerate(reply.figures):
        name, found = add_figures(
            workbook, figures, reply.partner_name if figures.partner else "", figures.quarter or ""
        )
        places |= {(number, *place): (name, cell) for place, cell in found.items()}
    first = add_first_sheet(workbook, reply, places)
    workbook.move_sheet(first, -len(reply.figures))
    if reply.appearances and not reply.is_clean:
        add_pack_sheet(workbook, reply)
    _add_lines(workbook, reply)
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is first
    return to_bytes(workbook, [], reply.receipt.first_seen.date())


def _workbook(reply: Reply, publisher: str) -> Any:
    workbook: Any = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook._fonts = IndexedList([BODY])  # the default font; openpyxl has no public way to set it
    workbook._named_styles["Normal"].font = BODY
    workbook.calculation = CalcProperties(fullCalcOnLoad=False)
    for name, number, size in HEADINGS.values():
        font = Font(name=FACE, size=size, bold=True, color=INK)
        style = NamedStyle(name=name, font=font, alignment=Alignment(horizontal="left"), builtinId=number)
        workbook.add_named_style(style)
    about = workbook.properties
    about.title = f"Reply to {reply.receipt.original_name}"
    about.subject, about.creator, about.lastModifiedBy = reply.quarter_label, publisher, publisher
    about.language = "en-GB"
    return workbook


def _add_lines(workbook: Workbook, reply: Reply) -> None:
    """The very hidden sheet by which answers find their queries again."""
    sheet = workbook.create_sheet(LINES)
    sheet.sheet_state = "veryHidden"
    put(sheet, 1, 1, PARENT), put(sheet, 1, 2, reply.receipt.sha256)
    put(sheet, 2, 1, ROUND), put(sheet, 2, 2, str(reply.query_round))
    for row, line in enumerate(query_lines(() if reply.is_clean else reply.queries), 3):
        for column, value in enumerate(line, 1):
            put(sheet, row, column, str(value))
