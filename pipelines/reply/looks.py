"""How the sheets of a reply look: one page filled from top to bottom, with the pack's letters and colours.

Everything is text or a number; a text never becomes a formula, whatever it begins with. Sheets are protected
without a password, so that only what is asked for is typed into; columns and rows may be made wider.
"""

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.fills import FILL_SOLID
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.table import TableColumn as XmlColumn
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.house_style.look import A4, BODY, BOLD, FACE, HEADINGS, INK, LINK, SIZE, Looks
from pipelines.house_style.ooxml import clean
from pipelines.pack.render import HAIRLINE, RULE
from pipelines.reply.wording import EXPLAIN, MUST_FIX

ORANGE, PALE_YELLOW, DARK_RED = "FFF5A742", "FFFFF7D6", "FF7B1113"
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
NUMERIC = Alignment(horizontal="right", vertical="top")
THIN = Side("thin", INK)
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
TO_ANSWER = PatternFill(FILL_SOLID, fgColor=PALE_YELLOW)
OPEN = Protection(locked=False)
LINE, PADDING, TALLEST = 15.5, 4.0, 400.0  # points
INDENT = 1.5  # characters, left of the words in a table
PER_WIDTH = 1.05  # characters of running text in the width of a digit
SEVERE = {
    MUST_FIX: (
        Font(name=FACE, size=SIZE, bold=True, color="FFFFFFFF"),
        PatternFill(FILL_SOLID, fgColor=DARK_RED),
    ),
    EXPLAIN: (BOLD, PatternFill(FILL_SOLID, fgColor=ORANGE)),
}


class TableColumn(NamedTuple):
    """A column of a reply's table: heading, width in characters, and text, number, link, severity or answer."""

    heading: str
    width: float
    kind: str = "text"


class Page:
    """A sheet that is written line by line; `row` is the last row written."""

    def __init__(self, workbook: Workbook, name: str) -> None:
        self.sheet: Worksheet = workbook.create_sheet(name)
        self.row = 0
        self.widths: dict[int, float] = {}
        self.headers: list[int] = []
        self._looks = Looks()

    def title(self, text: str) -> None:
        self._write(text, height=27)
        self.sheet.cell(self.row, 1).style = HEADINGS["title"][0]

    def heading(self, text: str) -> None:
        self.row += 1
        self._write(text, height=22)
        self.sheet.cell(self.row, 1).style = HEADINGS["heading"][0]

    def line(self, text: str) -> None:
        self._write(text)

    def paragraph(self, text: str, columns: Sequence[TableColumn]) -> None:
        """A text over the width of these columns, a row for each of its lines: nothing is merged."""
        width = int(sum(column.width for column in columns) * 0.98)
        for part in textwrap.wrap(text, width) or [""]:
            self._write(part)

    def _write(self, text: str, height: float = LINE + PADDING) -> None:
        self.row += 1
        put(self.sheet, self.row, 1, text).font = BODY
        self.sheet.row_dimensions[self.row].height = height

    def table(self, name: str, columns: Sequence[TableColumn], rows: Sequence[Sequence[Any]]) -> None:
        """A table object with its headings. A link is (text, (sheet, cell) or None)."""
        self.row += 1
        first = self.row
        for number, column in enumerate(columns, 1):
            self.widths[number] = max(self.widths.get(number, 0), column.width)
            cell = put(self.sheet, first, number, column.heading)
            cell.font, cell.border = BOLD, RULE
            side = "right" if column.kind == "number" else "left"
            indent = 0 if side == "right" else 1
            cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=indent)
        self.sheet.row_dimensions[first].height = self._height([c.heading for c in columns], columns)
        for values in rows:
            self.row += 1
            for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
                self._cell(number, column, value)
            texts = [value[0] if isinstance(value, tuple) else str(value or "") for value in values]
            self.sheet.row_dimensions[self.row].height = self._height(texts, columns)
        if rows:
            ref = f"A{first}:{get_column_letter(len(columns))}{self.row}"
            heads = [XmlColumn(id=n, name=column.heading) for n, column in enumerate(columns, 1)]
            self.sheet.add_table(Table(displayName=name, ref=ref, tableColumns=heads))
            self.headers.append(first)

    def _cell(self, number: int, column: TableColumn, value: Any) -> None:
        text, target = value if isinstance(value, tuple) else (value, None)
        cell = put(self.sheet, self.row, number, text)
        alignment = NUMERIC if column.kind == "number" else WRAPPED
        parts: dict[str, Any] = {"font": BODY, "border": HAIRLINE, "alignment": alignment}
        if column.kind == "severity" and text in SEVERE:
            parts["font"], parts["fill"] = SEVERE[text]
        elif column.kind == "answer" and value is not None:
            parts |= {"fill": TO_ANSWER, "border": BOX, "protection": OPEN}
        elif target:
            parts["font"] = LINK
        self._looks.put_on(cell, **parts)
        if target and parts["font"] is LINK:
            sheet, address = target
            location = f"{quote_sheetname(sheet)}!{address}"
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate, location=location, tooltip=f"Go to {sheet}, cell {address}"
            )

    def _height(self, texts: Sequence[str], columns: Sequence[TableColumn]) -> float:
        lines = [
            sum(len(textwrap.wrap(part, _room(column))) or 1 for part in text.split("\n"))
            for text, column in zip(texts, columns, strict=True)
        ]
        return min(max(lines) * LINE + PADDING, TALLEST)

    @staticmethod
    def letter(columns: Sequence[TableColumn], heading: str) -> str:
        return get_column_letter(1 + [column.heading for column in columns].index(heading))

    def finish(self) -> Worksheet:
        """Widths, protection and print set-up, once all is written."""
        for number, width in self.widths.items():
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        if not self.widths:
            self.sheet.column_dimensions["A"].width = 100
        set_up_page(self.sheet, self.headers[0] if len(self.headers) == 1 else 1)
        protect(self.sheet)
        return self.sheet


def _room(column: TableColumn) -> int:
    """Characters that a line in this column holds."""
    return max(int(column.width * PER_WIDTH - INDENT), 4)


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Any:
    """Write a value; a text stays a text, with what XML can't hold made visible."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        if value:
            cell.value = clean(value)
            cell.data_type = "s"
    else:
        cell.value = value
    return cell


def protect(sheet: Worksheet) -> None:
    """Lock what is not to be typed into, without a password; rows and columns may still be sized."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False


def set_up_page(sheet: Worksheet, repeated: int) -> None:
    """A4 landscape, fitted to its width, the table's headings on every page, page numbers below."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.4
    margins.bottom, margins.header, margins.footer = 0.6, 0.3, 0.3
    sheet.print_title_rows = f"{repeated}:{repeated}"
    footer: Any = sheet.oddFooter
    footer.left.text = sheet.title.replace("&", "&&")
    footer.right.text = "Page &P of &N"
