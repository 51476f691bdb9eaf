"""Periods as values: their first and last day, a key that sorts and joins, and the label people read."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.parse.dates import EARLIEST, LATEST, MONTH_NAMES, spoken
from pipelines.parse.parsed import Parsed

JANUARY, APRIL, SEPTEMBER = 1, 4, 9
YEAR_STARTS = {"calendar": JANUARY, "financial": APRIL, "academic": SEPTEMBER}
YEAR_KINDS = (*YEAR_STARTS, "monthly")


class Period(NamedTuple):
    """A span of days. Periods sort by start, then end.

    start and end are its first and last day; key is ISO 8601's start and duration (2012-04-01/P1Y); label is
    the house style: 2012, 2012/13, 2010 to 2012, Apr to Jun 2012, Jun 2012, 1 April 2012.
    """

    start: date
    end: date
    key: str
    label: str


def of_months(year: int, month: int, months: int) -> Period | None:
    """The period of `months` whole months from a month on; None if it leaves the years we believe in."""
    last = year * 12 + month - 1 + months
    if months < 1 or year < EARLIEST or (last - 1) // 12 > LATEST:
        return None
    start = date(year, month, 1)
    end = date(last // 12, last % 12 + 1, 1) - timedelta(days=1)
    duration = f"P{months}M" if months % 12 else f"P{months // 12}Y"
    return Period(start, end, f"{start.isoformat()}/{duration}", _label(start, end, months))


def of_day(day: date) -> Period | None:
    """A count taken on one day, such as a stock at 1 April."""
    if not EARLIEST <= day.year <= LATEST:
        return None
    return Period(day, day, f"{day.isoformat()}/P1D", spoken(day))


def between(start: date, end: date) -> Period | None:
    """The period from one day to another, if it is made of whole months."""
    after = end + timedelta(days=1) if end < date.max else end
    if start.day != 1 or after.day != 1:
        return None
    return of_months(start.year, start.month, (after.year - start.year) * 12 + after.month - start.month)


def of_quarter(key: str | None) -> Period | None:
    """The period of a quarter by its key, such as 2012-13-Q1; None for what is no such key."""
    found = re.fullmatch(r"([0-9]{4})-[0-9]{2}-Q([1-4])", key or "")
    if found is None:
        return None
    first = APRIL - 1 + 3 * (int(found[2]) - 1)
    return of_months(int(found[1]) + first // 12, first % 12 + 1, 3)


def year_start(year_kind: str) -> int:
    """The month in which such a year begins; a monthly series reports by the financial year."""
    return YEAR_STARTS.get(year_kind, APRIL)


def parsed(period: Period | None, remark: str | None = None) -> Parsed | None:
    """The period as what reading comes to; None if there is none."""
    return None if period is None else Parsed(period, remark=remark)


def months_in(period: Period) -> int:
    """How many months a period has; 0 for a single day."""
    if period.start == period.end:
        return 0
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def _label(start: date, end: date, months: int) -> str:
    if months % 12 == 0 and start.month in YEAR_STARTS.values():
        first = _year_label(start.year, start.month)
        last = _year_label(start.year + months // 12 - 1, start.month)
        return first if months == 12 else f"{first} to {last}"
    from_month, to_month = MONTH_NAMES[start.month - 1][:3], MONTH_NAMES[end.month - 1][:3]
    if months == 1:
        return f"{to_month} {end.year}"
    if start.year == end.year:
        return f"{from_month} to {to_month} {end.year}"
    return f"{from_month} {start.year} to {to_month} {end.year}"


def _year_label(year: int, month: int) -> str:
    return str(year) if month == JANUARY else f"{year}/{(year + 1) % 100:02d}"
