"""Tables and crosstabs: from lines and columns to records."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, pairwise

from pipelines.cells import Cell, Cells
from pipelines.contract import NUMERIC
from pipelines.headings import plain
from pipelines.layouts.kinds import NILS, NOT_FILLED_IN, ROW, TOTAL_LINE, begins_record, kind_of_line
from pipelines.layouts.records import Block, Lines, Place, SourceRow
from pipelines.parse import as_typed, is_flag
from pipelines.recognise import Table

NOT_IN_CONTRACT = "not in contract"
# What stands above a column of status marks, where anything does. Ticks under 'Checked' and the R of a column 'RAG' are
# letters of the same alphabet and say something else.
WORDS_FOR_MARKS = frozenset(
    {"status", "statuses", "flag", "flags", "mark", "marks", "marker", "markers", "symbol", "symbols"}
    | {"note", "notes", "footnote", "footnotes", "shorthand", "reliability"}
)
WORDS_BESIDE = frozenset({"data", "value", "figure", "quality", "obs", "observation"})


def read_grid(table: Table) -> Lines:
    """Sort the cells from the headings to the table's end: records, and each other cell with what it is."""
    lines = Lines()
    table = replace(table, columns={**_indented(table), **table.columns})
    body = _body(table, lines)
    merged = _filled_down(table)
    spans = {(top, left): right - left + 1 for top, left, _, right in table.sheet.merges}
    keys = {column for column, name in table.columns.items() if name in table.contract.key}
    from_below = pairwise(reversed(body.starts))
    last_full = next((body.rows[first] for end, first in from_below if end - first > 1), -1)
    across = {column for group in table.across for column in group.columns}
    flags = _flag_columns(table, body)
    lines.flagged = frozenset(flags)
    known = {*table.columns, *across, *table.totals, *flags}
    columns, left = table.columns, table.span[0]
    for piece in _pieces(body, {} if across or table.fixed else columns, merged):
        if isinstance(piece, Block):
            lines.records.append_block(piece)
            continue
        cells, row = piece, piece[0].row
        # where a layout was taught, what stands beside its columns says nothing about a line
        telling = [cell for cell in cells if cell.column in known] if table.layout else cells
        kind = ROW
        if len(telling) < 2 or not begins_record(telling[0].value):
            kind = kind_of_line(telling or cells, keys, spans, left=left, is_below=row > last_full)
        # where a name stands in several columns under one heading, the last is the smallest place
        values = {columns[cell[1]]: cell for cell in cells if cell[1] in columns}
        if kind == ROW and across and not any(cell.column in across for cell in cells):
            kind = (
                NOT_FILLED_IN  # a line of a crosstab without a figure is no record, and nothing is lost by it
            )
        if kind == ROW:
            flagged = {flags[c.column]: c for c in cells if c.column in flags}
            beside = [cell for cell in cells if cell.column not in flags]
            _read_line(table, lines, row, beside, values, merged.get(row, {}), flagged)
            continue
        lines.outside |= {(c.row, c.column): kind for c in cells}
        lines.is_nil = lines.is_nil or kind == NILS
        if kind == TOTAL_LINE:
            lines.totals.append(SourceRow(row, values))
            lines.crosstab_totals += [cell for cell in cells if cell.column in across]
    return lines


def _pieces(body: Cells, columns: Mapping[int, str], merged: Collection[int]) -> Iterator[Block | list[Cell]]:
    """The lines in their order: as a block where they are alike and records for certain, else the cells of each."""
    firsts = [body.raw[first] for first in body.starts[:-1]]
    openings = set(filter(begins_record, set(firsts)))
    places = [tuple(body.columns[first:end]) for first, end in pairwise(body.starts)]
    names = {here: _names(here, columns) for here in set(places)}
    kinds = [names[here] if first in openings else () for first, here in zip(firsts, places, strict=True)]
    for number, start in enumerate(body.starts[:-1]) if merged else ():
        kinds[number] = () if body.rows[start] in merged else kinds[number]
    at = 0
    for kind, alike in groupby(kinds):
        after = at + len(list(alike))
        if kind:
            yield Block(body, body.starts[at], body.starts[after], kind)
        else:
            for number in range(at, after):
                yield list(map(body.at, range(body.starts[number], body.starts[number + 1])))
        at = after


def _names(here: tuple[int, ...], columns: Mapping[int, str]) -> tuple[str, ...]:
    """The contract's columns of a line with cells in these columns; none where one is alone, has none or shares it."""
    names = tuple(columns[column] for column in here if column in columns)
    return names if len(set(names)) == len(here) > 1 else ()


def _body(table: Table, lines: Lines) -> Cells:
    """The cells below the table's headings. The headings, and columns that our own template adds, are outside."""
    known = {*table.columns, *table.totals, *(column for group in table.across for column in group.columns)}
    strange = {(cell.row, cell.column) for cell in table.unknown}
    for cell in table.cells.between(table.header_top, table.header_row + 1).every:
        is_own = cell.column in known or (cell.row, cell.column) not in strange
        lines.outside[cell.row, cell.column] = "header" if is_own else NOT_IN_CONTRACT
    if table.ours:
        for cell in table.cells.between(table.header_top).every:
            if cell.column in table.ours:
                lines.outside[cell.row, cell.column] = "template"
    body = table.cells.between(table.header_row + 1)
    return body.without_columns(table.ours) if table.ours else body


def _read_line(
    table: Table,
    lines: Lines,
    row: int,
    cells: list[Cell],
    values: dict[str, Cell],
    merged: Mapping[str, Cell],
    flagged: Mapping[str, Cell],
) -> None:
    """The records of one line: one, or in a crosstab one for each group of columns with a figure in it."""
    across = {column for group in table.across for column in group.columns}
    named = {cell.column for cell in table.unknown}
    used = {cell.column for cell in values.values()}
    for cell in cells:
        if cell.column in table.columns and cell.column not in used:
            lines.outside[cell.row, cell.column] = NOT_IN_CONTRACT
            lines.stray.append(cell)
        elif cell.column in table.other_years:
            lines.outside[cell.row, cell.column] = "another year"
        elif cell.column in table.left_out:
            lines.outside[cell.row, cell.column] = "left out"
        elif cell.column in table.totals:
            lines.outside[cell.row, cell.column] = "total"
            lines.row_totals.append(cell)
        elif cell.column not in table.columns and cell.column not in across:
            lines.outside[cell.row, cell.column] = NOT_IN_CONTRACT
            if cell.column not in named and not table.layout:
                lines.stray.append(cell)
    if not values and not any(cell.column in across for cell in cells):
        # what only stands beside the table is no record with every value missing
        lines.outside |= {(cell.row, cell.column): NOT_IN_CONTRACT for cell in flagged.values()}
        return
    for name, cell in merged.items():
        if values.setdefault(name, cell) is cell:
            lines.outside.pop((cell.row, cell.column), None)
    values = {**table.fixed, **values}
    if not table.across:
        lines.records.append(SourceRow(row, values, flags=flagged))
        return
    by_column = {cell.column: cell for cell in cells}
    for group in table.across:
        figures = {name: by_column[column] for column, name in group.columns.items() if column in by_column}
        if figures:
            first = min(cell.column for cell in figures.values())
            record = SourceRow(row, values | figures, group.headings, status=group.status, column=first)
            lines.records.append(record)


def _flag_columns(table: Table, body: Cells) -> dict[int, str]:
    """Columns of nothing but marks such as 'u' or 'p', right of the column of figures that they speak of.

    Only under a heading that says so or under none: any other heading is one that this return does not know.
    """
    if table.across or table.layout:
        return {}
    headings = {cell.column: as_typed(cell.value) for cell in table.unknown}
    beside = {
        column + 1: name
        for column, name in table.columns.items()
        if table.contract.by_name[name].type in NUMERIC and column + 1 not in {*table.columns, *table.totals}
    }
    beside = {
        column: name
        for column, name in beside.items()
        if column not in headings or _heads_marks(headings[column], table.contract.by_name[name].header)
    }
    found: dict[int, bool] = {}
    if not beside.keys().isdisjoint(body.columns):
        for column, raw in zip(body.columns, body.raw, strict=True):
            if column in beside:
                found[column] = found.get(column, True) and is_flag(raw)
    return {column: beside[column] for column, is_all in found.items() if is_all}


def _heads_marks(heading: str, of_figures: str) -> bool:
    """Whether a heading is that of marks: 'Status', 'Flags', 'Note(s)', or 'Attendance flag' beside 'Attendance'."""
    words = set(plain(heading.replace("(s)", "s")).split())
    return bool(words & WORDS_FOR_MARKS) and words <= WORDS_FOR_MARKS | WORDS_BESIDE | set(
        plain(of_figures).split()
    )


def _indented(table: Table) -> dict[int, str]:
    """Further columns under one merged heading of names: country, county and district, each indented by a column."""
    if table.layout:
        return {}
    others = {*table.totals, *table.ours, *(column for group in table.across for column in group.columns)}
    others |= {cell.column for cell in table.unknown} | set(table.columns)
    found: dict[int, str] = {}
    for _, left, last_row, right in table.sheet.merges:
        name = table.columns.get(left)
        if name and last_row == table.header_row and table.contract.by_name[name].type == "text":
            found |= {column: name for column in range(left + 1, right + 1) if column not in others}
    return found


def _filled_down(table: Table) -> dict[int, dict[str, Cell]]:
    """Row → column → the cell above, for merged cells of columns that are filled down.

    Only inside the table: a merged title above it must not run into the records.
    """
    fill = {c: name for c, name in table.columns.items() if table.contract.by_name[name].fill_down}
    filled: dict[int, dict[str, Cell]] = {}
    for first_row, first_column, last_row, _ in table.sheet.merges:
        place: Place = (first_row, first_column)
        anchor = table.sheet.cells.get(place)
        if anchor is None or first_column not in fill or first_row <= table.header_row:
            continue
        for row in range(first_row + 1, min(last_row + 1, table.end_row)):
            filled.setdefault(row, {})[fill[first_column]] = anchor
    return filled
