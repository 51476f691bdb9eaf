"""Forms: a label beside each value, one block of them per record."""

from collections.abc import Iterable, Iterator

from pipelines.cells import Cell, Sheet
from pipelines.contract import Contract
from pipelines.recognise.header import Band
from pipelines.recognise.match import Match
from pipelines.recognise.search import Ambiguous
from pipelines.recognise.table import FORM, Block, Table

MOST_ABOVE = 3  # labels above the first record


def find_forms(sheet: Sheet, contracts: Iterable[Contract]) -> list[Table]:
    """The form on a sheet, if its labels are those of exactly one return. Raises Ambiguous."""
    found = [(contract, blocks) for contract in contracts if (blocks := _blocks(sheet, contract))]
    fits = [
        (min(len(_missing(contract, block)) for block in blocks), contract, blocks)
        for contract, blocks in found
        if any(_answers(contract, block) for block in blocks)
    ]
    fits.sort(key=lambda fit: fit[0])
    if not fits:
        return []
    if len(fits) > 1 and fits[0][0] == fits[1][0]:
        raise Ambiguous([Match(contract, Band((), ())) for _, contract, _ in fits[:2]])
    _, contract, blocks = fits[0]
    return [_table(sheet, contract, blocks)]


def _missing(contract: Contract, block: Block) -> set[str]:
    return {column.name for column in contract.required} - set(block.values)


def _answers(contract: Contract, block: Block) -> bool:
    """Half of what the return requires, the key among it, and two values at least."""
    required = len(contract.required)
    has_key = any(name in block.values for name in contract.key)
    return has_key and len(block.values) >= 2 and 2 * (required - len(_missing(contract, block))) >= required


def _blocks(sheet: Sheet, contract: Contract) -> list[Block]:
    """The records of a form.

    What stands above the first may be called like a part of it: 'Quarter:' says for when the return is, and
    'Quarter' in each block of what. So the reading counts in which the records lack least.
    """
    labelled = list(_labelled(sheet, contract))
    readings = [
        _cut(labelled[start:])
        for start in range(min(len(labelled), MOST_ABOVE + 1))
        if not start or labelled[start - 1][0].row < labelled[start][0].row
    ]
    return min(
        readings, key=lambda blocks: sum(len(_missing(contract, block)) for block in blocks), default=[]
    )


def _cut(labelled: list[tuple[Cell, str, Cell | None]]) -> list[Block]:
    """Records out of labels in a row: each begins where a label comes again."""
    blocks: list[Block] = []
    values: dict[str, Cell] = {}
    labels: dict[str, Cell] = {}

    def close() -> None:
        if labels:
            blocks.append(
                Block(dict(values), tuple(labels.values()), min(cell.row for cell in labels.values()))
            )
        values.clear()
        labels.clear()

    for label, name, value in labelled:
        if name in labels:
            close()
        labels[name] = label
        if value:
            values[name] = value
    close()
    return [block for block in blocks if block.values]


def _labelled(sheet: Sheet, contract: Contract) -> Iterator[tuple[Cell, str, Cell | None]]:
    """Every label of the return with the cell to its right, line by line; None where that is empty or a label."""
    names = _label_names(sheet, contract)
    rows: dict[int, list[Cell]] = {}
    for _, cell in sorted(sheet.cells.items()):
        rows.setdefault(cell.row, []).append(cell)
    for cells in rows.values():
        n = 0
        while n < len(cells):
            label, n = cells[n], n + 1
            name = names.get((label.row, label.column))
            if name is None:
                continue
            beside = cells[n] if n < len(cells) and (cells[n].row, cells[n].column) not in names else None
            yield label, name, beside
            n += beside is not None


def _label_names(sheet: Sheet, contract: Contract) -> dict[tuple[int, int], str]:
    """The cells that are labels of the return: in columns full of labels, for a value may be such a word too."""
    index = contract.heading_index
    names: dict[tuple[int, int], str] = {}
    filled: dict[int, int] = {}
    for place, cell in sheet.cells.items():
        filled[cell.column] = filled.get(cell.column, 0) + 1
        if isinstance(cell.value, str) and (found := index.find(cell.value.rstrip(" :"))):
            names[place] = found.name
    labels: dict[int, int] = {}
    for _, column in names:
        labels[column] = labels.get(column, 0) + 1
    return {place: name for place, name in names.items() if 3 * labels[place[1]] >= filled[place[1]]}


def _table(sheet: Sheet, contract: Contract, blocks: list[Block]) -> Table:
    places = {(cell.row, cell.column) for block in blocks for cell in block.labels}
    filled = set.union(*(set(block.values) for block in blocks))
    labelled = {
        found.name
        for found in (
            contract.heading_index.find(str(label.value).rstrip(" :"))
            for block in blocks
            for label in block.labels
        )
        if found
    }
    first = min(row for row, _ in places)
    return Table(
        contract=contract,
        sheet=sheet,
        top_row=0,
        header_row=first,
        header_top=first,
        end_row=max(row for row, _ in sheet.cells) + 1,
        columns={},
        unknown=(),
        missing=tuple(column for column in contract.required if column.name not in labelled | filled),
        shape=FORM,
        span=(0, max(column for _, column in sheet.cells)),
        cells=sheet.listed,
        header_cells=frozenset(places),
        blocks=tuple(blocks),
    )
