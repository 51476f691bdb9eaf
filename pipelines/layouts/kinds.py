"""What kind of line this is: a record, a total, a note, an example, padding … or a return that says nil."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipelines.cells import Cell, Value
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
    # EG in capitals is a reference; it is refused where nobody knows it, and an example would be too
    r"^\s*(?:an? )?(?:e\.\s?g\.?(?:[\s:,]|$)|(?-i:[Ee]g)(?:[\s:]|$)|example\b|for example\b|worked example\b)",
    re.IGNORECASE,
)
# Said in so many words, it is an example whatever its key. 'Example Street hub' is a name.
CERTAIN_EXAMPLES = re.compile(
    r"^\s*(?:an? )?(?:e\.?\s?g\b|for example\b|worked example\b"
    r"|example\s*(?:[\d:;,.>()–—]|-(?!\w)|$|of\b|how\b|only\b"
    r"|(?:answer|data|entry|line|project|record|return|row|text)s?(?:\W|\d|only\b)*$))",
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
    texts = [cell for cell in cells if cell.value.__class__ is str]
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
    if _begins_example(first) and (texts[0].column <= left or texts[0].column in keys):
        named = (c for c in cells if c.column in keys and _says_something(c.value))
        if CERTAIN_EXAMPLES.match(first) or all(_begins_example(str(c.value)) for c in named):
            return EXAMPLE
    if _begins_total(first):
        keyed = [cell for cell in cells if cell.column in keys and not _begins_total(str(cell.value))]
        if not keyed and not _is_record_of_a_total(texts, keys):
            return TOTAL_LINE
    for cell in cells:
        if _says_something(cell.value):
            return ROW
    return PADDING if not texts else NOT_FILLED_IN


def begins_record(text: Value) -> bool:
    """Whether a line of several cells is a record for certain, because this stands in its first one."""
    return text.__class__ is str and _is_ordinary(str(text))


@lru_cache(maxsize=10_000)
def _is_ordinary(text: str) -> bool:
    return not _begins_example(text) and not _begins_total(text) and not _is_missing(text)


# the lines of a table begin with the same few refs and names over and over
@lru_cache(maxsize=10_000)
def _begins_example(text: str) -> bool:
    return EXAMPLES.match(text) is not None


@lru_cache(maxsize=10_000)
def _begins_total(text: str) -> bool:
    return TOTAL.match(text) is not None


@lru_cache(maxsize=10_000)
def _is_missing(text: str) -> bool:
    return is_missing_marker(text)


def _is_record_of_a_total(texts: Sequence[Cell], keys: set[int]) -> bool:
    """Whether a line that begins with 'Total' is a record: 'Total length of cycle ways' with its unit beside it."""
    words = [c for c in texts[1:] if not FIGURE.fullmatch(str(c.value)) and _says_something(c.value)]
    return texts[0].column in keys and bool(words) and not any(_begins_total(str(c.value)) for c in words)


def _says_something(value: Value) -> bool:
    """Whether somebody meant a value: not a nought worked out or filled in for a blank line, nor 'Select …'."""
    if isinstance(value, str):
        return not _is_missing(value)
    return not (isinstance(value, int | float) and not isinstance(value, bool) and value == 0)
