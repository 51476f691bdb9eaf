"""A rule's sentence with the row's own figures in it, as people write them.

In a contract a sentence may hold places in brackets: "Spend to date ({actual_to_date}) is more than the
allocation ({revised_allocation})". A column of the contract is written by its type; one that a context
select adds says its own: ({allocation_sum:money}). Without a row, as in a template, the brackets go.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipelines.contract import PLACE, Contract, Rule
from pipelines.framework.references import References
from pipelines.parse import Period, parse
from pipelines.parse.dates import spoken

BLANK = "blank"
CURRENCY = {"GBP": "£"}


class SentenceError(Exception):
    """A sentence names a column that no row has: the contract's fault."""


def fill(rule: Rule, row: Mapping[str, Any], contract: Contract, references: References) -> str:
    """The rule's sentence for one row; a value that is missing is called blank."""

    def figure(found: re.Match[str]) -> str:
        name, kind = found["name"], found["type"]
        column = contract.by_name.get(name)
        if name not in row:
            raise SentenceError(
                f"{contract.name}, rule {rule.id}: no row has '{name}' to put in its sentence."
            )
        value = row[name]
        if column is None:
            return shown(value, kind or "text", None)
        if column.type == "period" and not pd.isna(value):
            return str(row.get(f"{name}_label") or value)
        return shown(value, kind or column.type, _unit(contract, name, row, references))

    return PLACE.sub(figure, rule.because)


def _unit(contract: Contract, name: str, row: Mapping[str, Any], references: References) -> str | None:
    column = contract.by_name[name]
    if column.unit_of is None:
        return column.unit
    reference = references.get(contract.by_name[column.unit_of].refers_to or "")
    return reference.facts.get(str(row.get(column.unit_of)), {}).get("unit") if reference else None


def shown(value: Any, kind: str, unit: str | None) -> str:
    """A value as people write it: £12,500, 38%, 1,289, 13 July 2012."""
    if pd.isna(value):
        return BLANK
    if isinstance(value, date):
        return spoken(value)
    if kind == "quarter":
        period = parse("quarter", str(value)).value and parse("period", str(value)).value
        return period.label if isinstance(period, Period) else str(value)
    if kind in ("text", "choice", "rating", "period", "date"):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    number = float(value)
    if not math.isfinite(number):
        return BLANK
    if kind == "money":
        pounds = f"{abs(number):,.2f}".removesuffix(".00")
        sign = "-" if number < 0 and pounds != "0" else ""
        symbol = CURRENCY.get(unit or "GBP")
        return f"{sign}{symbol}{pounds}" if symbol else f"{sign}{pounds} {unit}"
    digits = f"{round(number, 2):,.10g}" if kind == "percent" else f"{number:,.10g}"
    return f"{digits}%" if kind == "percent" or unit == "%" else digits
