"""A typed value as it is written into a cell, so that it is read back as the same value and in no other way."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.contract import RATING_SCALE, Column, Contract
from pipelines.framework.references import References
from pipelines.template.model import Written

NAMES = ("title", "name")
DATE, MONEY, COUNT, TEXT, GENERAL = "d mmm yyyy", "#,##0.00", "#,##0", "@", "General"
FORMATS = {"date": DATE, "money": MONEY, "count": COUNT}
FIGURES = ("number", "count", "money", "percent", "measure")


def format_of(column: Column) -> str:
    """The number format of an empty cell.

    Percentages and measures have none of their own, so that a % sign that is typed shows and is kept. Text is
    text, or a program would make dates of 2000-02 and formulas of what begins with a dash.
    """
    return FORMATS.get(column.type, GENERAL if column.type in FIGURES else TEXT)


def written(
    column: Column, row: Mapping[str, Any], references: References, unit: str | None = None
) -> Written | None:
    """The column's value in a staging row as it stands in a cell; None where there is nothing to write."""
    value: Any = row.get(column.name)
    status = row.get(f"{column.name}_status")
    if _is_missing(value):
        return Written(f"[{status}]", TEXT) if status and not _is_missing(status) else None
    if column.type == "period":
        return Written(str(row.get(f"{column.name}_label") or value))
    if column.type == "rating":
        return Written(_name(RATING_SCALE, value, references, ("word",)))
    if column.type in FIGURES and not isinstance(value, str):
        return _figure(value, status, column, unit)
    if column.refers_to:
        return Written(_name(column.refers_to, value, references, NAMES))
    if isinstance(value, date):
        return Written(date(value.year, value.month, value.day))
    return Written(value)


def _figure(value: float, status: Any, column: Column, unit: str | None) -> Written:
    plain = int(value) if float(value).is_integer() else float(value)
    if status and not _is_missing(status):
        return Written(f"{plain} [{status}]", TEXT)
    if (unit or column.unit) == "%" and 0 < abs(value) <= 1:
        # 0.4 in a column of percentages could be 40%; only a cell's format says that it is not
        return Written(float(value) / 100, "0.0##%")
    return Written(plain)


def name_of(entity: str, id_: Any, references: References) -> str:
    """The name by which people know a row of the framework, if it stands for that row alone; else its id."""
    return _name(entity, id_, references, NAMES)


def _name(entity: str, id_: Any, references: References, names: tuple[str, ...]) -> str:
    reference = references.get(entity)
    facts = reference.facts.get(id_, {}) if reference else {}
    for name in names:
        text = facts.get(name)
        if reference and isinstance(text, str) and reference.resolve(text) == id_:
            return text.strip()
    return str(id_)


def _is_missing(value: Any) -> bool:
    return value is None or value != value or value == ""


def as_example(column: Column, contract: Contract) -> str:
    """The contract's first example of a value in the column; nothing where there is none.

    A contract knows no framework: of what the framework names, its examples would be another's.
    """
    if column.entity or column.prefill not in (None, "last", "year"):
        return ""
    rows = contract.examples.get("accepted", [])
    return next((str(row[column.name]) for row in rows if row.get(column.name) not in (None, "")), "")
