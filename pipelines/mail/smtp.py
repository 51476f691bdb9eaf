"""A message handed to a mail server, over TLS unless the settings say otherwise."""

import smtplib
from email import message_from_bytes, policy
from email.utils import formataddr, getaddresses

from pipelines.mail.settings import NONE, STARTTLS, TLS, Server

LIMIT_SECONDS = 60.0
FOR_NOW = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError)


class NotSent(Exception):
    """The server did not take a message; the sentence says why. `is_for_now`: trying again may help."""

    def __init__(self, sentence: str, *, is_for_now: bool) -> None:
        super().__init__(sentence)
        self.is_for_now = is_for_now


def send(server: Server, sender: str, eml: bytes) -> list[str]:
    """Hand a message over; the addresses that the server refused, if it took others. NotSent if it took none."""
    message = message_from_bytes(eml, policy=policy.SMTP)
    if not message["From"]:
        message["From"] = sender
        del message["X-Unsent"]
    to = [formataddr((name, address)) for name, address in getaddresses(message.get_all("To", []))]
    try:
        with _connect(server) as connection:
            refused = connection.send_message(message, sender, to)
    except smtplib.SMTPRecipientsRefused as error:
        whom = "; ".join(f"{address}: {_said(answer)}" for address, answer in error.recipients.items())
        temporary = all(answer[0] < 500 for answer in error.recipients.values())
        raise NotSent(f"The mail server refused every address ({whom}).", is_for_now=temporary) from None
    except smtplib.SMTPAuthenticationError as error:
        # what the server says of a failed login may repeat what was sent
        sentence = f"The mail server {server.host} did not accept user and password (code {error.smtp_code})."
        raise NotSent(sentence, is_for_now=False) from None
    except smtplib.SMTPResponseException as error:
        sentence = f"The mail server refused the message ({_said((error.smtp_code, error.smtp_error))})."
        raise NotSent(sentence, is_for_now=error.smtp_code < 500) from None
    except smtplib.SMTPNotSupportedError as error:
        sentence = f"The mail server {server.host} does not do what the settings ask: {error}."
        raise NotSent(sentence, is_for_now=False) from None
    except FOR_NOW as error:
        sentence = f"The mail server {server.host}, port {server.port}, can't be reached ({error})."
        raise NotSent(sentence, is_for_now=True) from None
    return [f"{address}: {_said(answer)}" for address, answer in refused.items()]


def reach(server: Server) -> None:
    """Connect and log in, and no more; NotSent where that fails."""
    try:
        with _connect(server) as connection:
            connection.noop()
    except smtplib.SMTPAuthenticationError as error:
        sentence = f"{server.host} did not accept user and password (code {error.smtp_code})"
        raise NotSent(sentence, is_for_now=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(
            f"{server.host}, port {server.port}, can't be reached ({error})", is_for_now=True
        ) from None


def _connect(server: Server) -> smtplib.SMTP:
    if server.security == TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=LIMIT_SECONDS, context=server.context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=LIMIT_SECONDS)
        if server.security == STARTTLS:
            connection.starttls(context=server.context())
        else:
            assert server.security == NONE
    try:
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _said(answer: tuple[int, bytes | str]) -> str:
    code, text = answer
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"
