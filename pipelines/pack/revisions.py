"""Revisions: every figure that a later return has changed since the last pack."""

from pipelines.pack.lookups import label
from pipelines.pack.model import Column, Sheet, Table
from pipelines.pack.read import Marts

ORDER = 70


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = [
        {**row, "figure": row["column_name"].replace("_", " ").capitalize(), "status": "[r]"}
        for row in marts.rows("revisions", quarter=quarter)
    ]
    columns = [
        Column("item_id", "Reference", width=14),
        Column("title", "Measure, indicator or project", width=40),
        Column("figure", "Figure", width=20),
        Column("period_label", "Period", width=16, missing="z"),
        Column("value_was", "Was", "number", 13, places="places"),
        Column("value_is", "Is", "number", 13, places="places"),
        Column("status", "Status", width=10),
        Column("received_at", "Changed by the return of", "date", 15, is_figure=False),
        Column("file_name", "In the file", width=34),
    ]
    table = Table(
        "Revisions_figures",
        "Figures changed since the last pack",
        columns,
        rows,
        "No figure of an earlier pack has been changed.",
        "revisions",
    )
    title = f"Revisions up to {label(marts, quarter)}"
    return [Sheet("Revisions", title, [table], "Every figure that a later return changed, was and is.")]
