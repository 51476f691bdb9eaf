"""From opened files to judged rows: find the returns, run the rules, keep what stands.

The framework enters by the same door as every return, and first: what it says (which partners,
targets, projects and areas there are) is what the returns are then read and judged by.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import QUERY, REFUSE, Answer, Finding
from pipelines.framework.naming import named
from pipelines.framework.references import References, refer
from pipelines.framework.taught import Layout, layouts_of
from pipelines.judge.context import widen
from pipelines.judge.corrections import correct
from pipelines.judge.displaced import left_out
from pipelines.judge.frames import frame_of, placed
from pipelines.judge.framework_versions import settle_earlier
from pipelines.judge.history import apply, by_history
from pipelines.judge.masking import mask, mask_refused, without_personal_data
from pipelines.judge.waivers import waive
from pipelines.judge.withdrawals import withdrawn
from pipelines.storage.memory import Memory
from pipelines.submission import FileRead, Submission
from pipelines.submission.opening import FRAMEWORK_FOLDER, Opened
from pipelines.submission.reading import Reading
from pipelines.submission.unchanged import leave_unchanged
from pipelines.validate import validate, validate_together, validate_values


@dataclass
class Judged:
    """Every file with what became of it. `frames` holds the rows that stand, by contract.

    `checked` is the same with the files that only came to be checked; None where there are none. `memory` is what
    earlier runs worked out.
    """

    contracts: dict[str, Contract]
    opened: list[Opened] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    references: References = field(default_factory=dict)
    current: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    corrected: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # row and column → by which correction
    withdrawn: dict[str, tuple[str, datetime]] = field(
        default_factory=dict
    )  # submission → how it was withdrawn, and when
    checked: "Judged | None" = None
    memory: Memory = field(default_factory=Memory)


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


def _submissions(judged: Judged, contract: Contract) -> list[Submission]:
    """The contract's submissions that are not refused whole, oldest first."""
    every = [s for file in judged.files for s in file.submissions.values()]
    mine = [s for s in every if s.contract is contract and not s.problem]
    return sorted(mine, key=lambda s: (s.receipt.first_seen, s.submission_id))


def judge_contract(judged: Judged, contract: Contract, context: Path) -> None:
    """Run the contract's rules over all its rows at once; keep the rows that nothing refuses."""
    submissions = _submissions(judged, contract)
    corrected = correct(contract, submissions, rows_of(judged, "corrections"), judged.references)
    judged.corrected |= corrected.values
    frame, broken = _validated(judged, contract, submissions, context)
    mask(contract, broken, frame, submissions)
    by_id = {s.submission_id: s for s in submissions}
    waivers = dated_rows_of(judged, "waivers")
    found = []
    for finding in broken:
        mine = by_id[str(finding.submission_id)]
        key = contract.key_of(mine.tidied.row(str(finding.row_id)) or {})
        found.append(waive(finding, contract, mine.partner, key, cut_off_of(judged, mine), waivers))
    found = [without_personal_data(finding) for finding in placed(found, submissions)]
    ours = [finding for finding in corrected.findings if finding.submission_id not in by_id]
    theirs = [finding for finding in corrected.findings if finding.submission_id in by_id]
    found += placed(theirs, submissions) + placed(ours, _of_framework(judged))
    judged.findings.extend(found)
    refused = {finding.row_id for finding in found if finding.consequence == REFUSE}
    queried = {finding.row_id for finding in found if finding.consequence == QUERY}
    frame["is_queried"] = frame["row_id"].isin(queried)
    frame = frame[~frame["row_id"].isin(refused)].reset_index(drop=True)
    gone = {} if contract.is_framework else withdrawn(submissions, rows_of(judged, "withdrawals"))
    judged.withdrawn |= gone
    submissions_left = [s for s in submissions if s.submission_id not in gone]
    current = _latest(submissions_left, standing=set(frame["submission_id"]))
    frame["is_current"] = frame["submission_id"].isin(current)
    if contract.accumulates:
        current, frame["is_current"] = _latest_of_each(contract, submissions_left, frame)
    counting = frame[frame["is_current"]].reset_index(drop=True)
    rivals = placed(validate_together(contract, counting, judged.memory), submissions)
    judged.findings.extend(rivals)
    frame = frame[~frame["row_id"].isin({finding.row_id for finding in rivals})].reset_index(drop=True)
    current -= {str(finding.submission_id) for finding in rivals} - set(frame["submission_id"])
    judged.frames[contract.full_name] = frame
    judged.current |= current
    judged.findings.extend(left_out(contract, submissions, frame))
    judged.findings.extend(_of_refused(judged, contract))


def _of_refused(judged: Judged, contract: Contract) -> list[Finding]:
    """Faults of the values of returns that are refused whole: all faults are told at once, not one after the other."""
    every = [s for file in judged.files for s in file.submissions.values() if s.contract is contract]
    refused = [s for s in every if s.problem and len(s.tidied)]
    if not refused:
        return []
    # a column that is missing is told once, and not as a blank in each row
    missing = {(f.submission_id, f.column_name) for f in judged.findings if f.rule == "column_present"}
    broken = validate_values(contract, frame_of(contract, refused), judged.references, judged.memory)
    mask_refused(contract, broken, refused)
    found = placed(broken, refused)
    return [
        without_personal_data(finding)
        for finding in found
        if (finding.submission_id, finding.column_name) not in missing
    ]


def rows_of(judged: Judged, entity: str) -> list[dict[str, Any]]:
    """The rows that count of a sheet of the framework; none where it has no such sheet."""
    frame = judged.frames.get(f"framework.{entity}")
    if frame is None or frame.empty:
        return []
    counting = frame[frame["is_current"].astype(bool)].astype(object)
    records = counting.where(counting.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]


def dated_rows_of(judged: Judged, entity: str) -> list[dict[str, Any]]:
    """The same, each with when a file that has it was first received (`first_seen`)."""
    frame = judged.frames.get(f"framework.{entity}")
    if frame is None or frame.empty:
        return []
    (key,) = judged.contracts[f"framework.{entity}"].key
    received = {file.receipt.file_id: file.receipt.first_seen for file in judged.opened}
    first: dict[Any, datetime] = {}
    for file_id, name in zip(frame["file_id"], frame[key], strict=True):
        first[name] = min(received[file_id], first.get(name, received[file_id]))
    return [row | {"first_seen": first[row[key]]} for row in rows_of(judged, entity)]


def cut_off_of(judged: Judged, submission: Submission) -> date | None:
    """The cut-off of a submission's quarter, by the calendar."""
    calendar = judged.references.get("framework.calendar")
    facts = calendar.facts.get(submission.quarter or "", {}) if calendar else {}
    return facts.get("cut_off_on")


def _of_framework(judged: Judged) -> list[Submission]:
    """The sheets of the framework."""
    return [s for file in judged.files for s in file.submissions.values() if s.contract.is_framework]


def _validated(
    judged: Judged, contract: Contract, submissions: list[Submission], context: Path
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows with what the rules find in them, once what earlier rows can settle is settled."""

    def run() -> tuple[pd.DataFrame, list[Finding]]:
        frame = frame_of(contract, submissions)
        widened = widen(frame, contract, judged.frames, judged.contracts, context)
        return frame, validate(contract, widened, judged.references, judged.memory)

    frame, found = run()
    alternatives = {place: both for s in submissions for place, both in s.tidied.alternatives.items()}
    if not alternatives:
        return frame, found
    received = {s.submission_id: s.receipt.first_seen for s in submissions}
    refused = {str(finding.row_id) for finding in found if finding.consequence == REFUSE}
    dated = frame.assign(received_at=frame["submission_id"].map(received))
    settled = by_history(contract, dated, alternatives, refused)
    if not settled:
        return frame, found
    rows = (s.tidied.row(row_id) for s in submissions for row_id in {row_id for row_id, _ in settled})
    apply(settled, filter(None, rows))
    return run()


def _latest(submissions: list[Submission], standing: set[str]) -> set[str]:
    """The submission that counts for each partner and quarter: the latest that stands or says nil.

    A refused resubmission does not displace a good one.
    """
    latest = {}
    for submission in submissions:  # oldest first
        if submission.submission_id in standing or (submission.is_nil and not submission.tidied.row_ids):
            latest[submission.partner, submission.quarter] = submission.submission_id
    return set(latest.values())


def _latest_of_each(
    contract: Contract, submissions: list[Submission], frame: pd.DataFrame
) -> tuple[set[str], pd.Series]:
    """Files that add up: of rows with the same first part of the key those of the latest file count."""
    first = contract.key[0]
    order = {submission.submission_id: n for n, submission in enumerate(submissions)}  # oldest first
    places = frame["submission_id"].map(order)
    is_current = (
        places == places.groupby(frame[first]).transform("max") if len(frame) else places.astype(bool)
    )
    return set(frame.loc[is_current, "submission_id"]), is_current


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
