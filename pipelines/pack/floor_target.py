"""FT_<floor target>: one sheet per floor target: where it stands, then its four tables, a to d."""

from collections.abc import Mapping, Sequence

from pipelines.house_style.sheet_names import sheet_of_target, table_name
from pipelines.pack.action_table import action_table
from pipelines.pack.floor_target_tables import (
    progress_table,
    project_table,
    proxy_table,
    units_table,
)
from pipelines.pack.judgements import commentary_table, proxies_table
from pipelines.pack.judgements_sheet import NAME, PURPOSE
from pipelines.pack.lookups import (
    blanks_shown,
    course_shown,
    hidden_note,
    label,
    measure,
    measure_shown,
    names,
    parents,
    periods_known,
    rating_scale,
    targets,
)
from pipelines.pack.model import (
    Block,
    Column,
    Drawing,
    Heading,
    Link,
    LinkList,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import placed
from pipelines.pack.target_rating import TargetRating, rating_from, target_rating
from pipelines.pack.words import mark, sentence, uncapital

ORDER = 30
MOST_BESIDE = 1  # charts that have room to the right of what manager and partner say


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


def _sheet(marts: Marts, quarter: str, parent: Row, parts: list[Row], scale: Mapping[str, Rating]) -> Sheet:
    parent_id = parent["parent_id"]
    name, named = sheet_of_target(parent_id), names(marts)
    overall = target_rating(parts, scale)
    blocks: list[Block] = [
        Paragraph(f"The target: {sentence(parent['wording'])}"),
        Paragraph(f"Source: {sentence(parent['source'] or 'not given')}"),
        Paragraph(
            f"Lead: {parent['lead_partner'] or 'not named'}. "
            f"Rating of the {named.target} for {label(marts, quarter)}: {_told(marts, parts, overall, scale)}"
        ),
        *_warnings(marts, quarter, parts),
        LinkList([Link(f"Behind the rating: {PURPOSE}", NAME)]),
        _standing(marts, name, parts, scale),
        *_drawing(marts, quarter, parts),
        commentary_table(marts, quarter, table_name(name, "commentary"), parent_id, parts),
        _partner_says(name, parts, is_public=marts.is_public),
        progress_table(marts, quarter, table_name(name, "a_progress"), parts),
        *units_table(marts, quarter, table_name(name, "units"), parts),
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
        _definition(name, parts),
    ]
    purpose = f"Progress, proxies, {named.plan} actions, spend and projects."
    return Sheet(
        name,
        f"{parent_id}: {parent['title']}",
        blocks,
        purpose,
        overall.figure,
        overall.of_measures,
        overall.mark,
        overall.whose,
        overall.rests_on,
    )


def _told(marts: Marts, parts: Sequence[Row], overall: TargetRating, scale: Mapping[str, Rating]) -> str:
    """The rating in a sentence, how much it rests on, and which of its measures' ratings is not the rule's."""
    if overall.figure.value is None:
        return "none, as none of its measures is rated."
    word = " ".join(filter(None, (scale[overall.figure.value].word, mark(overall.mark))))
    given = [
        f" {row['title']} is {scale[row['rating']].word}: "
        f"{uncapital(rating_from(marts, row, scale, has_reason=True) or '')}."
        for row in overall.given
    ]
    return f"{word}, the worst of its measures ({overall.of_measures} rated).{''.join(given)}"


def _warnings(marts: Marts, quarter: str, parts: list[Row]) -> list[Paragraph]:
    """A sentence for each value that is too old, and each proxy that says otherwise than value or rating."""
    old = [
        f"Too old to rate by: the latest value of {measure(part)}, for {part['latest_label']}."
        for part in parts
        if part["is_stale"]
    ]
    return [Paragraph(text) for text in old] + [
        Paragraph(f"Warning from a proxy, {row['title'].lower()}: {row[said]}")
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
        for said in ("warning", "against_rating")
        if row[said]
    ]


def _drawing(marts: Marts, quarter: str, parts: list[Row]) -> list[Block]:
    """A chart of each measure that has a value: of one that never had any there is nothing to draw."""
    periods = periods_known(marts, quarter, [part["target_id"] for part in parts])
    known = {row["target_id"] for row in periods if row["value"] is not None}
    drawn = [part["target_id"] for part in parts if part["target_id"] in known]
    if len(drawn) > MOST_BESIDE:
        return [Heading("Charts"), Drawing(drawn)]
    return [Drawing(drawn, beside=len(("commentary", "partner")))] if drawn else []


def _standing(marts: Marts, name: str, parts: list[Row], scale: Mapping[str, Rating]) -> Table:
    rows = [
        {
            **part,
            "measure": measure_shown(part),
            "source": rating_from(marts, part, scale, has_reason=False),
            **blanks_shown(marts, part),
        }
        for part in parts
    ]
    columns = [
        Column("measure", "Measure"),
        Column("source", "Rating from", missing="z"),
        *rating_columns("rating", "Rating", status="rating_mark"),
        Column("latest_value", "Latest value", "number", places="places", status="latest_status"),
        Column("latest_label", "Latest period", status="blank"),
        Column("trajectory_value", "Needed by now", "number", places="needed_places", status="blank"),
        Column("on_course", "On course", "share", status="on_course_status"),
        Column("age_months", "Age in months", "number", status="blank"),
        Column("next_release_on", "Next value due out", "date", status="blank"),
        Column("values_basis", "Basis"),
    ]
    empty = "Nothing that can be measured stands under it yet."
    title, notes = "Where we stand", [f"{part['title']}: {part['rating_reason']}" for part in parts]
    notes += hidden_note(marts, parts)
    return Table(
        table_name(name, "standing"), title, placed(columns), rows, empty, "floor_targets", notes=notes
    )


def _partner_says(name: str, parts: list[Row], *, is_public: bool) -> Table:
    rows = [
        {**part, "measure": measure(part)} for part in parts if part["commentary"] or part["rating_partner"]
    ]
    columns = [
        Column("measure", "Measure"),
        Column("commentary", "Commentary", is_figure=True),
        *rating_columns("rating_partner", "Partner's rating"),
    ]
    empty = "The partner has sent neither a rating nor a comment."
    if is_public:
        empty = "No rating and no comment of the partner's is published."
    title = "What the partner says"
    return Table(table_name(name, "partner"), title, placed(columns), rows, empty, "floor_targets")


def _definition(name: str, parts: list[Row]) -> Table:
    rows = [{**part, "measure": measure(part), **course_shown(part, "progress")} for part in parts]
    columns = [
        Column("measure", "Measure"),
        Column("baseline_basis", "Basis of baseline"),
        Column("baseline_value", "Baseline", "number", places="places"),
        Column("baseline_label", "Baseline period"),
        Column("target_value", "Target", "number", places="places"),
        Column("target_label", "Target period"),
        Column("due_on", "Due", "date"),
        Column("progress", "Way made", "share", status="progress_status"),
    ]
    empty = "No baseline or target has been set."
    title, notes = "From where to where", [f"{part['title']}: {_stated(part)}" for part in parts]
    return Table(
        table_name(name, "definition"), title, placed(columns), rows, empty, "floor_targets", notes=notes
    )


def _stated(part: Row) -> str:
    said = [sentence(part["polarity"])]
    if part["judged_by"] and part["comparator_title"]:
        said.append(f"Values needed are those if {part['comparator_title']} stays as it was last known.")
    return " ".join([*said, sentence(part["note"])] if part["note"] else said)
