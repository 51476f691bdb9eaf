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
    Column("year_ago_value", "A year before", "number", places="places"),
    Column("year_mean", "Mean of twelve months", "number", 12, places="places"),
    Column("chart_mean", "Chart mean", "number", places="places"),
    Column("lower_limit", "Lower limit", "number", places="places"),
    Column("upper_limit", "Upper limit", "number", places="places"),
    Column("chart_points", "Values on the chart", "number", 10),
    Column("is_trial", "Trial limits", "yes_no"),
    Column("variation", "Control chart", width=24),
    Column("variation_rule", "Rule", width=24, missing="z"),
    Column("own_target", "Own target", "number", places="places"),
    Column("assurance", "Meets own target", width=18, missing="z"),
    Column("link_grade", "Grade of link", width=8),
    Column("link_pairs", "Pairs of changes", "number", 9),
    Column("lead_months", "Lead in months", "number"),
    Column("is_disagreeing", "Disagrees with headline", "yes_no", 12, missing="z"),
    Column("age_months", "Age in months", "number"),
    Column("is_stale", "Stale", "yes_no"),
    Column("partner", "Sent by", width=24),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = [
        {**row, "remark": remark(row["latest_value"], row["latest_status"], is_queried=row["is_queried"])}
        for row in marts.rows("proxies", quarter=quarter)
    ]
    title = f"Data: proxies, {label(marts, quarter)}"
    return [
        tidy_sheet(
            "Data_Proxies", title, "One row per target and proxy", "proxies", "latest_value", COLUMNS, rows
        )
    ]
