"""The typed rows of a return, kept by columns, and from every value the way back to its cell.

A return of a hundred thousand rows is some thirty long lists, not a hundred thousand dictionaries. Whoever looks at
a few of its rows sees each as a mapping, through which its values can be changed too.
"""

from collections.abc import Callable, Collection, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from pipelines.cells import Cell, address

RowAndColumn = tuple[str, str]


class Link(NamedTuple):
    """The cell that a row's value was read from; a merged cell has one link for each row it fills."""

    row_id: str
    column_name: str
    file_id: str
    sheet: str
    cell: str
    as_typed: str


class Row(MutableMapping[str, Any]):
    """One row: the names of its columns and their values. A value can be changed, a column not added."""

    __slots__ = ("_columns", "_number")

    def __init__(self, columns: dict[str, list[Any]], number: int) -> None:
        self._columns, self._number = columns, number

    def __getitem__(self, name: str) -> Any:
        return self._columns[name][self._number]

    def __setitem__(self, name: str, value: Any) -> None:
        self._columns[name][self._number] = value

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"A row has every column of its return; '{name}' can't be taken out.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass
class Run:
    """Where the values of one column were read from, and what was typed there.

    Lists of one length: the number of the record, the row and the column of its cell, and what was typed;
    `is_heading`: the cells are headings that give a value (the period of a crosstab), and stay headings.
    """

    column_name: str
    sheet: str
    numbers: list[int]
    rows: list[int]
    columns: list[int]
    typed: list[str]
    is_heading: bool = False

    def add(self, number: int, cell: Cell, typed: str) -> None:
        """One value more."""
        self.numbers.append(number)
        self.rows.append(cell.row)
        self.columns.append(cell.column)
        self.typed.append(typed)

    def place(self, at: int) -> tuple[int, int]:
        """Row and column of one of its cells."""
        return self.rows[at], self.columns[at]


@dataclass
class Tidied:
    """Rows of one return in one file (typed values, what was typed, what could not be read) and their cells.

    `columns` has a list for each column, `row_id` and `submission_id` among them, all of one length; it is empty
    while there is no row.
    `blanks` says where a value was looked for and nothing stood: row and column → sheet and cell. `said` is the unit
    that the heading of a column states. `alternatives` gives, for a row and column whose figure is unclear, the two
    that it may stand for.
    """

    file_id: str = ""
    columns: dict[str, list[Any]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    blanks: dict[RowAndColumn, tuple[str, str]] = field(default_factory=dict)
    alternatives: dict[RowAndColumn, tuple[float, ...]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_ids)

    @property
    def row_ids(self) -> list[str]:
        return self.columns.get("row_id", [])

    @property
    def rows(self) -> list[Row]:
        """Every row, as a mapping."""
        return [Row(self.columns, number) for number in range(len(self))]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {row_id: number for number, row_id in enumerate(self.row_ids)}

    def row(self, row_id: str) -> Row | None:
        """The row of this name, if there is one."""
        number = self._numbers.get(row_id)
        return None if number is None else Row(self.columns, number)

    @property
    def links(self) -> Iterator[Link]:
        """The cell of each value, column by column; not those that stay headings."""
        return self._links(run for run in self.runs if not run.is_heading)

    @property
    def heading_links(self) -> Iterator[Link]:
        """The heading of each value that a heading gives."""
        return self._links(run for run in self.runs if run.is_heading)

    def _links(self, runs: Iterator[Run]) -> Iterator[Link]:
        ids, file_id = self.row_ids, self.file_id
        for run in runs:
            name, sheet = run.column_name, run.sheet
            for number, row, column, typed in zip(run.numbers, run.rows, run.columns, run.typed, strict=True):
                yield Link(ids[number], name, file_id, sheet, address(row, column), typed)

    def links_of(self, wanted: Collection[RowAndColumn]) -> dict[RowAndColumn, Link]:
        """The cells of some values; of a value with several the last."""
        numbers: dict[str, dict[int, str]] = {}
        for row_id, name in wanted:
            if (number := self._numbers.get(row_id)) is not None:
                numbers.setdefault(name, {})[number] = row_id
        found = {}
        for run in self.runs:
            mine = numbers.get(run.column_name)
            for at, number in enumerate(run.numbers) if mine else ():
                if mine and number in mine:
                    name, cell = run.column_name, address(*run.place(at))
                    link = Link(mine[number], name, self.file_id, run.sheet, cell, run.typed[at])
                    found[link.row_id, name] = link
        return found

    def retype(self, wanted: Collection[RowAndColumn], retyped: Callable[[str], str]) -> None:
        """Change what is kept as typed of some values."""
        for run in self.runs:
            for at, number in enumerate(run.numbers):
                if (self.row_ids[number], run.column_name) in wanted:
                    run.typed[at] = retyped(run.typed[at])

    def add(self, other: "Tidied") -> None:
        """Put the rows of another table of the same return below these."""
        before = len(self)
        self.file_id = other.file_id
        if before:
            for name, values in other.columns.items():
                self.columns[name].extend(values)
        else:
            self.columns = dict(other.columns)
        for run in other.runs:
            run.numbers = [number + before for number in run.numbers] if before else run.numbers
            self.runs.append(run)
        self.blanks |= other.blanks
        self.alternatives |= other.alternatives
        self.said |= other.said
        self.__dict__.pop("_numbers", None)
