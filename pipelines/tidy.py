"""From the lines of a table to typed rows, and from every value back to its cell.

Two results: rows stay clean, and a list of links says for each row and column which cell of which
sheet it was read from and what was typed there. Any value finds its cell by a join.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.cells import Cell, address, column_letters
from pipelines.contract import NUMERIC, Column, Contract
from pipelines.fills import RatingFills
from pipelines.layouts import SourceRow
from pipelines.parse import as_typed
from pipelines.recognise import Table
from pipelines.references import References
from pipelines.values import PROBLEM, REMARK, TYPED, ColumnReader, doubt_order

__all__ = ["PROBLEM", "REMARK", "TYPED", "Link", "Tidied", "tidy"]

NO_FACTS: Mapping[str, Any] = {}
NOWHERE = (-1, -1)


class Link(NamedTuple):
    """The cell that a row's value was read from; a merged cell has one link for each row it fills."""

    row_id: str
    column_name: str
    file_id: str
    sheet: str
    cell: str
    as_typed: str


@dataclass(frozen=True)
class Tidied:
    """One table's rows (typed values, what was typed, what could not be read) and their links.

    `blanks` says where a value was looked for and nothing stood: row and column → sheet and cell.
    `heading_links` are links to headings that give a value (the period of a crosstab): those cells stay headings.
    `said` is the unit that the heading of a column states. `alternatives` gives, for a row and column whose figure
    is unclear, the two that it may stand for.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    blanks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    heading_links: list[Link] = field(default_factory=list)
    alternatives: dict[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


def tidy(
    table: Table,
    source_rows: list[SourceRow],
    file_id: str,
    submission_id: str,
    table_number: int,
    references: References,
    quarter: str | None = None,
) -> Tidied:
    """Type every value of the table's rows. `quarter` is the key of the quarter that the return is for.

    Each row has `row_id`, `submission_id`, the contract's staging columns, and per contract column
    what was typed, the problem if it can't be read, and the remark if somebody should confirm it.
    """
    contract, sheet = table.contract, table.sheet.name
    always = {c.means: str(c.says) for c in table.layout.at("always") if c.says} if table.layout else {}
    tidied = Tidied(said=dict(table.units))
    readers = {
        column.name: ColumnReader(
            column, references, table.units.get(column.name), quarter, is_framework=contract.is_framework
        )
        for column in contract.columns
    }
    blank_row = {name: value for reader in readers.values() for name, value in reader.blank.columns.items()}
    present = [(column, readers[column.name]) for column in _present(table, source_rows, always)]
    position = {name: column for column, name in table.columns.items()}
    fills = RatingFills(table, source_rows)
    for source in source_rows:
        row_id = f"{submission_id}:{table_number}:{source.name}"
        row: dict[str, Any] = {"row_id": row_id, "submission_id": submission_id, **blank_row}
        cells, flags = source.cells, source.flags
        for column, reader in present:
            name = column.name
            cell = cells.get(name)
            facts = _facts_of(contract, column, row, references) if column.unit_of else NO_FACTS
            if cell is not None and name not in flags and column.type != "rating":  # by far the most
                value = reader.read(cell, facts)
                row.update(value.columns)
                if value.alternatives:
                    tidied.alternatives[row_id, name] = value.alternatives
                if value.seen is not None:
                    where = f"{column_letters(cell.column)}{cell.row + 1}"
                    tidied.links.append(Link(row_id, name, file_id, sheet, where, value.seen))
                continue
            is_heading = cell is None and name in source.headings
            if cell is None:
                cell = source.headings.get(name)
            if cell is not None:
                at = (cell.row, cell.column)
            elif name in always:  # the layout says it, and no cell of the file
                cell, at = Cell(source.row, 0, always[name]), NOWHERE
            else:
                at = (source.row, position.get(name, -1))
            flag = flags.get(name)
            value = reader.read(cell, facts, flag, fills.of(column, at))
            row.update(value.columns)
            if value.alternatives:
                tidied.alternatives[row_id, name] = value.alternatives
            if value.seen is not None and at[1] >= 0 and (cell is not None or flag is None):
                links = tidied.heading_links if is_heading else tidied.links
                links.append(Link(row_id, name, file_id, sheet, address(*at), value.seen))
            elif at[1] >= 0:
                tidied.blanks[row_id, name] = (sheet, address(*at))
            if flag is not None:
                typed = as_typed(flag.value)
                tidied.links.append(Link(row_id, name, file_id, sheet, flag.address, typed))
        if source.status:
            _mark(contract, row, source.status)
        tidied.rows.append(row)
    for column, _ in present:
        doubt_order(column, tidied.rows)
    return tidied


def _present(table: Table, rows: Sequence[SourceRow], always: Mapping[str, str]) -> list[Column]:
    """The columns of which the table says anything, references before the values whose unit they settle."""
    found = set(table.columns.values()) | set(always)
    for row in rows:
        found.update(row.cells, row.headings, row.flags)
    mine = [column for column in table.contract.columns if column.name in found]
    return sorted(mine, key=lambda column: column.unit_of is not None)


def _mark(contract: Contract, row: dict[str, Any], status: str | None) -> None:
    """Give the row's figures the status that their heading says (forecast, say), where they have none of their own."""
    for column in contract.columns if status else ():
        if column.type in NUMERIC and row[column.name] is not None and row[f"{column.name}_status"] is None:
            row[f"{column.name}_status"] = status


def _facts_of(
    contract: Contract, column: Column, row: Mapping[str, Any], references: References
) -> Mapping[str, Any]:
    """The framework row that says how to read this column (its unit, its kind of year)."""
    if column.unit_of is None:
        return NO_FACTS
    entity = contract.by_name[column.unit_of].refers_to
    reference = references.get(entity or "")
    return reference.facts.get(row[column.unit_of], NO_FACTS) if reference else NO_FACTS
