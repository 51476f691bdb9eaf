"""Mail goes once, over TLS, to a real server; what arrives in a real mailbox is received. All of it made up."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from little import partnership, plan
from mail_servers import DOVECOT, PASSWORD, drop, imap_server, smtp_server
from workspaces import lsp

from pipelines.cycle.facts import facts
from pipelines.mail.mailbox import NoMailbox, fetch
from pipelines.mail.message import PACK, Mail
from pipelines.mail.outbox import DELIVERIES, GIVEN_UP, SENT, UNSURE, Outbox
from pipelines.mail.settings import MailSettings, MailSettingsError, Server, mail_settings
from pipelines.mail.smtp import NotSent, reach, send
from pipelines.receipt import read_ledger
from pipelines.workspace import Workspace

NOW = datetime(2031, 7, 1, 9)


def mail(key: str = "pack|Q1|board", *to: str, files: tuple[Path, ...] = ()) -> Mail:
    return Mail(
        key,
        PACK,
        to or ("board@northmoor.example",),
        "The pack for Apr to Jun",
        "To the Board\n\nHere it is.",
        files,
    )


def no_wait(_: float) -> None:
    """Retries come at once."""


@pytest.fixture
def box(tmp_path: Path) -> Outbox:
    return Outbox(Workspace(tmp_path))


# The outbox


def test_a_message_waits_as_a_file_that_mail_programs_open(box: Outbox, tmp_path: Path) -> None:
    attached = tmp_path / "pack.xlsx"
    attached.write_bytes(b"PK made up")
    assert box.put(mail(files=(attached,)), "", NOW)
    (entry,) = box.entries()
    message = message_from_bytes(box.path_of(entry).read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"], message["X-Unsent"]) == (
        *("board@northmoor.example", "The pack for Apr to Jun"), "1",
    )  # fmt: skip
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("pack.xlsx", b"PK made up")


def test_the_same_is_written_once_whatever_else_it_says(box: Outbox) -> None:
    assert box.put(mail(), "", NOW)
    assert not box.put(Mail("pack|Q1|board", PACK, ("x@y.example",), "Another", "text"), "", NOW)
    assert len(box.entries()) == len(list(box.folder.glob("*.eml"))) == 1


def test_what_may_have_gone_is_told_and_not_sent_again(box: Outbox) -> None:
    box.put(mail(), "", NOW)

    def killed(_: bytes) -> list[str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        box.deliver(killed, NOW)
    assert [entry.state for entry in box.entries()] == [UNSURE]
    gone: list[bytes] = []
    delivered = box.deliver(lambda eml: gone.append(eml) or [], NOW)
    assert (delivered.sent, gone) == (0, [])
    assert "may or may not have gone" in delivered.troubles[0]
    box.again(box.entries()[0].file, NOW)
    assert box.deliver(lambda eml: gone.append(eml) or [], NOW).sent == len(gone) == 1


def test_a_line_that_was_cut_off_spoils_no_other(box: Outbox) -> None:
    box.put(mail(), "", NOW)
    with box.ledger.open("a") as ledger:
        ledger.write('{"at": "2031-07-01T09:00:00", "key": "pa')
    assert box.put(mail("another"), "", NOW)
    assert [entry.key for entry in box.entries()] == ["pack|Q1|board", "another"]


def test_lsp_outbox_previews_each_and_takes_word_of_one_sent_by_hand(box: Outbox, tmp_path: Path) -> None:
    box.put(mail(), "", NOW)
    said = lsp("outbox", "--show", "--root", tmp_path).out
    assert "To board@northmoor.example: The pack for Apr to Jun" in said and "  | Here it is." in said
    name = box.entries()[0].file
    assert lsp("outbox", "--sent", name, "--root", tmp_path).code == 0
    assert box.path_of(box.entries()[0]).parent.name == "sent"
    assert lsp("outbox", "--root", tmp_path).out.startswith("Nothing waits")
    assert lsp("outbox", "--sent", name, "--root", tmp_path).code == 1
    assert lsp("outbox", "--send", "--root", tmp_path).code == 2  # there is no server


# A real mail server


def test_it_goes_over_tls_with_a_password_and_once(box: Outbox, tmp_path: Path) -> None:
    with smtp_server(tmp_path / "server") as (taken, given):
        settings = mail_settings(given)
        assert settings.smtp
        hand_over = partial(send, settings.smtp, settings.sender)
        box.put(mail(), settings.sender, NOW)
        assert box.deliver(hand_over, NOW).sent == 1
        assert box.deliver(hand_over, NOW).sent == 0
        box.put(mail(), settings.sender, NOW)
        assert box.deliver(hand_over, NOW).sent == 0
        (message,) = taken.messages
        assert (message["From"], message["To"]) == ("lsp@northmoor.example", "board@northmoor.example")
        assert message["Message-ID"].endswith("@northmoor.example>")
        reach(settings.smtp)


def test_a_failure_for_a_moment_is_tried_again_at_once_and_one_that_lasts_is_told(
    box: Outbox, tmp_path: Path
) -> None:
    with smtp_server(tmp_path / "server") as (taken, given):
        settings = mail_settings(given)
        assert settings.smtp
        hand_over = partial(send, settings.smtp, settings.sender)
        box.put(mail(), settings.sender, NOW)
        taken.answers = ["451 busy", "451 busy"]
        assert box.deliver(hand_over, NOW, wait=no_wait).sent == 1
        box.put(mail("another"), settings.sender, NOW)
        taken.answers = ["554 no"] * DELIVERIES
        for delivery in range(1, DELIVERIES + 1):
            delivered = box.deliver(hand_over, NOW, wait=no_wait)
            assert delivered.sent == 0 and "554 no" in delivered.troubles[0]
            assert ("is tried again" in delivered.troubles[0]) == (delivery < DELIVERIES)
        assert [entry.state for entry in box.entries()] == [SENT, GIVEN_UP]
        assert box.deliver(hand_over, NOW).troubles == ()
        assert taken.tries == 3 + DELIVERIES


def test_an_address_that_is_refused_is_told_and_the_others_get_it(box: Outbox, tmp_path: Path) -> None:
    with smtp_server(tmp_path / "server") as (taken, given):
        settings = mail_settings(given)
        assert settings.smtp
        taken.refused = {"old@northmoor.example"}
        box.put(mail("k", "board@northmoor.example", "old@northmoor.example"), settings.sender, NOW)
        delivered = box.deliver(partial(send, settings.smtp, settings.sender), NOW)
        assert delivered.sent == 1 and "did not go to old@northmoor.example: 550" in delivered.troubles[0]


def test_a_wrong_password_or_certificate_is_told_without_the_password(tmp_path: Path) -> None:
    with smtp_server(tmp_path / "server") as (_, given):
        wrong = mail_settings(given | {"LSP_SMTP_PASSWORD": "something-else"}).smtp
        strange = mail_settings(given | {"LSP_SMTP_CA_FILE": ""}).smtp
        assert wrong and strange
        with pytest.raises(NotSent, match="did not accept user and password") as refused:
            reach(wrong)
        assert "something-else" not in str(refused.value)
        with pytest.raises(NotSent, match="certificate"):
            reach(strange)
    with pytest.raises(NotSent, match="can't be reached"):
        reach(wrong)


def test_settings_that_can_t_be_used_are_told_and_a_password_shows_nowhere() -> None:
    for given, told in (
        ({"LSP_SMTP_HOST": "mail.example"}, "LSP_MAIL_FROM must be"),
        ({"LSP_SMTP_HOST": "mail.example", "LSP_SMTP_SECURITY": "ssl"}, "starttls, tls or none"),
        (
            {"LSP_SMTP_HOST": "mail.example", "LSP_SMTP_SECURITY": "none", "LSP_SMTP_PASSWORD": PASSWORD},
            "for all to read",
        ),
        ({"LSP_IMAP_HOST": "mail.example", "LSP_IMAP_PORT": "imap"}, "should be a number"),
    ):
        with pytest.raises(MailSettingsError, match=told) as error:
            mail_settings({"LSP_MAIL_FROM": "" if "MAIL_FROM" in told else "a@b.example", **given})
        assert PASSWORD not in str(error.value)
    assert PASSWORD not in repr(MailSettings(Server("mail.example", 587, "starttls", "user", PASSWORD)))
    assert mail_settings({}) == MailSettings()


# A real mailbox


def returned(sender: str, subject: str, *files: tuple[str, bytes]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        f"Somebody <{sender}>",
        "lsp@northmoor.example",
        subject,
    )
    message["Date"] = "Mon, 07 Jul 2031 10:00:00 +0100"
    message.set_content("Please find attached.")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


@pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot, a mail server that holds mailboxes")
def test_what_partners_mail_is_received_and_what_others_mail_is_left(tmp_path: Path) -> None:
    workspace = partnership(tmp_path / "northmoor")
    known = facts(workspace, NOW)
    quarter = "2031-32-Q1"
    with imap_server() as (maildir, given):
        settings = mail_settings(given)

        def look() -> tuple[list[tuple[str, str, str]], list[str]]:
            got = fetch(settings, known.senders(), known.quarters, workspace, NOW)
            return [(r.original_name, r.received_from, r.folder) for r in got.received], got.left

        assert look() == ([], [])
        drop(
            maildir,
            returned(
                "Returns@Arts.example", f"Re: Apr to Jun 2031 ({quarter}): your return",
                ("../../etc/plan.csv", plan("arts", quarter)), ("logo.png", b"\x89PNG made up"),
            ),
            "1",
        )  # fmt: skip
        drop(maildir, returned("returns@bus.example", "our figures", ("bus.csv", plan("bus", quarter))), "2")
        drop(maildir, returned("stranger@elsewhere.example", "offer", ("offer.xlsx", b"PK")), "3")
        drop(maildir, returned("returns@care.example", "sorry, it will be late"), "4")
        received, left = look()
        assert received == [("plan.csv", "arts", quarter), ("bus.csv", "bus", "inbox")]
        assert len(left) == 2
        assert "stranger@elsewhere.example, whom the framework does not know" in left[0]
        assert "from care ('sorry, it will be late') has no spreadsheet" in left[1]
        assert (workspace.raw / quarter / "plan.csv").read_bytes() == plan("arts", quarter)
        again, told = look()
        assert (again, len(told)) == ([], 1)  # the stranger's still lies there unread
        wrong = mail_settings(given | {"LSP_IMAP_PASSWORD": "something-else"})
        with pytest.raises(NoMailbox) as error:
            fetch(wrong, {}, set(), workspace, NOW)
        assert "something-else" not in str(error.value)
    assert [r.received_from for r in read_ledger(workspace) if r.folder != "framework"] == ["arts", "bus"]
    with pytest.raises(NoMailbox, match="can't be reached"):
        fetch(settings, {}, set(), workspace, NOW)
