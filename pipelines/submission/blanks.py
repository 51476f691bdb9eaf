"""Returns in which nothing stands: nil, not filled in, or empty without a word; and our own texts typed over."""

from dataclasses import replace

from pipelines.findings import QUERY
from pipelines.parse import as_typed
from pipelines.personal_data import masked
from pipelines.submission import FileRead
from pipelines.template.identity import Identity, is_meta
from pipelines.template.ours import typed_over
from pipelines.template.returned import is_own, left_blank, sentence, typed_over_sentence
from pipelines.template.words import NIL, YES

HAS_ROWS = "has_rows"  # the rule that refuses a return without rows


def settle_template(file: FileRead) -> None:
    """Say which expected rows of a template were left blank; a sheet on which nothing was filled in is no return."""
    if file.identity is None:
        return
    _tell_missing_sheets(file, file.identity)
    _tell_typed_over(file, file.identity)
    for submission_id, submission in list(file.submissions.items()):
        offered = file.identity.rows_of(submission.contract.name)
        rows, title = submission.tidied.rows, submission.contract.title
        if rows and offered and not any(row.is_expected for row in offered):
            submission.is_nil = False  # where nothing new was due, 'Nil return: Yes' was our own word
        if submission.problem or submission.is_nil:
            continue
        if not rows:
            del file.submissions[submission_id]
            file.findings = [
                replace(found, submission_id=None) if found.submission_id == submission_id else found
                for found in file.findings
            ]
            file.find(
                "sheet_filled_in",
                f"Nothing was filled in on this sheet, so the return '{title}' has not been received yet. "
                f"Fill it in; if there is nothing to report, choose {YES} beside '{NIL}' above the table.",
                QUERY,
                sheet=submission.sheet,
            )
        elif blank := left_blank(offered, rows):
            expected = sum(row.is_expected for row in offered)
            file.find(
                "expected_rows",
                sentence(submission.contract, blank, expected),
                QUERY,
                submission_id=submission_id,
                sheet=submission.sheet,
            )


def _tell_missing_sheets(file: FileRead, identity: Identity) -> None:
    """A sheet that the template had, where no other sheet of the file holds its return."""
    held = {submission.contract.name for submission in (*file.submissions.values(), *file.as_before)}
    titles = {sheet.name for sheet in file.book.sheets}
    for title, name in identity.sheets.items():
        if title not in titles and name not in held and not file.returned:
            file.find(
                "sheet_present",
                f"The sheet '{title}' of the template is not in this file, so its return has not been received yet. "
                f"Send the whole workbook; if there is nothing to report, choose {YES} beside '{NIL}' on that sheet.",
                QUERY,
            )


def _tell_typed_over(file: FileRead, identity: Identity) -> None:
    """What stands in place of our own texts is not read, so its sender is told, once for each sheet."""
    for sheet in file.book.sheets if identity.marks else ():
        places = [
            (row, column)
            for (name, row, column), why in file.outside.items()
            if name == sheet.name and why == "template" and not is_meta(sheet)
        ]
        cells = typed_over(sheet, places, identity.marks, is_own=is_own(sheet, identity))
        if cells:
            file.find(
                "our_text_unchanged",
                typed_over_sentence(sheet.name, cells),
                QUERY,
                sheet=sheet.name,
                cell=cells[0].address,
                as_typed=masked(as_typed(cells[0].value)),
            )


def settle_nil(file: FileRead) -> None:
    """Refuse each submission without rows that does not say it is nil; ask about one with rows that does."""
    for submission in file.submissions.values():
        title = submission.contract.title
        where = {"submission_id": submission.submission_id, "sheet": submission.sheet}
        if submission.problem or submission.is_nil != bool(submission.tidied.row_ids):
            continue
        if submission.contract.is_framework:
            # a partnership has no use for every sheet; framework_checks tells which ones it needs
            submission.problem = HAS_ROWS
            continue
        if submission.is_nil:
            file.find(
                "nil_or_rows",
                f"The return '{title}' says that there is nothing to report, and yet it has rows. "
                "The rows were used. Say which of the two is right.",
                QUERY,
                **where,
            )
            continue
        nil = "If there is nothing to report, write 'Nil return' in the first row."
        sentence = nil if submission.contract.nil_allowed else "Fill it in and send it again."
        because = f"The return '{title}' has headings but no rows. {sentence}"
        file.refuse(submission, HAS_ROWS, because, **where)
