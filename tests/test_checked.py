"""Files that came only to be checked: judged and answered like any other, and nothing of them counts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from test_replies import HEADINGS, TOP, texts
from workspaces import QUARTER, Ran, Sent, content, run, workspace_of, write_workbook

from pipelines.receipt import Receipt, as_one, folder_of, is_for_check
from pipelines.workspace import Workspace

GOOD = {"Progress": [TOP, [], HEADINGS, ["H4", "2002", 53.8, None, None]]}
BAD = {
    "Progress": [
        TOP,
        [],
        HEADINGS,
        ["H4", "2002", "lots", None, None],
        ["H1_male", "2000-02", 73.2, 74, None],
    ]
}
EARLY = datetime(2004, 7, 1, 9)


def copied_into(workspace: Workspace, folder: str, name: str, holds: dict[str, list[list[object]]]) -> None:
    """A file put into a folder of data/raw by hand, as a partner's officer would."""
    write_workbook(workspace.raw / folder / name, holds)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One return, and two files to be checked: a bad one in the quarter's folder, and one that is no workbook."""
    folder = tmp_path_factory.mktemp("checked")
    good = write_workbook(folder / "PCT.xlsx", GOOD).read_bytes()
    workspace = workspace_of(folder / "workspace", Sent("PCT.xlsx", good))
    copied_into(workspace, f"{QUARTER}/please check", "draft.xlsx", BAD)
    (workspace.raw / "check").mkdir()
    (workspace.raw / "check" / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    return run(workspace, QUARTER)


# What says so


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("2004-05-Q1/a.xlsx", "2004-05-Q1"),
        ("2004-05-Q1/check/a.xlsx", "2004-05-Q1/check"),
        ("2004-05-Q1/From the PCT/Please CHECK/a.xlsx", "2004-05-Q1/check"),
        ("check/a.xlsx", "check"),
        ("for checking/2004/a.xlsx", "for checking"),
        ("2004-05-Q1/Checked and final/a.xlsx", "2004-05-Q1"),
        ("2004-05-Q1/check.xlsx", "2004-05-Q1"),
        ("a.xlsx", ""),
    ],
)
def test_a_folder_says_whether_its_files_are_only_to_be_checked(path: str, folder: str) -> None:
    assert folder_of(Path(path)) == folder
    assert is_for_check(folder) == ("check" in folder.casefold())


def test_a_file_that_was_checked_and_then_sent_came_when_it_was_sent() -> None:
    check = Receipt("a" * 64, EARLY, "", "draft.xlsx", f"{QUARTER}/check", 1)
    sent = Receipt("a" * 64, EARLY + timedelta(days=3), "", "final.xlsx", QUARTER, 1)
    assert as_one([check]).is_check
    counted = as_one([check, sent])
    assert (counted.is_check, counted.first_seen, counted.original_name) == (
        False,
        sent.first_seen,
        "final.xlsx",
    )


# What becomes of them


def test_it_is_answered_as_if_it_were_sent(checked: Ran) -> None:
    reply = checked.workspace.reply_file(QUARTER, "pct_check_1.xlsx")
    assert (
        "In the pack" not in load_workbook(reply).sheetnames
    )  # nothing of it is there, and nothing of it counts
    said = "\n".join(texts(reply, "Queries"))
    assert "Your file: draft.xlsx, checked only, and not counted." in said
    assert "Floor target progress: 1 of 2 rows would count." in said
    assert "Must fix" in said and "Please explain" in said
    broken = "\n".join(texts(checked.workspace.reply_file("check", "unknown_check_1.xlsx"), "Queries"))
    assert "Your file: broken.xlsx, checked only" in broken


def test_the_return_of_the_same_partner_has_its_own_number(checked: Ran) -> None:
    assert sorted(path.name for path in (checked.workspace.replies / QUARTER).iterdir()) == [
        "pct_check_1.xlsx",
        "pct_reply_1.xlsx",
    ]


def test_nothing_of_it_is_counted_and_nothing_of_it_is_refused(checked: Ran) -> None:
    assert checked.said.code == 0
    assert checked.select("select file_name, state from staging.submissions where partner = 'pct'") == [
        ("PCT.xlsx", "accepted")
    ]
    # the sample framework's corrections speak of files that this workspace has not received
    found = "select file_name from marts.findings where rule <> 'correction_applies'"
    assert checked.select(found) == []
    assert "2 to files that were only checked" in checked.said.out


def test_every_cell_of_it_is_said_to_be_checked_only(checked: Ran) -> None:
    assert checked.select(
        "select distinct cells.disposition, cells.reason from staging.cells as cells "
        "inner join staging.files using (file_id) where file_name = 'draft.xlsx'"
    ) == [("outside", "checked only")]
    assert checked.select(
        "select file_name, state, folder from staging.files where state = 'checked' order by file_name"
    ) == [("broken.xlsx", "checked", "check"), ("draft.xlsx", "checked", f"{QUARTER}/check")]


def test_quality_lists_it_as_checked_only(checked: Ran) -> None:
    sheet = load_workbook(checked.pack)["Quality"]
    table = sheet.tables["Quality_checked"]
    first, last = table.ref.split(":")
    listed = {str(line[0].value) for line in sheet[first:last]}
    assert {"draft.xlsx", "broken.xlsx"} < listed


def test_the_marts_are_those_without_it(checked: Ran, tmp_path: Path) -> None:
    good = (checked.workspace.raw / QUARTER / "PCT.xlsx").read_bytes()
    without = run(workspace_of(tmp_path / "without", Sent("PCT.xlsx", good)), QUARTER)
    with_checks, alone = content(checked.workspace.database), content(without.workspace.database)
    differ = {name for name, what in with_checks.items() if alone[name] != what}
    assert differ <= {
        "staging.files", "staging.sheets", "staging.cells", "staging.about", "marts.about", "marts.checked_files",
    }  # fmt: skip
