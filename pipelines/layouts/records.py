"""What reading a table's shape gives: its records, and what every other cell of it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.cells import Cell, address

Place = tuple[int, int]


NOTHING: Mapping[str, Cell] = {}


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
