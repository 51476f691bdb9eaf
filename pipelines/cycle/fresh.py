"""The marts brought up to date with what has come, and each file answered."""

import json
from collections.abc import Sequence
from datetime import timedelta

import duckdb

from pipelines.cycle.desk import Desk
from pipelines.cycle.done import done
from pipelines.issued import CLOSED, Signed, latest, read_record
from pipelines.mail.letters import reply_key
from pipelines.parse.dates import spoken
from pipelines.reply.names import quarter_label
from pipelines.reply.written import Written
from pipelines.run.quarterly_run import run_quarter
from pipelines.run.stages import NothingToDo
from pipelines.summary import Summary, in_words, summarise
from pipelines.workspace import Workspace

ANSWERED_WITHIN = timedelta(days=31)  # a file that came longer ago is not answered by mail any more
# each file that came since, of whom and for when: by its returns, else by what the ledger says
CAME = """
select
    files.sha256,
    coalesce(max(sent.quarter), any_value(calendar.quarter)) as quarter,
    case when count(distinct sent.partner) > 1 then null else coalesce(any_value(sent.partner), files.received_from) end
from staging.files as files
left join staging.submissions as sent on files.file_id = sent.file_id
left join marts.calendar as calendar on split_part(files.folder, '/', 1) = calendar.quarter
where files.folder <> 'framework' and files.state <> 'erased' and files.received_at >= $since
group by files.sha256, files.received_from
"""


def refresh(desk: Desk) -> None:
    """Build the marts where something has come since, and answer what was not answered yet."""
    inputs = desk.facts.inputs
    desk.troubles.extend(inputs.not_taken)
    if _run_of(desk.workspace) != inputs.run_id:
        try:
            summary = run(desk, None)
        except NothingToDo as sentence:
            if not desk.workspace.database.exists():
                raise
            desk.did.append(str(sentence))
            return
        desk.did.append(
            f"Read what has come: {summary.received} of {summary.expected} returns for {summary.label}; still open: "
            f"{in_words(summary.findings)}."
        )
        answer(desk, summary)
    # of another quarter, or of a run that did not come to its end or was not the cycle's: their replies are made again
    for quarter in _unanswered(desk):
        key = f"answered|{quarter}|{inputs.run_id}"
        if not desk.is_done(key):
            answer(desk, run(desk, quarter))
            desk.mark(key, "once for what had come by then")


def as_run(desk: Desk, quarter: str) -> Summary | None:
    """What the last run came to, where it was made of what has come by now and wrote this quarter's pack."""
    pack, manifest = desk.workspace.pack_file(quarter), desk.workspace.manifest_file(quarter)
    known = _run_of(desk.workspace)
    if known != desk.facts.inputs.run_id or not (pack.exists() and manifest.exists()):
        return None
    if json.loads(manifest.read_text(encoding="utf-8"))["run_id"] != known:
        return None
    return summarise(desk.workspace.database, quarter, pack)


def run(desk: Desk, quarter: str | None, *, without_returns: bool = False) -> Summary:
    return run_quarter(desk.workspace, quarter, None, desk.now, without_returns=without_returns)


def answer(desk: Desk, summary: Summary) -> None:
    """Put each reply into the mail, once for its file; without a mailbox it is the operator's to hand over."""
    record = read_record(desk.workspace)
    for reply in summary.replies:
        is_recent = reply.received_at is not None and desk.now - reply.received_at <= ANSWERED_WITHIN
        if not is_recent or reply.is_changed or desk.is_done(reply_key(reply.sha256)):
            continue
        post, closed = desk.facts.partners.get(reply.partner or ""), _closed_before(record, reply)
        if post and post.to:
            is_new = desk.write(
                desk.writer.reply(
                    reply.quarter, post.name, post.to, reply.file_name, reply.in_words, reply.path, reply.sha256,
                    is_clean=reply.is_clean, closed=closed,
                )
            )  # fmt: skip
        else:
            is_new, who = True, f"{post.name} has no mailbox" if post else "Nobody can tell from whom it is"
            desk.troubles.append(
                f"'{reply.file_name}' was read: {reply.in_words}. {who}: hand over the reply yourself: "
                f"{reply.path}"
            )
            desk.mark(reply_key(reply.sha256), "left to the operator")
        if is_new and closed:
            desk.did.append(f"'{reply.file_name}' came late. {closed}")


def _closed_before(record: Sequence[Signed], reply: Written) -> str:
    """What follows for a file that came after its quarter was closed, in a sentence; else nothing."""
    closed = latest(record, reply.quarter, CLOSED) if reply.quarter else None
    if not closed or not reply.received_at or reply.received_at <= closed.at:
        return ""
    return (
        f"{quarter_label(closed.quarter)} was closed as {closed.status} on {spoken(closed.at.date())}, and its pack "
        "stays as it is: what has changed is shown as a revision in the next quarter's pack."
    )


def _run_of(workspace: Workspace) -> str | None:
    """The run that made the marts; None where there are none."""
    if not workspace.database.exists():
        return None
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        (run_id,) = connection.execute("select run_id from staging.about").fetchone() or ("",)
    return str(run_id)


def _unanswered(desk: Desk) -> list[str | None]:
    """The quarters of files that came not long ago and were never answered; None for those that have none.

    A quarter of which there are no marts yet is None, too: whatever the run, it answers those.
    """
    with duckdb.connect(str(desk.workspace.database), read_only=True) as connection:
        came = connection.execute(CAME, {"since": desk.now - ANSWERED_WITHIN}).fetchall()
        held = {quarter for (quarter,) in connection.execute("select quarter from marts.calendar").fetchall()}
    if not held:
        return []  # no pack and so no run's replies: what came is told where it is run
    answered = {entry.key for entry in desk.outbox.entries()} | done(desk.workspace).keys()
    quarters = set()
    for sha256, quarter, partner in came:
        post = desk.facts.partners.get(partner)
        if post and reply_key(sha256) not in answered:
            quarters.add(quarter if quarter in held else None)
    return sorted(quarters, key=str)
