"""Decisions: what the Board is asked, found by rule, the most pressing first."""

from collections.abc import Mapping
from typing import Any

from pipelines.house_style.sheet_names import sheet_of_target
from pipelines.pack.days import on_which_day
from pipelines.pack.lookups import label, names, rating_scale
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Rating, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted

PARTNERS_ONLY = True
ORDER = 25
ASKED = [
    Column("decision_order", "Rank", "number", 7, is_figure=False),
    Column("rule", "Why it is asked", width=18),
    Column("issue", "What is the matter", width=46, is_figure=True),
    Column("ask", "What the Board is asked", width=34),
    Column("owner", "Who answers for it", width=18),
    Column("by_on", "By when", "date"),
    Column("amount", "At stake", "money", 12, missing="z"),
    Column("evidence", "Evidence", width=11),
    Column("basis", "Basis", width=13, missing="z"),
]


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
    asked = [row for row in rows if not row["answered"]]
    answered = [row for row in rows if row["answered"]]
    blocks: list[Block] = [
        Paragraph(
            f"{counted(len(asked), 'question', 'questions')} found by rule. In order: a {named.target} that is red "
            "without a live action, without money or underspent; a proxy that says otherwise than its target; "
            "money at risk; actions overdue; returns that are missing. A rule asks and decides nothing. "
            + _overdue(marts, quarter)
        ),
        *_asked_from(marts, named.fund_short),
        Table(
            "Decisions_asked",
            "What the Board is asked",
            ASKED,
            asked,
            "Nothing is asked of the Board by rule this quarter.",
            "decisions",
        ),
        *_answered(answered),
        *_not_asked(marts, quarter),
    ]
    title = f"Decisions for {label(marts, quarter)}"
    return [Sheet("Decisions", title, blocks, "What the Board is asked, the most pressing first.")]


def _overdue(marts: Marts, quarter: str) -> str:
    """How many actions are overdue, and by which day."""
    late = sum((row["days_overdue"] or 0) > 0 for row in marts.rows("actions", quarter=quarter))
    many = counted(late, "action is", "actions are")
    return f"{capital(many)} overdue {on_which_day(marts, quarter)}."


def _asked_from(marts: Marts, fund: str) -> list[Block]:
    """From where on money at risk is asked about, by the framework's bands of spend."""
    scale = rating_scale(marts)
    bands = [row for row in marts.rows("spend_bands") if row["up_to_pct"] is not None]
    calm = [row["up_to_pct"] for row in bands if not _is_worse(row["rating"], scale)]
    if not calm:
        return []
    words = " or ".join(rating.word for rating in scale.values() if _is_worse(rating.code, scale))
    return [
        Paragraph(
            f"Money at risk is asked about where a project's spend is more than {max(calm):g}% off its profile, "
            f"so that it is rated {words} (spend bands of the framework, on Notes), and at its lowest outturn some "
            f"of it could not be carried forward. There is no lowest amount. {fund} shows every project."
        )
    ]


def _answered(rows: list[dict[str, Any]]) -> list[Block]:
    """What a rule would ask, had the partnership not said on record that it knows; nothing where there is none."""
    columns = [
        ASKED[0],
        Column("rule", "Why it would be asked", width=18),
        Column("issue", "What is the matter", width=46, is_figure=True),
        Column("answered", "What answers it", width=34),
        *(column for column in ASKED if column.name in ("owner", "amount", "evidence", "basis")),
    ]
    return (
        [Table("Decisions_answered", "Answered on record, so not asked", columns, rows, "None.", "decisions")]
        if rows
        else []
    )


def _not_asked(marts: Marts, quarter: str) -> list[Block]:
    """The money at risk of projects that are nearer to their profile, so that nobody need look for it."""
    scale = rating_scale(marts)
    found = sorted(
        (
            row
            for row in marts.rows("nrf_projects", quarter=quarter)
            if row["rating"] and not _is_worse(row["rating"], scale) and (row["at_risk"] or 0) > 0
        ),
        key=lambda row: -row["at_risk"],
    )
    rows = [{**row, "project": f"{row['project_id']} {row['title']}"} for row in found]
    columns = [
        *rating_columns("rating", "Spend rating"),
        Column("project", "Project", width=44),
        Column("partner_title", "Lead body", width=34),
        Column("variance_pct", "Variance (%)", "number", places=1),
        Column("at_risk", "At risk, at most", "money", 13),
        Column("at_risk_least", "At risk, at least", "money", 12),
        Column("basis", "Basis", width=13, missing="z"),
    ]
    title = "Money at risk where spend is nearer to profile, so not asked"
    return [Table("Decisions_below", title, columns, rows, "None.", "nrf_projects")] if rows else []


def _is_worse(code: str, scale: Mapping[str, Rating]) -> bool:
    """Whether a rating lies in the worse half of the scale."""
    return scale[code].rank > max(rating.rank for rating in scale.values()) / 2


def _evidence(row: Row, elsewhere: Mapping[str, str]) -> Link:
    """The sheet on which the figures stand."""
    sheet = sheet_of_target(row["parent_id"]) if row["parent_id"] else elsewhere[row["rule"]]
    return Link(sheet, sheet)
