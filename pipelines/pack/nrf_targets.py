"""Tables of the fund's sheet that set money beside something else: targets, questions, the programme."""

from typing import Any

from pipelines.pack.lookups import names
from pipelines.pack.model import Column, Table, rating_columns
from pipelines.pack.nrf_widths import BASIS, placed
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted, listed


def covers(row: Row) -> str:
    """3 of 4 projects, for a total; and of which funds, where it adds over several."""
    funds = row.get("funds") or ""
    over = f", over {listed(funds.split('; '))}" if "; " in funds else ""
    return f"{row['projects_received']} of {counted(row['projects_expected'], 'project', 'projects')}{over}"


def question_table(marts: Marts, quarter: str) -> Table:
    """What money, ratings and actions raise together, a sentence each, the most pressing first."""
    found = marts.rows("money_against_progress", quarter=quarter, order=("question_order", "row_id"))
    target = names(marts).target
    rows = [{**row, "target": _target(row), "asked": capital(row["question"])} for row in found]
    columns = [
        Column("target", capital(target) or ""),
        Column("sentence", "What the figures say", is_figure=True),
        *rating_columns("rating", f"Rating of {target}", status="rating_mark"),
        Column("asked", "Money against progress"),
        Column("allocation", "Share of revised allocations", "money"),
        Column("actual_to_date", "Share of actual to date", "money"),
        BASIS,
    ]
    empty = (
        f"No {target} is red without money, without a live action or underspent; "
        "none with money is green or without a rating."
    )
    return Table(
        "Fund_questions", "Money against progress", placed(columns), rows, empty, "money_against_progress"
    )


def target_table(marts: Marts, quarter: str) -> Table:
    """The money that serves each floor target: every project counts once, by its shares."""
    target = names(marts).target
    columns = [
        Column("target", capital(target) or ""),
        Column("counts", "What is counted"),
        *rating_columns("rating", f"Rating of {target}", status="rating_mark"),
        Column("allocation", "Share of revised allocations", "money"),
        Column("profile_to_date", "Share of profile to date", "money"),
        Column("actual_to_date", "Share of actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        Column("allocation_pct", "In % of all allocations", "number", places=1),
        Column("actions_live", "Live actions", "number"),
        BASIS,
    ]
    return _by_target(marts, quarter, "Fund_targets", f"Money by {target}", columns)


def target_outturns(marts: Marts, quarter: str) -> Table:
    """Where that money is heading."""
    target = names(marts).target
    columns = [
        Column("target", capital(target) or ""),
        Column("counts", "What is counted"),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        Column("at_risk", "At risk, one by one", "money"),
        BASIS,
    ]
    title = f"Where money by {target} is heading"
    return _by_target(marts, quarter, "Fund_target_outturns", title, columns)


def _by_target(marts: Marts, quarter: str, name: str, title: str, columns: list[Column]) -> Table:
    rows = [
        {**row, "target": _target(row), "counts": _counts(row, is_public=marts.is_public)}
        for row in marts.rows("target_money", quarter=quarter, order=("target_order", "parent_id"))
    ]
    empty = "The framework has no targets for this quarter."
    return Table(name, title, placed(columns), rows, empty, "target_money")


def programme_table(marts: Marts, quarter: str) -> Table:
    """What the programme says of each theme beside its projects; compared only if all of them came in."""
    found = marts.rows("nrf_programme", quarter=quarter, order=("theme_order", "theme"))
    columns = [
        Column("theme_title", "Theme"),
        Column("sentence", "What the comparison says", is_figure=True),
        Column("programme_allocation", "Allocation, programme", "money"),
        Column("projects_allocation", "Allocation, projects received", "money"),
        Column("allocation_difference", "Difference in allocation", "money"),
        Column("programme_actual", "Actual to date, programme", "money"),
        Column("projects_actual", "Actual to date, projects received", "money"),
        Column("actual_difference", "Difference in actual", "money"),
        Column("note", "Note of the programme"),
        BASIS,
    ]
    rows: list[dict[str, Any]] = [{**row, "note": row["programme_note"] or "None"} for row in found]
    empty = "There is neither a project nor a programme return in this quarter."
    return Table("Fund_programme", "Programme and projects", placed(columns), rows, empty, "nrf_programme")


def _target(row: Row) -> str:
    return f"{row['parent_id']} {row['title']}"


def _counts(row: Row, *, is_public: bool) -> str:
    """Which projects are in the sums of a floor target, and which serve it without being in them."""
    others = row["projects_not_additive"]
    if not row["projects_expected"]:
        said = "No project serves it by share"
    else:
        said = f"Shares of {covers(row)}"
        if (refused := row["projects_refused"]) and not is_public:
            said += f" ({refused} refused)"
    return f"{said}; {counted(others, 'further one', 'further ones')}, not additive" if others else said
