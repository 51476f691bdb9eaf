"""Which periods of a series are due: those whose value comes out between two cut-offs."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipelines.parse import Period
from pipelines.parse.spans import of_months

MOST = 36  # steps back from the newest period that could be due


def due_periods(facts: Mapping[str, Any], starts_on: date, after: date, until: date) -> list[Period]:
    """The periods whose values come out after one cut-off and by the next, oldest first; else the newest before.

    `facts` is the framework's row of the series: months between values, months until a value is out, and for a
    target the period in which it is to be met, whose kind and place in the year all its periods have. Without
    one, periods are counted from the quarter's first day. None where the framework does not say how often.
    """
    step = _whole(facts.get("frequency_months"))
    if not step:
        return []
    start, end = facts.get("target_period_start"), facts.get("target_period_end")
    if start and end:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
    else:
        start, months = starts_on, step
    lag = _whole(facts.get("release_lag_months"))
    first = _index(start) % step
    index = (_index(until) - first) // step * step + first
    found: list[Period] = []
    for back in range(MOST):
        period = of_months(*_year_and_month(index - back * step), months)
        if period is None:
            break
        out = out_on(period.end, lag)
        if out <= after and found:
            break
        if out <= until:
            found.append(period)
            if out <= after:
                break
    return sorted(found)


def out_on(end: date, lag_months: int) -> date:
    """The day by which a value is out: the last of the month that comes so many months after its period."""
    return date(*_year_and_month(_index(end) + lag_months + 1), 1) - timedelta(days=1)


def _year_and_month(index: int) -> tuple[int, int]:
    year, month = divmod(index, 12)
    return year, month + 1


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _whole(value: Any) -> int:
    return 0 if value is None or (isinstance(value, float) and math.isnan(value)) else int(value)
