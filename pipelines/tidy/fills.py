"""Which fills of a table may be ratings: those of a rating's own cell, not of its whole column or table."""

from typing import NamedTuple

from pipelines.contract import Column
from pipelines.layouts import Records
from pipelines.recognise import Table

Place = tuple[int, int]


class Fill(NamedTuple):
    """The colour (RRGGBB) of a rating's cell, and whether other cells of its row have it too."""

    colour: str
    is_of_row: bool


class RatingFills:
    """The fills of a table's rating cells. An empty cell can have one too."""

    def __init__(self, table: Table, records: Records) -> None:
        ratings = {column.name for column in table.contract.columns if column.type == "rating"}
        self._fills = table.sheet.fills if ratings else {}
        self._others = [number for number, name in table.columns.items() if name not in ratings]
        self._heading_row = table.header_row
        lines = list(map(self._of_others, records.rows)) if self._fills else []
        self.are_there = bool(self._fills)
        self._everywhere = set[str]().union(*lines).intersection(*lines) if len(lines) > 1 else set()

    def of(self, column: Column, place: Place) -> Fill | None:
        """The fill of the rating at this place; None for other columns and for what is mere decoration.

        That is what fills cells of every row, and what fills the heading as well.
        """
        if column.type != "rating" or place not in self._fills:
            return None
        colour, (row, number) = self._fills[place], place
        if colour in self._everywhere or colour == self._fills.get((self._heading_row, number)):
            return None
        return Fill(colour, colour in self._of_others(row))

    def _of_others(self, row: int) -> set[str]:
        return {self._fills[row, number] for number in self._others if (row, number) in self._fills}
