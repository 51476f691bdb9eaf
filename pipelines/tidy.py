"""From the lines of a table to typed rows, and from every value back to its cell.

Two results: rows stay clean, and a list of links says for each row and column which cell of which
sheet it was read from and what was typed there. Any value finds its cell by a join.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.cells import Cell, address
from pipelines.contract import NUMERIC, Column, Contract
from pipelines.fills import RatingFills
from pipelines.layouts import SourceRow
from pipelines.parse import as_typed
from pipelines.recognise import Table
from pipelines.references import References
from pipelines.values import PROBLEM, REMARK, TYPED, Around, doubt_order, read_value

__all__ = ["PROBLEM", "REMARK", "TYPED", "Link", "Tidied", "tidy"]


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
    `alternatives` gives, for a row and column whose figure is unclear, the two that it may stand for.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    blanks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    heading_links: list[Link] = field(default_factory=list)
    alternatives: dict[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)


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
    position = {name: column for column, name in table.columns.items()}
    always = {c.means: str(c.says) for c in table.layout.at("always") if c.says} if table.layout else {}
    tidied = Tidied()
    columns = _references_first(contract)
    fills = RatingFills(table, source_rows)
    for source in source_rows:
        row_id = f"{submission_id}:{table_number}:{source.name}"
        row: dict[str, Any] = {"row_id": row_id, "submission_id": submission_id}
        facts: Mapping[str, Any] = {}
        for column in columns:
            cell = source.cells.get(column.name) or source.headings.get(column.name)
            flag = source.flags.get(column.name)
            at = (source.row, position.get(column.name, -1)) if cell is None else (cell.row, cell.column)
            if cell is None and column.name in always:  # the layout says it, and no cell of the file
                cell, at = Cell(source.row, 0, always[column.name]), (source.row, -1)
            facts = _facts_of(contract, column, row, references)
            around = Around(table.units.get(column.name), flag, fills.of(column, at), quarter)
            value = read_value(column, cell, facts, references, around, is_framework=contract.is_framework)
            row |= value.columns
            if value.alternatives:
                tidied.alternatives[row_id, column.name] = value.alternatives
            if value.seen is not None and at[1] >= 0 and (cell is not None or flag is None):
                is_heading = cell is not None and column.name not in source.cells
                links = tidied.heading_links if is_heading else tidied.links
                links.append(Link(row_id, column.name, file_id, sheet, address(*at), value.seen))
            elif at[1] >= 0:
                tidied.blanks[row_id, column.name] = (sheet, address(*at))
            if flag is not None:
                typed = as_typed(flag.value)
                tidied.links.append(Link(row_id, column.name, file_id, sheet, flag.address, typed))
        _mark(contract, row, source.status)
        tidied.rows.append(row)
    for column in columns:
        doubt_order(column, tidied.rows)
    return tidied


def _mark(contract: Contract, row: dict[str, Any], status: str | None) -> None:
    """Give the row's figures the status that their heading says (forecast, say), where they have none of their own."""
    for column in contract.columns if status else ():
        if column.type in NUMERIC and row[column.name] is not None and row[f"{column.name}_status"] is None:
            row[f"{column.name}_status"] = status


def _references_first(contract: Contract) -> list[Column]:
    """References before the values whose unit they settle."""
    return sorted(contract.columns, key=lambda column: column.unit_of is not None)


def _facts_of(
    contract: Contract, column: Column, row: Mapping[str, Any], references: References
) -> Mapping[str, Any]:
    """The framework row that says how to read this column (its unit, its kind of year)."""
    if column.unit_of is None:
        return {}
    entity = contract.by_name[column.unit_of].refers_to
    reference = references.get(entity or "")
    return reference.facts.get(row[column.unit_of], {}) if reference else {}
