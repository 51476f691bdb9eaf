"""What one sheet holds by an independent count, and the limits that hold for all sheets of a file together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.cells import Unreadable
from pipelines.workbook.limits import Limits
from pipelines.workbook.package import damaged, unreadable

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
UNCALCULATED = "uncalculated"  # the error of a formula whose result was never saved
WHITE = "FFFFFF"  # the colour of no colour

Position = tuple[int, int]  # row and column, both from 0
Saved = tuple[float | None, str | None]  # the number as saved, and its format (None for General)
NO_NUMBER: Saved = (None, None)
Range = tuple[int, int, int, int]  # first row and column, last row and column, from 0, inclusive


@dataclass
class SheetCensus:
    """One sheet as counted.

    `filled` are all cells that are not blank, errors among them, each with the number saved there. `rows` and
    `columns` reach from A1 to the last cell that has any content, an empty text included. `formulas` are the places
    with a formula, `struck` those of `filled` whose whole text is struck through, `fills` the colours (RRGGBB) of
    filled places, empty ones too.
    """

    name: str
    kind: str = "worksheet"
    visibility: str = "visible"
    filled: dict[Position, Saved] = field(default_factory=dict)  # in the order of the file
    errors: dict[Position, str] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Position] = field(default_factory=set)
    fills: dict[Position, str] = field(default_factory=dict)
    struck: set[Position] = field(default_factory=set)
    rows: int = 0
    columns: int = 0
    has_comments: bool = False

    @property
    def numbers(self) -> dict[Position, Saved]:
        """The places where a number is saved."""
        return {place: saved for place, saved in self.filled.items() if saved != NO_NUMBER}

    def reach(self, row: int, column: int) -> None:
        """The sheet has content at this place."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def hide_columns(self, ranges: Iterable[tuple[int, int]]) -> None:
        """These columns (first, one past the last) are hidden; only those in use are kept."""
        used = range(self.columns)
        self.hidden_columns = {column for first, last in ranges for column in used[first:last]}


@dataclass
class Tally:
    """Counts up what the sheets of one file bring; Unreadable where that is more than we take."""

    name: str
    limits: Limits
    cells: int = 0
    grid: int = 0
    characters: int = 0
    fills: int = 0

    def too_large(
        self, sheet: SheetCensus, found: str, advice: str = "delete unused rows, columns and sheets"
    ) -> Unreadable:
        """The sentence about a sheet beyond a limit."""
        return unreadable(
            self.name, f'is too large, its sheet "{sheet.name}" {found}: {advice} and send it again'
        )

    def no_place(self, sheet: SheetCensus, reference: object) -> Unreadable:
        """The sentence about a place beyond the end of every sheet."""
        return damaged(
            self.name, f'its sheet "{sheet.name}" names "{str(reference)[:20]}", a place that no sheet has'
        )

    def take_sheets(self, names: list[str]) -> None:
        """How many sheets, and that each can be told from the others."""
        if len(names) > self.limits.sheets:
            found = f"has {len(names):,} sheets and we take {self.limits.sheets}"
            raise unreadable(self.name, f"{found}: send the sheets of the return alone")
        if len({name.lower() for name in names}) < len(names):
            raise damaged(self.name, "two of its sheets have the same name")

    def take_cells(self, sheet: SheetCensus, cells: int = 1) -> None:
        """So many more cells, formatted blanks included."""
        self.cells += cells
        if self.cells > self.limits.cells:
            raise self.too_large(sheet, f"brings the file to over {self.limits.cells:,} cells")

    def take_text(self, sheet: SheetCensus, length: int) -> None:
        """A cell that shows so many characters."""
        self.characters += length
        if length > self.limits.cell_text:
            raise self.too_large(sheet, f"has a cell of {length:,} characters", "shorten it")
        if self.characters > self.limits.text:
            found = f"brings the file to over {self.limits.text:,} characters"
            raise self.too_large(sheet, found, "shorten its texts")

    def take_merge(self, sheet: SheetCensus, merge: Range) -> None:
        """One more merged range."""
        sheet.merges.append(merge)
        if len(sheet.merges) > self.limits.merges:
            raise self.too_large(sheet, f"has over {self.limits.merges:,} merged cells")

    def close(self, sheet: SheetCensus) -> None:
        """The sheet has been counted: its reach, and the colours that lie in it or just beyond."""
        sheet.hidden_rows = {row for row in sheet.hidden_rows if row < sheet.rows}
        sheet.fills = {
            (row, column): colour
            for (row, column), colour in sheet.fills.items()
            if row <= sheet.rows and column <= sheet.columns and colour != WHITE
        }
        self.fills += len(sheet.fills)
        if self.fills > self.limits.fills:
            found = f"brings the file to over {self.limits.fills:,} coloured cells"
            raise self.too_large(sheet, found, "take the colour off what is no figure")
        self.grid += sheet.rows * sheet.columns
        if self.grid > self.limits.grid:
            found = f"reaches {sheet.rows:,} rows down and {sheet.columns:,} columns across"
            raise self.too_large(sheet, found, "delete what lies far from the table")
