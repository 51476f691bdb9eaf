"""A return's own sheet in a reply: the figures as they were sent, what is asked about marked, the rest locked."""

from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Protection, Side
from openpyxl.styles.fills import FILL_SOLID
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from pipelines.contract import NUMERIC
from pipelines.pack.render import BODY, BOLD, HAIRLINE, HEADINGS, INK, RULE
from pipelines.reply.looks import NUMERIC as RIGHT
from pipelines.reply.looks import ORANGE, PALE_YELLOW, WRAPPED, protect, put, set_up_page
from pipelines.reply.model import Figures

_SIDE = Side("thick", INK)
THICK = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
FORMATS = {"money": "£#,##0.##", "count": "#,##0", "date": "d mmm yyyy"}
HEADER_ROW = 5
SPARE_ROWS = 5


def add_figures(
    workbook: Workbook, figures: Figures, partner_name: str, quarter_label: str
) -> tuple[str, dict[tuple[int, str], str]]:
    """Add the sheet; its name, and the cell of each (row, column)."""
    contract = figures.contract
    sheet = workbook.create_sheet(_free_name(workbook, contract.title))
    put(sheet, 1, 1, contract.title).style = HEADINGS["title"][0]
    put(sheet, 2, 1, "This worksheet contains 1 table.").font = BODY
    for place_of_label, text in enumerate(("Partner:", partner_name, "Quarter:", quarter_label), 1):
        cell = put(sheet, 3, place_of_label, text)
        cell.font = BOLD if text.endswith(":") else BODY
        cell.protection = Protection(locked=bool(text))
    places: dict[tuple[int, str], str] = {}
    last = HEADER_ROW + max(len(figures.rows), 1) + SPARE_ROWS
    for number, column in enumerate(contract.columns, 1):
        head = put(sheet, HEADER_ROW, number, column.header)
        head.font, head.border, head.alignment = BOLD, RULE, WRAPPED
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 30 if column.type == "text" and not column.refers_to else 16
        for row in range(HEADER_ROW + 1, last + 1):
            index = row - HEADER_ROW - 1
            value = figures.rows[index].get(column.name) if index < len(figures.rows) else None
            cell = put(sheet, row, number, value)
            cell.font, cell.border = BODY, HAIRLINE
            is_number = column.type in NUMERIC and isinstance(value, int | float)
            cell.alignment = RIGHT if is_number else WRAPPED
            if not isinstance(value, str) and column.type in FORMATS:
                cell.number_format = FORMATS[column.type]
            place = index, column.name
            cell.protection = Protection(locked=place in figures.locked)
            if index < len(figures.rows):
                places[place] = cell.coordinate
            if query := figures.marks.get(place):
                cell.fill, cell.border = PatternFill(FILL_SOLID, fgColor=ORANGE), THICK
                text = f"Query {query.number}. {query.severity}. {query.expected} {query.fix}"
                cell.comment = Comment(text, "lsp", width=360)
            elif place not in figures.locked:
                cell.fill = PatternFill(FILL_SOLID, fgColor=PALE_YELLOW)
    if figures.is_nil and not figures.rows:
        put(sheet, HEADER_ROW + 1, 1, "Nil return")
    set_up_page(sheet, HEADER_ROW)
    protect(sheet)
    return sheet.title, places


def _free_name(workbook: Workbook, title: str) -> str:
    taken = {name.casefold() for name in workbook.sheetnames}
    name, number = title[:31], 2
    while name.casefold() in taken:
        name, number = f"{title[:27]} ({number})", number + 1
    return name
