"""Template, filled in by a script, run, reply, corrected, run: accepted, queries closed, nothing forgotten.

The same through LibreOffice is in test_round_trip.py.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import load_workbook
from templates import READ, fill_in, saved
from test_replies import HEADINGS, TOP, cell_under, query_on, texts
from workspaces import QUARTER, Ran, Sent, bytes_of, copied, lsp, run, workspace_of

from pipelines.receipt import receive
from pipelines.workspace import Workspace

EXPLANATION = "A last invoice of £10,000 is for work done before April."


@dataclass(frozen=True)
class Trip:
    """The two runs, and the replies as they were after the first."""

    first: Ran
    second: Ran
    replies: dict[str, str]


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    """One value that can't be read and one sum that does not add up; the first is corrected, the second explained."""
    folder = tmp_path_factory.mktemp("trip")
    workspace = workspace_of(folder / "workspace")
    lsp("templates", QUARTER, "--partner", "pct", "--root", workspace.root)
    book = fill_in(openpyxl.load_workbook(workspace.template_file(QUARTER, "pct")))
    cell_under(book["Proxy indicators"], "Uptake of breast screening", "Value").value = "most of them"
    cell_under(book["NRF spend and projects"], "NRF04", "Actual to date (£)").value = 63000
    sent = saved(book, folder / "Return.xlsx")
    receive(sent, "", QUARTER, workspace, datetime(2004, 7, 7, 9))
    first = run(workspace, QUARTER)
    replies = bytes_of(workspace.replies)

    reply = openpyxl.load_workbook(workspace.reply_file(QUARTER, "pct_reply_1.xlsx"))
    link = str(query_on(reply, "most of them", "Cell").hyperlink.location)
    sheet, _, cell = link.rpartition("!")
    reply[sheet.strip("'")][cell].value = "72%"
    query_on(reply, "63000", "Your answer").value = EXPLANATION
    back = saved(reply, folder / "Return with answers.xlsx")
    receive(back, "", QUARTER, workspace, datetime(2004, 7, 9, 9))
    return Trip(first, run(workspace, QUARTER), replies)


def test_the_first_run_asks_about_what_is_wrong_and_takes_the_rest(trip: Trip) -> None:
    assert trip.first.said.code == 3
    said = "\n".join(texts(trip.first.workspace.reply_file(QUARTER, "pct_reply_1.xlsx"), "Queries"))
    assert "In short: 1 to fix, 1 to explain." in said


def test_after_the_second_all_is_accepted_and_the_corrected_return_counts(trip: Trip) -> None:
    assert trip.second.said.code == 0
    states = trip.second.select(
        "select return, state, rows_refused, rows_queried from marts.returns "
        "where quarter = ? and partner = 'pct' order by return",
        QUARTER,
    )
    assert [state for _, *state in states] == [["nil", 0, 0]] + 3 * [["accepted", 0, 0]]
    values = "select indicator_id, value from staging.proxy_indicators where partner = 'pct' order by all"
    assert trip.second.select(values) == READ["proxy_indicators"]


def test_every_query_is_closed_and_says_how(trip: Trip) -> None:
    findings = trip.second.select(
        "select rule, consequence, settled_by, is_open from marts.findings "
        "where partner = 'pct' and consequence <> 'note' order by received_at, rule"
    )
    assert findings
    assert [finding for finding in findings if finding[3]] == []
    assert ("value_readable", "refuse", "later submission", False) in findings
    assert ("actuals_add_up", "query", "answer", False) in findings
    assert trip.second.select("select distinct answer from staging.answers") == [(EXPLANATION,)]


def test_the_history_is_kept(trip: Trip) -> None:
    files = trip.second.select(
        "select file_name, state from staging.submissions where return = 'proxy_indicators' order by received_at"
    )
    assert files == [("Return.xlsx", "superseded"), ("Return with answers.xlsx", "accepted")]
    after = bytes_of(trip.second.workspace.replies)
    assert trip.replies.items() <= after.items()
    said = "\n".join(texts(trip.second.workspace.reply_file(QUARTER, "pct_reply_2.xlsx"), "Receipt"))
    assert "Thank you: there is nothing you need to do." in said
    assert f"Explained on 9 July 2004: {EXPLANATION}" in said


def test_what_was_not_changed_was_not_received_again(trip: Trip) -> None:
    assert trip.second.select(
        "select file_name, state from staging.submissions where return in ('improvement_plan', 'nrf_spend')"
    ) == 2 * [("Return.xlsx", "accepted")]


# Answered before it is sent, answered after it was not


@pytest.fixture(scope="module")
def first_asked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A return with one thing to explain, run."""
    rows = [["H1_male", "2000-02", 73.2, 74, None], ["H4", "2002", 53.8, None, None]]
    sent = Sent("PCT.xlsx", {"Progress": [TOP, [], HEADINGS, *rows]})
    return run(workspace_of(tmp_path_factory.mktemp("asked") / "workspace", sent))


@pytest.fixture
def asked(first_asked: Ran, tmp_path: Path) -> Workspace:
    """A workspace of its own with that return and the reply that asks for the explanation."""
    return copied(first_asked, tmp_path / "workspace").workspace


def answered_copy(workspace: Workspace, path: Path, words: str) -> Path:
    reply = load_workbook(workspace.reply_file(QUARTER, "pct_reply_1.xlsx"))
    query_on(reply, "lower limit", "Your answer").value = words
    reply.save(path)
    return path


def test_a_check_of_an_answered_reply_says_that_its_queries_are_settled(
    asked: Workspace, tmp_path: Path
) -> None:
    said = lsp(
        "check",
        answered_copy(asked, tmp_path / "answered.xlsx", "The source prints it so."),
        "--root",
        asked.root,
    )
    assert said.code == 0
    assert "to explain" not in said.out
    assert "Settled: " in said.out and "The source prints it so." in said.out
    said = lsp(
        "check", answered_copy(asked, tmp_path / "wrong.xlsx", "wrong, should be 72"), "--root", asked.root
    )
    assert "1 to explain" in said.out
    assert "Correct the figure in its cell" in said.out


def test_an_answer_to_what_must_be_fixed_is_read_and_told_that_it_is_not_enough(tmp_path: Path) -> None:
    sent = Sent("PCT.xlsx", {"Progress": [TOP, [], HEADINGS, ["H4", "2002", "lots", None, None]]})
    ran = run(workspace_of(tmp_path / "workspace", sent))
    reply = load_workbook(ran.workspace.reply_file(QUARTER, "pct_reply_1.xlsx"))
    # no room is given for it, and a sheet without a password keeps nobody from it
    query_on(reply, "lots", "Your answer").value = "It is what the clinic says."
    path = saved(reply, tmp_path / "answered.xlsx")
    receive(path, "", QUARTER, ran.workspace, datetime(2004, 7, 12, 9))
    again = run(ran.workspace)
    assert again.select(
        "select is_open, because like 'Your answer of 12 July 2004 (''It is what the clinic says.'') was read, but "
        "this must be corrected%' from marts.findings where rule = 'value_readable'"
    ) == [(True, True)]
    told = "\n".join(texts(again.workspace.reply_file(QUARTER, "pct_reply_2.xlsx"), "Queries"))
    assert "an answer does not make it count." in told and "1 to fix" in told


def test_a_reply_without_an_answer_is_skipped_wherever_it_lies_and_told(asked: Workspace) -> None:
    reply = asked.reply_file(QUARTER, "pct_reply_1.xlsx")
    for folder in (QUARTER, f"{QUARTER}/check", "inbox"):
        (asked.raw / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(reply, asked.raw / folder / "draft_reply.xlsx")
    ledger = asked.ledger.read_text()
    again = run(asked)
    assert again.said.code == 0
    assert again.said.out.count("Skipped: draft_reply.xlsx in data/raw/") == 3
    assert asked.ledger.read_text() == ledger


def test_a_query_on_an_unanswered_reply_closes_once_it_came_answered(
    asked: Workspace, tmp_path: Path
) -> None:
    receive(asked.reply_file(QUARTER, "pct_reply_1.xlsx"), "", QUARTER, asked, datetime(2004, 7, 12, 9))
    answered = answered_copy(asked, tmp_path / "answered.xlsx", "The source prints it so.")
    receive(answered, "", QUARTER, asked, datetime(2004, 7, 13, 9))
    again = run(asked)
    assert again.select("select is_open, settled from marts.findings where rule = 'reply_answered'") == [
        (False, "'answered.xlsx' of 13 July 2004 answered it.")
    ]


def test_a_cell_of_a_query_is_that_of_the_reply_with_that_of_the_file_beside_it(asked: Workspace) -> None:
    reply = load_workbook(asked.reply_file(QUARTER, "pct_reply_1.xlsx"))
    cell = query_on(reply, "lower limit", "Cell")
    sheet, _, address = cell.hyperlink.location.partition("!")
    assert str(cell.value) == f"{address} (your file: D4)"
    assert (
        str(query_on(reply, "lower limit", "Sheet").value) == f"{sheet.strip(chr(39))} (your file: Progress)"
    )
    assert reply[sheet.strip("'")][address].value == 74
