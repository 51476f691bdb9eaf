"""Files that came only to be checked: judged like the others and answered, and never counted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.judge.settle import settle
from pipelines.submission.file import FileRead
from pipelines.submission.opening import Opened

CHECKED_ONLY = "checked only"


def copied(judged: Judged) -> Judged:
    """The same as judged so far; what is judged further stays with the copy."""
    return replace(
        judged,
        opened=list(judged.opened),
        files=list(judged.files),
        findings=list(judged.findings),
        frames=dict(judged.frames),
        references=dict(judged.references),
        current=set(judged.current),
        answers=list(judged.answers),
        corrected=dict(judged.corrected),
    )


def judge_checks(framework: Judged, counting: list[Opened], checks: list[Opened], context: Path) -> Judged:
    """Everything judged with the files to be checked among it, each as if it came next.

    `framework` is what was judged before any return, and is left as it is.
    """
    last = max(file.receipt.first_seen for file in (*framework.opened, *counting, *checks))
    next_ones = [
        replace(file, receipt=replace(file.receipt, first_seen=last + timedelta(seconds=number)))
        for number, file in enumerate(checks, 1)
    ]
    return settle(judge_returns(copied(framework), [*counting, *next_ones], context))


def list_checks(judged: Judged, checks: Iterable[Opened]) -> None:
    """Have the files listed with all others, every cell of them outside what counts."""
    for file in checks:
        judged.opened.append(file)
        if file.book:
            outside = {
                (sheet.name, *place): CHECKED_ONLY for sheet in file.book.sheets for place in sheet.cells
            }
            judged.files.append(FileRead(file.receipt, file.book, outside=outside))
