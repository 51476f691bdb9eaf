"""Words in a cell: free text, and choices out of a closed list."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipelines.headings import plain
from pipelines.parse import marks
from pipelines.parse.near import meant, nearest
from pipelines.parse.parsed import BLANK, Parsed, problem
from pipelines.parse.typed import INVISIBLE, as_typed, one_line, shown

_REPLACEMENT = "\ufffd"
# A control character would stop the writing of a whole pack; seen, it can be asked about. The same goes for
# halves of a character and for the two code points that no XML may hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]")


def read_text(raw: object) -> Parsed:
    """A cell of a text column, without the spaces around it; line breaks within it stay."""
    text = _LINE_ENDS.sub("\n", as_typed(raw).translate(INVISIBLE))
    text = _SPACES.sub(" ", _UNWRITABLE.sub(_REPLACEMENT, text)).strip()
    if not text:
        return BLANK
    if marks.is_placeholder(text):
        return Parsed(None, "x")
    return Parsed(unicodedata.normalize("NFC", text))


def read_choice(raw: object, choices: Sequence[str]) -> Parsed:
    """A cell of a choice column: the choice as the contract spells it, however the cell does."""
    typed = as_typed(raw)
    found = _by_plain(tuple(choices)).get(plain(typed))
    if found is not None:
        return Parsed(found)
    if marks.missing(typed):
        return Parsed(None, marks.missing(typed))
    by_plain = _by_plain(tuple(choices))
    if found := meant(plain(typed), by_plain):
        return Parsed(found, remark=f"We read {shown(raw)} as '{found}'. Please confirm.")
    close = nearest(plain(one_line(typed)), by_plain)
    listed = ", ".join(choices)
    hint = f" Did you mean {close}?" if close else ""
    return problem(
        f"We found {shown(raw)} where one of the listed choices was expected. Choose from: {listed}.{hint}"
    )


@lru_cache(maxsize=256)
def _by_plain(choices: tuple[str, ...]) -> dict[str, str]:
    return {plain(choice): choice for choice in choices}
