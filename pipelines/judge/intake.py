"""From opened files to judged rows: find the returns, run the rules, keep what stands.

The framework enters by the same door as every return, and first: what it says (which partners,
targets, projects and areas there are) is what the returns are then read and judged by.
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import REFUSE, Finding
from pipelines.framework.naming import named
from pipelines.framework.references import refer
from pipelines.framework.taught import Layout, layouts_of
from pipelines.judge.framework_versions import settle_earlier
from pipelines.judge.judged import Judged, rows_of
from pipelines.judge.one_return import judge_contract
from pipelines.storage.memory import Memory
from pipelines.submission import FileRead, Submission
from pipelines.submission.opening import FRAMEWORK_FOLDER, Opened
from pipelines.submission.reading import Reading
from pipelines.submission.unchanged import leave_unchanged


def judge_framework(
    opened: list[Opened], contracts: dict[str, Contract], context: Path, memory: Memory | None = None
) -> Judged:
    """Read and judge the framework's files, sheet by sheet in the order in which they refer to each other."""
    judged = Judged(contracts, memory=memory or Memory())
    mine = [file for file in opened if file.receipt.folder == FRAMEWORK_FOLDER]
    own = {name: contract for name, contract in contracts.items() if contract.is_framework}
    _find_submissions(judged, mine, list(own.values()))
    for contract in _in_order(own):
        judge_contract(judged, contract, context)
        frame = judged.frames[contract.full_name]
        judged.references[contract.full_name] = refer(contract, frame[frame["is_current"]].to_dict("records"))
    judged.contracts = named(contracts, rows_of(judged, "settings"))
    judged.findings[:] = settle_earlier(judged.findings, mine, judged.files, judged.current)
    return judged


def judge_returns(judged: Judged, opened: list[Opened], context: Path) -> Judged:
    """Read and judge every other file by the framework that `judged` already holds."""
    theirs = [file for file in opened if file.receipt.folder != FRAMEWORK_FOLDER]
    returns = [contract for contract in judged.contracts.values() if not contract.is_framework]
    _find_submissions(judged, theirs, returns)
    for contract in _after(returns):
        judge_contract(judged, contract, context)
    return judged


def _after(returns: list[Contract]) -> Iterable[Contract]:
    """Returns such that each comes after those that it looks up."""
    by_name = {contract.name: contract for contract in returns}
    before = {name: set(contract.after) & set(by_name) for name, contract in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(before).static_order()]


def _find_submissions(judged: Judged, opened: list[Opened], contracts: list[Contract]) -> None:
    files = []
    reading = Reading(contracts, judged.references, _layouts(judged, contracts), judged.memory)
    for file in opened:
        judged.opened.append(file)
        if file.book is None:
            judged.findings.append(
                Finding("file_readable", file.sentence or "", REFUSE, file_id=file.receipt.file_id)
            )
            continue
        files.append(reading.read(file, file.book))
    leave_unchanged(files)
    _refuse_ties(files)
    for read in files:
        judged.files.append(read)
        judged.answers.extend(read.returned.answers if read.returned else ())
        judged.findings.extend(read.findings)


def _layouts(judged: Judged, contracts: list[Contract]) -> list[Layout]:
    """The taught layouts that the framework holds by now; none while it is itself being read."""
    rows = []
    for name in ("framework.layouts", "framework.layout_columns"):
        frame = judged.frames.get(name, pd.DataFrame({"is_current": []}, dtype=object))
        clean = frame.astype(object).where(frame.notna(), None)
        rows.append(
            [{str(k): v for k, v in row.items()} for row in clean.to_dict("records") if row["is_current"]]
        )
    return layouts_of(rows[0], rows[1], {contract.name: contract for contract in contracts})


def _refuse_ties(files: list[FileRead]) -> None:
    """Files for the same return received in the same moment: nothing says which is the newest."""
    rivals: dict[tuple[Any, ...], list[tuple[FileRead, Submission]]] = {}
    for file in files:
        for s in file.submissions.values():
            if not s.problem and not s.contract.accumulates:
                moment = (s.contract.full_name, s.partner, s.quarter, s.receipt.first_seen)
                rivals.setdefault(moment, []).append((file, s))
    for tied in (every for every in rivals.values() if len(every) > 1):
        names = " and ".join(sorted(f"'{file.receipt.original_name}'" for file, _ in tied))
        for file, submission in tied:
            submission.problem = "one_file_per_return"
            file.find(
                submission.problem,
                f"{names} answer the same return '{submission.contract.title}' and came in the same moment, "
                "so we can't tell which counts. None of them was used. "
                "Open the right one, save it and send it again, so that it comes as a new file.",
                REFUSE,
                submission_id=submission.submission_id,
                sheet=submission.sheet,
            )


def _in_order(contracts: dict[str, Contract]) -> Iterable[Contract]:
    """Contracts such that each comes after those that its columns refer to."""
    done: list[str] = []
    while len(done) < len(contracts):
        ready = [
            name
            for name, contract in contracts.items()
            if name not in done and all(c.entity in (None, *done) for c in contract.columns)
        ]
        if not ready:
            stuck = ", ".join(sorted(set(contracts) - set(done)))
            raise ValueError(f"These contracts refer to each other in a circle: {stuck}.")
        done += ready
    return [contracts[name] for name in done]
