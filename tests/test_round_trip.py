"""There and back twice: a template filled in, its reply corrected, and both saved by LibreOffice on the way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from templates import HEADER, column, fill, saved
from test_replies import cell_under, query_on
from test_templates import converted
from workspaces import QUARTER, Ran, bytes_of, lsp, run, workspace_of

from pipelines.receipt import receive

FILLED: dict[str, list[dict[str, object]]] = {
    "Floor target progress": [{"Value": "55.2%", "Your rating": "Amber/Green"}],
    "Proxy indicators": [{"Value": 41}, {"Value": 0.4}],
    "Improvement Plan actions": [
        {"Status": "slipping", "% done": "10%", "Your rating": "Green"},
        {"Status": "on track", "% done": "40%", "Your rating": "Green"},
    ],
    "NRF spend and projects": [
        {"Allocation (£)": 100000, "Carry-in (£)": 5000, "Revised allocation (£)": 100000,
         "Profile Q1 (£)": 25000, "Profile Q2 (£)": 25000, "Profile Q3 (£)": 25000, "Profile Q4 (£)": 25000,
         "Actual Q1 (£)": 24000, "Actual to date (£)": 24000},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Rounds:
    """What was so after the template came back, and the run after its reply did."""

    states: list[tuple[str, str]]
    open_rules: list[str]
    replies: dict[str, str]  # file → hash
    second: Ran


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    """Housing's template, filled in by a script; and its reply, corrected."""
    folder = tmp_path_factory.mktemp("round trip")
    workspace = workspace_of(folder / "workspace")
    assert lsp("templates", QUARTER, "--partner", "housing", "--root", workspace.root).code == 0
    book: Any = openpyxl.load_workbook(workspace.template_file(QUARTER, "housing"))
    for title, rows in FILLED.items():
        for number, values in enumerate(rows, start=HEADER + 1):
            fill(book[title], number, values)
    sheet = book["Floor target progress"]
    sheet.cell(HEADER + 1, column(sheet, "Value")).number_format = "@"
    sent = converted(saved(book, folder / "Housing return.xlsx"), "xlsx")
    receive(sent, "", "inbox", workspace, datetime(2004, 7, 7, 9))
    first = run(workspace, QUARTER)
    before = states(first), open_rules(first), bytes_of(workspace.replies / QUARTER)

    reply: Any = openpyxl.load_workbook(workspace.reply_file(QUARTER, "housing_reply_1.xlsx"))
    cell_under(reply["Proxy indicators"], "P_VOIDS", "Value").value = "0.4%"
    cell_under(reply["NRF spend and projects"], "NRF12", "Revised allocation (£)").value = 105000
    query_on(
        reply, "slipping", "Your answer"
    ).value = "The delay is agreed, and the rating is of the new plan."
    corrected = converted(saved(reply, folder / "corrected.xlsx"), "xlsx")
    receive(corrected, "", "inbox", workspace, datetime(2004, 7, 9, 9))
    return Rounds(*before, run(workspace, QUARTER))


def states(ran: Ran) -> list[tuple[str, str]]:
    return ran.select(
        "select return, state from marts.returns where quarter = ? and partner = 'housing' order by return",
        QUARTER,
    )


def open_rules(ran: Ran) -> list[str]:
    asked = "select rule from marts.findings where partner = 'housing' and is_open and consequence <> 'note' order by 1"
    return [rule for (rule,) in ran.select(asked)]


def test_the_template_is_taken_and_what_is_doubtful_is_asked(rounds: Rounds) -> None:
    assert rounds.states == [
        ("floor_targets", "accepted"),
        ("improvement_plan", "queried"),
        ("nrf_spend", "queried"),
        ("proxy_indicators", "refused in part"),
    ]
    assert rounds.open_rules == ["revised_allocation_adds_up", "slipping_is_not_green", "value_readable"]


def test_the_corrected_reply_closes_every_query(rounds: Rounds) -> None:
    second = rounds.second
    assert open_rules(second) == []
    assert {state for _, state in states(second)} == {"accepted"}
    assert second.select("select indicator_id, value from staging.proxy_indicators order by all") == [
        ("P_DECENT", 41.0),
        ("P_VOIDS", 0.4),
    ]
    assert second.one("select revised_allocation from staging.nrf_spend") == 105000


def test_what_was_sent_first_stays_on_record(rounds: Rounds) -> None:
    second = rounds.second
    kept = second.select(
        "select return, state, file_name from staging.submissions where file_name = 'Housing return.xlsx' order by 1"
    )
    assert {name for name, _, _ in kept} == {
        "floor_targets",
        "improvement_plan",
        "nrf_spend",
        "proxy_indicators",
    }
    settled = dict(
        second.select("select rule, settled_by from marts.findings where file_name = 'Housing return.xlsx'")
    )
    assert settled["value_readable"] == "later submission"
    assert (
        second.one("select answer from staging.answers")
        == "The delay is agreed, and the rating is of the new plan."
    )


def test_each_file_has_a_reply_of_its_own(rounds: Rounds) -> None:
    now = bytes_of(rounds.second.workspace.replies / QUARTER)
    assert (sorted(rounds.replies), sorted(now)) == (
        ["housing_reply_1.xlsx"],
        ["housing_reply_1.xlsx", "housing_reply_2.xlsx"],
    )
