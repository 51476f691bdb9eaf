"""Judgements arrive by a return of their own, and none takes the place of another."""

from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sample_files import ROOT
from workspaces import QUARTER, Ran, Sent, run, workspace_of

HEADINGS = ["What is rated", "Kind", "Rating", "Reason", "By", "On"]
DAY = "7 July 2004"


def ratings(*rows: list[object]) -> dict[str, list[list[object]]]:
    return {"Ratings": [["From:", "Partnership Office"], ["Quarter:", "Q1 2004/05"], [], HEADINGS, *rows]}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    sent = ratings(
        ["under-18 conceptions", "moderated", "Red", "Two clinics closed.", "Performance group", DAY],
        ["H4", "official", "A/R", None, "Government Office", DAY],
        ["HOUSING", "official", "Amber/Red", None, "Government Office", DAY],
        ["Overall", "own", "Green", None, None, None],
        ["H1", "commentary", None, "Nothing new before the autumn.", "Partnership Manager", DAY],
        ["H3", "moderated", "Green", "Both do well.", "Performance group", DAY],
        ["Parks", "official", "Green", None, "Government Office", DAY],
        ["p_jsa", "moderated", "Amber/Red", "Two employers have closed.", "Performance group", DAY],
        ["P_JSA", "own", "Green", None, None, None],
        ["P_JSA", "commentary", None, "Claims rise again in the autumn.", "Partnership Manager", DAY],
    )
    return run(workspace_of(tmp_path_factory.mktemp("ratings") / "here", Sent("ratings.xlsx", sent)))


def test_every_judgement_is_kept_beside_the_others(ran: Ran) -> None:
    assert ran.select(
        "select subject_kind, subject, kind, rating, rated_by from marts.ratings where quarter = ? order by all",
        QUARTER,
    ) == [
        ("element", "housing", "official", "AR", "Government Office"),
        ("floor target", "H1", "commentary", None, "Partnership Manager"),
        ("overall", "overall", "own", "G", None),
        ("proxy", "P_JSA", "commentary", None, "Partnership Manager"),
        ("proxy", "P_JSA", "moderated", "AR", "Performance group"),
        ("proxy", "P_JSA", "own", "G", None),
        ("target", "H4", "moderated", "R", "Performance group"),
        ("target", "H4", "official", "AR", "Government Office"),
    ]


def test_what_cannot_be_placed_is_refused_at_its_cell(ran: Ran) -> None:
    assert [(rule, cell) for _, rule, _, cell, _ in ran.findings if rule != "correction_applies"] == [
        ("measures_are_rated_apart", "A10"),
        ("subject_in_framework", "A11"),
    ]


def test_a_proxy_may_be_judged_too(ran: Ran) -> None:
    """No rule rates it; of the judgements the first in the framework's order is shown, on each target's sheet."""
    found = ran.select(
        "select target_id, rating_own, rating_moderated, rating, rating_source, rating_reason from marts.proxies "
        "where quarter = ? and indicator_id = 'P_JSA' order by 1",
        QUARTER,
    )
    assert {row[1:] for row in found} == {
        (
            "G",
            "AR",
            "AR",
            "moderated",
            "Moderated by Performance group on 7 Jul 2004: Two employers have closed.",
        )
    }
    sheet = load_workbook(ran.pack)["FT_W1"]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "Ratings of proxies" in said and "Claims rise again in the autumn." in said


def test_a_judgement_leads_to_the_cell_it_was_typed_in(ran: Ran) -> None:
    assert ran.select(
        "select column_name, cell, as_typed from marts.provenance where mart = 'ratings' and row_id = ? order by cell",
        f"{QUARTER}|target|H4|moderated",
    ) == [
        ("subject", "A5", "under-18 conceptions"),
        ("rating", "C5", "Red"),
        ("reason", "D5", "Two clinics closed."),
        ("rated_by", "E5", "Performance group"),
        ("rated_on", "F5", DAY),
    ]


def test_the_review_of_2004_is_in_the_sample_as_the_official_rating(sample: Ran) -> None:
    """Progress report of 4 October 2004, 3.7: overall and all elements Amber/Green, but Housing Amber/Red."""
    found = sample.select(
        "select subject, rating from marts.ratings where kind = 'official' order by subject"
    )
    assert len(found) == 7
    assert {subject for subject, rating in found if rating != "AG"} == {"housing"}
    assert ("housing", "AR") in found and ("overall", "AG") in found


def test_the_official_rating_was_not_known_in_july(sample: Ran) -> None:
    """It came in September, in a file that takes the place of July's and repeats what that one said."""
    assert sample.select(
        "select distinct kind from staging.received_ratings where received_at < timestamp '2004-09-01' order by 1"
    ) == [("commentary",), ("moderated",), ("own",)]


# Which is shown


SCALE = {"G": "Green", "AG": "Amber/Green", "AR": "Amber/Red", "R": "Red"}
SOURCES = ("official", "moderated", "own", "suggested")


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """The macros over the smallest framework that they need."""
    made = duckdb.connect()
    made.execute(
        "create schema framework; create table framework.settings (setting_id text, row_id text, value text); "
        "create table framework.rating_scale (rating text, word text, rank double)"
    )
    for rank, (code, word) in enumerate(SCALE.items(), start=1):
        made.execute("insert into framework.rating_scale values (?, ?, ?)", [code, word, rank])
    made.execute((ROOT / "sql" / "macros.sql").read_text(encoding="utf-8"))
    return made


def shown(
    ratings: dict[str, str | None], order: list[str], *, is_old: bool
) -> tuple[dict[str, Any] | None, str | None]:
    """The rating shown and the sentence on what differs; every rating's reason is the name of its source."""
    values = ", ".join(f"{_text(ratings.get(source))}, '{source}'" for source in SOURCES)
    ((one, differs),) = (
        connection()
        .execute(
            f"with four as (select four_ratings({values}) as given), "
            "words as (select map_from_entries(list((rating, word))) as words from framework.rating_scale), "
            "chosen as (select given, rating_shown(given, ?::varchar[], 'G', ?) as one, words from four, words) "
            "select one, rating_differs(given, one, words, 'G', ?) from chosen",
            [order, is_old, is_old],
        )
        .fetchall()
    )
    return one, differs


def _text(code: str | None) -> str:
    return f"'{code}'" if code else "null"


some_rating = st.sampled_from([None, *SCALE])
orders = st.permutations(SOURCES).flatmap(lambda names: st.integers(1, 4).map(lambda n: list(names)[:n]))


@settings(deadline=None, max_examples=60)
@given(ratings=st.fixed_dictionaries(dict.fromkeys(SOURCES, some_rating)), order=orders, is_old=st.booleans())
def test_the_first_that_was_given_is_shown_and_the_best_never_on_what_is_old(
    ratings: dict[str, str | None], order: list[str], is_old: bool
) -> None:
    one, differs = shown(ratings, order, is_old=is_old)
    allowed = [name for name in order if ratings[name] and not (is_old and ratings[name] == "G")]
    assert (one["source"] if one else None) == (allowed[0] if allowed else None)
    assert not (one and is_old and one["rating"] == "G")
    given_ones = {code for code in ratings.values() if code}
    assert (differs is None) == (len(given_ones) <= 1 and (one is not None or not given_ones))
    if differs:
        others = [name for name in SOURCES if ratings[name] and not (one and name == one["source"])]
        assert all(f": {name}." in differs for name in others)


def test_the_sentence_says_which_is_shown_and_what_the_others_say() -> None:
    four = {"moderated": "AR", "own": "G", "suggested": "AG"}
    assert shown(four, ["official", "moderated", "suggested"], is_old=False)[1] == (
        "Shown: Amber/Red, moderated: moderated. Own Green: own. Suggested by rule Amber/Green: suggested."
    )


@pytest.mark.parametrize(
    ("ranks", "rule", "rank"),
    [([1, 2, 4], "worst", 4), ([1, 2, 4], "middle", 2), ([1, 3], "middle", 3), ([2], "middle", 2)],
)
def test_an_element_is_suggested_the_worst_or_the_middle_of_its_measures(
    ranks: list[int], rule: str, rank: int
) -> None:
    assert connection().execute("select rank_by_rule(?::integer[], ?)", [ranks, rule]).fetchall() == [(rank,)]


def test_official_ratings_stand_beside_suggested_and_own_ones_and_change_neither(sample: Ran) -> None:
    found = {
        subject: rest
        for subject, *rest in sample.select(
            "select subject, rating_suggested, rating_own, rating_official, rating, rating_source "
            "from marts.annual_review where quarter = ?",
            QUARTER,
        )
    }
    assert found["housing"] == ["AR", "AG", "AR", "AR", "official"]
    assert found["overall"][2:] == ["AG", "AG", "official"]
    assert {rest[2] for subject, rest in found.items() if subject != "housing"} == {"AG"}


def test_an_official_rating_is_unknown_before_it_was_given(sample: Ran) -> None:
    assert sample.select(
        "select distinct quarter from marts.annual_review where rating_official is not null"
    ) == [(QUARTER,)]


def test_a_moderated_green_is_not_shown_on_a_value_that_is_too_old(sample: Ran) -> None:
    ((rating, moderated, differs),) = sample.select(
        "select rating, rating_moderated, rating_differs from marts.floor_targets where row_id = ?",
        f"{QUARTER}|L2",
    )
    assert (rating, moderated) == (None, "G")
    assert differs.startswith("None is shown. A value that is too old or missing is never shown as Green.")


def test_a_moderated_rating_says_who_gave_it_when_and_why(sample: Ran) -> None:
    ((rating, source, reason),) = sample.select(
        "select rating, rating_source, rating_reason from marts.floor_targets where row_id = ?",
        f"{QUARTER}|C1_vehicle",
    )
    assert (rating, source) == ("AR", "moderated")
    assert reason.startswith("Moderated by Performance Group on 8 Jul 2004: ")
