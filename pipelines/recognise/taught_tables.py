"""The tables of a sheet whose layouts were taught."""

from collections.abc import Iterable

from pipelines.cells import Cell, Cells, Sheet
from pipelines.framework.taught import Layout
from pipelines.recognise.by_layout import Taught, find_by_layout
from pipelines.recognise.table import CROSSTAB, FORM, TABLE, Recognised, Table
from pipelines.recognise.territory import Territory, divide


def recognise_taught(sheet: Sheet, layouts: Iterable[Layout]) -> Recognised | None:
    """What the taught layouts find on the sheet; None where none of them speaks of it.

    A layout that names the sheet and no longer fits stops the sheet: nothing of it is read by guess instead.
    """
    found: list[Taught] = []
    drifts = []
    for layout in layouts:
        tables, drift = find_by_layout(sheet, layout)
        found += tables
        drifts += [drift] if drift and (layout.sheet or layout.partner) else []
    if drifts:
        drift = drifts[0]
        return Recognised(sheet, (), drift.sentence, drift.cell.address if drift.cell else None, is_near=True)
    if not found:
        return None
    if twice := _claimed_twice(found):
        names = " and ".join(f"'{taught.layout.layout_id}'" for taught in twice)
        problem = f"The taught layouts {names} read the same headings. Correct one of them in the framework."
        return Recognised(sheet, (), problem, twice[0].match.band.headings[0].cell.address, is_near=True)
    return _recognised(sheet, found)


def _claimed_twice(found: list[Taught]) -> list[Taught]:
    claims: dict[tuple[int, int], Taught] = {}
    for taught in found:
        for heading in taught.match.band.headings:
            other = claims.setdefault((heading.cell.row, heading.cell.column), taught)
            if other is not taught:
                return [other, taught]
    return []


def _recognised(sheet: Sheet, found: list[Taught]) -> Recognised:
    grids = [taught for taught in found if taught.block is None]
    forms = _forms(sheet, [taught for taught in found if taught.block])
    of_forms = {(cell.row, cell.column) for form in forms for cell in form.cells.every}
    rest = Sheet(
        sheet.name, {p: c for p, c in sheet.cells.items() if p not in of_forms}, 0, merges=sheet.merges
    )
    limits = [(taught.region.first, taught.region.end) for taught in grids]
    territories = divide(rest, [taught.match for taught in grids], limits)
    tables = [*forms, *(_table(sheet, t, ground) for t, ground in zip(grids, territories, strict=True))]
    held = {(cell.row, cell.column) for table in tables for cell in table.cells.every}
    beyond = tuple(cell for place, cell in sorted(sheet.cells.items()) if place not in held)
    return Recognised(sheet, tuple(sorted(tables, key=lambda table: table.header_top)), beyond=beyond)


def _table(sheet: Sheet, taught: Taught, ground: Territory) -> Table:
    match, layout = taught.match, taught.layout
    always = {column.means for column in layout.at("always")}
    filled = match.names | set(taught.fixed) | always
    places = {(cell.row, cell.column) for cell in taught.labels}
    headings = ground.cells.between(ground.head, ground.foot + 1)
    places |= set(zip(headings.rows, headings.columns, strict=True))
    return Table(
        contract=layout.contract,
        sheet=sheet,
        top_row=ground.top,
        header_row=ground.foot,
        end_row=ground.end,
        columns=match.columns,
        unknown=(),
        missing=tuple(column for column in layout.contract.required if column.name not in filled),
        shape=CROSSTAB if match.across else TABLE,
        header_top=ground.head,
        span=(ground.left, ground.right),
        cells=ground.cells,
        header_cells=frozenset(places),
        across=match.across,
        units=match.units,
        layout=layout,
        fixed=taught.fixed,
        left_out=taught.left_out,
    )


def _forms(sheet: Sheet, found: list[Taught]) -> list[Table]:
    """One table per layout of a form, with a block for each record."""
    tables = []
    for layout in dict.fromkeys(taught.layout.layout_id for taught in found):
        mine = [taught for taught in found if taught.layout.layout_id == layout]
        blocks = tuple(taught.block for taught in mine if taught.block)
        cells: dict[tuple[int, int], Cell] = {}
        labels = {(cell.row, cell.column) for block in blocks for cell in block.labels}
        for block in blocks:
            for cell in (*block.labels, *block.values.values()):
                cells[cell.row, cell.column] = sheet.cells[cell.row, cell.column]
        one = mine[0].layout
        filled = {name for block in blocks for name in block.values} | {c.means for c in one.at("always")}
        first = min(row for row, _ in cells)
        tables.append(
            Table(
                contract=one.contract,
                sheet=sheet,
                top_row=first,
                header_row=first,
                header_top=first,
                end_row=max(row for row, _ in cells) + 1,
                columns={},
                unknown=(),
                missing=tuple(column for column in one.contract.required if column.name not in filled),
                shape=FORM,
                cells=Cells.of(cells.values()),
                header_cells=frozenset(labels),
                blocks=blocks,
                units={column.means: column.unit for column in one.columns if column.unit},
                layout=one,
            )
        )
    return tables
