"""Revisions: what has changed since the pack before, a table for each cause."""

from typing import Any

from pipelines.house_style.sheet_names import table_name
from pipelines.pack.lookups import label, partner_name, rating_scale
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Sheet, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.versions import versions
from pipelines.pack.words import capital, counted, mark

ORDER = 70
RATING, ERASED = "re-rated", "erased"
CAUSES = {
    RATING: (
        "Re-rated",
        "ratings that were given, changed or taken back since this Board, or an earlier one, saw them",
    ),
    "late": ("Late", "figures that came after the pack of their quarter was issued"),
    "restated": ("Restated", "figures that a later file gives another value"),
    "withdrawn": (
        "Withdrawn",
        "figures that a later file no longer has, or whose return its sender took back",
    ),
    ERASED: ("Erased", "returns whose file was erased, with all that was in it"),
    "re-targeted": ("Re-targeted", "targets, baselines and trajectories that the framework has changed"),
    "re-defined": ("Re-defined", "measures whose definition the framework has changed"),
}
NUMBERS = [
    Column("value_was", "Was", "number", places="places", missing="z"),
    Column("value_is", "Is", "number", places="places", missing="z"),
]
WORDS = [Column("was", "Was", width=24, missing="z"), Column("now", "Is", width=24, missing="z")]
FIRST = [
    Column("what", "Kind", width=10),
    Column("subject_id", "Reference", width=16),
    Column("measure", "Measure", width=42),
    Column("changed", "What of it", width=16),
]
WHERE = [Column("area_id", "Area", width=14, missing="z"), Column("period_label", "Period", missing="z")]
RATED = [
    Column("what", "Kind", width=10),
    Column("changed", "Whose rating", width=16),
    Column("measure", "Of", width=30),
    Column("period_label", "For the quarter", width=16),
    Column("was", "Was", width=13),
    Column("now", "Is", width=13),
    Column("by_rule", "Suggested by rule", width=13),
    Column("sender", "Sent by", width=18, missing="z"),
    Column("received_at", "Received", "date", is_figure=False),
    Column("reason", "Why", width=48),
    Column("file_name", "In the file", width=24),
]
GONE = [
    Column("sender", "Partner", width=24),
    Column("measure", "Return", width=24),
    Column("period_label", "For the quarter", width=16),
    Column("received_at", "Erased", "date", is_figure=False),
    Column("reason", "Why", width=64),
    Column("file_name", "File", width=32),
]
LAST = [
    Column("status", "Status", width=10),
    Column("sender", "Changed by", width=18, missing="z"),
    Column("received_at", "Received", "date", is_figure=False),
    Column("reason", "Why", width=48),
    Column("file_name", "In the file", width=32),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = marts.rows("revisions", quarter=quarter, order=("cause_order", "kind", "subject_id", "row_id"))
    if marts.is_public:
        rows = [row for row in rows if row["cause"] != ERASED]  # who has not sent what is not published
    found = {cause: [_shown(marts, row) for row in rows if row["cause"] == cause] for cause in CAUSES}
    rated = [_rated(marts, row) for row in found.pop(RATING)]
    counts = ", ".join(f"{len(of)} {cause}" for cause, of in found.items() if of) or "nothing"
    blocks: list[Block] = [
        *_since_version(marts, quarter),
        Paragraph(f"Figures changed since the pack before, {_had(marts, quarter)}: {counts}."),
        Paragraph(_ratings(len(rated))),
        Paragraph(_by_rule_alone(marts)),
        *([_table(RATING, rated, is_public=marts.is_public)] if rated else []),
    ]
    blocks += [_table(cause, of, is_public=marts.is_public) for cause, of in found.items() if of]
    title = f"Revisions up to {label(marts, quarter)}"
    return [
        Sheet(
            "Revisions", title, blocks, "What has changed since the pack before: was, is, who, when and why."
        )
    ]


def _ratings(number: int) -> str:
    """How many ratings that somebody gave have changed since readers saw them, of this quarter or of an earlier one."""
    if not number:
        return (
            "Ratings that somebody gave: none was given, changed or taken back since the Board of its quarter, or a "
            "later version, saw it."
        )
    return (
        f"Ratings that somebody gave: {counted(number, 'was', 'were')} given, changed or taken back since the Board of "
        "that quarter, or the last version issued, saw them; Re-rated lists them. Which rating is shown follows "
        "from the setting rating_order: while none of the first in it had been given, the next was shown."
    )


def _by_rule_alone(marts: Marts) -> str:
    """Where to look for a rating that no figure and nobody's judgement changed, but the rule itself."""
    where = (
        "nothing is listed until a version of this pack has been issued, and then what has changed since it stands "
        "here first"
        if marts.standing.changes is None
        else "it stands above, among what has changed since the version before"
    )
    return (
        "Ratings by rule are not listed by themselves: where one has changed because a figure has, the figure is "
        f"listed; where only the rule, its thresholds or a setting have, {where}. Those of earlier quarters stand as "
        "they were in the packs that were issued then."
    )


def _rated(marts: Marts, row: dict[str, Any]) -> dict[str, Any]:
    """A rating that changed, and beside it what the rule suggests for the same quarter."""
    of = marts.rows("calendar", label=row["period_label"])
    return {
        **row,
        "was": row["was"] or "none",
        "now": row["now"] or "none",
        "by_rule": _by_rule(marts, of[0]["quarter"], row) if of else None,
    }


def _by_rule(marts: Marts, quarter: str, row: dict[str, Any]) -> Figure | str:
    subject = row["subject_id"]
    for mart, key in (("floor_targets", "target_id"), ("annual_review", "subject")):
        for found in marts.rows(mart, quarter=quarter, **{key: subject}):
            if code := found["rating_suggested"]:
                figure_id = f"{mart}:{found['row_id']}:rating_suggested"
                half = found.get("overall_mark") == "u"
                words = rating_scale(marts)[code].word + (f" {mark('u')}" if half else "")
                return Figure(words, (figure_id,))
    return "none"


def _had(marts: Marts, quarter: str) -> str:
    """What the pack before had: what it was issued with, else all that came by its Board's day."""
    version = marts.one("calendar", quarter=quarter)["version_before"]
    return f"as version {version} of it was issued" if version else "which had what came by its Board's day"


def _since_version(marts: Marts, quarter: str) -> list[Block]:
    """What differs from this quarter's version before, figure by figure; nothing for a first version."""
    changed = marts.standing.changes
    if changed is None:
        return []
    version = versions(marts, quarter)[-1]["version"]
    rows = [
        {
            "link": Link(change.place.sheet, change.place.sheet)
            if change.now is not None
            else change.place.sheet,
            "about": change.place.about or None,
            "what": change.place.column,
            "table": change.place.table,
            "was": change.was,
            "now": change.now,
        }
        for change in changed
    ]
    columns = [
        Column("link", "Sheet", width=10),
        Column("what", "Figure", width=16),
        Column("about", "Of", width=42, missing="z"),
        Column("was", "Was", width=16, missing="z"),
        Column("now", "Is", width=16, missing="z"),
        Column("table", "Table", width=24),
    ]
    return [
        Table(
            "Revisions_version",
            f"Changed since version {version} of this pack",
            columns,
            rows,
            f"No figure differs from version {version}.",
        )
    ]


def _table(cause: str, rows: list[dict[str, Any]], *, is_public: bool) -> Table:
    word, meaning = CAUSES[cause]
    is_ours = cause in ("re-targeted", "re-defined")
    of_figures = [*FIRST, *([] if is_ours else WHERE), *(WORDS if is_ours else NUMBERS), *LAST]
    columns = [
        column
        for column in {RATING: RATED, ERASED: GONE}.get(cause, of_figures)
        if not (is_public and column.name in ("reason", "file_name"))
    ]
    title = f"{word}: {meaning}"
    return Table(table_name("Revisions", word), title, columns, rows, "Nothing was changed.", "revisions")


def _shown(marts: Marts, row: Row) -> dict[str, Any]:
    return {
        **row,
        "what": capital(row["kind"]),
        "measure": f"{row['title']}, {row['unit']}" if row["unit"] else row["title"],
        "changed": capital(row["item"].replace("_", " ")),
        "status": "[r]",
        "sender": partner_name(marts, row["partner"]),
        "reason": row["why"] or "No reason was given.",
        "was": _said(row, "was"),
        "now": _said(row, "is"),
    }


def _said(row: Row, when: str) -> Figure | None:
    """A value of the framework in words, be it a number or not; it leads to its cell all the same."""
    number, said = row[f"value_{when}"], row[f"said_{when}"]
    name = f"value_{when}" if number is not None else f"said_{when}"
    text = f"{number:.10g}" if number is not None else said
    return Figure(text, (f"revisions:{row['row_id']}:{name}",)) if text is not None else None
