"""Returns that their sender has withdrawn: what had come by the end of that day counts no more, later files do."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from pipelines.headings import plain
from pipelines.parse.dates import spoken
from pipelines.submission import Submission

Withdrawal = Mapping[str, Any]
END_OF_DAY = time(23, 59, 59)


def withdrawn(
    submissions: Iterable[Submission], rows: Iterable[Withdrawal]
) -> dict[str, tuple[str, datetime]]:
    """Submission → the sentence that says who withdrew it and why, and when that was."""
    rows = sorted(rows, key=lambda row: (row["withdrawn_on"], row["withdrawal_id"]))
    found: dict[str, tuple[str, datetime]] = {}
    for submission in submissions:
        mine = (submission.partner, plain(submission.contract.name), submission.quarter)
        for row in rows:
            of = (row["partner_id"], plain(row["return_name"]), row["quarter"])
            if of == mine and submission.receipt.first_seen.date() <= row["withdrawn_on"]:
                on = spoken(row["withdrawn_on"])
                sentence = f"Withdrawn on {on} by {row['asked_by']}: {row['reason'].rstrip('. ')}."
                found.setdefault(
                    submission.submission_id, (sentence, datetime.combine(row["withdrawn_on"], END_OF_DAY))
                )
    return found
