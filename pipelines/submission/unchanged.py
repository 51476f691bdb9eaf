"""A reply that came back with the figures that it left with: they were received before, and are not counted again.

So an explanation closes a query without a new submission, and a reply that was sent back without a word or a change
closes nothing and displaces nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.contract import NUMERIC, Column
from pipelines.findings import LATER, QUERY
from pipelines.house_style.ooxml import clean
from pipelines.parse.dates import spoken
from pipelines.submission import FileRead, Submission
from pipelines.template.model import Written
from pipelines.tidy import PROBLEM, REMARK, TYPED

PERCENT = "0.0##%"
AS_BEFORE = "as sent before"


def leave_unchanged(files: Iterable[FileRead]) -> None:
    """Set aside, oldest first, every return of a returned reply that is as in the file which the reply answers."""
    files = sorted(files, key=lambda file: (file.receipt.first_seen, file.receipt.sha256))
    by_hash = {file.receipt.sha256: file for file in files}
    for file in files:
        answered = by_hash.get(file.returned.parent_sha256) if file.returned else None
        if answered is None or answered is file or answered.receipt.is_check:
            continue
        before = {signature(s): s for s in (*answered.as_before, *answered.submissions.values())}
        for submission_id, submission in list(file.submissions.items()):
            if earlier := before.get(signature(submission)):
                _set_aside(file, submission_id, earlier)
        if file.as_before and not _says_anything(file):
            _say_so(file, answered, _answered_later(file, files))


def signature(submission: Submission) -> tuple[Any, ...]:
    """What two submissions have in common that say the same, however they are laid out."""
    rows = sorted(
        sorted(
            (name, _comparable(value)) for name, value in written(row, submission.contract.columns).items()
        )
        for row in submission.tidied.rows
    )
    nil = submission.is_nil
    return (submission.contract.full_name, submission.partner, submission.quarter, nil, repr(rows))


def _comparable(value: Any) -> str:
    if isinstance(value, Written):
        value = value.value
    # programs that save a workbook again keep 15 digits of a number at most
    return f"{value:.12g}" if isinstance(value, int | float) else " ".join(clean(str(value)).split())


def _set_aside(file: FileRead, submission_id: str, earlier: Submission) -> None:
    del file.submissions[submission_id]
    file.findings = [finding for finding in file.findings if finding.submission_id != submission_id]
    file.as_before.append(earlier)
    held = {(link.sheet, link.cell) for s in file.submissions.values() for link in s.tidied.links}
    for sheet in file.book.sheets:
        for place, cell in sheet.cells.items():
            if (sheet.name, cell.address) not in held:
                file.outside.setdefault((sheet.name, *place), AS_BEFORE)


def _says_anything(file: FileRead) -> bool:
    """Whether a reply came back with an answer or with other figures than it left with."""
    return bool(file.submissions or (file.returned and file.returned.answers))


def _answered_later(file: FileRead, files: Sequence[FileRead]) -> FileRead | None:
    """The first later file that brings the same reply back with something in it."""
    moment = (file.receipt.first_seen, file.receipt.sha256)
    for other in files:  # oldest first
        is_later = (other.receipt.first_seen, other.receipt.sha256) > moment
        is_same = (
            file.returned and other.returned and other.returned.parent_sha256 == file.returned.parent_sha256
        )
        if is_later and is_same and _says_anything(other):
            return other
    return None


def _say_so(file: FileRead, answered: FileRead, later: FileRead | None) -> None:
    """Listed, not counted: whoever sent it may think that it was dealt with; settled once it came back answered."""
    settled = (
        later and f"'{later.receipt.original_name}' of {spoken(later.receipt.first_seen.date())} answered it."
    )
    if file.returned and file.returned.asked:
        file.find(
            "reply_answered",
            f"This is our reply to '{answered.receipt.original_name}', sent back without an answer or a corrected "
            "figure, so nothing was changed by it. Answer the queries or correct the figures, and send it again.",
            QUERY,
            submission_id=file.as_before[0].submission_id,  # whose and for when it is
            settled=settled,
            settled_by=LATER if settled else None,
        )


def written(row: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, Any]:
    """A row as a reply writes it: the columns that hold anything, each as it will be read again.

    A value that was read without a doubt is written as what it is (38%, "38 per cent" and 0.38 as a percentage all
    become 38). Whatever could not be read, or should be confirmed, stands as it was typed.
    """
    values = {column.name: _written(row, column) for column in columns}
    return {name: value for name, value in values.items() if value is not None}


def _written(row: Mapping[str, Any], column: Column) -> Any:
    typed, value = row[column.name + TYPED], row[column.name]
    if typed is None:
        # a rating may be nothing but a colour; any other value without a cell is a default that nobody typed
        return value if column.type == "rating" else None
    if row[column.name + PROBLEM] or row[column.name + REMARK] or value is None:
        return typed
    if column.type == "period":
        return row[f"{column.name}_label"] or typed
    if column.type in NUMERIC:
        return _figure(value, typed, row.get(f"{column.name}_status"))
    return value if column.type == "date" else typed


def _figure(value: float, typed: str, status: str | None) -> str | int | float | Written:
    """A whole number as one, so that nobody is shown 38.0 for the 38 they sent; a mark beside it in brackets.

    A percentage of 1 at most needs the format that it came with: a bare 0.4 could be 40%.
    """
    plain = int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)
    if status:
        return f"{plain} [{status}]"
    if 0 < abs(value) <= 1 and _number(typed) != value:
        return Written(value / 100, PERCENT) if _number(typed) == value / 100 else typed
    return plain


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
