"""The rating of a measure and of a target as worded, in words: what it rests on, and who gave it where no rule did."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import NamedTuple

from pipelines.pack.lookups import BY_RULE, rating_mark
from pipelines.pack.model import Figure, Rating, worst
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import UNROUNDED, capital, commas, listed, mark

SOURCES = {"own": "partner's own"}  # others say by themselves whose they are
LONGEST = 110  # characters of a reason that stand beside a rating; the whole of it is on the target's sheet
NO_RATING = "No rating"


class TargetRating(NamedTuple):
    """Of a target as worded: the worst rating of its measures with its mark, how many of them are rated, and those
    whose rating somebody gave.
    """

    figure: Figure
    mark: str | None
    rated: int
    measures: int
    given: tuple[Row, ...]

    @property
    def of_measures(self) -> str:
        """1 of 2"""
        return f"{self.rated} of {self.measures}"

    @property
    def whose(self) -> str:
        """1 moderated; nothing where the rule gave all of them."""
        sources = [_source(row) for row in self.given]
        return listed(f"{sources.count(source)} {source}" for source in dict.fromkeys(sources))

    @property
    def part(self) -> str:
        """On 1 of 2 measures; nothing where all of them are rated, or none is."""
        return f"on {self.of_measures} measures" if 0 < self.rated < self.measures else ""

    @property
    def rests_on(self) -> str:
        """What a reader must know who sees the rating alone: [u], on 1 of 2 measures, 1 moderated."""
        return commas(mark(self.mark) if self.mark == "u" else "", self.part, self.whose)

    def words(self, scale: Mapping[str, Rating]) -> str:
        """The same with the rating: Red [u], on 2 of 3 measures."""
        if self.figure.value is None:
            return NO_RATING
        word = scale[self.figure.value].word
        return commas(f"{word} {mark('u')}" if self.mark == "u" else word, self.part, self.whose)


def target_rating(parts: Sequence[Row], scale: Mapping[str, Rating]) -> TargetRating:
    """The rating of a target as worded, from its measures.

    It is marked u where every measure that has the worst rating is.
    """
    figure = worst(
        [Figure(part["rating"], (f"floor_targets:{part['row_id']}:rating",)) for part in parts], scale
    )
    rated = [part for part in parts if part["rating"] is not None]
    marks = [rating_mark(part) for part in rated if part["rating"] == figure.value]
    code = "x" if not marks else "u" if all(one == "u" for one in marks) else None
    given = tuple(part for part in rated if part["rating_source"] != BY_RULE)
    return TargetRating(figure, code, len(rated), len(parts), given)


def rating_words(row: Row, scale: Mapping[str, Rating]) -> str:
    """A measure's rating wherever it stands alone: Red [u]; Amber/Red, moderated; No rating."""
    if row["rating"] is None:
        return NO_RATING
    word = scale[row["rating"]].word
    if row["rating_source"] != BY_RULE:
        return f"{word}, {_source(row)}"
    return " ".join(filter(None, (word, mark(rating_mark(row)))))


def rating_from(marts: Marts, row: Row, scale: Mapping[str, Rating], *, has_reason: bool) -> str | None:
    """Whose a measure's rating is: by whom, in short why, and what the rule says; None where there is no rating.

    Moderated by the Performance Group (the day has passed); by rule: no rating.
    """
    if row["rating"] is None or row["rating_source"] == BY_RULE:
        return capital(row["rating_source"])
    found = marts.rows(
        "ratings",
        quarter=row["quarter"],
        subject=row["target_id"],
        subject_kind="target",
        kind=row["rating_source"],
    )
    given = found[0] if found else None
    by = f" by {given['rated_by']}" if given and given["rated_by"] else ""
    why = (
        shorten(given["reason"].rstrip(". "), LONGEST, placeholder=" …") if given and given["reason"] else ""
    )
    reason = f" ({why})" if why and has_reason else ""
    return f"{capital(_source(row))}{by}{reason}; by rule: {_by_rule(row, scale)}"


def rating_source(row: Row, scale: Mapping[str, Rating]) -> str | None:
    """The same where there is room for no more: Moderated; by rule: no rating.

    In public a rating by rule can be one of the figures before rounding, which those beside it would not give.
    """
    if row["rating"] is not None and row["rating_reason"] == UNROUNDED:
        return f"{capital(row['rating_source'])}, before rounding"
    if row["rating"] is None or row["rating_source"] == BY_RULE:
        return capital(row["rating_source"])
    return f"{capital(_source(row))}; by rule: {_by_rule(row, scale)}"


def _source(row: Row) -> str:
    return SOURCES.get(row["rating_source"], row["rating_source"])


def _by_rule(row: Row, scale: Mapping[str, Rating]) -> str:
    code = row["rating_suggested"]
    if code is None:
        return NO_RATING.lower()
    return "the same" if code == row["rating"] else scale[code].word
