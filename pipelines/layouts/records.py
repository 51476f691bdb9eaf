"""What reading a table's shape gives: its records, and what every other cell of it is."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, NamedTuple

from pipelines.cells import Cell, Cells, Value, address

Place = tuple[int, int]


NOTHING: Mapping[str, Cell] = {}
NO_CELL = (-1, -1, None, None)


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
    def of(cls, cells: Iterable[Cell | None]) -> "Stack":
        """Of the cells themselves."""
        every = [cell or NO_CELL for cell in cells]
        rows, columns, raws, formats = zip(*every, strict=True) if every else ((), (), (), ())
        return cls(list(rows), list(columns), list(raws), list(formats))

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
        return Stack(*([values[number] for number in numbers] for values in self.lists))

    @property
    def lists(self) -> tuple[list[Any], ...]:
        """Rows, columns, raw values and formats."""
        return self.rows, self.columns, self.raws, self.formats


@dataclass(frozen=True)
class Block:
    """Lines one below the other that are alike: each has a value under the same headings, and nothing else.

    `names` are these contract columns, from left to right; the cells stand line by line in the lists of `cells`,
    from `first` up to `end`. By far the most records come in blocks, so none of their cells is made before somebody
    asks for it.
    """

    cells: Cells
    first: int
    end: int
    names: tuple[str, ...]

    def __len__(self) -> int:
        return (self.end - self.first) // len(self.names)

    @property
    def rows(self) -> Sequence[int]:
        return self.cells.rows[self.first : self.end : len(self.names)]

    def __iter__(self) -> Iterator[SourceRow]:
        for first in range(self.first, self.end, len(self.names)):
            line = map(self.cells.at, range(first, first + len(self.names)))
            yield SourceRow(self.cells.rows[first], dict(zip(self.names, line, strict=True)))

    def stack(self, name: str) -> Stack:
        """The cells of one column."""
        if name not in self.names:
            return Stack.of(repeat(None, len(self)))
        every = slice(self.first + self.names.index(name), self.end, len(self.names))
        of = self.cells
        return Stack(
            list(of.rows[every]), list(of.columns[every]), list(of.raw[every]), list(of.formats[every])
        )


class Records:
    """The records of a table in their order; those that come in a block are kept as one."""

    def __init__(self, records: Iterable[SourceRow] = ()) -> None:
        self._parts: list[Block | list[SourceRow]] = []
        for record in records:
            self.append(record)

    def append(self, record: SourceRow) -> None:
        """One record more."""
        last = self._parts[-1] if self._parts else None
        if not isinstance(last, list):
            last = []
            self._parts.append(last)
        last.append(record)

    def append_block(self, block: Block) -> None:
        """Many more."""
        self._parts.append(block)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[SourceRow]:
        return chain.from_iterable(self._parts)

    def without(self, is_out: Callable[[SourceRow], bool]) -> tuple["Records", list[SourceRow]]:
        """Those that stay, and those that are taken out."""
        kept, out = Records(), list[SourceRow]()
        for record in self:
            if is_out(record):
                out.append(record)
            else:
                kept.append(record)
        return (kept, out) if out else (self, out)

    @property
    def names(self) -> list[str]:
        """What each is called within its table."""
        names: list[str] = []
        for part in self._parts:
            names += (
                [str(row + 1) for row in part.rows]
                if isinstance(part, Block)
                else [record.name for record in part]
            )
        return names

    @property
    def rows(self) -> list[int]:
        """The row that each stands in."""
        rows: list[int] = []
        for part in self._parts:
            rows += part.rows if isinstance(part, Block) else [record.row for record in part]
        return rows

    @property
    def odd(self) -> Iterator[tuple[int, SourceRow]]:
        """Those that are in no block, with their number: only they can have headings, flags or a status."""
        number = 0
        for part in self._parts:
            if not isinstance(part, Block):
                yield from enumerate(part, number)
            number += len(part)

    @property
    def given(self) -> list[Collection[str]]:
        """Of which columns a record has a cell of its own: a set of names for each way in which they do."""
        blocks = {part.names for part in self._parts if isinstance(part, Block)}
        return [*blocks, *{tuple(record.cells) for _, record in self.odd}]

    def stack(self, name: str) -> Stack:
        """The cells of one column."""
        stacks = [
            part.stack(name)
            if isinstance(part, Block)
            else Stack.of([record.cells.get(name) for record in part])
            for part in self._parts
        ]
        if len(stacks) == 1:
            return stacks[0]
        lists = zip(*(stack.lists for stack in stacks), strict=True) if stacks else ([], [], [], [])
        return Stack(*(list(chain.from_iterable(some)) for some in lists))


@dataclass
class Lines:
    """What the lines of a table are. `outside` gives each cell that is no value the reason why.

    `flagged` are columns of marks beside figures, whatever stands above them.
    """

    records: Records = field(default_factory=Records)
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
