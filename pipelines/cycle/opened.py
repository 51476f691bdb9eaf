"""The templates of the quarter that opens, written and mailed; and anew where its days are changed afterwards."""

from pipelines.cycle.desk import Desk
from pipelines.cycle.done import said_of
from pipelines.cycle.due import due_of
from pipelines.framework.calendar import OPENS
from pipelines.mail.message import REMINDER, TEMPLATES
from pipelines.pack.words import counted
from pipelines.reply.names import quarter_label
from pipelines.run.template_files import write_templates


def open_quarter(desk: Desk) -> None:
    """Write the templates of the quarter whose returns go out, and put them into the mail."""
    facts = desk.facts
    due = [
        day for day in due_of(desk, facts.of(OPENS), "open") if desk.today <= facts.late_until(day.quarter)
    ]
    for day in due[-1:]:
        number = _send_templates(desk, day.quarter)
        desk.did.append(f"{quarter_label(day.quarter)} is open: {number} written.")
        desk.mark(f"open|{day.quarter}", number)
    for day in due[:-1]:
        desk.mark(f"open|{day.quarter}", "left out: a later quarter was open already")
    keep_dates(desk)


def _send_templates(desk: Desk, quarter: str, *, is_anew: bool = False) -> str:
    """Write each partner's template and put it into the mail; how many."""
    facts = desk.facts
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
                quarter, post.ref, post.name, post.to, facts.due(quarter), facts.late_until(quarter), path,
                anew=desk.today if is_anew else None,
            )
        )  # fmt: skip
    desk.mark(f"dates|{quarter}", _dates(desk, quarter))
    return counted(len(paths), "template", "templates")


def keep_dates(desk: Desk) -> None:
    """Where the days of an open quarter were changed, send its templates anew, and drop what waits with other days."""
    for day in desk.facts.of(OPENS):
        quarter = day.quarter
        told = said_of(desk.workspace, f"dates|{quarter}")
        if told in (None, _dates(desk, quarter)) or desk.today > desk.facts.late_until(quarter):
            continue
        for entry in desk.outbox.entries():
            if entry.is_waiting and entry.key.startswith(
                (f"{TEMPLATES}|{quarter}|", f"{REMINDER}|{quarter}|")
            ):
                desk.outbox.drop(entry.key, desk.now, "Its days have changed.")
        number = _send_templates(desk, quarter, is_anew=True)
        desk.did.append(f"The days of {quarter_label(quarter)} have changed: {number} written anew.")


def _dates(desk: Desk, quarter: str) -> str:
    return f"{desk.facts.due(quarter)} {desk.facts.late_until(quarter)}"
