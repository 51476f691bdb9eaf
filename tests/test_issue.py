"""Draft, final, closed: what is issued stays as it is, and what changes afterwards says so."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sample_files import RAW
from workspaces import QUARTER, Ran, Sent, bytes_of, copied, lsp, run, workspace_of, write_workbook

from pipelines.issue.manifest import note_erased
from pipelines.issue.signing import CannotIssue, Done, close, issue
from pipelines.issued import changed_issues, mend, read_record
from pipelines.pack import Issue
from pipelines.receipt import receive
from pipelines.trace import provenance_lines
from pipelines.workspace import Workspace

NEXT = "2004-05-Q2"
PROGRESS = ["Target ref", "Period", "Value", "Published on"]
MANAGER = Issue(datetime(2004, 7, 20, 10), "Ann Example", "Partnership Manager")
AGAIN = Issue(datetime(2004, 8, 20, 10), "Ann Example", "Partnership Manager", "The PCT's count was wrong.")
CHAIR = Issue(datetime(2004, 9, 1, 10), "Bob Invented", "Chair of the Board")


def h4(value: float) -> Sent:
    """An invented return: one value of H4."""
    rows = [["Target progress"], ["Partner", "pct"], [], PROGRESS, ["H4", "2002", value, "2004-02-26"]]
    return Sent("pct.xlsx", {"Progress": rows}, sender="pct")


def put(workspace: Workspace, value: float, folder: str, at: datetime) -> None:
    path = write_workbook(workspace.root / "outside" / f"{value}.xlsx", h4(value).holds)
    receive(path, "pct", folder, workspace, at)


def said(path: Path, sheet: str) -> list[str]:
    """The lines of a sheet above and between its tables, and its tables' rows, each as one text."""
    rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [" | ".join(str(value) for value in row if value is not None) for row in rows]


class Story:
    """A quarter's pack issued, corrected, issued again and closed, and then the next quarter."""

    def __init__(self, root: Path) -> None:
        self.workspace = workspace = workspace_of(root, h4(53.8))
        self.drafted = run(workspace, QUARTER)
        self.draft = workspace.pack_file(QUARTER).read_bytes()
        self.not_issued = copied(self.drafted, root.with_name("not issued")).workspace
        self.first = issue(workspace, QUARTER, MANAGER)
        self.first_files = bytes_of(workspace.version_folder(QUARTER, 1))
        put(workspace, 55.1, QUARTER, datetime(2004, 8, 2, 9))
        self.corrected = run(workspace, QUARTER)
        self.second_draft = said(workspace.pack_file(QUARTER), "Cover")
        self.second_revisions = said(workspace.pack_file(QUARTER), "Revisions")
        self.second = issue(workspace, QUARTER, AGAIN)
        self.closed = close(workspace, QUARTER, CHAIR, "provisional")
        self.frozen = bytes_of(workspace.packs / QUARTER)
        put(workspace, 54.0, NEXT, datetime(2004, 10, 7, 9))
        self.next = run(workspace)
        self.again = run(workspace, QUARTER)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("issue") / "workspace")


def test_the_final_pack_is_the_draft_with_its_standing(story: Story) -> None:
    assert "Status: FINAL, version 1, issued on 20 Jul 2004 by Ann Example, Partnership Manager." in said(
        story.first.pack, "Cover"
    )
    book, then = load_workbook(story.first.pack), story.draft
    (story.workspace.root / "draft.xlsx").write_bytes(then)
    draft = load_workbook(story.workspace.root / "draft.xlsx")
    for sheet in draft.worksheets:
        if sheet.title != "Cover":
            assert [*sheet.values] == [*book[sheet.title].values], sheet.title
    assert "Status: DRAFT." in said(story.workspace.root / "draft.xlsx", "Cover")
    page = story.first.pack.with_suffix(".html").read_text(encoding="utf-8")
    assert "Status: FINAL, version 1" in page and "DRAFT" not in page


def test_what_was_issued_is_never_written_to_again(story: Story) -> None:
    assert bytes_of(story.workspace.version_folder(QUARTER, 1)) == story.first_files
    assert len(story.first_files) == 4  # workbook, page, manifest, what it showed


def test_a_later_run_is_the_draft_of_the_next_version_and_says_what_differs(story: Story) -> None:
    assert any(
        line.startswith("Status: DRAFT of version 2. Version 1 was issued on 20 Jul 2004 by Ann Example")
        for line in story.second_draft
    )
    assert any("from version 1: Revisions lists them." in line for line in story.second_draft)
    (latest,) = (
        line for line in story.second_revisions if "| Latest value |" in line and line.startswith("Summary")
    )
    assert latest.startswith("Summary | Latest value | H4, Under-18 conception rate")
    assert "| 53.8 | 55.1 |" in latest


def test_a_second_version_says_why_there_is_one(story: Story) -> None:
    cover = said(story.second.pack, "Cover")
    assert "Status: FINAL, version 2, issued on 20 Aug 2004 by Ann Example, Partnership Manager." in cover
    assert "It takes the place of version 1 of 20 Jul 2004." in cover
    assert "Why: The PCT's count was wrong." in cover


def test_a_closed_quarter_is_left_alone_and_told(story: Story) -> None:
    assert bytes_of(story.workspace.packs / QUARTER) == story.frozen
    assert story.again.said.code == 0
    assert (
        f"{QUARTER} is closed: Bob Invented, Chair of the Board, signed version 2 of its pack off as provisional on "
        "1 Sep 2004. It was left alone;"
    ) in story.again.said.out
    assert f"Pack              {story.second.pack}" in story.again.said.out
    packed = lsp("pack", QUARTER, "--root", story.workspace.root)
    assert (packed.code, packed.out) == (0, f"{story.second.pack}\n")
    assert f"{QUARTER} is closed" in packed.err


def test_what_changes_afterwards_is_a_revision_of_the_version_that_was_closed(story: Story) -> None:
    rows = story.next.select("select quarter, cause, value_was, value_is from marts.revisions")
    assert rows == [(NEXT, "restated", 55.1, 54.0)]
    pack = story.workspace.pack_file(NEXT)
    assert any("as version 2 of it was issued: 1 restated" in line for line in said(pack, "Revisions"))
    cover = " ".join(said(pack, "Cover"))
    assert "The pack before, of Apr to Jun 2004: version 2 was issued on 20 Aug 2004" in cover
    assert "closed with it as provisional on 1 Sep 2004 by Bob Invented, Chair of the Board." in cover
    assert any("version 1 was issued" in line.casefold() for line in said(pack, "Notes"))


def test_it_is_all_in_the_marts(story: Story) -> None:
    assert story.next.select(
        "select version, issued_by, reason, status, closed_by from marts.issues order by version"
    ) == [
        (1, "Ann Example", None, None, None),
        (2, "Ann Example", "The PCT's count was wrong.", "provisional", "Bob Invented"),
    ]


def test_as_at_a_day_before_the_issue_the_pack_is_the_draft_of_then(story: Story) -> None:
    ran = run(story.workspace, QUARTER, "--as-at", "2004-07-19")
    then = story.workspace.as_at("2004-07-19")
    assert "This pack is the same, byte for byte, as the one made then" in ran.said.out
    assert then.pack_file(QUARTER).read_bytes() == story.draft


def refused(act: Any, *arguments: Any) -> str:
    with pytest.raises(CannotIssue) as error:
        act(*arguments)
    return str(error.value)


def test_a_closed_quarter_is_neither_issued_nor_closed_again_but_as_final(story: Story) -> None:
    told = refused(issue, story.workspace, QUARTER, AGAIN)
    assert told.startswith(f"{QUARTER} was closed as provisional on 1 Sep 2004 by Bob Invented")
    assert refused(close, story.workspace, QUARTER, CHAIR, "provisional") == told
    done = close(story.workspace, QUARTER, CHAIR, "final")
    assert isinstance(done, Done) and read_record(story.workspace)[-1].status == "final"
    assert "was closed as final" in refused(close, story.workspace, QUARTER, CHAIR, "final")


def test_verify_proves_record_and_issued_packs(story: Story) -> None:
    root = story.workspace.root
    assert lsp("verify", "--root", root).code == 0
    kept, record = story.first.pack.read_bytes(), story.workspace.issued.read_bytes()
    story.first.pack.chmod(0o644)
    story.first.pack.write_bytes(kept + b" ")
    spoilt = lsp("verify", "--root", root)
    assert spoilt.code == 1 and "version 1 as issued on 20 Jul 2004, was changed since" in spoilt.out
    story.first.pack.write_bytes(kept)
    story.workspace.issued.write_bytes(record.replace(b"Ann Example", b"Eve Example", 1))
    forged = lsp("verify", "--root", root)
    assert forged.code == 1 and "issued.csv, line 2 was changed after it was written" in forged.out
    story.workspace.issued.write_bytes(record)
    assert lsp("verify", "--root", root).code == 0


def test_a_manifest_that_was_changed_shows_and_one_that_tells_of_an_erasure_does_not(story: Story) -> None:
    manifest = story.first.pack.with_suffix(".manifest.json")
    kept, mode = manifest.read_bytes(), manifest.stat().st_mode
    assert not mode & 0o222
    sha256 = json.loads(kept)["inputs"][-1]["sha256"]
    assert note_erased(sha256, "erased on a day.", story.workspace)
    assert manifest.read_bytes() != kept and manifest.stat().st_mode == mode
    assert changed_issues(story.workspace) == []
    for spoilt in (manifest.read_bytes(), kept):
        manifest.chmod(0o644)
        manifest.write_bytes(spoilt.replace(b"Ann Example", b"Eve Example"))
        (told,) = changed_issues(story.workspace)
        assert f"{manifest}, version 1 as issued on 20 Jul 2004, was changed since" in told
    manifest.write_bytes(kept)


def test_lines_that_the_record_lost_are_read_from_its_copy_and_put_back(story: Story) -> None:
    workspace, kept = story.workspace, story.workspace.issued.read_bytes()
    record = read_record(workspace)
    *_, last = kept.splitlines(keepends=True)
    for left in (None, kept.removesuffix(last)):
        workspace.issued.unlink() if left is None else workspace.issued.write_bytes(left)
        assert read_record(workspace) == record
        told = lsp("verify", "--root", workspace.root)
        assert told.code == 1 and "issued.csv has lost" in told.out
        (mended,) = mend(workspace)
        assert "were put back from data/archive" in mended and workspace.issued.read_bytes() == kept
    workspace.issued_copy.unlink()
    assert (mend(workspace), workspace.issued_copy.read_bytes()) == ([], kept)


def test_no_version_is_written_over_and_one_that_fails_leaves_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = story.not_issued
    folder = workspace.version_folder(QUARTER, 1)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "the record")

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.issue.signing.sign", full)
        with pytest.raises(OSError, match="No space left"):
            issue(workspace, QUARTER, MANAGER)
    assert not folder.exists()
    folder.mkdir()
    (folder / "LSP_pack.xlsx").write_bytes(b"issued before")
    assert "the record of what was issued knows no such version" in refused(
        issue, workspace, QUARTER, MANAGER
    )
    assert (folder / "LSP_pack.xlsx").read_bytes() == b"issued before"
    shutil.rmtree(folder)


def test_what_is_no_draft_of_these_marts_is_not_issued(story: Story) -> None:
    workspace = story.not_issued
    assert "No pack of 2004-05-Q1 was issued yet" in refused(close, workspace, QUARTER, CHAIR, "final")
    assert f"There is no draft of the pack of {NEXT}" in refused(issue, workspace, NEXT, MANAGER)
    manifest = workspace.manifest_file(QUARTER)
    kept = manifest.read_text(encoding="utf-8")
    for spoilt in ("{}", "[]", kept[:-9]):
        manifest.write_text(spoilt, encoding="utf-8")
        assert f"{manifest} is not as it was written. 'lsp run" in refused(issue, workspace, QUARTER, MANAGER)
    manifest.write_text(kept, encoding="utf-8")
    page = workspace.web_file(QUARTER)
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert "is not as it was written" in refused(issue, workspace, QUARTER, MANAGER)
    assert lsp("pack", QUARTER, "--root", workspace.root).code == 0
    blank = lsp("issue", QUARTER, "--by", " ", "--role", "B", "--root", workspace.root)
    assert (blank.code, blank.err) == (2, "lsp: Say who signs and in which post: --by may not be blank.\n")
    done = lsp("issue", QUARTER, "--by", "Ann Example", "--role", "Manager", "--root", workspace.root)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Issued: version 1 of {QUARTER}, by Ann Example, Manager.\n")
    assert "It has no public edition, as the framework clears nothing for the public." in done.out
    assert "Say with --reason why there is another" in refused(issue, workspace, QUARTER, MANAGER)
    closed = lsp(
        "close", QUARTER, "--by", "B", "--role", "Chair", "--status", "final", "--root", workspace.root
    )
    assert (closed.code, closed.out.splitlines()[0]) == (
        0,
        f"Closed: {QUARTER}, as final, with version 1: {workspace.version_file(QUARTER, 1)}",
    )


def test_the_sample_was_not_issued(sample: Ran) -> None:
    assert not (RAW / "issued.csv").exists()
    assert sample.one("select count(*) from marts.issues") == 0


def test_a_version_is_traced_as_it_was_issued_and_a_closed_quarter_by_its_version(story: Story) -> None:
    """The marts are of a later run, in which the figure is another."""
    cell = next(
        line["Cell of pack"]
        for line in provenance_lines(story.first.pack)
        if line["Sheet of pack"] == "FT_H4" and str(line["Figure"]).endswith("|H4:latest_value")
    )
    where = ("trace", f"FT_H4!{cell}", "--root", story.workspace.root, "--quarter", QUARTER)
    for words, version, value in ((("--version", "1"), 1, 53.8), ((), 2, 55.1)):
        told = lsp(*where, *words)
        lines = told.out.splitlines()
        assert (told.code, lines[0]) == (
            0,
            f"FT_H4!{cell} of LSP_pack_{QUARTER}_v{version}.xlsx shows {value}",
        )
        assert lines[1:3] == [
            "  The marts are of another run than this pack; as its own sheet Provenance has it:",
            f"  floor_targets:{QUARTER}|H4:latest_value, As typed in the cell:",
        ]
        assert lines[3].endswith(f", sheet 'Progress', cell C5: '{value}'")
        assert lines[4].startswith("      from pct, received ") and ", SHA-256 " in lines[4]
        assert len(lines) == 5
    none = lsp(*where, "--version", "7")
    assert (none.code, none.out) == (1, "")
    assert none.err.startswith(f"lsp: There is no version 7 of the pack of {QUARTER}: ")


def test_no_pack_is_issued_of_a_ledger_that_was_changed_by_hand(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", h4(53.8))
    run(workspace, QUARTER)
    as_left = workspace.ledger.read_text(encoding="utf-8")
    changed = as_left.replace("2004-07-07", "2004-06-07")
    assert changed != as_left
    workspace.ledger.write_text(changed, encoding="utf-8")
    with pytest.raises(
        CannotIssue, match=r"What was received is not as it was left, .*receipts.csv, line 3 says"
    ):
        issue(workspace, QUARTER, MANAGER)
    assert not workspace.version_folder(QUARTER, 1).exists()
    workspace.ledger.write_text(as_left, encoding="utf-8")
    assert issue(workspace, QUARTER, MANAGER).pack.exists()
