"""What reading a table's shape gives: its records, and what every other cell of it is."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.cells import NO_CELLS, Cell, Cells, Value, address

Place = tuple[int, int]


NOTHING: Mapping[str, Cell] = {}
NO_CELL = (-1, -1, None, None)


class WholeLine(Mapping[str, Cell]):
    """The cells of a line that are a value each: `names` says of which column, from `first` on in the lists `of`.

    Most records are such lines, so none of their cells is made before somebody asks for it.
    """

    __slots__ = ("first", "names", "of")

    def __init__(self, of: Cells, first: int, names: tuple[str, ...]) -> None:
        self.of, self.first, self.names = of, first, names

    def __getitem__(self, name: str) -> Cell:
        try:
            return self.of.at(self.first + self.names.index(name))
        except ValueError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class SourceRow(NamedTuple):
    """One record as it stands on the sheet: contract column → the cell that holds its value.

    `headings` are values that a heading gives, the period of a crosstab for example: its cell is read but stays a
    heading. `flags` are cells beside a value that say how far it can be relied on. `status` marks all its figures.
    `column` tells apart the records that one line of a crosstab holds.
    """

    row: int
    cells: Mapping[str, Cell]
    headings: Mapping[str, Cell] = NOTHING
    flags: Mapping[str, Cell] = NOTHING
    status: str | None = None
    column: int | None = None

    @property
    def given(self) -> Collection[str]:
        """The columns of which a cell of its own line gives the value."""
        return self.cells.names if isinstance(self.cells, WholeLine) else self.cells

    @property
    def name(self) -> str:
        """What the record is called within its table: its line, or the cell it begins at."""
        return str(self.row + 1) if self.column is None else address(self.row, self.column)


@dataclass(frozen=True)
class Stack:
    """The cells of one column, record by record, as lists. The raw value is None where a record has no cell of it."""

    rows: list[int]
    columns: list[int]
    raws: list[Value | None]
    formats: list[str | None]

    @classmethod
    def of(cls, cells: Sequence[Cell | None]) -> "Stack":
        """Of the cells themselves."""
        every = [cell or NO_CELL for cell in cells]
        return cls(*([cell[part] for cell in every] for part in range(4)))  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.raws)

    def at(self, number: int) -> Cell | None:
        """The cell of one record."""
        raw = self.raws[number]
        return (
            None if raw is None else Cell(self.rows[number], self.columns[number], raw, self.formats[number])
        )

    def some(self, numbers: Sequence[int]) -> "Stack":
        """The cells of some records."""
        return self._each(lambda values: [values[number] for number in numbers])

    def every(self, places: slice) -> "Stack":
        """The cells at evenly spread places."""
        return self._each(lambda values: list(values[places]))

    def _each(self, choose: Callable[[list[Any]], list[Any]]) -> "Stack":
        return Stack(choose(self.rows), choose(self.columns), choose(self.raws), choose(self.formats))


class Stacks:
    """The cells that records have of one column and of another."""

    def __init__(self, records: Sequence[SourceRow]) -> None:
        self.records = records
        wholes = [record.cells for record in records if isinstance(record.cells, WholeLine)]
        of = wholes[0].of if wholes else NO_CELLS
        are_whole = len(wholes) == len(records) and all(whole.of is of for whole in wholes)
        self.wholes = wholes if are_whole else []
        self.names = {whole.names for whole in self.wholes}
        self.cells = Stack(of.rows, of.columns, of.raw, of.formats)  # type: ignore[arg-type]
        firsts = [whole.first for whole in self.wholes]
        step = firsts[1] - firsts[0] if len(firsts) > 1 else 1
        is_even = len(self.names) == 1 and firsts == list(range(firsts[0], firsts[-1] + 1, step))
        self.even = slice(firsts[0], firsts[-1] + 1, step) if is_even else None

    def of(self, name: str) -> Stack:
        """The cells of one column."""
        if not self.wholes:
            return Stack.of([record.cells.get(name) for record in self.records])
        offsets = {names: names.index(name) for names in self.names if name in names}
        if self.even and offsets:
            [offset] = offsets.values()
            return self.cells.every(slice(self.even.start + offset, self.even.stop + offset, self.even.step))
        numbers = [
            whole.first + offsets[whole.names] if whole.names in offsets else None for whole in self.wholes
        ]
        return Stack.of([None if number is None else self.wholes[0].of.at(number) for number in numbers])


@dataclass
class Lines:
    """What the lines of a table are. `outside` gives each cell that is no value the reason why.

    `flagged` are columns of marks beside figures, whatever stands above them.
    """

    rows: list[SourceRow] = field(default_factory=list)
    outside: dict[Place, str] = field(default_factory=dict)
    totals: list[SourceRow] = field(default_factory=list)
    stray: list[Cell] = field(default_factory=list)
    row_totals: list[Cell] = field(default_factory=list)
    crosstab_totals: list[Cell] = field(default_factory=list)
    flagged: frozenset[int] = frozenset()
    is_nil: bool = False

    @property
    def has_totals(self) -> bool:
        """Whether a total was typed anywhere in the table."""
        return bool(self.totals or self.row_totals or self.crosstab_totals)
