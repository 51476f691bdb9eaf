"""What a workbook holds once it has been read: plain values that can cross a process boundary."""

from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, cached_property, partial
from operator import itemgetter
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell in error, by Excel's own code (`#REF!`), or `uncalculated` for a formula without a result."""

    code: str


Value = str | int | float | bool | date | datetime | time | CellError
NOTES_BY = "lsp"  # the author of the comments that we write on cells


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

    Lists go from one process to the other as they are; cells are made of them when somebody looks.
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

    @property
    def every(self) -> Sequence[Cell]:
        """Each cell, row by row from left to right."""
        if isinstance(self.cells, Cells):
            return self.cells.every
        return [self.cells[place] for place in sorted(self.cells)]

    @cached_property
    def lines(self) -> dict[int, list[Cell]]:
        """The cells of each row that has any, left to right, from the first row to the last."""
        lines: dict[int, list[Cell]] = {}
        row, line = -1, []
        for cell in self.every:
            if cell[0] != row:
                row = cell[0]
                line = lines[row] = []
            line.append(cell)
        return lines


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
