"""The quarterly run: the stages in order.

`step` is how a stage is run: as it is, or by `flow.py` as a Prefect task. Either way the same stages
leave the same bytes. `tell` is told what is going on, in words for people.
"""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipelines.issue.manifest import compared
from pipelines.judge.judged import Judged
from pipelines.run.run_log import RunLog, logged
from pipelines.run.silent_quarter import report_silent
from pipelines.run.stages import (
    Inputs,
    NothingToDo,
    build_marts,
    newest_quarter,
    open_framework,
    open_returns,
    read_framework,
    read_returns,
    take_in,
    write_pack,
    write_replies,
)
from pipelines.storage.in_place import still_waits
from pipelines.storage.lock import only_run
from pipelines.summary import Summary, summarise
from pipelines.workspace import Workspace

Tell = Callable[[str], None]
Step = Callable[..., Any]


def silently(_: str) -> None:
    """Tell nobody."""


def directly(stage: Callable[..., Any], *arguments: Any) -> Any:
    """Run a stage as it is."""
    return stage(*arguments)


def run_quarter(
    workspace: Workspace,
    quarter: str | None,
    as_at: date | None,
    now: datetime,
    step: Step = directly,
    tell: Tell = silently,
    *,
    without_returns: bool = False,
) -> Summary:
    """The quarterly run: marts of every quarter, and the pack of `quarter` or else of the newest.

    `without_returns`: its pack is made even where nobody sent anything for it.
    With an as-at date the outputs are kept apart from the current ones. Busy, NothingToDo, LedgerError and
    PublishError carry sentences for people.
    """
    with only_run(workspace.work), logged(workspace, now, quarter=quarter, as_at=as_at) as log:
        return _logged_run(
            workspace, quarter, as_at, now, log.step(step), tell, log, without_returns=without_returns
        )


def _logged_run(
    workspace: Workspace,
    quarter: str | None,
    as_at: date | None,
    now: datetime,
    step: Step,
    tell: Tell,
    log: RunLog,
    *,
    without_returns: bool,
) -> Summary:
    from pipelines.issue.public import public_words
    from pipelines.issue.signing import closed_words

    tell("Taking in what has arrived")
    inputs = step(take_in, workspace, as_at, now)
    log.run_id = inputs.run_id
    for told in (*inputs.not_taken, *inputs.skipped, *inputs.mended):
        log.note("told", sentence=told)
    outputs = workspace.as_at(as_at.isoformat()) if as_at else workspace
    tell("Reading and checking the framework")
    judged = step(read_framework, step(open_framework, inputs, workspace), inputs.memory)
    tell(f"Reading {len(inputs.receipts)} files")
    opened = step(open_returns, inputs, workspace, judged)
    tell("Checking the returns")
    judged = step(read_returns, judged, opened, inputs, workspace)
    # what was read is needed to the end; looked through for garbage again and again, it took a third of the loading
    gc.freeze()
    if quarter and not as_at:
        inputs = report_silent(quarter, judged, inputs, workspace, now, is_asked=without_returns)
        log.run_id = inputs.run_id
    tell("Building the marts")
    step(build_marts, judged, inputs, outputs)
    log.files(outputs.database)
    quarter = quarter or _newest_or_replies(judged, inputs, outputs)
    tell(f"Writing the pack of {quarter}")
    pack = step(write_pack, outputs, quarter)
    tell("Writing the replies")
    replies = step(write_replies, judged, inputs, outputs, quarter, pack)
    for reply in replies:
        log.note("reply", reply=str(reply.path), to_file=reply.file_name, says=reply.in_words)
    inputs.memory.sweep()
    summary = summarise(outputs.database, quarter, pack)
    log.note("pack", quarter=quarter, pack=str(pack), as_at=summary.as_at, findings=summary.findings)
    closed = closed_words(outputs, quarter)
    refusals = (*inputs.not_taken, *summary.refusals)
    return replace(
        summary,
        refusals=refusals,
        skipped=inputs.skipped,
        replies=tuple(replies),
        remarks=(
            *inputs.mended,
            *filter(None, (still_waits(outputs), compared(outputs, quarter), closed)),
            *(() if closed else public_words(outputs, quarter)),
        ),
    )


def _newest_or_replies(judged: Judged, inputs: Inputs, workspace: Workspace) -> str:
    """The newest quarter; where files came and none could be placed in one, NothingToDo once each was answered."""
    try:
        return newest_quarter(workspace)
    except NothingToDo:
        from pipelines.run.unplaced import answer_all

        if told := answer_all(judged, workspace, inputs.code_version):
            raise NothingToDo(told) from None
        raise
