"""The period a value measures, from the many labels in use: 2012, 2012/13, 2010-12, Apr to Jun 2012 …

The forms are tried in order; each takes the label and gives what it says, or None if it is of another
form. A label that no form knows is a problem.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from pipelines.parse import marks
from pipelines.parse.ends import as_at, day_label, days_apart, ending, iso_interval
from pipelines.parse.months import month_label, season_label
from pipelines.parse.parsed import TYPED, Parsed, problem, quoting
from pipelines.parse.quarterlabels import quarter_label
from pipelines.parse.spans import Period, of_day, of_months, of_quarter
from pipelines.parse.typed import as_typed, one_line, shown
from pipelines.parse.years import take_year_kind, year_label

_A_YEAR = re.compile(r"[0-9]{2}")
LONGEST = 60  # no period has a longer label
EXAMPLES = "2012, 2012/13, 2010 to 2012, Apr to Jun 2012 or Jun 2012"


def read_period(raw: object, number_format: str | None, year_kind: str, quarter: str | None = None) -> Parsed:
    """A cell of a period column. `raw` is no blank and no error; the value is a Period.

    `quarter` is the key of the quarter that the return is for, by which 'Q1' and 'Apr to Jun' find their year.
    """
    if isinstance(raw, date):
        return _from_date_cell(raw.date() if isinstance(raw, datetime) else raw, number_format)
    if isinstance(raw, str) and marks.missing(raw):
        return Parsed(None, marks.missing(raw))
    line = one_line(as_typed(raw))
    if len(line) <= LONGEST and not isinstance(raw, bool):
        read = _from_label(line, year_kind)
        if read is None or read.problem:
            read = _in_quarter(line, quarter) or read
        if read:
            return read
    return problem(f"We can't tell which period {shown(raw)} is. Type it as in {EXAMPLES}.")


@lru_cache(maxsize=4096)
def _from_label(typed: str, year_kind: str) -> Parsed | None:
    """What a label says. Cached, since a return has few periods and many rows."""
    line, status = marks.take_status(typed, bare=False)
    line, aside = marks.take_aside(line)
    label = re.sub(r"[(\[]([^()\[\]]*)[)\]]|[,;:]", r" \1 ", line.casefold())
    label = " ".join(re.sub(r"(?<=[a-z])\.", " ", label).split())
    read = iso_interval(label) or ending(label) or as_at(label) or day_label(label) or days_apart(label)
    if read is None:
        label, kind, is_said = take_year_kind(label, year_kind)
        joined = re.sub(r" ?(?:-|\bto\b|\buntil\b|\bthrough\b) ?", "-", label)
        read = (
            quarter_label(joined)
            or year_label(joined, kind, is_said)
            or month_label(joined, kind)
            or season_label(joined)
        )
    if read is None:
        return None
    mark = status or aside
    if read.value and mark:
        aside_remark = f"We read {TYPED} without '{mark}'. A mark belongs beside the value, not the period."
        read = Parsed(read.value, remark=" ".join(filter(None, (read.remark, aside_remark))))
    return quoting(read, shown(typed))


@lru_cache(maxsize=4096)
def _in_quarter(typed: str, quarter: str | None) -> Parsed | None:
    """A label without a year, if it is the quarter of its own return or a month of it; else None."""
    own = of_quarter(quarter)
    if own is None or _A_YEAR.search(typed):
        return None
    read = _from_label(f"{typed} {quarter[:7].replace('-', '/')}" if quarter else typed, "financial")
    if read is None or not isinstance(read.value, Period) or read.remark:
        return None
    if read.value.start < own.start or read.value.end > own.end:
        return None
    return Parsed(
        read.value,
        remark=f"We read {shown(typed)} as {read.value.label}, taking the year from the quarter of the return. "
        "Please confirm.",
    )


def _from_date_cell(day: date, number_format: str | None) -> Parsed:
    """Excel makes dates of 04/05, Jun-04 and 2002-03, so that only the cell's format says what was meant."""
    layout = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", (number_format or "").casefold())
    shows = {letter for letter in "ymd" if letter in layout}
    period = None
    if shows == {"y", "m"} and day.day == 1:
        period = of_months(day.year, day.month, 1)
    elif shows == {"y"}:
        period = of_months(day.year, 1, 12)
    elif shows == {"y", "m", "d"}:
        period = of_day(day)
    retype = f"format the cell as Text and type the period again, as in {EXAMPLES}."
    if period is None:
        return problem(
            f"Excel has turned this period into the date {as_typed(day)}, and what was typed is lost. "
            f"{retype[0].upper()}{retype[1:]}"
        )
    return Parsed(
        period,
        remark=f"Excel holds this period as a date, which we read as {period.label}. "
        f"If something else was typed, {retype}",
    )
