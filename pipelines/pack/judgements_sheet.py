"""Judgements: what lies behind the rating of each measure, for whoever asks; one line per measure in each table."""

from pipelines.pack.floor_target_tables import benchmark_table
from pipelines.pack.judgements import explained, measures_table
from pipelines.pack.lookups import label, measure, remark, targets
from pipelines.pack.model import Block, Column, Heading, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import JUDGED, placed
from pipelines.pack.words import capital, sentence, uncapital

ORDER = 42
NAME = "Judgements"
PURPOSE = "chances, gaps, the four ratings, other places"


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    parts = targets(marts, quarter)
    # reasons are blocks by themselves, below their tables: with them no page would hold a table of many measures, and
    # half of the page before would be empty
    blocks: list[Block] = [
        _ahead(parts),
        *_texts("Why a chance is said, or is not", _chances(parts)),
        *_running(marts, quarter, parts),
        *_gaps(parts),
        measures_table(f"{NAME}_ratings", parts),
        *_texts("Where ratings differ", explained(parts, "rating_differs")),
        *benchmark_table(marts, quarter, f"{NAME}_benchmarks", parts),
    ]
    return [
        Sheet(
            NAME,
            f"Judgements for {label(marts, quarter)}: {PURPOSE}",
            blocks,
            "What lies behind each rating.",
        )
    ]


def _texts(heading: str, said: list[str]) -> list[Block]:
    return [Heading(heading), *map(Paragraph, said)] if said else []


def _ahead(parts: list[Row]) -> Table:
    """Position and outlook, of which the worse is shown; a chance as a word and a band, with the methods' range."""
    rows = [
        {
            **part,
            "measure": measure(part),
            "said": capital(part["outlook_word"]) or "Not said",
            "position_status": None if part["position"] else "x",
            "overall_status": part["overall_mark"] if part["overall"] else "x",
        }
        for part in parts
    ]
    columns = [
        Column("measure", "Measure"),
        Column("said", "Chance of reaching the target"),
        *rating_columns("position", "Position"),
        *rating_columns("outlook", "Outlook"),
        *rating_columns("overall", "Suggested by rule", status="overall_status"),
        Column("outlook_points", "Values that don't overlap", "number"),
    ]
    empty = "Nothing that can be measured stands under it yet."
    return Table(
        f"{NAME}_ahead",
        "Where we stand and where it is heading",
        placed(columns, JUDGED),
        rows,
        empty,
        "floor_targets",
    )


def _chances(parts: list[Row]) -> list[str]:
    """The chance of each measure, or why it has none; what holds for several is said once."""
    told: dict[str, list[str]] = {}
    for part in parts:
        told.setdefault(_chance(part), []).append(part["title"])
    return [f"{'; '.join(titles)}: {said}" for said, titles in told.items()]


def _chance(part: Row) -> str:
    if not part["outlook"]:
        without = uncapital(part["position_reason"].removeprefix("Not rated: "))
        if part["position"] or part["overall"]:
            return f"Not said: {part['outlook_reason']}"
        if without == part["outlook_reason"]:
            return f"Not said, nor a position: {without}"
        return f"Not said: {part['outlook_reason']} No position: {without}"
    low, high = (f"{part[name]:.0%}" for name in ("outlook_low", "outlook_high"))
    methods = f"each of them gives {low}" if low == high else f"one by one they give {low} to {high}"
    return sentence(
        f"{part['outlook_word']}: the middle of the methods lies at {part['outlook_band']}; {methods}"
    )


def _running(marts: Marts, quarter: str, parts: list[Row]) -> list[Table]:
    """What is known already of the period that a target's next value will measure."""
    rows = [
        {
            **row,
            "title": part["title"],
            "measure": measure(part),
            "remark": remark(row["so_far"], row["so_far_status"]),
        }
        for part in parts
        for row in marts.rows("running_periods", quarter=quarter, target_id=part["target_id"])
    ]
    columns = [
        Column("measure", "Measure"),
        Column("remark", "Status so far"),
        *rating_columns("outlook", "Outlook"),
        Column("so_far", "So far", "number", places="places", missing="z"),
        Column("at_pace", "At this pace", "number", places="places"),
        Column("needed", "Needed at its end", "number", places="places"),
        Column("running_on", "Ends on", "date"),
        Column("months_known", "Months known", "number"),
        Column("basis", "Basis"),
    ]
    title = "The period that is running"
    notes = [f"{row['title']}: {row['reason']}" for row in rows if row["reason"]]
    return (
        [
            Table(
                f"{NAME}_running",
                title,
                placed(columns, JUDGED),
                rows,
                "Nothing is known of it.",
                "running_periods",
                notes=notes,
            )
        ]
        if rows
        else []
    )


def _gaps(parts: list[Row]) -> list[Table]:
    """Level and gap of what is compared with another place: a level can rise while its gap widens."""
    rows = [
        {**part, "measure": measure(part), "by": part["judged_by"] or "The value itself"}
        for part in parts
        if part["comparator_title"]
    ]
    columns = [
        Column("measure", "Measure"),
        Column("by", "What it is judged by"),
        Column("comparator_title", "Compared with"),
        Column("latest_value", "Level here", "number", places="places", status="latest_status"),
        Column("comparator_value", "Level there", "number", places="places"),
        Column("gap", "Gap", "number", places="places"),
        Column("gap_pct", "Gap (%)", "number", places=1),
        Column("gap_published", "Gap as published", "number", places=1),
        Column("judged_baseline", "Judged by: baseline", "number", places="judged_places"),
        Column("judged_value", "Judged by: now", "number", places="judged_places"),
        Column("judged_needed", "Judged by: needed by now", "number", places="judged_places"),
        Column("judged_target", "Judged by: target", "number", places="judged_places"),
    ]
    empty = "Nothing is compared with another place."
    return (
        [Table(f"{NAME}_gap", "Level and gap", placed(columns, JUDGED), rows, empty, "floor_targets")]
        if rows
        else []
    )
