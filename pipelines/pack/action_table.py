"""The table of Improvement Plan actions, which the floor targets' sheets and Partnership share."""

from collections.abc import Sequence

from pipelines.pack.lookups import absent
from pipelines.pack.model import Column, Figure, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import PARTNERSHIP, placed
from pipelines.pack.words import capital


def action_table(
    marts: Marts,
    quarter: str,
    actions: Sequence[Row],
    *,
    name: str,
    title: str,
    empty: str,
    is_by_criterion: bool = False,
) -> Table:
    """Actions in the order given; where one has no status, the words say what became of the return.

    `is_by_criterion`: they serve criteria, each of which is named; else all serve the target that they stand under.
    """
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
        Column("action", "Action"),
        Column("note", "Progress", is_figure=True),
        *rating_columns("rating", "Partner's rating"),
        Column("due_on", "Due", "date"),
        Column("state", "Status"),
        Column("milestone", "Next milestone", is_figure=True),
        Column("milestone_due_on", "Milestone due", "date"),
        Column("percent_done", "Done (%)", "number"),
        Column("days_overdue", "Days overdue", "number", missing="z"),
        Column("owner_title", "Owner"),
        Column("basis", "Basis"),
    ]
    if is_by_criterion:
        columns = [*placed(columns, PARTNERSHIP), Column("serves", "Serves", width=17)]
    else:
        columns = placed(columns)
    return Table(name, title, columns, rows, empty, "actions")


def _status(marts: Marts, quarter: str, action: Row) -> Figure | str:
    if action["status"] is None:
        return absent(marts, quarter, action["owner"], "improvement_plan")
    return Figure(capital(action["status"]), (f"actions:{action['row_id']}:status",))
