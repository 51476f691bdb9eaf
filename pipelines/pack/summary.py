"""Summary: the one page. One line per measurable target; what else is known of each stands on Measures."""

from collections import Counter
from collections.abc import Mapping, Sequence

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
from pipelines.pack.measures_sheet import NAME as MEASURES
from pipelines.pack.measures_sheet import ON_ONE_PAGE, PURPOSE
from pipelines.pack.model import (
    Block,
    Column,
    Link,
    LinkList,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.rating_before import quarter_before, rating_before
from pipelines.pack.rating_counts import counts_of_measures
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import rating_from
from pipelines.pack.words import UNROUNDED, capital, counted, listed, uncapital

ORDER = 20
BY_DISTANCE = (
    "GAP_REL",
    "GAP_ABS",
    "MAX_MULTIPLE",
    "FASTER_THAN",
)  # types judged by how far it is from elsewhere


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    lines, scale = targets(marts, quarter), rating_scale(marts)
    before = quarter_before(marts, quarter)
    # as wide as most words need in one line, so that the lines of a page are few and its letters large
    columns = [
        Column("link", capital(names(marts).target) or "", width=8),
        Column("measure", "Measure", width=50),
        *rating_columns("rating", "Rating", status="rating_mark"),
        Column(
            "before",
            f"Rating in {label(marts, before)}" if before else "Rating before",
            width=22.5,
            missing="z",
            is_figure=True,
        ),
        Column("target_id", "Course so far", "course", 10),
        Column("latest_value", "Latest value", "number", 8, places="places", status="latest_status"),
        Column("latest_label", "Latest period", width=16, status="blank"),
        Column("trajectory_value", "Needed by now", "number", 9, places="needed_places", status="blank"),
        Column("on_course", "On course", "share", 9, status="on_course_status"),
        Column("target_value", "Target value", "number", 8, places="places"),
        Column("due_on", "Target due", "date", 12.5),
    ]
    table = Table(
        "Summary_targets",
        "Every target: one line per measure",
        columns,
        [
            {
                **row,
                "link": Link(row["parent_id"], sheet_of_target(row["parent_id"])),
                "measure": measure_shown(row),
                **blanks_shown(marts, row),
                "before": rating_before(marts, before, row, scale),
            }
            for row in lines
        ],
        "The framework has no targets for this quarter.",
        "floor_targets",
        notes=[*_given(marts, lines, scale), *_by_gap(lines), *_unrounded(lines), *hidden_note(marts, lines)],
    )
    blocks: list[Block] = [
        Paragraph(_ratings(marts, quarter, lines)),
        Paragraph(
            "Course so far: the known values from the oldest to the latest, which is orange; each on a scale of "
            f"its own from its least value to its most.{_then(marts, before)}"
        ),
        LinkList([Link(f"Measures: {PURPOSE}", MEASURES)]),
        table,
    ]
    title = f"Summary for {label(marts, quarter)}"
    is_one_page = len(lines) <= ON_ONE_PAGE
    purpose = "Every target on one page." if is_one_page else "Every target, a line for each measure."
    return [Sheet("Summary", title, blocks, purpose, is_one_page=is_one_page)]


def _given(marts: Marts, lines: Sequence[Row], scale: Mapping[str, Rating]) -> list[str]:
    """Of each rating that somebody gave: who, why, and what the rule says."""
    return [
        f"{row['parent_id']} {row['title']}, {scale[row['rating']].word}: "
        f"{uncapital(rating_from(marts, row, scale, has_reason=True) or '')}."
        for row in lines
        if row["rating"] is not None and row["rating_source"] != BY_RULE
    ]


def _by_gap(lines: Sequence[Row]) -> list[str]:
    """Which measures are not judged by the value that stands in their line, but by its distance from elsewhere."""
    others = {row["parent_id"] for row in lines if row["target_type"] not in BY_DISTANCE}
    judged = {
        f"{row['parent_id']} {row['title']}" if row["parent_id"] in others else str(row["parent_id"]): None
        for row in lines
        if row["target_type"] in BY_DISTANCE
    }
    if not judged:
        return []
    return [
        f"{listed(judged)}: judged by the distance from the place it is compared with, and not by the value alone; the "
        "target's sheet has the figures. On course [z]: worse than in the baseline."
    ]


def _unrounded(lines: Sequence[Row]) -> list[str]:
    """Which ratings the figures beside them would not give, as these are rounded in public."""
    titles = [
        row["title"] for row in lines if row["rating"] is not None and row["rating_reason"] == UNROUNDED
    ]
    return [f"{listed(titles)}: {uncapital(UNROUNDED)}"] if titles else []


def _then(marts: Marts, before: str | None) -> str:
    """What a rating of the quarter before is, so that nobody takes it for what a pack printed."""
    if before is None:
        return ""
    return (
        f" The rating in {label(marts, before)} is that of its cut-off as it is worked out today: "
        "the pack of that quarter may have printed another."
    )


def _ratings(marts: Marts, quarter: str, lines: Sequence[Row]) -> str:
    stale = sum(line["is_stale"] is True for line in lines)
    old = f"{stale or 'None'} with a latest value that is too old to rate by."
    one_sided = sum(rating_mark(line) == "u" for line in lines)
    half = f" {one_sided} by position or outlook alone, marked [u]." if one_sided else ""
    bases = Counter(
        line["values_basis"] for line in lines if line["values_basis"] and line["latest_value"] is not None
    )
    basis = listed(f"{number} {name}" for name, number in bases.most_common())
    return (
        f"Of {counted(len(lines), 'measure', 'measures')}: {counts_of_measures(marts, lines)}. {old}{half}"
        + _whose(lines)
        + (f" Values: {basis}; {MEASURES} says which." if basis else "")
    )


def _whose(lines: Sequence[Row]) -> str:
    """Whose ratings are shown, and where others differ from them."""
    sources = Counter(line["rating_source"] for line in lines if line["rating_source"])
    differ = sum(line["rating_differs"] is not None for line in lines)
    shown = listed(f"{number} {source}" for source, number in sorted(sources.items()))
    told = f" Shown: {shown}." if sources else ""
    others = sum(number for source, number in sources.items() if source != BY_RULE)
    beside = " Who gave those that are not by rule, and why, stands at the table." if others else ""
    apart = (
        f" Others differ for {counted(differ, 'measure', 'measures')}: Judgements says which, and why."
        if differ
        else ""
    )
    return f"{told}{beside}{apart}"
