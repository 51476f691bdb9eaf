"""Summary: the one page. One line per measurable target."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.pack.lookups import (
    course_shown,
    label,
    measure_shown,
    names,
    rating_mark,
    rating_scale,
    targets,
)
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted, listed
from pipelines.sheet_names import sheet_of_target

ORDER = 20
ENDED = ("complete", "superseded")
MOST_GIVEN = 2  # ratings whose reasons fit on the one page


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    period, named = label(marts, quarter), names(marts)
    lines = targets(marts, quarter)
    columns = [
        Column("link", capital(named.target) or "", width=8),
        Column("measure", "Measure", width=36),
        Column("theme_title", "Theme", width=15),
        *rating_columns("rating", "Rating", status="rating_mark"),
        Column("source", "Rating from", width=11, missing="z"),
        Column("target_id", "Course so far", "course"),
        Column("latest_value", "Latest value", "number", 8, places="places", status="latest_status"),
        Column("latest_label", "Latest period", width=10),
        Column("age_months", "Age in months", "number", 9),
        Column("previous_value", "Previous value", "number", 10, places="places"),
        Column("trajectory_value", "Needed by now", "number", 9, places="places"),
        Column("on_course", "On course", "share", 8, status="on_course_status"),
        Column("proxies", "Proxies", "number", 9),
        Column("actions", "Live actions", "number", 9),
        Column("overdue", "Actions overdue", "number", 9),
        Column("variance", "Spend against profile", "money", 10),
        Column("values_basis", "Basis", width=11),
    ]
    table = Table(
        "Summary_targets",
        "Every target: one line per measure",
        columns,
        [_line(marts, quarter, row) for row in lines],
        "The framework has no targets for this quarter.",
        "floor_targets",
    )
    blocks: list[Block] = [
        Paragraph(_ratings(marts, quarter, lines)),
        Paragraph(
            f"Proxies are those of the measure. Actions and spend are those of the whole {named.target}, a "
            "project's by the share of it that serves it: they must not be added up over lines."
        ),
        table,
    ]
    title, purpose = f"Summary for {period}", "Every target on one page."
    return [Sheet("Summary", title, blocks, purpose, is_one_page=True)]


def _line(marts: Marts, quarter: str, row: Row) -> dict[str, Any]:
    parent_id = row["parent_id"]
    proxies = marts.rows("proxies", quarter=quarter, target_id=row["target_id"])
    actions = marts.rows("actions", quarter=quarter, strand="delivery", target_id=parent_id)
    live = [action for action in actions if action["status"] not in ENDED]
    overdue = [action for action in actions if (action["days_overdue"] or 0) > 0]
    return {
        **row,
        "link": Link(parent_id, sheet_of_target(parent_id)),
        "measure": measure_shown(row),
        "rating_mark": rating_mark(row),
        **course_shown(row),
        "source": capital(row["rating_source"]),
        "proxies": _made(len(proxies), proxies, "proxies", "indicator_id", "Counted: the target's proxies"),
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


def _ratings(marts: Marts, quarter: str, lines: Sequence[Row]) -> str:
    scale = rating_scale(marts)
    parts = [
        f"{count} {rating.word}"
        for rating in scale.values()
        if (count := sum(line["rating"] == rating.code for line in lines))
    ]
    unrated = sum(line["rating"] is None for line in lines)
    stale = sum(line["is_stale"] is True for line in lines)
    found = listed([*parts, f"{unrated} without a rating"])
    old = f"{stale or 'None'} with a latest value that is too old to rate by."
    one_sided = sum(rating_mark(line) == "u" for line in lines)
    half = f" {one_sided} by position or outlook alone, marked [u]." if one_sided else ""
    return f"Of {counted(len(lines), 'measure', 'measures')}: {found}. {old}{half}{_whose(marts, quarter, lines)}"


def _whose(marts: Marts, quarter: str, lines: Sequence[Row]) -> str:
    """Whose ratings are shown, and where others differ from them."""
    sources = Counter(line["rating_source"] for line in lines if line["rating_source"])
    differ = sum(line["rating_differs"] is not None for line in lines)
    shown = listed(f"{number} {source}" for source, number in sorted(sources.items()))
    told = f" Shown: {shown}." if sources else ""
    return (
        told
        + _given(marts, quarter, lines)
        + (
            f" Others differ for {counted(differ, 'measure', 'measures')}: Judgements says which, and why."
            if differ
            else ""
        )
    )


def _given(marts: Marts, quarter: str, lines: Sequence[Row]) -> str:
    """Why ratings that somebody gave are shown where the rule says otherwise or nothing: a few here, many elsewhere."""
    scale = rating_scale(marts)
    said = []
    for line in lines:
        if line["rating"] is None or line["rating"] == line["rating_suggested"]:
            continue
        for given in marts.rows(
            "ratings", quarter=quarter, subject=line["target_id"], kind=line["rating_source"]
        ):
            reason = f" ({given['reason'].rstrip('. ')})" if given["reason"] else ""
            said.append(f"{line['title']} is {scale[line['rating']].word}, {line['rating_source']}{reason}.")
    return f" {' '.join(said)}" if 0 < len(said) <= MOST_GIVEN else ""
