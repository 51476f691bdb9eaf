"""A figure as typed in a line of text, taken apart: sign, digits, scale, percent sign and what follows."""

import re
from decimal import Decimal
from typing import NamedTuple

_PARTS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_DIGITS = (
    r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]{0,3} ?[½¼¾]|[0-9][0-9.,]*(?![0-9½¼¾])|\.[0-9]+"
)
_FIGURE = re.compile(
    r"(?P<minus>-)? ?(?P<pound>£|GBP)? ?(?P<inner_minus>-)?"
    rf" ?(?P<digits>{_DIGITS})(?P<power>E[+-][0-9]{{1,2}})?"
    r" ?(?P<scale>(?:k|m|mn|mill?|bn|hundred|thousands?|millions?|billions?)\b|\(?(?:£?'?000'?s|£'?000)\)?)?"
    r" ?(?P<percent>(?:%|per ?cent\b|pct?\b)(?![ -]?(?:points?|pts?)\b))?"
    r" ?(?P<after>-$|CR\b|DR\b)? ?(?P<pounds>£|GBP\b|pounds?\b)?(?P<rest>.*)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"(£?) ?\( ?([£0-9.][^()]*)\)(.*)")
_WITH_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_WITH_SPACES = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?")
_WITH_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_COMMA_DECIMAL = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+),[0-9]{1,2}|0,[0-9]+")
_POWERS = {"h": 2, "k": 3, "t": 3, "£": 3, "0": 3, "'": 3, "m": 6, "b": 9}  # by the first letter of the scale
_THREE_PLACES = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


class Figure(NamedTuple):
    """A figure out of a text, in the unit typed.

    is_comma_decimal: the comma was read as a decimal point. is_dotted: full stops were read as thousands
    separators. has_three_places: 12.000, which is 12 here and 12,000 on the continent. is_spaced: a space was
    read as a thousands separator. is_short_million: m was read as million. has_minus_behind: 400- was read as
    ledgers write -400. rest: what is typed behind it.
    """

    value: Decimal
    has_percent: bool
    has_pound: bool
    is_comma_decimal: bool
    is_dotted: bool
    has_three_places: bool
    is_spaced: bool
    is_short_million: bool
    is_scaled: bool
    has_minus_behind: bool
    rest: str


def find_figure(line: str) -> Figure | None:
    """The figure that one_line text begins with; None if it begins with none that can be made out.

    Minus in front, minus behind, brackets and CR (a credit, in ledgers) all make it negative.
    """
    brackets = _IN_BRACKETS.fullmatch(line)
    found = _FIGURE.fullmatch("".join(brackets.groups()) if brackets else line)
    digits = _decimal(found["digits"]) if found else None
    if found is None or digits is None:
        return None
    value = digits * Decimal("1" + (found["power"] or ""))
    scale = (found["scale"] or "").casefold().strip("()")
    if scale:
        value = value.scaleb(_POWERS[scale[0]])
    after = (found["after"] or "").casefold()
    signs = [bool(brackets), bool(found["minus"]), bool(found["inner_minus"]), after in ("-", "cr")]
    if sum(signs) > 1:
        return None
    written = found["digits"].rstrip(".,")
    return Figure(
        value=-value if any(signs) and value else value,
        has_percent=bool(found["percent"]),
        has_pound=bool(found["pound"] or found["pounds"]) or after in ("cr", "dr") or "£" in scale,
        is_comma_decimal=bool(_COMMA_DECIMAL.fullmatch(written)),
        is_dotted=bool(_WITH_DOTS.fullmatch(written)),
        has_three_places=bool(_THREE_PLACES.fullmatch(written)),
        is_spaced=bool(_WITH_SPACES.fullmatch(written)),
        is_short_million=scale in ("m", "mil"),
        is_scaled=bool(scale),
        has_minus_behind=after == "-",
        rest=found["digits"][len(written) :] + found["rest"],
    )


def _decimal(digits: str) -> Decimal | None:
    """The number written so: 1,289 and 1 289 and 1289.0 and 1½, and 38,5 or 1.289,50 with a decimal comma."""
    digits = digits.rstrip(".,")
    if digits[-1:] in _PARTS:
        return Decimal(digits[:-1].strip() or 0) + _PARTS[digits[-1]]
    if _PLAIN.fullmatch(digits):
        return Decimal(digits)
    if _WITH_COMMAS.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _WITH_SPACES.fullmatch(digits):
        return Decimal(digits.replace(" ", ""))
    if _WITH_DOTS.fullmatch(digits):
        return Decimal(digits.replace(".", ""))
    if _COMMA_DECIMAL.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    return None
