"""The jobs of the cycle: open the quarter, intake, reminders, the quarterly run, the pack's issue.

Each asks what is due by today and not done, does the newest of it and lets the rest be: after a machine was off for a
month it catches up once. A job that is run again finds nothing to do.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, datetime, timedelta

from pipelines.calendar import BOARD, CUT_OFF, OPENS, PUBLISH, REMINDER, KeyDay
from pipelines.clock import zone
from pipelines.cycle.desk import Desk
from pipelines.cycle.fresh import answer, as_run, refresh, run
from pipelines.issue import CannotIssue
from pipelines.issue import issue as issue_pack
from pipelines.issued import latest, read_record
from pipelines.lock import Busy, only_run, take
from pipelines.mail.mailbox import fetch
from pipelines.mail.settings import MailSettings
from pipelines.pack import Issue
from pipelines.reply.names import quarter_label
from pipelines.stages import NothingToDo
from pipelines.standing import Standing, standings
from pipelines.template_files import write_templates
from pipelines.workspace import Workspace

PATIENCE_SECONDS = 900.0  # jobs that begin at the same time go one after the other
A_QUARTER = timedelta(days=92)
WORDS = {
    "due": "nothing has come yet",
    "late": "nothing has come yet",
    "missing": "nothing has come",
    "refused": "what came could not be used; see the reply to it",
    "withdrawn": "what came was withdrawn",
}


def open_quarter(desk: Desk) -> None:
    """Write the templates of the quarter whose returns go out, and put them into the mail."""
    facts = desk.facts
    due = [day for day in _due(desk, facts.of(OPENS), "open") if desk.today <= facts.late_until(day.quarter)]
    for day in due[-1:]:
        quarter, label = day.quarter, quarter_label(day.quarter)
        paths = write_templates(desk.workspace, quarter, None, desk.now)
        for path in paths:
            post = facts.partners.get(path.stem)
            if post is None or not post.to:
                name = post.name if post else path.stem
                desk.troubles.append(
                    f"{name} has no mailbox in the framework. Hand it its return yourself: {path}"
                )
                continue
            desk.write(
                desk.writer.templates(
                    quarter,
                    label,
                    post.ref,
                    post.name,
                    post.to,
                    facts.due(quarter),
                    facts.late_until(quarter),
                    path,
                )
            )
        desk.did.append(f"{label} is open: {len(paths)} templates written.")
        desk.mark(f"open|{quarter}", f"{len(paths)} templates")
    for day in due[:-1]:
        desk.mark(f"open|{day.quarter}", "left out: a later quarter was open already")


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
            desk.__dict__.pop("facts", None)
    refresh(desk)


def remind(desk: Desk) -> None:
    """Remind those who still owe a return, once for the newest reminder day that has come."""
    facts = desk.facts
    due = [
        day
        for day in _due(desk, facts.of(REMINDER), "reminder")
        if desk.today <= facts.late_until(day.quarter)
    ]
    newest = {day.quarter: day for day in due}
    if newest:
        refresh(desk)
    for quarter, day in newest.items():
        owed: dict[str, list[Standing]] = {}
        for one in standings(desk.workspace, quarter, desk.today):
            if one.is_outstanding and one.return_name in facts.expected_of(quarter).get(one.partner, ()):
                owed.setdefault(one.partner, []).append(one)
        label = quarter_label(quarter)
        for partner, returns in owed.items():
            post = facts.partners[partner]
            if not post.to:
                names = ", ".join(desk.title(one.return_name) for one in returns)
                desk.troubles.append(f"{post.name} has no mailbox and still owes for {label}: {names}.")
                continue
            template = desk.workspace.template_file(quarter, partner)
            lines = [f"{desk.title(one.return_name)}: {WORDS[one.state]}" for one in returns]
            desk.write(
                desk.writer.reminder(
                    quarter, label, partner, post.name, post.to, facts.due(quarter), desk.today, day.on, lines,
                    template if template.exists() else None,
                )
            )  # fmt: skip
        desk.did.append(f"{label}: {len(owed)} partners reminded.")
    for day in due:
        desk.mark(
            _key("reminder", day), "reminded" if newest[day.quarter] == day else "left out: a later one went"
        )


def quarterly_run(desk: Desk) -> None:
    """Once the cut-off has passed: the marts and the pack of that quarter, for somebody to read."""
    due = [day for day in _due(desk, desk.facts.of(CUT_OFF), "run") if day.on < desk.today]
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
        desk.tell_operator(
            f"the pack of {label} is ready to be read; it",
            [
                f"{summary.pack} is due out on {publish:%d %b %Y}.",
                f"Returns missing: {missing}; refused: {summary.refused}; received late: {summary.late}.",
            ],
        )
        desk.mark(f"run|{day.quarter}", f"on {desk.today}")
    for day in due[:-1]:
        desk.mark(f"run|{day.quarter}", "left out: a later quarter was over already")


def issue(desk: Desk) -> None:
    """On the day of publication: the pack that was issued goes to its list.

    Somebody reads a pack before it is final. Only where the framework says in whose name (settings `issued_by` and
    `issued_as`, the post) is it issued here; else the operator is asked to, and it goes out once that is done.
    """
    due = [day for day in _due(desk, desk.facts.of(PUBLISH), "issue") if desk.is_done(f"run|{day.quarter}")]
    for day in due[-1:]:
        quarter, label = day.quarter, quarter_label(day.quarter)
        version = latest(read_record(desk.workspace), quarter)
        if version is None and (by := desk.facts.settings.get("issued_by")):
            signed = Issue(desk.now, by, desk.facts.settings.get("issued_as", by))
            try:
                with only_run(desk.workspace.work):
                    version = issue_pack(desk.workspace, quarter, signed).signed
            except CannotIssue as sentence:
                desk.troubles.append(f"{label}: {sentence}")
                continue
        if version is None:
            desk.troubles.append(
                f"The pack of {label} is due out since {day.on:%d %b %Y} and was not issued yet. Read it; 'lsp issue "
                f"{quarter}' makes it final, and it goes to its list with the next job."
            )
            continue
        pack = desk.workspace.version_file(quarter, version.version)
        files = [path for path in (pack, pack.with_suffix(".html")) if path.exists()]
        posts = desk.facts.who_get("pack")
        for post in posts:
            named = f"version {version.version}"
            desk.write(desk.writer.pack(quarter, label, post.ref, post.name, post.to, named, files))
        desk.did.append(f"{label}: the pack goes to {len(posts)} on its list.")
        desk.mark(f"issue|{quarter}", f"to {len(posts)}")
    for day in due[:-1]:
        desk.mark(f"issue|{day.quarter}", "left out: a later pack was out already")


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
            desk.troubles.append(f"The job '{job}' failed on {now:%d %b %Y}: {said}")
            raise
        finally:
            _report(desk, job)
        return desk


def _report(desk: Desk, job: str) -> None:
    """Tell the operator what needs somebody, and send what waits."""
    try:
        if desk.troubles:
            desk.tell_operator(f"the job '{job}'", desk.troubles)
    except NothingToDo:
        pass  # without a framework nobody knows whom to tell: what is raised says it
    delivered = desk.deliver()
    if delivered.sent:
        desk.did.append(f"{delivered.sent} messages sent.")
    desk.troubles.extend(delivered.troubles)


def _due(desk: Desk, days: Iterable[KeyDay], job: str) -> list[KeyDay]:
    """Days that have come, of a quarter whose Board has not long met, and for which nothing was done yet."""
    return [
        day
        for day in days
        if day.on <= desk.today and desk.today <= _end(desk, day) and not desk.is_done(_key(job, day))
    ]


def _end(desk: Desk, day: KeyDay) -> date:
    """Until when a job of a quarter is of use: until the next returns go out, by the calendar or else as usual."""
    board = desk.facts.day(day.quarter, BOARD)
    later = [one.on for one in desk.facts.of(OPENS) if one.on > board]
    return later[0] if later else board + A_QUARTER


def _key(job: str, day: KeyDay) -> str:
    return f"{job}|{day.quarter}|{day.on}" if day.kind == REMINDER else f"{job}|{day.quarter}"
