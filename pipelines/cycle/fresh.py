"""The marts brought up to date with what has come, and each file answered."""

import json
from datetime import timedelta

import duckdb

from pipelines.cycle.desk import Desk
from pipelines.reply.names import quarter_label
from pipelines.reply.written import Written
from pipelines.stages import NothingToDo, run_quarter
from pipelines.summary import Summary, summarise
from pipelines.workspace import Workspace

ANSWERED_WITHIN = timedelta(days=31)  # a file that came longer ago is not answered by mail any more


def refresh(desk: Desk) -> None:
    """Build the marts where something has come since, and answer it."""
    inputs = desk.facts.inputs
    desk.troubles.extend(inputs.not_taken)
    known = _known(desk.workspace)
    if known is not None and known[0] == inputs.run_id:
        return
    try:
        summary = run(desk, None)
    except NothingToDo as sentence:
        if not desk.workspace.database.exists():
            raise
        desk.did.append(str(sentence))
        return
    answer(desk, summary)
    new = [r.folder for r in inputs.receipts if known is None or r.sha256 not in known[1]]
    for quarter in sorted({folder for folder in new if folder in desk.facts.quarters} - {summary.quarter}):
        if known is not None:
            answer(desk, run(desk, quarter))
    desk.did.append(
        f"Read what has come: {summary.received} of {summary.expected} returns for {summary.label}."
    )


def as_run(desk: Desk, quarter: str) -> Summary | None:
    """What the last run came to, where it was made of what has come by now and wrote this quarter's pack."""
    known, pack = _known(desk.workspace), desk.workspace.pack_file(quarter)
    manifest = desk.workspace.manifest_file(quarter)
    if known is None or known[0] != desk.facts.inputs.run_id or not (pack.exists() and manifest.exists()):
        return None
    if json.loads(manifest.read_text(encoding="utf-8"))["run_id"] != known[0]:
        return None
    return summarise(desk.workspace.database, quarter, pack)


def run(desk: Desk, quarter: str | None, *, without_returns: bool = False) -> Summary:
    return run_quarter(desk.workspace, quarter, None, desk.now, without_returns=without_returns)


def _known(workspace: Workspace) -> tuple[str, set[str]] | None:
    """The run that made the marts, and the files in them; None where there are none."""
    if not workspace.database.exists():
        return None
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        (run,) = connection.execute("select run_id from staging.about").fetchone() or ("",)
        return run, {
            sha256 for (sha256,) in connection.execute("select sha256 from staging.files").fetchall()
        }


def answer(desk: Desk, summary: Summary) -> None:
    """Put each reply into the mail, once for the file that it answers."""
    for reply in summary.replies:
        if _is_to_go(desk, reply):
            post = desk.facts.partners[reply.partner or ""]
            label = quarter_label(reply.quarter)
            desk.write(
                desk.writer.reply(
                    reply.quarter, label, post.name, post.to, reply.file_name, reply.in_words, reply.path,
                    reply.sha256, is_clean=reply.is_clean,
                )
            )  # fmt: skip


def _is_to_go(desk: Desk, reply: Written) -> bool:
    post = desk.facts.partners.get(reply.partner or "")
    is_recent = reply.received_at is not None and desk.now - reply.received_at <= ANSWERED_WITHIN
    return bool(post and post.to) and is_recent and not reply.is_changed
