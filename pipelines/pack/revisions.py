"""Revisions: every figure that a later file has changed."""

from pipelines.pack.lookups import label, measure
from pipelines.pack.model import Column, Sheet, Table
from pipelines.pack.read import Marts
from pipelines.pack.words import capital

ORDER = 70


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = [
        {
            **row,
            "measure": measure(row),
            "what": capital(row["kind"]),
            "status": "[r]",
            "why": capital(row["cause"]),
        }
        for row in marts.rows("revisions", quarter=quarter)
    ]
    columns = [
        Column("what", "Kind", width=10),
        Column("subject_id", "Reference", width=16),
        Column("measure", "Measure", width=42),
        Column("area_id", "Area", width=14, missing="z"),
        Column("period_label", "Period"),
        Column("value_was", "Was", "number", places="places"),
        Column("value_is", "Is", "number", places="places"),
        Column("status", "Status", width=10),
        Column("why", "Why", width=14),
        Column("partner", "Changed by", width=18),
        Column("received_at", "Received", "date", is_figure=False),
        Column("file_name", "In the file", width=32),
    ]
    table = Table(
        "Revisions_figures",
        "Figures changed by a later file",
        columns,
        rows,
        "No figure of an earlier pack has been changed.",
        "revisions",
    )
    title = f"Revisions up to {label(marts, quarter)}"
    return [Sheet("Revisions", title, [table], "Every figure that a later return changed, was and is.")]
