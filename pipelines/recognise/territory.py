"""Which part of a sheet belongs to which of its tables: every cell to exactly one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.cells import NO_CELLS, Cell, Cells, Sheet
from pipelines.headings import plain
from pipelines.recognise.match import Match

# What a partner writes into the first line of a return that has nothing to report.
NIL = {"nil", "nil return", "none", "nothing to report", "no activity", "no change nil return"}


@dataclass
class Territory:
    """Rows `top` to before `end` of a sheet as far as its columns go; `head` and `foot` are its headings' lines."""

    top: int
    head: int
    foot: int
    end: int
    left: int
    right: int
    cells: Cells = field(default_factory=lambda: NO_CELLS)

    def overlaps(self, other: "Territory") -> bool:
        """Whether the two stand one above the other, and not side by side."""
        return self.left <= other.right and other.left <= self.right


def divide(sheet: Sheet, matches: Sequence[Match], limits: Sequence[tuple[int, int]] = ()) -> list[Territory]:
    """The territory of each line of headings, in the order given. `limits` are rows that one may not leave.

    A table goes down to what stands above the next one in its columns: that one's title and labels, or the
    gap between the two.
    """
    last = max(sheet.lines, default=-1) + 1
    found = []
    for match in matches:
        columns = [heading.column for heading in match.band.headings]
        lines = match.band.lines
        found.append(Territory(0, lines[0], lines[-1], last, min(columns), max(columns)))
    for n, one in enumerate(found):
        above = [other for other in found if other.foot < one.head and other.overlaps(one)]
        first, end = limits[n] if n < len(limits) else (0, last)
        nearest = max(above, key=lambda other: other.foot, default=None)
        is_first = nearest is None or nearest.foot < first
        one.top = first if is_first or nearest is None else _top(sheet, nearest, one)
        one.end = min(one.end, end)
    for one in found:
        below = [other.top for other in found if other.head > one.foot and other.overlaps(one)]
        one.end = min([one.end, *below])
    _share_out(sheet, found)
    return found


def _top(sheet: Sheet, above: Territory, one: Territory) -> int:
    """Where what stands above a lower table begins: at the gap that ends the table before it.

    Titles and labels between two tables are no records of the upper one.
    """
    left, right = min(above.left, one.left), max(above.right, one.right)
    between = {row: sheet.lines[row] for row in sheet.lines if above.foot < row < one.head}
    inside = {row: [cell for cell in cells if left <= cell.column <= right] for row, cells in between.items()}
    rows = {row: cells for row, cells in inside.items() if cells}
    top = one.head
    for row in range(one.head - 1, above.foot, -1):
        if row not in rows:
            top = row
        elif not _is_title_or_label(rows[row]):
            break
    return top


def _is_title_or_label(cells: list[Cell]) -> bool:
    first = cells[0].value
    if not isinstance(first, str) or plain(first) in NIL:
        return False
    return len(cells) == 1 or first.rstrip().endswith(":")


def _share_out(sheet: Sheet, territories: list[Territory]) -> None:
    """Give every cell to the table in whose rows it stands, and of tables side by side to the nearest."""
    if len(territories) == 1:
        [only] = territories
        only.cells = sheet.listed.between(only.top, only.end)
        return
    shared: list[list[Cell]] = [[] for _ in territories]
    for row, cells in sheet.lines.items():
        mine = [(one, own) for one, own in zip(territories, shared, strict=True) if one.top <= row < one.end]
        for cell in cells if mine else ():
            beyond = [max(one.left - cell.column, cell.column - one.right, 0) for one, _ in mine]
            mine[beyond.index(min(beyond))][1].append(cell)
    for one, own in zip(territories, shared, strict=True):
        one.cells = Cells.of(own)
