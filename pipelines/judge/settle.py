"""How findings end: by a later submission, a waiver or a partner's answer, each with the sentence that says so.

An answer closes a query while the value that was asked about stands unchanged, in that file or in a later
one, and unless it says that the value is wrong; where what was typed may stand for two figures (0.4: 0.4% or
40%), the one that we read it as is the value. It never closes a refusal, which then says so: what did not enter must
be corrected and sent again.
And it closes nothing of another partner than the one whose file it came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.findings import ANSWER, LATER, NOTE, QUERY, REFUSE, WITHDRAWAL, Answer, Finding, identify
from pipelines.framework.references import References
from pipelines.headings import plain
from pipelines.judge.judged import Judged, cut_off_of, dated_rows_of
from pipelines.judge.objections import says_it_is_wrong, says_nothing
from pipelines.judge.same import same_value
from pipelines.judge.waivers import waive
from pipelines.parse.dates import spoken
from pipelines.submission import FileRead, Submission

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
    answers = _by_finding(judged.answers)
    senders = _senders(judged)
    astray: dict[tuple[str, str, str], Finding] = {}
    later = _replaced(judged, submissions)
    waivers = dated_rows_of(judged, "waivers")
    findings = []
    for found in judged.findings:
        submission = submissions.get(found.submission_id or "")
        finding = identified(found, submission, keys)
        if submission and finding.row_id is None and finding.consequence == QUERY:
            cut_off = cut_off_of(judged, submission)
            finding = waive(
                finding, submission.contract, submission.partner, finding.row_key, cut_off, waivers
            )
        if finding.is_open and found.submission_id in judged.withdrawn:
            sentence, day = judged.withdrawn[found.submission_id]
            finding = replace(finding, settled=sentence, settled_by=WITHDRAWAL, settled_at=day)
        if finding.is_open and found.submission_id in later:
            sentence, day = later[found.submission_id]
            finding = replace(finding, settled=sentence, settled_by=LATER, settled_at=day)
        told = answers.get(finding.finding_id or "", [])
        partner = submission.partner if submission else None
        mine = [answer for answer in told if senders[answer.file_id].may_answer(finding, partner)]
        if finding.is_open and mine:
            finding = _answered(finding, mine, submission)
        for answer in told:
            if answer not in mine:
                astray[_place(answer)] = _astray(answer)
        findings.append(finding)
    asked = {finding.finding_id for finding in findings}
    # one cell may answer several findings; it is of use if one of them is there
    of_use = {_place(answer) for name, told in answers.items() if name in asked for answer in told}
    for answer in (one for told in answers.values() for one in told if _place(one) not in of_use):
        astray[_place(answer)] = _asked_no_more(answer)
    judged.findings[:] = [*findings, *(identified(finding, None, keys) for finding in astray.values())]
    open_rows = {f.row_id for f in findings if f.consequence == QUERY and f.is_open}
    settled_rows = {f.row_id for f in findings if not f.is_open} - open_rows
    for frame in judged.frames.values():
        if len(frame):
            frame["is_queried"] = frame["is_queried"] & ~frame["row_id"].isin(settled_rows)
    return judged


def _answered(finding: Finding, mine: list[Answer], submission: Submission | None) -> Finding:
    """A finding after the answers to it, the newest last: settled by the last that says anything, or still open."""
    telling = [answer for answer in mine if not says_nothing(answer.text)]
    answer = (telling or mine)[-1]
    if finding.consequence == REFUSE:
        return replace(finding, because=f"{_not_enough(answer)} {finding.because}")
    if not _answers(answer, finding, submission):
        return finding
    if not telling:
        return replace(finding, because=f"{finding.because} {_say_why(answer)}")
    if says_it_is_wrong(answer.text, _asked_about(answer, finding, submission)):
        return replace(finding, because=f"{finding.because} {_correct_it(answer)}")
    return replace(finding, settled=explained(answer), settled_by=ANSWER, settled_at=answer.answered_on)


def _not_enough(answer: Answer) -> str:
    """What comes before the sentence of a refusal that somebody explained; the remedy still ends it."""
    return (
        f"Your answer of {spoken(answer.answered_on.date())} ('{answer.text.strip()}') was read, but this must be "
        "corrected: an answer does not make it count."
    )


def _say_why(answer: Answer) -> str:
    """What follows from an answer that explains nothing."""
    return (
        f"Your answer of {spoken(answer.answered_on.date())} ('{answer.text.strip()}') does not say why, so this stays "
        "open. Say what lies behind the figure, or correct it in its cell, and send it again."
    )


def _correct_it(answer: Answer) -> str:
    """What follows from an answer that says that the figure is wrong."""
    return (
        f"Your answer of {spoken(answer.answered_on.date())} ('{answer.text.strip()}') says that it is wrong, or names "
        "another figure, so this stays open. Correct the figure in its cell and send it again."
    )


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


def explained(answer: Answer) -> str:
    """How a finding is settled that this answer closes, in a sentence."""
    return f"Explained on {spoken(answer.answered_on.date())}: {answer.text.strip()}"


def _by_finding(answers: list[Answer]) -> dict[str, list[Answer]]:
    """For each finding the answers that say anything, the newest last."""
    told: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda one: (one.answered_on, one.file_id, one.sheet, one.cell)):
        if answer.text.strip():
            told.setdefault(answer.finding_id, []).append(answer)
    return told


@dataclass(frozen=True)
class _Sender:
    """Whose file a reply that came back is: the partners for whom it may speak, and the file that it answers."""

    partners: frozenset[str]
    parent_sha256: str

    def may_answer(self, finding: Finding, partner: str | None) -> bool:
        """Whether its answers count for a finding of this partner; one on a file of nobody's, for that file alone."""
        if partner:
            return partner in self.partners
        return bool(finding.file_id) and self.parent_sha256.startswith(finding.file_id or "")


def _senders(judged: Judged) -> dict[str, _Sender]:
    """For each reply that came back, by its file_id: from whom it is.

    That is told by its returns; without one by its hidden identity and the ledger, which must agree; and if
    neither names a partner, by the file that it answers.
    """
    by_hash = {file.receipt.sha256: file for file in judged.files}
    senders = {}
    for file in judged.files:
        if file.returned is None:
            continue
        partners, said = _of_returns(file), _said(file, judged.references)
        if not partners and said:
            partners = said if len(said) == 1 else set()
        elif not partners and (parent := by_hash.get(file.returned.parent_sha256)):
            partners = _of_returns(parent)
        senders[file.receipt.file_id] = _Sender(frozenset(partners), file.returned.parent_sha256)
    return senders


def _of_returns(file: FileRead) -> set[str]:
    return {s.partner for s in (*file.as_before, *file.submissions.values()) if s.partner}


def _said(file: FileRead, references: References) -> set[str]:
    """The partners that the file's identity and the ledger name, each by its reference."""
    partners = references.get("framework.partners")
    said = (file.identity.partner if file.identity else "", file.receipt.received_from)
    return {partners.ids[plain(name)] for name in said if partners and plain(name) in partners.ids}


def _place(answer: Answer) -> tuple[str, str, str]:
    return answer.file_id, answer.sheet, answer.cell


def _astray(answer: Answer) -> Finding:
    """Another partner was asked than the one whose file the answer came in."""
    return _of_no_use(
        answer,
        "answer_from_whom_was_asked",
        "This answer was not used: its query was put to another partner than the one this file is from. "
        "Answer the queries of the reply to your own file, and send that back.",
        QUERY,
    )


def _asked_no_more(answer: Answer) -> Finding:
    """Nobody asks any more what this answers: the file, the framework or a rule has changed since."""
    return _of_no_use(
        answer,
        "answer_to_query_asked",
        "This answer was read, but nothing came of it: its query is not asked any more, as what it was about "
        "has changed since it was sent.",
        NOTE,
    )


def _of_no_use(answer: Answer, rule: str, because: str, consequence: str) -> Finding:
    """What is said of an answer that closes nothing, at its own cell of the reply that came back."""
    return Finding(
        rule,
        because,
        consequence,
        file_id=answer.file_id,
        sheet=answer.sheet,
        cell=answer.cell,
        as_typed=answer.text,
    )


def _answers(answer: Answer, finding: Finding, submission: Submission | None) -> bool:
    if finding.consequence != QUERY:
        return False
    contract = submission.contract if submission else None
    column = contract.by_name.get(finding.column_name or "") if contract else None
    return same_value(answer.as_typed, finding.as_typed, column)


def _asked_about(answer: Answer, finding: Finding, submission: Submission | None) -> str | None:
    """The figure that an answer must leave standing: what was typed or, where that is unclear, what we read it as."""
    place = row_id, name = finding.row_id or "", finding.column_name or ""
    row = submission.tidied.row(row_id) if submission and place in submission.tidied.alternatives else None
    return f"{row[name]:.15g}" if row and row[name] is not None else answer.as_typed


def _replaced(
    judged: Judged, submissions: Mapping[str, Submission]
) -> dict[str | None, tuple[str, datetime]]:
    """Submissions that matter no more → the sentence that says which one took their place, and when that came."""
    counting = {
        (s.contract.full_name, s.partner, s.quarter): s
        for s in submissions.values()
        if s.submission_id in judged.current and not s.contract.is_framework
    }
    standing = {submission_id for frame in judged.frames.values() for submission_id in frame["submission_id"]}
    replaced: dict[str | None, tuple[str, datetime]] = {}
    for s in submissions.values():
        now = counting.get((s.contract.full_name, s.partner, s.quarter))
        if now is None or now is s or s.submission_id in judged.current:
            continue
        stands = s.submission_id in standing or (s.is_nil and not s.tidied.row_ids and not s.problem)
        if stands or now.receipt.first_seen > s.receipt.first_seen:
            day = spoken(now.receipt.first_seen.date())
            sentence = f"'{now.receipt.original_name}' of {day} took its place."
            replaced[s.submission_id] = sentence, now.receipt.first_seen
    return replaced
