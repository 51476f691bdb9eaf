"""How findings end: by a later submission, a waiver or a partner's answer, each with the sentence that says so.

An answer closes a query while the value that was asked about stands unchanged, in that file or in a later
one. It never closes a refusal: what did not enter must be sent again.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipelines.findings import ANSWER, LATER, QUERY, Answer, Finding, identify
from pipelines.intake import Judged, cut_off_of, rows_of
from pipelines.parse.dates import spoken
from pipelines.same import same_value
from pipelines.submission import Submission
from pipelines.waivers import waive

Keys = Mapping[tuple[str | None, str | None], tuple[str, ...]]


def settle(judged: Judged) -> Judged:
    """Give every finding its identity, settle those that are, and take the flag off rows with nothing left to ask."""
    submissions = {s.submission_id: s for file in judged.files for s in file.submissions.values()}
    keys: Keys = {
        (found.submission_id, found.row_id): submission.contract.key_of(row)
        for found in judged.findings
        if (submission := submissions.get(found.submission_id or ""))
        and (row := submission.tidied.row(found.row_id or ""))
    }
    newest = _newest_answers(judged.answers)
    later = _replaced(judged, submissions)
    waivers = rows_of(judged, "waivers")
    findings = []
    for found in judged.findings:
        submission = submissions.get(found.submission_id or "")
        finding = identified(found, submission, keys)
        if submission and finding.row_id is None and finding.consequence == QUERY:
            cut_off = cut_off_of(judged, submission)
            finding = waive(
                finding, submission.contract, submission.partner, finding.row_key, cut_off, waivers
            )
        if finding.is_open and found.submission_id in later:
            finding = replace(finding, settled=later[found.submission_id], settled_by=LATER)
        answer = newest.get(finding.finding_id or "")
        if finding.is_open and answer and _answers(answer, finding, submission):
            sentence = f"Explained on {spoken(answer.answered_on.date())}: {answer.text.strip()}"
            finding = replace(finding, settled=sentence, settled_by=ANSWER)
        findings.append(finding)
    judged.findings[:] = findings
    open_rows = {f.row_id for f in findings if f.consequence == QUERY and f.is_open}
    settled_rows = {f.row_id for f in findings if not f.is_open} - open_rows
    for frame in judged.frames.values():
        if len(frame):
            frame["is_queried"] = frame["is_queried"] & ~frame["row_id"].isin(settled_rows)
    return judged


def identified(finding: Finding, submission: Submission | None, keys: Keys) -> Finding:
    """The finding with the key of its row and its identity."""
    key = keys.get((finding.submission_id, finding.row_id), ())
    place = key or (finding.sheet or "", finding.as_typed or finding.cell or "")
    if submission is None:
        whole = (finding.file_id or "", finding.folder or "", *place)
        identity = identify(None, None, None, whole, finding.column_name, finding.rule)
    else:
        identity = identify(
            submission.partner,
            submission.contract.full_name,
            submission.quarter,
            place,
            finding.column_name,
            finding.rule,
        )
    return replace(finding, row_key=key, finding_id=identity)


def _newest_answers(answers: list[Answer]) -> dict[str, Answer]:
    """For each finding the last answer that says anything."""
    told = [answer for answer in answers if answer.text.strip()]
    told.sort(key=lambda answer: (answer.answered_on, answer.file_id, answer.sheet, answer.cell))
    return {answer.finding_id: answer for answer in told}


def _answers(answer: Answer, finding: Finding, submission: Submission | None) -> bool:
    if finding.consequence != QUERY:
        return False
    contract = submission.contract if submission else None
    column = contract.by_name.get(finding.column_name or "") if contract else None
    return same_value(answer.as_typed, finding.as_typed, column)


def _replaced(judged: Judged, submissions: Mapping[str, Submission]) -> dict[str | None, str]:
    """Submissions that matter no more → the sentence that says which one took their place."""
    counting = {
        (s.contract.full_name, s.partner, s.quarter): s
        for s in submissions.values()
        if s.submission_id in judged.current and not s.contract.is_framework
    }
    standing = {submission_id for frame in judged.frames.values() for submission_id in frame["submission_id"]}
    replaced: dict[str | None, str] = {}
    for s in submissions.values():
        now = counting.get((s.contract.full_name, s.partner, s.quarter))
        if now is None or now is s or s.submission_id in judged.current:
            continue
        stands = s.submission_id in standing or (s.is_nil and not s.tidied.row_ids and not s.problem)
        if stands or now.receipt.first_seen > s.receipt.first_seen:
            day = spoken(now.receipt.first_seen.date())
            replaced[s.submission_id] = f"'{now.receipt.original_name}' of {day} took its place."
    return replaced
