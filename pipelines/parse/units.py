"""What a column of figures expects, and what a unit typed beside a figure says about it."""

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.headings import plain
from pipelines.parse.numberwords import take_words

_NOUNS = {"count": "a whole number", "money": "an amount in pounds", "percent": "a percentage"}
_EXAMPLES = {"count": "1,289", "money": "12,500", "percent": "38%"}
_BASES = frozenset({100, 1_000, 10_000, 100_000, 1_000_000})
_RATE = re.compile(r"(?:per|/) ?([0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?![0-9.])(?: ?[^0-9]*)", re.IGNORECASE)
POINTS = re.compile(r"(?:%|percentage|per ?cent)?[ -]?(?:points?|pts?)|pp|ppts?", re.IGNORECASE)
# With one of these a figure is a bound, a change or a comparison, and not a value with its unit.
_A_UNIT = re.compile(r" ?\(?(?:per |of |in )?[^\W0-9_]{2,}(?:[ /-][^\W0-9_]+){0,2}[²³]?\)?\.?")
_NOT_UNITS = re.compile(
    r"\b(?:or|but|more|less|fewer|over|under|above|below|up|down|than|versus|vs|since|from|target|baseline"
    r"|last|previous|change|increase|decrease|reduction|rise|fall|improvement|better|worse|plus|minus)\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?:halves|(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth)(?:s\b|(?= of\b|$)))",
    re.IGNORECASE,
)
_DOZENS = re.compile(r"dozens?\b", re.IGNORECASE)
# 'nine' or 9 of what is typed before it: the second number is in words, where no digit tells it.
_OF_MORE = re.compile(
    r"out of\b|(?:in|of|from|every)\b(?: (?:each|every|the))* (?P<second>.+)", re.IGNORECASE
)
# Units for which m is short as well: 6m under 'minutes' is no six millions.
_M = frozenset(
    {"m", "m2", "m3", "min", "mins", "minute", "minutes", "month", "months", "mth", "mths"}
    | {"metre", "metres", "meter", "meters", "mile", "miles"}
)
# What a number format writes behind the figure; the m of \k\m is no million.
_WRITTEN = re.compile(r'[0#?][^"0#?]*"? ?(?<![a-z])(k|m|mn|bn|million|thousand|000s?)"?\s*$', re.IGNORECASE)
# Units of one kind: 2 weeks are no 2 days. The first spelling of each is its own name.
_KINDS = (
    (
        ("second", "sec"),
        ("minute", "min"),
        ("hour", "hr"),
        ("day",),
        ("week", "wk"),
        ("month", "mth"),
        ("year", "yr"),
    ),
    (("gram", "gramme"), ("kilogram", "kilo", "kg"), ("tonne", "ton")),
    (("metre", "meter"), ("kilometre", "km"), ("yard", "yd"), ("mile",)),
)
_MEASURES = {
    word: names[0] for kind in _KINDS for names in kind for name in names for word in (name, f"{name}s")
}


class Expected(NamedTuple):
    """What a column of figures expects: in words, by example, and as plain questions.

    said: what the heading says of its figures, where that matters: they are in 10 to the power of so much,
    or of another kind (is_other), or perhaps in another unit (is_doubtful).
    """

    noun: str
    example: str
    unit: str
    is_percent: bool
    is_money: bool
    is_whole: bool
    said: str = ""
    power: int = 0
    is_other: bool = False
    is_doubtful: bool = False

    @property
    def has_own_m(self) -> bool:
        """Whether m may be short for its unit: minutes, months, metres, miles."""
        return not self.is_money and not _M.isdisjoint(plain(self.unit).split())


@lru_cache(maxsize=1024)
def expected(kind: str, unit: str | None) -> Expected:
    """What a column of `kind` in `unit` expects; a measure or number in % expects a percentage."""
    unit = (unit or "").strip()
    if kind in ("measure", "number"):
        if unit.startswith("%") and not POINTS.fullmatch(unit):
            kind = "percent"
        elif unit.startswith(("£", "GBP")):
            kind = "money"
    noun = _NOUNS.get(kind, f"a number ({unit})" if unit else "a number")
    return Expected(
        noun, _EXAMPLES.get(kind, "38.5"), unit, kind == "percent", kind == "money", kind == "count"
    )


@lru_cache(maxsize=1024)
def scale_format(number_format: str | None) -> tuple[int, int]:
    """Powers of ten by which Excel's format changes what is seen: those it hides, and those it writes behind.

    '#,##0,' shows 9308000 as 9,308, and '0.0"m"' shows 1.2 as 1.2m.
    """
    first = (number_format or "").split(";")[0]
    written = _written(number_format)
    hidden = re.search(r"[0#?](,+)(?![0#?])", re.sub(r'"[^"]*"|\\.|_.', "", first))
    power = {"k": 3, "t": 3, "0": 3, "m": 6, "b": 9}[written[0]] if written else 0
    return 3 * len(hidden[1]) if hidden else 0, power


def writes_m(number_format: str | None) -> bool:
    """Whether Excel's format writes an m behind the figure, for millions or for minutes."""
    return _written(number_format) == "m"


def _written(number_format: str | None) -> str:
    """The scale that Excel's format writes behind the figure: 'k', 'm', 'million'; '' for none."""
    # _m only leaves as much room as an m takes
    found = _WRITTEN.search(re.sub("_.", "", (number_format or "").split(";")[0]).replace("\\", ""))
    return found[1].casefold() if found else ""


@lru_cache(maxsize=1024)
def percent_format(number_format: str | None) -> str | None:
    """'scaled' if Excel shows 0.38 as 38%, 'literal' if the format only writes % behind 38, else None."""
    if not number_format or "%" not in number_format:
        return None
    return "scaled" if "%" in re.sub(r'"[^"]*"|\\.|_.', "", number_format) else "literal"


def unit_told(raw: object, number_format: str | None) -> str | None:
    """The unit that a cell itself tells, '%' or '£', for where nothing else says what it is measured in."""
    if "%" in str(raw) or percent_format(number_format):
        return "%"
    return "£" if "£" in str(raw) or "£" in (number_format or "") else None


class Contradiction(Exception):
    """The unit typed beside a figure is not the column's; the message says how."""


def unit_remark(typed: str, wanted: Expected) -> str | None:
    """What to confirm about the unit typed behind a figure; None if it is the column's own.

    Raises Contradiction where the text makes the figure another figure: a change in points, a rate on
    another base, a second number, or words that are no unit.
    """
    text = typed.strip(" .;,:-()[]")
    if not typed.strip(" .,"):
        return None
    if POINTS.fullmatch(text):
        if POINTS.fullmatch(wanted.unit):
            return None
        raise Contradiction("reads as a change in points, not a level")
    if not text:
        raise Contradiction("says more than a figure")
    if re.search("[0-9]", text):
        _check_base(text, wanted)
    elif _FRACTION.match(text) and not _is_own(text, wanted):
        raise Contradiction("is a fraction")
    elif _DOZENS.match(text):
        raise Contradiction("counts in dozens")
    elif (more := _OF_MORE.match(text)) and (more["second"] is None or take_words(more["second"])):
        raise Contradiction("holds more than one number")
    elif (other := _other_measure(text, wanted)) is not None:
        raise Contradiction(f"is in {other}")
    elif not _is_own(text, wanted) and (_NOT_UNITS.search(text) or not _A_UNIT.fullmatch(typed)):
        raise Contradiction("says more than a figure")
    return None if _is_own(text, wanted) else text


def _check_base(text: str, wanted: Expected) -> None:
    """A rate must be on the column's own base: 11.4 per 100,000 is not 11.4 per 1,000,000."""
    rate = _RATE.fullmatch(text)
    base = int(re.sub(r"\D", "", rate[1])) if rate else 0
    if base not in _BASES or (base == 100 and text.startswith("/")):
        raise Contradiction("holds more than one number")
    own = _RATE.search(wanted.unit)
    if own and int(re.sub(r"\D", "", own[1])) != base:
        raise Contradiction(f"has another base than {wanted.unit}")


def _other_measure(text: str, wanted: Expected) -> str | None:
    """The measure typed, such as weeks, where the column counts something else, such as days."""
    if text.casefold().startswith(("per ", "a ", "in ")) or not wanted.unit or wanted.is_money:
        return None
    typed, own = (
        [_MEASURES[word] for word in plain(unit).split() if word in _MEASURES] for unit in (text, wanted.unit)
    )
    if typed and set(typed).isdisjoint(own):
        return text
    return None


def _is_own(text: str, wanted: Expected) -> bool:
    """Whether `text` is the column's unit, or its beginning, whatever its spelling: 'day' for 'days'."""
    said, own = (re.sub(r"(?<=[0-9]) (?=[0-9])", "", plain(unit)) for unit in (text, wanted.unit))
    said = said if said.startswith("per ") or not said[:1].isdigit() else f"per {said}"
    return bool(said) and (own == said or own.startswith((f"{said} ", f"{said}s")) or said == f"{own}s")
