"""Real mail servers on the loopback: one that takes mail (aiosmtpd), one that holds a mailbox (Dovecot)."""

import datetime
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office", "not-a-real-secret-7Qx"
LOOPBACK = "127.0.0.1"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback and its key; the certificate is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    crt, pem = folder / "loopback.crt", folder / "loopback.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return crt, pem


@dataclass
class Taken:
    """What the server took, and what it is told to do instead: answers that it gives first, one for each try.

    An answer of nothing: it takes the message and hangs up. `refused`: address → what it says to it.
    """

    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    farewell: str = "221 Bye"
    messages: list[EmailMessage] = field(default_factory=list)
    tries: int = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer[:1] in ("4", "5"):
            return answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        if not answer:
            server.transport.abort()
        return answer

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return self.farewell


@contextmanager
def smtp_server(folder: Path) -> Iterator[tuple[Taken, dict[str, str]]]:
    """A server that asks for STARTTLS and a password; and the settings to reach it by."""
    crt, pem = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, pem)

    def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=right, handled=False)

    taken = Taken()
    controller = Controller(
        taken,
        hostname=LOOPBACK,
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=let_in,
    )
    controller.start()
    try:
        yield (
            taken,
            {
                "LSP_SMTP_HOST": LOOPBACK, "LSP_SMTP_PORT": str(controller.port), "LSP_SMTP_USER": USER,
                "LSP_SMTP_PASSWORD": PASSWORD, "LSP_SMTP_CA_FILE": str(crt), "LSP_MAIL_FROM": "lsp@northmoor.example",
            },
        )  # fmt: skip
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])


DOVECOT = next(
    (path for path in ("/usr/sbin/dovecot", shutil.which("dovecot")) if path and Path(path).exists()), None
)
CONF = """
protocols = imap
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
default_internal_user = {owner}
default_login_user = {owner}
default_internal_group = {group}
listen = {host}
ssl = required
ssl_cert = <{crt}
ssl_key = <{key}
disable_plaintext_auth = yes
mail_location = maildir:{base}/mail
first_valid_uid = 0
mail_uid = {owner}
mail_gid = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={base}/home allow_all_users=yes
}}
"""


@contextmanager
def imap_server() -> Iterator[tuple[Path, dict[str, str]]]:
    """Dovecot with one mailbox: its Maildir, into which mail is put as a mail server would; and the settings."""
    import grp
    import pwd

    # a short path, as sockets need, and one that its own account may enter
    folder = Path(tempfile.mkdtemp(prefix="lsp-imap-"))
    folder.chmod(0o755)
    owner = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(owner).pw_gid).gr_name
    crt, pem = certificate(folder)
    port = free_port()
    conf = folder / "dovecot.conf"
    conf.write_text(
        CONF.format(
            base=folder,
            owner=owner,
            group=group,
            host=LOOPBACK,
            crt=crt,
            key=pem,
            port=port,
            password=PASSWORD,
        )
    )
    for name in ("new", "cur", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    (folder / "home").mkdir()
    if os.getuid() == 0:
        for path in (folder / "mail", folder / "home", *(folder / "mail").iterdir()):
            shutil.chown(path, owner, group)
    assert DOVECOT
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(conf)])
    try:
        for _ in range(200):
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "dovecot.log").read_text()
                time.sleep(0.1)
        yield (
            folder / "mail",
            {
                "LSP_IMAP_HOST": LOOPBACK, "LSP_IMAP_PORT": str(port), "LSP_IMAP_USER": USER,
                "LSP_IMAP_PASSWORD": PASSWORD, "LSP_IMAP_CA_FILE": str(crt),
            },
        )  # fmt: skip
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def drop(
    maildir: Path,
    message: EmailMessage | bytes,
    name: str,
    came: datetime.datetime | None = None,
    *,
    is_read: bool = False,
) -> None:
    """Put a mail into a mailbox: as new, or as one that somebody opened. When it `came` is its file's time."""
    aside = maildir / "tmp" / name
    aside.write_bytes(message if isinstance(message, bytes) else message.as_bytes(policy=policy.SMTP))
    if came:
        os.utime(aside, (came.timestamp(), came.timestamp()))
    if os.getuid() == 0:
        shutil.chown(aside, maildir.owner(), maildir.group())
    aside.rename(maildir / "cur" / f"{name}:2,S" if is_read else maildir / "new" / name)
