"""The widths that all tables of the fund's sheet share, place by place, and their last column.

So the sheet prints at about two thirds of its size. An amount of up to £99,999,999 fits in 12 characters.
"""

from collections.abc import Sequence

from pipelines.pack import target_columns
from pipelines.pack.model import Column

# what a row is about, and what is said of it; a rating and its word, or amounts; the basis
PLACES = (30, 22, 12, 15.5, 13, 13, 13, 13, 12, 12, 11, 11)
BASIS = Column("basis", "Basis")


def placed(columns: Sequence[Column]) -> list[Column]:
    """The columns of a table as wide as their places."""
    return target_columns.placed(columns, PLACES)
