"""A file, its reply, and the reply sent back: corrected, explained, or just sent back."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from workspaces import QUARTER, Ran, Sent, bytes_of, run, workspace_of

from pipelines.receipt import receive

HEADINGS = ["Target ref", "Period", "Value", "Lower limit", "Commentary"]
TOP = ["Partner:", "Primary Care Trust", "Quarter:", "Q1 2004/05"]
ROWS: list[list[object]] = [
    ["H4", "2002", 53.8, None, "=cmd|' /C calc'!A0"],
    ["H3_cancer", "2000-02", "lots", None, "Still counted."],
    ["H1_male", "2000-02", 73.2, 74, None],
    ["H1_female", "2000-02", "78.1 (p)", None, None],
]
JOBCENTRE = {
    "Register": [
        ["Partner:", "Jobcentre Plus", "Quarter:", "Q1 2004/05"],
        ["Indicator ref", "Period", "Value"],
        ["P_NDLP", "2004Q2", 61],
    ]
}
LATER = datetime(2004, 7, 12, 9)


def cell_under(sheet: Worksheet, row_key: str, heading: str) -> Any:
    """The cell below a heading, in the row in which the key stands."""
    head = next(cell for line in sheet.iter_rows() for cell in line if cell.value == heading)
    row = next(
        line[0].row
        for line in sheet.iter_rows(min_row=head.row + 1)
        for cell in line
        if cell.value == row_key
    )
    return sheet.cell(row, head.column)


def query_on(book: Workbook, words: str, heading: str) -> Any:
    """The cell under a heading of the sheet Queries, in the line that has these words in it."""
    sheet = book["Queries"]
    head = next(cell for line in sheet.iter_rows() for cell in line if cell.value == heading)
    row = next(
        line[0].row
        for line in sheet.iter_rows(min_row=head.row + 1)
        if any(words in str(cell.value) for cell in line)
    )
    return sheet.cell(row, head.column)


def texts(path: Path, sheet: str) -> list[str]:
    """Every text and number of a sheet, line by line."""
    lines = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [" | ".join(str(value) for value in line if value is not None) for line in lines]


@dataclass(frozen=True)
class Rounds:
    """Two runs: after the files came, and after their replies came back."""

    first: Ran
    second: Ran
    replies: Mapping[str, str]  # after the first run, by file name: hash

    def reply(self, name: str) -> Path:
        return self.first.workspace.reply_file(QUARTER, name)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    """The PCT has one value to fix and one to explain, and does both; Jobcentre Plus sends its reply back as it is."""
    root = tmp_path_factory.mktemp("replies") / "workspace"
    workspace = workspace_of(
        root,
        Sent("PCT.xlsx", {"Progress": [TOP, [], HEADINGS, *ROWS]}),
        Sent("Jobcentre.xlsx", JOBCENTRE),
        Sent("broken.xlsx", b"PK\x03\x04 this is no workbook", sender="police"),
    )
    first = run(workspace, QUARTER)
    replies = bytes_of(workspace.replies)
    kept = root.parent / "kept"
    shutil.copytree(workspace.replies, kept)

    path = kept / QUARTER / "pct_reply_1.xlsx"
    book = load_workbook(path)
    sheet = book["Floor target progress"]
    cell_under(sheet, "H3_cancer", "Value").value = 173.4
    query_on(book, "lower limit", "Your answer").value = "The limits were published for another year."
    book.save(path)
    receive(path, "", QUARTER, workspace, LATER)
    receive(kept / QUARTER / "jobcentre_reply_1.xlsx", "", QUARTER, workspace, LATER)
    return Rounds(first, run(workspace, QUARTER), replies)


# The reply


def test_every_file_has_its_reply_and_the_run_says_where(rounds: Rounds) -> None:
    assert sorted(rounds.replies) == [
        f"{QUARTER}/jobcentre_reply_1.xlsx",
        f"{QUARTER}/pct_reply_1.xlsx",
        f"{QUARTER}/police_reply_1.xlsx",
    ]
    folder = rounds.first.workspace.replies / QUARTER
    assert f"Replies           3 in {folder}, 3 of them with something to do\n" in rounds.first.said.out


def test_queries_come_first_and_lead_to_the_partners_figures(rounds: Rounds) -> None:
    book = load_workbook(rounds.reply("pct_reply_1.xlsx"))
    assert book.sheetnames == [
        "Queries",
        "Floor target progress",
        "In the pack",
        "Lists",
        "_queries",
        "_meta",
    ]
    assert book["_queries"].sheet_state == "veryHidden"
    link = query_on(book, "lots", "Cell").hyperlink.location
    sheet, _, cell = link.rpartition("!")
    assert book[sheet.strip("'")][cell].value == "lots"


def test_a_text_stays_a_text_whatever_it_begins_with(rounds: Rounds) -> None:
    book = load_workbook(rounds.reply("pct_reply_1.xlsx"))
    cell = cell_under(book["Floor target progress"], "H4", "Commentary")
    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A0", "s")


def test_what_is_asked_about_is_open_and_what_was_taken_is_locked(rounds: Rounds) -> None:
    book = load_workbook(rounds.reply("pct_reply_1.xlsx"))
    sheet = book["Floor target progress"]
    asked, taken = cell_under(sheet, "H3_cancer", "Value"), cell_under(sheet, "H4", "Value")
    assert (asked.protection.locked, taken.protection.locked) == (False, True)
    assert asked.comment.text.startswith("[query 1] Must fix. ")
    assert taken.comment is None
    assert sheet.protection.sheet and book["Queries"].protection.sheet
    assert not query_on(book, "lower limit", "Your answer").protection.locked


def test_room_for_an_answer_is_given_where_an_answer_is_enough(rounds: Rounds) -> None:
    book = load_workbook(rounds.reply("pct_reply_1.xlsx"))
    fix, explain = query_on(book, "lots", "Your answer"), query_on(book, "lower limit", "Your answer")
    assert (fix.protection.locked, explain.protection.locked) == (True, False)
    assert fix.fill.fill_type is None and explain.fill.fill_type == "solid"
    (prompt,) = book["Queries"].data_validations.dataValidation
    assert explain.coordinate in prompt.sqref and fix.coordinate not in prompt.sqref


def test_what_to_do_goes_by_what_is_asked(rounds: Rounds) -> None:
    both = "\n".join(texts(rounds.reply("pct_reply_1.xlsx"), "Queries"))
    assert "2. 'Must fix': correct the figure there. 'Please explain': correct it, or write beside" in both
    to_explain = "\n".join(texts(rounds.reply("jobcentre_reply_1.xlsx"), "Queries"))
    assert "2. Correct the figure there, or write beside the query, under 'Your answer'," in to_explain
    unread = "\n".join(texts(rounds.reply("police_reply_1.xlsx"), "Queries"))
    assert "2. Send it again. There is nothing to fill in here." in unread


def test_who_must_fix_only_is_not_asked_to_explain(sample: Ran) -> None:
    said = "\n".join(texts(sample.workspace.reply_file(QUARTER, "police_reply_1.xlsx"), "Queries"))
    assert "In short: 1 to fix, 1 for information." in said
    assert "2. Correct the figure there. Until then it does not count" in said
    assert "why it is right" not in said


def test_a_file_that_cant_be_read_is_answered_with_its_sentence(rounds: Rounds) -> None:
    said = "\n".join(texts(rounds.reply("police_reply_1.xlsx"), "Queries"))
    assert "Your file: broken.xlsx" in said
    assert "Must fix" in said
    assert "Send it again." in said


# The reply sent back


def test_the_corrected_reply_is_the_return_that_counts(rounds: Rounds) -> None:
    assert rounds.second.select(
        "select partner, state, rows_read, rows_accepted, file_name from staging.submissions "
        "where return = 'floor_targets' order by received_at"
    ) == [
        ("pct", "superseded", 4, 3, "PCT.xlsx"),
        ("pct", "accepted", 4, 4, "pct_reply_1.xlsx"),
    ]
    assert rounds.second.select(
        "select target_id, value, value_status, lower, commentary from staging.floor_targets order by target_id"
    ) == [
        ("H1_female", 78.1, "p", None, None),
        ("H1_male", 73.2, None, 74.0, None),
        ("H3_cancer", 173.4, None, None, "Still counted."),
        ("H4", 53.8, None, None, "=cmd|' /C calc'!A0"),
    ]


def test_an_explanation_closes_its_query_and_stays_on_record(rounds: Rounds) -> None:
    assert rounds.second.select(
        "select settled_by, is_open from marts.findings where rule = 'lower_not_above_value' order by received_at"
    ) == [("later submission", False), ("answer", False)]
    assert rounds.second.select("select answer, as_typed from staging.answers") == [
        ("The limits were published for another year.", "74")
    ]


def test_what_was_corrected_is_closed_and_the_first_file_is_still_listed(rounds: Rounds) -> None:
    assert rounds.second.select(
        "select rule, settled_by from marts.findings where file_name = 'PCT.xlsx' and consequence = 'refuse'"
    ) == [("value_readable", "later submission")]
    asked = "select count(*) from marts.findings where partner = 'pct' and is_open and consequence <> 'note'"
    assert rounds.second.one(asked) == 0


def test_the_next_reply_is_a_receipt_and_the_first_is_kept(rounds: Rounds) -> None:
    folder = rounds.second.workspace.replies / QUARTER
    assert {path.name for path in folder.glob("pct*")} == {"pct_reply_1.xlsx", "pct_reply_2.xlsx"}
    said = "\n".join(texts(folder / "pct_reply_2.xlsx", "Receipt"))
    assert "Thank you: there is nothing you need to do." in said
    assert "Explained on 12 July 2004: The limits were published for another year." in said
    assert {
        name: hash for name, hash in bytes_of(folder.parent).items() if name in rounds.replies
    } == rounds.replies


def test_every_cell_of_a_returned_reply_has_its_place(rounds: Rounds) -> None:
    assert rounds.second.select(
        "select cells.sheet, cells.as_typed, cells.disposition from staging.cells as cells inner join staging.files "
        "using (file_id) where file_name = 'pct_reply_1.xlsx' and cells.reason = 'answer'"
    ) == [("Queries", "The limits were published for another year.", "loaded")]
    assert (
        rounds.second.one(
            "select count(*) from staging.cells inner join staging.files using (file_id) "
            "where file_name = 'pct_reply_1.xlsx' and sheet = 'Queries' and disposition <> 'loaded' "
            "and cells.reason <> 'query sheet'"
        )
        == 0
    )


def test_a_reply_sent_back_as_it_was_is_listed_and_closes_nothing(rounds: Rounds) -> None:
    assert rounds.second.select(
        "select file_name, state from staging.submissions where return = 'proxy_indicators'"
    ) == [("Jobcentre.xlsx", "accepted")]
    assert rounds.second.select(
        "select file_name, rule, consequence, is_open from marts.findings where partner = 'jobcentre' order by rule"
    ) == [
        ("Jobcentre.xlsx", "period_clear", "query", True),
        ("jobcentre_reply_1.xlsx", "reply_answered", "query", True),
    ]
