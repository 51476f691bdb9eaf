"""What the Data_* sheets share: one plain table each, for other programs to read."""

from collections.abc import Sequence
from typing import Any

from pipelines.pack.model import Column, Sheet, Table

REFERENCE = Column("figure_id", "Figure reference", width=52)


def tidy_sheet(
    name: str,
    title: str,
    grain: str,
    mart: str,
    headline: str,
    columns: Sequence[Column],
    rows: Sequence[dict[str, Any]],
) -> Sheet:
    """One table of a mart, its last column the figure_id of each row's headline figure (for lsp trace)."""
    with_ids = [{**row, "figure_id": f"{mart}:{row['row_id']}:{headline}"} for row in rows]
    table = Table(name, grain, [*columns, REFERENCE], with_ids, "There are no rows in this quarter.", mart)
    return Sheet(name, title, [table], f"{grain}, as a plain table for other programs.", is_tidy=True)
