"""A day in a cell, however it was typed. Days come before months, as in Britain."""

import re
from datetime import date, datetime, timedelta

from pipelines.parse import marks
from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.typed import as_typed, one_line, shown

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# Partnerships look back to baselines of the 1990s and forward a generation: 49 is 2049 and 50 is 1950.
PIVOT = 50
EARLIEST, LATEST = 1900, 2099
# Excel counts days from 1900. Below, a whole number is likelier to be a year or a count than a day of 1954.
_EXCEL_START = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, (date(LATEST, 12, 31) - _EXCEL_START).days

_TIME = r"(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?z?)?"
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.? ")
_YEAR_FIRST = re.compile(
    rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}|([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})"
)
_FIGURES = re.compile(rf"([0-9]{{1,2}}) ?([-/. ]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_WORDS = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[-/. ]?(?:of )?({MONTH})\.?[-/ ]?'?([0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_MONTH_FIRST = re.compile(rf"({MONTH})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)? ([0-9]{{4}}|[0-9]{{2}})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")


def read_date(raw: object) -> Parsed:
    """A cell of a date column. `raw` is no blank and no error; the value is a date."""
    if isinstance(raw, date):
        return _plausible(raw.date() if isinstance(raw, datetime) else raw, raw)
    if isinstance(raw, str) and marks.missing(raw):
        return Parsed(None, marks.missing(raw))
    line = one_line(as_typed(raw))
    serial = _SERIAL.fullmatch(line)
    if serial and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL:
        day = _EXCEL_START + timedelta(days=int(serial[1]))
        remark = f"We read {shown(raw)} as {spoken(day)}, counting days as Excel does. Please confirm."
        return Parsed(day, remark=remark)
    found = find_day(line)
    if found is None:
        return problem(
            f"We found {shown(raw)} where a date was expected. "
            "Type day, month and year, for example 13 July 2012."
        )
    day_found, is_swapped = found
    if day_found is None:
        return problem(
            f"There is no such day as {shown(raw)}. Check the date, and type it as in 13 July 2012."
        )
    if is_swapped:
        remark = f"We read {shown(raw)} as {spoken(day_found)}, with the month first. Please confirm."
        return Parsed(day_found, remark=remark)
    return _plausible(day_found, raw)


def find_day(line: str) -> tuple[date | None, bool] | None:
    """The day that one_line text names, and whether its month came first.

    None if the text is no full date; (None, False) if it is one that the calendar doesn't have.
    """
    line = re.sub("[, ]+", " ", line.casefold())
    line = line[found.end() :] if (found := _WEEKDAY.match(line)) else line
    if found := _YEAR_FIRST.fullmatch(line):
        year, month, day = (int(part) for part in found.groups() if part and part.isdigit())
        return _day(year, month, day), False
    if found := _FIGURES.fullmatch(line):
        day, month, year = int(found[1]), int(found[3]), full_year(found[4])
        is_swapped = month > 12 >= day
        return (_day(year, day, month) if is_swapped else _day(year, month, day)), is_swapped
    if found := _WORDS.fullmatch(line):
        return _day(full_year(found[3]), month_number(found[2]), int(found[1])), False
    if found := _MONTH_FIRST.fullmatch(line):
        return _day(full_year(found[3]), month_number(found[1]), int(found[2])), False
    return None


def order_of(raw: object) -> str | None:
    """'day first' or 'month first' where figures say which, 'either' where they don't (5/6/2012), else None."""
    found = (
        _FIGURES.fullmatch(re.sub("[, ]+", " ", one_line(raw).casefold())) if isinstance(raw, str) else None
    )
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first <= 12 and second <= 12:
        return None if first == second else "either"
    return "month first" if second > 12 >= first else "day first"


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its first three letters or more, in any case."""
    return next(i for i, month in enumerate(MONTH_NAMES, 1) if month[:3].casefold() == name[:3].casefold())


def full_year(digits: str) -> int:
    """The year that four or two digits stand for."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year < PIVOT else 1900 + year


def spoken(day: date) -> str:
    """A day as it is said: 13 July 2012."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plausible(day: date, raw: object) -> Parsed:
    if EARLIEST <= day.year <= LATEST:
        return Parsed(day)
    return problem(
        f"We found {shown(raw)}, a date in the year {day.year}. Check the year and type the date again."
    )
