"""Data_Spend: every project of the fund, in pounds."""

from pipelines.pack.lookups import label, names, remark
from pipelines.pack.model import Column, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.tidy_sheet import tidy_sheet
from pipelines.pack.words import NOT_PUBLISHED

ORDER = 83
COLUMNS = [
    Column("project_id", "Project"),
    Column("title", "Title", width=40),
    Column("theme_title", "Theme", width=24),
    Column("fund", "Fund", is_figure=True),
    Column("partner_title", "Lead body", width=24),
    Column("state", "State", width=12),
    Column("allocation", "Allocation", "money"),
    Column("revised_allocation", "Revised allocation", "money"),
    Column("profile_year", "Profile, whole year", "money"),
    Column("profile_to_date", "Profile to date", "money"),
    Column("actual_this_quarter", "Actual this quarter", "money"),
    Column("actual_to_date", "Actual to date", "money"),
    Column("remark", "Status of actual to date", width=12),
    Column("committed", "Committed", "money"),
    Column("variance", "Variance", "money"),
    Column("variance_pct", "Variance (%)", "number", places=1),
    Column("burn", "Spend per quarter so far", "money"),
    Column("required_run", "Needed per quarter from now", "money"),
    Column("forecast_outturn", "Forecast outturn", "money"),
    Column("outturn_low", "Lowest outturn", "money"),
    Column("outturn_high", "Highest outturn", "money"),
    Column("carry_forward", "Carried forward", "money"),
    Column("at_risk", "At risk", "money"),
    Column("at_risk_least", "At risk at the highest outturn", "money"),
    Column("rating", "Spend rating", is_figure=True),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = [
        {
            **row,
            "remark": remark(row["actual_to_date"], None, is_queried=row["is_queried"]),
            "state": NOT_PUBLISHED.lower()
            if marts.is_public and row["state"] != "received"
            else row["state"],
        }
        for row in marts.rows("nrf_projects", quarter=quarter)
    ]
    title = f"Data: {names(marts).fund} projects, {label(marts, quarter)}"
    return [
        tidy_sheet(
            "Data_Spend", title, "One row per project", "nrf_projects", "actual_to_date", COLUMNS, rows
        )
    ]
