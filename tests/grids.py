"""Drawings of sheets, and the sample framework to judge them by, so that a test shows rows in and rows out."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sample_files import FRAMEWORK

from pipelines.cells import Book, Cell, Sheet, Value
from pipelines.contract import Column, Contract
from pipelines.contracts import read_contracts
from pipelines.framework.references import Reference, References
from pipelines.judge.intake import judge_framework, judge_returns
from pipelines.judge.judged import Judged
from pipelines.receipt import Receipt, take_receipts
from pipelines.submission.opening import Opened, open_files
from pipelines.workspace import CONTRACTS, SQL, Workspace

CONTEXT = SQL / "context"
FIRST_SEEN = datetime(2004, 7, 5, 9, 30)

REFERENCES: References = {
    "framework.partners": Reference(
        "Partners", ids={"pct": "pct", "primary care trust": "pct", "police": "police"}
    ),
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {}, "2004-05-Q2": {}}),
}

Row = Sequence[Value | None]


def sheet(rows: Sequence[Row], name: str = "Data", **more: Any) -> Sheet:
    """A sheet as drawn: one list per line, from A1, None for an empty cell."""
    cells = {
        (row, column): Cell(row, column, value)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if value is not None
    }
    return Sheet(name=name, cells=cells, counted=len(cells), **more)


def receipt(number: int = 1, folder: str = "2004-05-Q1", **more: Any) -> Receipt:
    """The receipt of the file with this number, a minute after the one before."""
    name = f"file {number}.xlsx"
    made = Receipt(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        first_seen=FIRST_SEEN + timedelta(minutes=number),
        received_from="",
        original_name=name,
        folder=folder,
        size=1,
    )
    return replace(made, **more)


def opened(number: int, *sheets: Sheet, **more: Any) -> Opened:
    """The file with this number as opened, with these sheets; `more` goes to its receipt."""
    return Opened(receipt(number, **more), Book(sheets))


@cache
def contracts() -> dict[str, Contract]:
    """The project's own contracts."""
    return read_contracts(CONTRACTS)


@cache
def _framework() -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.framework.mkdir(parents=True)
        shutil.copy(FRAMEWORK, workspace.framework)
        files, _ = open_files(take_receipts(workspace, FIRST_SEEN), workspace)
        return judge_framework(files, contracts(), CONTEXT)


def sample_framework() -> Judged:
    """The committed sample framework, read and judged once; what a test adds to it stays with the test."""
    judged = _framework()
    return replace(
        judged,
        opened=list(judged.opened),
        files=list(judged.files),
        findings=list(judged.findings),
        frames=dict(judged.frames),
        references=dict(judged.references),
        current=set(judged.current),
    )


def judge(*files: Opened, of: Sequence[Contract]) -> Judged:
    """The files judged by these contracts and by a framework of two partners and two quarters."""
    judged = Judged({contract.full_name: contract for contract in of}, references=dict(REFERENCES))
    return judge_returns(judged, list(files), CONTEXT)


def contract(*columns: Column, key: Sequence[str] = (), **more: Any) -> Contract:
    """A return of a test's own; its first column is the key unless another is named."""
    entries = {"name": "stock_take", "schema": "staging", "title": "Stock take", "grain": "one row per place"}
    return Contract(**(entries | more), key=tuple(key) or (columns[0].name,), columns=columns)
