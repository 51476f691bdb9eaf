"""Judgements arrive by a return of their own, and none takes the place of another."""

import pytest
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
        ("target", "H4", "moderated", "R", "Performance group"),
        ("target", "H4", "official", "AR", "Government Office"),
    ]


def test_what_cannot_be_placed_is_refused_at_its_cell(ran: Ran) -> None:
    assert [(rule, cell) for _, rule, _, cell, _ in ran.findings if rule != "correction_applies"] == [
        ("measures_are_rated_apart", "A10"),
        ("subject_in_framework", "A11"),
    ]


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
