"""Headings as they stand on a sheet: one line of them, or two or three with cells that span columns."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.cells import Cell, Sheet
from pipelines.parse import as_typed

DEEPEST = 3  # lines of headings: a year, a quarter, and Actual or Forecast
FIRST_YEAR, LAST_YEAR = 1900, 2099


@dataclass(frozen=True)
class Heading:
    """What stands above one column, from the first line of headings to the last.

    `parts` are the cells that say it, those that span several columns among them; `cell` is the lowest of the
    column's own, the one that is shown to people.
    """

    column: int
    parts: tuple[Cell, ...]
    cell: Cell

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(as_typed(part.value).replace("\n", " ").strip() for part in self.parts)


@dataclass(frozen=True)
class Band:
    """Lines of headings, top to bottom, with the headings of their columns, left to right."""

    lines: tuple[int, ...]
    headings: tuple[Heading, ...]

    def parted(self) -> list["Band"]:
        """The same in pieces, wherever a column is without a heading: tables side by side."""
        pieces: list[list[Heading]] = []
        for heading in self.headings:
            if not pieces or heading.column > pieces[-1][-1].column + 1:
                pieces.append([])
            pieces[-1].append(heading)
        return [Band(self.lines, tuple(piece)) for piece in pieces]


class Lines:
    """The lines of a sheet, and the headings that some of them make."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows = sheet.lines
        self.order = list(self.rows)
        self.spans: dict[int, list[tuple[int, int, int, int]]] = {}
        for merge in sheet.merges:
            self.spans.setdefault(merge[0], []).append(merge)

    def bands_with(self, row: int) -> list[tuple[int, ...]]:
        """Every run of up to three filled lines, close together, that has `row` in it; the shortest first."""
        n = bisect_left(self.order, row)
        runs = []
        for depth in range(1, DEEPEST + 1):
            for first in range(max(0, n - depth + 1), n + 1):
                lines = tuple(self.order[first : first + depth])
                if len(lines) == depth and lines[-1] - lines[0] <= depth:
                    runs.append(lines)
        return runs

    def cells_of(self, lines: Sequence[int]) -> list[Cell]:
        """All cells of these lines."""
        return [cell for line in lines for cell in self.rows[line]]

    def band(self, lines: Sequence[int]) -> Band:
        """The headings that these lines make: cells that span columns stand above each of them."""
        own = {(cell.row, cell.column): cell for line in lines for cell in self.rows[line]}
        columns = sorted({column for _, column in own})
        headings = []
        for column in columns:
            mine = [own[line, column] for line in lines if (line, column) in own]
            parts = [
                part for n, line in enumerate(lines) if (part := self._part(lines, n, line, column, own))
            ]
            headings.append(Heading(column, tuple(parts), mine[-1]))
        return Band(tuple(lines), tuple(headings))

    def _part(
        self, lines: Sequence[int], n: int, line: int, column: int, own: dict[tuple[int, int], Cell]
    ) -> Cell | None:
        if cell := own.get((line, column)):
            return cell
        for _, left, _, right in self.spans.get(line, []):
            if left <= column <= right:
                return own.get((line, left))
        if self.spans.get(line) or n + 1 == len(lines) or (lines[n + 1], column) not in own:
            return None
        # text files and sheets without merged cells: a heading stands above the first of its columns alone
        left = max((c for row, c in own if row == line and c < column), default=-1)
        return own[line, left] if left >= 0 and (lines[n + 1], left) in own else None


def may_head(cell: Cell) -> bool:
    """Whether a cell could be a heading: a text, or a year or date as Excel makes of some."""
    if isinstance(cell.value, bool):
        return False
    if isinstance(cell.value, int):
        return FIRST_YEAR <= cell.value <= LAST_YEAR
    return isinstance(cell.value, str | date)
