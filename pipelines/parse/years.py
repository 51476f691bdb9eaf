"""Labels made of years: 2012, 2012/13, 2010-12, 2010/11 to 2012/13."""

import re

from pipelines.parse.dates import MONTH_NAMES, full_year
from pipelines.parse.parsed import TYPED, Parsed, problem
from pipelines.parse.spans import JANUARY, Period, months_in, of_months, parsed, year_start

YEAR = r"(?:19|20)[0-9]{2}"
LONGEST_ROLL = 10  # years; nothing is averaged over more

_KINDS = {
    "financial": re.compile(r"\b(?:fy|f/y|financial|fiscal)(?: year)?(?![a-z])"),
    "academic": re.compile(r"\b(?:ay|a/y|academic|school)(?: year)?(?![a-z])"),
    "calendar": re.compile(r"\b(?:cy|c/y|calendar)(?: year)?(?![a-z])"),
}
_ONE = re.compile(YEAR)
_TWO = re.compile(rf"({YEAR})([-/])({YEAR}|[0-9]{{2}})")
_SHORT = re.compile(r"'?([0-9]{2})[-/]'?([0-9]{2})")
_PAIRS = re.compile(rf"({YEAR})[-/]([0-9]{{2}}|{YEAR})-({YEAR})[-/]([0-9]{{2}}|{YEAR})")
_MONTHS = re.compile(rf"({YEAR})-(0[1-9]|1[0-2])-({YEAR})-(0[1-9]|1[0-2])")  # which pairs may be as well
_ONE_DIGIT = re.compile(rf"({YEAR})[-/]([0-9])")
_FOOTNOTED = re.compile(rf"({YEAR}(?:[-/][0-9]{{2}})?)([0-9])")
_ROLLING = re.compile(
    r"\b(?:(?P<years>[2-9]|two|three|four|five)[ -]?(?:years?|yrs?)(?: (?:rolling|pooled|average|mean))*"
    r"|rolling|pooled|average|mean|avg|(?:years?|yrs?)(?= [0-9]))(?![a-z])"
)
NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12}


def take_year_kind(label: str, year_kind: str) -> tuple[str, str, bool]:
    """`label` without words such as FY or academic, the kind of year, and whether the label said it."""
    for kind, words in _KINDS.items():
        found = words.search(label)
        if found:
            return " ".join((label[: found.start()] + " " + label[found.end() :]).split()), kind, True
    return label, year_kind, False


def year_label(label: str, kind: str, is_said: bool) -> Parsed | None:
    """Years alone. `kind` as in parse(); `is_said`: the label itself says which kind of year it is."""
    rolling = _ROLLING.search(label)
    if rolling:
        label = (label[: rolling.start()] + label[rolling.end() :]).strip(" -")
    said = rolling and rolling["years"]
    read = _pairs(label, kind, is_said=is_said or bool(said)) or _years(label, kind, is_said)
    if said and read and isinstance(read.value, Period):
        years = NUMBER_WORDS.get(said) or int(said)
        return read if months_in(read.value) == 12 * years else None
    return read


def _years(label: str, kind: str, is_said: bool) -> Parsed | None:
    if _ONE.fullmatch(label):
        year = int(label)
        if is_said and kind != "calendar":
            return problem(
                f"We can't tell whether the {kind} year {label} is {year - 1}/{label[2:]} or "
                f"{year}/{(year + 1) % 100:02d}. Type both years."
            )
        return parsed(of_months(year, JANUARY, 12))
    if found := _TWO.fullmatch(label):
        return _two_years(int(found[1]), found[2], found[3], kind)
    if found := _SHORT.fullmatch(label):
        first, second = full_year(found[1]), full_year(found[2])
        if second - first != 1:
            return None
        period = of_months(first, year_start(kind), 12)
        remark = f"We read {TYPED} as the year {first}/{found[2]}. Please confirm."
        return parsed(period, None if is_said else remark)
    if (found := _ONE_DIGIT.fullmatch(label)) and kind != "monthly":
        first = int(found[1])
        if int(found[2]) == (first + 1) % 10 and kind != "calendar":
            period = of_months(first, year_start(kind), 12)
            return parsed(
                period, f"We read {TYPED} as the year {first}/{(first + 1) % 100:02d}. Please confirm."
            )
    if found := _FOOTNOTED.fullmatch(label):
        return _footnoted(found[1], found[2], kind, is_said)
    if is_said and kind != "calendar" and re.fullmatch("'?[0-9]{2}", label):
        year = full_year(label.strip("'"))
        return problem(
            f"We can't tell whether {TYPED} is {year - 1}/{year % 100:02d} or "
            f"{year}/{(year + 1) % 100:02d}. Type both years."
        )
    return None


def _pairs(label: str, kind: str, *, is_said: bool) -> Parsed | None:
    """2010/11 to 2012/13. 2009-10 to 2011-12 are months as well, unless the series or the label says which."""
    found = _PAIRS.fullmatch(label)
    if not found:
        return None
    first, last = int(found[1]), int(found[3])
    are_pairs = later(first, found[2]) == first + 1 and later(last, found[4]) == last + 1
    if not are_pairs or not 0 < last - first < LONGEST_ROLL:
        return None
    years = of_months(first, year_start(kind), 12 * (last - first + 1))
    if is_said or not (months := _MONTHS.fullmatch(label)):
        return parsed(years)
    if kind == "monthly":
        return None
    from_month, to_month = (MONTH_NAMES[int(months[at]) - 1][:3] for at in (2, 4))
    return problem(
        f"We can't tell whether {TYPED} means the years {first}/{found[2]} to {last}/{found[4]} or the months "
        f"{from_month} {first} to {to_month} {last}. Type one of these."
    )


def _footnoted(years: str, note: str, kind: str, is_said: bool) -> Parsed | None:
    """20175 is 2017 with a raised 5 that lost its height; a year has no fifth digit."""
    read = _years(years, kind, is_said)
    if read is None or read.problem or read.remark or not isinstance(read.value, Period):
        return None
    if not years.isdigit() and months_in(read.value) != 12:
        return None
    return parsed(
        read.value,
        f"We read {TYPED} as {read.value.label}, taking the {note} for the number of a note. Please confirm.",
    )


def _two_years(first: int, mark: str, second: str, kind: str) -> Parsed | None:
    """2012/13 is a year, 2010-12 three of them; and 2012-06 is a month where it can't be years."""
    last = later(first, second)
    span = last - first
    is_span = 0 < span < LONGEST_ROLL
    is_month = mark == "-" and len(second) == 2 and 1 <= int(second) <= 12
    if is_month and (kind == "monthly" or not is_span):
        return parsed(of_months(first, int(second), 1))
    if not is_span:
        return None
    if span == 1 and kind != "calendar":
        return parsed(of_months(first, year_start(kind), 12))
    # Three-year averages are published as 2010-12, so that form is not a month. Longer ones are rare.
    if is_month and span > 2:
        month = f"{MONTH_NAMES[int(second) - 1]} {first}"
        return problem(
            f"We can't tell whether {TYPED} means {first} to {last} or {month}. Type it out in full."
        )
    return parsed(of_months(first, JANUARY, 12 * (span + 1)))


def later(first: int, second: str) -> int:
    """The year that two or four digits stand for after `first`: 00 after 1999 is 2000."""
    if len(second) == 4:
        return int(second)
    year = first // 100 * 100 + int(second)
    return year if year >= first else year + 100
