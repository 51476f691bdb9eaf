"""Partnership: the annual review, and progress on partnership working, criterion by criterion."""

from pipelines.pack.action_table import action_table
from pipelines.pack.days import on_which_day
from pipelines.pack.judgements import overall, review_tables
from pipelines.pack.lookups import BY_RULE, label, names
from pipelines.pack.model import Block, Figure, Paragraph, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.words import capital, counted, listed

ORDER = 40


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    plan = names(marts).plan
    criteria = marts.rows("criteria", order=("criterion_order", "criterion_id"))
    place = {row["criterion_id"]: number for number, row in enumerate(criteria)}
    actions = marts.rows("actions", quarter=quarter, strand="partnership")
    actions.sort(key=lambda row: (place.get(row["criterion"], len(place)), row["action_id"]))
    served = {row["criterion"] for row in actions}
    without = [row["title"] for row in criteria if row["criterion_id"] not in served]
    overdue = sum((row["days_overdue"] or 0) > 0 for row in actions)
    blocks: list[Block] = [
        Paragraph(
            f"{capital(counted(len(actions), 'action', 'actions'))}, {overdue or 'none'} overdue "
            f"{on_which_day(marts, quarter)}."
        ),
        *([Paragraph(f"Criteria without an action: {listed(without)}.")] if without else []),
        action_table(
            marts,
            quarter,
            actions,
            name="Partnership_actions",
            title=f"{plan} actions on partnership working",
            empty=f"{plan}: no action on partnership working.",
            is_by_criterion=True,
        ),
        *review_tables(marts, quarter),
    ]
    title = f"Partnership working, {label(marts, quarter)}"
    purpose = f"{plan} actions by criterion of partnership working, and the annual review."
    whole = overall(marts, quarter)
    rating = Figure(whole["rating"], (f"annual_review:{whole['row_id']}:rating",)) if whole else None
    source = whole["rating_source"] if whole else None
    whose = source if source and source != BY_RULE else ""
    return [Sheet("Partnership", title, blocks, purpose, rating, whose=whose, rests_on=whose)]
