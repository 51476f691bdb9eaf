"""What a figure is about and for when, by the partner's own row: a cell of a pack may show it as something else."""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.contract import Column, Contract
from pipelines.framework.references import References
from pipelines.pack.lookups import financial_year
from pipelines.reply.names import quarter_label

SETTINGS = "framework.settings"
# what a judgement may be on, in the order in which its name is looked up (sql/framework/subjects.sql)
JUDGED = ("framework.targets", "framework.parent_targets", "framework.indicators", "framework.elements")
OVERALL = "The partnership overall"
FOR_THE_YEAR = "year"  # the prefill of a figure that stays the same for a financial year
OF_QUARTER = re.compile(r"_q([1-4])")

Row = Mapping[str, Any]


def what_it_is_about(contract: Contract, row: Row, references: References) -> str:
    """The row's key in words: Life expectancy at birth, men (North West); the own area goes without saying."""
    first, *others = (contract.by_name[name] for name in contract.key)
    title = _title(first, row, references)
    beside = [
        _title(column, row, references)
        for column in others
        if column.type != "period" and row[column.name] and not _is_usual(column, row, references)
    ]
    return f"{title} ({', '.join(beside)})" if beside else title


def when_it_is_for(contract: Contract, row: Row, column: Column, quarter: str | None) -> str:
    """The period that the row says; without one that of the column: a quarter, the year, or the return's quarter."""
    measured = next((one.name for one in contract.columns if one.type == "period"), None)
    if measured and row[f"{measured}_label"]:
        return str(row[f"{measured}_label"])
    if quarter and column.prefill == FOR_THE_YEAR:
        one = OF_QUARTER.search(column.name)
        return quarter_label(f"{quarter[:-1]}{one[1]}") if one else financial_year(quarter)
    return quarter_label(quarter)


def _title(column: Column, row: Row, references: References) -> str:
    """What the framework calls the value of a key's column; the value as it is where it says nothing of it."""
    text = str(row[column.name] or "")
    if column.type != "text":
        return text
    for name in (column.refers_to,) if column.refers_to else JUDGED:
        known = references.get(name)
        if known and (facts := known.facts.get(known.resolve(text))):
            return str(facts.get("title") or facts.get("name") or text)
    return OVERALL if text.strip().casefold() == "overall" else text


def _is_usual(column: Column, row: Row, references: References) -> bool:
    """Whether the value is the one that a blank stands for."""
    settings = references.get(SETTINGS)
    usual = settings.facts.get(column.default_setting or "", {}).get("value") if settings else None
    return usual is not None and row[column.name] == usual
