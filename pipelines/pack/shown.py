"""What a pack shows, figure by figure and in words, so that two versions of it can be set side by side."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.pack.layout import Cell, Laid, Place
from pipelines.pack.model import Link

NOT_COMPARED = ("Cover", "Contents", "Revisions", "Provenance", "Inputs")  # they speak of the pack itself
WORDS_OF_ROW = 2  # that tell one row of a table from the others
LONGEST_WORD = 60
SHORTHAND = re.compile(r"\[\w{1,3}\]")  # [x] and the like stand for no value


class Spot(NamedTuple):
    """Where a figure stands, in words: sheet, table, what its row is about, its column, and which of several such."""

    sheet: str
    table: str
    about: str
    column: str
    number: int


class Shown(NamedTuple):
    """What stands in such a place, and the figures of the marts that it shows."""

    text: str
    figure: str


class Change(NamedTuple):
    """A figure that another version shows otherwise; None where it did not stand there."""

    place: Spot
    was: str | None
    now: str | None


def shown(laid: Sequence[Laid]) -> dict[Spot, Shown]:
    """Every figure of the sheets for reading, in the order of the pack."""
    found: dict[Spot, Shown] = {}
    for page in laid:
        if page.sheet.is_tidy or page.sheet.name in NOT_COMPARED:
            continue
        cells = {(cell.row, cell.column): cell for cell in page.cells}
        for place in page.places:
            for where, cell in _figures(page, place, cells):
                number = 1
                while (key := Spot(*where, number)) in found:
                    number += 1
                figure = " ".join(cell.figure.inputs) if cell.figure else ""
                found[key] = Shown(cell.content.shown, figure)
    return found


def changes(before: Mapping[Spot, Shown], now: Mapping[Spot, Shown]) -> list[Change]:
    """What differs, in the order of the pack; a figure that stands in several places is told of once.

    Where there was no value and is none, nothing differs but why: the reason stands in the pack itself.
    """
    told: set[tuple[str, str | None, str | None]] = set()
    found = []
    for place in [*now, *(place for place in before if place not in now)]:
        old, new = before.get(place), now.get(place)
        was, is_now = old.text if old else None, new.text if new else None
        figure = (new or old or Shown("", "")).figure
        nothing = not has_value(was) and not has_value(is_now)
        if nothing or was == is_now or (figure and (figure, was, is_now) in told):
            continue
        told.add((figure, was, is_now))
        found.append(Change(place, was, is_now))
    return found


def has_value(text: str | None) -> bool:
    """Whether what stands in a cell is more than a mark for a value that is not there."""
    return text is not None and not SHORTHAND.fullmatch(text)


def as_lines(of: Mapping[Spot, Shown]) -> list[list[Any]]:
    """The same as plain lines, to be kept beside a pack."""
    return [[*place, *what] for place, what in of.items()]


def from_lines(lines: Sequence[Sequence[Any]]) -> dict[Spot, Shown]:
    return {Spot(*line[:5]): Shown(*line[5:]) for line in lines}


def _figures(
    page: Laid, place: Place, cells: Mapping[tuple[int, int], Cell]
) -> Iterator[tuple[tuple[str, str, str, str], Cell]]:
    columns = place.table.columns
    for number, row in enumerate(place.table.rows, place.first_row + 1):
        mine = [cells[number, column] for column in range(1, len(columns) + 1)]
        words = [
            cell.content.shown
            for cell, column in zip(mine, columns, strict=True)
            if column.kind == "text" and not cell.figure and (cell.link or _is_name(row[column.name]))
        ]
        about = ", ".join(words[:WORDS_OF_ROW])
        for cell, column in zip(mine, columns, strict=True):
            # a rating's word says what its letter says
            if cell.figure and column.kind != "word":
                yield (page.sheet.name, place.table.title, about, column.heading), cell


def _is_name(value: Any) -> bool:
    return isinstance(value, Link) or (isinstance(value, str) and len(value) <= LONGEST_WORD)
