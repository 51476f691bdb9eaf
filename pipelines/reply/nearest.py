"""A sheet that was not recognised, beside the return that comes nearest: which headings fit, and which don't."""

from collections.abc import Iterable

from pipelines.cells import Cell, Sheet
from pipelines.contract import Contract
from pipelines.headings import plain
from pipelines.parse import as_typed
from pipelines.reply.model import Near

MOST_LINES = 40


def nearest(sheet: Sheet, contracts: Iterable[Contract]) -> Near | None:
    """The row of the sheet that has the most headings of one return, heading by heading; None if none has any."""
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(sheet.cells.values()):
        if isinstance(cell.value, str):
            rows.setdefault(cell.row, []).append(cell)
    best: tuple[int, int, Contract, list[Cell]] | None = None
    for contract in contracts:
        for row, cells in rows.items():
            known = {contract.by_heading.get(plain(str(cell.value))) for cell in cells} - {None}
            if known and (best is None or (len(known), -row) > best[:2]):
                best = (len(known), -row, contract, cells)
    if best is None:
        return None
    _, _, contract, cells = best
    lines, found = [], set()
    for cell in cells:
        name = contract.by_heading.get(plain(str(cell.value)))
        is_new = name is not None and name not in found
        found.add(name)
        heading = contract.by_name[name].header if name and is_new else ""
        lines.append((cell.address, " ".join(as_typed(cell.value).split()), heading))
    lines += [("", "", column.header) for column in contract.required if column.name not in found]
    return Near(sheet.name, contract.title, tuple(lines[:MOST_LINES]))
