"""The mailbox in which returns arrive: attachments of partners' mails are received as any file is.

Whose a mail is, is told by its sender's address as the framework has it; what comes from any other address is left
where it is and told. An address can be forged: what a file says is judged by the same rules as ever, and a return
that says to be another partner's is refused.
A file has come when its mail came into the mailbox, whenever we look. Which mails are done is kept in
data/mailbox.jsonl, and not told by their being read: people open a mailbox, too. A mail is done once each of its files
has its receipt, so one that was interrupted is taken again, and a file that is there already is known by its hash.
One mail is in memory at a time, and whatever is wrong with it is told and stands in no other's way.
"""

import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from imaplib import IMAP4, Internaldate2tuple
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from imap_tools import OR, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError
from imap_tools.message import MailAttachment, MailMessage

from pipelines.house_style.ours import is_unanswered_reply
from pipelines.mail.settings import NONE, STARTTLS, MailSettings, Server
from pipelines.receipt import NotTaken, Receipt, receive
from pipelines.storage import lines
from pipelines.workspace import Workspace

LIMIT_SECONDS = 60.0
LOOKED_BACK = timedelta(days=31)  # how long ago a mail may have come that somebody opened before we looked
TAKEN = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
# What mail programs add to a letter.
OF_THE_LETTER = (".png", ".jpg", ".jpeg", ".gif", ".htm", ".html", ".ics", ".vcf", ".p7s", ".asc")
QUARTER = re.compile(r"\b\d{4}-\d{2}-Q[1-4]\b")
NAME_BYTES = 200  # of a file's name; most disks take 255, and a copy's name is longer
HEAD = "(INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE AUTO-SUBMITTED)])"
DONE, TOLD = "done", "told"


class NoMailbox(Exception):
    """The mailbox can't be reached or opened; the sentence says why."""


@dataclass
class Fetched:
    """What one look at the mailbox brought: receipts, what was passed over, and what needs somebody."""

    received: list[Receipt] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def fetch(
    settings: MailSettings,
    partners: Mapping[str, str],
    quarters: set[str],
    workspace: Workspace,
    now: datetime,
    zone: ZoneInfo | None,
) -> Fetched:
    """Take in what partners have mailed. `partners`: address in small letters → partner.

    `now` is a moment in `zone`, or, where that is None, by the machine's clock.
    """
    look = _Look(settings, partners, quarters, workspace, now, zone)
    try:
        with opened(settings) as mailbox:
            look.through(mailbox)
    except NoMailbox as error:
        look.fetched.left.append(str(error))
    return look.fetched


class _Look:
    """One look through the mailbox."""

    def __init__(
        self,
        settings: MailSettings,
        partners: Mapping[str, str],
        quarters: set[str],
        workspace: Workspace,
        now: datetime,
        zone: ZoneInfo | None,
    ) -> None:
        self.settings, self.partners, self.quarters = settings, partners, quarters
        self.workspace, self.now, self.zone = workspace, now, zone
        self.fetched = Fetched()
        self._known = {line["mail"]: line["what"] for line in lines.read(workspace.mailbox)}

    def through(self, mailbox: BaseMailBox) -> None:
        """Each mail that is not done: the unread ones, and those of the last month whoever has read them."""
        server = self.settings.imap
        assert server is not None
        (validity, *_) = mailbox.client.response("UIDVALIDITY")[1]
        box = f"{server.user} at {server.host}, {self.settings.folder}, {(validity or b'').decode()}"
        strangers = []
        for uid in mailbox.uids(OR(seen=False, date_gte=(self.now - LOOKED_BACK).date())):
            key = f"{box}, {uid}"
            if self._known.get(key) == DONE:
                continue
            mail = None
            try:
                parts = _parts(mailbox, uid, HEAD)
                mail = MailMessage(parts)
                partner = self.partners.get(mail.from_.casefold())
                if partner is not None:
                    self._take(mailbox, uid, key, mail, partner, _came(parts, self.zone, self.now))
                elif key not in self._known:
                    strangers.append(f"{mail.from_ or 'nobody'} ({mail.date:%d %b %Y})")
                    self._note(key, TOLD)
            except NoMailbox:
                raise
            except Exception as error:
                self.fetched.left.append(
                    f"A mail of {_sent(mail)} could not be taken ({type(error).__name__}: {str(error)[:200]}). It "
                    "stays in the mailbox and is tried again; if that does not help, save its files, hand them to "
                    "'lsp receive' and move the mail away."
                )
        if strangers:
            more = f" and {len(strangers) - 5} more" if len(strangers) > 5 else ""
            self.fetched.left.append(
                f"Mail was left unread from those whom the framework does not know as partners: "
                f"{', '.join(strangers[:5])}{more}. If one is a partner's, add the address to the sheet of partners."
            )

    def _take(
        self, mailbox: BaseMailBox, uid: str, key: str, head: MailMessage, partner: str, came: datetime
    ) -> None:
        """Receive the files of one mail, and be done with it."""
        size, limit = head.size_rfc822 / 1e6, self.settings.limit_bytes / 1e6
        if size > limit:
            self.fetched.left.append(
                f"The mail of {_sent(head)} has {size:.1f} MB and was not opened; LSP_IMAP_LIMIT_MB allows "
                f"{limit:.0f}. Save its files, hand them to 'lsp receive' and move it away."
            )
            return
        mail = MailMessage(_parts(mailbox, uid, "(BODY.PEEK[])"))
        names = [_plain_name(attachment.filename) for attachment in mail.attachments]
        files = [name for name in names if name.casefold().endswith(TAKEN)]
        if head.obj.get("Auto-Submitted", "no").strip().casefold() != "no":
            # never received, or an absence note that quotes our reply would be replied to, and so on for ever
            said = f"An automatic mail of {_sent(head)} was passed over"
            if files:
                self.fetched.left.append(
                    f"{said}; it has {', '.join(files)}. 'lsp receive' takes that, if it is a return."
                )
            else:
                self.fetched.passed.append(f"{said}.")
        else:
            self._receive(mail, partner, came)
            others = [
                name
                for name, attachment in zip(names, mail.attachments, strict=True)
                if name not in files and not _is_of_the_letter(attachment)
            ]
            if not files or others:
                what = (
                    f"has {', '.join(others)}, not taken: only spreadsheets are"
                    if others
                    else "has no spreadsheet"
                )
                self.fetched.left.append(f"The mail of {_sent(head)} {what}. Somebody should read it.")
        self._note(key, DONE)
        self._put_away(mailbox, uid, head)

    def _receive(self, mail: MailMessage, partner: str, came: datetime) -> None:
        """Receive its attachments, for the quarter that its subject names or else that they name themselves."""
        named = {found for found in QUARTER.findall(mail.subject) if found in self.quarters}
        folder = named.pop() if len(named) == 1 else self.workspace.inbox.name
        self.workspace.work.mkdir(parents=True, exist_ok=True)
        for attachment in mail.attachments:
            name = _plain_name(attachment.filename)
            if not name.casefold().endswith(TAKEN):
                continue
            with tempfile.TemporaryDirectory(dir=self.workspace.work) as aside:
                path = Path(aside) / name
                path.write_bytes(attachment.payload)
                try:
                    if is_unanswered_reply(path):
                        raise NotTaken(f"{name} is a reply of ours in which nothing was answered.")
                    receipt = receive(path, partner, folder, self.workspace, came)
                    self.fetched.received.append(receipt)
                except NotTaken as error:
                    self.fetched.left.append(f"From {partner} by mail, and not taken in: {error}")

    def _put_away(self, mailbox: BaseMailBox, uid: str, head: MailMessage) -> None:
        """For people who look into the mailbox: it is read, and lies where what is done lies."""
        try:
            with _on_the_line():
                mailbox.flag([uid], MailMessageFlags.SEEN, True)
                if self.settings.done_folder:
                    mailbox.move([uid], self.settings.done_folder)
        except (ImapToolsError, IMAP4.error) as error:
            self.fetched.left.append(
                f"The mail of {_sent(head)} was taken in and could not be marked or moved to "
                f"'{self.settings.done_folder or self.settings.folder}' ({error}). Is there such a folder?"
            )

    def _note(self, key: str, what: str) -> None:
        lines.add(self.workspace.mailbox, self.now, mail=key, what=what)


def _parts(mailbox: BaseMailBox, uid: str, parts: str) -> list[Any]:
    """Parts of one mail, as the server gives them; it stays unread."""
    with _on_the_line():
        state, data = mailbox.client.uid("FETCH", uid, parts)
    if state != "OK" or not any(isinstance(part, tuple) for part in data):
        raise ValueError(f"the mail server does not give it: {state}")
    return list(data)


def _came(parts: list[Any], zone: ZoneInfo | None, now: datetime) -> datetime:
    """When a mail came into the mailbox, by the server's clock; never later than `now`."""
    said = b" ".join(part[0] if isinstance(part, tuple) else part for part in parts)
    local = Internaldate2tuple(said)
    return min(now, datetime.fromtimestamp(time.mktime(local), zone).replace(tzinfo=None)) if local else now


def _sent(mail: MailMessage | None) -> str:
    if mail is None:
        return "somebody"
    return f"{mail.date:%d %b %Y} from {mail.from_} ('{mail.subject[:60]}')"


def _plain_name(name: str) -> str:
    """An attachment's name as the last part of a path, of characters and a length that any disk takes."""
    last = re.split(r"[/\\]", name)[-1].lstrip(". ~$").encode("utf-8", "replace")
    text = last[-NAME_BYTES:].decode("utf-8", "ignore")
    return re.sub(r'[\x00-\x1f<>:"|?*]', "_", text) or "attachment"


def _is_of_the_letter(attachment: MailAttachment) -> bool:
    """Whether it is no file that somebody meant to send: a picture, a card, a signature, a mail that was forwarded."""
    name = attachment.filename.casefold()
    return not name or attachment.content_type.startswith("image/") or name.endswith(OF_THE_LETTER)


@contextmanager
def _on_the_line() -> Iterator[None]:
    """What the server says no to is of one mail; a connection that is lost is of all."""
    try:
        yield
    except (IMAP4.abort, OSError) as error:
        raise NoMailbox(_broken(error)) from None


def _broken(error: Exception) -> str:
    return f"The mailbox could not be read to its end ({error}). What is left is taken with the next look."


@contextmanager
def opened(settings: MailSettings) -> Iterator[BaseMailBox]:
    """The mailbox, logged in and with its folder open; NoMailbox."""
    server = settings.imap
    assert server is not None, "there is no mailbox"
    try:
        mailbox = _box(server)
    except (ImapToolsError, IMAP4.error, OSError) as error:
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
    except (ImapToolsError, IMAP4.error, OSError) as error:
        raise NoMailbox(_broken(error)) from None
    finally:
        with suppress(Exception):  # the connection is gone already
            mailbox.logout()


def _box(server: Server) -> BaseMailBox:
    if server.security == NONE:
        return MailBoxUnencrypted(server.host, server.port, LIMIT_SECONDS)
    if server.security == STARTTLS:
        return MailBoxStartTls(server.host, server.port, LIMIT_SECONDS, server.context())
    return MailBox(server.host, server.port, LIMIT_SECONDS, ssl_context=server.context())
