"""Marks that stand in for a figure (n/a, TBC, *, <5) or beside one ((p), [r], a note's number).

The letters and their meanings are the Government Analysis Function's shorthand for tables; a mark never
becomes a zero.
"""

import re

from pipelines.parse.typed import one_line

# Contracts and templates tell partners to type n/a where there is no figure: that is 'not available'.
_NOT_AVAILABLE = frozenset(
    {"x", "n/a", "na", "n\\a", "null", "missing", "unavailable", "unknown", "pending", "no data", "no figure"}
    | {"tbc", "tbe", "tba", "tbd"}
    | {f"to be {verb}" for verb in ("confirmed", "established", "announced", "determined")}
    | {f"not {been}" for been in ("available", "known", "collected", "recorded", "published", "supplied")}
    | {f"not yet {been}" for been in ("available", "known", "collected", "published")}
    | {"don't know", "awaited", "awaiting", "awaiting data", "awaiting figures", "data awaited"}
    | {
        "n/k",
        "nk",
        "d/k",
        "dk",
        "n/y/a",
        "nya",
        "to follow",
        "to be supplied",
        "not yet",
        "not yet due",
        "not due",
    }
    | {"no info", "no information", "none available"}
)
_NOT_APPLICABLE = frozenset({"z", "not applicable", "does not apply"})
_WITHHELD = {"c": "c", "suppressed": "c", "confidential": "c", "u": "u"}
_WITHHELD_IN_BRACKETS = {"[low]": "low", "(low)": "low"}
_PUNCTUATION_ONLY = re.compile(r"[-.…:?/ ]*")
_STARS_ONLY = re.compile(r"\*+|\[\*\]|\(\*\)")
_LONGEST = 120  # characters; what is longer is prose, whatever it begins with
# Templates put these into a drop-down list before anything is chosen.
_PLACEHOLDER = re.compile(
    r"<\s*(?:please )?(?:select|choose|pick)[^<>]{0,40}>"
    r"|(?:please )?(?:select|choose|pick)(?: (?:an?|one))?(?: (?:option|item|value))?"
    r"(?: from (?:the )?(?:drop[- ]?down )?list)?",
    re.IGNORECASE,
)
# What is still to come is often said with its date or reason; a figure beside it is another matter.
_WITH_WORDS = re.compile(r"(?:n/a|tbc|tbe|tba|tbd|awaiting)\b[^0-9]{0,60}", re.IGNORECASE)
_LEAVE_BLANK = re.compile(r"leave (?:this )?blank\b.{0,80}", re.IGNORECASE)

# Small counts are published as a range so that nobody can be recognised (NHS Digital shows 1 to 7 so).
_SMALL = 10
_BELOW = re.compile(
    r"(?:<|≤|<=|less than|fewer than|under) ?([0-9]{1,2})|([0-9]{1,2}) or (?:fewer|less)", re.IGNORECASE
)
_BETWEEN = re.compile(r"[01] ?(?:-|to) ?([0-9]{1,2})", re.IGNORECASE)

_STATUS_WORDS = dict.fromkeys(["p", "prov", "provisional"], "p") | dict.fromkeys(["r", "er", "revised"], "r")
_STATUS_WORDS |= dict.fromkeys(["e", "est", "estimate", "estimated"], "e") | {"f": "f", "forecast": "f"}
_STATUS_WORDS |= {"b": "b", "u": "u", "low": "low"}
_WORDS = "provisional|prov|revised|estimated|estimate|est|forecast"
_STATUS = re.compile(rf" ?[(\[] ?(p|r|er|e|f|b|u|low|{_WORDS})\.? ?[)\]]$| ({_WORDS})\.?$", re.IGNORECASE)
_BARE_STATUS = re.compile(r"(?<=[0-9%]) ?([prefbu])$", re.IGNORECASE)
_ASIDE = re.compile(r" ?(?:[*†‡§¹²³⁰⁴-⁹]+|[(\[]note [0-9]{1,2}[)\]]|[↑↓→↗↘↔⬆⬇➡▲▼△▽]\ufe0f?)$", re.IGNORECASE)


def is_placeholder(text: str) -> bool:
    """Whether `text` is what a drop-down list shows before anything is chosen ('< Select >')."""
    return _PLACEHOLDER.fullmatch(one_line(text)) is not None


def missing(text: str) -> str | None:
    """'x' or 'z' if `text` was typed to say that there is no value, else None."""
    if len(text) > _LONGEST:
        return None
    line = one_line(text)
    if _PUNCTUATION_ONLY.fullmatch(line) or _PLACEHOLDER.fullmatch(line) or _LEAVE_BLANK.fullmatch(line):
        return "x"
    bare = _bare(line)
    return (
        "x"
        if bare in _NOT_AVAILABLE or _WITH_WORDS.fullmatch(line)
        else "z"
        if bare in _NOT_APPLICABLE
        else None
    )


def is_missing_marker(raw: object) -> bool:
    """Whether `raw` says that there is no value ('n/a', 'TBC', '-', '< Select >'); not a suppressed one."""
    return isinstance(raw, str) and missing(raw) is not None


def no_figure(line: str, *, hides_small: bool) -> str | None:
    """The status of a text that stands for a figure nobody may or can give; None if it doesn't.

    `line` is one_line text. `hides_small`: whether '<5' or '1-7' hides a small number here.
    """
    status = missing(line)
    if status:
        return status
    if _STARS_ONLY.fullmatch(line):
        return "c"
    small = (_BELOW.fullmatch(line) or _BETWEEN.fullmatch(line)) if hides_small else None
    if small and 1 < int(small[small.lastindex or 1]) <= _SMALL:
        return "c"
    return _WITHHELD.get(_bare(line)) or _WITHHELD_IN_BRACKETS.get(line.casefold())


def take_status(line: str, *, bare: bool) -> tuple[str, str | None]:
    """`line` without the status at its end, and the status: '54.9 (p)' gives '54.9' and 'p'.

    `bare`: whether a letter without brackets counts. In money it doesn't: 54.9p might be pence.
    """
    found = _STATUS.search(line) or (_BARE_STATUS.search(line) if bare else None)
    if not found or not found.start():
        return line, None
    mark = next(group for group in found.groups() if group)
    return line[: found.start()].rstrip(), _STATUS_WORDS[mark.casefold()]


def flag(text: str) -> str | None:
    """The status that a cell beside a value gives it: 'u', '(p)', 'revised', 'c'; None if it is no flag."""
    bare = _bare(line) if (line := one_line(text)) else ""
    return _STATUS_WORDS.get(bare) or _WITHHELD.get(bare) or {"x": "x", "z": "z", "*": "c"}.get(bare)


def take_aside(line: str) -> tuple[str, str | None]:
    """`line` without the note mark or arrow at its end, and that mark: '54.9*' gives '54.9' and '*'."""
    found = _ASIDE.search(line)
    if not found or not found.start():
        return line, None
    return line[: found.start()], found[0].strip()


def _bare(line: str) -> str:
    """`line` as the lists above spell it: in small letters, without brackets and full stops."""
    text = line.casefold()
    if text[0] in "[(<" and text[-1] in "])>":
        text = text[1:-1]
    dotted = text.replace(".", "")
    return re.sub(r" ?([/\\]) ?", r"\1", dotted).strip()
