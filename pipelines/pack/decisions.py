"""Decisions: what the Board is asked, found by rule, the most pressing first."""

from collections.abc import Mapping

from pipelines.pack.lookups import label, names
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Sheet, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted
from pipelines.sheet_names import sheet_of_target

PARTNERS_ONLY = True
ORDER = 25


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    named = names(marts)
    elsewhere = {
        "money at risk": named.fund_short,
        "a return is missing": "Quality",
        "an action is overdue": "Partnership",
    }
    found = marts.rows("decisions", quarter=quarter, order=("decision_order",))
    rows = [
        {
            **row,
            "rule": capital(row["rule"]),
            "amount": row["amount"] if row["amount"] is not None else Figure(None, ()),
            "evidence": _evidence(row, elsewhere),
            "owner": row["owner_title"] or "not named",
        }
        for row in found
    ]
    columns = [
        Column("decision_order", "Rank", "number", 7, is_figure=False),
        Column("rule", "Why it is asked", width=18),
        Column("issue", "What is the matter", width=46, is_figure=True),
        Column("ask", "What the Board is asked", width=36),
        Column("owner", "Who answers for it", width=18),
        Column("by_on", "By when", "date"),
        Column("amount", "At stake", "money", 12, missing="z"),
        Column("evidence", "Evidence", width=11),
        Column("basis", "Basis", width=13, missing="z"),
    ]
    table = Table(
        "Decisions_asked",
        "What the Board is asked",
        columns,
        rows,
        "Nothing is asked of the Board by rule this quarter.",
        "decisions",
    )
    blocks: list[Block] = [
        Paragraph(
            f"{counted(len(rows), 'question', 'questions')} found by rule. In order: a {named.target} that is red "
            "without a live action, without money or underspent; a proxy that says otherwise than its target; "
            "money at risk; actions overdue; returns that are missing. A rule raises a question; it decides nothing."
        ),
        table,
    ]
    title = f"Decisions for {label(marts, quarter)}"
    return [Sheet("Decisions", title, blocks, "What the Board is asked, the most pressing first.")]


def _evidence(row: Row, elsewhere: Mapping[str, str]) -> Link:
    """The sheet on which the figures stand."""
    sheet = sheet_of_target(row["parent_id"]) if row["parent_id"] else elsewhere[row["rule"]]
    return Link(sheet, sheet)
