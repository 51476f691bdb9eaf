"""Money against progress: one floor target in, the questions that it raises out."""

from typing import Any

import duckdb
import pytest
from sample_files import ROOT

SQL = ROOT / "sql"
MONEY = """
    row_id text, quarter text, parent_id text, title text, rating text, rating_mark text, measures int,
    measures_rated int, allocation double, allocation_pct double, profile_to_date double, actual_to_date double,
    variance_pct double, projects_expected int, projects_received int, projects_not_additive int,
    actions_live int, actions_ended int, basis text
"""
TARGET = {
    "row_id": "Q1|T", "quarter": "Q1", "parent_id": "T", "title": "Target", "rating": "R", "measures": 2,
    "measures_rated": 2, "allocation": 1000, "allocation_pct": 12.5, "profile_to_date": 200,
    "actual_to_date": 198, "variance_pct": -1, "projects_expected": 3, "projects_received": 3,
    "projects_not_additive": 0, "actions_live": 1, "actions_ended": 0, "basis": "illustrative",
}  # fmt: skip
NO_PROJECT = {"allocation": None, "allocation_pct": None, "profile_to_date": None, "actual_to_date": None,
              "variance_pct": None, "projects_expected": 0, "projects_received": 0}  # fmt: skip


def asked(**changes: Any) -> dict[str, str]:
    """Question: sentence, in the order in which they are asked; a scale of G, A and R, bands from 5%."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create schema framework; create table framework.settings (setting_id text, row_id text);
            create schema marts;
            create table marts.rating_scale as
                from (values ('G', 'Green', 1), ('A', 'Amber', 2), ('R', 'Red', 3)) as scale (rating, word, rank);
            create table marts.spend_bands as from (values (5.0), (15.0), (null)) as bands (up_to_pct);
            create table marts.target_money ({MONEY});
            """
        )
        connection.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        row = TARGET | changes
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into marts.target_money ({', '.join(row)}) values ({marks})", [*row.values()]
        )
        query = (SQL / "marts" / "money_against_progress.sql").read_text(encoding="utf-8")
        return dict(
            connection.execute(f"select question, sentence from ({query}) order by question_order").fetchall()
        )


def test_a_red_target_with_money_spent_as_planned_and_an_action_raises_nothing() -> None:
    assert asked() == {}


@pytest.mark.parametrize("rating", ["A", "G", None])
def test_what_is_asked_of_red_is_asked_of_red_alone(rating: str | None) -> None:
    found = asked(**NO_PROJECT, rating=rating, actions_live=0)
    assert found == {}


def test_red_without_money_and_without_an_action_are_two_questions() -> None:
    assert asked(**NO_PROJECT, actions_live=0, actions_ended=1) == {
        "red without money": "T (Target) is Red, and no project serves it.",
        "red without a live action": (
            "T (Target) is Red, and the plan has no live action for it: 1 is complete or superseded."
        ),
    }


def test_a_rating_by_position_or_outlook_alone_is_marked_in_the_sentence() -> None:
    found = asked(**NO_PROJECT, rating_mark="u")
    assert found["red without money"] == "T (Target) is Red [u], and no project serves it."


def test_projects_without_an_allocation_are_no_money() -> None:
    found = asked(allocation=0, allocation_pct=0, variance_pct=None, projects_expected=1, projects_received=1)
    assert found == {
        "red without money": "T (Target) is Red, and the 1 project that serves it has no allocation this year."
    }


@pytest.mark.parametrize(
    "unknown", [{"projects_expected": 1}, {"projects_not_additive": 1}], ids=["not in", "not additive"]
)
def test_money_that_is_not_known_is_not_no_money(unknown: dict[str, int]) -> None:
    assert asked(**(NO_PROJECT | unknown)) == {}


@pytest.mark.parametrize(("variance", "is_asked"), [(-5, False), (-5.1, True), (40, False), (None, False)])
def test_underspent_is_below_profile_by_more_than_the_first_band(
    variance: float | None, is_asked: bool
) -> None:
    assert list(asked(variance_pct=variance)) == ["red and underspent"] * is_asked


def test_money_on_green_says_how_much_and_how_far_it_is_rated() -> None:
    assert asked(rating="G", measures_rated=1, projects_received=2) == {
        "money on green": (
            "T (Target) is Green as far as it is rated (1 of 2 measures), and has £1,000 of this year's "
            "allocations, 12.5% of them all. Figures are of 2 of 3 projects."
        )
    }


def test_money_where_nothing_is_rated_is_asked_about_and_never_called_green() -> None:
    assert asked(rating=None, measures_rated=0) == {
        "money on no rating": (
            "T (Target) has £1,000 of this year's allocations, 12.5% of them all, "
            "and none of its 2 measures has a rating."
        )
    }


def test_money_before_any_measure_is_in_force_says_so() -> None:
    (sentence,) = asked(rating=None, measures=0, measures_rated=0).values()
    assert sentence.endswith("12.5% of them all, and no measure of it is in force.")
