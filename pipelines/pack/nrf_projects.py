"""Tables of the NRF sheet with a line per project: spend, where it is heading, outputs."""

from collections.abc import Sequence
from typing import Any

from pipelines.pack.model import Column, Table, rating_columns
from pipelines.pack.nrf_widths import BASIS, placed
from pipelines.pack.read import Marts
from pipelines.pack.words import listed

ONE_BY_ONE = (
    "One by one: each project under the cap by itself. Added up they are less carried forward than the fund has as a "
    "whole, and more at risk, where one project has room that another needs."
)
NO_PROJECTS = "No project of the fund runs in this quarter."


def money_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project"),
        Column("partner_title", "Lead body"),
        *rating_columns("rating", "Spend rating"),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        BASIS,
    ]
    return Table("Fund_projects", "Spend by project", placed(columns), rows, NO_PROJECTS, "nrf_projects")


def outturn_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project"),
        Column("said", "Commentary"),
        Column("burn", "Spend per quarter so far", "money"),
        Column("required_run", "Needed per quarter from now", "money"),
        Column("times_burn", "Times as fast as so far", "number", places=1),
        Column("outturn_straight", "Outturn, straight line", "money"),
        Column("outturn_profile", "Outturn, by profile", "money"),
        Column("outturn_plan", "Outturn, to plan", "money"),
        Column("forecast_outturn", "Outturn, partner's own", "money"),
        BASIS,
    ]
    return Table(
        "Fund_project_outturns", "Where spend is heading", placed(columns), rows, NO_PROJECTS, "nrf_projects"
    )


def risk_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project"),
        Column("theme_title", "Theme"),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        Column("carry_forward", "Carried forward, one by one", "money"),
        Column("at_risk", "At risk, at most", "money"),
        Column("at_risk_least", "At risk, at least", "money"),
        BASIS,
    ]
    title = "What could be carried forward or lost"
    name, notes = "Fund_project_risks", [ONE_BY_ONE]
    return Table(name, title, placed(columns), rows, NO_PROJECTS, "nrf_projects", notes=notes)


def allocations_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project"),
        Column("theme_title", "Theme"),
        Column("allocation", "Allocation", "money"),
        Column("carry_in", "Carried in", "money"),
        Column("virement", "Virement", "money"),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_year", "Profile, whole year", "money"),
        Column("actual_this_quarter", "Actual this quarter", "money"),
        Column("committed", "Committed", "money"),
        BASIS,
    ]
    return Table(
        "Fund_allocations", "Allocations of the year", placed(columns), rows, NO_PROJECTS, "nrf_projects"
    )


def outputs_table(marts: Marts, rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project"),
        Column("output_measure", "Output", is_figure=True),
        *rating_columns("rating_delivery", "Delivery rating"),
        Column("output_target", "Output target to date", "number", status="output_target_status"),
        Column("output_actual", "Output actual to date", "number", status="output_actual_status"),
        *rating_columns("rating_spend", "Spend rating by partner"),
        BASIS,
    ]
    return Table(
        "Fund_outputs",
        "Outputs and partners' own ratings",
        placed(columns),
        rows,
        NO_PROJECTS,
        "nrf_projects",
        notes=_rounded(marts, rows),
    )


def _rounded(marts: Marts, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Which actual outputs the public edition rounds."""
    counted = [row["project_id"] for row in rows if row["output_actual"] is not None]
    rounded = [project_id for project_id in counted if marts.rounding(project_id)]
    which = "" if rounded == counted else f": {listed(rounded)}"
    return [f"Actual outputs are rounded{which}."] if rounded else []
