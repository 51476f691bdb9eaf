"""Personal data in what partners write: found by its form, and shown to nobody."""

from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest
from grids import CONTEXT, REFERENCES, Row, contract, judge, opened, receipt, sheet

from pipelines.contract import Column, Rule
from pipelines.findings import NOTE as NOTED
from pipelines.findings import QUERY
from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.marts.load import load
from pipelines.personal_data import REMOVED, kinds, masked

LENGTHS = "expect_column_value_lengths_to_be_between"
NOTE = contract(
    Column("project", "Project ref", "text", required=True),
    Column("note", "Note", "text"),
    name="notes",
    title="Notes",
    rules=(
        Rule(
            "note_without_personal_data",
            "Take it out.",
            QUERY,
            "expect_column_values_to_hold_no_personal_data",
            {"column": "note"},
        ),
        Rule("note_is_short", "It is long.", QUERY, LENGTHS, {"column": "note", "max_value": 30}),
    ),
)
TOP: list[Row] = [["Partner", "pct"], ["Quarter", "2004-05-Q1"], ["Project ref", "Note"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to jane.smith@example.org.uk.", ["an e-mail address"]),
        ("Ring 0161 496 0000 before five.", ["a telephone number"]),
        ("Ring (0161) 496-0000.", ["a telephone number"]),
        ("Mobile 07700 900123", ["a telephone number"]),
        ("+44 7700 900123", ["a telephone number"]),
        ("Her number is QQ 12 34 56 C.", []),  # no number begins with Q
        ("Her number is AB 12 34 56 C.", ["a National Insurance number"]),
        ("his number: ab123456c", ["a National Insurance number"]),
        ("A resident, born 4/5/1961, complained.", ["a date of birth"]),
        ("DOB: 4 May 1961", ["a date of birth"]),
        ("date of birth 1961-05-04", ["a date of birth"]),
        ("Flooding at 12 Acacia Avenue, Salford, M6 5XX again.", ["a home address"]),
        ("12a Acacia Avenue M65XX", ["a home address"]),
        ("Mrs Smith wrote again.", ["the name of a person"]),
        ("Ms. Ann O'Brien and others", ["the name of a person"]),
        ("Dr P. Smith-Jones has left.", ["the name of a person"]),
        ("Contact PC Dave Smith on this.", ["the name of a person"]),
    ],
)
def test_what_is_personal_is_found_by_its_form_and_taken_out(text: str, found: list[str]) -> None:
    assert kinds(text) == found
    assert kinds(masked(text)) == []
    assert (REMOVED in masked(text)) == bool(found)


@pytest.mark.parametrize(
    "text",
    [
        "£12,500 of £0.5m was spent by 30 June 2004.",
        "Down from 1,289 to 1,180, 8.5% less than in 2002-03.",
        "2004-05-Q1: 0.161 496 of all; ref 01614",
        "The family centre in M6 has 120 places; see page 12 of the plan.",
        "Miss no more deadlines. Dr. to be appointed..",
        "The post of nurse was filled in May; 12 of 40 sessions ran.",
        "Projects NRF01 to NRF16; codes E05000767, 00BR and E08000006.",
        "3 of the 12 streets, and 14 new bins in Langworthy.",
    ],
)
def test_figures_dates_codes_and_places_are_not_personal(text: str) -> None:
    assert kinds(text) == []
    assert masked(text) == text


@pytest.mark.parametrize("nothing", [None, float("nan"), 12, ""])
def test_what_is_no_text_holds_nothing(nothing: object) -> None:
    assert kinds(nothing) == []


def test_it_is_asked_about_and_stands_nowhere_that_anybody_reads() -> None:
    secret = "Mrs Smith of 12 Acacia Avenue, Salford M6 5XX rang."
    judged = judge(opened(1, sheet([*TOP, ["NRF01", secret], ["NRF02", "Two of five run."]])), of=[NOTE])
    assert [(f.rule, f.row_id is not None) for f in judged.findings] == [
        ("note_without_personal_data", True),
        ("note_is_short", True),
    ]
    kept = everything_in_staging(judged)
    (note,) = (
        row["note"] for row in judged.frames["staging.notes"].to_dict("records") if row["project"] == "NRF01"
    )
    assert not [row for row in kept if "Smith" in row or "Acacia" in row]
    assert note == f"{REMOVED} of {REMOVED} rang."
    assert {f.as_typed for f in judged.findings} == {note}
    assert any("Two of five run." in row for row in kept)


def everything_in_staging(judged: Judged) -> list[str]:
    """Every row of every table that is loaded, as text."""
    with duckdb.connect() as connection:
        load(judged, connection)
        tables = connection.execute(
            "select 'staging.' || table_name from duckdb_tables() where schema_name = 'staging'"
        ).fetchall()
        return [str(row) for (table,) in tables for row in connection.execute(f"from {table}").fetchall()]


SECRET = "Mrs Smith of 12 Acacia Avenue, Salford M6 5XX rang."
SHOWN = f"{REMOVED} of {REMOVED} rang."


def corrected(typed: str, **changes: Any) -> Judged:
    """A comment as typed, with a correction of it, `changes` to which are given."""
    correction = {
        "correction_id": "K1", "partner_id": "pct", "return_name": "notes", "for_quarter": "2004-05-Q1",
        "file_name": None, "sheet": None, "cell": None, "row_key": "NRF01", "column_name": "note", "says": SHOWN,
        "should_say": "A resident rang.", "reason": "Told by the post room.", "corrected_by": "the office",
        "corrected_on": date(2004, 7, 12), "state": "open", "file_id": "f0", "submission_id": "s0",
        "row_id": "s0:1:2", "is_current": True, "is_queried": False,
    } | changes  # fmt: skip
    judged = Judged({NOTE.full_name: NOTE}, references=dict(REFERENCES))
    judged.frames["framework.corrections"] = pd.DataFrame([correction], dtype=object)
    return judge_returns(judged, [opened(1, sheet([*TOP, ["NRF01", typed]]))], CONTEXT)


@pytest.mark.parametrize("says", [SECRET, SHOWN])
def test_what_a_correction_replaces_stands_nowhere_either(says: str) -> None:
    judged = corrected(SECRET, says=says)
    (row,) = judged.frames["staging.notes"].to_dict("records")
    assert (row["note"], row["note__as_typed"]) == ("A resident rang.", SHOWN)
    (finding,) = judged.findings
    assert (finding.rule, finding.as_typed) == ("value_corrected", SHOWN)
    assert finding.because.startswith(f"This says '{SHOWN}'. Read as 'A resident rang.'")
    kept = everything_in_staging(judged)
    assert not [row for row in kept if "Smith" in row or "Acacia" in row]
    assert [row for row in kept if "value_corrected" in row]


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        (SECRET, {"says": "Nobody rang."}),
        (SECRET, {"says": "Nobody rang.", "should_say": SECRET}),
        ("Nobody rang.", {"says": "Nobody rang.", "should_say": SECRET}),
    ],
    ids=["not applied", "done already", "corrected to personal data"],
)
def test_nor_does_a_correction_tell_it(typed: str, changes: dict[str, str]) -> None:
    judged = corrected(typed, **changes)
    told = [f"{f.because} {f.as_typed} {f.settled}" for f in judged.findings]
    assert told and not [text for text in (*told, *judged.corrected.values()) if "Smith" in text]
    assert not [row for row in everything_in_staging(judged) if "Smith" in row or "Acacia" in row]


def test_an_answer_is_kept_without_it_and_its_sender_is_told() -> None:
    lines: list[Row] = [["parent_sha256", receipt(1).sha256], ["query_round", "1"], ["1", "f" * 16, "Full."]]
    queries: list[Row] = [
        ["No", "Severity", "Your answer"],
        ["1", "Please explain", SECRET],
        [None, None, "Ring 0161 496 0000."],
    ]
    reply = opened(2, sheet(queries, "Queries"), sheet(lines, "_queries", visibility="very hidden"))
    judged = judge(reply, of=[NOTE])
    assert [answer.text for answer in judged.answers] == [SHOWN]
    assert [(f.rule, f.consequence, f.cell, f.as_typed) for f in judged.findings] == [
        ("answer_without_personal_data", NOTED, "C2", SHOWN),
        ("answer_without_personal_data", NOTED, "C3", f"Ring {REMOVED}."),
        ("answer_beside_query", QUERY, "C3", f"Ring {REMOVED}."),
    ]
    assert judged.findings[0].because == (
        "This answer holds a home address and the name of a person. It was read without; "
        "answers need no names or addresses."
    )
    kept = everything_in_staging(judged)
    assert not [row for row in kept if "Smith" in row or "Acacia" in row or "0161" in row]
    assert len([row for row in kept if SHOWN in row]) == 3  # the answer, its cell and the finding


FIGURES = replace(
    NOTE,
    name="figures",
    title="Figures",
    columns=(*NOTE.columns, Column("spend", "Spend", "money", required=True)),
)
HEADINGS: Row = ["Project ref", "Note", "Spend"]


def dispositions(judged: Judged) -> dict[str, list[int]]:
    """For each sheet: how many cells were counted, loaded, refused and left outside."""
    with duckdb.connect() as connection:
        load(judged, connection)
        found = connection.execute(
            "select sheet, cells_counted, loaded, refused, outside from staging.sheets"
        )
        return {sheet: list(counts) for sheet, *counts in found.fetchall()}


@pytest.mark.parametrize(
    ("rows", "sums"),
    [
        ([[SECRET], *TOP[:2], HEADINGS, ["NRF01", "Fine.", 3]], [11, 3, 0, 8]),
        ([*TOP[:2], HEADINGS, ["NRF01", "Fine.", 3], [], [SECRET]], [11, 3, 0, 8]),
        ([*TOP[:2], [*HEADINGS, "Rang"], ["NRF01", "Fine.", 3, SECRET]], [12, 3, 0, 9]),
        ([*TOP[:2], HEADINGS, ["NRF01", "Fine.", SECRET]], [10, 0, 3, 7]),
        ([TOP[0], HEADINGS, ["NRF01", SECRET, 3], ["NRF02", "Fine.", 4]], [11, 0, 6, 5]),
        ([*TOP[:2], HEADINGS[:2], ["NRF01", SECRET]], [8, 0, 2, 6]),
        ([["Mood", "Weather", "Rang"], ["Good", "Rain", SECRET]], [6, 0, 6, 0]),
    ],
    ids=[
        *("title", "footnote", "column of nobody's", "no figure", "refused without a quarter"),
        *("refused without a column", "not recognised"),
    ],
)
def test_cells_that_belong_to_no_row_that_stands_are_kept_without(rows: list[Row], sums: list[int]) -> None:
    judged = judge(opened(1, sheet(rows), folder="inbox"), of=[FIGURES])
    kept = everything_in_staging(judged)
    assert not [row for row in kept if "Smith" in row or "Acacia" in row]
    assert [row for row in kept if REMOVED in row]
    assert dispositions(judged) == {"Data": sums}
    told = [f"{f.because} {f.as_typed}" for f in judged.findings]
    assert not [text for text in told if "Smith" in text]
    shown = [
        str(dict(row)) for file in judged.files for s in file.submissions.values() for row in s.tidied.rows
    ]
    assert not [text for text in shown if "'note': 'Mrs" in text]
