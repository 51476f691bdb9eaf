"""What a workbook holds once it has been read: plain values that can cross a process boundary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell in error, by Excel's own code (`#REF!`), or `uncalculated` for a formula without a result."""

    code: str


Value = str | int | float | bool | date | datetime | time | CellError


class Cell(NamedTuple):
    """A non-empty cell; row and column count from 0."""

    row: int
    column: int
    value: Value
    number_format: str | None = None

    @property
    def address(self) -> str:
        """The cell as people name it, for example C12."""
        return address(self.row, self.column)


def address(row: int, column: int) -> str:
    """The A1 name of a cell; row and column count from 0."""
    return f"{column_letters(column)}{row + 1}"


@cache
def column_letters(column: int) -> str:
    """The letters of a column, which counts from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Sheet:
    """One sheet: its non-empty cells by (row, column), and what else a reader must know of it.

    `counted` is the number of non-empty cells by a count that is independent of the values' reader.
    Merges are (first row, first column, last row, last column), all counted from 0 and inclusive.
    `formulas` are the places whose value a formula worked out. `fills` gives the colour (RRGGBB) of each
    filled place, an empty one too: a rating is often nothing but a colour.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    counted: int
    visibility: str = "visible"
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """A workbook as read, with remarks on what was left alone (macros, links to other files).

    `doubts` are remarks that its sender must settle: rows of a text file that are too long, and the like.
    """

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...] = field(default=())
    doubts: tuple[str, ...] = field(default=())


class Unreadable(Exception):
    """A file that can't be read at all; the message is the sentence that its sender gets."""
