"""The stages of a quarterly run as plain functions, and the run itself: the stages in order.

`step` is how a stage is run: as it is, or by `flow.py` as a Prefect task. Either way the same stages
leave the same bytes. `tell` is told what is going on, in words for people.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.checked import copied, judge_checks, list_checks
from pipelines.contracts import read_contracts
from pipelines.findings import REFUSE
from pipelines.framework_checks import check
from pipelines.framework_checks.sheets import RULE as SHEET_NEEDED
from pipelines.identity import code_version, contracts_version, run_id
from pipelines.in_place import still_waits
from pipelines.intake import Judged, judge_framework, judge_returns
from pipelines.issued import REPORTED, Signed, mend, read_record, sign
from pipelines.lock import only_run
from pipelines.manifest import compared, keep_manifest
from pipelines.memory import Memory
from pipelines.opening import (
    FRAMEWORK_FOLDER,
    Opened,
    encodings,
    files_of,
    limits_of,
    open_each,
    sent_again,
)
from pipelines.receipt import Receipt, Tombstone, in_force, read_ledger, take_receipts, without_erased
from pipelines.run_log import RunLog, logged
from pipelines.settle import settle
from pipelines.summary import Summary, sentence, summarise
from pipelines.workspace import CONTRACTS, SQL, Workspace

if TYPE_CHECKING:
    from pipelines.reply.written import Written

Tell = Callable[[str], None]
Step = Callable[..., Any]


def silently(_: str) -> None:
    """Tell nobody."""


def directly(stage: Callable[..., Any], *arguments: Any) -> Any:
    """Run a stage as it is."""
    return stage(*arguments)


class NothingToDo(Exception):
    """What was asked can't be made from what is there; the message says what is missing."""


@dataclass(frozen=True)
class Inputs:
    """What a run is made from: the receipts in force, the as-at date and the run's own name.

    `memory` is what earlier runs worked out, and changes nothing but how long this one takes.
    """

    receipts: list[Receipt]
    as_at: date
    code_version: str
    run_id: str
    not_taken: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    erased: tuple[tuple[Receipt, Tombstone], ...] = ()
    signed: tuple[Signed, ...] = ()
    memory: Memory = field(default_factory=Memory)


def take_in(workspace: Workspace, as_at: date | None, now: datetime) -> Inputs:
    """Give new files their receipts and settle what the run is made from.

    The day that it is as at is that of the last receipt, or of the last pack issued, by the as-at date where there is
    one, and never today: the same files give the same marts whenever they are built, and those of a day are what a
    run on it gave.
    """
    not_taken: list[str] = []
    skipped: list[str] = []
    mended: list[str] = []
    take_receipts(workspace, now, not_taken, skipped=skipped, mended=mended)
    mended += mend(workspace)
    ledger = read_ledger(workspace)
    if not ledger:
        raise NothingToDo(
            f"Nothing has been received yet: {workspace.raw} holds no file. Put the framework workbook into "
            "data/raw/framework and the partners' files into the folder of their quarter."
        )
    receipts, erased = without_erased(in_force(ledger, as_at) if as_at else ledger, workspace)
    if not receipts:
        first = ledger[0].first_seen.date()
        raise NothingToDo(f"Nothing had been received by {as_at}. The first receipt is of {first}.")
    # a file that only came to be checked moves no clock
    counted = [receipt for receipt in receipts if not receipt.is_check] or receipts
    signed = read_record(workspace, as_at)
    day = max([counted[-1].first_seen.date(), *(one.at.date() for one in signed)])
    version = code_version()
    run = run_id(receipts, day, version, signed)
    told = (tuple(not_taken), tuple(skipped), tuple(mended))
    memory = Memory(workspace.memory, version, forgets=as_at is None)
    return Inputs(receipts, day, version, run, *told, tuple(erased), tuple(signed), memory)


def open_framework(inputs: Inputs, workspace: Workspace) -> list[Opened]:
    """Open every file of the framework that had come in."""
    mine = [file for file in files_of(inputs.receipts) if file.folder == FRAMEWORK_FOLDER]
    return open_each(mine, workspace, memory=inputs.memory)


def open_returns(inputs: Inputs, workspace: Workspace, judged: Judged) -> list[Opened]:
    """Open every other file, as the framework says: its encodings and limits."""
    theirs = [file for file in files_of(inputs.receipts) if file.folder != FRAMEWORK_FOLDER]
    try:
        limits = limits_of(judged.references)
    except ValueError as sentence:
        raise NothingToDo(f"The framework can't be used as it stands: {sentence}") from None
    return open_each(theirs, workspace, encodings(judged.references), limits, memory=inputs.memory)


def read_framework(opened: list[Opened], memory: Memory | None = None) -> Judged:
    """Read and judge the framework; NothingToDo where there is none, or none that figures can be made by."""
    judged = judge_framework(opened, read_contracts(CONTRACTS), SQL / "context", memory)
    if not judged.files:
        because = " ".join(finding.because for finding in judged.findings[:3])
        raise NothingToDo(
            "There is no framework to read the returns by: no file under data/raw/framework gives the "
            f"calendar of quarters. {because}".strip()
        )
    faults = check(judged)
    judged.findings.extend(faults)
    names = {file.receipt.file_id: file.receipt.original_name for file in opened}
    refused = [finding for finding in faults if finding.consequence == REFUSE]
    told = [
        sentence(names.get(f.file_id or "", "the framework"), f.sheet, f.cell, f.as_typed, f.because)
        for f in refused
    ]
    if any(finding.rule == SHEET_NEEDED for finding in refused):
        told.insert(0, "The framework is not complete yet. To fill in next, in this order:")
    elif told:
        told.insert(0, "The framework can't be used as it stands:")
    if told:
        raise NothingToDo("\n  ".join(told))
    return judged


def read_returns(judged: Judged, opened: list[Opened], inputs: Inputs, workspace: Workspace) -> Judged:
    """Read and judge the partners' returns by the framework, and settle what has been answered."""
    context = SQL / "context"
    checks = [file for file in opened if file.receipt.is_check]
    counting = [file for file in opened if not file.receipt.is_check]
    framework = copied(judged)
    judged.findings.extend(sent_again(inputs.receipts, workspace))
    settle(judge_returns(judged, counting, context))
    if checks:
        judged.checked = judge_checks(framework, counting, checks, context)
        list_checks(judged, checks)
    return judged


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


def build_marts(judged: Judged, inputs: Inputs, workspace: Workspace) -> Path:
    """Load staging, build the marts, put the database in place; its path."""
    from pipelines import marts
    from pipelines.load import load, load_erased, load_signed
    from pipelines.publish import publish

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        load(judged, connection)
        connection.execute(
            "insert into staging.about values (?, ?, ?, ?)",
            [inputs.run_id, inputs.as_at, inputs.code_version, contracts_version()],
        )
        load_erased(inputs.erased, connection)
        load_signed(inputs.signed, connection)
        marts.build(connection)

    return publish(workspace, inputs.run_id, fill)


def newest_quarter(workspace: Workspace) -> str:
    """The newest quarter for which the marts hold anything; NothingToDo where there is none."""
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        (quarter,) = connection.execute("select newest_quarter from marts.about").fetchone() or (None,)
    if quarter is None:
        raise NothingToDo(
            "The framework was read, but no return has come in yet. Put the partners' files into "
            "data/raw/<quarter>, for example data/raw/2012-13-Q1, and run again."
        )
    return str(quarter)


def _newest_or_replies(judged: Judged, inputs: Inputs, workspace: Workspace) -> str:
    """The newest quarter; where files came and none could be placed in one, NothingToDo once each was answered."""
    try:
        return newest_quarter(workspace)
    except NothingToDo:
        from pipelines.unplaced import answer_all

        if told := answer_all(judged, workspace, inputs.code_version):
            raise NothingToDo(told) from None
        raise


def write_pack(workspace: Workspace, quarter: str) -> Path:
    """Write the pack of `quarter` from the published marts, as workbook and as page; the path of the workbook.

    Its public edition lies beside it, where the framework clears anything.

    The pack of a quarter that is closed is left alone, and its path is that of the version it was closed with.
    """
    from pipelines.issue import closed_pack, standing_of
    from pipelines.manifest import manifest_of
    from pipelines.pack import Marts, compose
    from pipelines.pack import write_pack as write
    from pipelines.public import write_public
    from pipelines.web import write_web

    path = workspace.pack_file(quarter)
    with Marts.open(workspace.database) as marts:
        if not marts.rows("calendar", quarter=quarter):
            held = ", ".join(row["quarter"] for row in marts.rows("calendar"))
            raise NothingToDo(f"There is nothing for {quarter}. The marts hold: {held or 'no quarter yet'}.")
        if closed := closed_pack(workspace, quarter):
            return closed
        composed = compose(marts, quarter, standing_of(workspace, marts, quarter))
        write(composed, path)
        page = write_web(composed, workspace.web_file(quarter))
        keep_manifest(manifest_of(marts, quarter, path, page), workspace, quarter)
    write_public(workspace, quarter)
    return path


def write_replies(
    judged: Judged, inputs: Inputs, workspace: Workspace, quarter: str, pack: Path
) -> "list[Written]":
    """Write the reply to each file of `quarter`, and to each that belongs to none, with its figures in the pack."""
    from pipelines.reply.appearing import appearances
    from pipelines.reply.names import quarter_label
    from pipelines.reply.write import replies_of
    from pipelines.reply.write import write_replies as write

    shown = appearances(judged.files, pack, workspace.database, quarter_label(quarter))
    mine = replies_of(judged, quarter, newest_quarter(workspace), shown)
    return write(mine, workspace, judged, inputs.code_version)


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
    from pipelines.issue import closed_words
    from pipelines.public import public_words

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
