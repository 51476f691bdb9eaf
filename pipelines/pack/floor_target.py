"""FT_<floor target>: one sheet per floor target, with its four tables.

a. progress of the target, b. proxies, c. Improvement Plan actions, d. Neighbourhood Renewal Fund projects.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.pack.lookups import (
    absent,
    label,
    measure,
    parents,
    periods_known,
    project_row,
    rating_scale,
    remark,
    targets,
)
from pipelines.pack.model import (
    Block,
    Column,
    Figure,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
    table_name,
    worst,
)
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import DIRECTIONS, capital, sentence

ORDER = 30
FIRST, SECOND = 30, 36  # widths that all tables of a sheet share: what a row is about, and what is said of it


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    """One sheet per floor target, in the framework's order."""
    scale = rating_scale(marts)
    of_quarter = targets(marts, quarter)
    return [
        _sheet(
            marts,
            quarter,
            parent,
            [row for row in of_quarter if row["parent_id"] == parent["parent_id"]],
            scale,
        )
        for parent in parents(marts)
    ]


def sheet_name(parent_id: str) -> str:
    return f"FT_{parent_id}"


def _sheet(marts: Marts, quarter: str, parent: Row, parts: list[Row], scale: Mapping[str, Rating]) -> Sheet:
    parent_id = parent["parent_id"]
    name = sheet_name(parent_id)
    overall = worst([_rating(part) for part in parts], scale)
    word = scale[overall.value].word if overall.value else "no rating"
    rated = sum(part["rating"] is not None for part in parts)
    covers = f"{rated} of {len(parts)}"
    blocks: list[Block] = [
        Paragraph(f"The target: {parent['wording']}"),
        Paragraph(
            f"Lead: {parent['lead_partner'] or 'not named'}. Source: {parent['source'] or 'not given'}."
        ),
        Paragraph(
            f"Overall rating for {label(marts, quarter)}: {word}, the worst of {covers} measures rated."
        ),
        _standing(name, parts),
        _partner_says(name, parts),
        _definition(name, parts),
        _progress(marts, quarter, name, parts),
        _proxies(marts, quarter, name, parts),
        _actions(marts, quarter, name, parent_id),
        _projects(marts, quarter, name, parent_id),
    ]
    purpose = "Progress, proxies, Improvement Plan actions, and spend and projects of this floor target."
    return Sheet(name, f"{parent_id}: {parent['title']}", blocks, purpose, overall, covers)


def _rating(part: Row) -> Figure:
    return Figure(part["rating"], (f"floor_targets:{part['row_id']}:rating",))


def _standing(name: str, parts: list[Row]) -> Table:
    rows = [
        {
            **part,
            "measure": measure(part),
            "source": capital(part["rating_source"]),
        }
        for part in parts
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("rating_reason", "Where we stand", width=SECOND),
        *rating_columns("rating", "Rating"),
        Column("source", "Rated by", width=12, missing="z"),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("latest_label", "Latest period", width=12),
        Column("trajectory_value", "Needed by now", "number", places="places"),
        Column("on_course", "On course", "share"),
        Column("age_months", "Age in months", "number"),
        Column("is_stale", "Stale", "yes_no"),
        Column("values_basis", "Basis", width=13),
    ]
    return Table(
        table_name(name, "standing"),
        "Where we stand",
        columns,
        rows,
        "Nothing that can be measured stands under this floor target yet.",
        "floor_targets",
    )


def _partner_says(name: str, parts: list[Row]) -> Table:
    rows = [
        {**part, "measure": measure(part)} for part in parts if part["commentary"] or part["rating_partner"]
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("commentary", "Commentary", width=SECOND, is_figure=True),
        *rating_columns("rating_partner", "Partner's rating"),
    ]
    return Table(
        table_name(name, "partner"),
        "What the partner says",
        columns,
        rows,
        "The partner has sent neither a rating nor a comment.",
        "floor_targets",
    )


def _definition(name: str, parts: list[Row]) -> Table:
    rows = [{**part, "measure": measure(part), "stated": _stated(part)} for part in parts]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("stated", "What to know about it", width=SECOND),
        Column("baseline_value", "Baseline", "number", places="places"),
        Column("baseline_label", "Baseline period", width=12),
        Column("baseline_basis", "Basis of baseline", width=13),
        Column("target_value", "Target", "number", places="places"),
        Column("target_label", "Target period", width=12),
        Column("due_on", "Due", "date"),
        Column("progress", "Way made", "share"),
    ]
    return Table(
        table_name(name, "definition"),
        "From where to where",
        columns,
        rows,
        "No baseline or target has been set.",
        "floor_targets",
    )


def _stated(part: Row) -> str:
    polarity = sentence(part["polarity"])
    return f"{polarity} {sentence(part['note'])}" if part["note"] else polarity


def _progress(marts: Marts, quarter: str, name: str, parts: list[Row]) -> Table:
    by_id = {part["target_id"]: part for part in parts}
    rows = [
        {
            **row,
            "measure": by_id[row["target_id"]]["title"],
            "places": by_id[row["target_id"]]["places"],
            "remark": remark(row["value"], row["status"]),
        }
        for row in periods_known(marts, quarter, by_id)
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("period_label", "Period", width=SECOND),
        Column("value", "Value", "number", places="places", status="status"),
        Column("remark", "Status", width=10),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("trajectory_value", "Needed on the trajectory", "number", 12, places="places"),
        Column("on_course", "On course", "share"),
        Column("comparator_title", "Compared with", width=12, missing="z"),
        Column("comparator_value", "Value there", "number", places="places"),
        Column("gap", "Gap", "number", places="places"),
        Column("basis", "Basis", width=13),
    ]
    return Table(
        table_name(name, "a_progress"),
        "a. Progress of the target",
        columns,
        rows,
        "No value has been published for this floor target by the cut-off.",
        "target_series",
    )


def _proxies(marts: Marts, quarter: str, name: str, parts: list[Row]) -> Table:
    rows = [
        {
            **row,
            "proxy": measure(row),
            "why": " ".join([sentence(part["title"]), *([sentence(row["rationale"])] if row["rationale"] else [])]),
            "remark": remark(row["latest_value"], row["latest_status"]),
            "moved": DIRECTIONS.get(row["direction"], row["direction"]),
        }
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
    ]
    columns = [
        Column("proxy", "Proxy", width=FIRST),
        Column("why", "Speaks for, and why", width=SECOND),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("remark", "Status", width=10),
        Column("latest_label", "Latest period", width=12),
        Column("previous_value", "Previous value", "number", places="places"),
        Column("previous_label", "Previous period", width=12),
        Column("moved", "Moved", width=10),
        Column("age_months", "Age in months", "number"),
        Column("is_stale", "Stale", "yes_no"),
        Column("partner", "Sent by", width=14),
        Column("basis", "Basis", width=13),
    ]
    return Table(
        table_name(name, "b_proxies"),
        "b. Proxies",
        columns,
        rows,
        "No proxy has been found for this floor target, so nothing is known between its own values.",
        "proxies",
    )


def _actions(marts: Marts, quarter: str, name: str, parent_id: str) -> Table:
    return action_table(
        marts,
        quarter,
        marts.rows("actions", quarter=quarter, strand="delivery", target_id=parent_id),
        table_name(name, "c_actions"),
        "c. Improvement Plan actions",
        "The Improvement Plan has no action for this floor target.",
    )


def action_table(
    marts: Marts,
    quarter: str,
    actions: list[Row],
    name: str,
    title: str,
    empty: str,
    *,
    by_criterion: bool = False,
) -> Table:
    """Improvement Plan actions, with what became of the return where an action has no status."""
    rows = [
        {
            **row,
            "action": f"{row['action_id']} {row['title']}",
            "state": _status(marts, quarter, row),
        }
        for row in actions
    ]
    columns = [
        *([Column("criterion_title", "Criterion", width=18)] if by_criterion else []),
        Column("action", "Action", width=FIRST),
        Column("note", "Progress", width=SECOND, is_figure=True),
        Column("owner_title", "Owner", width=14),
        Column("due_on", "Due", "date"),
        Column("state", "Status", width=12),
        Column("percent_done", "Done (%)", "number", 9),
        Column("milestone", "Next milestone", width=18, is_figure=True),
        Column("milestone_due_on", "Milestone due", "date"),
        Column("days_overdue", "Days overdue", "number", 9, missing="z"),
        *rating_columns("rating", "Rating"),
        Column("basis", "Basis", width=13),
    ]
    return Table(name, title, columns, rows, empty, "actions")


def _status(marts: Marts, quarter: str, action: Row) -> Figure | str:
    if action["status"] is None:
        return absent(marts, quarter, action["owner"], "improvement_plan")
    return Figure(action["status"].capitalize(), (f"actions:{action['row_id']}:status",))


def _projects(marts: Marts, quarter: str, name: str, parent_id: str) -> Table:
    links: dict[str, Row] = {
        row["project_id"]: row for row in marts.rows("project_targets", parent_id=parent_id)
    }
    rows = [
        _share(project_row(marts, quarter, row), links[row["project_id"]])
        for row in marts.rows("nrf_projects", quarter=quarter)
        if row["project_id"] in links
    ]
    columns = [
        Column("project", "Project", width=FIRST),
        Column("said", "Commentary", width=SECOND),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        *rating_columns("rating", "Spend rating"),
        Column("share", "Share of project (%)", "number"),
        Column("basis", "Basis", width=13),
    ]
    return Table(
        table_name(name, "d_spend"),
        "d. Neighbourhood Renewal Fund: spend and projects",
        columns,
        rows,
        "No project of the Neighbourhood Renewal Fund serves this floor target.",
        "nrf_projects",
    )


def _share(project: dict[str, Any], link: Row) -> dict[str, Any]:
    """The project with how much of it serves the target; a shared one must not be added up over targets."""
    share = Figure(link["weight_pct"], (f"project_targets:{link['row_id']}:weight_pct",))
    name = project["project"] if share.value == 100 else f"{project['project']} (shared, not additive)"
    return {**project, "project": name, "share": share}
