"""A message: to whom, what it says, what goes with it; and the key by which it is written once."""

import hashlib
import mimetypes
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

TEMPLATES, REMINDER, REPLY, PACK = "templates", "reminder", "reply", "pack"
READY, FAILURE = "ready", "failure"  # for the operator
NOWHERE = "lsp.invalid"  # the domain of a message that has no sender yet


@dataclass(frozen=True)
class Mail:
    """One message. `key` says what it is about and to whom, so that the same is never written twice."""

    key: str
    kind: str
    to: tuple[str, ...]
    subject: str
    text: str
    files: tuple[Path, ...] = ()


def as_eml(mail: Mail, sender: str, now: datetime) -> bytes:
    """The message as a file that mail programs open; without a sender, as a draft that is ready to be sent.

    Its Message-ID is a function of its key: a server or reader that has it already can tell.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(mail.subject.split())
    message["To"] = ", ".join(mail.to)
    if sender:
        message["From"] = sender
    else:
        message["X-Unsent"] = "1"
    message["Date"] = format_datetime(now.astimezone())
    domain = sender.rpartition("@")[2] or NOWHERE
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>"
    message["X-LSP-Key"] = mail.key
    message["Auto-Submitted"] = "auto-generated"  # so that no absence note answers it
    message.set_content(mail.text)
    for path in mail.files:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        main, sub = kind.split("/")
        message.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return message.as_bytes()
