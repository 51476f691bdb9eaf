"""From what a cell holds to a value, a status, a problem or a remark. Pure: nothing is read or kept.

One rule throughout: what can be read in one way only is read; what is probably meant is read with a
remark for somebody to confirm; what could mean two things is a problem, with a sentence that says what
was found, what was expected and what to type instead. Nothing is guessed in silence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipelines.cells import CellError
from pipelines.parse.dates import read_date
from pipelines.parse.marks import flag as status_of
from pipelines.parse.marks import is_missing_marker
from pipelines.parse.numbers import read_number
from pipelines.parse.parsed import BLANK, Parsed, problem
from pipelines.parse.periods import read_period
from pipelines.parse.quarters import read_quarter
from pipelines.parse.ratings import read_rating
from pipelines.parse.spans import YEAR_KINDS, Period
from pipelines.parse.typed import as_typed, is_blank, shown
from pipelines.parse.words import read_choice, read_text

__all__ = ["Parsed", "Period", "as_typed", "is_flag", "is_missing_marker", "parse"]

NUMERIC = ("number", "count", "money", "percent", "measure")

# What each kind makes of (raw, number format, choices, kind of year, quarter); the numeric ones need the units too.
_READERS: dict[str, Callable[[Any, str | None, Sequence[str], str, str | None], Parsed]] = {
    "text": lambda raw, _format, _choices, _years, _quarter: read_text(raw),
    "choice": lambda raw, _format, choices, _years, _quarter: read_choice(raw, choices),
    "rating": lambda raw, _format, choices, _years, _quarter: read_rating(raw, choices),
    "date": lambda raw, _format, _choices, _years, _quarter: read_date(raw),
    "period": lambda raw, number_format, _choices, years, quarter: read_period(
        raw, number_format, years, quarter
    ),
    "quarter": lambda raw, number_format, _choices, _years, quarter: read_quarter(
        raw, number_format, quarter
    ),
}
# Typed, or pasted as text out of another workbook; a row of # is what a column shows that is too narrow.
_TYPED_ERROR = re.compile(
    r"#(?:ref|div/0|value|name|num|null|n/a|spill|calc|field)[!?]?|err:[0-9]{3}|#{3,}", re.IGNORECASE
)


def parse(
    kind: str,
    raw: object,
    *,
    number_format: str | None = None,
    unit: str | None = None,
    choices: Sequence[str] = (),
    year_kind: str = "financial",
    said: str | None = None,
    quarter: str | None = None,
    flag: object = None,
) -> Parsed:
    """Read one cell's value as a column of `kind` would have it.

    `kind` is a contract's column type. `raw` is what the workbook gave: text, number, true or false, date,
    time, an error, or None. The values that come back: text, choice and rating (a code such as AG) as str;
    count as int; number, money (pounds), percent (38.0 for 38%) and measure (in `unit`) as float; date;
    period as Period; quarter as its key. `number_format` is Excel's, without which 0.38 in a column of
    percentages is ambiguous. `year_kind` says what 2012/13 means in this series: 'financial' (April to
    March), 'academic' (September to August), 'calendar' (two calendar years) or 'monthly' (a series
    without years, in which 2012-06 is a month). `said` is the unit that the heading of the column states
    ('£000s', '%', 'per 1,000'), `quarter` the key of the quarter that the return is for, by which a period
    such as 'Q1' finds its year, and `flag` what a column of status marks beside the value says ('u', 'p').

    Blank gives four Nones. Raises ValueError for a kind of column or of year that there is not.
    """
    if year_kind not in YEAR_KINDS:
        raise ValueError(f"There is no kind of year '{year_kind}'.")
    if raw is None or is_blank(raw):
        return BLANK if flag is None else with_flag(BLANK, flag)
    if isinstance(raw, CellError):
        return problem(_error_sentence(raw))
    if isinstance(raw, str) and _TYPED_ERROR.fullmatch(raw.strip()):
        return problem(_typed_error_sentence(raw.strip()))
    if kind in NUMERIC:
        read = read_number(kind, raw, number_format, unit, said)
        return read if flag is None else with_flag(read, flag)
    if kind not in _READERS:
        raise ValueError(f"There is no column type '{kind}'.")
    return _READERS[kind](raw, number_format, choices, year_kind, quarter)


def is_flag(raw: object) -> bool:
    """Whether a cell holds nothing but a status mark: 'u', '(p)', 'revised'."""
    return isinstance(raw, str) and status_of(raw) is not None


# Marks that say there is no value to see, in words.
_SAYS_NONE = {"x": "is not available", "z": "does not apply", "c": "may not be shown"}


def with_flag(read: Parsed, flag: object) -> Parsed:
    """`read` with the status that a cell beside it gives. Of two marks the one in the value's own cell counts.

    A mark that says there is no value, beside one, is asked about. Only a value that may not be shown keeps it.
    """
    if read.problem or is_blank(flag) or not (typed := as_typed(flag)):
        return read
    status = status_of(typed)
    remark = None
    if status is None:
        remark = f"We don't know what {shown(flag)} beside the value means. Use a mark such as (p) or (r)."
    elif read.value is not None and status in _SAYS_NONE:
        remark = (
            f"The mark {shown(flag)} beside the value says that it {_SAYS_NONE[status]}, but there is one, and it was "
            "used. Take out whichever is wrong."
        )
        status = status if status == "c" else read.status
    elif read.status not in (None, status) and (read.value is not None or read.status != "x"):
        status, remark = (
            read.status,
            f"The cell and the mark beside it, {shown(flag)}, don't agree. Check which is right.",
        )
    if read.value is None and status not in (None, "x", "z", "c", "u"):
        return read  # a mark for a figure that isn't there says nothing
    return replace(
        read, status=status or read.status, remark=" ".join(filter(None, (read.remark, remark))) or None
    )


def _error_sentence(error: CellError) -> str:
    if error.code == "uncalculated":
        return (
            "The formula in this cell was never calculated, so the file holds no value for it. "
            "Open the file in Excel, save it and send it again, or type the value over the formula."
        )
    return (
        f"The cell holds the error {error.code} instead of a value. "
        "Put its formula right, or type the value over it."
    )


def _typed_error_sentence(typed: str) -> str:
    if typed.startswith("##"):
        return (
            f"We found '{typed[:8]}', which is what a column too narrow for its figures shows. "
            "Type the figure itself."
        )
    return f"We found the error {typed} as text instead of a value. Type the value, or n/a if there is none."
