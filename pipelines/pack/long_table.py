"""The rows of a long table as they stand in the file, one after the other, without a cell made of each value.

The same words come again and again (a file's name, its hash, a method), so what becomes of a value is kept by column.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from pipelines.house_style.ooxml import cell_after_place
from pipelines.pack.content import Style, content
from pipelines.pack.layout import UNWRAPPED, Laid, Place, height_of, lines_of
from pipelines.pack.model import Column

MOST_KEPT = 20_000  # values of a column


def long_rows(laid: Laid, look: Callable[[Style], int]) -> Iterator[str]:
    """The XML of each row of the sheet's long tables. `look` gives a style its number, now and not later."""
    columns = [
        (place, [_Values(c, w, place, look) for c, w in zip(place.table.columns, laid.widths, strict=False)])
        for place in laid.places
        if place.table.is_long
    ]
    return (row for place, values in columns for row in _rows(place, values))


def _rows(place: Place, columns: list["_Values"]) -> Iterator[str]:
    for number, row in enumerate(place.table.rows, place.first_row + 1):
        found = [column.of(row) for column in columns]
        cells = "".join(
            [f"{column.start}{number}{cell}" for column, (cell, _) in zip(columns, found, strict=True)]
        )
        height = height_of(max([lines for _, lines in found]))
        yield f'<row r="{number}" ht="{height:g}">{cells}</row>'


class _Values:
    """A column of a long table: of each value what follows its place in the file, and how many lines it takes."""

    def __init__(self, column: Column, width: float, place: Place, look: Callable[[Style], int]) -> None:
        self._column, self._width, self._is_text = column, width, column.kind == "text"
        self.start = f'<c r="{get_column_letter(place.table.columns.index(column) + 1)}'
        some = next((row for row in place.table.rows if row[column.name] is not None), {column.name: None})
        shown = [content(column, row, {}, is_tidy=True) for row in (some, {column.name: None})]
        self._numbers = {one.style: look(one.style) for one in shown}
        self._kept: dict[Any, tuple[str, int]] = {}

    def of(self, row: Mapping[str, Any]) -> tuple[str, int]:
        value = row[self._column.name]
        key = (
            value if self._is_text else (type(value), value)
        )  # 1 and 1.0 are equal, and are written otherwise
        if key not in self._kept:
            if len(self._kept) == MOST_KEPT:
                self._kept.clear()
            made = content(self._column, row, {}, is_tidy=True)
            lines = 1 if made.style.role in UNWRAPPED else lines_of(made, self._width)
            self._kept[key] = cell_after_place(self._numbers[made.style], made.value), lines
        return self._kept[key]
