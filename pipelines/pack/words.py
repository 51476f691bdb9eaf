"""Words that several sheets share: shorthand, states, labels and the sentences of partial coverage."""

from collections.abc import Iterable
from datetime import date

# Source: Analysis Function, "Using symbols and shorthand in tables" (GSS), those that the pack uses.
SHORTHAND = {
    "b": "break in the series",
    "c": "confidential, so not shown",
    "e": "estimated",
    "f": "forecast",
    "low": "rounds to 0 but is not 0",
    "p": "provisional",
    "r": "revised",
    "u": "low reliability",
    "x": "not available",
    "z": "not applicable",
}

# What became of an expected return, and what that means for a row that ought to have been in it.
STATES = {
    "accepted": "Received",
    "queried": "Received, with queries",
    "refused in part": "Received, with rows refused",
    "nil": "Nil return",
    "refused": "Refused",
    "erased": "Erased",
    "withdrawn": "Withdrawn",
    "missing": "Not received",
    "late": "Late, not received yet",
    "due": "Not in yet, but not late",
    "not due": "Not due yet",
}
STANDING = ("accepted", "queried", "refused in part", "nil")  # of which something counts
ABSENT = {
    "accepted": "Not in the return received",
    "queried": "Not in the return received",
    "refused in part": "Not in the return received",
    "nil": "Nil return",
    "refused": "Return refused",
    "erased": "Return erased",
    "withdrawn": "Return withdrawn",
    "missing": "Return not received",
    "late": "Return not received",
    "due": "Return not due yet",
    "not due": "Return not due yet",
}
NOT_EXPECTED = "No return expected"
UNROUNDED = (
    "Rated by the figures before they were rounded."  # of a rating in public that rounding would change
)
NOT_PUBLISHED = "Not published"  # what the public edition says instead of any of these

CONSEQUENCES = {
    "refuse": "Refused: not in the pack",
    "query": "Queried: in the pack, to be explained",
    "note": "For information",
}

BASES = {
    "published": "The figure was published at the time, by the source the framework names.",
    "as later published": "A real figure in a form published later, which may differ from that of the time.",
    "illustrative": "Invented to show how the pack works. It says nothing about the place.",
}

DIRECTIONS = {"up": "Up", "down": "Down", "same": "No change"}


def mark(code: str | None) -> str:
    """Shorthand as it stands in a cell: [x]; nothing for no code."""
    return f"[{code}]" if code else ""


def day(when: date) -> str:
    """30 Jun 2004"""
    return f"{when.day} {when:%b %Y}"


def counted(number: int, one: str, many: str) -> str:
    """1 return, 2 returns, no returns."""
    return f"{number or 'no'} {one if number == 1 else many}"


def listed(items: Iterable[str]) -> str:
    """a, b and c"""
    *firsts, last = list(items) or [""]
    return f"{', '.join(firsts)} and {last}" if firsts else last


def commas(*parts: str | None) -> str:
    """What there is of the parts, with commas between."""
    return ", ".join(filter(None, parts))


def capital(text: str | None) -> str | None:
    """Text with a capital first, and nothing else changed."""
    return f"{text[:1].upper()}{text[1:]}" if text else text


def uncapital(text: str) -> str:
    """Text with a small letter first, as it goes on after a colon, and nothing else changed."""
    return f"{text[:1].lower()}{text[1:]}"


def sentence(text: str) -> str:
    """Text as a sentence: a capital first, a full stop at the end; everything between as it was."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.!?' else '.'}"
