"""What kind of line this is: a record, a total, a note, an example, padding … or a return that says nil."""

import re
from collections.abc import Mapping, Sequence

from pipelines.cells import Cell
from pipelines.headings import plain
from pipelines.parse import is_missing_marker
from pipelines.recognise import NIL

ROW, NILS, TOTAL_LINE, FOOTNOTE = "row", "nil", "total", "footnote"
SECTION, EXAMPLE, NOT_FILLED_IN, PADDING = "section", "example", "not filled in", "padding"

TOTAL = re.compile(r"^\s*(grand|sub|overall)?[\s-]*totals?\b", re.IGNORECASE)
NOTE = re.compile(
    r"^\s*([*†‡]|\[?\(?[a-z]\)?\]?\s*[=:-]|\([a-z0-9]\)|\d{1,2}\.?\s+[A-Z][a-z]+ .{20}|notes?\b|source\b|n\.?b\.?\b)",
    re.IGNORECASE,
)
EXAMPLES = re.compile(
    r"^\s*(?:an? )?(?:e\.\s?g\.?(?:[\s:,]|$)|eg(?:[\s:]|$)|example\b|for example\b|worked example\b)",
    re.IGNORECASE,
)
FIGURE = re.compile(r"[\W\d]*\d[\W\d]*")  # 38%, £1,200: a value whose row lost its reference
LONG_TEXT = 40  # a lone text longer than any reference or name in a key column is a remark


def kind_of_line(
    cells: Sequence[Cell], keys: set[int], spans: Mapping[tuple[int, int], int], *, left: int, is_below: bool
) -> str:
    """The kind of a line of a table.

    `keys` are the key's columns; `spans` says over how many columns a merged cell goes; `left` is the
    table's first column; `is_below`: only lone cells follow.
    """
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    first = str(texts[0].value) if texts else ""
    if len(cells) == len(texts) == 1:
        if plain(first) in NIL:
            return NILS
        is_aside = is_below and cells[0].column not in keys and not FIGURE.fullmatch(first)
        if NOTE.match(first) or len(first) > LONG_TEXT or is_aside:
            return FOOTNOTE
        if first.rstrip().endswith(":") or spans.get((cells[0].row, cells[0].column), 1) > 2:
            return SECTION
    # in a column of comments the word begins a comment; an example is marked where a line begins, or as its key
    if texts and EXAMPLES.match(first) and (texts[0].column <= left or texts[0].column in keys):
        return EXAMPLE
    keyed = [cell for cell in cells if cell.column in keys and not TOTAL.match(str(cell.value))]
    if texts and TOTAL.match(first) and not keyed and not _is_record_of_a_total(texts, keys):
        return TOTAL_LINE
    if not any(_says_something(cell) for cell in cells):
        return PADDING if not texts else NOT_FILLED_IN
    return ROW


def _is_record_of_a_total(texts: Sequence[Cell], keys: set[int]) -> bool:
    """Whether a line that begins with 'Total' is a record: 'Total length of cycle ways' with its unit beside it."""
    words = [c for c in texts[1:] if not FIGURE.fullmatch(str(c.value)) and _says_something(c)]
    return texts[0].column in keys and bool(words) and not any(TOTAL.match(str(c.value)) for c in words)


def _says_something(cell: Cell) -> bool:
    """Whether somebody meant a value: not a nought worked out or filled in for a blank line, nor 'Select …'."""
    value = cell.value
    if isinstance(value, str):
        return not is_missing_marker(value)
    return not (isinstance(value, int | float) and not isinstance(value, bool) and value == 0)
