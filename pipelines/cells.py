"""What a workbook holds once it has been read: plain values that can cross a process boundary."""

import re
from bisect import bisect_left
from collections.abc import (
    Callable,
    Collection,
    Container,
    ItemsView,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    ValuesView,
)
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, cached_property, partial
from itertools import compress, count, islice, pairwise
from operator import itemgetter, ne
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell in error, by Excel's own code (`#REF!`), or `uncalculated` for a formula without a result."""

    code: str


Value = str | int | float | bool | date | datetime | time | CellError
NOTES_BY = "lsp"  # the author of the comments that we write on cells
# how our notes on queried cells begin: LibreOffice drops their author when it saves a workbook
QUERY_NOTE = re.compile(r"\s*\[query \d+\]")


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


# as Cell._make, several times faster
make_cell: Callable[[Iterable[object]], Cell] = partial(tuple.__new__, Cell)


class Cells(Mapping[tuple[int, int], Cell]):
    """The non-empty cells of a sheet by (row, column), kept as four lists in the order of rows and columns.

    Lists go from one process to the other as they are; cells are made of them when somebody looks. Of a table of
    thousands of like lines nobody ever does.
    """

    def __init__(
        self,
        rows: Sequence[int],
        columns: Sequence[int],
        values: Sequence[Value],
        formats: Sequence[str | None],
    ) -> None:
        self.rows, self.columns, self.raw, self.formats = rows, columns, values, formats

    @classmethod
    def of(cls, cells: Collection[Cell]) -> "Cells":
        """The same cells as lists."""
        return cls(*zip(*sorted(cells, key=itemgetter(0, 1)), strict=True)) if cells else cls((), (), (), ())

    @cached_property
    def every(self) -> list[Cell]:
        """Each cell, row by row from left to right."""
        return list(map(make_cell, zip(self.rows, self.columns, self.raw, self.formats, strict=True)))

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Cell]:
        return dict(zip(zip(self.rows, self.columns, strict=True), self.every, strict=True))

    @cached_property
    def starts(self) -> list[int]:
        """Where in the lists the cells of each row that has any begin, and where the last one's end."""
        if not self.rows:
            return [0]
        return [0, *compress(count(1), map(ne, self.rows, islice(self.rows, 1, None))), len(self.rows)]

    @cached_property
    def bounds(self) -> dict[int, tuple[int, int]]:
        """Where the cells of each row begin in the lists, and where they end."""
        rows = map(self.rows.__getitem__, self.starts[:-1])
        return dict(zip(rows, pairwise(self.starts), strict=True))

    def at(self, number: int) -> Cell:
        """The cell at this place of the lists."""
        return Cell(self.rows[number], self.columns[number], self.raw[number], self.formats[number])

    def line(self, row: int) -> list[Cell]:
        """The cells of a row, from left to right."""
        first, end = self.bounds[row]
        lists = (self.rows, self.columns, self.raw, self.formats)
        return list(map(make_cell, zip(*(some[first:end] for some in lists), strict=True)))

    def between(self, first_row: int, end_row: int | None = None) -> "Cells":
        """The cells of some rows; `end_row` is the first one after them, if they do not go on to the end."""
        first = bisect_left(self.rows, first_row)
        end = len(self) if end_row is None else bisect_left(self.rows, end_row)
        if (first, end) == (0, len(self)):
            return self
        part = Cells(
            self.rows[first:end], self.columns[first:end], self.raw[first:end], self.formats[first:end]
        )
        if "starts" in self.__dict__ and len(part):  # known already, and not worked out again
            of_part = self.starts[bisect_left(self.starts, first) : bisect_left(self.starts, end) + 1]
            part.__dict__["starts"] = [start - first for start in of_part]
        return part

    def without_columns(self, columns: Container[int]) -> "Cells":
        """The cells of all other columns."""
        return Cells.of([cell for cell in self.every if cell.column not in columns])

    def __getitem__(self, place: tuple[int, int]) -> Cell:
        return self.by_place[place]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.by_place)

    def __len__(self) -> int:
        return len(self.rows)

    def items(self) -> ItemsView[tuple[int, int], Cell]:
        return self.by_place.items()

    def values(self) -> ValuesView[Cell]:
        return self.by_place.values()


NO_CELLS = Cells.of([])


class ByLine(Mapping[int, list[Cell]]):
    """The cells of each row that has any, from the first row to the last, made when somebody looks at it."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.made: dict[int, list[Cell]] = {}

    def __getitem__(self, row: int) -> list[Cell]:
        line = self.made.get(row)
        if line is None:
            line = self.made[row] = self.cells.line(row)
        return line

    def __contains__(self, row: object) -> bool:
        return row in self.cells.bounds

    def __iter__(self) -> Iterator[int]:
        return iter(self.cells.bounds)

    def __len__(self) -> int:
        return len(self.cells.bounds)


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
    filled place, an empty one too: a rating is often nothing but a colour. `struck` are the places whose
    whole text has a line through it.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    counted: int
    visibility: str = "visible"
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def listed(self) -> Cells:
        """Its cells as lists."""
        return self.cells if isinstance(self.cells, Cells) else Cells.of(self.cells.values())

    @cached_property
    def lines(self) -> Mapping[int, list[Cell]]:
        """The cells of each row that has any, left to right, from the first row to the last."""
        return ByLine(self.listed)


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
