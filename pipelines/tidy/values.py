"""One cell of a table as its column has it: the typed value, and what should be said about it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.cells import Cell
from pipelines.contract import NUMERIC, RATING_SCALE, Column
from pipelines.framework.references import References
from pipelines.parse import Parsed, Period, as_typed, parse
from pipelines.parse.colours import with_fill
from pipelines.parse.dates import order_of, spoken
from pipelines.parse.units import unit_told
from pipelines.tidy.fills import Fill

TYPED, PROBLEM, REMARK = "__as_typed", "__problem", "__remark"
ACADEMIC_YEAR_STARTS = 9  # September
NOTHING = Parsed(None)


class Around(NamedTuple):
    """What stands around a cell and bears on its value.

    said: the unit that its heading states. flag: the cell of status marks beside it. fill: the colour that a
    rating is filled with. quarter: the key of the quarter that the return is for.
    """

    said: str | None = None
    flag: Cell | None = None
    fill: Fill | None = None
    quarter: str | None = None


class Value(NamedTuple):
    """What one cell gives: a value for each of `names_of` its column, what was typed among them.

    seen: what its sender would recognise; None if nothing stood there. alternatives: the two figures that an
    unclear one may stand for.
    """

    fields: tuple[Any, ...]
    seen: str | None
    alternatives: tuple[float, ...] = ()


def names_of(column: Column) -> tuple[str, ...]:
    """The staging columns that a cell of this column gives: value, as typed, problem, remark, companions."""
    name = column.name
    return (name, name + TYPED, name + PROBLEM, name + REMARK, *column.companions)


def read_value(
    column: Column,
    cell: Cell | None,
    facts: Mapping[str, Any],
    references: References,
    around: Around | None = None,
    *,
    is_framework: bool = False,
) -> Value:
    """Type one cell. `facts` is the framework row that says how to read it; a framework is read to the letter."""
    around = around or Around()
    parsed, seen = _parse(column, cell, facts, references, around)
    value, remark = parsed.value, parsed.remark
    if cell is None and column.default_setting:
        # settled here, so that a blank and the default typed out are one and the same to every rule
        value = _setting(column.default_setting, references)
    if isinstance(value, str) and column.refers_to in references:
        value, doubt = references[column.refers_to].read(value, with_slips=not is_framework)
        remark = remark or doubt
    companions: tuple[Any, ...] = ()
    if column.type == "period":
        period = value if isinstance(value, Period) else None
        value = period.key if period else None
        companions = (period.start, period.end, period.label) if period else (None, None, None)
    elif column.companions:
        companions = (parsed.status,)
    fields = (value, seen, parsed.problem, remark, *companions)
    return Value(fields, seen, parsed.alternatives)


def _parse(
    column: Column, cell: Cell | None, facts: Mapping[str, Any], references: References, around: Around
) -> tuple[Parsed, str | None]:
    """What the cell says, and what was seen of it: its text, a mark beside it, its colour."""
    if cell is None and around.flag is None and around.fill is None:
        return NOTHING, None
    scale = references.get(RATING_SCALE) if column.type == "rating" else None
    choices: Sequence[str] = tuple(scale.facts) if scale else column.choices
    raw = None if cell is None else cell.value
    if scale and isinstance(raw, str):
        raw = scale.resolve(raw)  # by the scale's own words, whatever they are
    number_format = None if cell is None else cell.number_format
    unit = facts.get("unit") or column.unit
    if column.type == "measure" and not facts:  # a check without a framework, or of a code that it has not
        unit = unit_told(raw, number_format)
    read = parse(
        column.type,
        raw,
        number_format=number_format,
        unit=unit,
        choices=choices,
        year_kind=year_kind(facts),
        said=around.said,
        quarter=around.quarter,
        flag=around.flag.value if around.flag and column.type in NUMERIC else None,
    )
    seen = None if cell is None else as_typed(cell.value)
    if seen is None and around.flag is not None:
        seen = as_typed(around.flag.value)
    if around.fill is None or column.type != "rating":
        return read, seen
    own = {str(row.get("fill")).upper(): code for code, row in scale.facts.items()} if scale else {}
    coloured = with_fill(
        read,
        None if cell is None else cell.value,
        around.fill.colour,
        choices,
        own,
        is_of_row=around.fill.is_of_row,
    )
    if coloured is read:
        return read, seen
    return coloured, " ".join(filter(None, (seen, f"[filled {around.fill.colour.upper()}]")))


def doubt_order(column: Column, columns: Mapping[str, list[Any]]) -> None:
    """Ask about 5/6/2012 where other dates of the same column have the month first, as in America."""
    if column.type != "date":
        return
    days, typed, remarks = (
        columns[name] for name in (column.name, column.name + TYPED, column.name + REMARK)
    )
    orders = [order_of(one) for one in typed]
    if "month first" not in orders:
        return
    for number, order in enumerate(orders):
        if order == "either" and days[number] and not remarks[number]:
            remarks[number] = (
                f"We read '{typed[number]}' as {spoken(days[number])}, but other dates of this column "
                "have the month first. Please confirm."
            )


def year_kind(facts: Mapping[str, Any]) -> str:
    """What a year's label means in this series.

    '2002/03' is a school year when the target's own baseline period is one, and in a monthly series
    '2002-06' is a month.
    """
    start = facts.get("baseline_period_start")
    if start is not None and start.month == ACADEMIC_YEAR_STARTS:
        return "academic"
    return "monthly" if facts.get("frequency_months") == 1 else "financial"


def _setting(name: str, references: References) -> str | None:
    """The framework's own word for what a blank means, if it has one."""
    settings = references.get("framework.settings")
    return settings.facts.get(name, {}).get("value") if settings else None
