"""A message handed to a mail server, over TLS unless the settings say otherwise.

Until the last dot of a message is out the server does not have it, and whatever goes wrong may be tried again. From
then on it may have it, and only its answer tells.
"""

import smtplib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import getaddresses

from pipelines.mail.settings import STARTTLS, TLS, Server

LIMIT_SECONDS = 60.0
ANSWER_SECONDS = 600.0  # a server may take so long to answer for a message (RFC 5321, 4.5.3.2.6)


class NotSent(Exception):
    """The server did not take a message; the sentence says why. `is_server`: it would take no other either."""

    def __init__(self, sentence: str, *, is_server: bool = False) -> None:
        super().__init__(sentence)
        self.is_server = is_server


class Unsure(Exception):
    """The server was handed a message and did not say whether it took it."""


@dataclass(frozen=True)
class Handed:
    """The addresses for which the server took a message, and what it said of those that it refused."""

    took: tuple[str, ...]
    refused: tuple[str, ...] = ()


def send(server: Server, sender: str, eml: bytes, had: Collection[str] = ()) -> Handed:
    """Hand a message over to those it is for, but for those who `had` it already; NotSent, Unsure."""
    message = message_from_bytes(eml, policy=policy.SMTP)
    if not message["From"]:
        message["From"] = sender
        del message["X-Unsent"]
    to = [address for _, address in getaddresses(message.get_all("To", [])) if address not in had]
    with _connected(server) as connection:
        try:
            refused = connection.send_message(message, sender, to)
        except Exception as error:
            raise _what_it_means(error, connection, server) from None
    return Handed(
        tuple(address for address in to if address not in refused),
        tuple(f"{address}: {_said(*answer)}" for address, answer in refused.items()),
    )


def reach(server: Server) -> None:
    """Connect and log in, and no more; NotSent where that fails."""
    with _connected(server):
        pass


class _Connection(smtplib.SMTP):
    """Knows whether what it sent last was a message: smtplib sends commands as text and a message as bytes."""

    has_message = False

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        super().send(s)
        self.has_message = isinstance(s, bytes)
        if self.has_message and self.sock:
            self.sock.settimeout(ANSWER_SECONDS)


class _TLSConnection(_Connection, smtplib.SMTP_SSL):
    pass


@contextmanager
def _connected(server: Server) -> Iterator[_Connection]:
    """A connection, logged in. How it ends is of no account: a message was taken before or it was not."""
    connection = None
    try:
        try:
            connection = _connect(server)
            if server.security == STARTTLS:
                connection.starttls(context=server.context())
            if server.user:
                connection.login(server.user, server.password)
        except Exception as error:
            raise NotSent(_why_closed(error, server), is_server=True) from None
        yield connection
    finally:
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


def _connect(server: Server) -> _Connection:
    if server.security == TLS:
        return _TLSConnection(server.host, server.port, timeout=LIMIT_SECONDS, context=server.context())
    return _Connection(server.host, server.port, timeout=LIMIT_SECONDS)


def _why_closed(error: Exception, server: Server) -> str:
    """Why there is no connection. What a server says of a failed login is left out: it may repeat what was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"The mail server {server.host} did not accept user and password (code {error.smtp_code})."
    if isinstance(error, UnicodeError):
        return "User and password of the mail server may have letters, digits and signs of ASCII alone (no £ or é)."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server {server.host} does not do what the settings ask: {error}."
    return f"The mail server {server.host}, port {server.port}, can't be reached ({error})."


def _what_it_means(error: Exception, connection: _Connection, server: Server) -> NotSent | Unsure:
    is_no = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 400
    if not is_no and (connection.has_message or isinstance(error, smtplib.SMTPDataError)):
        return Unsure(f"The mail server {server.host} was handed it and did not answer ({error}).")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        whom = "; ".join(f"{address}: {_said(*answer)}" for address, answer in error.recipients.items())
        return NotSent(f"The mail server refused every address ({whom}).")
    if isinstance(error, smtplib.SMTPResponseException):
        # whom it does not let write now it does not let write another either; 552 is of this message's size
        is_sender = isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != 552
        sentence = f"The mail server refused it ({_said(error.smtp_code, error.smtp_error)})."
        return NotSent(sentence, is_server=is_sender or error.smtp_code == 421)
    if isinstance(error, smtplib.SMTPServerDisconnected | OSError):
        return NotSent(f"The mail server {server.host} closed the connection ({error}).", is_server=True)
    return NotSent(f"It could not be put as the mail server wants it ({type(error).__name__}: {error}).")


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"
