"""Which findings of the framework's files are of a version that is in force no more.

A framework is mended in its workbook and saved again, and each version that a run or a check has seen stays in the
archive. What was wrong with an earlier one is history: it keeps its findings, settled by the version after it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from pipelines.findings import LATER, Finding
from pipelines.parse.dates import spoken
from pipelines.receipt import Receipt
from pipelines.submission import FileRead, Submission
from pipelines.submission.opening import Opened


def settle_earlier(
    findings: Iterable[Finding],
    opened: Iterable[Opened],
    files: Collection[FileRead],
    current: Collection[str],
) -> list[Finding]:
    """The findings, those of earlier versions settled.

    A sheet is in force no more once none of its rows counts (`current`: ids of submissions) and a later file has the
    same sheet, or has the same name and could be opened. What is said of a file as a whole ends with its name taken
    by a later one, or with the last of its sheets.
    """
    readable = [file.receipt for file in opened if file.book is not None]
    replaced: dict[str, Receipt] = {}
    whole: dict[str, Receipt] = {}
    for file in opened:
        if later := _newest(file.receipt, [one for one in readable if _is_named_alike(one, file.receipt)]):
            whole[file.receipt.file_id] = later
    for read in files:
        sheets = list(read.submissions.values())
        taken = {s.submission_id: later for s in sheets if (later := _in_its_place(s, files, current, whole))}
        replaced |= taken
        if sheets and len(taken) == len(sheets):
            whole.setdefault(read.receipt.file_id, max(taken.values(), key=lambda one: one.first_seen))
    return [
        _settled(f, replaced.get(f.submission_id) if f.submission_id else whole.get(f.file_id or ""))
        for f in findings
    ]


def _in_its_place(
    sheet: Submission, files: Iterable[FileRead], current: Collection[str], whole: dict[str, Receipt]
) -> Receipt | None:
    """The file whose version of a sheet came in its place; None while this one counts, or is the newest."""
    if sheet.submission_id in current:
        return None
    rivals = [
        file.receipt for file in files for s in file.submissions.values() if s.contract is sheet.contract
    ]
    same_sheet = None if sheet.contract.accumulates else _newest(sheet.receipt, rivals)
    return same_sheet or whole.get(sheet.receipt.file_id)


def _newest(receipt: Receipt, others: Iterable[Receipt]) -> Receipt | None:
    """The newest of the other files that came after this one."""
    later = [one for one in others if one.first_seen > receipt.first_seen]
    return max(later, key=lambda one: one.first_seen, default=None)


def _is_named_alike(one: Receipt, other: Receipt) -> bool:
    return one.original_name.casefold() == other.original_name.casefold()


def _settled(finding: Finding, later: Receipt | None) -> Finding:
    if later is None or not finding.is_open:
        return finding
    because = f"'{later.original_name}' of {spoken(later.first_seen.date())} took its place."
    return replace(finding, settled=because, settled_by=LATER)
