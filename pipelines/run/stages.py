"""The stages of a quarterly run as plain functions; `quarterly_run` has them in order."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.contracts import read_contracts
from pipelines.findings import REFUSE
from pipelines.framework_checks import check
from pipelines.framework_checks.sheets import RULE as SHEET_NEEDED
from pipelines.identity import code_version, contracts_version, run_id
from pipelines.issue.manifest import keep_manifest
from pipelines.issued import Signed, mend, read_record
from pipelines.judge.checked import copied, judge_checks, list_checks
from pipelines.judge.intake import judge_framework, judge_returns
from pipelines.judge.judged import Judged
from pipelines.judge.settle import settle
from pipelines.receipt import Receipt, Tombstone, in_force, read_ledger, take_receipts, without_erased
from pipelines.storage.memory import Memory
from pipelines.submission.opening import (
    FRAMEWORK_FOLDER,
    Opened,
    encodings,
    files_of,
    limits_of,
    open_each,
    sent_again,
)
from pipelines.summary import sentence
from pipelines.workspace import CONTRACTS, SQL, Workspace

if TYPE_CHECKING:
    from pipelines.reply.written import Written


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


def build_marts(judged: Judged, inputs: Inputs, workspace: Workspace) -> Path:
    """Load staging, build the marts, put the database in place; its path."""
    from pipelines import marts
    from pipelines.marts.load import load, load_erased, load_signed
    from pipelines.marts.publish import publish

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


def write_pack(workspace: Workspace, quarter: str) -> Path:
    """Write the pack of `quarter` from the published marts, as workbook and as page; the path of the workbook.

    Its public edition lies beside it, where the framework clears anything.

    The pack of a quarter that is closed is left alone, and its path is that of the version it was closed with.
    """
    from pipelines.issue.manifest import manifest_of
    from pipelines.issue.public import write_public
    from pipelines.issue.signing import closed_pack, standing_of
    from pipelines.pack import Marts, compose
    from pipelines.pack import write_pack as write
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
    from pipelines.reply.write import replies_of
    from pipelines.reply.write import write_replies as write

    shown = appearances(pack, workspace.database, judged.references)
    mine = replies_of(judged, quarter, newest_quarter(workspace), shown)
    return write(mine, workspace, judged, inputs.code_version)
