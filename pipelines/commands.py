"""What each command of `lsp` does: it calls the stages and prints what came of them."""

import csv
import gc
import importlib
import json
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.workspace import Workspace

DONE, FAILED, WRONG_USAGE, WITH_REFUSALS = 0, 1, 2, 3
QUARTER = re.compile(r"\d{4}-\d{2}-Q[1-4]")


class Usage(Exception):
    """What was asked makes no sense; the message says what would."""


class Missing(Exception):
    """What was asked for is not there; the message says what is, or what would make it."""


def run(options: Namespace) -> int:
    """`lsp run`: through Prefect, or directly where that is asked or Prefect can't start."""
    _check_quarter(options.quarter)
    workspace = _workspace(options)
    from pipelines.progress import Progress

    with Progress(sys.stdout) as progress:
        summary = _run(options, workspace, progress.tell)
    from pipelines.summary import as_rows

    width = max(len(what) for what, _ in as_rows(summary))
    for what, how_many in as_rows(summary):
        print(f"{what:<{width}}  {how_many}")
    for refusal in summary.refusals:
        print(f"Refused: {refusal}")
    for quarter, how_many in summary.refused_elsewhere.items():
        print(f"Still refused in {quarter}: {how_many} ('lsp status {quarter}' lists them)")
    for query in summary.queries:
        print(f"Queried: {query}")
    for reply in summary.replies:
        if reply.is_changed:
            print(
                f"Left alone: {reply.path} was saved by somebody since it was written. If it holds answers, put it "
                "with the files received; then remove it, and the next run writes it again."
            )
    gc.freeze()
    return WITH_REFUSALS if summary.refusals or summary.refused_elsewhere else DONE


def _run(options: Namespace, workspace: Workspace, tell: Any) -> Any:
    def directly() -> Any:
        from pipelines.stages import run_quarter

        return run_quarter(workspace, options.quarter, options.as_at, datetime.now(), tell=tell)

    if options.no_prefect:
        return directly()
    from pipelines import prefect_server

    server = prefect_server.start(workspace.prefect_home)
    # The server gets ready while we import what takes seconds. What is imported stays: looking through
    # it for garbage, now and at the end, would take as long as some of the work.
    gc.disable()
    importlib.import_module("great_expectations")
    from pipelines.flow import quarterly_run

    gc.freeze()
    gc.enable()
    if trouble := server.wait():
        tell(trouble)
        return directly()
    try:
        return quarterly_run(options.quarter, workspace.root.resolve(), options.as_at, tell=tell)
    except Exception:
        if not server.is_lost():
            raise
        tell("Prefect's server ended during the run, which is done again without it")
        return directly()


def pack(options: Namespace) -> int:
    """`lsp pack`: the pack from the marts as they are, or as at a day."""
    from pipelines.stages import newest_quarter, run_quarter, write_pack

    _check_quarter(options.quarter)
    workspace = _workspace(options)
    outputs = _outputs(options)
    if options.as_at:
        path = run_quarter(workspace, options.quarter, options.as_at, datetime.now()).pack
    else:
        _need(outputs.database)
        path = write_pack(outputs, options.quarter or newest_quarter(outputs))
    print(path)
    return DONE


def status(options: Namespace) -> int:
    """`lsp status`: the state of every expected return of a quarter."""
    from pipelines.stages import newest_quarter
    from pipelines.summary import sentence

    _check_quarter(options.quarter)
    database = _need(_outputs(options).database)
    quarter = options.quarter or newest_quarter(_outputs(options))
    names, rows = _select(
        database,
        """
        select
            partner_title as partner, return, state, due_on as due, cast(received_at as date) as received,
            days_late, rows_read, rows_refused, rows_queried as queried, file_name as file
        from marts.returns where quarter = $quarter order by partner, return
        """,
        {"quarter": quarter},
    )
    if not rows:
        raise Missing(
            f"There is nothing for {quarter}. 'lsp query \"select * from marts.calendar\"' lists the quarters."
        )
    print(f"Returns for {quarter}")
    _print_table(names, rows)
    names, rows = _select(
        database,
        """
        select consequence, file_name as file, sheet, cell, as_typed, because from marts.findings
        where is_open and (quarter = $quarter or quarter is null) and consequence <> 'note'
        order by consequence desc, file, sheet, row_id
        """,
        {"quarter": quarter},
    )
    for consequence, file_name, sheet, cell, as_typed, because in rows:
        what = {"refuse": "Refused", "query": "Queried"}[consequence]
        print(f"{what}: {sentence(file_name, sheet, cell, as_typed, because)}")
    _, rows = _select(
        database,
        """
        select file_name, sheet, cell, as_typed, settled from marts.findings
        where quarter = $quarter and settled is not null and settled_by <> 'later submission'
        order by file_name, sheet, row_id
        """,
        {"quarter": quarter},
    )
    for file_name, sheet, cell, as_typed, settled in rows:
        print(f"Settled: {sentence(file_name, sheet, cell, as_typed, settled)}")
    return DONE


def query(options: Namespace) -> int:
    """`lsp query`: SQL on the marts, read-only."""
    names, rows = _select(_need(_outputs(options).database), options.sql, {})
    if options.format == "json":
        json.dump([dict(zip(names, row, strict=True)) for row in rows], sys.stdout, default=str, indent=1)
        print()
    elif options.format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_safe(value) for value in row] for row in rows])
    else:
        _print_table(names, rows)
    return DONE


def trace(options: Namespace) -> int:
    """`lsp trace`: the chain of a figure back to the partner's cell."""
    from pipelines.stages import newest_quarter
    from pipelines.trace import trace as chain

    _check_quarter(options.quarter)
    outputs = _outputs(options)
    _need(outputs.database)
    quarter = options.quarter or newest_quarter(outputs)
    print("\n".join(chain(options.figure, outputs.database, outputs.pack_file(quarter))))
    return DONE


def check(options: Namespace) -> int:
    """`lsp check`: what a run would say of files, with the reply beside each. Nothing is taken in."""
    _check_quarter(options.quarter)
    for path in (*options.files, *([options.framework] if options.framework else [])):
        if not path.is_file():
            raise Usage(
                f"{path} is a folder. Name the files in it." if path.is_dir() else f"There is no file {path}."
            )
    from pipelines.precheck import check_files
    from pipelines.reply.wording import MUST_FIX

    checked, told = check_files(
        options.files, _workspace(options), options.framework, options.partner, options.quarter
    )
    for sentence in told:
        print(sentence)
    for one in checked:
        print(f"{one.path.name}: {one.reply.in_words}. {one.because or f'Reply: {one.reply_path}'}")
        for query in one.reply.queries:
            place = ", ".join(
                part for part in (query.sheet and f"sheet '{query.sheet}'", query.cells) if part
            )
            sent = f" ({query.sent})" if query.sent else ""
            print(f"  {query.severity}{': ' if place else ''}{place}{sent}: {query.expected} {query.fix}")
        if one.reply.rest:
            print(f"  and {sum(one.reply.rest.values())} more.")
    return WITH_REFUSALS if any(one.reply.count(MUST_FIX) for one in checked) else DONE


def receive(options: Namespace) -> int:
    """`lsp receive`: take a file in and say what its receipt is."""
    from pipelines.receipt import receive as take

    _check_quarter(options.quarter)
    workspace = _workspace(options)
    if not options.file.is_file():
        raise Usage(f"There is no file {options.file}.")
    folder = options.quarter or workspace.inbox.name
    receipt = take(options.file, options.partner, folder, workspace, datetime.now())
    print(
        f"{receipt.original_name}: received {receipt.first_seen:%d %b %Y %H:%M} from "
        f"{receipt.received_from or 'nobody named'}, kept in data/raw/{receipt.folder}, SHA-256 {receipt.sha256}"
    )
    return DONE


def templates(options: Namespace) -> int:
    """`lsp templates`: each partner's return to fill in."""
    from pipelines.stages import write_templates

    _check_quarter(options.quarter)
    for path in write_templates(_workspace(options), options.quarter, options.partner, datetime.now()):
        print(path)
    return DONE


def learn(options: Namespace) -> int:
    """`lsp learn`: a layout proposed for a file, as a workbook to be read, corrected and put with the framework."""
    from pipelines.contracts import read_contracts
    from pipelines.learn import propose
    from pipelines.learn_workbook import write_proposals
    from pipelines.reader import Reader
    from pipelines.workspace import CONTRACTS

    if not options.file.is_file():
        raise Usage(f"There is no file {options.file}.")
    contracts = read_contracts(CONTRACTS)
    returns = [c for c in contracts.values() if not c.is_framework]
    if options.return_name:
        returns = [c for c in returns if c.name == options.return_name]
        if not returns:
            names = ", ".join(c.name for c in contracts.values() if not c.is_framework)
            raise Usage(f"There is no return '{options.return_name}'. The returns are: {names}.")
    with Reader() as reader:
        book = reader.read(options.file, options.file.name)
    visible = [sheet for sheet in book.sheets if sheet.visibility == "visible" and sheet.cells]
    proposals = [proposal for sheet in visible if (proposal := propose(sheet, returns))]
    if not proposals:
        raise Missing(
            f"No line of {options.file.name} looks like the headings of a return. Name the return with --return, "
            "or copy the table to a sheet of its own."
        )
    folder = _workspace(options).framework if options.save else Path()
    path = options.into or folder / f"layout_{options.file.stem}.xlsx"
    if path.exists():
        raise Usage(f"{path} is there already and was not changed. Name another place with --into.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_proposals(proposals, contracts, options.partner, options.file, path)
    for p in proposals:
        print(
            f"{p.sheet}: {p.contract.title}, headings from line {p.first_line + 1}, {p.known} of {len(p.columns)} known"
        )
        for column in p.columns:
            print(f"  {column.heading!r} {column.place} → {column.means or 'not known: fill it in'}")
    print(
        f"Written to {path}. Read it and correct the column Means"
        + (
            "; the next run uses it."
            if options.save
            else f", then put it into {_workspace(options).framework}."
        )
    )
    return DONE


def init(options: Namespace) -> int:
    """`lsp init`: a new workspace with a framework workbook to fill in."""
    from pipelines.contracts import read_contracts
    from pipelines.new import make_workspace
    from pipelines.workspace import CONTRACTS

    path = make_workspace(Workspace(options.directory), read_contracts(CONTRACTS))
    print(f"Made {options.directory}. Fill in {path}, put the partners' files into data/raw/<quarter>, then:")
    print(f"  lsp run --root {options.directory}")
    return DONE


def in_words(failure: Exception) -> str:
    """A failure as one sentence: ours carry one, for others the kind of fault and how to see more."""
    ours = type(failure).__module__.startswith("pipelines")
    if ours and not isinstance(failure, AssertionError):
        return str(failure)
    if isinstance(failure, OSError) and failure.filename:
        return (
            f"{failure.filename} can't be used ({failure.strerror}). Check that there is room, that you may "
            "write there and that no other program has it open; then run again."
        )
    if type(failure).__module__ == "_duckdb":
        return f"The database says: {str(failure).splitlines()[0]}"
    return (
        f"{type(failure).__name__}: {failure}. This is a fault of the pipeline; --debug shows where it arose."
    )


def _workspace(options: Namespace) -> Workspace:
    if not options.root.is_dir():
        raise Usage(f"There is no folder {options.root}. 'lsp init {options.root}' makes a workspace.")
    return Workspace(options.root)


def _outputs(options: Namespace) -> Workspace:
    workspace = _workspace(options)
    return workspace.as_at(options.as_at.isoformat()) if options.as_at else workspace


def _check_quarter(quarter: str | None) -> None:
    if quarter and not QUARTER.fullmatch(quarter):
        raise Usage(f"'{quarter}' is no quarter. Write it as 2004-05-Q1 for April to June 2004.")


def _need(database: Path) -> Path:
    if not database.exists():
        raise Missing(f"There are no marts at {database} yet. 'lsp run' makes them.")
    return database


def _select(database: Path, sql: str, values: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of a query. The connection can read this database and nothing else."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        answer = connection.execute(sql, values) if values else connection.execute(sql)
        if answer is None:
            raise Usage('There is no SQL to run. For example: lsp query "select * from marts.floor_targets"')
        return [name for name, *_ in answer.description or ()], answer.fetchall()


def _print_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table; numbers to the right, nothing cut off, missing values as a blank."""
    shown = [["" if value is None else _text(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[n]) for row in shown)]) for n, name in enumerate(names)]
    numeric = [
        any(row[n] is not None for row in rows)
        and all(isinstance(row[n], int | float | None) for row in rows)
        for n in range(len(names))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            c.rjust(w) if right else c.ljust(w) for c, w, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(padded).rstrip()

    print(line(names))
    print("  ".join("-" * width for width in widths))
    for row in shown:
        print(line(row))
    print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})")


def _text(value: Any) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text.replace("\n", " ").replace("\r", " ")


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; its lines end alike.

    A lone carriage return would end the row for most readers of CSV, and is not quoted for it.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\n", "\0")) else value
