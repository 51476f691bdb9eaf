"""How headings, names and labels are compared: what people mean, not how they typed it."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

SILENT = ("Mn", "Cf")  # Unicode's marks on letters, and characters that don't show
# A note's mark at the end of a heading or name; a number that is glued to it is tried only where nothing else fits.
NOTE_MARK = re.compile(
    r"\s*(?:[*†‡§¹²³⁰⁴-⁹]+|[(\[]\s*(?:note\s*)?(?:[a-z]|\d{1,2})\s*[)\]])\s*$", re.IGNORECASE
)
FIRST_WORD = re.compile(r"[^0-9A-Za-z%&]*([A-Za-z]*)")
GLUED_NUMBER = re.compile(r"(?<=[^\W\d_])\d{1,2}$")
# A unit behind a heading. Whatever else stands in brackets there, a place or a year, makes it another heading.
WORDS_OF_UNITS = (
    r"£[^()\[\]]*|gbp|pounds?|%|per ?cents?|percentages?|pct|(?:rate )?per [^()\[\]]+|rate|number|no\.?|count"
    r"|(?:in )?(?:thousands?|millions?)|(?:£ ?)?000s?|days?|weeks?|months?|years?|hours?|tonnes?|dd/mm/y+"
)
UNIT = re.compile(
    rf"^(?P<base>.*?)\s*(?:[(\[]\s*(?P<in_brackets>{WORDS_OF_UNITS})\s*[)\]]|(?P<bare>£\s?(?:k|m|000s?)?|%))\s*$",
    re.IGNORECASE,
)
# A slip of a letter in a short word makes another word: "Area" and "Arena".
SHORTEST_SLIP, LONG = 5, 10
LONGEST_ADDITION = (
    60  # characters of units, notes and stray spaces that a heading may have beyond our longest
)


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


class Found(NamedTuple):
    """What a heading stands for: a name, the heading it was taken for if it was spelt otherwise, its unit."""

    name: str
    taken_for: str | None = None
    unit: str | None = None


class HeadingIndex:
    """The headings of one return: `find` says what the text of a cell stands for in it, if anything.

    Tolerant of case, spaces, punctuation, note marks, a unit behind the heading and, last of all, of a slip of
    a letter or two. A text that could stand for two things stands for nothing.
    """

    def __init__(self, headings: Iterable[tuple[str, str]]) -> None:
        """`headings` are (heading as people write it, name); the first heading of a name is its own."""
        self.exact: dict[str, str] = {}
        self.spelt: dict[str, str] = {}
        self.without_unit: dict[str, str] = {}
        ambiguous = set()
        for heading, name in headings:
            self.exact.setdefault(plain(heading), name)
            self.spelt.setdefault(plain(heading), heading)
            base, unit = split_unit(heading)
            self.spelt.setdefault(plain(base), heading)
            if unit and self.without_unit.setdefault(plain(base), name) != name:
                ambiguous.add(plain(base))
        for text in ambiguous:
            del self.without_unit[text]
        self._found: dict[tuple[str, bool], Found | None] = {}
        self.beginnings = {_beginning(text) for text in (*self.exact, *self.without_unit)}
        self.longest = max((len(heading) for heading in self.spelt.values()), default=0) + LONGEST_ADDITION

    def find(self, text: str, *, with_slips: bool = False) -> Found | None:
        """What `text` stands for. `with_slips`: small typing errors are forgiven, and told in `taken_for`."""
        key = (text, with_slips)
        if key not in self._found:  # partners' sheets have the same headings, quarter after quarter
            self._found[key] = self._find(text, with_slips=with_slips)
        return self._found[key]

    def _find(self, text: str, *, with_slips: bool) -> Found | None:
        if name := self.exact.get(plain(text)):
            return Found(name, unit=split_unit(text)[1])
        bare = NOTE_MARK.sub("", text)
        base, unit = split_unit(bare)
        for candidate in (bare, base, GLUED_NUMBER.sub("", bare.strip())):
            key = plain(candidate)
            if key and (name := self.exact.get(key) or self.without_unit.get(key)):
                return Found(name, unit=unit)
        return self._nearest(text) if with_slips else None

    def _nearest(self, text: str) -> Found | None:
        key = plain(split_unit(NOTE_MARK.sub("", text))[0])
        every = self.exact | self.without_unit
        near = {name: known for known, name in every.items() if is_slip(key, known)}
        if len(near) != 1:
            return None
        [(name, known)] = near.items()
        return Found(name, self.spelt.get(known, known), split_unit(text)[1])


def could_be_found(texts: Iterable[str], indexes: Iterable[HeadingIndex]) -> list[str]:
    """A quick look: without texts of which no index would find anything, told by length and first word."""
    indexes = list(indexes)
    longest = max((index.longest for index in indexes), default=0)
    beginnings = {"", *(word for index in indexes for word in index.beginnings)}
    return [
        text
        for text in texts
        if len(text) <= longest and (not text.isascii() or _beginning(text.partition(" ")[0]) in beginnings)
    ]


@lru_cache(maxsize=10_000)
def _beginning(text: str) -> str:
    """The first word of an ASCII text, without a number glued to it; '' where it does not begin with one."""
    found = FIRST_WORD.match(text)
    return found[1].casefold() if found else ""


@lru_cache(maxsize=10_000)
def split_unit(heading: str) -> tuple[str, str | None]:
    """A heading without the unit behind it, and the unit: 'Actual Q1 (£000s)' → 'Actual Q1', '£000s'."""
    found = UNIT.match(heading.replace("\n", " "))
    if not found or not plain(found["base"]):
        return heading, None
    return found["base"], (found["in_brackets"] or found["bare"]).strip()


def is_slip(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with a typing error: one letter, or two in a long text, and the same digits.

    A letter too many, too few, another one, or two that changed places (Damerau 1964). Both as `plain` gives them.
    """
    if len(typed) < SHORTEST_SLIP or re.sub(r"\D", "", typed) != re.sub(r"\D", "", meant):
        return False
    allowed = 2 if len(meant) >= LONG else 1
    return typed != meant and abs(len(typed) - len(meant)) <= allowed and distance(typed, meant) <= allowed


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour to make one the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
