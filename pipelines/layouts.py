"""The shape of a table: which of its lines are rows, and what the other cells are.

One shape so far, `table`: one row per record under one line of headings. Each cell of the table's
lines is either a value of a row or declared outside it (header, total, footnote, nil, not in contract).
"""

import re
from dataclasses import dataclass, field

from pipelines.cells import Cell
from pipelines.headings import plain
from pipelines.recognise import NIL, Table

TOTAL = re.compile(r"^\s*(grand|sub|overall)?[\s-]*totals?\b", re.IGNORECASE)
NOTE = re.compile(r"^\s*([*†‡]|\[?\(?[a-z]\)?\]?\s*[=:-]|\([a-z0-9]\)|note|source|n\.?b\.?\b)", re.IGNORECASE)
FIGURE = re.compile(r"[\W\d]*\d[\W\d]*")  # 38%, £1,200: a value whose row lost its reference
LONG_TEXT = 40  # a lone text longer than any reference or name in a key column is a remark


@dataclass(frozen=True)
class SourceRow:
    """One record as it stands on the sheet: contract column → the cell that holds its value."""

    row: int
    cells: dict[str, Cell]


@dataclass
class Lines:
    """What the lines of a table are. `outside` gives each cell that is no value the reason why."""

    rows: list[SourceRow] = field(default_factory=list)
    outside: dict[tuple[int, int], str] = field(default_factory=dict)
    totals: list[SourceRow] = field(default_factory=list)
    stray: list[Cell] = field(default_factory=list)
    is_nil: bool = False


def read_table(table: Table) -> Lines:
    """Sort the cells from the heading line to the table's end."""
    lines = Lines()
    merged = _filled_down(table)
    keys = {column for column, name in table.columns.items() if name in table.contract.key}
    in_table: dict[int, list[Cell]] = {}
    for (row, column), cell in sorted(table.sheet.cells.items()):
        if row == table.header_row:
            lines.outside[row, column] = "header" if column in table.columns else "not in contract"
        elif table.header_row < row < table.end_row:
            in_table.setdefault(row, []).append(cell)
    last_full = max((row for row, cells in in_table.items() if len(cells) > 1), default=-1)
    for row, cells in in_table.items():
        kind = _kind_of_line(cells, keys, is_below=row > last_full)
        values = {table.columns[c.column]: c for c in cells if c.column in table.columns}
        if kind != "row":
            lines.outside |= {(c.row, c.column): kind for c in cells}
            lines.is_nil = lines.is_nil or kind == "nil"
            if kind == "total":
                lines.totals.append(SourceRow(row, values))
            continue
        beyond = [cell for cell in cells if cell.column not in table.columns]
        lines.outside |= {(c.row, c.column): "not in contract" for c in beyond}
        named = {cell.column for cell in table.unknown}
        lines.stray += [cell for cell in beyond if cell.column not in named]
        if values:  # what only stands beside the table is no record with every value missing
            for name, cell in merged.get(row, {}).items():
                if values.setdefault(name, cell) is cell:
                    lines.outside.pop((cell.row, cell.column), None)
            lines.rows.append(SourceRow(row, values))
    return lines


def _kind_of_line(cells: list[Cell], keys: set[int], is_below: bool) -> str:
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    first = str(texts[0].value) if texts else ""
    if len(cells) == len(texts) == 1:
        if plain(first) in NIL:
            return "nil"
        is_aside = is_below and cells[0].column not in keys and not FIGURE.fullmatch(first)
        if NOTE.match(first) or len(first) > LONG_TEXT or is_aside:
            return "footnote"
    keyed = [cell for cell in cells if cell.column in keys and not TOTAL.match(str(cell.value))]
    if texts and TOTAL.match(first) and not keyed:
        return "total"
    return "row"


def _filled_down(table: Table) -> dict[int, dict[str, Cell]]:
    """Row → column → the cell above, for merged cells of columns that are filled down.

    Only inside the table: a merged title above it must not run into the records.
    """
    fill = {c: name for c, name in table.columns.items() if table.contract.by_name[name].fill_down}
    filled: dict[int, dict[str, Cell]] = {}
    for first_row, first_column, last_row, _ in table.sheet.merges:
        anchor = table.sheet.cells.get((first_row, first_column))
        if anchor is None or first_column not in fill or first_row <= table.header_row:
            continue
        for row in range(first_row + 1, min(last_row + 1, table.end_row)):
            filled.setdefault(row, {})[fill[first_column]] = anchor
    return filled
