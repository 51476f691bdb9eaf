"""A form's blocks as records: each label names the value beside it."""

from pipelines.layouts.records import Lines, SourceRow
from pipelines.recognise import Table


def read_form(table: Table) -> Lines:
    """One record per block; what is neither label nor value of one is outside."""
    lines = Lines()
    values = set()
    for block in table.blocks:
        lines.records.append(SourceRow(block.row, dict(block.values)))
        values |= {(cell.row, cell.column) for cell in block.values.values()}
    for cell in table.cells.every:
        place = (cell.row, cell.column)
        if place in table.header_cells:
            lines.outside[place] = "header"
        elif place not in values and cell.row >= table.header_top:
            lines.outside[place] = "not in contract"
            if not isinstance(cell.value, str):
                lines.stray.append(cell)  # a figure without a label that we know
    return lines
