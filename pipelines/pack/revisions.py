"""Revisions: what is another than in the pack before, a table for each cause."""

from typing import Any

from pipelines.pack.lookups import label
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Sheet, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.versions import versions
from pipelines.pack.words import capital
from pipelines.sheet_names import table_name

ORDER = 70
CAUSES = {
    "late": ("Late", "figures that came after the pack of their quarter was issued"),
    "restated": ("Restated", "figures that a later file gives another value"),
    "withdrawn": ("Withdrawn", "figures that a later file no longer has"),
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
LAST = [
    Column("status", "Status", width=10),
    Column("partner", "Changed by", width=18, missing="z"),
    Column("received_at", "Received", "date", is_figure=False),
    Column("reason", "Why", width=48),
    Column("file_name", "In the file", width=32),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    rows = marts.rows("revisions", quarter=quarter, order=("cause_order", "kind", "subject_id", "row_id"))
    found = {cause: [_shown(row) for row in rows if row["cause"] == cause] for cause in CAUSES}
    counts = ", ".join(f"{len(of)} {cause}" for cause, of in found.items() if of) or "nothing"
    blocks: list[Block] = [
        *_since_version(marts, quarter),
        Paragraph(f"Changed since the pack before, {_had(marts, quarter)}: {counts}."),
    ]
    blocks += [_table(cause, of, is_public=marts.is_public) for cause, of in found.items() if of]
    if not rows:
        blocks.append(_table("restated", [], is_public=marts.is_public))
    title = f"Revisions up to {label(marts, quarter)}"
    return [
        Sheet(
            "Revisions", title, blocks, "What is another than in the pack before: was, is, who, when and why."
        )
    ]


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
    last = [column for column in LAST if not (is_public and column.name in ("reason", "file_name"))]
    columns = [*FIRST, *([] if is_ours else WHERE), *(WORDS if is_ours else NUMBERS), *last]
    title = f"{word}: {meaning}"
    return Table(table_name("Revisions", word), title, columns, rows, "Nothing was changed.", "revisions")


def _shown(row: Row) -> dict[str, Any]:
    return {
        **row,
        "what": capital(row["kind"]),
        "measure": f"{row['title']}, {row['unit']}" if row["unit"] else row["title"],
        "changed": capital(row["item"].replace("_", " ")),
        "status": "[r]",
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
