"""What a line above a table says of all its money: '£000s', 'All figures in thousands of pounds', 'in whole pounds'."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.cells import Cell
from pipelines.contract import Column
from pipelines.findings import QUERY
from pipelines.parse import as_typed
from pipelines.parse.said import wanted_under
from pipelines.recognise import Table
from pipelines.submission import FileRead

# A line above a table, or the end of one, that does nothing but state the unit: "£000s", "Spend, £k", "in thousands of
# pounds". Prose that mentions millions states no unit.
THOUSANDS = re.compile(
    r"(?:^|[,;:(–-]|\bin\b)\s*(£ ?(?:k|m|0{3}s?|thousands?|millions?)|(?:thousands?|millions?) of pounds)\s*\)?\.?\s*$",
    re.IGNORECASE,
)
# Pounds themselves are what a column of money is in anyway, so that they only matter against a heading in thousands.
POUNDS = re.compile(
    r"(?:figures|amounts|spend|all|money)\b.*\bin (?:whole )?(£|pounds)s?(?: sterling)?\s*\)?\.?\s*$",
    re.IGNORECASE,
)


class UnitsAbove(NamedTuple):
    """The line that states a unit, and the unit."""

    cell: Cell
    said: str

    def of_money(self, table: Table) -> dict[str, str]:
        """The unit, for each column of money."""
        return dict.fromkeys((column.name for column in _money(table)), self.said)

    def contradicted(self, table: Table) -> list[str]:
        """Headings that state other powers of ten than the line. A taught layout says what its figures are in."""
        if table.layout:
            return []
        units = {name: _power(table.units[name]) for name in self.of_money(table) if name in table.units}
        against = {name for name, power in units.items() if power not in (None, _power(self.said))}
        return [_heading(table, column) for column, name in table.columns.items() if name in against]


def units_above(table: Table) -> UnitsAbove | None:
    """The first line above the table that states a unit, thousands before pounds; None without it or without money."""
    above = [(cell, as_typed(cell.value)) for cell in table.above] if _money(table) else []
    found = ((cell, form.search(text)) for form in (THOUSANDS, POUNDS) for cell, text in above)
    return next((UnitsAbove(cell, said[1]) for cell, said in found if said), None)


def query_units(file: FileRead, units: UnitsAbove, headings: Sequence[str], where: Mapping[str, Any]) -> None:
    """Ask whether the line above or the headings are right; the headings were believed, being nearer to the figures."""
    others = f" and {len(headings) - 1} more" if len(headings) > 1 else ""
    file.find(
        "units_agree",
        f"'{as_typed(units.cell.value)}' stands above the heading '{headings[0]}'{others}, which says otherwise. The "
        "figures were read as the headings say, so they may be a thousand times too small or too large. "
        "Take out whichever is wrong.",
        QUERY,
        cell=units.cell.address,
        as_typed=as_typed(units.cell.value),
        **where,
    )


def _heading(table: Table, column: int) -> str:
    """What is typed above a column, in its lowest line of headings; else what the return calls it."""
    cell = table.sheet.cells.get((table.header_row, column))
    return as_typed(cell.value) if cell else table.contract.by_name[table.columns[column]].header


def _money(table: Table) -> list[Column]:
    return [column for column in table.contract.columns if column.type == "money"]


def _power(unit: str) -> int | None:
    """The power of ten of a unit of money; None if it is none."""
    wanted = wanted_under("money", None, unit)
    return None if wanted.is_other or wanted.is_doubtful else wanted.power
