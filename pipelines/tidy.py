"""From the lines of a table to typed rows, and from every value back to its cell.

Two results: rows stay clean, and a list of links says for each row and column which cell of which
sheet it was read from and what was typed there. Any value finds its cell by a join.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.cells import Cell, address
from pipelines.contract import NUMERIC, RATING_SCALE, Column, Contract
from pipelines.layouts import SourceRow
from pipelines.parse import Parsed, Period, as_typed, parse
from pipelines.recognise import Table
from pipelines.references import References

TYPED, PROBLEM, REMARK = "__as_typed", "__problem", "__remark"
ACADEMIC_YEAR_STARTS = 9  # September


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
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    blanks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    heading_links: list[Link] = field(default_factory=list)


def tidy(
    table: Table,
    source_rows: list[SourceRow],
    file_id: str,
    submission_id: str,
    table_number: int,
    references: References,
) -> Tidied:
    """Type every value of the table's rows.

    Each row has `row_id`, `submission_id`, the contract's staging columns, and per contract column
    what was typed, the problem if it can't be read, and the remark if somebody should confirm it.
    """
    contract, sheet = table.contract, table.sheet.name
    position = {name: column for column, name in table.columns.items()}
    tidied = Tidied()
    for source in source_rows:
        row_id = f"{submission_id}:{table_number}:{source.name}"
        row: dict[str, Any] = {"row_id": row_id, "submission_id": submission_id}
        facts: Mapping[str, Any] = {}
        for column in _references_first(contract):
            cell = source.cells.get(column.name) or source.headings.get(column.name)
            facts = _facts_of(contract, column, row, references)
            row |= _typed(column, cell, facts, references)
            if cell is not None:
                typed = as_typed(cell.value)
                links = tidied.links if column.name in source.cells else tidied.heading_links
                links.append(Link(row_id, column.name, file_id, sheet, cell.address, typed))
            elif column.name in position:
                place = (sheet, address(source.row, position[column.name]))
                tidied.blanks[row_id, column.name] = place
        _mark(contract, row, source.status)
        tidied.rows.append(row)
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


def _typed(
    column: Column, cell: Cell | None, facts: Mapping[str, Any], references: References
) -> dict[str, Any]:
    """The staging columns that one cell gives, with what was typed beside them."""
    parsed = _parse(column, cell, facts, references)
    value = parsed.value
    if cell is None and column.default_setting:
        # settled here, so that a blank and the default typed out are one and the same to every rule
        value = _setting(column.default_setting, references)
    if isinstance(value, str) and column.refers_to in references:
        value = references[column.refers_to].resolve(value)
    row: dict[str, Any] = {
        column.name: value,
        column.name + TYPED: None if cell is None else as_typed(cell.value),
        column.name + PROBLEM: parsed.problem,
        column.name + REMARK: parsed.remark,
    }
    if column.type == "period":
        period = value if isinstance(value, Period) else None
        row[column.name] = period.key if period else None
        row[f"{column.name}_start"] = period.start if period else None
        row[f"{column.name}_end"] = period.end if period else None
        row[f"{column.name}_label"] = period.label if period else None
    elif column.companions:
        row[f"{column.name}_status"] = parsed.status
    return row


def _setting(name: str, references: References) -> str | None:
    """The framework's own word for what a blank means, if it has one."""
    settings = references.get("framework.settings")
    return settings.facts.get(name, {}).get("value") if settings else None


def _parse(column: Column, cell: Cell | None, facts: Mapping[str, Any], references: References) -> Parsed:
    if cell is None:
        return Parsed(None, None, None, None)
    scale = references.get(RATING_SCALE) if column.type == "rating" else None
    return parse(
        column.type,
        cell.value,
        number_format=cell.number_format,
        unit=facts.get("unit") or column.unit,
        choices=tuple(scale.facts) if scale else column.choices,
        year_kind=_year_kind(facts),
    )


def _year_kind(facts: Mapping[str, Any]) -> str:
    """What a year's label means in this series.

    '2002/03' is a school year when the target's own baseline period is one, and in a monthly series
    '2002-06' is a month.
    """
    start = facts.get("baseline_period_start")
    if start is not None and start.month == ACADEMIC_YEAR_STARTS:
        return "academic"
    return "monthly" if facts.get("frequency_months") == 1 else "financial"
