"""Tables a, b and d of a floor target's sheet: progress, proxies, and spend of the projects that serve it."""

from collections.abc import Sequence
from typing import Any

from pipelines.pack.lookups import course_shown, measure, names, periods_known, project_row, remark
from pipelines.pack.model import Column, Figure, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import JUDGED, placed
from pipelines.pack.words import DIRECTIONS, capital, counted, sentence, uncapital

CHARTED = ("/P1M", "/P3M")  # the periods whose values a control chart can have
# what a control chart says of a proxy's own target, in words
ASSURED = {
    "consistent pass": "met whatever its usual ups and downs",
    "consistent fail": "missed whatever its usual ups and downs",
    "inconsistent": "met or missed by its usual ups and downs",
}


def progress_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> Table:
    """Every value of every part that was published by the cut-off."""
    by_id = {part["target_id"]: part for part in parts}
    rows = [
        {
            **row,
            **course_shown(row),
            "measure": by_id[row["target_id"]]["title"],
            "places": by_id[row["target_id"]]["places"],
            "remark": remark(
                row["value"],
                row["status"],
                is_queried=row["is_queried"],
                rounding=marts.rounding(row["target_id"]),
            ),
            "compared": None if row["comparator_title"] else "z",
            **_limits(row, by_id[row["target_id"]]),
        }
        for row in periods_known(marts, quarter, by_id)
    ]
    there = {row["comparator_title"] for row in rows if row["comparator_title"]}
    if len(there) > 1:
        rows = [{**row, "measure": _beside(row["measure"], row["comparator_title"])} for row in rows]
    columns = [
        Column("period_label", "Period"),
        Column("measure", "Measure"),
        Column("value", "Value", "number", places="places", status="status"),
        Column("remark", "Status"),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("trajectory_value", "Needed on trajectory", "number", places="needed_places"),
        Column("on_course", "On course", "share", status="on_course_status"),
        Column(
            "comparator_value",
            f"Value, {there.pop()}" if len(there) == 1 else "Value there",
            "number",
            places="places",
            status="compared",
        ),
        Column("gap", "Gap", "number", places="places", status="compared"),
        Column("basis", "Basis"),
    ]
    empty = "No value had been published for it by the cut-off."
    title, notes = "a. Progress of the target", [note for part in parts if (note := _judged(part))]
    return Table(name, title, placed(columns), rows, empty, "target_history", notes=notes)


def _judged(part: Row) -> str | None:
    """By what the course of a measure is worked out, where that is not its value: the ratio asks for other figures."""
    if not part["judged_by"] or part["on_course"] is None or part["on_course"] < 0:
        return None
    baseline, value, needed = (
        f"{part[name]:,.{int(part['judged_places'])}f}"
        for name in ("judged_baseline", "judged_value", "judged_needed")
    )
    return (
        f"{part['title']}: its course is that of another figure ({uncapital(part['judged_by'])}), which was {baseline} "
        f"in the baseline and {value} in {part['latest_label']}, when {needed} was needed."
    )


def _limits(row: Row, part: Row) -> dict[str, Figure]:
    """The limits of the latest value, where none were sent and they could be worked out: those that it is judged by."""
    is_latest = row["period_label"] == part["latest_label"]
    if not is_latest or row["lower"] is not None or part["latest_lower"] is None:
        return {}
    return {
        end: Figure(part[f"latest_{end}"], (f"floor_targets:{part['row_id']}:latest_{end}",))
        for end in ("lower", "upper")
    }


def _beside(title: str, comparator: str | None) -> str:
    """A measure with the place it is compared with."""
    return f"{title}, beside {comparator}" if comparator else title


def units_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> list[Table]:
    """Each unit beside the floor that holds for it, those below it first; nothing where no unit is known."""
    found = [
        {**row, "measure": part["title"]}
        for part in parts
        for row in marts.rows("target_units", quarter=quarter, target_id=part["target_id"])
    ]
    rows = sorted(found, key=lambda row: (row["target_id"], not row["is_below"], row["area_title"]))
    columns = [
        Column("area_title", "Unit"),
        Column("measure", "What is counted"),
        Column("value", "Value", "number", places="places", status="status"),
        Column("period_label", "Period"),
        Column("unit_floor", "Floor", "number", places="places"),
        Column("is_below", "Below the floor", "yes_no"),
        Column("basis", "Basis"),
    ]
    title = "Units and their floor"
    return [Table(name, title, placed(columns), rows, "No unit has a value.", "target_units")] if rows else []


def proxy_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> Table:
    """The proxies of every part, and what each speaks for, what its control chart says and how it is linked."""
    found = [
        (part, row)
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
    ]
    rows = [
        {
            **row,
            "proxy": measure(row),
            "remark": _remark(row, marts.rounding(row["indicator_id"])),
            "moved": DIRECTIONS.get(row["direction"]),
        }
        for part, row in found
    ]
    columns = [
        Column("proxy", "Proxy"),
        Column("partner", "Sent by"),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("remark", "Status"),
        Column("latest_label", "Latest period"),
        Column("previous_value", "Previous value", "number", places="places"),
        Column("previous_label", "Previous period"),
        Column("moved", "Moved"),
        Column("age_months", "Age in months", "number"),
        Column("basis", "Basis"),
    ]
    empty = "No proxy has been found for it, so nothing is known between its own values."
    notes = [
        f"{row['title']}, for {part['title']}: {_says(row, is_public=marts.is_public)}" for part, row in found
    ]
    return Table(name, "b. Proxies", placed(columns), rows, empty, "proxies", notes=notes)


def _says(row: Row, *, is_public: bool) -> str:
    """Why it is a proxy; its control chart; and the grade of its link with the reason.

    Where proxy and headline differ, a sentence above the tables says so.
    """
    why = row["rationale"] or ("Why is not published" if is_public else "It is not said why")
    linked = f"Evidence for it, from A (best) to D: {row['link_grade']}. {row['link_reason']}"
    return " ".join(filter(None, (sentence(why), _chart(row), linked)))


def _remark(row: Row, rounding: str | None) -> str:
    """The status of the latest value, and that it is too old where it is."""
    said = remark(row["latest_value"], row["latest_status"], is_queried=row["is_queried"], rounding=rounding)
    if not row["is_stale"]:
        return said
    return "stale" if said == "none" else f"{said}, stale"


def _chart(row: Row) -> str:
    """What the control chart says of the latest value, how far its limits hold, and of its own target."""
    if row["variation"] is None:
        return f"No control chart: {_no_chart(row)}."
    by = f" ({row['variation_rule']})" if row["variation_rule"] else ""
    trial = (
        f", its limits still rough on {counted(row['chart_points'], 'value', 'values')}"
        if row["is_trial"]
        else ""
    )
    own = f" Its own target: {ASSURED[row['assurance']]}." if row["assurance"] else ""
    way = row["variation"].removeprefix("special cause ")
    said = (
        "More than its usual ups and downs: " + way
        if way != row["variation"]
        else "No more than its usual ups and downs"
    )
    return f"{said}{by}{trial}.{own}"


def _no_chart(row: Row) -> str:
    """Why the latest value stands on no control chart."""
    if row["latest_value"] is None:
        return "no value"
    if not row["latest_period"].endswith(CHARTED):
        return "its latest value is not of a month or a quarter"
    return "too few values as often as it comes"


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
        Column("measure", "Measure"),
        Column("area_title", "Other place"),
        Column("value", "Value here", "number", places="places"),
        Column("said", "This place beside the other"),
        Column("lower", "Lower 95% limit", "number", places="places"),
        Column("upper", "Upper 95% limit", "number", places="places"),
        Column("benchmark_value", "Value there", "number", places="places"),
        Column("period_label", "Period"),
        Column("basis", "Basis"),
    ]
    if not rows:
        return []
    return [
        Table(
            name,
            "Beside other places",
            placed(columns, JUDGED),
            rows,
            "There is no other place.",
            "benchmarks",
        )
    ]


def project_table(marts: Marts, quarter: str, name: str, parent_id: str) -> Table:
    """The projects that serve the floor target, each whole, with how much of it serves this target."""
    links = {row["project_id"]: row for row in marts.rows("project_targets", parent_id=parent_id)}
    rows = [
        _with_share(project_row(marts, quarter, row), links[row["project_id"]])
        for row in marts.rows("nrf_projects", quarter=quarter)
        if row["project_id"] in links
    ]
    columns = [
        Column("project", "Project"),
        Column("said", "Commentary"),
        *rating_columns("rating", "Spend rating"),
        Column("revised_allocation", "Revised allocation", "money"),
        Column("profile_to_date", "Profile to date", "money"),
        Column("actual_to_date", "Actual to date", "money"),
        Column("variance", "Variance", "money"),
        Column("share", "Share of project (%)", "number", missing="z"),
        Column("outturn_low", "Outturn, low", "money"),
        Column("outturn_high", "Outturn, high", "money"),
        Column("basis", "Basis"),
    ]
    title = f"d. {names(marts).fund}: spend and projects"
    empty = f"{names(marts).fund}: no project serves this {names(marts).target}."
    return Table(name, title, placed(columns), rows, empty, "nrf_projects")


def _with_share(project: dict[str, Any], link: Row) -> dict[str, Any]:
    """The project with its share; a shared one must not be added up over targets, and its name says so."""
    share = Figure(link["weight_pct"], (f"project_targets:{link['row_id']}:weight_pct",))
    if link["share"] is None:
        name = f"{project['project']} (counted for no target)"
    else:
        name = project["project"] if link["share"] == 1 else f"{project['project']} (counted by its share)"
    return {**project, "project": name, "share": share}
