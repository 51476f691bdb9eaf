"""What every workbook of ours looks like: its face, its headings as headings, its page."""

from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

A4 = 9
FACE, SIZE = "Arial", 12
INK, BLUE, PALE = "FF0B0C0C", "FF12436D", "FFB1B4B6"
BODY = Font(name=FACE, size=SIZE, color=INK)
LINK = Font(name=FACE, size=SIZE, color=BLUE, underline="single")
BOLD = Font(name=FACE, size=SIZE, bold=True, color=INK)
THIN = Side("thin", INK)
# Excel knows a heading by this number, whatever the language of its menus; 16 is Heading 1.
HEADINGS = {"title": ("Headline 1", 16, 18), "heading": ("Headline 2", 17, 14)}


class Looks:
    """The looks of one workbook's cells, each found once.

    openpyxl looks the font, the border and the rest of every cell up in its lists; a workbook of thousands of cells
    has few looks, and a cell that is to look like one before takes its numbers over.
    """

    def __init__(self) -> None:
        # by the parts themselves, which live as long as the look is kept
        self._found: dict[tuple[object, ...], tuple[dict[str, Any], Any]] = {}

    def put_on(self, cell: Any, **parts: Any) -> None:
        """Give a cell its `font`, `border`, `alignment`, `protection`, `fill` and `number_format`; the last a text."""
        key = tuple((name, part if isinstance(part, str) else id(part)) for name, part in parts.items())
        if key not in self._found:
            cell._style = StyleArray()
            for name, part in parts.items():
                setattr(cell, name, part)
            self._found[key] = (parts, cell._style)
        cell._style = copy(self._found[key][1])


def new_workbook(title: str, subject: str, publisher: str) -> Any:
    """A workbook without a sheet, in our face, with headings that a screen reader knows, and its properties."""
    workbook: Any = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook._fonts = IndexedList([BODY])  # the default font; openpyxl has no public way to set it
    workbook._named_styles["Normal"].font = BODY
    workbook.calculation = CalcProperties(fullCalcOnLoad=False)  # or Excel asks to save what nobody changed
    for name, number, size in HEADINGS.values():
        font = Font(name=FACE, size=size, bold=True, color=INK)
        style = NamedStyle(name=name, font=font, alignment=Alignment(horizontal="left"), builtinId=number)
        workbook.add_named_style(style)
    about = workbook.properties
    about.title, about.subject, about.creator = title, subject, publisher
    about.lastModifiedBy, about.language = publisher, "en-GB"
    return workbook


def set_up_page(worksheet: Worksheet, widths: list[float], *, is_one_page: bool = False) -> None:
    """Columns as wide as said, and A4 across: each range that is printed a page wide, and as long as it takes."""
    for number, width in enumerate(widths, 1):
        worksheet.column_dimensions[get_column_letter(number)].width = width
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_setup.paperSize, worksheet.page_setup.orientation = A4, "landscape"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, int(is_one_page)
    margins = worksheet.page_margins
    margins.left = margins.right = margins.top = 0.4
    margins.bottom = 0.6
    margins.header = margins.footer = 0.3


FOOTER_SIZE = 9  # points


def footer(worksheet: Worksheet, left: str, right: str) -> None:
    """Who and which at the foot of each page, and the page's number between."""
    # small enough that a long name does not run into the page's number, whatever a sheet is scaled by
    worksheet.HeaderFooter.scaleWithDoc = False
    foot: Any = worksheet.oddFooter
    foot.left.size = foot.center.size = foot.right.size = FOOTER_SIZE
    foot.left.text, foot.center.text, foot.right.text = _in_footer(left), "Page &P of &N", _in_footer(right)


def _in_footer(text: str) -> str:
    """An ampersand begins a code in a footer; two stand for one."""
    return text.replace("&", "&&")
