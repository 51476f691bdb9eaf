"""A quarter for which nobody sent anything: its pack is made all the same, once that was asked for."""

from dataclasses import replace
from datetime import datetime

from pipelines.identity import run_id
from pipelines.issued import REPORTED, Signed, sign
from pipelines.judge.judged import Judged
from pipelines.run.stages import Inputs, NothingToDo
from pipelines.workspace import Workspace


def report_silent(
    quarter: str, judged: Judged, inputs: Inputs, workspace: Workspace, now: datetime, *, is_asked: bool
) -> Inputs:
    """Have the marts hold a quarter for which nobody sent anything: its returns are missing, and its pack says so.

    That its pack was asked for goes on record, once and with its time, as the same files must give the same marts.
    NothingToDo while its returns are not due yet, or where nobody asked.
    """
    calendar = judged.references["framework.calendar"].facts
    known = {one.quarter for one in inputs.signed} | {r.folder for r in inputs.receipts}
    # what was erased had come all the same
    known |= {r.folder for r, _ in inputs.erased} | {
        one.quarter for _, s in inputs.erased for one in s.returns
    }
    known |= {one.quarter for file in judged.files for one in file.submissions.values() if one.quarter}
    newest = max(known & calendar.keys(), default="")
    if quarter not in calendar or quarter <= newest:
        return inputs
    due = calendar[quarter]["due_on"]
    if due >= now.date():
        raise NothingToDo(
            f"Nothing has come for {quarter} yet. Its returns are due on {due:%d %b %Y}; after that day its pack can "
            "be made without them."
        )
    if not is_asked:
        raise NothingToDo(
            f"Nobody has sent anything for {quarter}. 'lsp run {quarter} --without-returns' makes its pack all the "
            "same, of what was known before, and puts on record that it did."
        )
    last = inputs.receipts[-1].first_seen
    said = Signed(
        REPORTED,
        quarter,
        0,
        now,
        "lsp run",
        "",
        "",
        "Nothing had come for it",
        now.date(),
        last,
        inputs.run_id,
        (),
    )
    sign(said, workspace)
    signed, day = (*inputs.signed, said), max(inputs.as_at, now.date())
    return replace(
        inputs, signed=signed, as_at=day, run_id=run_id(inputs.receipts, day, inputs.code_version, signed)
    )
