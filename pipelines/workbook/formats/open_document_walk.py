"""The sheets of an OpenDocument spreadsheet (.ods) from its own XML: every cell, counted and read in one walk.

Rows and cells that the file writes once and repeats are repeated here, as far as they hold anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time

from pipelines.cells import QUERY_NOTE, CellError, Value
from pipelines.workbook.formats.open_document_styles import OASIS, TABLE, OpenStyles
from pipelines.workbook.package import NAMESPACES, Package, damaged
from pipelines.workbook.styles import Style
from pipelines.workbook.tally import (
    LAST_COLUMN,
    LAST_ROW,
    NO_NUMBER,
    UNCALCULATED,
    Position,
    SheetCensus,
    Tally,
)

OFFICE, TEXT = f"{OASIS}office:1.0 ", f"{OASIS}text:1.0 "
CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
ODS_NAMESPACES = NAMESPACES | {
    f"{OASIS}{name}:1.0" for name in ("office", "table", "text", "style", "datastyle", "manifest")
}
ERROR = re.compile(r"#[A-Z/0]+[!?]?|#N/A|Err:\d+")
DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
BLANKS = re.compile("[ \t\r\n]+")
SPACE, TAB, BREAK = "\x01", "\x02", "\x03"  # stand for the file's own marks until white space has been folded
MARKS = str.maketrans({SPACE: " ", TAB: "\t", BREAK: "\n"})
NUMERIC = ("float", "percentage", "currency")


@dataclass
class OpenSheet(SheetCensus):
    """A sheet as counted, with what stands in each cell and how it is shown."""

    values: dict[Position, tuple[Value, str | None]] = field(default_factory=dict)
    fill_runs: list[tuple[int, int, int, int, str]] = field(default_factory=list)


def walk_open_document(package: Package) -> list[OpenSheet]:
    """Every sheet of the file. Raises Unreadable where it is damaged or larger than we take."""
    styles = OpenStyles()
    if "styles.xml" in package:
        package.walk("styles.xml", styles.start, styles.end, styles.text, ODS_NAMESPACES)
    walk = _Walk(package, styles)
    package.walk("content.xml", walk.start, walk.end, walk.text, ODS_NAMESPACES)
    walk.tally.take_sheets([sheet.name for sheet in walk.sheets])
    return walk.sheets


class _Walk:
    def __init__(self, package: Package, styles: OpenStyles) -> None:
        self.name, self.styles = package.name, styles
        self.tally = Tally(package.name, package.limits)
        self.sheets: list[OpenSheet] = []
        self.inside: list[str] = []
        self.skipped = 0  # depth within what holds cells that are on no sheet
        self.sheet: OpenSheet | None = None
        self.cell: dict[str, str] | None = None
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.note: list[str] = []
        self.length = 0
        self.row = self.row_times = self.column = 0
        self.hidden_columns: list[tuple[int, int]] = []
        self.hidden_rows: list[tuple[int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.inside.append(tag)
        if self.skipped or tag in ("tracked-changes", "dde-links", "annotation", "shapes"):
            self.skipped += 1
            self.note = [] if tag == "annotation" else self.note
        elif tag == "table":
            self._begin_sheet(attributes)
        elif self.sheet is None:
            self.styles.start(tag, attributes)
        elif tag == "table-source":
            self.sheet.kind = "copy of a sheet in another file"
        elif tag == "table-column":
            last = self.column + self._times(attributes, "number-columns-repeated", LAST_COLUMN)
            if attributes.get(TABLE + "visibility") in ("collapse", "filter"):
                self.hidden_columns.append((self.column, last))
            self.column = last
        elif tag == "table-row":
            self.row, self.column = self.row + self.row_times, 0
            self.row_times = self._times(attributes, "number-rows-repeated", LAST_ROW)
            if attributes.get(TABLE + "visibility") in ("collapse", "filter"):
                self.hidden_rows.append((self.row, self.row + self.row_times))
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.paragraphs, self.length = attributes, [], 0
        elif self.cell is not None:
            self._start_in_cell(tag, attributes)

    def end(self, tag: str) -> None:
        self.inside.pop()
        if self.skipped:
            self.skipped -= 1
            if tag == "annotation" and self.sheet and not QUERY_NOTE.match("".join(self.note)):
                self.sheet.has_comments = True
        elif tag == "table":
            self._end_sheet()
        elif self.sheet is None:
            self.styles.end(tag)
        elif tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "p" and self.inside[-1:] in (["table-cell"], ["covered-table-cell"]):
            folded = BLANKS.sub(" ", "".join(self.pieces)).strip(" ")
            self.paragraphs.append(folded.translate(MARKS))

    def text(self, piece: str) -> None:
        if self.skipped:
            if "annotation" in self.inside and "p" in self.inside[-2:]:
                self.note.append(piece)  # its author and date stand beside the paragraph
            return
        if self.sheet is None:
            self.styles.text(piece)
        elif self._is_in_paragraph():
            self._add(piece)

    def _is_in_paragraph(self) -> bool:
        """Whether characters are the cell's own, and not those of a drawing that lies on it."""
        for number in range(len(self.inside) - 1, 0, -1):
            if self.inside[number] == "p":
                return self.inside[number - 1] in ("table-cell", "covered-table-cell")
            if not self.inside[number]:
                return False
        return False

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        if self.length > self.tally.limits.cell_text and self.sheet:
            self.tally.take_text(self.sheet, self.length)

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        if self.sheet is not None:
            raise damaged(self.name, f'its sheet "{self.sheet.name}" has a table inside a cell')
        hidden = attributes.get(TABLE + "style-name") in self.styles.hidden
        self.sheet = OpenSheet(
            attributes.get(TABLE + "name", ""), visibility="hidden" if hidden else "visible"
        )
        self.row = self.row_times = self.column = 0
        self.hidden_columns, self.hidden_rows = [], []

    def _end_sheet(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        sheet.hide_columns(self.hidden_columns)
        sheet.hidden_rows = {
            row for first, last in self.hidden_rows for row in range(first, min(last, sheet.rows))
        }
        for top, bottom, left, right, colour in sheet.fill_runs:
            for row in range(top, min(bottom, sheet.rows + 1)):
                for column in range(left, min(right, sheet.columns + 1)):
                    sheet.fills[row, column] = colour
                if len(sheet.fills) > self.tally.limits.fills:
                    break
        self.tally.close(sheet)
        self.sheets.append(sheet)
        self.sheet = None

    def _times(self, attributes: dict[str, str], name: str, limit: int) -> int:
        text = attributes.get(TABLE + name, "1")
        times = int(text) if text.isdecimal() and len(text) < 9 else 0
        if not 1 <= times <= limit and self.sheet:
            raise self.tally.no_place(self.sheet, text)
        return times

    def _start_in_cell(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p" and self.inside[-2] in ("table-cell", "covered-table-cell"):
            self.pieces = []
        elif self._is_in_paragraph():
            if tag == "s":
                text = attributes.get(TEXT + "c", "1")
                self._add(SPACE * (int(text) if text.isdecimal() and len(text) < 6 else 1))
            elif tag in ("tab", "line-break"):
                self._add(TAB if tag == "tab" else BREAK)

    def _end_cell(self) -> None:
        sheet, cell = self.sheet, self.cell
        assert sheet is not None and cell is not None
        self.cell = None
        times = self._times(cell, "number-columns-repeated", LAST_COLUMN)
        left, right = self.column, self.column + times
        top, bottom = self.row, self.row + max(1, self.row_times)
        self.column = right
        style = self.styles.cells.get(cell.get(TABLE + "style-name", ""), Style())
        if style.fill:
            sheet.fill_runs.append((top, bottom, left, right, style.fill))
        self._merge(sheet, cell, top, left)
        value = self._value(cell)
        has_formula = TABLE + "formula" in cell
        is_blank = value is None or (isinstance(value, str) and not value.strip())
        if is_blank and not has_formula:
            self.tally.take_cells(sheet)
            return
        if bottom > LAST_ROW or right > LAST_COLUMN:
            raise self.tally.no_place(sheet, f"row {bottom}, column {right}")
        self.tally.take_cells(sheet, (bottom - top) * times)
        sheet.reach(bottom - 1, right - 1)
        for place in ((row, column) for row in range(top, bottom) for column in range(left, right)):
            if has_formula:
                sheet.formulas.add(place)
            if value is None or is_blank:
                continue
            sheet.filled[place] = NO_NUMBER
            sheet.values[place] = value, style.number_format
            if style.is_struck:
                sheet.struck.add(place)
            self.tally.take_text(sheet, len(value) if isinstance(value, str) else 0)
            if isinstance(value, CellError):
                sheet.errors[place] = value.code
            elif isinstance(value, int | float) and not isinstance(value, bool):
                sheet.filled[place] = float(value), style.number_format

    def _merge(self, sheet: OpenSheet, cell: dict[str, str], top: int, left: int) -> None:
        wide = self._times(cell, "number-columns-spanned", LAST_COLUMN)
        high = self._times(cell, "number-rows-spanned", LAST_ROW)
        if wide > 1 or high > 1:
            self.tally.take_merge(sheet, (top, left, top + high - 1, left + wide - 1))

    def _value(self, cell: dict[str, str]) -> Value | None:
        """What the cell holds; None for nothing."""
        kind = cell.get(OFFICE + "value-type") or cell.get(CALC_TYPE, "")
        shown = "\n".join(self.paragraphs)
        has_formula = TABLE + "formula" in cell
        try:
            if kind in NUMERIC:
                return number(cell[OFFICE + "value"])
            if kind == "boolean":
                return cell[OFFICE + "boolean-value"] == "true"
            if kind == "date":
                moment = datetime.fromisoformat(cell[OFFICE + "date-value"])
                return moment.date() if moment.time() == time() else moment.replace(tzinfo=None)
            if kind == "time":
                return duration(cell[OFFICE + "time-value"])
        except (KeyError, ValueError):
            found = f'a cell of its sheet "{self.sheet.name if self.sheet else ""}" is no {kind}'
            raise damaged(self.name, f"{found}, as it says it is") from None
        text = cell.get(OFFICE + "string-value", "") or shown
        is_error = cell.get(CALC_TYPE) == "error" or (
            has_formula and not cell.get(OFFICE + "string-value") and ERROR.fullmatch(shown.strip())
        )
        if is_error:
            return CellError(shown.strip() or "#ERROR!")
        if has_formula and not kind and not text:
            return CellError(UNCALCULATED)
        return text or None


def number(text: str) -> int | float:
    """A number as saved, whole where it is. Raises ValueError."""
    value = float(text)
    if value - value != 0:
        raise ValueError(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def duration(text: str) -> Value:
    """A length of time: a time of day below a day, else in days. Raises ValueError."""
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(text)
    sign, *parts = found.groups()
    days, hours, minutes, seconds = (float(part or 0) for part in parts)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not sign and total < 86_400:
        whole, fraction = divmod(round(total * 1_000_000), 1_000_000)
        return time(whole // 3600, whole // 60 % 60, whole % 60, fraction)
    return number(str((-total if sign else total) / 86_400))
