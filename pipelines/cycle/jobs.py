"""The jobs of the cycle: open the quarter, intake, reminders, the quarterly run, the pack's issue.

Each asks what is due by today and not done, does the newest of it and lets the rest be: after a machine was off for a
month it catches up once. A job that is run again finds nothing to do.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from pipelines.cycle.desk import Desk
from pipelines.cycle.due import A_QUARTER, due_of, end_of, key_of
from pipelines.cycle.fresh import answer, as_run, refresh, run
from pipelines.cycle.opened import keep_dates, open_quarter
from pipelines.framework.calendar import CUT_OFF, PUBLISH, REMINDER, KeyDay
from pipelines.framework.clock import zone
from pipelines.issue.signing import CannotIssue
from pipelines.issue.signing import issue as issue_pack
from pipelines.issued import Signed, latest, read_record
from pipelines.mail.mailbox import fetch
from pipelines.mail.message import REMINDER as REMINDER_MAIL
from pipelines.mail.settings import MailSettings
from pipelines.pack import Issue
from pipelines.pack.words import counted
from pipelines.reply.names import quarter_label
from pipelines.run.stages import NothingToDo
from pipelines.run.standing import Standing, standings
from pipelines.storage.lock import Busy, only_run, take
from pipelines.summary import NOT_IN_IT
from pipelines.workspace import Workspace

PATIENCE_SECONDS = 900.0  # jobs that begin at the same time go one after the other
WORDS = {
    "due": "nothing has come yet",
    "late": "nothing has come yet",
    "missing": "nothing has come",
    "refused": "what came could not be used; see the reply to it",
    "withdrawn": "what came was withdrawn",
}


def intake(desk: Desk) -> None:
    """Take in what was mailed or dropped; if anything is new, run, and put the replies into the mail."""
    if desk.mail.imap:
        facts = desk.facts
        fetched = fetch(
            desk.mail, facts.senders(), facts.quarters, desk.workspace, desk.now, zone(desk.workspace)
        )
        desk.did.extend(
            f"Received by mail: {r.original_name} from {r.received_from}" for r in fetched.received
        )
        desk.did.extend(fetched.passed)
        desk.troubles.extend(fetched.left)
        if fetched.received:
            desk.look_again()
    refresh(desk)


def remind(desk: Desk) -> None:
    """Remind those who still owe a return, once for the newest reminder day that has come."""
    facts = desk.facts
    due = [
        day
        for day in due_of(desk, facts.of(REMINDER), "reminder")
        if desk.today <= facts.late_until(day.quarter)
    ]
    newest = {day.quarter: day for day in due}
    if newest:
        keep_dates(desk)
        refresh(desk)
    for quarter, day in newest.items():
        label, reminded = quarter_label(quarter), 0
        for partner, returns in _owed(desk, quarter).items():
            post = facts.partners[partner]
            if not post.to:
                names = ", ".join(desk.title(one.return_name) for one in returns)
                desk.troubles.append(f"{post.name} has no mailbox and still owes for {label}: {names}.")
                continue
            template = desk.workspace.template_file(quarter, partner)
            lines = [f"{desk.title(one.return_name)}: {WORDS[one.state]}" for one in returns]
            desk.write(
                desk.writer.reminder(
                    quarter, partner, post.name, post.to, facts.due(quarter), desk.today, day.on, lines,
                    template if template.exists() else None,
                )
            )  # fmt: skip
            reminded += 1
        desk.did.append(f"{label}: {counted(reminded, 'partner', 'partners')} reminded.")
    for day in due:
        desk.mark(
            key_of("reminder", day),
            "reminded" if newest[day.quarter] == day else "left out: a later one went",
        )


def quarterly_run(desk: Desk) -> None:
    """Once the cut-off has passed: the marts and the pack of that quarter, for somebody to read."""
    due = [day for day in due_of(desk, desk.facts.of(CUT_OFF), "run") if day.on < desk.today]
    for day in due[-1:]:
        label = quarter_label(day.quarter)
        try:
            summary = as_run(desk, day.quarter) or run(desk, day.quarter, without_returns=True)
        except NothingToDo as sentence:
            # not marked as done: it is asked again tomorrow, when something may have come
            desk.troubles.append(f"{label}: no pack was made. {sentence}")
            continue
        answer(desk, summary)
        desk.did.append(f"{label}: the pack is written: {summary.pack}")
        missing = sum(map(len, summary.missing.values()))
        publish = desk.facts.day(day.quarter, PUBLISH)
        said = [
            f"{summary.pack} is due out on {publish:%d %b %Y}.",
            f"Returns missing: {missing}; refused: {summary.refused}; received late: {summary.late}.",
            *(f"{NOT_IN_IT} {one}" for one in summary.refusals),
        ]
        for post in desk.facts.who_get("failures"):
            desk.write(desk.writer.ready(day.quarter, post.ref, post.name, post.to, said))
        desk.mark(f"run|{day.quarter}", f"on {desk.today}")
    for day in due[:-1]:
        desk.mark(f"run|{day.quarter}", "left out: a later quarter was over already")


def issue(desk: Desk) -> None:
    """From the day of publication on: each pack that was issued goes to its list, and so does each later version.

    Somebody reads a pack before it is final. Only where the framework says in whose name (settings `issued_by` and
    `issued_as`, the post) is it issued here; else the operator is asked to, and it goes out once that is done.
    """
    published = [day for day in desk.facts.of(PUBLISH) if day.on <= desk.today]
    read = [
        day for day in published if desk.is_done(f"run|{day.quarter}") and desk.today <= end_of(desk, day)
    ]
    for day in read[-1:]:
        if latest(read_record(desk.workspace), day.quarter) is None:
            _issue_or_ask(desk, day)
    record = read_record(desk.workspace)
    for day in published:
        version = latest(record, day.quarter)
        # what was issued before the cycle was set up went out without it
        if version and desk.now - version.at <= A_QUARTER and not desk.is_done(_issue_key(version)):
            _send_pack(desk, version)


def _issue_or_ask(desk: Desk, day: KeyDay) -> None:
    label, by = quarter_label(day.quarter), desk.facts.settings.get("issued_by")
    if not by:
        desk.troubles.append(
            f"The pack of {label} is due out since {day.on:%d %b %Y} and was not issued yet. Read it; 'lsp issue "
            f"{day.quarter}' makes it final, and it goes to its list with the next job."
        )
        return
    try:
        with only_run(desk.workspace.work):
            done = issue_pack(
                desk.workspace, day.quarter, Issue(desk.now, by, desk.facts.settings.get("issued_as", by))
            )
        desk.did.extend(done.remarks)
    except CannotIssue as sentence:
        desk.troubles.append(f"{label}: {sentence}")


def _send_pack(desk: Desk, version: Signed) -> None:
    quarter, named = version.quarter, f"version {version.version}"
    pack = desk.workspace.version_file(quarter, version.version)
    files = [path for path in (pack, pack.with_suffix(".html")) if path.exists()]
    posts = desk.facts.who_get("pack")
    for post in posts:
        desk.write(desk.writer.pack(quarter, post.ref, post.name, post.to, named, files))
    desk.did.append(f"{quarter_label(quarter)}: {named} of the pack goes to {len(posts)} on its list.")
    desk.mark(_issue_key(version), f"to {len(posts)}")


def _issue_key(version: Signed) -> str:
    return f"issue|{version.quarter}|{version.version}"


# In the order in which a day goes through them.
JOBS: dict[str, Callable[[Desk], None]] = {
    "open": open_quarter,
    "intake": intake,
    "remind": remind,
    "run": quarterly_run,
    "issue": issue,
}


def do(job: str, workspace: Workspace, now: datetime, mail: MailSettings | None = None) -> Desk:
    """One job, one at a time in a workspace; then send what waits. What fails is told the operator, and raised."""
    workspace.work.mkdir(parents=True, exist_ok=True)
    held = take(workspace.work / "cycle.lock", PATIENCE_SECONDS)
    if held is None:
        raise Busy(
            "Another job of the cycle has been going on for a quarter of an hour. Run this one again later."
        )
    with closing(held):
        desk = Desk(workspace, now, mail or MailSettings())
        try:
            JOBS[job](desk)
        except Exception as failure:
            ours = type(failure).__module__.startswith("pipelines")
            said = (
                str(failure) if ours else f"{type(failure).__name__}, a fault of the pipeline or the machine"
            )
            is_framework = isinstance(failure, NothingToDo)  # the same whichever job it was
            desk.troubles.append(
                said if is_framework else f"The job '{job}' failed on {now:%d %b %Y}: {said}"
            )
            raise
        finally:
            _report(desk, job)
        return desk


def _report(desk: Desk, job: str) -> None:
    """Send what waits, tell the operator what needs somebody, and send that."""
    if desk.knows_the_framework():
        _drop_settled(desk)
        what = f"the job '{job}'"
    else:  # whom to tell is known from before
        what = "the framework"
    delivered = desk.deliver()
    told = desk.tell_operator(what, desk.troubles)
    told |= desk.tell_operator("the mail", delivered.troubles)
    sent = delivered.sent + (desk.deliver().sent if told else 0)
    if sent:
        desk.did.append(f"{counted(sent, 'message', 'messages')} sent.")
    desk.troubles.extend(delivered.troubles)


def _owed(desk: Desk, quarter: str) -> dict[str, list[Standing]]:
    """Partner → the returns that it still owes for a quarter."""
    owed: dict[str, list[Standing]] = {}
    for one in standings(desk.workspace, quarter, desk.today):
        if one.is_outstanding and one.return_name in desk.facts.expected_of(quarter).get(one.partner, ()):
            owed.setdefault(one.partner, []).append(one)
    return owed


def _drop_settled(desk: Desk) -> None:
    """Take reminders out of the outbox whose partners have sent since what they were to be asked for."""
    waiting = [entry for entry in desk.outbox.entries() if entry.is_waiting and entry.kind == REMINDER_MAIL]
    if not waiting or not desk.workspace.database.exists():
        return
    keys = {entry.key: entry.key.split("|") for entry in waiting}  # reminder, quarter, day, partner
    owed = {quarter: _owed(desk, quarter) for _, quarter, _, _ in keys.values()}
    for key, (_, quarter, _, partner) in keys.items():
        if partner not in owed[quarter]:
            desk.outbox.drop(key, desk.now, "What it asks for has come.")
