"""Mail goes once, over TLS, to a real server; what arrives in a real mailbox is received. All of it made up."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from imap_tools import BaseMailBox
from little import PARTNERS, plan
from mail_servers import DOVECOT, PASSWORD, Taken, drop, imap_server, smtp_server
from workspaces import lsp

from pipelines.doctor import FAULT, examine
from pipelines.mail.mailbox import Fetched, fetch
from pipelines.mail.message import PACK, REMINDER, Mail
from pipelines.mail.outbox import (
    AGAIN,
    DROPPED,
    FAILED,
    GIVEN_UP,
    QUEUED,
    SENT,
    UNSURE,
    Delivered,
    Outbox,
    Send,
)
from pipelines.mail.settings import MailSettings, MailSettingsError, Server, mail_settings
from pipelines.mail.smtp import Handed, NotSent, reach, send
from pipelines.receipt import ledger, read_ledger
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

    def killed(_: bytes, _had: object) -> Handed:
        raise KeyboardInterrupt

    def goes(eml: bytes, _had: object) -> Handed:
        gone.append(eml)
        return Handed(("board@northmoor.example",))

    with pytest.raises(KeyboardInterrupt):
        box.deliver(killed, NOW)
    assert [entry.state for entry in box.entries()] == [UNSURE]
    gone: list[bytes] = []
    delivered = box.deliver(goes, NOW)
    assert (delivered.sent, gone) == (0, [])
    assert "may or may not have gone" in delivered.troubles[0]
    box.again(box.entries()[0].file, NOW)
    assert box.deliver(goes, NOW).sent == len(gone) == 1


def test_no_two_keys_share_a_file(box: Outbox) -> None:
    for key in ("pack|a&b", "pack|a+b", "pack|" + "x" * 200, "pack|" + "x" * 201):
        assert box.put(mail(key), "", NOW)
    assert len(list(box.folder.glob("*.eml"))) == 4


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
    said = lsp("outbox", "--sent", name, "--root", tmp_path)
    assert (said.code, said.err) == (
        1,
        f"lsp: Message '{name}' is sent. 'lsp outbox --all' lists what there is.\n",
    )
    assert lsp("outbox", "--send", "--root", tmp_path).code == 2  # there is no server
    box.put(mail("another"), "", NOW)
    name = box.entries()[1].file
    assert lsp("outbox", "--drop", name, "--root", tmp_path).out.startswith("Not to be sent: The pack")
    assert box.path_of(box.entries()[1]).parent.name == "dropped"
    assert lsp("outbox", "--root", tmp_path).out.startswith("Nothing waits")


def test_several_or_all_of_those_given_up_are_taken_at_once(box: Outbox, tmp_path: Path) -> None:
    def refuses(_: bytes, _had: object) -> Handed:
        raise NotSent("554 no")

    for key in ("a", "b", "c"):
        box.put(mail(key), "", NOW)
    for day in (0, 8):
        box.deliver(refuses, NOW + timedelta(days=day))
    a, b, c = (entry.file for entry in box.entries())
    assert lsp("outbox", "--again", a, b, "--root", tmp_path).code == 0
    assert [entry.state for entry in box.entries()] == [AGAIN, AGAIN, GIVEN_UP]
    assert lsp("outbox", "--sent", c, "--root", tmp_path).code == 0  # closed, though it was given up
    assert lsp("outbox", "--again", "all", "--root", tmp_path).code == 0  # none is left
    assert lsp("outbox", "--drop", "all", "--root", tmp_path).out.count("Not to be sent") == 2
    assert [entry.state for entry in box.entries()] == [DROPPED, DROPPED, SENT]


# A real mail server


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Taken, dict[str, str]]]:
    with smtp_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def server(mail_server: tuple[Taken, dict[str, str]]) -> tuple[Taken, dict[str, str]]:
    """The server as new, and the settings to reach it by."""
    vars(mail_server[0]).update(vars(Taken()))
    return mail_server


def by(given: Mapping[str, str]) -> Send:
    settings = mail_settings(given)
    assert settings.smtp
    return partial(send, settings.smtp, settings.sender)


def test_it_goes_over_tls_with_a_password_and_once(box: Outbox, server: tuple[Taken, dict[str, str]]) -> None:
    taken, given = server
    settings = mail_settings(given)
    assert settings.smtp
    box.put(mail(), settings.sender, NOW)
    assert box.deliver(by(given), NOW).sent == 1
    assert box.deliver(by(given), NOW).sent == 0
    box.put(mail(), settings.sender, NOW)
    assert box.deliver(by(given), NOW).sent == 0
    (message,) = taken.messages
    assert (message["From"], message["To"]) == ("lsp@northmoor.example", "board@northmoor.example")
    assert message["Message-ID"].endswith("@northmoor.example>")
    reach(settings.smtp)


@pytest.mark.parametrize(
    ("answer", "farewell", "state"), [("", "221 Bye", UNSURE), ("250 taken", "421 Bye", SENT)]
)
def test_what_the_server_took_is_not_sent_again_whatever_it_says_then(
    answer: str, farewell: str, state: str, box: Outbox, server: tuple[Taken, dict[str, str]]
) -> None:
    taken, given = server
    taken.answers, taken.farewell = [answer], farewell
    box.put(mail(), "lsp@northmoor.example", NOW)
    told = [box.deliver(by(given), NOW).troubles for _ in range(3)]
    assert len(taken.messages) == 1 and box.entries()[0].state == state
    assert ["may or may not have gone" in " ".join(one) for one in told] == [state == UNSURE] * 3


def test_one_that_the_server_refuses_is_tried_for_a_week_and_told_until_somebody_sees_to_it(
    box: Outbox, server: tuple[Taken, dict[str, str]]
) -> None:
    taken, given = server
    box.put(mail(), "lsp@northmoor.example", NOW)
    box.put(mail("another"), "lsp@northmoor.example", NOW)
    taken.answers = ["554 no", "250 taken"] + ["451 busy"] * 7
    assert box.deliver(by(given), NOW).sent == 1  # one that is refused stands in no other's way
    for day in range(1, 8):
        (told,) = box.deliver(by(given), NOW + timedelta(days=day)).troubles
        assert "451 busy" in told and ("The next job tries again" in told) == (day < 7)
    assert [entry.state for entry in box.entries()] == [GIVEN_UP, SENT]
    (told,) = box.deliver(by(given), NOW + timedelta(days=30)).troubles
    assert "was not sent" in told and f"--again {box.entries()[0].file}" in told and taken.tries == 9
    box.drop(box.entries()[0].file, NOW)
    assert box.deliver(by(given), NOW) == Delivered()


def test_while_the_server_is_away_all_waits_and_nothing_is_given_up(
    box: Outbox, server: tuple[Taken, dict[str, str]]
) -> None:
    taken, given = server
    box.put(mail("old", "arts@northmoor.example"), "lsp@northmoor.example", NOW)
    for number in range(3):
        box.put(mail(str(number)), "lsp@northmoor.example", NOW)
    for wrong, why in (
        ({"LSP_SMTP_PORT": "9"}, "can't be reached"),
        ({"LSP_SMTP_PASSWORD": "something-else"}, "did not accept user and password"),
        ({"LSP_SMTP_PASSWORD": "p£und"}, "letters, digits and signs of ASCII"),
    ):
        for day in range(0, 20, 4):
            (told,) = box.deliver(by(given | wrong), NOW + timedelta(days=day)).troubles
            assert why in told and "p£und" not in told
        assert {entry.state for entry in box.entries()} == {QUEUED}
    # the first of each delivery alone was tried
    assert box.ledger.read_text().count('"sending"') == 3 * 5
    assert box.deliver(by(given), NOW).sent == len(taken.messages) == 4


def test_a_reminder_that_was_not_sent_on_its_day_is_dropped(
    box: Outbox, server: tuple[Taken, dict[str, str]]
) -> None:
    taken, given = server
    box.put(Mail("r", REMINDER, ("returns@arts.example",), "Due", "…"), "lsp@northmoor.example", NOW)
    (told,) = box.deliver(by(given), NOW + timedelta(days=1)).troubles
    assert "is out of date: it was dropped" in told and box.entries()[0].state == DROPPED
    assert (box.deliver(by(given), NOW + timedelta(days=1)), taken.messages) == (Delivered(), [])


def test_an_address_that_is_refused_is_tried_again_and_the_others_get_it_once(
    box: Outbox, server: tuple[Taken, dict[str, str]]
) -> None:
    taken, given = server
    taken.refused = {"slow@northmoor.example": "450 try later"}
    box.put(mail("k", "board@northmoor.example", "slow@northmoor.example"), "lsp@northmoor.example", NOW)
    delivered = box.deliver(by(given), NOW)
    assert delivered.sent == 1 and "did not go to slow@northmoor.example: 450" in delivered.troubles[0]
    assert (box.entries()[0].state, box.entries()[0].had) == (FAILED, ("board@northmoor.example",))
    taken.refused = {"board@northmoor.example": "554 twice"}
    assert box.deliver(by(given), NOW).troubles == ()
    assert (box.entries()[0].state, len(taken.messages)) == (SENT, 2)


def test_a_wrong_password_or_certificate_is_told_without_the_password(
    server: tuple[Taken, dict[str, str]],
) -> None:
    for wrong, why in (
        ({"LSP_SMTP_PASSWORD": "something-else"}, "did not accept user and password"),
        ({"LSP_SMTP_PASSWORD": "something-£lse"}, "ASCII"),
        ({"LSP_SMTP_CA_FILE": ""}, "certificate"),
        ({"LSP_SMTP_PORT": "9"}, "can't be reached"),
    ):
        settings = mail_settings(server[1] | wrong).smtp
        assert settings
        with pytest.raises(NotSent, match=why) as refused:
            reach(settings)
        assert "something" not in str(refused.value)


def test_settings_that_can_t_be_used_are_told_and_a_password_shows_nowhere() -> None:
    for given, told in (
        ({"LSP_SMTP_HOST": "mail.example"}, "LSP_MAIL_FROM must be"),
        ({"LSP_SMTP_HOST": "mail.example", "LSP_SMTP_SECURITY": "ssl"}, "starttls, tls or none"),
        (
            {"LSP_SMTP_HOST": "mail.example", "LSP_SMTP_SECURITY": "none", "LSP_SMTP_PASSWORD": PASSWORD},
            "for all to read",
        ),
        ({"LSP_IMAP_HOST": "mail.example", "LSP_IMAP_PORT": "imap"}, "should be a number"),
        ({"LSP_IMAP_LIMIT_MB": "much"}, "LSP_IMAP_LIMIT_MB is 'much', and should be a number"),
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


NO_MAILBOXES = pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot, a mail server that holds mailboxes")
QUARTER, LONDON = "2031-32-Q1", ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def imap() -> Iterator[tuple[Path, dict[str, str]]]:
    with imap_server() as running:
        yield running


class Office:
    """Who has an empty mailbox, and knows its partners."""

    def __init__(self, folder: Path, maildir: Path, given: dict[str, str]) -> None:
        self.workspace = Workspace(folder)
        self.maildir, self.given = maildir, given
        self.senders = {f"returns@{name}.example": name for name in PARTNERS}
        for path in [*(maildir / "new").iterdir(), *(maildir / "cur").iterdir()]:
            path.unlink()

    def gets(self, message: EmailMessage | bytes, came: datetime = NOW, *, is_read: bool = False) -> None:
        drop(self.maildir, message, str(time.monotonic_ns()), came.replace(tzinfo=LONDON), is_read=is_read)

    def looks(self, now: datetime = NOW, **more: str) -> Fetched:
        settings = mail_settings(self.given | more)
        return fetch(settings, self.senders, {QUARTER}, self.workspace, now, LONDON)


@pytest.fixture
def office(imap: tuple[Path, dict[str, str]], tmp_path: Path) -> Office:
    return Office(tmp_path, *imap)


def from_whom(fetched: Fetched) -> list[str]:
    return [receipt.received_from for receipt in fetched.received]


@NO_MAILBOXES
def test_what_partners_mail_is_received_and_what_others_mail_is_left(office: Office) -> None:
    assert office.looks() == Fetched()
    office.gets(
        returned(
            "Returns@Arts.example", f"Re: Apr to Jun 2031 ({QUARTER}): your return",
            ("../../etc/plan.csv", plan("arts", QUARTER)), ("logo.png", b"\x89PNG made up"),
        )
    )  # fmt: skip
    office.gets(returned("returns@bus.example", "our figures", ("bus.csv", plan("bus", QUARTER))))
    office.gets(returned("stranger@elsewhere.example", "offer", ("offer.xlsx", b"PK")))
    office.gets(returned("returns@care.example", "sorry, it will be late"))
    got = office.looks()
    assert [(r.original_name, r.received_from, r.folder) for r in got.received] == [
        ("plan.csv", "arts", QUARTER), ("bus.csv", "bus", "inbox")
    ]  # fmt: skip
    none, strange = got.left
    assert "from returns@care.example ('sorry, it will be late') has no spreadsheet" in none
    assert "does not know as partners: stranger@elsewhere.example (07 Jul 2031)." in strange
    assert (office.workspace.raw / QUARTER / "plan.csv").read_bytes() == plan("arts", QUARTER)
    assert office.looks() == Fetched()
    # the stranger's still lies there: it is taken once the address is known
    office.senders["stranger@elsewhere.example"] = "dale"
    assert from_whom(office.looks()) == ["dale"]


@NO_MAILBOXES
def test_a_mailbox_that_does_not_open_is_told_without_the_password(office: Office) -> None:
    (told,) = office.looks(LSP_IMAP_PASSWORD="something-else").left
    assert "did not open" in told and "something-else" not in told
    (told,) = office.looks(LSP_IMAP_PORT="9").left
    assert "can't be reached" in told


@NO_MAILBOXES
def test_no_mail_stands_in_the_way_of_another(office: Office) -> None:
    nested = b"From: returns@arts.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(1000)
    )
    office.gets(nested + b"\r\n\r\nx")
    office.gets(returned("returns@arts.example", "large", ("large.csv", b"x" * 1_000_000)))
    for number in range(7):
        office.gets(returned(f"spam{number}@elsewhere.example", "offer"))
    latin = b"From: returns@care.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/csv\r\n"
    office.gets(latin + b'Content-Disposition: attachment; filename="r\xe9turn.csv"\r\n\r\nmade up\r\n')
    office.gets(returned("returns@dale.example", "x", ("報" * 100 + ".csv", plan("dale", QUARTER))))
    for _ in range(2):
        got = office.looks(LSP_IMAP_LIMIT_MB="1")
        assert from_whom(got) in (["care", "dale"], [])
        assert "could not be taken (RecursionError" in got.left[0]
        assert "has 1.4 MB and was not opened; LSP_IMAP_LIMIT_MB allows 1." in got.left[1]
        assert "and 2 more" in got.left[2] if got.received else len(got.left) == 2
    assert [r.received_from for r in read_ledger(office.workspace)] == ["care", "dale"]


@NO_MAILBOXES
def test_a_file_has_come_when_its_mail_came_and_whoever_opened_it_before(office: Office) -> None:
    came = datetime(2031, 7, 11, 9, 30)
    office.gets(returned("returns@arts.example", "x", ("a.csv", plan("arts", QUARTER))), came, is_read=True)
    office.gets(
        returned("returns@bus.example", "x", ("b.csv", plan("bus", QUARTER))),
        datetime(2031, 5, 1),
        is_read=True,
    )
    (receipt,) = office.looks(datetime(2031, 7, 12, 7, 15)).received
    assert (receipt.received_from, receipt.first_seen) == ("arts", came)
    office.gets(
        returned("returns@care.example", "x", ("c.csv", plan("care", QUARTER))), datetime(2031, 7, 12, 8)
    )
    # a server's clock that is ahead of ours
    assert office.looks(datetime(2031, 7, 12, 7, 30)).received[0].first_seen == datetime(2031, 7, 12, 7, 30)


@NO_MAILBOXES
def test_a_mail_is_done_once_each_of_its_files_has_its_receipt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PATIENCE_SECONDS", 0)
    office.gets(returned("returns@arts.example", "x", ("a.csv", plan("arts", QUARTER)), ("rest.zip", b"PK")))
    with ledger.writing(office.workspace):
        busy = office.looks()
    assert busy.received == [] and "Another command is taking files in" in busy.left[0]
    got = office.looks(LSP_IMAP_DONE_FOLDER="nowhere")
    assert from_whom(got) == ["arts"]
    assert "has rest.zip, not taken: only spreadsheets are" in got.left[0]
    assert "could not be marked or moved to 'nowhere'" in got.left[1]
    assert office.looks() == Fetched()
    checked = examine(office.workspace, office.given | {"LSP_IMAP_DONE_FOLDER": "nowhere"}, NOW, 9)
    (mailbox,) = [check for check in checked if check.what == "mailbox"]
    assert mailbox.state == FAULT and "It has no folder 'nowhere'" in mailbox.said


@NO_MAILBOXES
def test_what_was_received_before_the_connection_was_lost_stays_and_the_rest_comes_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for partner in ("arts", "bus"):
        office.gets(returned(f"returns@{partner}.example", "x", ("a.csv", plan(partner, QUARTER))))
    with monkeypatch.context() as patched:
        patched.setattr(BaseMailBox, "flag", lambda mailbox, *_: mailbox.client.shutdown())
        got = office.looks()
    assert from_whom(got) == ["arts"] and "could not be read to its end" in got.left[0]
    assert from_whom(office.looks()) == ["bus"]


@NO_MAILBOXES
def test_what_answers_by_itself_is_not_answered(office: Office) -> None:
    reply = BytesIO()
    with ZipFile(reply, "w") as parts:
        parts.writestr("[Content_Types].xml", "")
        day = "<dcterms:{0}>2031-07-01T09:00:00Z</dcterms:{0}>"
        parts.writestr("docProps/core.xml", day.format("created") + day.format("modified"))
        parts.writestr("xl/workbook.xml", '<sheet name="_queries"/>')
    absent = returned("returns@arts.example", "away")
    quoting = returned("returns@bus.example", "away", ("b.csv", plan("bus", QUARTER)))
    for note in (absent, quoting):
        note["Auto-Submitted"] = "auto-replied"
        office.gets(note)
    office.gets(returned("returns@care.example", "see below", ("care_reply_1.xlsx", reply.getvalue())))
    got = office.looks()
    assert got.received == [] and len(got.passed) == 1 and "returns@arts.example" in got.passed[0]
    assert "it has b.csv. 'lsp receive' takes that" in got.left[0]
    assert "care_reply_1.xlsx is a reply of ours in which nothing was answered" in got.left[1]
    assert office.looks() == Fetched()
