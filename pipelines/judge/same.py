"""Whether two cells hold the same value: what was typed then, and what stands there now."""

from pipelines.contract import NUMERIC, Column
from pipelines.headings import plain
from pipelines.parse import parse


def same_value(one: str | None, other: str | None, column: Column | None) -> bool:
    """Whether two cells hold the same value: £12,000 is 12000, -12 is not 12, and a text may be spaced otherwise."""
    if plain(one or "") == plain(other or "") and (one is None) == (other is None):
        is_text = column is not None and column.type not in NUMERIC
        if is_text or _number(one) == _number(other):
            return True
    if one is None or other is None or column is None or column.type not in (*NUMERIC, "date"):
        return False
    kind = "number" if column.type == "measure" else column.type
    values = [parse(kind, text, unit=column.unit).value for text in (one, other)]
    return values[0] is not None and values[0] == values[1]


def _number(text: str | None) -> str:
    """What tells numbers apart that read alike without punctuation: 1.2 and 12, (5) and 5."""
    return "".join(c for c in text or "" if c.isdigit() or c in ".-(%").strip(".")
