"""Template, filled in by a script, run, reply, corrected, run: accepted, queries closed, nothing forgotten.

The same through LibreOffice is in test_round_trip.py.
"""

from dataclasses import dataclass
from datetime import datetime

import openpyxl
import pytest
from templates import READ, fill_in, saved
from test_replies import cell_under, query_on, texts
from workspaces import QUARTER, Ran, bytes_of, lsp, run, workspace_of

from pipelines.receipt import receive

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
