"""Communities: how the areas within the partnership's own stand beside the whole, where partners send such values."""

from collections import Counter

from pipelines.pack.lookups import label, measure, remark, targets
from pipelines.pack.model import Block, Column, Paragraph, Sheet, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import placed
from pipelines.pack.words import capital, counted, listed

ORDER = 72
NAME = "Communities"


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = marts.rows("communities", quarter=quarter, order=("area_depth", "area_title"))
    parts = [part for part in targets(marts, quarter) if any(_of(rows, part))]
    if not parts:
        return []
    blocks: list[Block] = [
        Paragraph(
            "Each area is compared by its own 95% interval: where the value of the whole lies within it, chance alone "
            "could make the difference, and the area is called similar."
        ),
        *(_table(number, part, _of(rows, part)) for number, part in enumerate(parts, 1)),
    ]
    title = f"Communities for {label(marts, quarter)}: {_standing_out(rows)}"
    return [Sheet(NAME, title, blocks, "How the areas within stand beside the whole.")]


def _of(rows: list[Row], part: Row) -> list[Row]:
    return [row for row in rows if row["target_id"] == part["target_id"]]


def _standing_out(rows: list[Row]) -> str:
    """Which areas are worse than the whole in most measures, by name."""
    worse = Counter(row["row_id"].split("|")[-1] for row in rows if row["comparison"] == "worse")
    if not worse:
        return "none is worse than the whole beyond chance"
    named = {row["row_id"].split("|")[-1]: row["area_title"] for row in rows}
    most = max(worse.values())
    first = listed(named[area] for area, number in worse.items() if number == most)
    return f"{first} worse than the whole in {counted(most, 'measure', 'measures')}"


def _table(number: int, part: Row, rows: list[Row]) -> Table:
    shown = [
        {
            **row,
            "places": part["places"],
            "remark": remark(row["value"], row["value_status"], is_queried=row["is_queried"]),
            "said": capital(row["comparison"]) or row["comparison_reason"],
        }
        for row in rows
    ]
    columns = [
        Column("area_title", "Area"),
        Column("said", "Beside the whole"),
        Column("value", "Value", "number", places="places", status="value_status"),
        Column("remark", "Status"),
        Column("whole_value", "The whole", "number", places="places"),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("period_label", "Period"),
        Column("area_kind", "Kind of area"),
        Column("basis", "Basis"),
    ]
    return Table(
        f"{NAME}_{number}", measure(part), placed(columns), shown, "No area sends this.", "communities"
    )
