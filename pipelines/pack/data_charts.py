"""Data_Charts: what the charts draw, in the order they draw it: each period of a measure, and last its target.

Where a series was counted anew, a line without values stands between.
"""

from typing import Any

from pipelines.pack.layout import Laid
from pipelines.pack.lookups import label, periods_known, remark, targets
from pipelines.pack.model import Column, Figure, Sheet
from pipelines.pack.read import Marts, Row
from pipelines.pack.tidy_sheet import tidy_sheet
from pipelines.pack.words import mark

ORDER = 81
NAME = "Data_Charts"
DRAWN = ("lower", "upper", "trajectory_value", "comparator_value", "value", "aim")  # the last lies on top
COLUMNS = [
    Column("target_id", "Target"),
    Column("title", "Measure", width=40),
    Column("period_label", "Period"),
    Column("period_end", "Period ends", "date", is_figure=False),
    Column("value", "Value", "number", places="places"),
    Column("remark", "Status", width=10),
    Column("lower", "Lower 95% limit", "number", places="places"),
    Column("upper", "Upper 95% limit", "number", places="places"),
    Column("trajectory_value", "Needed on the trajectory", "number", places="needed_places"),
    Column("comparator_value", "Value there", "number", places="places"),
    Column("comparator_title", "Where that is", width=14, missing="z"),
    Column("aim", "Target value", "number", places="places"),
    Column("basis", "Basis"),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    measures = targets(marts, quarter)
    known = periods_known(marts, quarter, [row["target_id"] for row in measures])
    rows = [
        row
        for measure in measures
        for row in _drawn(measure, [one for one in known if one["target_id"] == measure["target_id"]])
    ]
    title = f"Data: what the charts of {label(marts, quarter)} draw"
    grain = "One row per measure and period, and one for its target"
    return [tidy_sheet(NAME, title, grain, "target_history", "value", COLUMNS, rows)]


def _drawn(measure: Row, periods: list[Row]) -> list[dict[str, Any]]:
    shared = {name: measure[name] for name in ("target_id", "title", "places")}
    nothing = dict.fromkeys(("value", "lower", "upper", "comparator_value"), Figure(None, ()))
    rows: list[dict[str, Any]] = []
    for before, row in zip([None, *periods], periods, strict=False):
        if before is not None and row["counted_since"] != before["counted_since"]:
            # an empty line, so that no line of a chart joins what is counted in two ways
            anew = {"period_label": "counted anew", "remark": mark("b"), "comparator_title": None}
            none = nothing | {"trajectory_value": Figure(None, ()), "aim": Figure(None, ())}
            rows.append({**shared, **row, **none, **anew, "period_end": row["period_start"]})
        said = remark(row["value"], row["status"], is_queried=row["is_queried"])
        rows.append({**shared, **row, "remark": said, "aim": Figure(None, ())})
    if measure["due_on"] and measure["target_value"] is not None:
        aim = Figure(measure["target_value"], (f"floor_targets:{measure['row_id']}:target_value",))
        # the line of what is needed ends at the target
        needed = aim if any(row["trajectory_value"] is not None for row in periods) else Figure(None, ())
        rows.append(
            {
                **shared,
                **nothing,
                "row_id": measure["row_id"],
                "period_label": measure["target_label"],
                "period_end": measure["due_on"],
                "trajectory_value": needed,
                "needed_places": measure["places"],
                "aim": aim,
                "remark": "target",
                "comparator_title": None,
                "basis": measure["values_basis"],
            }
        )
    return rows


def rows_of(laid: Laid) -> dict[str, tuple[int, int]]:
    """Of each measure its first and last row on the sheet."""
    found: dict[str, tuple[int, int]] = {}
    for place in laid.places:
        for number, row in enumerate(place.table.rows, place.first_row + 1):
            first, _ = found.get(row["target_id"], (number, number))
            found[row["target_id"]] = first, number
    return found


def values_of(laid: Laid) -> dict[str, tuple[int, int]]:
    """Of each measure the first and last row of its periods, its target left out; not there where it has no period."""
    found: dict[str, tuple[int, int]] = {}
    for place in laid.places:
        for number, row in enumerate(place.table.rows, place.first_row + 1):
            if row["aim"].value is None:
                first, _ = found.get(row["target_id"], (number, number))
                found[row["target_id"]] = first, number
    return found


def column_of(name: str) -> int:
    """The number of a column of the sheet, from 1."""
    return next(number for number, column in enumerate(COLUMNS, 1) if column.name == name)
