"""Data_Actions: every action of the plan, of both strands."""

from pipelines.pack.lookups import label, names
from pipelines.pack.model import Column, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.tidy_sheet import tidy_sheet

ORDER = 82
COLUMNS = [
    Column("action_id", "Action"),
    Column("strand", "Strand", width=12),
    Column("target_id", "Target", width=10, missing="z"),
    Column("criterion", "Criterion", missing="z"),
    Column("title", "Title", width=48),
    Column("owner_title", "Owner", width=24),
    Column("due_on", "Due", "date"),
    Column("status", "Status", is_figure=True),
    Column("percent_done", "Done (%)", "number"),
    Column("milestone", "Next milestone", width=30, is_figure=True),
    Column("milestone_due_on", "Milestone due", "date"),
    Column("days_overdue", "Days overdue", "number"),
    Column("rating", "Rating", is_figure=True),
    Column("note", "Progress", width=48, is_figure=True),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows: list[dict[str, object]] = [*marts.rows("actions", quarter=quarter)]
    title = f"Data: {names(marts).plan} actions, {label(marts, quarter)}"
    return [tidy_sheet("Data_Actions", title, "One row per action", "actions", "status", COLUMNS, rows)]
