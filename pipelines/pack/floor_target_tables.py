"""Tables a, b and d of a floor target's sheet: progress, proxies, and spend of the projects that serve it."""

from collections.abc import Sequence
from typing import Any

from pipelines.pack.action_table import FIRST, SECOND
from pipelines.pack.lookups import measure, names, periods_known, project_row, remark
from pipelines.pack.model import Column, Figure, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import DIRECTIONS, capital, sentence


def progress_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> Table:
    """Every value of every part that was published by the cut-off."""
    by_id = {part["target_id"]: part for part in parts}
    rows = [
        {
            **row,
            "measure": by_id[row["target_id"]]["title"],
            "places": by_id[row["target_id"]]["places"],
            "remark": remark(row["value"], row["status"], is_queried=row["is_queried"]),
            "compared": None if row["comparator_title"] else "z",
        }
        for row in periods_known(marts, quarter, by_id)
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("period_label", "Period", width=SECOND),
        Column("value", "Value", "number", places="places", status="status"),
        Column("remark", "Status", width=10),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("trajectory_value", "Needed on trajectory", "number", places="places"),
        Column("on_course", "On course", "share"),
        Column("comparator_title", "Compared with", width=13, missing="z"),
        Column("comparator_value", "Value there", "number", places="places", status="compared"),
        Column("gap", "Gap", "number", places="places", status="compared"),
        Column("basis", "Basis", width=13),
    ]
    empty = "No value had been published for it by the cut-off."
    return Table(name, "a. Progress of the target", columns, rows, empty, "target_history")


def units_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> list[Table]:
    """Each unit beside the floor that holds for it, those below it first; nothing where no unit is known."""
    found = [
        {**row, "measure": part["title"]}
        for part in parts
        for row in marts.rows("target_units", quarter=quarter, target_id=part["target_id"])
    ]
    rows = sorted(found, key=lambda row: (row["target_id"], not row["is_below"], row["area_title"]))
    columns = [
        Column("area_title", "Unit", width=FIRST),
        Column("measure", "What is counted", width=SECOND),
        Column("period_label", "Period", width=13),
        Column("value", "Value", "number", places="places", status="status"),
        Column("unit_floor", "Floor", "number", places="places"),
        Column("is_below", "Below the floor", "yes_no"),
        Column("basis", "Basis", width=13),
    ]
    title = "Units and their floor"
    return [Table(name, title, columns, rows, "No unit has a value.", "target_units")] if rows else []


def proxy_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> Table:
    """The proxies of every part, with why each is one."""
    rows = [
        {
            **row,
            "proxy": measure(row),
            "why": f"{sentence(part['title'])} {sentence(row['rationale'] or '')}".strip(),
            "remark": remark(row["latest_value"], row["latest_status"], is_queried=row["is_queried"]),
            "moved": DIRECTIONS.get(row["direction"]),
            "chart": _chart(row),
            "linked": _linked(row),
        }
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
    ]
    columns = [
        Column("proxy", "Proxy", width=FIRST),
        Column("why", "What it speaks for, and why", width=SECOND),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("remark", "Status", width=10),
        Column("latest_label", "Latest period", width=13),
        Column("previous_value", "Previous value", "number", places="places"),
        Column("previous_label", "Previous period", width=13),
        Column("moved", "Moved", width=10),
        Column("chart", "Control chart says", width=22),
        Column("linked", "Link to the target", width=28),
        Column("age_months", "Age in months", "number"),
        Column("is_stale", "Stale", "yes_no"),
        Column("partner", "Sent by", width=15),
        Column("basis", "Basis", width=13),
    ]
    empty = "No proxy has been found for it, so nothing is known between its own values."
    return Table(name, "b. Proxies", columns, rows, empty, "proxies")


def _chart(row: Row) -> str | None:
    """What the control chart says of the latest value, how far its limits hold, and of its own target."""
    if row["variation"] is None:
        return None
    by = f" ({row['variation_rule']})" if row["variation_rule"] else ""
    trial = f"; trial limits, {row['chart_points']} values" if row["is_trial"] else ""
    own = f" Own target: {row['assurance']}." if row["assurance"] else ""
    return f"{capital(row['variation'])}{by}{trial}.{own}"


def _linked(row: Row) -> str:
    """The grade of the link with its reason. Where proxy and headline differ, a sentence above the tables says so."""
    return f"{row['link_grade']}. {row['link_reason']}"


def benchmark_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> list[Table]:
    """The latest values beside other places' for the same period; no table where there are none."""
    rows = [
        {
            **row,
            "measure": measure(part),
            "places": part["places"],
            "said": capital(row["comparison"]) or row["comparison_reason"],
        }
        for part in parts
        for row in marts.rows("benchmarks", quarter=quarter, target_id=part["target_id"])
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("said", "This place beside the other", width=SECOND),
        Column("area_title", "Other place", width=15),
        Column("value", "Value here", "number", places="places"),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("benchmark_value", "Value there", "number", places="places"),
        Column("period_label", "Period", width=13),
        Column("basis", "Basis", width=13),
    ]
    if not rows:
        return []
    return [Table(name, "Beside other places", columns, rows, "There is no other place.", "benchmarks")]


def project_table(marts: Marts, quarter: str, name: str, parent_id: str) -> Table:
    """The projects that serve the floor target, each whole, with how much of it serves this target."""
    links = {row["project_id"]: row for row in marts.rows("project_targets", parent_id=parent_id)}
    rows = [
        _with_share(project_row(marts, quarter, row), links[row["project_id"]])
        for row in marts.rows("nrf_projects", quarter=quarter)
        if row["project_id"] in links
    ]
    columns = [
        Column("project", "Project", width=FIRST),
        Column("said", "Commentary", width=SECOND),
        Column("share", "Share of project (%)", "number", missing="z"),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("variance_pct", "Variance (%)", "number", places=1),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        *rating_columns("rating", "Spend rating"),
        Column("basis", "Basis", width=13),
    ]
    title = f"d. {names(marts).fund}: spend and projects"
    empty = f"{names(marts).fund}: no project serves this {names(marts).target}."
    return Table(name, title, columns, rows, empty, "nrf_projects")


def _with_share(project: dict[str, Any], link: Row) -> dict[str, Any]:
    """The project with its share; a shared one must not be added up over targets, and its name says so."""
    share = Figure(link["weight_pct"], (f"project_targets:{link['row_id']}:weight_pct",))
    if link["share"] is None:
        name = f"{project['project']} (not additive)"
    else:
        name = project["project"] if link["share"] == 1 else f"{project['project']} (shared, not additive)"
    return {**project, "project": name, "share": share}
