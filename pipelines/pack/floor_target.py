"""FT_<floor target>: one sheet per floor target: where it stands, then its four tables, a to d."""

from collections.abc import Mapping

from pipelines.pack.action_table import FIRST, SECOND, action_table
from pipelines.pack.floor_target_tables import (
    benchmark_table,
    progress_table,
    project_table,
    proxy_table,
    units_table,
)
from pipelines.pack.judgements import commentary_table, measures_table, proxies_table
from pipelines.pack.lookups import label, measure, names, parents, rating_mark, rating_scale, targets
from pipelines.pack.model import (
    Block,
    Column,
    Figure,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
    table_name,
    worst,
)
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, sentence

ORDER = 30


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    """One sheet per floor target, in the framework's order."""
    scale = rating_scale(marts)
    of_quarter = targets(marts, quarter)
    return [
        _sheet(
            marts,
            quarter,
            parent,
            [row for row in of_quarter if row["parent_id"] == parent["parent_id"]],
            scale,
        )
        for parent in parents(marts)
    ]


def sheet_name(parent_id: str) -> str:
    return f"FT_{parent_id}"


def _sheet(marts: Marts, quarter: str, parent: Row, parts: list[Row], scale: Mapping[str, Rating]) -> Sheet:
    parent_id = parent["parent_id"]
    name, named = sheet_name(parent_id), names(marts)
    overall = worst(
        [Figure(part["rating"], (f"floor_targets:{part['row_id']}:rating",)) for part in parts], scale
    )
    rated = f"{sum(part['rating'] is not None for part in parts)} of {len(parts)}"
    word = scale[overall.value].word if overall.value else "No rating"
    blocks: list[Block] = [
        Paragraph(f"The target: {sentence(parent['wording'])}"),
        Paragraph(f"Lead: {parent['lead_partner'] or 'not named'}."),
        Paragraph(f"Source: {sentence(parent['source'] or 'not given')}"),
        Paragraph(
            f"Overall rating for {label(marts, quarter)}: {word}, the worst of its measures ({rated} rated)."
        ),
        *_warnings(marts, quarter, parts),
        _standing(name, parts),
        _definition(name, parts),
        _ahead(name, parts),
        *_running(marts, quarter, name, parts),
        *_gaps(name, parts),
        measures_table(table_name(name, "ratings"), parts),
        _partner_says(name, parts),
        commentary_table(marts, quarter, table_name(name, "commentary"), parent_id, parts),
        progress_table(marts, quarter, table_name(name, "a_progress"), parts),
        *units_table(marts, quarter, table_name(name, "units"), parts),
        *benchmark_table(marts, quarter, table_name(name, "benchmarks"), parts),
        proxy_table(marts, quarter, table_name(name, "b_proxies"), parts),
        *proxies_table(marts, quarter, table_name(name, "b_ratings"), parts),
        action_table(
            marts,
            quarter,
            marts.rows("actions", quarter=quarter, strand="delivery", target_id=parent_id),
            name=table_name(name, "c_actions"),
            title=f"c. {named.plan} actions",
            empty=f"{named.plan}: no action for this {named.target}.",
        ),
        project_table(marts, quarter, table_name(name, "d_spend"), parent_id),
    ]
    purpose = f"Progress, proxies, {named.plan} actions, spend and projects."
    return Sheet(name, f"{parent_id}: {parent['title']}", blocks, purpose, overall, rated)


def _warnings(marts: Marts, quarter: str, parts: list[Row]) -> list[Paragraph]:
    """A sentence for each proxy that says otherwise than its target's own value, or than its rating."""
    return [
        Paragraph(f"Warning from a proxy, {row['title'].lower()}: {row[said]}")
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
        for said in ("warning", "against_rating")
        if row[said]
    ]


def _standing(name: str, parts: list[Row]) -> Table:
    rows = [
        {
            **part,
            "measure": measure(part),
            "source": capital(part["rating_source"]),
            "rating_mark": rating_mark(part),
        }
        for part in parts
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("rating_reason", "Where we stand", width=SECOND),
        *rating_columns("rating", "Rating", status="rating_mark"),
        Column("source", "Rating from", width=13, missing="z"),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("latest_label", "Latest period", width=13),
        Column("trajectory_value", "Needed by now", "number", places="places"),
        Column("on_course", "On course", "share"),
        Column("age_months", "Age in months", "number"),
        Column("is_stale", "Stale", "yes_no"),
        Column("next_release_on", "Next value due out", "date", 12),
        Column("values_basis", "Basis", width=13),
    ]
    empty = "Nothing that can be measured stands under it yet."
    return Table(table_name(name, "standing"), "Where we stand", columns, rows, empty, "floor_targets")


def _ahead(name: str, parts: list[Row]) -> Table:
    """Position and outlook, of which the worse is shown; a chance as a word and a band, with the methods' range."""
    rows = [
        {
            **part,
            "measure": measure(part),
            "said": _chance(part),
            "position_status": None if part["position"] else "x",
            "overall_status": part["overall_mark"] if part["overall"] else "x",
        }
        for part in parts
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("said", "Chance of reaching the target", width=SECOND),
        *rating_columns("position", "Position"),
        *rating_columns("outlook", "Outlook"),
        *rating_columns("overall", "Overall", status="overall_status"),
        Column("outlook_points", "Independent values", "number"),
    ]
    empty = "Nothing that can be measured stands under it yet."
    return Table(
        table_name(name, "ahead"),
        "Where we stand and where it is heading",
        columns,
        rows,
        empty,
        "floor_targets",
    )


def _chance(part: Row) -> str:
    if not part["outlook"]:
        return "Not said."
    low, high = (f"{part[name]:.0%}" for name in ("outlook_low", "outlook_high"))
    methods = f"agree on {low}" if low == high else f"range from {low} to {high}"
    return sentence(f"{part['outlook_word']}: {part['outlook_band']}; the methods {methods}")


def _running(marts: Marts, quarter: str, name: str, parts: list[Row]) -> list[Table]:
    """What is known already of the period that a target's next value will measure."""
    rows = [
        {**row, "measure": measure(part)}
        for part in parts
        for row in marts.rows("running_periods", quarter=quarter, target_id=part["target_id"])
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("reason", "What is known of it", width=SECOND, is_figure=True),
        *rating_columns("outlook", "Outlook"),
        Column("so_far", "So far", "number", places="places", missing="z"),
        Column("at_pace", "At this pace", "number", places="places"),
        Column("needed", "Needed at its end", "number", places="places"),
        Column("months_known", "Months known", "number"),
        Column("running_on", "Ends on", "date"),
        Column("basis", "Basis", width=13),
    ]
    title = "The period that is running"
    return (
        [
            Table(
                table_name(name, "running"),
                title,
                columns,
                rows,
                "Nothing is known of it.",
                "running_periods",
            )
        ]
        if rows
        else []
    )


def _gaps(name: str, parts: list[Row]) -> list[Table]:
    """Level and gap of what is compared with another place: a level can rise while its gap widens."""
    rows = [
        {**part, "measure": measure(part), "by": part["judged_by"] or "The value itself"}
        for part in parts
        if part["comparator_title"]
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("by", "What it is judged by", width=SECOND),
        Column("comparator_title", "Compared with", width=13),
        Column("latest_value", "Level here", "number", places="places", status="latest_status"),
        Column("comparator_value", "Level there", "number", places="places"),
        Column("gap", "Gap", "number", places="places"),
        Column("gap_pct", "Gap (%)", "number", places=1),
        Column("gap_published", "Gap as published", "number", places=1),
        Column("judged_baseline", "Judged by: baseline", "number", places=1),
        Column("judged_value", "Judged by: now", "number", places=1),
        Column("judged_needed", "Judged by: needed by now", "number", places=1),
        Column("judged_target", "Judged by: target", "number", places=1),
    ]
    empty = "Nothing is compared with another place."
    return (
        [Table(table_name(name, "gap"), "Level and gap", columns, rows, empty, "floor_targets")]
        if rows
        else []
    )


def _partner_says(name: str, parts: list[Row]) -> Table:
    rows = [
        {**part, "measure": measure(part)} for part in parts if part["commentary"] or part["rating_partner"]
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("commentary", "Commentary", width=SECOND, is_figure=True),
        *rating_columns("rating_partner", "Partner's rating"),
    ]
    empty = "The partner has sent neither a rating nor a comment."
    return Table(table_name(name, "partner"), "What the partner says", columns, rows, empty, "floor_targets")


def _definition(name: str, parts: list[Row]) -> Table:
    rows = [{**part, "measure": measure(part), "stated": _stated(part)} for part in parts]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("stated", "What to know about it", width=SECOND),
        Column("baseline_value", "Baseline", "number", places="places"),
        Column("baseline_label", "Baseline period", width=13),
        Column("baseline_basis", "Basis of baseline", width=13),
        Column("target_value", "Target", "number", places="places"),
        Column("target_label", "Target period", width=13),
        Column("due_on", "Due", "date"),
        Column("progress", "Way made", "share"),
    ]
    empty = "No baseline or target has been set."
    return Table(table_name(name, "definition"), "From where to where", columns, rows, empty, "floor_targets")


def _stated(part: Row) -> str:
    polarity = sentence(part["polarity"])
    return f"{polarity} {sentence(part['note'])}" if part["note"] else polarity
