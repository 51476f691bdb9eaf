"""How a template's cells look, and the few ways in which one is written."""

import textwrap
from functools import cache
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from pipelines.house_style.look import BODY, HEADINGS, INK, LINK, PALE

LINE, PADDING, PER_WIDTH = (
    15.5,
    5.0,
    1.05,
)  # points, points, characters of running text in the width of a digit
HEIGHTS = {"title": 27.0, "heading": 22.0}
EDGE, THICK = Side("thin", PALE), Side("thick", INK)
GRID = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
ASKED = Border(left=THICK, right=THICK, top=THICK, bottom=THICK)
RULE = Border(bottom=Side("medium", INK))
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)
WORDS = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
FIGURE = Alignment(horizontal="right", vertical="top", indent=1)
LEFT = Alignment(horizontal="left", vertical="top")
BESIDE = Alignment(horizontal="left", vertical="top", indent=1)


@cache
def filled(colour: str) -> PatternFill:
    """A cell in one colour (RRGGBB)."""
    return PatternFill("solid", fgColor=f"FF{colour}", bgColor=f"FF{colour}")


def text(cell: Cell, value: str, font: Font = BODY) -> Cell:
    """Text as it stands, whatever it begins with."""
    cell.value, cell.data_type = value, "s"
    cell.font, cell.alignment = font, LEFT
    return cell


def heading(worksheet: Any, address: str, value: str, role: str = "title") -> None:
    """A heading that a screen reader knows as one."""
    cell = text(worksheet[address], value)
    cell.style = HEADINGS[role][0]
    worksheet.row_dimensions[cell.row].height = HEIGHTS[role]


def link(cell: Cell, value: str, sheet: str) -> None:
    """A link within the workbook."""
    text(cell, value, LINK)
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!A1", tooltip=f"Go to {sheet}"
    )
    cell.font = LINK


def protect(worksheet: Any) -> None:
    """Lock the sheet without a password; rows can be sorted and columns widened all the same."""
    worksheet.protection.enable()
    for may in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(worksheet.protection, may, False)  # False: not kept from it


def lines_of(words: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    room = max(4, int(width * PER_WIDTH) - 2)
    return sum(len(textwrap.wrap(part, room)) or 1 for part in words.split("\n"))


def cells_of(worksheet: Any) -> int:
    """How many cells of a sheet hold something."""
    return sum(cell.value is not None for row in worksheet.iter_rows() for cell in row)
