"""What somebody typed, as they would recognise it, and the same without the accidents of typing."""

from datetime import date, datetime, time

from pipelines.cells import CellError

QUOTED = 60  # characters of a partner's text that a sentence repeats

# Office programs turn a typed hyphen into any of these, and a minus sign is yet another.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘´ʼ"), "'")
# Marks that take no room on the screen, so nobody knows that they have pasted them.
INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF])
_SPELLING = _DASHES | _QUOTES | INVISIBLE


def as_typed(raw: object) -> str:
    """The text a person would recognise: text as it is, 38.0 as 38, a date as 2012-07-13, TRUE, #REF!."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return f"{raw:.15g}"  # Excel keeps 15 digits: 0.1 + 0.2 is 0.3 to whoever typed the formula
    if isinstance(raw, CellError):
        return raw.code
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "seconds")
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)


def shown(raw: object) -> str:
    """`raw` as a sentence repeats it: on one line, in quotation marks if it is text, and not for ever."""
    text = " ".join(as_typed(raw)[: 4 * QUOTED].split())
    if len(text) > QUOTED:
        text = text[: QUOTED - 1] + "…"
    return f"'{text}'" if isinstance(raw, str) else text


def one_line(text: str) -> str:
    """`text` with one kind of space, dash and apostrophe, and without a leading apostrophe or bullet.

    No Unicode folding: it would make 54.9 with a raised note number 1 into 54.91.
    """
    if not text.isascii():
        text = text.translate(_SPELLING)
    return " ".join(text.split()).lstrip("'·• ")


def is_blank(raw: object) -> bool:
    """Whether a cell's text is nothing but spaces and marks that can't be seen."""
    return isinstance(raw, str) and not (raw if raw.isascii() else raw.translate(INVISIBLE)).strip()
