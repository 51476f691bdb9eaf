"""Where charts stand on a sheet: in rows of their own beside each other, or beside narrow blocks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.pack.bars import BarChart, Bars
from pipelines.pack.model import Drawing

EMPTY_ROW = 15.5  # points: a row of which nothing is said, as those behind a chart
CHART_ROWS, NARROW_ROWS = 14, 13  # that a measure's chart takes, and one of three or four beside each other
ROWS_OF_BARS, ROWS_OF_A_BAR = 6, 1.5  # that bars take: title, scale and key, and each bar
FEWEST_CHARTS, MOST_CHARTS = 2, 4  # for which a row has room
FEWEST_LEFT = 4  # columns that what stands beside a chart has, if it is only a sentence
BETWEEN = 3.0  # characters between two charts


class ChartPlace(NamedTuple):
    """Where a chart stands: its first and last row, from 1, and how far along the columns it begins and ends.

    `of` is what it draws: a measure by its target_id, or bars.

    Along the columns: 2.5 is the middle of column C. So it is as wide as its columns in whatever type they are set.
    """

    of: str | BarChart
    row: int
    last_row: int
    begins: float
    ends: float


def chart_places(block: Drawing | Bars, row: int, widths: Sequence[float]) -> Iterator[ChartPlace]:
    """The charts of a block from a row on, beside each other across the columns."""
    if isinstance(block, Bars):
        drawn: Sequence[str | BarChart] = block.charts
        in_a_row = FEWEST_CHARTS
    else:
        drawn = block.target_ids
        in_a_row = min(max(len(drawn), FEWEST_CHARTS), MOST_CHARTS)
    width = sum(widths) / in_a_row
    for first in range(0, len(drawn), in_a_row):
        beside = drawn[first : first + in_a_row]
        rows = max(_rows_of(one, in_a_row) for one in beside)
        for number, one in enumerate(beside):
            left = width * number
            ends = (_along(widths, left), _along(widths, left + width - BETWEEN))
            yield ChartPlace(one, row, row + rows - 1, *ends)
        row += rows


def _rows_of(drawn: str | BarChart, in_a_row: int) -> int:
    """How many rows a chart takes."""
    if isinstance(drawn, BarChart):
        return ROWS_OF_BARS + math.ceil(len(drawn.bars) * ROWS_OF_A_BAR)
    return CHART_ROWS if in_a_row <= FEWEST_CHARTS else NARROW_ROWS


def _along(widths: Sequence[float], place: float) -> float:
    """Characters from the left as columns from the left."""
    for column, width in enumerate(widths):
        if place < width:
            return column + place / width
        place -= width
    return float(len(widths))


class Beside:
    """Charts beside the blocks that follow them, from a row on; so many `cells` and `places` were there before."""

    def __init__(self, drawing: Drawing, row: int, cells: int, places: int) -> None:
        self._drawing, self._row, self._left = drawing, row, drawing.beside + 1
        self.cells, self.places = cells, places

    def is_over(self) -> bool:
        """Whether the block just placed, the drawing itself or one that follows it, was the last of them."""
        self._left -= 1
        return self._left == 0

    def charts(self, heights: Mapping[int, float], widths: Sequence[float], columns: int) -> list[ChartPlace]:
        """The charts, as high as others are; `heights` are those of the blocks, which have so many columns."""
        left = sum(widths[: max(columns, FEWEST_LEFT)]) + BETWEEN
        row, height = self._row, 0.0
        while height < CHART_ROWS * EMPTY_ROW:
            height += heights.get(row, EMPTY_ROW)
            row += 1
        drawn = self._drawing.target_ids
        width = (sum(widths) - left + BETWEEN) / len(drawn)
        return [
            ChartPlace(
                one,
                self._row,
                row - 1,
                _along(widths, left + width * number),
                _along(widths, left + width * (number + 1) - BETWEEN),
            )
            for number, one in enumerate(drawn)
        ]
