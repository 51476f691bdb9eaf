"""Where everything of a sheet stands: every cell with its address, value, look and figure.

The order is that of the guidance for accessible spreadsheets: title in A1, what the sheet contains in A2,
shorthand in A3, the way back in A4, then the blocks, with one blank row between and none inside a table.
"""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from pipelines.pack.model import (
    NUMBERS,
    Column,
    Figure,
    Heading,
    Kind,
    Link,
    LinkList,
    Paragraph,
    Rating,
    Sheet,
    Table,
)
from pipelines.pack.words import SHORTHAND, day, listed, mark

CONTENTS = "Contents"
NARROWEST_PAGE = 90  # characters; a sheet of narrow tables still has room for its sentences
WIDTHS: dict[Kind, float] = {
    "text": 16, "number": 11, "share": 10, "money": 12, "date": 13, "moment": 19, "yes_no": 8, "rating": 9, "word": 13,
}  # fmt: skip
MARK = re.compile(r"\[(\w+)\]")


class Style(NamedTuple):
    """What a cell is; the renderer knows what that looks like."""

    role: str
    format: str = ""
    rating: str = ""


class Cell(NamedTuple):
    """One cell: 1-based row and column; `shown` is its value as a reader sees it."""

    row: int
    column: int
    value: str | int | float | date
    style: Style
    shown: str
    link: str = ""  # the sheet it leads to
    figure: Figure | None = None

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


class Place(NamedTuple):
    """Where a table stands: its header is in `first_row`, its last row in `last_row`, all from column A on."""

    table: Table
    first_row: int
    last_row: int

    @property
    def range(self) -> str:
        return f"A{self.first_row}:{get_column_letter(len(self.table.columns))}{self.last_row}"


@dataclass(frozen=True)
class Laid:
    """A sheet laid out. `widths` are in characters, from column A on."""

    sheet: Sheet
    cells: list[Cell]
    places: list[Place]
    widths: list[float]

    @property
    def last_row(self) -> int:
        return max(cell.row for cell in self.cells)


def lay_out(sheet: Sheet, scale: Mapping[str, Rating]) -> Laid:
    """Place every cell of a sheet that has been checked."""
    widths = _widths(sheet)
    cells: list[Cell] = []
    places: list[Place] = []
    row = 6 if any(_is_illustrative(table) for table in sheet.tables) else 5
    for block in sheet.blocks:
        if isinstance(block, Paragraph):
            for line in textwrap.wrap(block.text, int(sum(widths))):
                cells.append(_words(row, line, "text"))
                row += 1
            continue
        row += 1
        if isinstance(block, Heading):
            cells.append(_words(row, block.text, "heading"))
            row += 1
        elif isinstance(block, LinkList):
            for link in block.links:
                cells.append(_words(row, link.text, "link", link.sheet))
                row += 1
        else:
            cells.append(_words(row, block.title, "heading"))
            if not block.rows:
                cells.append(_words(row + 1, block.empty, "text"))
                row += 2
                continue
            places.append(Place(block, row + 1, row + 1 + len(block.rows)))
            cells += _table_cells(block, row + 1, scale, sheet.is_tidy)
            row += 2 + len(block.rows)
    return Laid(sheet, [*_opening(sheet, cells, places), *cells], places, widths)


def _words(row: int, text: str, role: str, link: str = "") -> Cell:
    return Cell(row, 1, text, Style(role), text, link)


def _widths(sheet: Sheet) -> list[float]:
    """The widest that any table asks for, column by column, stretched at the end to the narrowest page."""
    widths = [0.0] * max([len(table.columns) for table in sheet.tables if table.rows], default=1)
    for table in sheet.tables:
        for i, column in enumerate(table.columns if table.rows else ()):
            widths[i] = max(widths[i], column.width or WIDTHS[column.kind])
    if len(widths) == 1:
        widths[0] = max(widths[0], NARROWEST_PAGE)
    return widths


def _opening(sheet: Sheet, cells: Sequence[Cell], places: Sequence[Place]) -> list[Cell]:
    """Rows 1 to 4, and 5 where illustrative figures are shown."""
    count = len(places)
    contains = (
        "This worksheet contains no tables."
        if not count
        else "This worksheet contains 1 table."
        if count == 1
        else f"This worksheet contains {count} tables, one below the other."
    )
    if any(cell.figure for cell in cells):
        contains += " Each figure is a link to where it came from, on the Provenance sheet."
    used = {found for cell in cells if isinstance(cell.value, str) for found in MARK.findall(cell.value)}
    meanings = [f"{mark(code)} {meaning}" for code, meaning in SHORTHAND.items() if code in used]
    shorthand = f"Shorthand: {listed(meanings)}." if meanings else "No shorthand is used on this worksheet."
    if sheet.is_tidy:
        shorthand += " An empty cell means that there is no such number."
    target, text = (CONTENTS, "Back to Contents") if sheet.name != CONTENTS else ("Cover", "Back to Cover")
    opening = [
        _words(1, sheet.title, "title"),
        _words(2, contains, "text"),
        _words(3, shorthand, "text"),
        _words(4, text, "link", target),
    ]
    if any(_is_illustrative(place.table) for place in places):
        sentence = (
            "Rows whose basis says illustrative hold invented figures, there to show how the pack works."
        )
        opening.append(_words(5, sentence, "text"))
    return opening


def _is_illustrative(table: Table) -> bool:
    shown = [column.name for column in table.columns if column.kind == "text"]
    return any(row[name] == "illustrative" for row in table.rows for name in shown)


def _table_cells(table: Table, first_row: int, scale: Mapping[str, Rating], is_tidy: bool) -> Iterable[Cell]:
    for number, column in enumerate(table.columns, 1):
        role = "number heading" if column.kind in NUMBERS else "column heading"
        yield Cell(first_row, number, column.heading, Style(role), column.heading)
    for row_number, row in enumerate(table.rows, first_row + 1):
        for number, column in enumerate(table.columns, 1):
            figure = figure_of(table, column, row)
            value = figure.value if figure else row[column.name]
            yield _cell(row_number, number, value, column, row, figure, scale, is_tidy)


def figure_of(table: Table, column: Column, row: Mapping[str, Any]) -> Figure | None:
    """The figure that a cell shows, or None where its words are the pack's own."""
    value = row[column.name]
    if column.kind == "word" or not (isinstance(value, Figure) or (column.has_figures and table.mart)):
        return value if isinstance(value, Figure) else None
    if isinstance(value, Figure):
        return value
    return Figure(value, (f"{table.mart}:{row['row_id']}:{column.name}",))


def _cell(
    row_number: int,
    number: int,
    value: Any,
    column: Column,
    row: Mapping[str, Any],
    figure: Figure | None,
    scale: Mapping[str, Rating],
    is_tidy: bool,
) -> Cell:
    link = ""
    if isinstance(value, Link):
        style, shown, link, value = Style("link in table"), value.text, value.sheet, value.text
    elif value is None:
        style, value = _missing(column, row, is_tidy)
        shown = value
    elif column.kind == "rating":
        rating = scale[value]
        style, value = Style("rating", rating=value), f"{rating.glyph} {rating.code}"
        shown = value
    elif column.kind == "word":
        style, shown = Style("cell"), scale[value].word
        value = shown
    elif column.kind == "yes_no":
        style, value = Style("cell"), "Yes" if value else "No"
        shown = value
    elif column.kind == "date":
        style, shown = Style("date", "d mmm yyyy"), day(value)
    elif column.kind == "moment":
        style, shown = Style("date", "d mmm yyyy hh:mm"), f"{day(value)} {value:%H:%M}"
    elif column.kind == "money":
        style, shown = (
            Style("number", "£#,##0;-£#,##0"),
            f"{'-' if round(value) < 0 else ''}£{abs(value):,.0f}",
        )
    elif column.kind in ("number", "share"):
        style, shown = _number(value, column, row)
    else:
        style, shown = Style("cell"), value
    is_word = column.kind == "word"
    return Cell(row_number, number, value, style, shown, link, None if is_word else figure)


def _missing(column: Column, row: Mapping[str, Any], is_tidy: bool) -> tuple[Style, str]:
    code = (row[column.status] if column.status else None) or column.missing
    if column.kind == "word":
        return Style("cell"), "Not applicable" if code == "z" else "No rating"
    if column.kind in NUMBERS or column.kind == "date":
        return Style("no number"), "" if is_tidy else mark(code)
    return Style("cell"), mark(code)


def _number(value: float, column: Column, row: Mapping[str, Any]) -> tuple[Style, str]:
    if column.kind == "share":
        return Style("number", "0.0%"), f"{value:.1%}"
    places = int(row[column.places] if isinstance(column.places, str) else column.places)
    decimals = f".{'0' * places}" if places else ""
    return Style("number", f"#,##0{decimals}"), f"{value:,.{places}f}"
