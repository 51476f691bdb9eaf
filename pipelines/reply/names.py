"""What a reply is called: for whom, for when, and the how-manieth of that partner's files for that quarter.

All of it is a function of the ledger and of what the files say; no counter is kept anywhere.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.framework.references import References
from pipelines.headings import plain
from pipelines.parse import Period, parse
from pipelines.receipt import Receipt
from pipelines.submission import FileRead

UNKNOWN = "unknown"


class Name(NamedTuple):
    """The folder and the partner under which a file is answered, and its number there.

    `partner` and `quarter` are what is known of them, in the framework's words; None where it is not.
    """

    folder: str
    who: str
    what: str
    number: int
    partner: str | None
    quarter: str | None

    @property
    def file_name(self) -> str:
        return f"{self.who}_{self.what}_{self.number}.xlsx"


def names(receipts: Iterable[Receipt], files: Iterable[FileRead], references: References) -> dict[str, Name]:
    """The name of the reply to each file, by file_id, in order of receipt."""
    read = {file.receipt.file_id: file for file in files}
    found: dict[str, Name] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for receipt in sorted(receipts, key=lambda receipt: (receipt.first_seen, receipt.sha256)):
        partner, quarter = whose(receipt, read.get(receipt.file_id), references)
        place = quarter or safe(receipt.folder), safe(partner or receipt.received_from), _what(receipt)
        counts[place] = counts.get(place, 0) + 1
        found[receipt.file_id] = Name(*place, counts[place], partner, quarter)
    return found


def _what(receipt: Receipt) -> str:
    """Files that were only checked are numbered apart, so that they move no number of a reply."""
    return "check" if receipt.is_check else "reply"


def whose(receipt: Receipt, file: FileRead | None, references: References) -> tuple[str | None, str | None]:
    """The partner and quarter of a file: what its returns agree on, else what the ledger says."""
    submissions = [*file.submissions.values(), *file.as_before] if file else []
    partners = {s.partner for s in submissions if s.partner}
    quarters = {s.quarter for s in submissions if s.quarter}
    known = references.get("framework.partners")
    calendar = references.get("framework.calendar")
    told = known.ids.get(plain(receipt.received_from)) if known and receipt.received_from else None
    in_folder = next((folder for folder in receipt.folders if calendar and folder in calendar.facts), None)
    partner = partners.pop() if len(partners) == 1 else None if partners else told
    return partner, max(quarters, default=in_folder)


def safe(text: str) -> str:
    """A name that any disk takes: letters, digits, dots and hyphens; 'unknown' for nothing."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", text).strip("._-")[:60]
    return name or UNKNOWN


def quarter_label(quarter: str | None) -> str:
    """A quarter's key as people say it: Apr to Jun 2004."""
    period = parse("period", quarter).value if quarter else None
    return period.label if isinstance(period, Period) else quarter or ""


def quarter_in_full(quarter: str | None) -> str:
    """A quarter as a label above a table says it: Q1 2004/05 (Apr to Jun 2004)."""
    return f"{quarter[-2:]} {quarter[:-3].replace('-', '/')} ({quarter_label(quarter)})" if quarter else ""
