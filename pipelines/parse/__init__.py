"""From what a cell holds to a value, a status, a problem or a remark. Pure: nothing is read or kept.

One rule throughout: what can be read in one way only is read; what is probably meant is read with a
remark for somebody to confirm; what could mean two things is a problem, with a sentence that says what
was found, what was expected and what to type instead. Nothing is guessed in silence.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pipelines.cells import CellError
from pipelines.parse.dates import read_date
from pipelines.parse.marks import is_missing_marker
from pipelines.parse.numbers import read_number
from pipelines.parse.parsed import BLANK, Parsed, problem
from pipelines.parse.periods import read_period
from pipelines.parse.quarters import read_quarter
from pipelines.parse.ratings import read_rating
from pipelines.parse.spans import YEAR_KINDS, Period
from pipelines.parse.typed import as_typed, is_blank
from pipelines.parse.words import read_choice, read_text

__all__ = ["Parsed", "Period", "as_typed", "is_missing_marker", "parse"]

NUMERIC = ("number", "count", "money", "percent", "measure")

# What each kind makes of (raw, number format, choices, kind of year); the numeric ones also need the unit.
_READERS: dict[str, Callable[[Any, str | None, Sequence[str], str], Parsed]] = {
    "text": lambda raw, _format, _choices, _years: read_text(raw),
    "choice": lambda raw, _format, choices, _years: read_choice(raw, choices),
    "rating": lambda raw, _format, choices, _years: read_rating(raw, choices),
    "date": lambda raw, _format, _choices, _years: read_date(raw),
    "period": lambda raw, number_format, _choices, years: read_period(raw, number_format, years),
    "quarter": lambda raw, number_format, _choices, _years: read_quarter(raw, number_format),
}


def parse(
    kind: str,
    raw: object,
    *,
    number_format: str | None = None,
    unit: str | None = None,
    choices: Sequence[str] = (),
    year_kind: str = "financial",
) -> Parsed:
    """Read one cell's value as a column of `kind` would have it.

    `kind` is a contract's column type. `raw` is what the workbook gave: text, number, true or false, date,
    time, an error, or None. The values that come back: text, choice and rating (a code such as AG) as str;
    count as int; number, money (pounds), percent (38.0 for 38%) and measure (in `unit`) as float; date;
    period as Period; quarter as its key. `number_format` is Excel's, without which 0.38 in a column of
    percentages is ambiguous. `year_kind` says what 2012/13 means in this series: 'financial' (April to
    March), 'academic' (September to August), 'calendar' (two calendar years) or 'monthly' (a series
    without years, in which 2012-06 is a month).

    Blank gives four Nones. Raises ValueError for a kind of column or of year that there is not.
    """
    if year_kind not in YEAR_KINDS:
        raise ValueError(f"There is no kind of year '{year_kind}'.")
    if raw is None or is_blank(raw):
        return BLANK
    if isinstance(raw, CellError):
        return problem(_error_sentence(raw))
    if kind in NUMERIC:
        return read_number(kind, raw, number_format, unit)
    if kind not in _READERS:
        raise ValueError(f"There is no column type '{kind}'.")
    return _READERS[kind](raw, number_format, choices, year_kind)


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
