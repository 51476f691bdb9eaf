"""Labels that name days: the year to June 2012, as at 1 April 2012, ISO intervals …"""

import re
from datetime import date, timedelta

from pipelines.parse.dates import MONTH, MONTH_NAMES, find_day, full_year, month_number
from pipelines.parse.parsed import TYPED, Parsed, problem
from pipelines.parse.spans import YEAR_STARTS, Period, between, of_day, of_months, parsed
from pipelines.parse.years import NUMBER_WORDS, YEAR

_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/p([0-9]{1,3})([ymd])")
_ENDING = re.compile(
    r"(?:(?:the|rolling|(?P<kind>financial|fiscal|academic|school|calendar)) )*"
    rf"(?:(?P<number>[0-9]{{1,2}}|{'|'.join(NUMBER_WORDS)})[ -]?)?(?P<unit>year|yr|month|mth|quarter|qtr)s?"
    r"(?: (?:rolling|pooled|average|mean))* (?:up )?(?:to|ending|ended)(?: the)?(?: end)?(?: of)? (?P<end>.+)"
)
_KINDS = {"fiscal": "financial", "school": "academic"}  # the words that are another kind's
_LAST_MONTHS = {"financial": (3,), "academic": (7, 8), "calendar": (12,)}  # some schools' year ends in July
_UNIT_MONTHS = {"y": 12, "m": 1, "q": 3}
_MONTH = re.compile(rf"({MONTH})[ -]?'?({YEAR}|[0-9]{{2}})")
_YEAR = re.compile(YEAR)
_AS_AT = re.compile(r"(?:(?:position|snapshot|count) )?(?:as )?(?:at|of|on) (.+)")


def iso_interval(label: str) -> Parsed | None:
    """2012-09-01/P1Y: whole months or years from the first of a month, or one day."""
    found = _ISO.fullmatch(label)
    start = find_day(found[1]) if found else None
    if found is None or start is None or start[0] is None:
        return None
    number, unit, day = int(found[2]), found[3], start[0]
    if unit == "d":
        return parsed(of_day(day)) if number == 1 else None
    return parsed(of_months(day.year, day.month, number * _UNIT_MONTHS[unit])) if day.day == 1 else None


def ending(label: str) -> Parsed | None:
    """So many months, quarters or years up to a month, a month's last day or, for years, a year.

    The financial year ending 2004 is 2003/04, and so is the academic one; a year of no kind is a calendar's.
    """
    found = _ENDING.fullmatch(label)
    if not found:
        return None
    said = found["number"] or "1"
    unit = found["unit"][0]
    months = (NUMBER_WORDS.get(said) or int(said)) * _UNIT_MONTHS[unit]
    kind = _KINDS.get(found["kind"], found["kind"]) if unit == "y" else None
    if unit == "y" and _YEAR.fullmatch(found["end"]):
        start = YEAR_STARTS[kind or "calendar"]
        return parsed(_months_to(int(found["end"]), (start - 2) % 12 + 1, months))
    year_and_month = _last_month(found["end"])
    if year_and_month is None:
        return None
    year, month = year_and_month
    if kind and month not in _LAST_MONTHS[kind]:
        return problem(
            f"We can't tell which months {TYPED} covers: the {kind} year ends in "
            f"{MONTH_NAMES[_LAST_MONTHS[kind][-1] - 1]}. Type the first and the last month, as in Apr to Jun 2012."
        )
    return parsed(_months_to(year, month, months))


def _last_month(end: str) -> tuple[int, int] | None:
    """The year and month that a label ends with: June 2012, or a month's last day; None if it ends with neither."""
    if month := _MONTH.fullmatch(end):
        return full_year(month[2]), month_number(month[1])
    day = find_day(end)
    return (day[0].year, day[0].month) if day and day[0] and is_month_end(day[0]) else None


def as_at(label: str) -> Parsed | None:
    """A count taken on one day, said so."""
    found = _AS_AT.fullmatch(label)
    return _on(find_day(found[1])) if found else None


def day_label(label: str) -> Parsed | None:
    """A date alone: a count on that day, unless it is a month's last, by which a quarter may be meant."""
    found = find_day(label)
    read = _on(found)
    if read is None or found is None or found[0] is None or not is_month_end(found[0]) or read.remark:
        return read
    remark = f"We read {TYPED} as a count on that one day. If it ends a quarter or a year, type that period."
    return Parsed(read.value, remark=remark)


def days_apart(label: str) -> Parsed | None:
    """From one day to another, if that makes whole months."""
    for mark in (" to ", "-", "/"):
        parts = label.removeprefix("from ").split(mark)
        if len(parts) == 2:
            first, last = (find_day(part.strip()) for part in parts)
            if first and last and first[0] and last[0]:
                return parsed(between(first[0], last[0]))
    return None


def _on(found: tuple[date | None, bool] | None) -> Parsed | None:
    if found is None:
        return None
    day, is_month_first = found
    if day is None:
        return problem(f"There is no such day as in {TYPED}. Check the date and type it again.")
    period = of_day(day)
    remark = f"We read {TYPED} as {period.label}, with the month first. Please confirm." if period else None
    return parsed(period, remark if is_month_first else None)


def _months_to(year: int, month: int, months: int) -> Period | None:
    first = year * 12 + month - months
    return of_months(first // 12, first % 12 + 1, months)


def is_month_end(day: date) -> bool:
    """Whether the next day is the first of a month."""
    return day < date.max and (day + timedelta(days=1)).day == 1
