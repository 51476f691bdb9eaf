"""`lsp check`: the same rules before a file is sent; nothing is taken in, and no file of the partner's is touched."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_files import FRAMEWORK
from test_replies import HEADINGS, ROWS, TOP, texts
from workspaces import Sent, bytes_of, lsp, workspace_of, write_workbook

from pipelines.precheck import reply_path
from pipelines.workspace import Workspace

DRAFT = {"Progress": [TOP, [], HEADINGS, *ROWS]}
CLEAN = {"Progress": [TOP, [], HEADINGS, ["H4", "2002", 53.8, None, None]]}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which one return was received, and nothing was run yet."""
    return workspace_of(tmp_path_factory.mktemp("precheck") / "workspace", Sent("PCT.xlsx", CLEAN))


def test_it_prints_and_answers_what_a_run_would_say(workspace: Workspace, tmp_path: Path) -> None:
    draft = write_workbook(tmp_path / "draft.xlsx", DRAFT)
    clean = write_workbook(tmp_path / "clean.xlsx", CLEAN)
    sent, held = bytes_of(tmp_path), bytes_of(workspace.root)
    said = lsp("check", draft, clean, "--root", workspace.root)
    assert (said.code, said.err) == (3, "")
    first, *lines = said.out.splitlines()
    assert first.startswith("draft.xlsx: 1 to fix, 1 to explain")
    assert first.endswith(f"Reply: {tmp_path / 'draft_reply.xlsx'}")
    assert lines[0].startswith("  Must fix: sheet 'Progress', C5 (lots): ")
    assert lines[-1] == f"clean.xlsx: nothing to do. Reply: {tmp_path / 'clean_reply.xlsx'}"
    assert "1 of 1 rows would count." in "\n".join(texts(tmp_path / "clean_reply.xlsx", "Receipt"))
    after = bytes_of(tmp_path)
    assert sorted(after) == ["clean.xlsx", "clean_reply.xlsx", "draft.xlsx", "draft_reply.xlsx"]
    assert sent.items() <= after.items()
    assert bytes_of(workspace.root) == held


def test_a_file_with_nothing_to_fix_ends_with_0(workspace: Workspace, tmp_path: Path) -> None:
    asked = write_workbook(tmp_path / "asked.xlsx", {"Progress": [TOP, [], HEADINGS, ROWS[2]]})
    said = lsp("check", asked, "--root", workspace.root)
    assert said.code == 0
    # the return that came before had more rows
    assert said.out.startswith("asked.xlsx: 2 to explain.")


def test_a_broken_file_gets_its_sentence_and_the_others_theirs(workspace: Workspace, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is no workbook")
    clean = write_workbook(tmp_path / "clean.xlsx", CLEAN)
    said = lsp("check", broken, clean, "--root", workspace.root)
    assert (said.code, said.err) == (3, "")
    lines = said.out.splitlines()
    assert lines[0].startswith("broken.xlsx: 1 to fix.")
    assert lines[1].startswith("  Must fix: broken.xlsx ")
    assert lines[2].startswith("clean.xlsx: nothing to do.")


def test_a_framework_can_be_named(tmp_path: Path) -> None:
    draft = write_workbook(
        tmp_path / "draft.xlsx", {"Progress": [TOP, [], HEADINGS, ["H99", "2002", 5, None, None]]}
    )
    (tmp_path / "empty").mkdir()
    said = lsp("check", draft, "--framework", FRAMEWORK, "--root", tmp_path / "empty")
    assert said.code == 3
    assert "A4 (H99): 'Target ref'" in said.out


def test_without_a_framework_the_contract_alone_judges_and_says_so(tmp_path: Path) -> None:
    rows = [
        ["H99", "2002", "lots", None, None],
        ["H98", "2002", 53, 54, None],
        ["H97", "2002", 53, None, None],
        ["H96", "2002", "3.1%", None, None],  # nobody said that it is none
        ["H95", "2002", "£3,100", None, None],
    ]
    draft = write_workbook(tmp_path / "draft.xlsx", {"Progress": [TOP, [], HEADINGS, *rows]})
    (tmp_path / "empty").mkdir()
    said = lsp("check", draft, "--root", tmp_path / "empty")
    assert said.code == 3
    assert said.out.startswith("No framework was there to check by, so ")
    assert "draft.xlsx: 1 to fix, 1 to explain." in said.out
    assert "H97" not in said.out
    assert "4 of 5 rows would count" in "\n".join(texts(tmp_path / "draft_reply.xlsx", "Queries"))
    assert bytes_of(tmp_path / "empty") == {}


def test_what_the_file_does_not_say_can_be_said(workspace: Workspace, tmp_path: Path) -> None:
    silent = write_workbook(
        tmp_path / "silent.xlsx", {"Progress": [HEADINGS, ["H4", "2002", 53.8, None, None]]}
    )
    assert "Nothing says which partner this is from." in lsp("check", silent, "--root", workspace.root).out
    said = lsp("check", silent, "--from", "pct", "--quarter", "2004-05-Q1", "--root", workspace.root)
    assert (said.code, said.out.startswith("silent.xlsx: nothing to do.")) == (0, True)


def test_the_reply_of_a_check_is_itself_a_return_to_check(workspace: Workspace, tmp_path: Path) -> None:
    draft = write_workbook(tmp_path / "draft.xlsx", DRAFT)
    lsp("check", draft, "--root", workspace.root)
    said = lsp("check", tmp_path / "draft_reply.xlsx", "--root", workspace.root)
    assert said.out.startswith("draft_reply.xlsx: 1 to fix, 1 to explain")
    assert (tmp_path / "draft_reply (2).xlsx").exists()


def test_a_reply_is_written_over_nothing_that_somebody_may_have_filled_in(tmp_path: Path) -> None:
    sent, filled = tmp_path / "draft.ods", tmp_path / "draft_reply.xlsx"
    assert reply_path(sent, [sent]) == filled
    write_workbook(filled, CLEAN)
    assert reply_path(sent, [sent]) == tmp_path / "draft_reply (2).xlsx"
    assert reply_path(filled, [filled]) == tmp_path / "draft_reply (2).xlsx"


def test_a_reply_that_nobody_saved_since_is_written_again(workspace: Workspace, tmp_path: Path) -> None:
    draft = write_workbook(tmp_path / "draft.xlsx", DRAFT)
    for _ in range(2):
        lsp("check", draft, "--root", workspace.root)
    assert sorted(bytes_of(tmp_path)) == ["draft.xlsx", "draft_reply.xlsx"]
    book = load_workbook(tmp_path / "draft_reply.xlsx")
    book.save(tmp_path / "draft_reply.xlsx")
    lsp("check", draft, "--root", workspace.root)
    assert sorted(bytes_of(tmp_path)) == ["draft.xlsx", "draft_reply (2).xlsx", "draft_reply.xlsx"]


def test_files_that_differ_in_their_extension_alone_have_a_reply_each(tmp_path: Path) -> None:
    sent = [tmp_path / f"good.{extension}" for extension in ("csv", "ods", "xls", "xlsx")]
    for path in sent:
        path.write_bytes(b"")
    assert [reply_path(path, [path]).name for path in sent] == [
        "good_csv_reply.xlsx", "good_ods_reply.xlsx", "good_xls_reply.xlsx", "good_xlsx_reply.xlsx",
    ]  # fmt: skip


def test_a_terminal_is_not_told_of_this_workbook(workspace: Workspace, tmp_path: Path) -> None:
    blank = write_workbook(
        tmp_path / "blank.xlsx", {"Progress": [TOP, [], HEADINGS, ["H1_male", "2000-02", 73.2, 74]]}
    )
    (tmp_path / "garbage.xlsx").write_bytes(b"nothing")
    said = lsp("check", blank, tmp_path / "garbage.xlsx", "--root", workspace.root)
    assert "Please explain" in said.out and "Must fix" in said.out
    assert "this workbook" not in said.out
    assert "Your answer" not in said.out
