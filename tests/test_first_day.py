"""The first day of a quarter: everything that came for it was refused, or it came only to be checked."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from test_replies import HEADINGS, TOP, texts
from workspaces import ON_TIME, QUARTER, Ran, Sent, lsp, run, workspace_of

NEXT = "2004-05-Q2"
GOOD = {"Progress": [TOP, [], HEADINGS, ["H4", "2002", 53.8, None, None]]}
ODD = {"Sheet1": [["Ref", "What", "When", "How many"], ["P_KERB", "Kerbside", "Jul to Sep 2004", 310]]}
FROM = ["Partner:", "Primary Care Trust", "Quarter:", "Q3 2004/05"]
DRAFT = {"Progress": [FROM, [], HEADINGS, ["H4", "2002", "lots"]]}


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A good return for one quarter, and for the next nothing but files of which no return can be made."""
    return run(
        workspace_of(
            tmp_path_factory.mktemp("first_day") / "workspace",
            Sent("good.xlsx", GOOD),
            Sent("garbage.xlsx", bytes(range(256)) * 9, folder=NEXT),
            Sent("odd.xlsx", ODD, folder=NEXT),
            Sent("draft.xlsx", DRAFT, folder="2004-05-Q3/check"),
        )
    )


def test_the_run_lists_what_was_refused_and_says_that_nothing_stands(first_day: Ran) -> None:
    assert first_day.said.code == 3
    assert f"Nothing that was sent for {NEXT} stands yet" in first_day.said.out
    assert "Files refused     2" in first_day.said.out
    assert "Refused: garbage.xlsx is not a workbook" in first_day.said.out
    assert "Refused: odd.xlsx, sheet 'Sheet1'" in first_day.said.out


def test_each_file_has_its_reply_and_so_has_one_that_came_early_to_be_checked(first_day: Ran) -> None:
    replies = first_day.workspace.replies
    assert len(list((replies / NEXT).iterdir())) == 2
    assert len(list((replies / "2004-05-Q3").iterdir())) == 1


def test_a_file_that_can_not_be_read_is_not_told_to_be_corrected_in_the_reply(first_day: Ran) -> None:
    for number in (1, 2):
        said = "\n".join(
            texts(first_day.workspace.reply_file(NEXT, f"unknown_reply_{number}.xlsx"), "Queries")
        )
        assert "on its sheet of this workbook" not in said
        assert "say in 'Your answer'" not in said


def test_status_lists_who_is_waited_for_and_what_was_refused(first_day: Ran) -> None:
    said = lsp("status", NEXT, "--root", first_day.root)
    assert said.code == 0
    assert said.out.startswith(f"Returns for {NEXT}\n")
    assert "Refused: garbage.xlsx" in said.out and "Refused: odd.xlsx" in said.out
    assert f"Nothing that was sent for {NEXT} stands yet" in said.out


def test_its_pack_says_so_too(first_day: Ran) -> None:
    quality = load_workbook(first_day.workspace.pack_file(NEXT))["Quality"]
    said = [str(cell.value) for line in quality.iter_rows(max_col=1) for cell in line]
    assert any(text.startswith("Nothing that was sent for this quarter stands yet") for text in said)
    states = first_day.select("select distinct state from marts.returns where quarter = ?", NEXT)
    assert states in ([("due",)], [("not due",)])  # as its returns have gone out by then or not


def test_files_of_no_quarter_are_answered_even_where_nothing_else_came(tmp_path: Path) -> None:
    ended = run(
        workspace_of(
            tmp_path / "workspace", Sent("garbage.xlsx", bytes(range(256)) * 9, folder="inbox", at=ON_TIME)
        )
    )
    assert ended.said.code == 1
    assert "Nothing that came in belongs to a quarter yet, so there is no pack." in ended.said.err
    assert "garbage.xlsx is not a workbook" in ended.said.err
    (reply,) = (ended.workspace.replies / "inbox").iterdir()
    assert str(reply) in ended.said.err
    assert not ended.workspace.pack_file(QUARTER).exists()


def test_a_quarter_for_which_nobody_sent_anything_has_a_pack_where_it_is_asked_for(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", Sent("good.xlsx", GOOD))
    said = run(workspace, NEXT).said
    assert said.code == 1
    assert (
        f"Nobody has sent anything for {NEXT}. 'lsp run {NEXT} --without-returns' makes its pack" in said.err
    )
    assert not workspace.pack_file(NEXT).exists()

    silent = run(workspace, NEXT, "--without-returns")
    assert silent.said.code == 0
    missing = silent.select("select distinct state from marts.returns where quarter = ?", NEXT)
    assert missing == [("missing",)]
    pack = workspace.pack_file(NEXT).read_bytes()
    # on record from now on: nobody need ask again, and the same files give the same pack
    assert silent.select("select quarter, event, version from staging.signed") == [(NEXT, "reported", 0)]
    assert run(workspace, NEXT).said.code == 0
    assert workspace.pack_file(NEXT).read_bytes() == pack
    said = lsp("status", "--as-at", "2004-07-01", "--root", workspace.root)
    assert "'lsp run --as-at 2004-07-01' makes them" in said.err


def test_a_quarter_that_is_not_due_yet_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = workspace_of(tmp_path / "workspace", Sent("good.xlsx", GOOD))
    monkeypatch.setattr("pipelines.framework.clock.now", lambda _: ON_TIME)
    said = run(workspace, NEXT, "--without-returns").said
    assert (said.code, "Its returns are due on " in said.err) == (1, True)
    assert not workspace.issued.exists()
