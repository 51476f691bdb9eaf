"""How two headings, names or labels are compared: what people mean, not how they typed it."""

import re
import unicodedata
from functools import lru_cache

SILENT = ("Mn", "Cf")  # Unicode's marks on letters, and characters that don't show


@lru_cache(maxsize=100_000)  # the same few headings and references are compared over and over
def plain(text: str) -> str:
    """`text` without case, accents, punctuation and doubled spaces; `%` and `&` as words."""
    if not text.isascii():
        # an accent or a soft hyphen within a word must not divide it
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in SILENT
        )
    text = text.casefold().replace("%", " percent ").replace("&", " and ")
    text = re.sub(r"[^0-9a-z]+", " ", text)
    return text.strip()
