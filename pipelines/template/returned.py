"""A template that came back: which of its sheets and rows are as they left us, and what was left blank."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipelines.cells import Cell, Sheet
from pipelines.contract import Contract
from pipelines.parse import as_typed
from pipelines.personal_data import masked
from pipelines.template.identity import ExpectedRow, Identity
from pipelines.template.words import (
    GREY,
    LISTS,
    ORANGE,
    PROVISIONAL,
    SIGN_OFF,
    START,
    STATUS,
    WHERE_TO_START,
    YELLOW,
)

MOST_NAMED = 5  # rows that a sentence names; the others are counted
LONGEST_SHOWN = 60  # characters of a text that a sentence quotes
NEARLY = 6  # of 255, by which two shades of a colour may differ and be taken for one


def is_own(sheet: Sheet, identity: Identity) -> bool:
    """Whether the sheet is one of the template's own, with no more cells than may be filled in on it."""
    return len(sheet.cells) <= identity.own.get(sheet.name, -1)


def is_of_new_framework(sheet: Sheet) -> bool:
    """Whether the sheet is one that `lsp init` put into the framework's workbook and that holds nothing to be read."""
    if sheet.visibility != "visible":
        return sheet.name == LISTS
    head = sheet.cells.get((0, 0))
    return sheet.name == START and head is not None and head.value == WHERE_TO_START


def without_our_colours(sheet: Sheet) -> Sheet:
    """The sheet without the fills that we gave its cells: a cell that we asked about has no rating for that.

    Old formats keep colours in a palette of their own, so nearly the same is the same.
    """
    fills = {place: colour for place, colour in sheet.fills.items() if not _is_our_colour(colour)}
    return replace(sheet, fills=fills)


def _is_our_colour(colour: str) -> bool:
    parts = bytes.fromhex(colour)
    return any(
        all(abs(one - other) <= NEARLY for one, other in zip(parts, bytes.fromhex(ours), strict=True))
        for ours in (GREY, YELLOW, ORANGE)
    )


def is_provisional(sheet: Sheet) -> bool:
    """Whether this is the sign-off, and says that the figures may still change."""
    states = (
        sheet.cells.get((row, column + 1))
        for (row, column), cell in sheet.cells.items()
        if sheet.name == SIGN_OFF and cell.value == STATUS
    )
    return any(state is not None and _typed(state.value) == PROVISIONAL.casefold() for state in states)


def is_not_filled_in(cells: Mapping[str, Cell], offered: Iterable[ExpectedRow]) -> bool:
    """Whether a row holds nothing but what one of the template's own rows came with."""
    found = {name: _typed(cell.value) for name, cell in cells.items()}
    return any(
        all(_typed(row.prefilled.get(name)) == text for name, text in found.items()) for row in offered
    )


def left_blank(offered: Iterable[ExpectedRow], rows: Iterable[Mapping[str, Any]]) -> list[ExpectedRow]:
    """The expected rows whose key none of the typed rows has."""
    given = [dict(row) for row in rows]
    return [
        row
        for row in offered
        if row.is_expected
        and not any(all(one.get(name) == value for name, value in row.key.items()) for one in given)
    ]


def sentence(contract: Contract, blank: list[ExpectedRow], expected: int) -> str:
    """What is missing, in words for the partner."""
    names = [", ".join(row.prefilled.get(name, value) for name, value in row.key.items()) for row in blank]
    more = len(names) - MOST_NAMED
    named = "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
    return (
        f"Of the {expected} rows expected in the return '{contract.title}', {len(blank)} were left blank: {named}. "
        "Fill them in, or write n/a where there is no figure and say why."
    )


def typed_over_sentence(sheet: str, cells: list[Cell]) -> str:
    """What stands where the template's own texts stood, in words for the partner; without personal data."""
    named = [f"{cell.address} '{_shown(cell)}'" for cell in cells[:MOST_NAMED]]
    more = len(cells) - MOST_NAMED
    return (
        f"On the sheet '{sheet}' something else stands where the template had a text of its own: "
        f"{', '.join(named)}{f' and {more} more' if more > 0 else ''}. Only white cells are read, so it was left out. "
        "If it matters to the return, write it into a white cell or a comment."
    )


def _shown(cell: Cell) -> str:
    text = " ".join(masked(as_typed(cell.value)).split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _typed(value: object) -> str:
    return as_typed(value).strip().casefold()
