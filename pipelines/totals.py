"""Totals that a partner typed: left out of the rows, and reconciled with them."""

from typing import Any

from pipelines.contract import Contract
from pipelines.findings import QUERY, Finding
from pipelines.layouts import SourceRow
from pipelines.parse import as_typed, parse

ADDITIVE = ("number", "count", "money")  # a rate's total is an average, and none that rows add up to
TOLERANCE = 0.51  # partners total what they see, rounded to whole units


def reconcile(
    contract: Contract, totals: list[SourceRow], rows: list[tuple[int, dict[str, Any]]], sheet: str
) -> list[Finding]:
    """A query for each typed total that equals neither the rows since the last total nor all above it.

    `rows` are (row on the sheet, typed row) of the table that the totals stand in.
    """
    findings = []
    last = -1
    for total in totals:
        above = [row for place, row in rows if place < total.row]
        since = [row for place, row in rows if last < place < total.row]
        last = total.row
        for name, cell in total.cells.items():
            column = contract.by_name[name]
            if column.type not in ADDITIVE:
                continue
            typed = parse(column.type, cell.value, number_format=cell.number_format, unit=column.unit).value
            sums = [sum(row[name] or 0 for row in some) for some in (since, above)]
            if not isinstance(typed, int | float) or any(abs(typed - s) <= TOLERANCE for s in sums):
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
