"""Which mail servers there are: from the environment, or what else hands these names in. Never from a file of ours.

A password is shown nowhere: not when the settings are printed, and not in what is said of a failure.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

STARTTLS, TLS, NONE = "starttls", "tls", "none"
SECRETS = ("LSP_SMTP_PASSWORD", "LSP_IMAP_PASSWORD")
MAIL_MB = (
    50  # of one mail: two files as large as any that is read (workbook/limits.py), put as text for the post
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailSettingsError(ValueError):
    """A setting that can't be used; the message names it and says what would be right."""


@dataclass(frozen=True)
class Server:
    """A mail server and how to be let in."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def context(self) -> ssl.SSLContext:
        """Certificates are checked: by the system's authorities, or by the one in `ca_file`."""
        return ssl.create_default_context(cafile=self.ca_file or None)


@dataclass(frozen=True)
class MailSettings:
    """The server that sends, the mailbox that receives; None where there is none. And who writes."""

    smtp: Server | None = None
    sender: str = ""
    imap: Server | None = None
    folder: str = "INBOX"
    done_folder: str = ""
    limit_bytes: int = MAIL_MB * 1_000_000


def mail_settings(given: Mapping[str, str]) -> MailSettings:
    """The settings from names such as LSP_SMTP_HOST; MailSettingsError where they can't be used."""
    smtp, imap = _server(given, "SMTP", (587, 465)), _server(given, "IMAP", (143, 993))
    sender = given.get("LSP_MAIL_FROM", "").strip()
    if smtp and "@" not in sender:
        raise MailSettingsError("LSP_MAIL_FROM must be the address from which mail is sent.")
    limit = given.get("LSP_IMAP_LIMIT_MB", "").strip() or str(MAIL_MB)
    if not limit.isdigit():
        raise MailSettingsError(f"LSP_IMAP_LIMIT_MB is '{limit}', and should be a number.")
    return MailSettings(
        smtp,
        sender,
        imap,
        given.get("LSP_IMAP_FOLDER", "").strip() or "INBOX",
        given.get("LSP_IMAP_DONE_FOLDER", "").strip(),
        int(limit) * 1_000_000,
    )


def _server(given: Mapping[str, str], kind: str, ports: tuple[int, int]) -> Server | None:
    """One server; `ports` are those usual without and with TLS from the first byte."""

    def value(name: str) -> str:
        return given.get(f"LSP_{kind}_{name}", "").strip()

    host = value("HOST")
    if not host:
        return None
    security = value("SECURITY").lower() or (STARTTLS if kind == "SMTP" else TLS)
    if security not in (STARTTLS, TLS, NONE):
        raise MailSettingsError(f"LSP_{kind}_SECURITY is '{security}', and should be starttls, tls or none.")
    password = given.get(f"LSP_{kind}_PASSWORD", "")
    if security == NONE and password and host not in LOOPBACK:
        raise MailSettingsError(
            f"LSP_{kind}_SECURITY is none, so the password would go through the network for all to read. "
            "Set it to starttls or tls."
        )
    port = value("PORT") or str(ports[1] if security == TLS else ports[0])
    if not port.isdigit():
        raise MailSettingsError(f"LSP_{kind}_PORT is '{port}', and should be a number.")
    ca_file = value("CA_FILE")
    if ca_file and not Path(ca_file).is_file():
        raise MailSettingsError(f"LSP_{kind}_CA_FILE names {ca_file}, which is not there.")
    return Server(host, int(port), security, value("USER"), password, ca_file)
