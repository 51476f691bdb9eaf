"""Texts in a column of figures that are not one figure: words, ranges, bounds, changes, other currencies."""

import re

from pipelines.parse.typed import shown
from pipelines.parse.units import Expected

LONGEST = 60  # a figure with its unit and status is never longer than this

_PART = r"£?[0-9][0-9.,]*(?: ?(?:%|k|m|bn))?"
_SPREAD = re.compile(rf"{_PART} ?(?:-|to) ?{_PART}(?: [^0-9]*)?", re.IGNORECASE)
_BOUND = re.compile(
    r"(?:[<>≤≥]|(?:more|less|fewer|greater|higher|lower) than|over|under|above|below|at (?:least|most)|up to"
    rf"|between|minimum|maximum) ?=? ?£?[0-9.].*|{_PART} ?(?:\+|or (?:more|less|over|under|above))",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"[↑↓→↗↘↔⬆⬇➡▲▼△▽].*|\+.*"
    r"|(?:up|down|increase[ds]?|decrease[ds]?|risen|fallen|rose|fell) (?:by )?[£0-9.].*"
    r"|same(?: as .*)?|no change|unchanged|as (?:before|last .*)|steady|static",
    re.IGNORECASE,
)
# Excel's accounting format shows 0 as a pound sign and a dash, and copied as text it is no longer a number.
_NONE = frozenset({"none", "nil", "zero", "nought", "nothing", "£-", "£ -", "£"})
# A letter that looks like a digit, right beside one, was meant for it: 3lO is 310. S is also a unit, if at the end.
_LETTERS = re.compile(r"[-+£(~ ]*(?P<word>(?:[0-9lIOo|,.]|S(?=[0-9lIOo|]))*)(?![^\W_])")
_DIGITS = str.maketrans("lI|OoS", "111005")
_FOREIGN = re.compile(r"[€$¥]|\b(?:EUR|USD|euros?|dollars?)\b", re.IGNORECASE)


def why_no_figure(raw: str, line: str, wanted: Expected) -> str | None:
    """Why `line` (`raw` on one line) is not one figure, told to its sender; None if it may be one."""
    if len(line) > LONGEST:
        return no_number(raw, wanted)
    if meant := _behind_letters(line):
        return (
            f"{shown(raw)} looks like letters instead of digits: {meant}? Type {wanted.noun} in digits alone, "
            "or n/a if there is none."
        )
    if _FOREIGN.search(line):
        return f"We found {shown(raw)} where {wanted.noun} was expected. Type the amount in pounds."
    if line.casefold() in _NONE:
        return (
            f"We can't tell whether {shown(raw)} means 0 or that the figure is not known. "
            "Type 0 if there were none, or n/a if it is not known."
        )
    # In a column of virements a plus only says which way the money went.
    if _CHANGE.fullmatch(line) and not (wanted.is_money and line.startswith("+")):
        return (
            f"{shown(raw)} reads as a change since last time, and {wanted.noun} was expected. "
            f"Type the figure itself, for example {wanted.example}."
        )
    if _BOUND.fullmatch(line) or _SPREAD.fullmatch(line):
        return (
            f"{shown(raw)} is a range, and one figure was expected. Type the figure itself, for example "
            f"{wanted.example}, or * if it must not be shown."
        )
    return None


def no_number(raw: str, wanted: Expected) -> str:
    """The sentence for words where a figure was expected."""
    return (
        f"You entered {shown(raw)} instead of {wanted.noun}. Type the figure alone, for example "
        f"{wanted.example}, or n/a if there is none."
    )


def _behind_letters(line: str) -> str | None:
    """The digits that were meant where `line` begins with digits and letters that look like them; else None."""
    found = _LETTERS.match(line)
    word = found["word"] if found else ""
    if not re.search("[0-9]", word) or not re.search("[^0-9.,]", word):
        return None
    return word.translate(_DIGITS).rstrip(".,")
