"""Which return a table could be by what stands in it: references of the framework in one of its columns.

A clue for whoever must mend or teach a layout. Nothing is read by it: values alone do not say what a column means.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.cells import Cell, Sheet
from pipelines.contract import Contract
from pipelines.framework.references import References
from pipelines.headings import plain


class Clue(NamedTuple):
    """A column that holds references of what a return is about: the first of them, and how many there are."""

    contract: Contract
    name: str
    first: Cell
    of_them: int


def clue(sheet: Sheet, contracts: Iterable[Contract], references: References) -> Clue | None:
    """The return whose own references the sheet holds most of; None where none or two are as likely."""
    found = sorted(filter(None, (_of(sheet, c, references) for c in contracts)), key=lambda one: -one.of_them)
    if not found or (len(found) > 1 and found[1].of_them == found[0].of_them):
        return None
    return found[0]


def _of(sheet: Sheet, contract: Contract, references: References) -> Clue | None:
    """By the first part of the return's key, where that refers to the framework."""
    column = contract.by_name[contract.key[0]]
    reference = references.get(column.refers_to or "")
    if reference is None:
        return None
    by_column: dict[int, list[Cell]] = {}
    for cell in sheet.listed.every:
        if isinstance(cell.value, str):
            by_column.setdefault(cell.column, []).append(cell)
    best: Clue | None = None
    for cells in by_column.values():
        known = [cell for cell in cells if plain(str(cell.value)) in reference.ids]
        below = [cell for cell in cells if known and cell.row >= known[0].row]
        # a name in passing is no column of them
        if known and 2 * len(known) >= len(below) and (best is None or len(known) > best.of_them):
            best = Clue(contract, column.name, known[0], len(known))
    return best
