"""One sheet of a workbook, counted cell by cell from its XML."""

from __future__ import annotations

import re
from contextlib import suppress

from pipelines.cells import address
from pipelines.workbook.package import Package, damaged
from pipelines.workbook.styles import Style, is_on
from pipelines.workbook.tally import (
    LAST_COLUMN,
    LAST_ROW,
    NO_NUMBER,
    UNCALCULATED,
    Position,
    Saved,
    SheetCensus,
    Tally,
)

REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
COLUMNS = {address(0, column)[:-1]: column for column in range(LAST_COLUMN)}  # by their letters


class SheetCounter:
    """Walks the sheets of one workbook; its limits hold for all of them together.

    `strings` are the lengths of the shared texts (0 = blank), `styles` how each number of a style is shown.
    """

    def __init__(self, package: Package, strings: list[int], styles: list[Style]) -> None:
        self.package, self.strings = package, strings
        self.tally = Tally(package.name, package.limits)
        self.formats = {str(number): style.number_format for number, style in enumerate(styles)}
        self.fills = {str(number): style.fill for number, style in enumerate(styles) if style.fill}
        self.struck = {str(number) for number, style in enumerate(styles) if style.is_struck}

    def count(self, part: str, sheet: SheetCensus) -> None:
        """Fill in what the sheet's part holds. Raises Unreadable where it is damaged or too large."""
        self.sheet = sheet
        self.row = self.column = -1  # the last row and cell: where a file leaves places out, order gives them
        self.named_row, self.row_name = -1, ""
        self.last: Position = (
            -1,
            -1,
        )  # the furthest place so far; only what comes before it can be a second one
        self.blank: list[Position] = []
        self.seen: set[Position] | None = None
        self.hidden_ranges: list[tuple[int, int]] = []
        self.is_taking = self.is_phonetic = False
        self._begin_cell("n", "0")
        self.package.walk(part, self._start, self._end, self._add)
        sheet.hide_columns(self.hidden_ranges)
        self.tally.close(sheet)

    # Written for speed: these run for every cell, a million of them in a large file.

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes.get("t", "n"), attributes.get("s", "0"))
            self._place_cell(attributes.get("r"))
        elif tag == "v" or tag == "t":
            self.is_taking, self.has_value = not self.is_phonetic, True
        elif tag == "row":
            self.row = self._number(attributes.get("r", str(self.row + 2)), LAST_ROW) - 1
            self.named_row, self.row_name, self.column = self.row, str(self.row + 1), -1
            if is_on(attributes.get("hidden")):
                self.sheet.hidden_rows.add(self.row)
        elif tag == "f":
            self.has_formula = True
        elif tag == "is":
            self.has_value = True
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "col" and is_on(attributes.get("hidden")):
            first, last = (self._number(attributes.get(key, ""), LAST_COLUMN) for key in ("min", "max"))
            self.hidden_ranges.append((first - 1, last))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        if tag == "v" or tag == "t":
            self.is_taking = False
        elif tag == "c":
            if self.has_value or self.has_formula:
                self._end_cell()
        elif tag == "rPh":
            self.is_phonetic = False

    def _add(self, piece: str) -> None:
        if self.is_taking:
            self.text += piece
            if len(self.text) > self.package.limits.cell_text:
                self.tally.take_text(self.sheet, len(self.text))

    def _begin_cell(self, kind: str, style: str) -> None:
        self.kind, self.style, self.text = kind, style, ""
        self.has_value = self.has_formula = False

    def _place_cell(self, reference: str | None) -> None:
        tally = self.tally
        tally.cells += 1
        if tally.cells > tally.limits.cells:
            tally.take_cells(self.sheet, 0)
        if not reference:
            self.column = self._number(str(self.column + 2), LAST_COLUMN) - 1
        elif (
            reference.endswith(self.row_name)
            and (column := COLUMNS.get(reference[: -len(self.row_name) or None])) is not None
        ):
            self.row, self.column = self.named_row, column
        else:
            self.row, self.column = self._position(reference)
        if self.fills and (fill := self.fills.get(self.style)):
            self.sheet.fills[self.row, self.column] = fill

    def _end_cell(self) -> None:
        sheet, place, text, kind = self.sheet, (self.row, self.column), self.text, self.kind
        if place > self.last:
            self.last = place
        else:
            self._check_twice(place)
        if self.seen is not None:
            self.seen.add(place)
        if place[0] >= sheet.rows or place[1] >= sheet.columns:
            sheet.reach(*place)
        if self.has_formula:
            sheet.formulas.add(place)
        saved: Saved = NO_NUMBER
        length = self._shared_length(text.strip()) if kind == "s" and self.has_value else len(text)
        if self.has_formula and (not self.has_value or (kind == "n" and is_blank(text))):
            sheet.errors[place] = UNCALCULATED
        elif kind == "e":
            sheet.errors[place] = text.strip() or "#ERROR!"
        elif length == 0 or (kind != "s" and is_blank(text)):
            self.blank.append(place)
            return
        elif kind == "n":
            with suppress(ValueError):  # what is no number is left to the readers, and they call it text
                saved = float(text), self.formats.get(self.style)
        sheet.filled[place] = saved
        if self.style in self.struck:
            sheet.struck.add(place)
        tally = self.tally
        tally.characters += length
        if length > tally.limits.cell_text or tally.characters > tally.limits.text:
            tally.take_text(sheet, length)

    def _check_twice(self, place: Position) -> None:
        """A place that comes before another: it may have come already. Files in order never get here."""
        if self.seen is None:
            self.seen = {*self.sheet.filled, *self.sheet.formulas, *self.blank}
        if place in self.seen:
            raise damaged(self.package.name, f'its sheet "{self.sheet.name}" gives one cell twice')

    def _shared_length(self, text: str) -> int:
        try:
            return self.strings[int(text) if text.isdecimal() and len(text) < 9 else len(self.strings)]
        except IndexError:
            raise damaged(self.package.name, f'a text of its sheet "{self.sheet.name}" is missing') from None

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        self.tally.take_merge(self.sheet, (*self._position(first), *self._position(last or first)))

    def _number(self, text: str, limit: int) -> int:
        number = int(text) if text.isdecimal() and len(text) < 9 else 0
        if not 1 <= number <= limit:
            raise self.tally.no_place(self.sheet, text)
        return number

    def _position(self, reference: str) -> Position:
        found = REFERENCE.fullmatch(reference)
        if not found:
            raise self.tally.no_place(self.sheet, reference)
        column = COLUMNS.get(found[1].upper(), LAST_COLUMN)
        row = int(found[2])
        if row > LAST_ROW or column >= LAST_COLUMN:
            raise self.tally.no_place(self.sheet, reference)
        return row - 1, column


def unescape(text: str) -> str:
    """The text behind the escapes (_x000D_) that Excel writes for characters which XML can't hold."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def is_blank(text: str) -> bool:
    """Whether nothing shows: only white space, written out or escaped."""
    if "_x" in text:
        text = unescape(text)
    return not text or text.isspace()
