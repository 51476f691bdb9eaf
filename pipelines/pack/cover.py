"""Cover: what this pack is, how far it can be relied on, and how to read it."""

from pipelines.pack.lookups import label
from pipelines.pack.model import (
    Block,
    Column,
    Heading,
    Link,
    LinkList,
    Paragraph,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import day, sentence

ORDER = 0


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    publisher = marts.setting("partnership_name")
    period = label(marts, quarter)
    about = marts.one("about")
    calendar = marts.one("calendar", quarter=quarter)
    note = marts.setting("cover_note", "")
    blocks: list[Block] = [
        Heading("What this is"),
        Paragraph(f"The quarterly performance pack of {publisher} for {period}."),
        Paragraph("Status: DRAFT."),
        Paragraph(f"Prepared for the Board of {day(calendar['board_on'])}."),
        Paragraph(
            f"Cut-off: {day(calendar['cut_off_on'])}. Values published by then count; ages are counted to it."
        ),
        Paragraph(f"As at {day(about['as_at'])}: what had been received by the end of that day."),
        Paragraph(f"Run: {about['run_id']}. The same inputs give the same run and the same pack."),
        Paragraph(_next(calendar)),
        Paragraph(f"Contact: {sentence(marts.setting('partnership_contact'))}"),
        *([Heading("Read this first"), Paragraph(note)] if note else []),
        Heading("How to read it"),
        LinkList(
            [
                Link("Summary: every target on one page", "Summary"),
                Link("Contents: every sheet and what is in it", "Contents"),
                Link("Quality: who did not send, what was refused or queried, what is not known", "Quality"),
                Link("Notes: methods, thresholds, shorthand and where we depart from guidance", "Notes"),
            ]
        ),
        Paragraph(
            "Every figure is a link: it leads to the file, sheet and cell it came from, on Provenance."
        ),
        Paragraph(
            "A figure that is missing, nil, not due, refused or suppressed says so; it is never shown as zero."
        ),
        Table(
            "Cover_ratings",
            "What the ratings mean",
            [
                *rating_columns("rating", "Rating", is_figure=False),
                Column("meaning", "Meaning", width=80),
            ],
            marts.rows("rating_scale", order=("rank",)),
            "The framework has no rating scale.",
        ),
    ]
    return [
        Sheet("Cover", f"{publisher}: quarterly performance pack, {period}", blocks, "What this pack is.")
    ]


def _next(calendar: Row) -> str:
    if calendar["next_board_on"] is None:
        return "Next pack: the framework's calendar has no later quarter yet."
    return f"Next pack: returns are due on {day(calendar['next_due_on'])}, the Board meets on {day(calendar['next_board_on'])}."
