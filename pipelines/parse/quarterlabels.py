"""Labels of quarters and half years: Q1 2012/13, 2012Q2, 1st Quarter April to June 2012, H1 2012/13."""

import re

from pipelines.parse.dates import full_year
from pipelines.parse.months import month_label
from pipelines.parse.parsed import TYPED, Parsed, problem
from pipelines.parse.spans import APRIL, JANUARY, Period, between, months_in, of_months, parsed
from pipelines.parse.years import YEAR, later

_QUARTER = re.compile(
    r"(?<![a-z])q(?:uarte|t)?r? ?([1-4])(?![0-9])|(?<![0-9])([1-4])(?:st|nd|rd|th)? ?(?:quarter|qtr)(?![a-z])"
    r"|\b(first|second|third|fourth) (?:quarter|qtr)\b"
)
_NUMBER_FIRST = re.compile(r"([1-4])q((?:19|20)?[0-9]{2})")
_SEVERAL = re.compile(r"q(?:uarte|t)?r?s? ?([1-4])[-&](?:q(?:uarte|t)?r? ?)?([1-4])(?![0-9]) ?(.*)")
_HALF = re.compile(
    r"(?<![a-z])h ?([12])(?![0-9])|\b([12])(?:st|nd) half(?: year)?\b|\b(first|second) half(?: year)?\b"
)
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_PAIR = re.compile(rf"(?<![0-9])({YEAR}|[0-9]{{2}})[-/]({YEAR}|[0-9]{{2}})(?![0-9])")
_YEAR = re.compile(rf"'?({YEAR}|[0-9]{{2}})")

_DISAGREEMENT = problem(
    f"The number and the months of {TYPED} don't agree. "
    "Type one of them, as in Q1 2012/13 or Apr to Jun 2012."
)


def quarter_label(label: str) -> Parsed | None:
    """A numbered quarter or half of a year. `label` is in small letters, with a dash for 'to'.

    Numbers count from April with 2012/13, and from January with 2012 alone, which earns a remark.
    """
    if one := _NUMBER_FIRST.fullmatch(label):
        label = f"q{one[1]} {one[2]}"
    if several := _SEVERAL.fullmatch(label):
        return _from_to(int(several[1]), int(several[2]), several[3].strip(" -/"))
    for form, months in ((_QUARTER, 3), (_HALF, 6)):
        found = list(form.finditer(label))
        if len(found) == 1:
            name = next(group for group in found[0].groups() if group)
            rest = f"{label[: found[0].start()]} {label[found[0].end() :]}"
            rest = re.sub(r"^of ", "", " ".join(rest.split()).strip(" -/"))
            return _numbered(_ORDER.get(name) or int(name), months, rest)
    return None


def _numbered(number: int, months: int, rest: str) -> Parsed | None:
    if not rest:
        return problem(f"{TYPED} doesn't say of which year. Type the year too, as in Q1 2012/13.")
    if year := _YEAR.fullmatch(rest):
        period = _part_of(full_year(year[1]), JANUARY, number, months)
        remark = (
            f"We read {TYPED} as {period.label}, counting from January. If it counts from April, "
            "type both years, as in Q1 2012/13."
            if period
            else None
        )
        return parsed(period, remark)
    pair = _PAIR.search(rest)
    if not pair:
        return _months_beside(number, months, rest)
    first = full_year(pair[1])
    if later(first, pair[2]) != first + 1:
        return None
    period = _part_of(first, APRIL, number, months)
    beside = " ".join((rest[: pair.start()] + " " + rest[pair.end() :]).split()).strip(" -/")
    if beside:
        named = month_label(beside, "financial") or month_label(f"{beside} {pair[0]}", "financial")
        if named is None or named.value != period:
            return _DISAGREEMENT if named else None
    return parsed(period)


def _from_to(first: int, last: int, rest: str) -> Parsed | None:
    """Q1 to Q3 2012/13: several quarters of one year."""
    one, other = _numbered(first, 3, rest), _numbered(last, 3, rest)
    if one is None or other is None or first >= last:
        return None
    if not isinstance(one.value, Period) or not isinstance(other.value, Period):
        return one
    period = between(one.value.start, other.value.end)
    if period is None or not one.remark:
        return parsed(period)
    return parsed(period, one.remark.replace(one.value.label, period.label))


def _months_beside(number: int, months: int, rest: str) -> Parsed | None:
    """A number beside named months: the months say it, and the number must fit one way of counting."""
    named = month_label(rest, "financial")
    if named is None or not isinstance(named.value, Period):
        return named
    starts = {(JANUARY + months * (number - 1) - 1) % 12 + 1, (APRIL + months * (number - 1) - 1) % 12 + 1}
    if months_in(named.value) != months or named.value.start.month not in starts:
        return _DISAGREEMENT
    return named


def _part_of(year: int, start_month: int, number: int, months: int) -> Period | None:
    first = start_month - 1 + months * (number - 1)
    return of_months(year + first // 12, first % 12 + 1, months)
