"""Of Quality: targets without a fresh proxy, and those whose value is old or missing."""

from collections.abc import Sequence

from pipelines.pack.lookups import measure, names, targets
from pipelines.pack.model import Column, Table
from pipelines.pack.quality_returns import FIRST, SECOND, THIRD
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted, listed


def without_proxy(marts: Marts, quarter: str) -> Table:
    """Targets of which nothing fresh is known between their own values, by the proxy register."""
    register = marts.rows("proxy_register", quarter=quarter)
    rows = [
        {**row, "measure": measure(row), "said": _uncovered(lines)}
        for row in targets(marts, quarter)
        if (lines := [line for line in register if line["target_id"] == row["target_id"]])
        and lines[0]["cover"] != "fresh"
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("said", "What there is", width=THIRD),
        Column("lead_partner", "Lead", width=24),
        Column("parent_id", capital(names(marts).target) or "", width=13),
    ]
    title = "Targets without a proxy, or with stale ones only"
    return Table("Quality_no_proxy", title, columns, rows, "Every target has a fresh proxy.")


def _uncovered(lines: Sequence[Row]) -> str:
    """None, or which stale ones with their age."""
    if lines[0]["cover"] == "none":
        return "No proxy has been found."
    return (
        "Only stale: "
        + listed(
            f"{line['proxy_title']} ({line['latest_label']}, {counted(line['age_months'], 'month', 'months')} old)"
            if line["latest_label"]
            else f"{line['proxy_title']} (never a value)"
            for line in lines
        )
        + "."
    )


def old(marts: Marts, quarter: str) -> Table:
    """Targets whose latest value is too old to rate by, or that have none."""
    rows = [
        {**row, "measure": measure(row)}
        for row in targets(marts, quarter)
        if row["is_stale"] or row["latest_value"] is None
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("rating_reason", "What that means", width=THIRD),
        Column("parent_id", capital(names(marts).target) or "", width=13),
        Column("latest_label", "Latest period", width=13),
        Column("age_months", "Age in months", "number", 9),
    ]
    empty = "Every target has a latest value that is fresh enough to rate by."
    return Table("Quality_old", "Targets with an old value, or none", columns, rows, empty, "floor_targets")
