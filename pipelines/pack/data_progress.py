"""Data_Progress: every value of every target that was published by the cut-off."""

from pipelines.pack.lookups import label, periods_known, remark, targets
from pipelines.pack.model import Column, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.tidy_sheet import tidy_sheet

ORDER = 80
COLUMNS = [
    Column("target_id", "Target"),
    Column("parent_id", "Target as worded", width=10),
    Column("title", "Measure", width=40),
    Column("unit", "Unit", width=26),
    Column("period_label", "Period"),
    Column("period_start", "Period starts", "date", is_figure=False),
    Column("period_end", "Period ends", "date", is_figure=False),
    Column("value", "Value", "number", places="places"),
    Column("remark", "Status", width=10),
    Column("lower", "Lower 95% limit", "number", places="places"),
    Column("upper", "Upper 95% limit", "number", places="places"),
    Column("trajectory_value", "Needed on the trajectory", "number", 12, places="needed_places"),
    Column("on_course", "On course", "share"),
    Column("comparator_title", "Compared with", width=14, missing="z"),
    Column("comparator_value", "Value there", "number", places="places"),
    Column("gap", "Gap", "number", places="places"),
    Column("published_on", "Published on", "date"),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    by_id = {row["target_id"]: row for row in targets(marts, quarter)}
    rows = [
        {**{name: by_id[row["target_id"]][name] for name in ("parent_id", "title", "unit", "places")}, **row}
        for row in periods_known(marts, quarter, by_id)
    ]
    for row in rows:
        row["remark"] = remark(row["value"], row["status"], is_queried=row["is_queried"])
    title = f"Data: target values published by the cut-off of {label(marts, quarter)}"
    return [
        tidy_sheet(
            "Data_Progress", title, "One row per target and period", "target_history", "value", COLUMNS, rows
        )
    ]
