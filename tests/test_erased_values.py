"""What is left of a file that was erased: its value is planted, and then looked for in everything that there is."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from workspaces import QUARTER, Sent, lsp, run, workspace_of, write_workbook

from pipelines import erase
from pipelines.erase import find
from pipelines.issue.version_before import ERASED, beside
from pipelines.mail.letters import Writer
from pipelines.mail.outbox import DROPPED, QUEUED, SENT, Outbox
from pipelines.pack import Marts
from pipelines.receipt import receive

NAME, NEXT, DAY = "PCT planted.xlsx", "2004-05-Q2", "2004-07-07"
VALUE, WORDS = 53.8137, "Quokkabrook clinic moved."
HEADINGS = ["Target ref", "Period", "Value", "Published on", "Commentary"]
LATER = datetime(2004, 7, 20, 9)


def return_of(
    value: float, words: str, period: str = "2002", published: str = "2004-02-26"
) -> list[list[object]]:
    """An invented return of H4."""
    return [["Target progress"], ["Partner", "pct"], [], HEADINGS, ["H4", period, value, published, words]]


def places(root: Path) -> set[str]:
    """Every file below a folder in which the planted value or words stand, as text or as a number."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and _holds(path)}


def _holds(path: Path) -> bool:
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
            contents = [connection.execute(f'from "{schema}"."{name}"').fetchall() for schema, name in tables]
        return _is_in(repr(contents).encode())
    if path.suffix == ".parquet":
        return _is_in(repr(duckdb.sql(f"from '{path}'").fetchall()).encode())
    return any(map(_is_in, _parts(path.read_bytes(), path.suffix)))


def _parts(content: bytes, suffix: str) -> Iterator[bytes]:
    """A file's bytes, and those of everything packed into it."""
    yield content
    if suffix == ".eml":
        for part in message_from_bytes(content, policy=policy.default).walk():
            if not part.is_multipart():
                yield from _parts(part.get_payload(decode=True) or b"", "")
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from map(packed.read, packed.namelist())


def _is_in(content: bytes) -> bool:
    return any(str(planted).encode() in content for planted in (VALUE, "Quokkabrook"))


class Story:
    """A return whose value went everywhere: issued, as at a day, exported, in a template, mailed; then erased."""

    def __init__(self, root: Path) -> None:
        self.workspace = w = workspace_of(
            root, Sent(NAME, {"Progress": return_of(VALUE, WORDS)}, sender="pct")
        )
        run(w, QUARTER)
        run(w, QUARTER, "--as-at", DAY)
        for command in (
            ("issue", QUARTER, "--by", "Ann Example", "--role", "Manager"),
            ("export",),
            ("templates", NEXT),
        ):
            assert lsp(*command, "--root", root).code == 0
        w.pack_file(QUARTER).with_suffix(".pdf").write_bytes(f"%PDF {VALUE}".encode())
        self._send_next(root)
        self._write_mail()
        for left in (w.work / "build-killed.txt", w.packs / QUARTER / ".LSP_pack.xlsx.new"):
            left.write_text(WORDS)
        self.before = places(root / "data")
        self.said = lsp("erase", NAME, "--reason", "Asked.", "--by", "DPO", "--root", root)
        self.left = places(root / "data")
        self.again = run(w, QUARTER)
        self.then = places(root / "data")

    def _send_next(self, root: Path) -> None:
        """What the PCT sends for the next quarter is asked about, as it is far from what it sent before."""
        path = write_workbook(
            root / "outside" / "next.xlsx", {"Progress": return_of(5.38, "Fewer.", "2003", "2004-09-01")}
        )
        receive(path, "pct", NEXT, self.workspace, datetime(2004, 10, 7, 9))
        corrected = write_workbook(
            root / "outside" / "corrected.xlsx", {"Progress": return_of(53.9, "Final.")}
        )
        receive(corrected, "pct", QUARTER, self.workspace, datetime(2004, 8, 2, 9))
        run(self.workspace, NEXT)
        run(self.workspace, QUARTER)

    def _write_mail(self) -> None:
        w, box, writer = self.workspace, Outbox(self.workspace), Writer("Partnership", "Ann Example")
        reply, template = w.replies / QUARTER / "pct_reply_1.xlsx", w.template_file(NEXT, "pct")
        theirs, version = w.template_file(NEXT, "police"), w.version_file(QUARTER, 1)
        to = ("office@pct.example",)
        for mail in (
            writer.reply(QUARTER, "PCT", to, NAME, "received", reply, "f" * 64, is_clean=True),
            writer.templates(NEXT, "pct", "PCT", to, LATER.date(), LATER.date(), template),
            writer.templates(
                NEXT, "police", "Police", ("office@police.example",), LATER.date(), LATER.date(), theirs
            ),
            writer.failure("run|1", "Ann", to, "the run", [f"Refused: {NAME}, cell E5 ('{VALUE}')."]),
            writer.pack(QUARTER, "board", "The Board", to, "version 1", [version]),
        ):
            box.put(mail, "lsp@office.example", LATER)
        box.mark_sent(f"templates|{NEXT}|pct", LATER)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("erased values") / "workspace")


def test_the_value_is_found_wherever_it_went(story: Story) -> None:
    """Else the tests below would pass however little was removed."""
    for wanted in (
        r"archive/\w+", r"marts/lsp\.duckdb", r"marts/as-at/.*",
        r"marts/export/csv/floor_targets\.csv", r"marts/export/parquet/floor_targets\.parquet",
        rf"packs/{QUARTER}/LSP_pack.*\.(xlsx|html|pdf)", rf"packs/{QUARTER}/as-at-{DAY}/.*",
        rf"packs/{QUARTER}/v1/.*\.shown\.json", rf"replies/{QUARTER}/pct_reply_1\.xlsx",
        rf"templates/{NEXT}/pct\.xlsx", r"outbox/\d+-reply.*", r"outbox/sent/\d+-templates.*pct.*",
        r"outbox/\d+-failure.*", r"\.work/build-killed\.txt", r"\.work/memory/.*", rf"packs/{QUARTER}/\..*",
    ):  # fmt: skip
        assert any(re.fullmatch(wanted, place) for place in story.before), wanted


def test_nothing_of_it_is_left_but_in_packs_and_each_of_these_is_named(story: Story) -> None:
    assert story.said.code == 0
    of_packs = {place for place in story.left if place.startswith("packs/")}
    (mailed,) = story.left - of_packs
    assert re.fullmatch(r"outbox/\d+-pack.*\.eml", mailed)
    assert {Path(place).suffix for place in of_packs} == {".xlsx", ".html", ".json"}
    w, lines = story.workspace, story.said.out.splitlines()
    for path in (w.version_file(QUARTER, 1), w.version_file(QUARTER, 1).with_suffix(".html")):
        assert (
            f"  {path} had used it; its manifest says so now. It was issued and stays as it is: it still shows its "
            "figures."
        ) in lines
    for quarter in (QUARTER, NEXT):
        assert (
            f"  {w.pack_file(quarter)} had used it; its manifest says so now. It still shows its figures until "
            f"'lsp run {quarter}' makes it again."
        ) in lines
    assert not any("as-at" in place for place in story.left)


def test_a_later_file_with_the_same_return_is_named(story: Story) -> None:
    named = [line for line in story.said.out.splitlines() if "holds one of the same returns" in line]
    assert [line.split(" holds ")[0].strip() for line in named] == ["corrected.xlsx"]


def test_replies_and_templates_of_its_sender_go_and_those_of_others_stay(story: Story) -> None:
    removed = [line for line in story.said.out.splitlines() if line.startswith("  removed: ")]
    for path in (
        story.workspace.replies / NEXT / "pct_reply_1.xlsx",
        story.workspace.replies / QUARTER / "pct_reply_2.xlsx",
        story.workspace.template_file(NEXT, "pct"),
    ):
        assert f"  removed: {path}" in removed
    assert story.workspace.template_file(NEXT, "police").exists()


def test_mail_that_carried_it_is_gone_and_what_waited_is_not_sent(story: Story) -> None:
    box = Outbox(story.workspace)
    found = {entry.key: (entry.state, box.path_of(entry).exists()) for entry in box.entries()}
    assert found == {
        f"reply|{'f' * 64}": (DROPPED, False),
        f"templates|{NEXT}|pct": (SENT, False),
        f"templates|{NEXT}|police": (QUEUED, True),
        "failure|run|1": (DROPPED, False),
        f"pack|{QUARTER}|version 1|board": (QUEUED, True),
    }
    reasons = {entry.reason for entry in box.entries() if entry.state == DROPPED}
    assert len(reasons) == 1 and reasons.pop().startswith(f"{NAME} was erased on ")
    assert lsp("outbox", "--all", "--show", "--root", story.workspace.root).code == 0


def test_the_pack_made_next_does_not_say_what_the_version_before_showed_of_it(story: Story) -> None:
    """Version 1 showed the value; its draft of version 2 is beside it, and was to say what each figure was."""
    assert {place for place in story.then if place.startswith(f"packs/{QUARTER}/LSP_pack")} == set()
    rows = load_workbook(story.workspace.pack_file(QUARTER))["Revisions"].iter_rows(values_only=True)
    said = [" | ".join(str(value) for value in row if value is not None) for row in rows]
    assert any(
        "| Commentary | Under-18 conception rate" in line and f"| {ERASED} | Final." in line for line in said
    )
    assert any("| Latest value |" in line and f"| {ERASED} | 53.9" in line for line in said)


def test_without_the_workbook_that_names_the_files_no_value_is_said(story: Story, tmp_path: Path) -> None:
    w = story.workspace
    edition = w.version_file(QUARTER, 1)
    with Marts.open(w.database) as marts:
        known = beside(edition, edition, None, marts, QUARTER, w).changes or ()
        blind = beside(edition, tmp_path / "gone.xlsx", None, marts, QUARTER, w).changes or ()
    assert any(change.was not in (ERASED, None) for change in known)
    assert {change.was for change in blind if re.search(r"\d", change.was or "")} <= {"0"}


def test_an_erasure_that_is_interrupted_has_stopped_the_mail_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next job of the cycle would send what waits before anybody asks for the erasure again."""
    workspace = workspace_of(
        tmp_path / "workspace", Sent(NAME, {"Progress": return_of(VALUE, WORDS)}, sender="pct")
    )
    receipt = find(NAME, workspace)
    reply = write_workbook(tmp_path / "pct_reply_1.xlsx", {"Progress": return_of(VALUE, WORDS)})
    box = Outbox(workspace)
    writer = Writer("Partnership", "Ann Example")
    to = ("office@pct.example",)
    box.put(
        writer.reply(QUARTER, "PCT", to, NAME, "received", reply, receipt.sha256, is_clean=True), "", LATER
    )

    def fails(*_: object) -> list[Path]:
        raise KeyboardInterrupt

    monkeypatch.setattr(erase, "note_erased", fails)
    with pytest.raises(KeyboardInterrupt):
        erase.erase(receipt, "DPO", "Asked.", workspace, LATER)
    (entry,) = box.entries()
    assert (entry.state, box.path_of(entry).exists()) == (DROPPED, False)
