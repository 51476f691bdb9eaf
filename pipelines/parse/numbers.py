"""A figure in a cell: numbers, counts, money, percentages and measures in a unit of their own."""

import math
import re
from datetime import date, time
from decimal import Decimal

from pipelines.parse import marks
from pipelines.parse.figures import Figure, find_figure
from pipelines.parse.nofigure import no_number, why_no_figure
from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.typed import as_typed, one_line, shown
from pipelines.parse.units import Contradiction, Expected, expected, percent_format, unit_remark

TOO_LARGE = 10**15  # Excel keeps 15 digits, and no figure of a partnership needs more
# Systems export these for 'not available'. Only as remarks: a change or a balance can be -1. Positive ones
# such as 99 and 999 are left alone, being ordinary counts.
_SENTINELS = frozenset({-1, -9, -99, -999, -9999})

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_ABOUT = re.compile(
    r"(?:c\.?|ca\.?|circa|approx\.?|approximately|about|around|roughly|nearly|almost|some|est\.?|estimated|~|≈)"
    r" ?(?=[£0-9.(-])",
    re.IGNORECASE,
)
_OR_SO = re.compile(r"(?: ?\(?approx(?:\.|imately)?\)?| or so|ish)$", re.IGNORECASE)


def read_number(kind: str, raw: object, number_format: str | None, unit: str | None) -> Parsed:
    """A cell of a numeric column. `raw` is no blank and no error. See pipelines.parse.parse for the rest."""
    wanted = expected(kind, unit)
    if isinstance(raw, bool):
        return problem(
            f"The cell holds {as_typed(raw)} instead of {wanted.noun}. "
            "Type the figure, or n/a if there is none."
        )
    if isinstance(raw, int | float):
        return _from_number(raw, number_format, wanted)
    if isinstance(raw, date | time):
        return problem(
            f"The cell holds the date or time {as_typed(raw)} instead of {wanted.noun}. Excel makes dates of "
            "entries such as 1-7 or 3/4. Format the cell as Text and type the entry again."
        )
    return _from_text(as_typed(raw), wanted)


def _from_number(raw: int | float, number_format: str | None, wanted: Expected) -> Parsed:
    """A number as Excel keeps it. A percentage is kept as a fraction, and only its format says so."""
    if isinstance(raw, float) and not math.isfinite(raw):
        return problem(
            f"The cell holds {raw}, which is not a number. Type {wanted.noun}, or n/a if there is none."
        )
    remark, shows_percent = None, percent_format(number_format)
    value = Decimal(str(raw))
    if shows_percent == "scaled":
        value = Decimal(as_typed(raw)).scaleb(2)
    if shows_percent and not wanted.is_percent:
        return _contradiction(f"{_plain(value)}%", "is a percentage", wanted)
    if wanted.is_percent:
        if not shows_percent and 0 < abs(value) <= 1:
            return _fraction_or_percent(value)
        if shows_percent and abs(value) >= 1000:
            meant = f"{_plain(value / 100)}%"
            remark = f"The cell shows {_plain(value)}%. If {meant} is meant, type {meant}."
    return _accepted(value, raw, wanted, None, [remark] if remark else [])


def _from_text(raw: str, wanted: Expected) -> Parsed:
    line = one_line(raw)
    if _PLAIN.fullmatch(line):
        return _of_figure(Decimal(line), raw, wanted)
    status = marks.no_figure(line, hides_small=not (wanted.is_percent or wanted.is_money))
    if status:
        return Parsed(None, status)
    why = why_no_figure(raw, line, wanted)
    if why:
        return problem(why)
    line, status = marks.take_status(line, bare=not wanted.is_money)
    remarks = []
    about = _ABOUT.match(line) or _OR_SO.search(line)
    if about:
        line = line[about.end() :] if about.start() == 0 else line[: about.start()]
        status = status or "e"
        remarks.append("marked as an estimate")
    line, aside = marks.take_aside(line)
    if aside:
        remarks.append(f"without '{aside}'")
    if line.startswith("+") and wanted.is_money:
        line = line[1:].lstrip()  # in a column of virements a plus only says which way the money went
    figure = find_figure(line)
    if figure is None:
        return problem(no_number(raw, wanted))
    return _checked(figure, raw, wanted, status, remarks)


def _checked(figure: Figure, raw: str, wanted: Expected, status: str | None, remarks: list[str]) -> Parsed:
    """The figure, if its sign, scale and unit are the column's; what was left aside goes into the remarks."""
    if figure.is_spaced and wanted.is_percent:
        return _contradiction(shown(raw), "holds more than one number", wanted)
    if wanted.is_percent and (figure.is_scaled or figure.has_pound):
        return _contradiction(shown(raw), "is no percentage", wanted)
    if figure.has_pound and not wanted.is_money:
        return _contradiction(shown(raw), "is an amount of money", wanted)
    if figure.has_minus_behind and not wanted.is_money:
        return _contradiction(shown(raw), "ends in a dash", wanted)
    if wanted.is_money and figure.rest.strip(" .").casefold() in ("p", "pence"):
        return _contradiction(shown(raw), "could be in pence", wanted)
    try:
        unit = unit_remark(figure.rest, wanted)
    except Contradiction as contradiction:
        return _contradiction(shown(raw), str(contradiction), wanted)
    if figure.has_percent and not wanted.is_percent:
        return _contradiction(shown(raw), "is a percentage", wanted)
    if wanted.is_percent and not figure.has_percent and 0 < abs(figure.value) <= 1:
        return _fraction_or_percent(figure.value)
    if unit:
        remarks.append(f"without '{unit}'")
    if figure.is_comma_decimal:
        remarks.append("with the comma as a decimal point")
    if figure.is_short_million and not wanted.is_money:
        remarks.append("with m as million")
    if remarks:
        how = " and ".join(remarks)
        remarks = [f"We read {shown(raw)} as {_plain(figure.value)}, {how}. Please confirm."]
    return _accepted(figure.value, raw, wanted, status, remarks)


def _of_figure(value: Decimal, raw: str, wanted: Expected) -> Parsed:
    """The commonest text: digits alone."""
    if wanted.is_percent and 0 < abs(value) <= 1:
        return _fraction_or_percent(value)
    return _accepted(value, raw, wanted, None, [])


def _accepted(
    value: Decimal, raw: object, wanted: Expected, status: str | None, remarks: list[str]
) -> Parsed:
    if abs(value) >= TOO_LARGE:
        return problem(f"{shown(raw)} is too large for a figure. Check it, and type {wanted.noun}.")
    if wanted.is_whole:
        whole = round(value)
        if abs(value - whole) > Decimal("1e-9"):
            return problem(
                f"We found {shown(raw)} where a whole number was expected. "
                "Type the count itself, without rounding it to thousands or making it a rate."
            )
        if whole < 0:
            return problem(
                f"We found {shown(raw)}, and a count can't be below zero. Check it; if it stands for "
                "'not available', type n/a."
            )
        return Parsed(whole, status, None, " ".join(remarks) or None)
    if value in _SENTINELS and not wanted.is_money:
        remarks = [*remarks, f"{shown(raw)} often stands for 'not available'. If it does here, type n/a."]
    return Parsed(float(value) + 0.0, status, None, " ".join(remarks) or None)


def _fraction_or_percent(value: Decimal) -> Parsed:
    typed, percent = _plain(value), f"{_plain(value * 100)}%"
    fix = f"Type it with the sign, for example {percent}"
    fix += ", or n/a if it stands for 'not available'." if value in _SENTINELS else "."
    return problem(f"We can't tell whether {typed} means {typed}% or {percent}. {fix}")


def _contradiction(found: str, what: str, wanted: Expected) -> Parsed:
    return problem(
        f"{found} {what}, and {wanted.noun} was expected. "
        f"Type the figure alone, for example {wanted.example}."
    )


def _plain(value: Decimal) -> str:
    """A number as people write it: 1,200,000 and 0.38, never 1.2E+6."""
    return f"{value.normalize():,f}"
