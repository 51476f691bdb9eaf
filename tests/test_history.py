"""0.38 in a column of percentages: read as 38% or 0.38% where earlier returns settle which, and refused otherwise."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from grids import Row, contract, judge, opened, receipt, sheet

from pipelines.cells import Book
from pipelines.contract import Column
from pipelines.findings import QUERY, REFUSE, Answer, Finding
from pipelines.judge.history import is_plausible
from pipelines.judge.judged import Judged
from pipelines.judge.settle import settle
from pipelines.submission import FileRead
from pipelines.submission.answers import Returned
from pipelines.submission.opening import Opened

PASSES = contract(
    Column("place", "Place", "text", required=True),
    Column("period", "Period", "period", required=True),
    Column("share", "Good passes (%)", "percent", required=True, unit="%"),
    key=["place", "period"],
    name="passes",
    title="Passes",
)
BUDGET = contract(
    Column("project", "Project ref", "text", required=True),
    Column("budget", "Budget (£)", "money", required=True, unit="GBP"),
    name="budget",
    title="Budget",
)


def sent(number: int, *rows: Row, partner: str = "PCT", **of_receipt: Any) -> Opened:
    """File number so and so, received a minute after the one before, with places, periods and shares."""
    top: Row = ["Partner:", partner, "Quarter:", "Q1 2004/05"]
    headings = ["Place", "Period", "Good passes (%)"]
    return opened(number, sheet([top, headings, *rows]), **({"folder": "inbox"} | of_receipt))


def shares(judged: Judged, period: str) -> list[float]:
    """The shares that stand for a period, in the order of their rows."""
    frame = judged.frames["staging.passes"]
    return [float(share) for share in frame[frame["period_label"] == period]["share"]]


EARLIER = sent(1, ["Salford", "2000", 35.1], ["Salford", "2001", 39], ["Salford", "2002", "37%"])
UNCLEAR = ["Salford", "2003", 0.38]


def test_the_only_plausible_reading_is_taken_and_asked_about() -> None:
    judged = judge(EARLIER, sent(2, UNCLEAR), of=[PASSES])
    assert shares(judged, "2003") == [38]
    (asked,) = (finding for finding in judged.findings if finding.rule == "share_clear")
    assert (asked.rule, asked.consequence, asked.cell, asked.as_typed) == ("share_clear", QUERY, "C3", "0.38")
    assert asked.because == (
        "We read '0.38' as 38%, as earlier values of the series lie between 35.1% and 39%. Please confirm."
    )
    (row,) = judged.files[1].submissions.values()
    assert row.tidied.rows[0]["share"] == 38  # one truth: the typed rows say the same as the frame


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("It is 38%, as every year", False),
        ("38%", False),
        ("It is 0.38%", True),
        ("40%", True),
        ("As before", False),
    ],
)
def test_an_answer_that_names_the_figure_it_was_read_as_settles_it(text: str, is_open: bool) -> None:
    """And one that names the other of the two leaves it open: that other figure is not in the marts."""

    def told(*answers: Answer) -> Finding:
        judged = judge(EARLIER, sent(2, UNCLEAR), of=[PASSES])
        judged.answers.extend(answers)
        judged.files.append(
            FileRead(
                replace(receipt(9), received_from="PCT"),
                Book(()),
                returned=Returned("", 1, frozenset(), answers=answers),
            )
        )
        (asked,) = (finding for finding in settle(judged).findings if finding.rule == "share_clear")
        return asked

    finding_id = str(told().finding_id)
    answer = Answer(finding_id, text, datetime(2004, 7, 14, 9), receipt(9).file_id, "Queries", "I4", "0.38")
    assert told(answer).is_open == is_open


def test_a_small_share_stays_small() -> None:
    small = sent(1, ["Salford", "2000", "0.35%"], ["Salford", "2001", "0.4%"])
    judged = judge(small, sent(2, UNCLEAR), of=[PASSES])
    assert shares(judged, "2003") == [0.38]
    assert "as 0.38%" in judged.findings[0].because


@pytest.mark.parametrize(
    "earlier",
    [
        sent(1, ["Salford", "2000", 36]),
        sent(1, ["Bury", "2000", 35], ["Bury", "2001", 36], ["Bury", "2002", 37]),
        sent(1, ["Salford", "2000", 1.4], ["Salford", "2001", 11], ["Salford", "2002", 29]),
        sent(1, ["Salford", "2000", 80], ["Salford", "2001", 82], ["Salford", "2002", 81]),
        sent(
            1, ["Salford", "2000", "35 (about)"], ["Salford", "2001", "c. 36"], ["Salford", "2002", "c. 37"]
        ),
        sent(3, ["Salford", "2000", 35], ["Salford", "2001", 36], ["Salford", "2002", 37]),
        sent(
            1,
            ["Salford", "2000", 35],
            ["Salford", "2000", 35],
            ["Salford", "2001", 36],
            ["Salford", "2001", 36],
        ),
    ],
    ids=[
        "one value alone",
        "another series",
        "both plausible",
        "neither plausible",
        "doubtful themselves",
        "received later",
        "refused themselves",
    ],
)
def test_it_stays_refused_where_earlier_values_do_not_settle_it(earlier: Opened) -> None:
    judged = judge(earlier, sent(2, UNCLEAR), of=[PASSES])
    assert shares(judged, "2003") == []
    (refusal,) = (f for f in judged.findings if f.rule == "share_readable" and f.as_typed == "0.38")
    assert refusal.consequence == REFUSE
    assert "We can't tell whether 0.38 means 0.38% or 38%." in refusal.because


def test_of_two_versions_of_a_value_the_newer_is_the_evidence() -> None:
    wrong = sent(
        1, ["Salford", "2000", 0.4 * 1.1], ["Salford", "2001", "0.35%"], ["Salford", "2002", "0.36%"]
    )
    right = sent(2, ["Salford", "2000", 35], ["Salford", "2001", 36], ["Salford", "2002", 37])
    assert shares(judge(wrong, right, sent(3, UNCLEAR), of=[PASSES]), "2003") == [38]


def test_what_was_settled_is_no_evidence_for_the_next() -> None:
    one = sent(1, ["Salford", "2000", 36], ["Salford", "2001", 37])
    judged = judge(one, sent(2, ["Salford", "2002", 0.38]), sent(3, ["Salford", "2003", 0.39]), of=[PASSES])
    asked = [finding for finding in judged.findings if finding.rule == "share_clear"]
    assert "lie between 36% and 37%" in asked[-1].because


def test_pounds_under_a_heading_in_thousands_are_settled_too() -> None:
    def budget(number: int, quarter: str, heading: str, value: float) -> Opened:
        rows: list[Row] = [["Partner:", "PCT", "Quarter:", quarter], ["Project ref", heading], ["A1", value]]
        return opened(number, sheet(rows), folder="inbox")

    judged = judge(
        budget(1, "Q1 2004/05", "Budget (£)", 120_000),
        budget(2, "Q2 2004/05", "Budget (£)", 121_000),
        budget(3, "Q2 2004/05", "Budget (£000s)", 119_000),
        of=[BUDGET],
    )
    frame = judged.frames["staging.budget"]
    assert frame["budget"].tolist() == [120_000, 121_000, 119_000]
    (asked,) = judged.findings
    assert asked.because == (
        "We read '119000' as 119,000, as earlier values of the series lie between 120,000 and 121,000. "
        "Please confirm."
    )


@pytest.mark.parametrize(
    ("value", "earlier", "plausible"),
    [
        (38, [35, 36, 39], True),
        (0.38, [35, 36, 39], False),
        (38, [36], False),
        (38, [], False),
        (53, [36, 36, 36], True),  # a series that never moved may move by half
        (55, [36, 36, 36], False),
        (0, [0, 0, 0], True),
        (1, [0, 0, 0], False),
        (150, [10, 30, 50], True),  # a series that moves a lot
        (180, [10, 30, 50], False),
    ],
)
def test_plausible_is_near_the_median(value: float, earlier: list[float], plausible: bool) -> None:
    assert is_plausible(value, earlier) == plausible
