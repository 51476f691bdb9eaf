"""One sheet of a workbook, counted cell by cell from its XML."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

from pipelines.package import Package, damaged, unreadable

MAX_CELLS = 1_000_000  # formatted blanks included, all sheets together
MAX_GRID = 10_000_000  # rows × columns up to the last cell, all sheets together: what a reader sets aside
MAX_MERGES = 100_000  # a real file had 50,000
MAX_CELL_TEXT = 65_535  # characters; Excel allows 32,767, Google Sheets 50,000
MAX_TEXT = 100_000_000  # characters, all cells together: a shared text counts with every cell that shows it
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

UNCALCULATED = "uncalculated"  # the error of a formula whose result was never saved
REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

Position = tuple[int, int]  # row and column, both from 0
Range = tuple[int, int, int, int]  # first row and column, last row and column, from 0, inclusive


@dataclass
class SheetCensus:
    """One sheet as counted.

    `filled` are all cells that are not blank, errors among them. `numbers` gives, for the numeric ones, the
    number as saved and its format (None for General). `rows` and `columns` reach from A1 to the last cell
    that has any content, an empty text included.
    """

    name: str
    kind: str
    visibility: str
    filled: set[Position] = field(default_factory=set)
    errors: dict[Position, str] = field(default_factory=dict)
    numbers: dict[Position, tuple[float, str | None]] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    rows: int = 0
    columns: int = 0
    has_formulas: bool = False
    has_comments: bool = False


class SheetCounter:
    """Walks the sheets of one workbook; its limits hold for all of them together.

    `strings` are the lengths of the shared texts (0 = blank), `formats` the number format of each cell style.
    """

    def __init__(self, package: Package, strings: list[int], formats: list[str | None]) -> None:
        self.package, self.strings, self.formats = package, strings, formats
        self.cells = self.grid = self.characters = 0

    def count(self, part: str, sheet: SheetCensus) -> None:
        """Fill in what the sheet's part holds. Raises Unreadable where it is damaged or too large."""
        self.sheet, self.seen = sheet, set[Position]()
        self.row = self.column = -1  # the last row and cell: where a file leaves places out, order gives them
        self.hidden_ranges: list[tuple[int, int]] = []
        self.is_taking = self.is_phonetic = False
        self._begin_cell({})
        self.package.walk(part, self._start, self._end, self._add)
        used = range(sheet.columns)
        sheet.hidden_columns = {column for first, last in self.hidden_ranges for column in used[first:last]}
        sheet.hidden_rows = {row for row in sheet.hidden_rows if row < sheet.rows}
        self.grid += sheet.rows * sheet.columns
        if self.grid > MAX_GRID:
            found = f"reaches {sheet.rows:,} rows down and {sheet.columns:,} columns across"
            raise self._too_large(found, "delete what lies far from the table")

    def _too_large(self, found: str, advice: str = "delete unused rows, columns and sheets") -> Exception:
        sentence = f'is too large, its sheet "{self.sheet.name}" {found}: {advice} and send it again'
        return unreadable(self.package.name, sentence)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
            self._place_cell(attributes.get("r"))
        elif tag in ("v", "t"):
            self.is_taking, self.has_value = not self.is_phonetic, True
        elif tag == "f":
            self.has_formula = self.sheet.has_formulas = True
        elif tag == "is":
            self.has_value = True
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "row":
            self.row = self._number(attributes.get("r", str(self.row + 2)), LAST_ROW) - 1
            self.column = -1
            if is_on(attributes.get("hidden")):
                self.sheet.hidden_rows.add(self.row)
        elif tag == "col" and is_on(attributes.get("hidden")):
            first, last = (self._number(attributes.get(key, ""), LAST_COLUMN) for key in ("min", "max"))
            self.hidden_ranges.append((first - 1, last))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.is_taking = False
        elif tag == "rPh":
            self.is_phonetic = False
        elif tag == "c":
            self._end_cell()

    def _add(self, piece: str) -> None:
        if self.is_taking:
            self.pieces.append(piece)
            self.length += len(piece)
            if self.length > MAX_CELL_TEXT:
                raise self._too_large(f"has a cell of over {MAX_CELL_TEXT:,} characters", "shorten it")

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.pieces: list[str] = []
        self.length = 0
        self.has_value = self.has_formula = False

    def _place_cell(self, reference: str | None) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise self._too_large(f"brings the file to over {MAX_CELLS:,} cells")
        if reference:
            self.row, self.column = self._position(reference)
        else:
            self.column = self._number(str(self.column + 2), LAST_COLUMN) - 1

    def _end_cell(self) -> None:
        if not (self.has_value or self.has_formula):
            return
        sheet, place = self.sheet, (self.row, self.column)
        if place in self.seen:
            raise damaged(self.package.name, f'its sheet "{sheet.name}" gives one cell twice')
        self.seen.add(place)
        sheet.rows, sheet.columns = max(sheet.rows, self.row + 1), max(sheet.columns, self.column + 1)
        text = "".join(self.pieces)
        length = self._shared_length(text.strip()) if self.kind == "s" and self.has_value else self.length
        if self.has_formula and (not self.has_value or (self.kind == "n" and is_blank(text))):
            sheet.errors[place] = UNCALCULATED
        elif self.kind == "e":
            sheet.errors[place] = text.strip() or "#ERROR!"
        elif length == 0 or (self.kind != "s" and is_blank(text)):
            return
        elif self.kind == "n":
            with suppress(ValueError):  # what is no number is left to the readers, and they call it text
                sheet.numbers[place] = float(text), self._format(self.style)
        sheet.filled.add(place)
        self.characters += length
        if length > MAX_CELL_TEXT:
            raise self._too_large(f"has a cell of {length:,} characters", "shorten it")
        if self.characters > MAX_TEXT:
            raise self._too_large(f"brings the file to over {MAX_TEXT:,} characters", "shorten its texts")

    def _shared_length(self, text: str) -> int:
        try:
            return self.strings[int(text) if text.isdecimal() and len(text) < 9 else len(self.strings)]
        except IndexError:
            raise damaged(self.package.name, f'a text of its sheet "{self.sheet.name}" is missing') from None

    def _format(self, style: str) -> str | None:
        number = int(style) if style.isdecimal() and len(style) < 9 else 0
        return self.formats[number] if number < len(self.formats) else None

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        self.sheet.merges.append((*self._position(first), *self._position(last or first)))
        if len(self.sheet.merges) > MAX_MERGES:
            raise self._too_large(f"has over {MAX_MERGES:,} merged cells")

    def _number(self, text: str, limit: int) -> int:
        number = int(text) if text.isdecimal() and len(text) < 9 else 0
        if not 1 <= number <= limit:
            raise self._no_place(text)
        return number

    def _position(self, reference: str) -> Position:
        found = REFERENCE.fullmatch(reference)
        if not found:
            raise self._no_place(reference)
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - 64
        row = int(found[2])
        if row > LAST_ROW or column > LAST_COLUMN:
            raise self._no_place(reference)
        return row - 1, column - 1

    def _no_place(self, reference: str) -> Exception:
        found = f'its sheet "{self.sheet.name}" names "{reference[:20]}", a place that no sheet has'
        return damaged(self.package.name, found)


def is_on(value: str | None) -> bool:
    """Whether a yes-or-no attribute of the XML says yes."""
    return value in ("1", "true", "on")


def unescape(text: str) -> str:
    """The text behind the escapes (_x000D_) that Excel writes for characters which XML can't hold."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def is_blank(text: str) -> bool:
    """Whether nothing shows: only white space, written out or escaped."""
    return not text or not unescape(text).strip()
