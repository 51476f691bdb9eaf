"""A finding is a row: which file, sheet and cell, what was typed there, which rule, and what follows.

And how it ends: settled by a waiver, a correction, an answer or a later submission, or still open.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

REFUSE, QUERY, NOTE = "refuse", "query", "note"
WAIVER, CORRECTION, ANSWER, LATER = "waiver", "correction", "answer", "later submission"
WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Finding:
    """One broken rule at one place. What is not known of a place stays None.

    `because` is a sentence its reader can act on; `consequence` is refuse (it does not enter),
    query (it enters, flagged, and the partner must explain) or note. A rule on trial gives notes
    (`is_trial`) that no partner is asked to mend.

    `finding_id` stays the same when the same fault comes again in a later file. `settled` is the
    sentence of how the finding was settled, None while it is open, and `settled_by` the kind of thing that
    settled it. `settled_at` is when that was received; None where that was before the finding could arise.
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
    is_trial: bool = False
    row_key: tuple[str, ...] = ()  # the values of the contract's key in its row
    finding_id: str | None = None
    settled: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.settled is None


@dataclass(frozen=True)
class Answer:
    """What a partner wrote beside a query in the reply that it sent back.

    `answered_on` is when that reply was received, `cell` where the answer stands in it, and `as_typed`
    the value that the query was about, as the reply showed it (None where nothing stood there).
    """

    finding_id: str
    text: str
    answered_on: datetime
    file_id: str
    sheet: str
    cell: str
    as_typed: str | None = None


def identify(
    partner: str | None,
    return_name: str | None,
    quarter: str | None,
    place: Sequence[str],
    column_name: str | None,
    rule: str,
) -> str:
    """The identity of a finding by its content: 16 hexadecimal digits.

    `place` is the key of the row; for a finding on no row, what else tells it from others (the sheet,
    what is typed there). Files, cells and row numbers are no part of it: they differ from file to file.
    """
    parts = (partner, return_name, quarter, *place, column_name, rule)
    text = "\x1f".join("" if part is None else part for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
