"""Waivers and corrections: what the framework says of a partner's values, with reason, owner and end."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from grids import CONTEXT, REFERENCES, Row, contract, opened, sheet

from pipelines.contract import Column, Contract, Rule
from pipelines.contracts import read_contracts
from pipelines.findings import CORRECTION, NOTE, QUERY, REFUSE, WAIVER, Finding
from pipelines.framework.references import Reference
from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.judge.settle import settle
from pipelines.judge.waivers import is_waivable, same_key
from pipelines.parse import Period, parse
from pipelines.submission.opening import Opened
from pipelines.workspace import CONTRACTS

BETWEEN = "expect_column_values_to_be_between"
SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True, unit="GBP", help="In the quarter."),
    Column("period", "Period", "period"),
    name="spend",
    title="Spend",
    rules=(
        Rule("spend_is_small", "A lot was spent.", QUERY, BETWEEN, {"column": "spend", "max_value": 999}),
        Rule("spend_is_some", "Less than nothing.", REFUSE, BETWEEN, {"column": "spend", "min_value": 0}),
    ),
)
TOP: list[Row] = [
    ["Partner", "pct"],
    ["Quarter", "2004-05-Q1"],
    ["Project ref", "Spend (£)", "Period", "Odd"],
]
CALENDAR = {
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {"cut_off_on": date(2004, 7, 14)}})
}
OF_WAIVERS = {"framework.waivers": read_contracts(CONTRACTS)["framework.waivers"]}
WAIVER_ROW: dict[str, Any] = {
    "waiver_id": "W1", "partner_id": "pct", "return_name": "spend", "rule": "spend_is_small", "column_name": None,
    "row_key": None, "owner": "the manager", "reason": "A boiler.", "from_on": date(2004, 4, 1),
    "until_on": date(2004, 7, 14),
}  # fmt: skip
CORRECTION_ROW: dict[str, Any] = {
    "correction_id": "K1", "partner_id": "pct", "return_name": "spend", "for_quarter": "2004-05-Q1",
    "file_name": None, "sheet": None, "cell": None, "row_key": "NRF01", "column_name": "Spend (£)",
    "says": "£12,000", "should_say": "£120", "reason": "A slip.", "corrected_by": "the office",
    "corrected_on": date(2004, 7, 12), "state": "open", "file_id": "f0", "submission_id": "s0", "row_id": "s0:1:2",
}  # fmt: skip


def parse_key(text: str) -> str:
    period = parse("period", text).value
    assert isinstance(period, Period)
    return period.key


def sent(number: int, *rows: Row) -> Opened:
    return opened(number, sheet([*TOP, *rows]), folder="inbox")


def judge(
    *files: Opened, of: Contract = SPEND, waivers: tuple[Any, ...] = (), corrections: tuple[Any, ...] = ()
) -> Judged:
    judged = Judged({of.full_name: of} | OF_WAIVERS, references=REFERENCES | CALENDAR)
    for name, given in (("waivers", waivers), ("corrections", corrections)):
        carried = {
            "file_id": files[0].receipt.file_id, "row_id": "s0:1:2", "submission_id": "s0", "is_current": True,
            "is_queried": False,
        }  # fmt: skip
        rows = [carried | row for row in given]
        judged.frames[f"framework.{name}"] = pd.DataFrame(
            rows, columns=None if rows else list(carried), dtype=object
        )
    return settle(judge_returns(judged, list(files), CONTEXT))


def of_rows(judged: Judged) -> list[Finding]:
    return [finding for finding in judged.findings if finding.row_id]


def standing(judged: Judged) -> list[Any]:
    return judged.frames["staging.spend"][["project", "spend", "is_queried"]].values.tolist()


# Waivers


def test_a_waived_query_is_noted_and_settled_and_its_row_is_not_flagged() -> None:
    judged = judge(sent(1, ["NRF01", 12000]), waivers=(WAIVER_ROW,))
    (finding,) = of_rows(judged)
    assert (finding.consequence, finding.settled_by) == (NOTE, WAIVER)
    assert finding.settled == "Waived until 14 July 2004 by the manager: A boiler."
    assert standing(judged) == [["NRF01", 12000, False]]


def test_a_waived_refusal_lets_the_row_in() -> None:
    waiver = WAIVER_ROW | {"rule": "spend_is_some"}
    judged = judge(sent(1, ["NRF01", -5]), waivers=(waiver,))
    assert [f.settled_by for f in of_rows(judged)] == [WAIVER]
    assert standing(judged) == [["NRF01", -5, False]]


@pytest.mark.parametrize(
    "other",
    [
        {"partner_id": "police"},
        {"return_name": "targets"},
        {"rule": "spend_is_some"},
        {"column_name": "Project ref"},
        {"row_key": "NRF02"},
        {"from_on": date(2004, 7, 15), "until_on": date(2005, 7, 15)},
    ],
)
def test_a_waiver_of_something_else_changes_nothing(other: dict[str, Any]) -> None:
    judged = judge(sent(1, ["NRF01", 12000]), waivers=(WAIVER_ROW | other,))
    (finding,) = of_rows(judged)
    assert (finding.consequence, finding.settled, finding.because) == (QUERY, None, "A lot was spent.")


def test_a_waiver_may_name_the_row_and_the_column_by_its_heading() -> None:
    waiver = WAIVER_ROW | {"row_key": " nrf01 ", "column_name": "spend", "return_name": "Spend"}
    judged = judge(sent(1, ["NRF01", 12000], ["NRF02", 12000]), waivers=(waiver,))
    assert [f.settled_by for f in of_rows(judged)] == [WAIVER, None]


def test_a_waiver_that_ended_before_the_cut_off_says_so_once() -> None:
    judged = judge(sent(1, ["NRF01", 12000]), waivers=(WAIVER_ROW | {"until_on": date(2004, 7, 13)},))
    (finding,) = of_rows(judged)
    assert finding.consequence == QUERY and finding.is_open
    assert finding.because == (
        "A lot was spent. It was waived by the manager until 13 July 2004, and that has passed."
    )


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("cell_under_heading", [*TOP, ["NRF01", 5, None, None, "?"]]),
        ("units_agree", [*TOP[:2], ["All figures in £000s"], *TOP[2:], ["NRF01", 5]]),
    ],
)
def test_a_query_about_no_row_can_be_waived_too(rule: str, rows: list[Row]) -> None:
    files = opened(1, sheet(rows), folder="inbox")
    asked, waived = judge(files), judge(files, waivers=(WAIVER_ROW | {"rule": rule},))
    (finding,) = (f for f in asked.findings if f.rule == rule)
    assert finding.is_open
    (finding,) = (f for f in waived.findings if f.rule == rule)
    assert (finding.consequence, finding.settled_by) == (NOTE, WAIVER)


@pytest.mark.parametrize(
    "rule",
    ["project_given", "project_known", "spend_readable", "one_row_per_key", "one_sender_per_key"],
)
def test_what_makes_a_row_a_row_can_not_be_waived(rule: str) -> None:
    assert not is_waivable(rule, SPEND)


def test_a_row_that_can_not_be_told_from_another_stays_refused() -> None:
    waiver = WAIVER_ROW | {"rule": "one_row_per_key"}
    judged = judge(sent(1, ["NRF01", 1], ["NRF01", 2]), waivers=(waiver,))
    assert [(f.consequence, f.is_open) for f in of_rows(judged)] == [(REFUSE, True)] * 2


@pytest.mark.parametrize(
    ("typed", "key", "is_same"),
    [
        ("NRF01", ("NRF01",), True),
        ("H4 | Salford|2002", ("H4", "salford", parse_key("2002")), True),
        ("P_JSA | Oct to Dec 2003", ("P_JSA", "2003-10-01/P3M"), True),
        ("P_JSA | Jul to Sep 2003", ("P_JSA", "2003-10-01/P3M"), False),
        ("NRF01 | NRF02", ("NRF01",), False),
        ("", ("NRF01",), False),
    ],
)
def test_a_key_is_compared_part_by_part(typed: str, key: tuple[str, ...], is_same: bool) -> None:
    assert same_key(typed, key) is is_same


# Corrections


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"row_key": None, "column_name": None, "sheet": "Data", "cell": "b4"},
        {"row_key": None, "column_name": None, "cell": "B4"},
        {"file_name": "file 1.xlsx"},
    ],
)
def test_a_correction_takes_the_place_of_what_was_typed(named: dict[str, Any]) -> None:
    judged = judge(sent(1, ["NRF01", "£12,000"], ["NRF02", "£12,000"]), corrections=(CORRECTION_ROW | named,))
    query, corrected = of_rows(judged)
    assert standing(judged) == [["NRF01", 120, False], ["NRF02", 12000, True]]
    assert (corrected.rule, corrected.consequence, corrected.settled_by) == (
        "value_corrected",
        NOTE,
        CORRECTION,
    )
    assert (corrected.cell, corrected.as_typed) == ("B4", "£12,000")
    assert corrected.settled == "Read as '£120', as corrected by the office on 12 July 2004: A slip."
    assert (query.rule, query.cell) == ("spend_is_small", "B5")
    assert list(judged.corrected.values()) == [corrected.settled]


@pytest.mark.parametrize(
    ("rows", "changes", "sentence"),
    [
        ([["NRF01", "£500"]], {}, "The newest file says '£500' and not '£12,000'"),
        (
            [["NRF01", "£120"]],
            {},
            "says already what it should, so nothing was corrected. Set the state to 'fixed'",
        ),
        ([["NRF02", "£12,000"]], {}, "No value stands at this cell, or in this row and column"),
        ([["NRF01", "£12,000"]], {"file_name": "other.xlsx"}, "No file that can be used answers this return"),
        ([["NRF01", "£12,000"]], {"should_say": "a lot"}, "'It should say' can't be read."),
    ],
)
def test_a_correction_that_does_not_fit_is_asked_about_and_not_applied(
    rows: list[Row], changes: dict[str, Any], sentence: str
) -> None:
    judged = judge(sent(1, *rows), corrections=(CORRECTION_ROW | changes,))
    (finding,) = (f for f in judged.findings if f.rule == "correction_applies")
    assert (finding.consequence, finding.row_id, finding.file_id) == (QUERY, "s0:1:2", "s0")
    assert finding.because.startswith("Correction 'K1': ") and sentence in finding.because
    assert not judged.corrected
    assert [f.rule for f in judged.findings if f.rule == "value_corrected"] == []


def test_a_correction_that_the_partner_has_made_itself_is_left_alone() -> None:
    judged = judge(sent(1, ["NRF01", "£12,000"]), corrections=(CORRECTION_ROW | {"state": "fixed"},))
    assert [f.rule for f in of_rows(judged)] == ["spend_is_small"]


def test_a_newer_file_that_says_something_else_is_not_corrected() -> None:
    judged = judge(sent(1, ["NRF01", "£12,000"]), sent(2, ["NRF01", "£700"]), corrections=(CORRECTION_ROW,))
    rules = [f.rule for f in judged.findings]
    assert rules.count("value_corrected") == 1 and rules.count("correction_applies") == 1
    assert [row[1] for row in standing(judged)] == [120, 700]


THOUSANDS: Row = ["Project ref", "Spend (£000s)", "Period"]


@pytest.mark.parametrize(("should_say", "corrected"), [("14", 14000), ("14.5", 14500), ("(3)", -3000)])
def test_a_correction_is_in_the_unit_that_the_partners_heading_states(
    should_say: str, corrected: int
) -> None:
    file = opened(1, sheet([*TOP[:2], THOUSANDS, ["NRF01", 12, None], ["NRF02", 12, None]]), folder="inbox")
    judged = judge(file, corrections=(CORRECTION_ROW | {"says": "12", "should_say": should_say},))
    assert list(judged.corrected.values()) == [
        f"Read as '{should_say}', as corrected by the office on 12 July 2004: A slip."
    ]
    # NRF02 shows in which unit the partner writes; a spend below nothing is refused, corrected or not
    expected = [["NRF01", corrected, True]] if corrected > 0 else []
    assert standing(judged) == [*expected, ["NRF02", 12000, True]]


@pytest.mark.parametrize(
    ("typed", "says", "is_corrected"),
    [
        ("-12", "12", False),
        ("12", "-12", False),
        ("(12)", "12", False),
        (-12, "-12", True),
        ("(12)", "-12", True),
        ("12-", "(12)", True),
        ("1.2", "12", False),
    ],
)
def test_a_correction_minds_the_sign_of_what_it_corrects(typed: Any, says: str, is_corrected: bool) -> None:
    judged = judge(
        sent(1, ["NRF01", typed]), corrections=(CORRECTION_ROW | {"says": says, "should_say": "7"},)
    )
    assert [
        rule for f in judged.findings if (rule := f.rule) in ("value_corrected", "correction_applies")
    ] == ["value_corrected" if is_corrected else "correction_applies"]
    assert ([row[1] for row in standing(judged)] == [7]) == is_corrected


SHARES = contract(
    Column("project", "Project ref", "text", required=True),
    Column("period", "Period", "period", required=True),
    Column("share", "Share (%)", "percent", required=True, unit="%"),
    key=["project", "period"],
    name="shares",
    title="Shares",
)


@pytest.mark.parametrize(("should_say", "corrected"), [("0.38%", 0.38), ("0.38", None), ("52", 52)])
def test_history_has_no_say_of_a_value_that_was_corrected(should_say: str, corrected: float | None) -> None:
    """Uncorrected, 0.38 is read as 38%, as the earlier values leave nothing else."""
    headings: Row = ["Project ref", "Period", "Share (%)"]

    def of(number: int, *rows: Row) -> Opened:
        return opened(number, sheet([*TOP[:2], headings, *rows]), folder="inbox")

    files = of(1, ["NRF01", "2000", 35], ["NRF01", "2001", 39]), of(2, ["NRF01", "2002", 0.38])
    correction = CORRECTION_ROW | {
        "return_name": "shares", "row_key": "NRF01 | 2002", "column_name": "Share (%)", "says": "0.38",
        "should_say": should_say,
    }  # fmt: skip
    plain = judge(*files, of=SHARES)
    assert plain.frames["staging.shares"]["share"].tolist() == [35, 39, 38]
    judged = judge(*files, of=SHARES, corrections=(correction,))
    # the second file leaves out the rows of the first, which is asked about and has nothing to do with it
    rules = sorted(
        f.rule for f in judged.findings if f.rule not in ("value_corrected", "row_of_earlier_file")
    )
    if corrected is None:  # it is no clearer than what it is to correct, and so is not applied
        assert rules == ["correction_applies", "share_clear"]
        assert judged.frames["staging.shares"]["share"].tolist() == [35, 39, 38]
    else:
        assert rules == []
        assert judged.frames["staging.shares"]["share"].tolist() == [35, 39, corrected]


def test_two_values_of_one_row_are_both_corrected() -> None:
    second = CORRECTION_ROW | {
        "correction_id": "K2", "row_id": "s0:1:3", "column_name": "Period", "says": "Apr to Jun 2003",
        "should_say": "Apr to Jun 2004",
    }  # fmt: skip
    judged = judge(sent(1, ["NRF01", "£12,000", "Apr to Jun 2003"]), corrections=(CORRECTION_ROW, second))
    (row,) = judged.frames["staging.spend"].to_dict("records")
    assert (row["spend"], row["period_label"], row["is_queried"]) == (120, "Apr to Jun 2004", False)
    assert (row["spend__as_typed"], row["period__as_typed"]) == ("£12,000", "Apr to Jun 2003")
    assert sorted(name for _, name in judged.corrected) == ["period", "spend"]
    assert [(f.rule, f.cell) for f in of_rows(judged)] == [
        ("value_corrected", "B4"),
        ("value_corrected", "C4"),
    ]


def test_of_two_corrections_of_one_value_the_second_is_told_and_not_applied() -> None:
    second = CORRECTION_ROW | {"correction_id": "K2", "row_id": "s0:1:3", "should_say": "£999"}
    judged = judge(sent(1, ["NRF01", "£12,000"]), corrections=(CORRECTION_ROW, second))
    assert standing(judged) == [["NRF01", 120, False]]
    (told,) = (f for f in judged.findings if f.rule == "correction_applies")
    assert (told.row_id, told.because) == (
        "s0:1:3",
        "Correction 'K2': Another correction of the same value was applied already, so this one was not.",
    )
