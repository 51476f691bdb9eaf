"""The styles of an OpenDocument spreadsheet: for each, the number format as Excel would write it, and a colour."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.workbook.styles import Style

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE, NUMBER = f"{OASIS}style:1.0 ", f"{OASIS}datastyle:1.0 "
FO, TABLE = f"{OASIS}xsl-fo-compatible:1.0 ", f"{OASIS}table:1.0 "
PARTS = {"day": "d", "month": "m", "year": "yy", "hours": "h", "minutes": "m", "seconds": "s", "era": ""}
DATA_STYLES = (
    "number-style",
    "percentage-style",
    "currency-style",
    "date-style",
    "time-style",
    "boolean-style",
)
COLOUR = re.compile("#[0-9A-Fa-f]{6}")


@dataclass
class OpenStyles:
    """Collects the styles as the XML is walked; `cells` by the name that a cell gives, `hidden` of tables."""

    cells: dict[str, Style] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    _data_style: str = ""
    _pieces: list[str] = field(default_factory=list)
    _is_literal: bool = False
    _cell_style: str = ""
    _table_style: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        if tag in DATA_STYLES:
            self._data_style, self._pieces = attributes.get(STYLE + "name", ""), []
        elif self._data_style:
            self._add(tag, attributes)
        elif tag == "style":
            name, family = attributes.get(STYLE + "name", ""), attributes.get(STYLE + "family")
            self._cell_style = name if family == "table-cell" else ""
            self._table_style = name if family == "table" else ""
            if self._cell_style:
                parent = self.cells.get(attributes.get(STYLE + "parent-style-name", ""), Style())
                code = self.codes.get(attributes.get(STYLE + "data-style-name", ""), parent.number_format)
                self.cells[name] = parent._replace(number_format=code)
        elif tag == "table-cell-properties" and self._cell_style:
            colour = attributes.get(FO + "background-color", "")
            if COLOUR.fullmatch(colour):
                self.cells[self._cell_style] = self.cells[self._cell_style]._replace(fill=colour[1:].upper())
            elif colour == "transparent":
                self.cells[self._cell_style] = self.cells[self._cell_style]._replace(fill=None)
        elif tag == "text-properties" and self._cell_style and (line := _line_through(attributes)):
            is_struck = line != "none"
            self.cells[self._cell_style] = self.cells[self._cell_style]._replace(is_struck=is_struck)
        elif tag == "table-properties" and attributes.get(TABLE + "display") == "false":
            self.hidden.add(self._table_style)

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in DATA_STYLES:
            self.codes[self._data_style] = "".join(self._pieces)[:1_000]
            self._data_style = ""
        self._is_literal = False

    def text(self, piece: str) -> None:
        """Characters between tags."""
        if self._is_literal and self._data_style:
            self._pieces.append(piece if piece in ("%", "/", "-", ":", " ") else f'"{piece}"')

    def _add(self, tag: str, attributes: dict[str, str]) -> None:
        self._is_literal = tag in ("text", "currency-symbol")
        is_long = attributes.get(NUMBER + "style") == "long"
        if tag in ("number", "scientific-number", "fraction"):
            places = attributes.get(NUMBER + "decimal-places", "0")
            places = places if places.isdecimal() and len(places) < 3 else "0"
            self._pieces.append("0" + ("." + "0" * int(places) if int(places) else ""))
        elif tag == "month" and attributes.get(NUMBER + "textual") == "true":
            self._pieces.append("mmmm" if is_long else "mmm")
        elif tag in PARTS:
            self._pieces.append(PARTS[tag] * (2 if is_long else 1))
        elif tag == "am-pm":
            self._pieces.append("AM/PM")


def _line_through(attributes: dict[str, str]) -> str | None:
    """What a style says of a line through its text: "none", a kind of line, or nothing."""
    return attributes.get(STYLE + "text-line-through-style") or attributes.get(
        STYLE + "text-line-through-type"
    )
