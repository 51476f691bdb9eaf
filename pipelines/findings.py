"""A finding is a row: which file, sheet and cell, what was typed there, which rule, and what follows."""

from dataclasses import dataclass

REFUSE, QUERY, NOTE = "refuse", "query", "note"


@dataclass(frozen=True)
class Finding:
    """One broken rule at one place. What is not known of a place stays None.

    `because` is a sentence its reader can act on; `consequence` is refuse (it does not enter),
    query (it enters, flagged, and the partner must explain) or note.
    """

    rule: str
    because: str
    consequence: str
    file_id: str | None = None
    submission_id: str | None = None
    row_id: str | None = None
    column_name: str | None = None
    sheet: str | None = None
    cell: str | None = None
    as_typed: str | None = None
    folder: str | None = None  # of data/raw, where it is not the one in which the file first came
