"""Where everything of a sheet stands: every cell with its address, content and figure.

The order is that of the guidance for accessible spreadsheets: title in A1, what the sheet contains in A2,
shorthand in A3, the way back in A4, then the blocks, with one blank row between and none inside a table.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from pipelines.pack.bars import Bars
from pipelines.pack.chart_places import Beside, ChartPlace, chart_places
from pipelines.pack.content import Content, Style, content, figure_of
from pipelines.pack.lettering import line_count, longest_word
from pipelines.pack.model import (
    NUMBERS,
    Block,
    Column,
    Drawing,
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
from pipelines.pack.words import SHORTHAND, listed, mark

WIDTHS: dict[Kind, float] = {
    "text": 16,
    "number": 12,
    "share": 12,
    "money": 15,
    "date": 13,
    "moment": 19,
    "yes_no": 8,
    "rating": 11,
    "word": 15,
    "course": 14,
}
NARROWEST_PAGE = 90  # characters, for a sheet without tables
HEIGHTS = {"title": 27.0, "heading": 22.0}  # points, as all heights
LINE, PADDING, BLANK = 15.5, 3.0, 8.0
SHORTHAND_ROW, INVENTED_ROW = 3, 5
TEXT = 0.95  # width of a letter of a sentence in digits, at most
INDENT = 2.0  # characters, beside the words in a table: three spaces, and what a cell keeps free
UNWRAPPED = ("number", "date")
MARK = re.compile(r"\[(\w+)\]")


class Cell(NamedTuple):
    """One cell: 1-based row and column, what it holds, the sheet it links to, and the figure it shows.

    `source_of` is the cell of this sheet whose source it leads to: a figure's own address, or for the word
    of a rating the coloured cell before it. LibreOffice paints a linked text in its own colour and does not
    wrap it, so neither that cell nor a partner's words are links.
    """

    row: int
    column: int
    content: Content
    link: str = ""
    figure: Figure | None = None
    source_of: str = ""

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


class Place(NamedTuple):
    """Where a table stands: from its headings in `first_row` to `last_row`, from column A on; its title in `title_row`,
    and its notes between.
    """

    table: Table
    title_row: int
    first_row: int
    last_row: int

    @property
    def range(self) -> str:
        return f"A{self.first_row}:{get_column_letter(len(self.table.columns))}{self.last_row}"


class CoursePlace(NamedTuple):
    """The cell in which the course of a measure is drawn."""

    cell: str
    target_id: str


@dataclass(frozen=True)
class Laid:
    """A sheet laid out, its cells by row and column. Widths are in characters, from column A on.

    Of a long table only the headings are among the cells, and the heights; its rows are made by `long_table`.

    `notices` are what a reader must know first: the shorthand used, and that figures are invented.
    """

    sheet: Sheet
    cells: list[Cell]
    places: list[Place]
    widths: list[float]
    heights: dict[int, float]
    notices: tuple[str, ...] = ()
    charts: tuple[ChartPlace, ...] = ()
    courses: tuple[CoursePlace, ...] = ()

    @property
    def last_row(self) -> int:
        return self.cells[-1].row

    def place_of(self, table: str) -> Place:
        """Where the table of this name stands."""
        return next(place for place in self.places if place.table.name == table)


def lay_out(sheet: Sheet, scale: Mapping[str, Rating]) -> Laid:
    """Place every cell of a sheet that has been checked."""
    widths = _widths(sheet)
    shown = [table for table in sheet.tables if table.rows]
    has_invented = any(_has_illustrative(table) for table in shown)
    cells: list[Cell] = []
    places: list[Place] = []
    charts: list[ChartPlace] = []
    blank: list[int] = []
    row = 6 if has_invented else 5
    beside: Beside | None = None
    previous = None
    blocks = _with_a_table_last(sheet.blocks)
    for number, block in enumerate(blocks, 1):
        if not _goes_on(previous, block):
            blank.append(row)
            row += 1
        if isinstance(block, Table) and block.rows:
            above = [_line(row, "heading", block.title), *_notes(block, row + 1, int(sum(widths) / TEXT))]
            first = above[-1].row + 1
            places.append(Place(block, row, first, first + len(block.rows)))
            cells += [*above, *_table_cells(places[-1], sheet, scale)]
            row = places[-1].last_row + 1
        elif isinstance(block, Drawing) and block.beside:
            beside = Beside(block, row, len(cells), len(places))
        elif isinstance(block, Drawing | Bars):
            charts += chart_places(block, row, widths)
            row = charts[-1].last_row + 1
        else:
            cells += _lines(block, row, int(sum(widths) / TEXT))
            row = cells[-1].row + 1
        if beside and (beside.is_over() or number == len(blocks)):
            known = dict.fromkeys(blank, BLANK) | _heights(
                cells[beside.cells :], places[beside.places :], widths
            )
            columns = max([len(place.table.columns) for place in places[beside.places :]], default=0)
            charts += beside.charts(known, widths, columns)
            row, beside = max(row, charts[-1].last_row + 1), None
        previous = block
    used = {code for cell in cells for code in MARK.findall(cell.content.shown)}
    used |= {code for table in shown if table.is_long for code in _marks_of(table)}
    opening = list(
        _opening(sheet, cells, len(places), int(sum(widths) / TEXT), used, has_invented=has_invented)
    )
    cells = [*opening, *cells]
    notices = tuple(cell.content.shown for cell in opening if cell.row in (SHORTHAND_ROW, INVENTED_ROW))
    heights = dict.fromkeys(blank, BLANK) | _heights(cells, places, widths)
    return Laid(sheet, cells, places, widths, heights, notices, tuple(charts), tuple(_courses(places)))


def _goes_on(previous: Block | None, block: Block) -> bool:
    """Whether a block goes on with what stands above it; before whatever begins something new there is a blank row."""
    match previous, block:
        case _, Paragraph():
            return True
        case Heading(), LinkList() | Drawing() | Bars():
            return True
        case Paragraph(), LinkList():
            return True
        case Drawing(beside=beside), _:
            return beside > 0
    return False


def _with_a_table_last(blocks: Sequence[Block]) -> list[Block]:
    """The blocks in their order, but that nothing stands below the last table: of empty ones a sentence is written."""
    filled = [number for number, block in enumerate(blocks) if isinstance(block, Table) and block.rows]
    last = filled[-1] if filled else len(blocks)
    return [*blocks[:last], *blocks[last + 1 :], *blocks[last : last + 1]]


def _courses(places: Sequence[Place]) -> Iterator[CoursePlace]:
    for place in places:
        for number, column in enumerate(place.table.columns, 1):
            if column.kind == "course":
                for row_number, row in enumerate(place.table.rows, place.first_row + 1):
                    yield CoursePlace(f"{get_column_letter(number)}{row_number}", row[column.name])


def _line(row: int, role: str, text: str, link: str = "") -> Cell:
    return Cell(row, 1, Content(text, Style(role), text), link)


def _lines(block: Heading | Paragraph | LinkList | Table, row: int, width: int) -> Iterator[Cell]:
    """The rows of a block that is not a table, or of one that is empty."""
    match block:
        case Heading():
            yield _line(row, "heading", block.text)
        case Paragraph():
            for number, text in enumerate(textwrap.wrap(block.text, width), row):
                yield _line(number, "text", text)
        case LinkList():
            for number, link in enumerate(block.links, row):
                yield _line(number, "link", link.text, link.sheet)
        case Table():
            yield _line(row, "heading", block.title)
            yield _line(row + 1, "text", block.empty)


def _notes(table: Table, row: int, width: int) -> Iterator[Cell]:
    lines = [line for note in table.notes for line in textwrap.wrap(note, width)]
    for number, line in enumerate(lines, row):
        yield _line(number, "text", line)


def _marks_of(table: Table) -> Iterator[str]:
    """The marks among the words of a long table, and those that stand where there are none."""
    for column in table.columns:
        if column.kind == "text":
            words = {row[column.name] for row in table.rows}
            yield from (code for text in words if text is not None for code in MARK.findall(text))
            yield from [column.missing] if None in words else []


def _opening(
    sheet: Sheet, cells: Sequence[Cell], tables: int, width: int, used: set[str], *, has_invented: bool
) -> Iterator[Cell]:
    """Rows 1 to 4, and 5 where illustrative figures are shown."""
    count = {0: "no tables", 1: "1 table"}.get(tables, f"{tables} tables, one below the other")
    contains = f"This worksheet contains {count}."
    if any(cell.figure for cell in cells):
        contains += " Figures are links to where they came from, on the Provenance sheet."
    meanings = [f"{mark(code)} {meaning}" for code, meaning in SHORTHAND.items() if code in used]
    shorthand = f"Shorthand: {listed(meanings)}." if meanings else "No shorthand is used on this worksheet."
    if len(shorthand) > width:
        shorthand = "Shorthand in square brackets is explained on the Notes sheet."
    if sheet.is_tidy:
        shorthand += " An empty cell means that there is no such number or date."
        contains += " Only these lines are printed: clear the print area to print it all."
    back = "Cover" if sheet.name == "Contents" else "Contents"
    yield _line(1, "title", sheet.title)
    yield _line(2, "text", contains)
    yield _line(SHORTHAND_ROW, "text", shorthand)
    yield _line(4, "link", f"Back to {back}", back)
    if has_invented:
        yield _line(
            INVENTED_ROW,
            "text",
            "Rows whose basis is illustrative hold invented figures, to show how the pack works.",
        )


def _has_illustrative(table: Table) -> bool:
    names = [column.name for column in table.columns if column.kind == "text"]
    return any(row[name] == "illustrative" for row in table.rows for name in names)


def _table_cells(place: Place, sheet: Sheet, scale: Mapping[str, Rating]) -> Iterator[Cell]:
    table, first_row = place.table, place.first_row
    for number, column in enumerate(table.columns, 1):
        role = "number heading" if column.kind in NUMBERS else "column heading"
        yield Cell(first_row, number, Content(column.heading, Style(role), column.heading))
    for row_number, row in enumerate(() if table.is_long else table.rows, first_row + 1):
        for number, column in enumerate(table.columns, 1):
            value = row[column.name]
            link = value.sheet if isinstance(value, Link) else ""
            shown = content(column, row, scale, is_tidy=sheet.is_tidy)
            figure = figure_of(table, column, row)
            yield Cell(
                row_number, number, shown, link, figure, _source_of(column, figure, row_number, number)
            )


def _source_of(column: Column, figure: Figure | None, row: int, number: int) -> str:
    if column.kind == "word":
        return f"{get_column_letter(number - 1)}{row}"
    return f"{get_column_letter(number)}{row}" if figure and column.kind not in ("rating", "text") else ""


def _widths(sheet: Sheet) -> list[float]:
    """The widest that any table shown asks for, column by column; no heading has a word that is broken."""
    shown = [table for table in sheet.tables if table.rows]
    widths = [0.0] * max((len(table.columns) for table in shown), default=0)
    for table in shown:
        for number, column in enumerate(table.columns):
            asked = column.width or WIDTHS[column.kind]
            widths[number] = max(widths[number], asked, longest_word(column.heading) + INDENT)
    return widths or [float(NARROWEST_PAGE)]


def _heights(cells: Sequence[Cell], places: Sequence[Place], widths: Sequence[float]) -> dict[int, float]:
    """Room for the most lines that any cell of a row wraps to; only cells of tables wrap."""
    in_table = {row for place in places for row in range(place.first_row, place.last_row + 1)}
    lines: dict[int, int] = {}
    heights: dict[int, float] = {}
    for cell in cells:
        role = cell.content.style.role
        wraps = cell.row in in_table and role not in UNWRAPPED
        found = lines_of(cell.content, widths[cell.column - 1]) if wraps else 1
        lines[cell.row] = max(lines.get(cell.row, 1), found)
        heights[cell.row] = HEIGHTS.get(role, height_of(lines[cell.row]))
    return heights


def lines_of(content: Content, width: float) -> int:
    """How many lines a cell's words take in a column."""
    return line_count(content.shown, width - INDENT, is_bold=content.style.role.endswith("heading"))


def height_of(lines: int) -> float:
    """The height in points of a row of so many lines."""
    return lines * LINE + PADDING
