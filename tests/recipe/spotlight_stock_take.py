"""Spotlight: the stock takes of the quarter, and how sure their panels are."""

from pipelines.pack.lookups import label
from pipelines.pack.model import Column, Sheet, Table, rating_columns
from pipelines.pack.read import Marts

ORDER = 45
COLUMNS = [
    Column("review_id", "Review"),
    Column("decision", "Decision", width=44, is_figure=True),
    Column("held_on", "Held on", "date"),
    Column("attendees", "Attendees", "number"),
    *rating_columns("confidence", "Confidence"),
    Column("actions_due", "Actions due", "number"),
    Column("actions_overdue", "Overdue", "number"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = marts.rows("spotlight_stock_take", quarter=quarter)
    empty = "No stock take was reported in this quarter."
    table = Table("Spotlight_stock_takes", "Stock takes", COLUMNS, rows, empty, "spotlight_stock_take")
    title = f"Spotlight stock takes, {label(marts, quarter)}"
    return [Sheet("Spotlight", title, [table], "What the stock takes of Spotlight reviews decided.")]
