"""Personal data in what partners write: found by its form, and shown to nobody."""

import duckdb
import pytest
from grids import Row, contract, judge, opened, sheet

from pipelines.contract import Column, Rule
from pipelines.findings import QUERY
from pipelines.load import load
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
    with duckdb.connect() as connection:
        load(judged, connection)
        kept = [
            str(row)
            for (table,) in connection.execute(
                "select 'staging.' || table_name from duckdb_tables() where schema_name = 'staging'"
            ).fetchall()
            for row in connection.execute(f"from {table}").fetchall()
        ]
        (note,) = (
            connection.execute("select note from staging.notes where project = 'NRF01'").fetchone() or ()
        )
    assert not [row for row in kept if "Smith" in row or "Acacia" in row]
    assert note == f"{REMOVED} of {REMOVED} rang."
    assert {f.as_typed for f in judged.findings} == {note}
    assert any("Two of five run." in row for row in kept)
