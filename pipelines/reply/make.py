"""Replies from what was judged: for each file what stands, what is asked, and the figures to send back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipelines.findings import ANSWER, LATER, Answer, Finding
from pipelines.framework.references import References
from pipelines.judge.judged import Judged
from pipelines.judge.settle import explained
from pipelines.pack.words import counted
from pipelines.receipt import Receipt
from pipelines.reply.appearing import InPack, Shown, nowhere
from pipelines.reply.figures import figures_of
from pipelines.reply.model import Reply
from pipelines.reply.names import Name, quarter_label
from pipelines.reply.nearest import nearest
from pipelines.reply.prior import Accepted, prior_values
from pipelines.reply.queries import queries_of
from pipelines.submission import FileRead
from pipelines.submission.opening import Opened

COUNTS_LATER = "counts_from_its_publication"  # the rule that says so of a value not yet published


def reply_to(
    file: Opened,
    judged: Judged,
    name: Name,
    accepted: Accepted,
    shown: Shown = nowhere,
) -> Reply:
    """The reply to one file that was opened, from all that was judged."""
    file_id, is_check = file.receipt.file_id, file.receipt.is_check
    read = next((one for one in judged.files if one.receipt.file_id == file_id), None)
    before = {submission.submission_id for submission in read.as_before} if read else set()
    # a file that is only checked is judged as if it came after all others, and so are the answers in it
    came = read.receipt if read else file.receipt
    mine = [
        as_known(finding, came, judged.answers)
        for finding in judged.findings
        if finding.file_id == file_id or finding.submission_id in before
    ]
    said = prior_values(read, mine, accepted) if read else {}
    queries, rest = queries_of(mine, file.book, said)
    returns = [contract for contract in judged.contracts.values() if not contract.is_framework]
    unread = {finding.sheet for finding in mine if finding.rule == "return_recognised"}
    sheets = [sheet for sheet in file.book.sheets if sheet.name in unread] if file.book else []
    in_pack = shown(read, _counting(read, judged, mine) if not is_check else ()) if read else InPack()
    near = [found for sheet in sheets if (found := nearest(sheet, returns))]
    return Reply(
        receipt=file.receipt,
        partner=name.partner,
        quarter=name.quarter,
        number=name.number,
        partner_name=_name(judged.references, name.partner) or name.who,
        quarter_label=quarter_label(name.quarter),
        standing=tuple(_standing(read, judged, is_check=is_check)) if read else (),
        queries=queries,
        rest=rest,
        figures=figures_of(read, queries, mine, judged.frames) if read else (),
        near=tuple(near),
        appearances=in_pack.appearances,
        also_counted=in_pack.also_counted,
        query_round=name.number,
        is_check=is_check,
        is_replaced=_is_replaced(read, judged),
    )


def _counting(read: FileRead, judged: Judged, findings: Iterable[Finding]) -> set[str]:
    """The rows of a file that count, by now: not those that a later file replaced, or that count from a later day."""
    counting: set[str] = set()
    for submission in read.submissions.values():
        frame = judged.frames[submission.contract.full_name]
        if not submission.problem and len(frame):
            mine = frame["is_current"] & (frame["submission_id"] == submission.submission_id)
            counting |= set(frame.loc[mine, "row_id"])
    return counting - {finding.row_id for finding in findings if finding.rule == COUNTS_LATER}


def as_known(finding: Finding, receipt: Receipt, answers: Iterable[Answer]) -> Finding:
    """The finding as it was known when the file came: a later file or answer has a reply of its own to say so."""
    if finding.settled_by == ANSWER:
        mine = [answer for answer in answers if answer.finding_id == finding.finding_id]
        told = max(answer.answered_on for answer in mine if explained(answer) == finding.settled)
        is_later = told > receipt.first_seen
    else:
        is_later = finding.settled_by == LATER
    return replace(finding, settled=None, settled_by=None) if is_later else finding


def _is_replaced(read: FileRead | None, judged: Judged) -> bool:
    """Whether the reply came back, or later files count in the place of every return in this one."""
    if read and any(f.returned and f.returned.parent_sha256 == read.receipt.sha256 for f in judged.files):
        return True
    counting = {
        (s.contract.full_name, s.partner, s.quarter): s.receipt.first_seen
        for file in judged.files
        for s in file.submissions.values()
        if s.submission_id in judged.current
    }
    mine = list(read.submissions.values()) if read else []
    now = [counting.get((s.contract.full_name, s.partner, s.quarter)) for s in mine]
    return bool(mine) and all(seen and seen > s.receipt.first_seen for s, seen in zip(mine, now, strict=True))


def _standing(read: FileRead, judged: Judged, *, is_check: bool) -> Iterable[str]:
    """A sentence for each return: how many of its rows count."""
    verb = "would count" if is_check else "count"
    for submission in (*read.as_before, *read.submissions.values()):
        frame = judged.frames[submission.contract.full_name]
        stand = int((frame["submission_id"] == submission.submission_id).sum())
        title, rows = submission.contract.title, len(submission.tidied)
        if submission.is_nil and not rows:
            yield f"{title}: nil return, nothing to report."
        elif submission.problem:
            yield f"{title}: none of {counted(rows, 'row', 'rows')} {verb} until it is mended."
        elif stand == rows:
            yield f"{title}: {rows} of {rows} rows {verb}."
        else:
            yield f"{title}: {stand} of {rows} rows {verb}. The others do not until they are mended."


def _name(references: References, partner: str | None) -> str | None:
    known: Mapping[str, Mapping[str, object]] = (
        references["framework.partners"].facts if "framework.partners" in references else {}
    )
    return str(known[partner].get("name") or partner) if partner in known and partner else partner
