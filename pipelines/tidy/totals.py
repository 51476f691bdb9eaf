"""Totals that a partner typed: left out of the rows, and reconciled with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.cells import Cell
from pipelines.contract import NUMERIC, Column, Contract
from pipelines.findings import QUERY, Finding
from pipelines.layouts import Records, SourceRow
from pipelines.parse import as_typed, is_missing_marker, parse
from pipelines.recognise import Table

ADDITIVE = ("number", "count", "money")  # a rate's total is an average, and none that rows add up to
TOLERANCE = 0.51  # partners total what they see, rounded to whole units
NUMBER, MONEY = Column("total", "Total", "number"), Column("total", "Total", "money")
NO_UNITS: Mapping[str, str] = {}

Pairs = Sequence[tuple[SourceRow, Mapping[str, Any]]]


def reconcile(
    contract: Contract,
    totals: list[SourceRow],
    rows: Pairs,
    sheet: str,
    units: Mapping[str, str] = NO_UNITS,
) -> list[Finding]:
    """A query for each typed total that equals neither the rows since the last total nor all above it.

    `rows` are the records of the table that the totals stand in, as they stand there and typed; `units` are those that
    its headings state, £000s for example, which hold for a total as for the rows.
    """
    findings = []
    last = -1
    for total in totals:
        above = [row for source, row in rows if source.row < total.row]
        since = [row for source, row in rows if last < source.row < total.row]
        last = total.row
        for name, cell in total.cells.items():
            column = contract.by_name[name]
            if column.type not in ADDITIVE:
                continue
            typed, tolerance = _total(column, cell, units.get(name))
            sums = [sum(row[name] or 0 for row in some) for some in (since, above)]
            # where a row was copied by mistake, that is what its sender is asked about, and not every total of it
            sums += [sum(row[name] or 0 for row in _distinct(some, contract)) for some in (since, above)]
            if typed is None or any(abs(typed - s) <= tolerance for s in sums):
                continue
            findings.append(
                Finding(
                    rule="total_agrees",
                    because=f"The total typed for '{column.header}' is {typed:,.10g}, but the rows above it "
                    f"add up to {sums[1]:,.10g}. The rows were used, not the total. Check which is right.",
                    consequence=QUERY,
                    column_name=name,
                    sheet=sheet,
                    cell=cell.address,
                    as_typed=as_typed(cell.value),
                )
            )
    return findings


def _distinct(rows: Sequence[Mapping[str, Any]], contract: Contract) -> Iterable[Mapping[str, Any]]:
    """Rows of which each says something else."""
    return {tuple(row.get(column.name) for column in contract.columns): row for row in rows}.values()


def _total(column: Column, cell: Cell, said: str | None) -> tuple[float | None, float]:
    """A typed total, and how far it may be from its sum: what it was rounded to, in the unit that it was typed in."""
    read = parse(column.type, cell.value, number_format=cell.number_format, unit=column.unit, said=said).value
    if not isinstance(read, int | float):
        return None, 0.0
    is_number = isinstance(cell.value, int | float) and cell.value
    scale = abs(read / cell.value) if is_number and isinstance(cell.value, int | float) else 1.0
    return float(read), TOLERANCE * max(1.0, scale)


def take_unlabelled(contract: Contract, records: Records) -> tuple[Records, list[SourceRow]]:
    """Records, and apart from them those that are totals without a word: no key, and every sum is that of rows above.

    A line whose figures do not add up stays a record, and is asked for its key; and so does one with a word of its
    own, or with the figures of a single row: two projects may have the same allocation.
    """
    keys = set(contract.key)
    if not any(map(keys.isdisjoint, records.given)):  # by far the most tables
        return records, []
    kept, totals = Records(), list[SourceRow]()
    since: list[Mapping[str, float]] = []
    above: list[Mapping[str, float]] = []
    for row in records:
        figures = _additive(contract, row)
        is_sum = any(figures.values()) and (_sums(figures, since) or _sums(figures, above))
        is_nameless = keys.isdisjoint(row.cells) and keys.isdisjoint(row.headings)
        if is_sum and is_nameless and not _says_more(contract, row):
            totals.append(row)
            since = []
            continue
        kept.append(row)
        since, above = [*since, figures], [*above, figures]
    return kept, totals


def _says_more(contract: Contract, row: SourceRow) -> bool:
    """Whether a line has a word or day of its own; one that is merged down to it says nothing of it."""
    return any(
        cell.row == row.row
        and contract.by_name[name].type not in NUMERIC
        and not is_missing_marker(cell.value)
        for name, cell in row.cells.items()
    )


def _additive(contract: Contract, row: SourceRow) -> dict[str, float]:
    found = {}
    for name, cell in row.cells.items():
        column = contract.by_name[name]
        if column.type in ADDITIVE:
            value = parse(column.type, cell.value, number_format=cell.number_format, unit=column.unit).value
            if isinstance(value, int | float):
                found[name] = float(value)
    return found


def _sums(figures: Mapping[str, float], rows: Sequence[Mapping[str, float]]) -> bool:
    """Whether each figure is the sum of the rows', of two at least that have any."""
    return sum(any(row.values()) for row in rows) > 1 and all(
        abs(figure - sum(row.get(name, 0.0) for row in rows)) <= TOLERANCE for name, figure in figures.items()
    )


def reconcile_crosstab(table: Table, totals: Sequence[Cell], rows: Pairs) -> list[Finding]:
    """A query for each total below a crosstab's column that equals neither the lines since the last nor all above."""
    figures = _figures(table, rows) if totals else {}
    findings = []
    last: dict[int, int] = {}
    for cell in sorted(totals):
        above = {
            line: by_column[cell.column] for line, by_column in figures.items() if cell.column in by_column
        }
        since = [v for line, v in above.items() if last.get(cell.column, -1) < line < cell.row]
        every = [v for line, v in above.items() if line < cell.row]
        last[cell.column] = cell.row
        if finding := _disagreement(table, cell, [sum(since), sum(every)], "the figures above it"):
            findings.append(finding)
    return findings


def reconcile_across(table: Table, totals: Sequence[Cell], rows: Pairs) -> list[Finding]:
    """A query for each total typed behind or between the columns of a line that the line does not add up to.

    A total may stand for the columns since the last total, or for any run of them that ends at it.
    """
    figures = _figures(table, rows) if totals else {}
    findings = []
    for cell in totals:
        line = figures.get(cell.row, {})
        sums, added = [], 0.0
        for column in sorted((c for c in line if c < cell.column), reverse=True):
            added += line[column]
            sums.append(added)
        if sums and (finding := _disagreement(table, cell, sums, "the figures before it")):
            findings.append(finding)
    return findings


def _figures(table: Table, rows: Pairs) -> dict[int, dict[int, float]]:
    """Line → column → figure, of the columns that add up. Rates do not: a measure counts where it is whole."""
    kinds = {name: table.contract.by_name[name].type for name in table.contract.by_name}
    across = {column: name for group in table.across for column, name in group.columns.items()}
    figures: dict[int, dict[int, float]] = {}
    for source, row in rows:
        line = figures.setdefault(source.row, {})
        for column, name in (across or table.columns).items():
            value = row[name] if name in source.cells and source.cells[name].column == column else None
            is_whole = isinstance(value, int | float) and float(value).is_integer()
            if value is not None and (kinds[name] in ADDITIVE or (kinds[name] == "measure" and is_whole)):
                line[column] = value
    return figures


def _disagreement(table: Table, cell: Cell, sums: Sequence[float], which: str) -> Finding | None:
    units = {unit for name, unit in table.units.items() if table.contract.by_name[name].type == "money"}
    # a total is in the unit of what it adds up, where that is one
    is_scaled = len(units) == 1
    typed, tolerance = _total(MONEY if is_scaled else NUMBER, cell, next(iter(units)) if is_scaled else None)
    if typed is None or any(abs(typed - s) <= tolerance for s in sums):
        return None
    return Finding(
        rule="total_agrees",
        because=f"The total {typed:,.10g} was typed here, but {which} add up to {sums[-1]:,.10g}. "
        "The figures were used, not the total. Check which is right.",
        consequence=QUERY,
        sheet=table.sheet.name,
        cell=cell.address,
        as_typed=as_typed(cell.value),
    )
