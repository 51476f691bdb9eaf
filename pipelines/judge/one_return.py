"""One return, of every partner and quarter together: the rules over all its rows, what stands, and what counts."""

from pathlib import Path

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import QUERY, REFUSE, Finding
from pipelines.judge.context import widen
from pipelines.judge.corrections import correct
from pipelines.judge.displaced import left_out
from pipelines.judge.frames import frame_of, placed
from pipelines.judge.history import apply, by_history
from pipelines.judge.judged import Judged, cut_off_of, dated_rows_of, rows_of
from pipelines.judge.masking import mask, mask_refused, without_personal_data
from pipelines.judge.waivers import waive
from pipelines.judge.withdrawals import withdrawn
from pipelines.submission import Submission
from pipelines.validate import validate, validate_together, validate_values


def _submissions(judged: Judged, contract: Contract) -> list[Submission]:
    """The contract's submissions that are not refused whole, oldest first."""
    every = [s for file in judged.files for s in file.submissions.values()]
    mine = [s for s in every if s.contract is contract and not s.problem]
    return sorted(mine, key=lambda s: (s.receipt.first_seen, s.submission_id))


def judge_contract(judged: Judged, contract: Contract, context: Path) -> None:
    """Run the contract's rules over all its rows at once; keep the rows that nothing refuses, and mark which count."""
    submissions = _submissions(judged, contract)
    frame, found = _checked(judged, contract, submissions, context)
    judged.findings.extend(found)
    frame, current = _counting(judged, contract, submissions, _standing(frame, found))
    judged.frames[contract.full_name] = frame
    judged.current |= current
    judged.findings.extend(left_out(contract, submissions, frame))
    judged.findings.extend(_of_refused(judged, contract))


def _checked(
    judged: Judged, contract: Contract, submissions: list[Submission], context: Path
) -> tuple[pd.DataFrame, list[Finding]]:
    """All rows, corrected, and what is found in them: waived where that is agreed, without personal data."""
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
    theirs = [finding for finding in corrected.findings if finding.submission_id in by_id]
    ours = [finding for finding in corrected.findings if finding.submission_id not in by_id]
    return frame, found + placed(theirs, submissions) + placed(ours, _of_framework(judged))


def _standing(frame: pd.DataFrame, found: list[Finding]) -> pd.DataFrame:
    """The rows that nothing refuses, each with whether anything is asked about it."""
    refused = {finding.row_id for finding in found if finding.consequence == REFUSE}
    queried = {finding.row_id for finding in found if finding.consequence == QUERY}
    frame["is_queried"] = frame["row_id"].isin(queried)
    return frame[~frame["row_id"].isin(refused)].reset_index(drop=True)


def _counting(
    judged: Judged, contract: Contract, submissions: list[Submission], frame: pd.DataFrame
) -> tuple[pd.DataFrame, set[str]]:
    """The rows that stand, with whether each counts, and the submissions that do; of rivals none is left."""
    gone = {} if contract.is_framework else withdrawn(submissions, rows_of(judged, "withdrawals"))
    judged.withdrawn |= gone
    left = [s for s in submissions if s.submission_id not in gone]
    if contract.accumulates:
        current, frame["is_current"] = _latest_of_each(contract, left, frame)
    else:
        current = _latest(left, standing=set(frame["submission_id"]))
        frame["is_current"] = frame["submission_id"].isin(current)
    counting = frame[frame["is_current"]].reset_index(drop=True)
    rivals = placed(validate_together(contract, counting, judged.memory), submissions)
    judged.findings.extend(rivals)
    frame = frame[~frame["row_id"].isin({finding.row_id for finding in rivals})].reset_index(drop=True)
    current -= {str(finding.submission_id) for finding in rivals} - set(frame["submission_id"])
    return frame, current


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
