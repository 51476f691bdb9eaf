"""NRF: the whole Neighbourhood Renewal Fund, by theme and by project."""

from collections.abc import Sequence
from typing import Any

from pipelines.pack.lookups import label, project_row
from pipelines.pack.model import Block, Column, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import counted

ORDER = 50
FIRST, SECOND = 32, 24  # widths that all tables of the sheet share
NO_PROJECTS = "No project of the fund runs in this quarter."


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    totals = marts.rows("nrf_themes", quarter=quarter, order=("theme_order", "theme"))
    projects = [project_row(marts, quarter, row) for row in marts.rows("nrf_projects", quarter=quarter)]
    blocks: list[Block] = [
        Paragraph(_coverage(totals)),
        Paragraph("A total covers the projects received alone: what is missing or refused is in no total."),
        _themes(totals),
        _money(projects),
        _outturn(projects),
        _outputs(projects),
    ]
    title = f"Neighbourhood Renewal Fund, {label(marts, quarter)}"
    return [Sheet("NRF", title, blocks, "The whole fund: totals by theme, and every project.")]


def _coverage(totals: Sequence[Row]) -> str:
    expected, received, refused = (
        sum(row[f"projects_{name}"] for row in totals) for name in ("expected", "received", "refused")
    )
    return (
        f"Figures for {received} of {counted(expected, 'project', 'projects')}: "
        f"{refused} refused, {expected - received - refused} not received."
    )


def _covers(row: Row) -> str:
    return f"{row['projects_received']} of {counted(row['projects_expected'], 'project', 'projects')}"


def _themes(totals: Sequence[Row]) -> Table:
    rows = [{**row, "covers": _covers(row)} for row in totals]
    columns = [
        Column("theme_title", "Theme", width=FIRST),
        Column("covers", "Totals cover", width=SECOND),
        Column("projects_expected", "Projects expected", "number"),
        Column("projects_received", "Projects received", "number"),
        Column("projects_refused", "Projects refused", "number"),
        Column("allocation", "Revised allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        Column("at_risk", "At risk", "money"),
        Column("basis", "Basis", width=13),
    ]
    empty = "No project of the fund was expected to report in this quarter."
    return Table("NRF_themes", "Totals by theme", columns, rows, empty, "nrf_themes")


def _money(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("partner_title", "Lead body", width=18),
        Column("allocation", "Allocation", "money"),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_year", "Profile, whole year", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_this_quarter", "Actual this quarter", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("committed", "Committed", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        *rating_columns("rating", "Spend rating"),
        Column("basis", "Basis", width=13),
    ]
    return Table("NRF_projects", "Spend by project", columns, rows, NO_PROJECTS, "nrf_projects")


def _outturn(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("said", "Commentary", width=SECOND),
        Column("burn", "Spend per quarter so far", "money"),
        Column("required_run", "Needed per quarter from now", "money"),
        Column("outturn_straight", "Outturn, straight line", "money"),
        Column("outturn_profile", "Outturn, by profile", "money"),
        Column("outturn_plan", "Outturn, to plan", "money"),
        Column("forecast_outturn", "Outturn, partner's own", "money"),
        Column("outturn_low", "Lowest outturn", "money"),
        Column("outturn_high", "Highest outturn", "money"),
        Column("carry_forward", "Carried forward", "money"),
        Column("at_risk", "At risk", "money"),
        Column("basis", "Basis", width=13),
    ]
    return Table("NRF_outturn", "Where spend is heading", columns, rows, NO_PROJECTS, "nrf_projects")


def _outputs(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("output_measure", "Output", width=SECOND, is_figure=True),
        Column("output_target", "Output target to date", "number"),
        Column("output_actual", "Output actual to date", "number"),
        *rating_columns("rating_delivery", "Delivery rating"),
        *rating_columns("rating_spend", "Spend rating by partner"),
        Column("basis", "Basis", width=13),
    ]
    return Table(
        "NRF_outputs", "Outputs and partners' own ratings", columns, rows, NO_PROJECTS, "nrf_projects"
    )
