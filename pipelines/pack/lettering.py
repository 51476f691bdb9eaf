"""How wide words are in Arial, in the width of a digit, and so over how many lines they run in a column.

Advance widths are those of Arial and of whatever is drawn to its measures (Helvetica, Liberation Sans), in
thousandths of the type's size: https://www.adobe.com/devnet/font.html, Core 14 AFM files.
"""

from functools import lru_cache

DIGIT = 556
BOLD = 1.07  # the bold beside the plain, on the whole
WIDEST_BOLD = 1.18  # the same, at most: also in the wider face that stands in where there is no Arial
WIDTHS = {
    **dict.fromkeys("'ijl|", 222),
    **dict.fromkeys(" !,./:;I[\\]ft", 278),
    **dict.fromkeys("()-`r", 333),
    **dict.fromkeys("*\"", 370),
    **dict.fromkeys("Jcksvxyz", 500),
    **dict.fromkeys("+<=>~", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("&ABEKPSVXY", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("Mm", 833),
    "%": 889,
    "W": 944,
    "—": 1000,
    "…": 1000,
}  # fmt: skip


def digits(text: str) -> float:
    """How many digits a text is wide."""
    return sum(WIDTHS.get(letter, DIGIT) for letter in text) / DIGIT


def longest_word(text: str) -> float:
    """How many digits the longest word of a heading takes, in whatever face: a column that is narrower breaks it."""
    return max(digits(word) for word in text.split()) * WIDEST_BOLD


@lru_cache(maxsize=4096)
def line_count(text: str, room: float, *, is_bold: bool = False) -> int:
    """Lines that a text takes where there is room for so many digits; a word that is wider breaks."""
    room /= BOLD if is_bold else 1
    return sum(_lines(part, room) for part in text.split("\n"))


def _lines(text: str, room: float) -> int:
    space = WIDTHS[" "] / DIGIT
    lines, used = 1, 0.0
    for word in text.split(" "):
        width = digits(word)
        if used and used + space + width <= room:
            used += space + width
            continue
        if used:
            lines += 1
        used = width
        while used > room > 0:
            lines, used = lines + 1, used - room
    return lines
