"""Labels made of months: Jun 2012, Jun-12, Apr to Jun 2012, Nov 2011 to Jan 2012, 2011-08 to 2012-07."""

import re

from pipelines.parse.dates import MONTH, full_year, month_number
from pipelines.parse.parsed import TYPED, Parsed, problem
from pipelines.parse.spans import of_months, parsed, year_start
from pipelines.parse.years import YEAR, later

_ANY_YEAR = rf"'?(?:{YEAR}|[0-9]{{2}})"
_WHEN = rf"{_ANY_YEAR}(?:/{_ANY_YEAR})?|{YEAR}-(?:{YEAR}|[0-9]{{2}})"  # a year, or a pair such as 2012/13
_ONE = re.compile(rf"({MONTH})(?:[ /-]| ?(?=')|(?={YEAR}))({_ANY_YEAR}(?:/{_ANY_YEAR})?)")
_SEVERAL = re.compile(rf"({MONTH})(?:[ -]?({_ANY_YEAR}))?[-/]({MONTH})[ -]?({_WHEN})")
_LIST = re.compile(rf"({MONTH})[-/ ]+({MONTH})[-/ ]+({MONTH})[ -]?({_WHEN})")
_YEAR_FIRST = re.compile(rf"({YEAR}(?:[-/][0-9]{{2}}|[-/]{YEAR})?)[ -]?((?:{MONTH})(?:[-/](?:{MONTH}))?)")
_FIGURES = re.compile(rf"(0?[1-9]|1[0-2])/({YEAR})")
_ISO = re.compile(rf"({YEAR})-(0[1-9]|1[0-2])-({YEAR})-(0[1-9]|1[0-2])")
_SEASON = re.compile(rf"(spring|summer|autumn) ?({YEAR})")
_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9}


def month_label(label: str, kind: str) -> Parsed | None:
    """One month or several. `label` is in small letters, with a dash for 'to'; `kind` as in parse()."""
    if found := _YEAR_FIRST.fullmatch(label):
        label = f"{found[2]} {found[1]}"
    if found := _ONE.fullmatch(label):
        month = month_number(found[1])
        year = _year_of(month, found[2], kind)
        return parsed(of_months(year, month, 1)) if year else None
    if found := _FIGURES.fullmatch(label):
        return parsed(of_months(int(found[2]), int(found[1]), 1))
    if found := _ISO.fullmatch(label):
        return _from_to(int(found[1]), int(found[2]), int(found[3]), int(found[4]))
    if (found := _LIST.fullmatch(label)) and _are_in_a_row(*map(month_number, found.groups()[:3])):
        label = f"{found[1]}-{found[3]} {found[4]}"
    if found := _SEVERAL.fullmatch(label):
        first, last = month_number(found[1]), month_number(found[3])
        last_year = _year_of(last, found[4], kind)
        first_year = _year_of(first, found[2] or found[4], kind)
        if not first_year or not last_year:
            return None
        if (first_year, first) > (last_year, last):
            return problem(
                f"We can't tell in which years {TYPED} begins and ends. Type the year after both months."
            )
        return _from_to(first_year, first, last_year, last)
    return None


def _are_in_a_row(first: int, second: int, third: int) -> bool:
    return second == first % 12 + 1 and third == second % 12 + 1


def season_label(label: str) -> Parsed | None:
    """The seasons of the old Labour Force Survey, whose spring was March to May."""
    found = _SEASON.fullmatch(label)
    if not found:
        return None
    period = of_months(int(found[2]), _SEASON_STARTS[found[1]], 3)
    return parsed(period, f"We read {TYPED} as {period.label}. Please confirm." if period else None)


def _from_to(first_year: int, first: int, last_year: int, last: int) -> Parsed | None:
    return parsed(of_months(first_year, first, (last_year - first_year) * 12 + last - first + 1))


def _year_of(month: int, when: str, kind: str) -> int | None:
    """The calendar year of a month in 2012, '12 or 2012/13; None if 2012/13 is no year."""
    first, *second = re.split("[-/]", when.replace("'", ""))
    year = full_year(first)
    if not second:
        return year
    if later(year, second[0]) != year + 1 or kind == "calendar":
        return None
    return year if month >= year_start(kind) else year + 1
