"""Data_Proxies: every proxy of every target with its latest and previous value."""

from pipelines.pack.lookups import label, remark
from pipelines.pack.model import Column, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.tidy_sheet import tidy_sheet

ORDER = 81
COLUMNS = [
    Column("target_id", "Target"),
    Column("indicator_id", "Indicator"),
    Column("title", "Proxy", width=40),
    Column("unit", "Unit", width=26),
    Column("latest_label", "Latest period"),
    Column("latest_value", "Latest value", "number", places="places"),
    Column("remark", "Status", width=10),
    Column("previous_label", "Previous period"),
    Column("previous_value", "Previous value", "number", places="places"),
    Column("direction", "Moved", width=10),
    Column("age_months", "Age in months", "number"),
    Column("is_stale", "Stale", "yes_no"),
    Column("partner", "Sent by", width=24),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = [
        {**row, "remark": remark(row["latest_value"], row["latest_status"])}
        for row in marts.rows("proxies", quarter=quarter)
    ]
    title = f"Data: proxies, {label(marts, quarter)}"
    return [
        tidy_sheet(
            "Data_Proxies", title, "One row per target and proxy", "proxies", "latest_value", COLUMNS, rows
        )
    ]
