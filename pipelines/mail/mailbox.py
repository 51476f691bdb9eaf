"""The mailbox in which returns arrive: attachments of partners' mails are received as any file is.

Whose a mail is, is told by its sender's address as the framework has it; what comes from any other address is left
where it is and told. An address can be forged: what a file says is judged by the same rules as ever, and a return
that says to be another partner's is refused.
A mail counts as read once its files have their receipts, so one that was interrupted is taken again, and a file that
is there already is known by its hash.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError
from imap_tools.message import MailMessage

from pipelines.mail.settings import NONE, STARTTLS, MailSettings, Server
from pipelines.receipt import LedgerError, Receipt, receive
from pipelines.workspace import Workspace

LIMIT_SECONDS = 60.0
MOST_MAILS = 500  # at one look; the rest comes with the next
TAKEN = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
QUARTER = re.compile(r"\b\d{4}-\d{2}-Q[1-4]\b")


class NoMailbox(Exception):
    """The mailbox can't be reached or opened; the sentence says why."""


@dataclass
class Fetched:
    """What one look at the mailbox brought: receipts, and sentences on what was left."""

    received: list[Receipt] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    mails: int = 0


def fetch(
    settings: MailSettings,
    partners: Mapping[str, str],
    quarters: set[str],
    workspace: Workspace,
    now: datetime,
) -> Fetched:
    """Take in what partners have mailed. `partners`: address in small letters → partner."""
    fetched = Fetched()
    with opened(settings) as mailbox:
        mails = list(mailbox.fetch(AND(seen=False), mark_seen=False, limit=MOST_MAILS))
        for mail in mails:
            fetched.mails += 1
            partner = partners.get(mail.from_.casefold())
            if partner is None:
                fetched.left.append(
                    f"A mail of {mail.date:%d %b %Y} from {mail.from_ or 'nobody'}, whom the framework does not know "
                    "as a partner, was left unread. If it is a partner's, add the address to the sheet of partners."
                )
                continue
            _take(mail, partner, quarters, workspace, now, fetched)
            mailbox.flag([mail.uid or ""], MailMessageFlags.SEEN, True)
            if settings.done_folder:
                mailbox.move([mail.uid or ""], settings.done_folder)
    return fetched


def _take(
    mail: MailMessage, partner: str, quarters: set[str], workspace: Workspace, now: datetime, fetched: Fetched
) -> None:
    """Receive the attachments of one mail, for the quarter that its subject names or else that they name themselves."""
    named = {found for found in QUARTER.findall(mail.subject) if found in quarters}
    folder = named.pop() if len(named) == 1 else workspace.inbox.name
    taken = 0
    for attachment in mail.attachments:
        name = _plain_name(attachment.filename)
        if not name.casefold().endswith(TAKEN):
            continue
        with tempfile.TemporaryDirectory(dir=_work(workspace)) as aside:
            path = Path(aside) / name
            path.write_bytes(attachment.payload)
            try:
                fetched.received.append(receive(path, partner, folder, workspace, now))
            except LedgerError as error:
                fetched.left.append(str(error))
        taken += 1
    if not taken:
        fetched.left.append(
            f"The mail of {mail.date:%d %b %Y} from {partner} ('{mail.subject[:60]}') has no spreadsheet, and was "
            "marked as read. Somebody should read it."
        )


def _plain_name(name: str) -> str:
    """An attachment's name as the last part of a path, of characters that any disk takes."""
    last = re.split(r"[/\\]", name)[-1].lstrip(". ~$")
    return re.sub(r'[\x00-\x1f<>:"|?*]', "_", last)[-120:] or "attachment"


def _work(workspace: Workspace) -> Path:
    workspace.work.mkdir(parents=True, exist_ok=True)
    return workspace.work


@contextmanager
def opened(settings: MailSettings) -> Iterator[BaseMailBox]:
    """The mailbox, logged in and with its folder open; NoMailbox."""
    server = settings.imap
    assert server is not None, "there is no mailbox"
    try:
        mailbox = _box(server)
    except (ImapToolsError, OSError) as error:
        raise NoMailbox(
            f"The mailbox on {server.host}, port {server.port}, can't be reached ({error})."
        ) from None
    try:
        try:
            mailbox.login(server.user, server.password, initial_folder=settings.folder)
        except Exception as error:
            # what the server says of a failed login is left out: it may repeat what was sent
            raise NoMailbox(
                f"The mailbox of {server.user} on {server.host} did not open ({type(error).__name__}). Check user, "
                f"password and the folder '{settings.folder}'."
            ) from None
        yield mailbox
    finally:
        with suppress(Exception):  # the connection is gone already
            mailbox.logout()


def _box(server: Server) -> BaseMailBox:
    if server.security == NONE:
        return MailBoxUnencrypted(server.host, server.port, LIMIT_SECONDS)
    if server.security == STARTTLS:
        return MailBoxStartTls(server.host, server.port, LIMIT_SECONDS, server.context())
    return MailBox(server.host, server.port, LIMIT_SECONDS, ssl_context=server.context())
