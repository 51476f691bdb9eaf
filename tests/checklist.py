"""The official checklist of accessible spreadsheets as rules with names: what of it a workbook breaks, and where.

Source: Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics", essential points and
desirable ones alike. What a rule is called here is what `pipelines/house_style/departures.py` calls it.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from accessibility import INK, PAPER, contrast
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

ENOUGH_CONTRAST, SMALLEST, LONGEST_NAME = 4.5, 12, 31
MOST_ROWS = 400  # that are looked at; those of Provenance are all alike, and thousands
SHORTHAND = re.compile(r"\[(b|c|e|er|f|low|p|r|u|w|x|z|ns|s|ss|sss)\]")
CUT_YEAR = re.compile(r"\b(?:19|20)\d\d[/-]\d\d\b(?![-/\d])")
CRON = re.compile(
    r"(?:[\d*,/-]+ ){4}[\d*,/-]+"
)  # minute, hour, day, month and weekday: its stars are no marks
NOTE_MARKER = re.compile(r"[*†‡§¹²³⁴⁵]+\s*$|^NA$|^N/A$")
NO_LINK_TEXT = re.compile(r"(?i)^(click )?here$|^link$|^more$|^https?:")
NUMBER = re.compile(r"-?£?[\d,.]+%?")


@dataclass(frozen=True)
class Broken:
    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}"


def broken(content: bytes) -> list[Broken]:
    """Every rule that the workbook breaks, with each place; none if it keeps them all."""
    book = openpyxl.load_workbook(BytesIO(content))
    found = [*_document(book), *_parts(content)]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            found.append(Broken("hidden sheets", sheet.title))
            continue
        here = _Seen(sheet)
        for rule, cells in (*_sheet(here), *_tables(here), *_cells(here)):
            found.append(Broken(rule, f"{sheet.title}!{cells}"))
    return found


class _Seen:
    """A sheet with the cells that hold something, and which of them stand in tables."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.reaches = {name: range_boundaries(table.ref) for name, table in dict.items(sheet.tables)}
        self.filled = [
            cell for row in sheet.iter_rows(max_row=MOST_ROWS) for cell in row if cell.value is not None
        ]
        self.first = min((top for _, top, _, _ in self.reaches.values()), default=sheet.max_row + 1)
        self.opening = " ".join(str(c.value) for c in self.filled if c.row < self.first)

    def table_of(self, cell: Any) -> str | None:
        for name, (left, top, right, bottom) in self.reaches.items():
            if left <= cell.column <= right and top <= cell.row <= bottom:
                return name
        return None


def _document(book: Any) -> Iterator[Broken]:
    about = book.properties
    for name in ("title", "creator", "language"):
        if not getattr(about, name):
            yield Broken("title, publisher and language", name)
    if about.creator in ("openpyxl", "XlsxWriter") or about.title == "Untitled":
        yield Broken("title, publisher and language", "a program's own")
    if book.active is not book.worksheets[0]:
        yield Broken("opens at A1 of the first sheet", str(book.active.title))
    for sheet in book.worksheets:
        chosen = sheet.sheet_view.selection
        if sheet.sheet_state == "visible" and any(one.activeCell not in (None, "A1") for one in chosen[:1]):
            yield Broken("opens at A1 of the first sheet", f"{sheet.title}!{chosen[0].activeCell}")
    names = [name.casefold() for sheet in book.worksheets for name in sheet.tables]
    if len(names) != len(set(names)):
        yield Broken("names of tables", "two are the same")


def _parts(content: bytes) -> Iterator[Broken]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name).decode(errors="replace")
            if "vbaProject" in name:
                yield Broken("macros", name)
            if name.startswith("xl/media/"):
                yield Broken("pictures", name)
            if name.startswith("xl/drawings/drawing"):
                frames = re.findall(r"<(?:xdr:)?cNvPr [^>]*>", part)
                yield Broken("charts beside tables", name)
                if any(not re.search(r'descr="[^"]{20,}"', frame) for frame in frames):
                    yield Broken("words for each chart", name)


def _sheet(seen: _Seen) -> Iterator[tuple[str, str]]:
    sheet = seen.sheet
    if not seen.filled:
        yield "blank sheets", "A1"
        return
    if sheet["A1"].style != "Headline 1" or len(str(sheet["A1"].value or "")) < len("Cover"):
        yield "a tagged title in A1", "A1"
    if not 0 < len(sheet.title) <= LONGEST_NAME or re.fullmatch(r"(?i)sheet\d*|table\d*", sheet.title):
        yield "names of sheets", "A1"
    if sheet.title != sheet.title.strip():
        yield "names of sheets", "A1"
    if sheet.merged_cells.ranges:
        yield "merged cells", str(next(iter(sheet.merged_cells.ranges)))
    if sheet.freeze_panes:
        yield "frozen panes", str(sheet.freeze_panes)
    if any(size.hidden for size in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())):
        yield "hidden rows and columns", "A1"
    for place in (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader):
        if place.left.text or place.center.text or place.right.text:
            yield "nothing in headers", "A1"
    said = re.search(r"This worksheet contains (no|\d+) table", seen.opening)
    if not said or int(said[1].replace("no", "0")) != len(sheet.tables):
        yield "how many tables there are", "A2"


def _tables(seen: _Seen) -> Iterator[tuple[str, str]]:
    sheet, last = seen.sheet, 0
    if len(seen.reaches) > 1:
        yield "one table on a sheet", ", ".join(seen.reaches)
    for name, (left, top, right, bottom) in sorted(seen.reaches.items(), key=lambda one: one[1][1]):
        table = sheet.tables[name]
        heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
        if left != 1:
            yield "tables begin in column A", name
        if (table.headerRowCount or 0) != 1 or [c.name for c in table.tableColumns] != heads:
            yield "one tagged row of headings", name
        if len(set(heads)) < len(heads) or not all(isinstance(head, str) and head.strip() for head in heads):
            yield "one tagged row of headings", name
        if table.autoFilter is not None or sheet.auto_filter.ref:
            yield "filters", name
        if re.fullmatch(r"(?i)table_?\d*", name):
            yield "names of tables", name
        # sentences about its rows may stand between a table's title and its headings
        above = next((row for row in range(top - 1, last, -1) if sheet.cell(row, 1).style == "Headline 2"), 0)
        is_apart = any(sheet.cell(row, 1).value is None for row in range(above or top, top))
        if len(seen.reaches) > 1 and (not above or is_apart):
            yield "tagged titles of tables", name
        if top <= last + 1:
            yield "a blank row between tables", name
        last = bottom
        rows = range(top + 1, min(bottom, MOST_ROWS) + 1)
        # a table object has a row at least: the only one of a table that nobody has filled in yet is blank
        for row in rows if bottom > top + 1 else ():
            if all(sheet.cell(row, column).value is None for column in range(left, right + 1)):
                yield "blank rows in tables", f"{name} row {row}"
        for column in range(left, right + 1):
            blank = [row for row in rows if sheet.cell(row, column).value is None]
            if blank and "empty cell" not in seen.opening.lower():
                yield "empty cells explained", f"{get_column_letter(column)}{blank[0]}"
    below = [cell for cell in seen.filled if last and cell.row > last]
    if below:
        yield "nothing below a table", below[0].coordinate


def _cells(seen: _Seen) -> Iterator[tuple[str, str]]:
    beside: dict[int, int] = {}
    has_numbers = {
        (name, cell.column)
        for cell in seen.filled
        if isinstance(cell.value, int | float) and (name := seen.table_of(cell))
    }
    for cell in seen.filled:
        name, text = seen.table_of(cell), cell.value if isinstance(cell.value, str) else ""
        if name is None:
            beside[cell.row] = beside.get(cell.row, 0) + 1
        if cell.font.name != "Arial" or (cell.font.size or 0) < SMALLEST:
            yield "a plain face of 12 points", cell.coordinate
        fill = str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type else None
        colour = cell.font.color.rgb if cell.font.color is not None else None
        if contrast(colour[-6:] if isinstance(colour, str) else INK, fill or PAPER) < ENOUGH_CONTRAST:
            yield "contrast", cell.coordinate
        if fill:
            yield "no colour behind cells", cell.coordinate
        if cell.font.vertAlign == "superscript" or (NOTE_MARKER.search(text) and not CRON.fullmatch(text)):
            yield "no symbols for notes", cell.coordinate
        if CUT_YEAR.search(text):
            yield "years in full", cell.coordinate
        if SHORTHAND.search(text) and not re.search("(?i)shorthand|in square brackets", seen.opening):
            yield "shorthand explained above", cell.coordinate
        if SHORTHAND.fullmatch(text) and (name, cell.column) in has_numbers:
            yield "no shorthand among numbers", cell.coordinate
        if cell.hyperlink is not None:
            if NO_LINK_TEXT.search(str(cell.value)):
                yield "links that say where to", cell.coordinate
            elif not text or NUMBER.fullmatch(text):
                yield "links that are words", cell.coordinate
        if text and name and not cell.alignment.wrap_text and not text.startswith("="):
            yield "words wrap", cell.coordinate
        if (
            text
            and not name
            and not cell.alignment.wrap_text
            and cell.style not in ("Headline 1", "Headline 2")
        ):
            width = seen.sheet.column_dimensions[cell.column_letter].width
            if len(text) > width * 1.2:
                yield "words wrap", cell.coordinate
        is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        if is_number and cell.alignment.horizontal not in ("right", "general", None):
            yield "numbers to the right, words to the left", cell.coordinate
        is_word = text and name and cell.row > seen.reaches[name][1] and not SHORTHAND.fullmatch(text)
        if (
            is_word
            and (name, cell.column) not in has_numbers
            and cell.alignment.horizontal in ("right", "center")
        ):
            yield "numbers to the right, words to the left", cell.coordinate
    for row in seen.sheet.iter_rows(max_row=MOST_ROWS):
        for cell in row:
            if cell.fill.fill_type and not str(cell.value or "").strip():
                yield "colour is never alone", cell.coordinate
    for row, cells in beside.items():
        if cells > 1:
            yield "tables marked as tables", f"row {row}"
