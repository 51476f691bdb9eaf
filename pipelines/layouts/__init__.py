"""The shape of a table: which of its cells make a record, and what the other cells are.

Three shapes: a table has a record per line, a crosstab one per line and group of columns (a period, say), a form
one per block of labels. Each cell is either a value of a record or declared outside (header, total, footnote,
example, padding, nil, not in contract).
"""

from pipelines.layouts.form import read_form
from pipelines.layouts.grid import read_grid
from pipelines.layouts.records import Lines, Records, SourceRow, Stack
from pipelines.recognise import FORM, Table

__all__ = ["Lines", "Records", "SourceRow", "Stack", "read_table"]


def read_table(table: Table) -> Lines:
    """Sort the cells from the headings to the table's end."""
    return read_form(table) if table.shape == FORM else read_grid(table)
