"""The widths that all tables on the sheets of targets share, place by place, and those on Partnership and Judgements.

A column is as wide as its widest table asks, so tables that differ make a sheet too wide to read on paper: with these
it prints at about two thirds of its size. What comes first says what a row is about and what is said of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.pack.model import Column

# what a row is about, and what is said of it; a value or a rating and its word; then sums, periods, dates, and the
# words of further ratings in every other place; the basis
PLACES = (24.1, 28, 11.2, 15.5, 12.4, 13, 12.4, 12.8, 10.1, 13.5, 13.5, 11)

# of Partnership, whose actions are many and have long titles, and milestones long words
PARTNERSHIP = (26.5, 22.5, *PLACES[2:6], 15.5, *PLACES[7:])
# of Judgements: the same, but that most of its tables have ratings one beside the other and little is said of a row
JUDGED = (39, 11, 12.1, 15, 12.1, 15, 12.1, 15, 12.1, 15, 9.5, 9.5)


def placed(columns: Sequence[Column], places: Sequence[float] = PLACES) -> list[Column]:
    """The columns of a table as wide as their places; raises ValueError where there are more of them than places."""
    widths = places[: len(columns)]
    return [replace(column, width=width) for column, width in zip(columns, widths, strict=True)]
