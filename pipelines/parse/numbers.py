"""A figure in a cell: numbers, counts, money, percentages and measures in a unit of their own."""

import math
import re
from datetime import date, time
from decimal import Decimal

from pipelines.parse import marks
from pipelines.parse.accept import accepted, contradiction, fraction_or_percent, pounds_or_thousands, spelt
from pipelines.parse.figures import Figure, find_figure
from pipelines.parse.nofigure import no_number, why_no_figure
from pipelines.parse.numberwords import take_words
from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.said import wanted_under
from pipelines.parse.typed import as_typed, one_line, shown
from pipelines.parse.units import Contradiction, Expected, percent_format, scale_format, unit_remark, writes_m

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_ABOUT = re.compile(
    r"(?:c\.?|ca\.?|circa|approx\.?|approximately|about|around|roughly|nearly|almost|some|est\.?|estimated|~|≈)"
    r" ?(?=[£0-9.(-])",
    re.IGNORECASE,
)
_OR_SO = re.compile(r"(?: ?\(?approx(?:\.|imately)?\)?| or so|ish)$", re.IGNORECASE)


def read_number(
    kind: str, raw: object, number_format: str | None, unit: str | None, said: str | None = None
) -> Parsed:
    """A cell of a numeric column. `raw` is no blank and no error. See pipelines.parse.parse for the rest."""
    wanted = wanted_under(kind, unit, said)
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
    """A number as Excel keeps it: its format alone says that 0.38 is 38%, or that thousands are hidden."""
    if isinstance(raw, float) and not math.isfinite(raw):
        return problem(
            f"The cell holds {raw}, which is not a number. Type {wanted.noun}, or n/a if there is none."
        )
    remarks, shows_percent = [], percent_format(number_format)
    value = Decimal(str(raw))
    if shows_percent == "scaled":
        value = Decimal(as_typed(raw)).scaleb(2)
    if shows_percent and not wanted.is_percent:
        return contradiction(f"{spelt(value)}%", "is a percentage", wanted)
    if wanted.is_percent:
        if not shows_percent and 0 < abs(value) <= 1:
            return fraction_or_percent(value)
        if shows_percent and abs(value) >= 1000:
            meant = f"{spelt(value / 100)}%"
            remarks.append(f"The cell shows {spelt(value)}%. If {meant} is meant, type {meant}.")
    hidden, written = (0, 0) if wanted.is_percent else scale_format(number_format)
    if written and not hidden and wanted.has_own_m and writes_m(number_format):
        return contradiction(f"{spelt(value)}m, which the cell shows,", _may_be_millions(wanted), wanted)
    if written and not hidden and value:
        value = value.scaleb(written)
        remarks.append(f"The cell shows its figure in thousands or millions, so we read {spelt(value)}.")
    return accepted(value, raw, wanted, None, remarks, is_scaled=bool(hidden or written))


def _from_text(raw: str, wanted: Expected) -> Parsed:
    line = one_line(raw)
    if _PLAIN.fullmatch(line):
        return _of_digits(line, raw, wanted)
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
    in_words = take_words(line)
    if in_words:
        words, value = in_words
        rest = line[len(words) :]
        if take_words(rest.strip(" -,/")) or re.search("[0-9]", rest) or re.match(" (?:or|to|and|-) ", rest):
            return problem(no_number(raw, wanted))
        line = f"{value.normalize():f}{rest}"
        remarks.append("out of its words")
    figure = find_figure(line)
    if figure is None:
        return problem(no_number(raw, wanted))
    return _checked(figure, raw, wanted, status, remarks)


def _checked(figure: Figure, raw: str, wanted: Expected, status: str | None, remarks: list[str]) -> Parsed:
    """The figure, if its sign, scale and unit are the column's; what was left aside goes into the remarks."""
    contradicts = _contradicts(figure, wanted)
    if contradicts:
        return contradiction(shown(raw), contradicts, wanted)
    try:
        unit = unit_remark(figure.rest, wanted)
    except Contradiction as found:
        return contradiction(shown(raw), str(found), wanted)
    if figure.has_percent and not wanted.is_percent:
        return contradiction(shown(raw), "is a percentage", wanted)
    if wanted.is_percent and not figure.has_percent and 0 < abs(figure.value) <= 1:
        return fraction_or_percent(figure.value)
    if wanted.is_money and figure.has_three_places and not figure.is_scaled:
        return pounds_or_thousands(figure.value, raw)
    if unit:
        remarks.append(f"without '{unit}'")
    if figure.is_comma_decimal:
        remarks.append("with the comma as a decimal point")
    if figure.is_dotted:
        remarks.append("with full stops between the thousands")
    if figure.is_short_million and not wanted.is_money:
        remarks.append("with m as million")
    if remarks:
        how = " and ".join(remarks)
        remarks = [f"We read {shown(raw)} as {spelt(figure.value)}, {how}. Please confirm."]
    return accepted(figure.value, raw, wanted, status, remarks, is_scaled=figure.is_scaled)


def _contradicts(figure: Figure, wanted: Expected) -> str | None:
    """How the figure is of another kind than its column; None if it is of the same."""
    if figure.is_spaced and wanted.is_percent:
        return "holds more than one number"
    if wanted.is_percent and (figure.is_scaled or figure.has_pound):
        return "is no percentage"
    if figure.has_pound and not wanted.is_money:
        return "is an amount of money"
    if figure.is_short_million and wanted.has_own_m:
        return _may_be_millions(wanted)
    if figure.has_minus_behind and not wanted.is_money:
        return "ends in a dash"
    if wanted.is_money and figure.rest.strip(" .").casefold() in ("p", "pence"):
        return "could be in pence"
    return None


def _may_be_millions(wanted: Expected) -> str:
    return f"could be in millions or in {wanted.unit}"


def _of_digits(line: str, raw: str, wanted: Expected) -> Parsed:
    """The commonest text: digits alone."""
    value = Decimal(line)
    if wanted.is_percent and 0 < abs(value) <= 1:
        return fraction_or_percent(value)
    if wanted.is_money and re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", line):
        return pounds_or_thousands(value, raw)
    return accepted(value, raw, wanted)
