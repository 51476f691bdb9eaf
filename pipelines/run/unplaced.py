"""Replies where no file that came belongs to a quarter, so that there is no pack to write."""

from pipelines.findings import REFUSE
from pipelines.judge.judged import Judged
from pipelines.reply.write import replies_of, write_replies
from pipelines.summary import sentence
from pipelines.workspace import Workspace


def answer_all(judged: Judged, workspace: Workspace, version: str) -> str | None:
    """Write the reply to every file; what was refused, and where the replies lie, in words. None where none came."""
    written = write_replies(replies_of(judged, "", ""), workspace, judged, version)
    if not written:
        return None
    names = {file.receipt.file_id: file.receipt.original_name for file in judged.opened}
    told = [
        sentence(names[f.file_id], f.sheet, f.cell, f.as_typed, f.because)
        for f in judged.findings
        if f.consequence == REFUSE and f.file_id in names
    ]
    where = ", ".join(str(reply.path) for reply in written)
    lines = [
        "Nothing that came in belongs to a quarter yet, so there is no pack.",
        *told,
        f"Answered in: {where}",
    ]
    return "\n  ".join(lines)
