"""Summary: the one page. One line per measurable target."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.house_style.sheet_names import sheet_of_target
from pipelines.pack.lookups import (
    BY_RULE,
    blanks_shown,
    hidden_note,
    label,
    measure_shown,
    names,
    rating_mark,
    rating_scale,
    targets,
)
from pipelines.pack.model import (
    Block,
    Column,
    Figure,
    Link,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.rating_counts import counts_of_measures
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import NO_RATING, rating_from, rating_source
from pipelines.pack.words import UNROUNDED, capital, counted, day, listed, uncapital

ORDER = 20
ENDED = ("complete", "superseded")


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    period, named = label(marts, quarter), names(marts)
    lines = targets(marts, quarter)
    before, scale = _before(marts, quarter), rating_scale(marts)
    columns = [
        Column("link", capital(named.target) or "", width=8),
        Column("measure", "Measure", width=36),
        *rating_columns("rating", "Rating", status="rating_mark"),
        Column("source", "Rating from", width=13, missing="z"),
        Column(
            "before",
            f"Rating in {label(marts, before)}" if before else "Rating before",
            width=14.5,
            missing="z",
            is_figure=True,
        ),
        Column("target_id", "Course so far", "course", 13),
        Column("latest_value", "Latest value", "number", 8, places="places", status="latest_status"),
        Column("latest_label", "Latest period", width=9, status="blank"),
        Column("age_months", "Age in months", "number", 9, status="blank"),
        Column("previous_value", "Previous value", "number", 10, places="places", status="blank"),
        Column("trajectory_value", "Needed by now", "number", 9, places="needed_places", status="blank"),
        Column("on_course", "On course", "share", 8, status="on_course_status"),
        Column("chance", "Chance", width=11, status="blank"),
        Column("target_value", "Target value", "number", 8, places="places"),
        Column("due_on", "Target due", "date", 12.5),
        Column("actions", "Live actions", "number", 9),
        Column("overdue", "Actions overdue", "number", 9),
        Column("variance", "Spend against profile", "money", 10),
        Column("values_basis", "Basis", width=11),
    ]
    table = Table(
        "Summary_targets",
        "Every target: one line per measure",
        columns,
        [
            {
                **_line(marts, quarter, row),
                "source": rating_source(row, scale),
                "before": _rating_before(marts, before, row, scale),
            }
            for row in lines
        ],
        "The framework has no targets for this quarter.",
        "floor_targets",
        notes=[*_given(marts, lines, scale), *hidden_note(marts, lines)],
    )
    blocks: list[Block] = [
        Paragraph(_ratings(marts, quarter, lines)),
        Paragraph(
            f"Actions and spend are those of the whole {named.target}, a project's by the share of it that serves it: "
            "they must not be added up over lines. Ages and overdue actions are counted to the cut-off, "
            f"{day(marts.one('calendar', quarter=quarter)['cut_off_on'])}. "
            "Why no chance is said: Judgements."
        ),
        *_then(marts, before),
        Paragraph(
            "Course so far: the known values from the oldest to the latest, which is orange. Each cell has a scale of "
            "its own, from its least value to its most, so that heights can't be compared between lines."
        ),
        table,
    ]
    title, purpose = f"Summary for {period}", "Every target on one page."
    return [Sheet("Summary", title, blocks, purpose, is_one_page=True)]


def _given(marts: Marts, lines: Sequence[Row], scale: Mapping[str, Rating]) -> list[str]:
    """Of each rating that somebody gave: who, why, and what the rule says."""
    return [
        f"{row['parent_id']} {row['title']}, {scale[row['rating']].word}: "
        f"{uncapital(rating_from(marts, row, scale, has_reason=True) or '')}."
        for row in lines
        if row["rating"] is not None and row["rating_source"] != BY_RULE
    ]


def _line(marts: Marts, quarter: str, row: Row) -> dict[str, Any]:
    parent_id = row["parent_id"]
    actions = marts.rows("actions", quarter=quarter, strand="delivery", target_id=parent_id)
    live = [action for action in actions if action["status"] not in ENDED]
    overdue = [action for action in actions if (action["days_overdue"] or 0) > 0]
    return {
        **row,
        "link": Link(parent_id, sheet_of_target(parent_id)),
        "measure": measure_shown(row),
        **blanks_shown(marts, row),
        "chance": Figure(capital(row["outlook_word"]), (f"floor_targets:{row['row_id']}:outlook_word",)),
        "actions": _made(len(live), live, "actions", "title", "Counted: its actions that have not ended"),
        "overdue": _made(
            len(overdue),
            overdue,
            "actions",
            "days_overdue",
            "Counted: its actions that are overdue",
        ),
        "variance": _variance(marts, quarter, parent_id),
    }


def _made(value: float | None, rows: Sequence[Row], mart: str, column: str, method: str) -> Figure:
    return Figure(value, tuple(f"{mart}:{row['row_id']}:{column}" for row in rows), method)


def _variance(marts: Marts, quarter: str, parent_id: str) -> Figure:
    """Spend less profile, each project by the share of it that serves the floor target."""
    found = marts.rows("target_money", quarter=quarter, parent_id=parent_id)
    money = [Figure(row["variance"], (f"target_money:{row['row_id']}:variance",)) for row in found]
    return money[0] if money else Figure(None, ())


def _then(marts: Marts, before: str | None) -> list[Block]:
    """What a rating of the quarter before is, so that nobody takes it for what a pack printed."""
    if before is None:
        return []
    return [
        Paragraph(
            f"The rating in {label(marts, before)} is that of its cut-off as it is worked out today, by the figures, "
            "settings and judgements known now: the pack of that quarter may have printed another."
        )
    ]


def _ratings(marts: Marts, quarter: str, lines: Sequence[Row]) -> str:
    stale = sum(line["is_stale"] is True for line in lines)
    old = f"{stale or 'None'} with a latest value that is too old to rate by."
    one_sided = sum(rating_mark(line) == "u" for line in lines)
    half = f" {one_sided} by position or outlook alone, marked [u]." if one_sided else ""
    return (
        f"Of {counted(len(lines), 'measure', 'measures')}: {counts_of_measures(marts, lines)}. {old}{half}"
        + _whose(lines)
    )


def _whose(lines: Sequence[Row]) -> str:
    """Whose ratings are shown, and where others differ from them."""
    sources = Counter(line["rating_source"] for line in lines if line["rating_source"])
    differ = sum(line["rating_differs"] is not None for line in lines)
    shown = listed(f"{number} {source}" for source, number in sorted(sources.items()))
    told = f" Shown: {shown}." if sources else ""
    others = sum(number for source, number in sources.items() if source != BY_RULE)
    beside = " Who gave those that are not by rule, and why, stands above the table." if others else ""
    apart = (
        f" Others differ for {counted(differ, 'measure', 'measures')}: Judgements says which, and why."
        if differ
        else ""
    )
    return f"{told}{beside}{apart}"


def _before(marts: Marts, quarter: str) -> str | None:
    """The quarter before, where there is one."""
    earlier = [row["quarter"] for row in marts.rows("calendar") if row["quarter"] < quarter]
    return max(earlier, default=None)


def _rating_before(marts: Marts, before: str | None, row: Row, scale: Mapping[str, Rating]) -> Figure | None:
    """The measure's rating of the quarter before, and whether this one is better or worse; None where it was none of
    that quarter's.
    """
    found = marts.rows("floor_targets", quarter=before, target_id=row["target_id"]) if before else []
    if not found:
        return None
    was, now = (one["rating"] for one in (found[0], row))
    if was is None:
        said = f"{NO_RATING}: {'now rated' if now else 'the same'}"
    else:
        step = scale[now].rank - scale[was].rank if now else 0
        way = (
            "now none"
            if now is None
            else "the same"
            if step == 0
            else "now worse"
            if step > 0
            else "now better"
        )
        by = ", before rounding" if found[0]["rating_reason"] == UNROUNDED else ""
        said = f"{scale[was].word}{by}: {way}"
    inputs = tuple(f"floor_targets:{one['row_id']}:rating" for one in (found[0], row) if one["rating"])
    return Figure(said, inputs, "Set side by side: the rating then and now" if inputs else "")
