"""Contents: every sheet of the pack, what is in it, and the overall rating where it has one."""

from collections.abc import Sequence

from pipelines.pack.model import Block, Column, Link, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.words import commas

ORDER = 10
TITLE = "Contents"
ON_ONE_PAGE = 32  # sheets whose lines can still be read when they are printed on one page
PRINTED = (
    "Printed as a whole, the pack leaves out the lines of its sheets for other programs (Data_ and Provenance): they "
    "are for the screen."
)


def sheet(others: Sequence[Sheet]) -> Sheet:
    """The sheet that lists the others, in their order."""
    rows = [
        {
            "link": Link(sheet.name, sheet.name),
            "title": sheet.title,
            "purpose": sheet.purpose,
            "rating": sheet.rating,
            "rated": commas(sheet.rated, sheet.whose) or None,
            "rating_status": sheet.mark if sheet.rating else "z",
        }
        for sheet in others
    ]
    table = Table(
        "Contents_sheets",
        "Sheets of this pack",
        [
            Column("link", "Sheet", width=18),
            Column("title", "Title", width=44),
            Column("purpose", "What is in it", width=63),
            *rating_columns("rating", "Rating", is_figure=False, status="rating_status"),
            Column("rated", "Measures rated, or by whom", width=12, missing="z"),
        ],
        rows,
        "This pack has no other sheets.",
    )
    blocks: list[Block] = [Paragraph(PRINTED), table]
    return Sheet(TITLE, TITLE, blocks, "Every sheet and what is in it.", is_one_page=len(rows) <= ON_ONE_PAGE)
