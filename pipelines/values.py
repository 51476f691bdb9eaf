"""One cell of a table as its column has it: the typed value, and what should be said about it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.cells import Cell
from pipelines.contract import NUMERIC, RATING_SCALE, Column
from pipelines.fills import Fill
from pipelines.parse import Parsed, Period, as_typed, parse
from pipelines.parse.accept import TOO_LARGE
from pipelines.parse.colours import with_fill
from pipelines.parse.dates import order_of, spoken
from pipelines.references import References

TYPED, PROBLEM, REMARK = "__as_typed", "__problem", "__remark"
ACADEMIC_YEAR_STARTS = 9  # September
NOTHING = Parsed(None)
OPENINGS_OF_MARKS = (
    "please",
    "select",
    "choose",
    "pick",
    "err:",
)  # of placeholders and of errors typed as text
PLAIN_KINDS = ("number", "count", "money", "measure")
PLAIN_FORMATS = (None, "General", "0", "0.0", "0.00", "#,##0", "#,##0.00")  # none of which says another unit


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
    """The staging columns that one cell gives, with what was typed beside them.

    seen: what its sender would recognise; None if nothing stood there. alternatives: the two figures that an
    unclear one may stand for.
    """

    columns: dict[str, Any]
    seen: str | None
    alternatives: tuple[float, ...] = ()


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
    row: dict[str, Any] = {
        column.name: value,
        column.name + TYPED: seen,
        column.name + PROBLEM: parsed.problem,
        column.name + REMARK: remark,
    }
    if column.type == "period":
        period = value if isinstance(value, Period) else None
        row[column.name] = period.key if period else None
        row[f"{column.name}_start"] = period.start if period else None
        row[f"{column.name}_end"] = period.end if period else None
        row[f"{column.name}_label"] = period.label if period else None
    elif column.companions:
        row[f"{column.name}_status"] = parsed.status
    return Value(row, seen, parsed.alternatives)


class ColumnReader:
    """The values of one column of a table. What stands in many rows is read once: a column repeats itself a lot."""

    def __init__(
        self,
        column: Column,
        references: References,
        said: str | None,
        quarter: str | None,
        *,
        is_framework: bool,
    ) -> None:
        self.column, self.references, self.is_framework = column, references, is_framework
        self.around = Around(said, quarter=quarter)
        self.known: dict[tuple[object, ...], Value] = {}
        self.blank = self._read(None, {}, self.around)
        self.holds_figures = column.type in PLAIN_KINDS and said is None
        self.holds_words = column.type == "text" and column.refers_to is None

    def read(
        self, cell: Cell | None, facts: Mapping[str, Any], flag: Cell | None = None, fill: Fill | None = None
    ) -> Value:
        """As read_value. `facts` must be the same object for the same row of the framework."""
        if flag is not None or fill is not None:
            return self._read(cell, facts, self.around._replace(flag=flag, fill=fill))
        if cell is None:
            return self.blank
        if self.holds_figures and (plain_figure := self._plain_figure(cell, facts)):
            return plain_figure
        if self.holds_words and (plain_words := self._plain_words(cell.value)):
            return plain_words
        # 1, 1.0 and TRUE are equal to Python and not to whoever typed them
        key = (cell.value.__class__, cell.value, cell.number_format, id(facts))
        value = self.known.get(key)
        if value is None:
            value = self.known[key] = self._read(cell, facts, self.around)
        return value

    def _plain_figure(self, cell: Cell, facts: Mapping[str, Any]) -> Value | None:
        """A number as Excel keeps it that can be read in one way only; None for all others, which parse() reads."""
        raw, column = cell.value, self.column
        if raw.__class__ is not int and raw.__class__ is not float:
            return None
        if not 1 < raw < TOO_LARGE or cell.number_format not in PLAIN_FORMATS:
            return None
        if column.type == "count":
            if raw.__class__ is not int:
                return None
            value: object = raw
        else:
            unit = facts.get("unit") or column.unit
            if unit and unit.startswith("%"):
                return None
            value = float(raw)
        seen = str(raw) if raw.__class__ is int else f"{raw:.15g}"
        name = column.name
        columns = {
            name: value, name + TYPED: seen, name + PROBLEM: None, name + REMARK: None, f"{name}_status": None,
        }  # fmt: skip
        return Value(columns, seen)

    def _plain_words(self, raw: object) -> Value | None:
        """A text in which nothing needs to be looked at; None for all others, which parse() reads."""
        if not isinstance(raw, str) or not raw.isascii() or not raw.isprintable() or not raw[:1].isalnum():
            return None
        if raw[:6].casefold().startswith(OPENINGS_OF_MARKS):
            return None
        name = self.column.name
        return Value({name: raw.rstrip(), name + TYPED: raw, name + PROBLEM: None, name + REMARK: None}, raw)

    def _read(self, cell: Cell | None, facts: Mapping[str, Any], around: Around) -> Value:
        return read_value(self.column, cell, facts, self.references, around, is_framework=self.is_framework)


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
    read = parse(
        column.type,
        raw,
        number_format=None if cell is None else cell.number_format,
        unit=facts.get("unit") or column.unit,
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


def doubt_order(column: Column, rows: Sequence[dict[str, Any]]) -> None:
    """Ask about 5/6/2012 where other dates of the same column have the month first, as in America."""
    if column.type != "date":
        return
    orders = [order_of(row[column.name + TYPED]) for row in rows]
    if "month first" not in orders:
        return
    for order, row in zip(orders, rows, strict=True):
        day = row[column.name]
        if order == "either" and day and not row[column.name + REMARK]:
            row[column.name + REMARK] = (
                f"We read '{row[column.name + TYPED]}' as {spoken(day)}, but other dates of this column "
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
