"""NRF: the whole Neighbourhood Renewal Fund, by theme and by project."""

from collections.abc import Sequence

from pipelines.pack.lookups import label, partner_names, project_row
from pipelines.pack.model import Column, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import counted

ORDER = 50
FIRST, SECOND = 30, 22


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    themes = {row["theme_id"]: row for row in marts.rows("themes")}
    totals = marts.rows("nrf_themes", quarter=quarter)
    totals.sort(key=lambda row: (themes[row["theme"]]["theme_order"], row["theme"]))
    names = partner_names(marts)
    projects = [
        {**project_row(marts, quarter, row), "lead": names.get(row["partner"], row["partner"])}
        for row in marts.rows("nrf_projects", quarter=quarter)
    ]
    blocks = [
        Paragraph(_coverage(totals)),
        Paragraph("A total covers the projects received alone: what is missing or refused is in no total."),
        _themes([{**row, "title": themes[row["theme"]]["title"], "covers": _covers(row)} for row in totals]),
        _money(projects),
        _outturn(projects),
        _outputs(projects),
    ]
    title = f"Neighbourhood Renewal Fund, {label(marts, quarter)}"
    return [Sheet("NRF", title, blocks, "The whole fund: totals by theme, and every project.")]


def _coverage(totals: Sequence[Row]) -> str:
    expected = sum(row["projects_expected"] for row in totals)
    received = sum(row["projects_received"] for row in totals)
    refused = sum(row["projects_refused"] for row in totals)
    return (
        f"{counted(expected, 'project', 'projects').capitalize()} expected to report: "
        f"{received} received, {refused} refused, {expected - received - refused} not received."
    )


def _covers(row: Row) -> str:
    return f"{row['projects_received']} of {counted(row['projects_expected'], 'project', 'projects')}"


def _themes(rows: Sequence[dict[str, object]]) -> Table:
    columns = [
        Column("title", "Theme", width=FIRST),
        Column("covers", "Totals cover", width=SECOND),
        Column("projects_expected", "Projects expected", "number", 12),
        Column("projects_received", "Projects received", "number", 12),
        Column("projects_refused", "Projects refused", "number", 12),
        Column("allocation", "Allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
    ]
    empty = "No project of the fund was expected to report in this quarter."
    return Table("NRF_themes", "Totals by theme", columns, rows, empty, "nrf_themes")


def _money(rows: Sequence[dict[str, object]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("lead", "Lead body", width=14),
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


def _outturn(rows: Sequence[dict[str, object]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("said", "Commentary", width=SECOND),
        Column("burn", "Spend per quarter so far", "money", 14),
        Column("required_run", "Needed per quarter from now", "money"),
        Column("outturn_straight", "Outturn, straight line", "money"),
        Column("outturn_profile", "Outturn, by profile", "money"),
        Column("outturn_plan", "Outturn, to plan", "money"),
        Column("outturn_partner", "Outturn, partner's own", "money"),
        Column("outturn_low", "Lowest outturn", "money"),
        Column("outturn_high", "Highest outturn", "money"),
        Column("carry_forward", "Carried forward", "money"),
        Column("at_risk", "At risk", "money"),
        Column("basis", "Basis", width=13),
    ]
    return Table("NRF_outturn", "Where spend is heading", columns, rows, NO_PROJECTS, "nrf_projects")


def _outputs(rows: Sequence[dict[str, object]]) -> Table:
    columns = [
        Column("project", "Project", width=FIRST),
        Column("output_measure", "Output", width=SECOND, is_figure=True),
        Column("output_target", "Output target to date", "number", 14),
        Column("output_actual", "Output actual to date", "number"),
        *rating_columns("rating_delivery", "Delivery rating"),
        *rating_columns("rating_partner_spend", "Spend rating by partner"),
        Column("basis", "Basis", width=13),
    ]
    return Table(
        "NRF_outputs", "Outputs and partners' own ratings", columns, rows, NO_PROJECTS, "nrf_projects"
    )


NO_PROJECTS = "No project of the fund stands in this quarter."
