"""What recognition gives: a table with the return it answers to, or why a sheet holds none."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipelines.cells import NO_CELLS, Cell, Cells, Sheet
from pipelines.contract import Column, Contract
from pipelines.framework.taught import Layout

TABLE, CROSSTAB, FORM = "table", "crosstab", "form"


@dataclass(frozen=True)
class Slip:
    """A heading that was taken for another one, being spelt nearly so."""

    cell: Cell
    taken_for: str


@dataclass(frozen=True)
class Across:
    """Columns of a crosstab that share one heading, such as a period: what the heading says, what stands below.

    `headings` are values that the heading gives (contract column → cell, its text put together where it spans
    lines); `columns` the columns of its values; `status` marks all of them, as a forecast for example.
    """

    headings: Mapping[str, Cell]
    columns: Mapping[int, str]
    status: str | None = None


@dataclass(frozen=True)
class Block:
    """One record of a form: contract column → the cell of its value. Labels are what names them."""

    values: Mapping[str, Cell]
    labels: tuple[Cell, ...]
    row: int


@dataclass(frozen=True)
class Table:
    """A table found on a sheet. Rows and columns count from 0; `end_row` is the first row after it.

    `top_row` is the first row of what stands above its headings: title, labels. `header_row` is the last line of
    its headings and `header_top` the first. `cells` are all cells of its part of the sheet, title and remarks
    included, line by line; `span` is its first and last column; `ours` are columns that our own template adds.
    `columns` gives the contract's column of each of its own. A taught `layout` adds values that hold for the whole
    table (`fixed`) and columns that it says to leave out.
    """

    contract: Contract
    sheet: Sheet
    top_row: int
    header_row: int
    end_row: int
    columns: dict[int, str]
    unknown: tuple[Cell, ...]
    missing: tuple[Column, ...]
    shape: str = TABLE
    header_top: int = -1
    span: tuple[int, int] = (0, 0)
    cells: Cells = field(default_factory=lambda: NO_CELLS)
    header_cells: frozenset[tuple[int, int]] = frozenset()
    across: tuple[Across, ...] = ()
    totals: frozenset[int] = frozenset()
    blocks: tuple[Block, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()
    years: Mapping[int, str] = field(default_factory=dict)
    other_years: tuple[int, ...] = ()
    ours: frozenset[int] = frozenset()
    layout: Layout | None = None
    fixed: Mapping[str, Cell] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    @cached_property
    def above(self) -> tuple[Cell, ...]:
        """The cells above its headings."""
        return tuple(self.cells.between(0, self.header_top).every)

    def of_year(self, year: str | None) -> "Table":
        """The same without the columns whose headings name another financial year than `year` (such as 2012-13)."""
        others = {column for column, said in self.years.items() if said != year}
        columns = {column: name for column, name in self.columns.items() if column not in others}
        missing = [
            c for c in self.contract.required if c.name in set(self.columns.values()) - set(columns.values())
        ]
        return replace(
            self,
            columns=columns,
            other_years=tuple(sorted(others)),
            missing=(*self.missing, *missing),
            years={column: said for column, said in self.years.items() if column not in others},
        )


@dataclass(frozen=True)
class Nearest:
    """The return that a sheet comes nearest to: what was found of it, what else stands there, what is missing."""

    contract: Contract
    row: int
    found: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[Column, ...]


@dataclass(frozen=True)
class Recognised:
    """What a sheet turned out to hold."""

    sheet: Sheet
    tables: tuple[Table, ...] = ()
    problem: str | None = None
    problem_cell: str | None = None
    is_near: bool = False  # two headings of one return or more: somebody meant it as a return
    nearest: Nearest | None = None
    beyond: tuple[Cell, ...] = ()  # cells outside the tables that a taught layout speaks of
