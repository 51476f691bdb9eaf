"""The table of Improvement Plan actions, which the floor targets' sheets and Partnership share."""

from collections.abc import Sequence

from pipelines.pack.lookups import absent
from pipelines.pack.model import Column, Figure, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital

FIRST, SECOND = 32, 52  # widths: what a row is about, and what is said of it


def action_table(
    marts: Marts, quarter: str, actions: Sequence[Row], *, name: str, title: str, empty: str
) -> Table:
    """Actions in the order given; where one has no status, the words say what became of the return."""
    rows = [
        {
            **row,
            "action": f"{row['action_id']} {row['title']}",
            "serves": row["criterion_title"] or row["parent_id"],
            "state": _status(marts, quarter, row),
        }
        for row in actions
    ]
    columns = [
        Column("action", "Action", width=FIRST),
        Column("note", "Progress", width=SECOND, is_figure=True),
        Column("serves", "Serves", width=14),
        Column("owner_title", "Owner", width=15),
        Column("due_on", "Due", "date"),
        Column("state", "Status"),
        Column("percent_done", "Done (%)", "number"),
        Column("milestone", "Next milestone", width=17, is_figure=True),
        Column("milestone_due_on", "Milestone due", "date"),
        Column("days_overdue", "Days overdue", "number", missing="z"),
        *rating_columns("rating", "Partner's rating"),
        Column("basis", "Basis", width=13),
    ]
    return Table(name, title, columns, rows, empty, "actions")


def _status(marts: Marts, quarter: str, action: Row) -> Figure | str:
    if action["status"] is None:
        return absent(marts, quarter, action["owner"], "improvement_plan")
    return Figure(capital(action["status"]), (f"actions:{action['row_id']}:status",))
