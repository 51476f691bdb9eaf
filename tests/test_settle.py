"""How findings end: a later file, an answer, or neither; and how a finding is known again in another file."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from grids import Row, contract, judge, opened, receipt, sheet

from pipelines.cells import Book
from pipelines.contract import Column, Rule
from pipelines.findings import ANSWER, LATER, NOTE, QUERY, REFUSE, Answer, Finding, identify
from pipelines.judge.judged import Judged
from pipelines.judge.settle import settle
from pipelines.reply.make import as_known
from pipelines.submission import FileRead
from pipelines.submission.answers import Returned
from pipelines.submission.opening import Opened
from pipelines.template.identity import Identity

BETWEEN = "expect_column_values_to_be_between"
SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True, unit="GBP", help="In the quarter."),
    name="spend",
    title="Spend",
    rules=(
        Rule("spend_is_small", "A lot was spent.", QUERY, BETWEEN, {"column": "spend", "max_value": 999}),
        Rule("spend_is_some", "Less than nothing.", REFUSE, BETWEEN, {"column": "spend", "min_value": 0}),
    ),
)
REPLY = receipt(9)
TOP: list[Row] = [["Partner", "pct"], ["Quarter", "2004-05-Q1"], ["Project ref", "Spend (£)"]]


def sent(number: int, *rows: Row) -> Opened:
    return opened(number, sheet([*TOP, *rows]), folder="inbox")


def settled(*files: Opened, answers: tuple[Answer, ...] = (), **reply: Any) -> Judged:
    """Judged and settled with a reply that came back with these answers; `reply` says what else is known of it."""
    judged = judge(*files, of=[SPEND])
    judged.answers.extend(answers)
    judged.files.append(came_back(answers, **reply))
    return settle(judged)


def came_back(
    answers: tuple[Answer, ...], identity: str = "pct", received_from: str = "", parent: str = ""
) -> FileRead:
    """A reply without a return on any sheet, with the partner of its hidden identity, if it has one."""
    mine = Identity("", "", identity, "2004-05-Q1", "") if identity else None
    return FileRead(
        replace(REPLY, received_from=received_from),
        Book(()),
        mine,
        returned=Returned(parent, 1, frozenset(), answers=answers),
    )


def of_file(judged: Judged, number: int) -> list[Finding]:
    return [f for f in judged.findings if f.file_id == judged.opened[number - 1].receipt.file_id]


def answer(finding: Finding, text: str = "A boiler burst.", as_typed: str | None = "£12,000") -> Answer:
    assert finding.finding_id
    return Answer(
        finding.finding_id, text, datetime(2004, 7, 14, 9), REPLY.file_id, "Queries", "I4", as_typed
    )


# Identity


def test_a_fault_that_comes_again_in_another_file_row_and_spelling_is_the_same_finding() -> None:
    judged = settled(sent(1, ["NRF01", 12000]), sent(2, ["NRF02", 5], ["NRF01", "£12,000"]))
    (first,), (second,) = of_file(judged, 1), of_file(judged, 2)
    assert first.finding_id == second.finding_id
    assert (first.row_key, first.row_id == second.row_id) == (("NRF01",), False)


def test_other_projects_rules_partners_and_quarters_are_other_findings() -> None:
    one = ("pct", "spend", "2004-05-Q1", ("NRF01",), "spend", "spend_is_small")
    others = [(*one[:n], "other", *one[n + 1 :]) for n in (0, 1, 2, 4, 5)]
    others.append((*one[:3], ("NRF02",), *one[4:]))
    assert len({identify(*content) for content in [one, *others]}) == len(others) + 1  # type: ignore[arg-type]


def test_a_finding_on_no_row_is_known_by_its_sheet_and_what_stands_there() -> None:
    files = [opened(n, sheet([*TOP, ["NRF01", 5, None, "?"]]), folder="inbox") for n in (1, 2)]
    judged = settled(*files)
    ids = [f.finding_id for f in judged.findings if f.rule == "cell_under_heading"]
    assert len(ids) == 2 and len(set(ids)) == 1


# Answers


@pytest.mark.parametrize("as_typed", ["12000", "£12,000", " 12,000.00 ", "12k"])
def test_an_answer_closes_a_query_on_a_value_that_stands_unchanged(as_typed: str) -> None:
    asked = settled(sent(1, ["NRF01", "£12,000"]))
    judged = settled(sent(1, ["NRF01", "£12,000"]), answers=(answer(asked.findings[0], as_typed=as_typed),))
    (finding,) = judged.findings
    assert (finding.settled, finding.settled_by) == ("Explained on 14 July 2004: A boiler burst.", ANSWER)
    assert not finding.is_open and finding.consequence == QUERY
    assert judged.frames["staging.spend"]["is_queried"].tolist() == [False]


@pytest.mark.parametrize("as_typed", ["13000", "1200", "(12,000)", "twelve", None])
def test_an_answer_about_another_value_leaves_the_query_open(as_typed: str | None) -> None:
    asked = settled(sent(1, ["NRF01", "£12,000"]))
    judged = settled(sent(1, ["NRF01", "£12,000"]), answers=(answer(asked.findings[0], as_typed=as_typed),))
    assert judged.findings[0].is_open
    assert judged.frames["staging.spend"]["is_queried"].tolist() == [True]


def test_an_answer_holds_in_a_later_file_with_the_same_value() -> None:
    asked = settled(sent(1, ["NRF01", 12000])).findings[0]
    judged = settled(
        sent(1, ["NRF01", 12000]), sent(2, ["NRF01", 12000]), answers=(answer(asked, as_typed="12000"),)
    )
    (first,), (second,) = of_file(judged, 1), of_file(judged, 2)
    assert (first.settled_by, second.settled_by) == (LATER, ANSWER)


def test_an_answer_never_closes_a_refusal() -> None:
    asked = settled(sent(1, ["NRF01", -5])).findings[0]
    judged = settled(sent(1, ["NRF01", -5]), answers=(answer(asked, as_typed="-5"),))
    assert judged.findings[0].is_open and judged.findings[0].consequence == REFUSE
    # who wrote it is told, and what to do still ends the sentence
    said, before = judged.findings[0].because, asked.because
    assert said.startswith(
        "Your answer of 14 July 2004 ('A boiler burst.') was read, but this must be corrected"
    )
    assert said.endswith(before)


def test_an_answer_to_what_nobody_asks_any_more_is_told_once() -> None:
    asked = settled(sent(1, ["NRF01", 12000])).findings[0]
    gone = replace(answer(asked, as_typed="12000"), finding_id="f" * 16, cell="I5")
    also_gone = replace(gone, finding_id="e" * 16)  # grouped with the other under one query
    beside = replace(gone, finding_id="d" * 16, cell="I4")  # grouped with one that is still asked
    judged = settled(
        sent(1, ["NRF01", 12000]), answers=(answer(asked, as_typed="12000"), gone, also_gone, beside)
    )
    assert [(f.rule, f.consequence, f.cell, f.as_typed) for f in judged.findings] == [
        ("spend_is_small", QUERY, "B4", "12000"),
        ("answer_to_query_asked", NOTE, "I5", "A boiler burst."),
    ]
    assert judged.findings[0].settled_by == ANSWER


def test_of_two_answers_the_newer_counts_and_a_blank_one_says_nothing() -> None:
    asked = settled(sent(1, ["NRF01", 12000])).findings[0]
    first = answer(asked, "It was a boiler.", "12000")
    second = replace(first, text="It was a roof.", answered_on=datetime(2004, 7, 15))
    blank = replace(first, text="  ", answered_on=datetime(2004, 7, 16))
    judged = settled(sent(1, ["NRF01", 12000]), answers=(second, blank, first))
    assert judged.findings[0].settled == "Explained on 15 July 2004: It was a roof."


ASTRAY = "answer_from_whom_was_asked"


@pytest.mark.parametrize(
    ("told", "is_theirs"),
    [
        ({"identity": "pct"}, True),
        ({"identity": "police"}, False),
        ({"identity": "", "received_from": "Primary Care Trust"}, True),
        ({"identity": "", "received_from": "police"}, False),
        ({"identity": "pct", "received_from": "police"}, False),
        ({"identity": "pct", "received_from": "a courier"}, True),
        ({"identity": "", "parent": receipt(1).sha256}, True),
        ({"identity": "", "parent": receipt(2).sha256}, False),
        ({"identity": ""}, False),
    ],
)
def test_an_answer_counts_only_from_the_partner_that_was_asked(told: dict[str, str], is_theirs: bool) -> None:
    files = (
        sent(1, ["NRF01", 12000]),
        opened(2, sheet([["Partner", "police"], *TOP[1:], ["NRF02", 5]]), folder="inbox"),
    )
    asked = settled(*files).findings[0]
    judged = settled(*files, answers=(answer(asked, as_typed="12000"),), **told)
    query, *astray = judged.findings
    assert query.settled_by == (ANSWER if is_theirs else None)
    assert [(f.rule, f.consequence, f.file_id, f.sheet, f.cell, f.as_typed) for f in astray] == (
        [] if is_theirs else [(ASTRAY, QUERY, REPLY.file_id, "Queries", "I4", "A boiler burst.")]
    )
    assert all(finding.finding_id for finding in judged.findings)


def test_another_partners_newer_answer_does_not_take_the_place_of_the_right_one() -> None:
    asked = settled(sent(1, ["NRF01", 12000])).findings[0]
    mine = answer(asked, "It was a boiler.", "12000")
    theirs = replace(mine, text="It was us.", answered_on=datetime(2004, 7, 20), file_id=receipt(8).file_id)
    judged = judge(sent(1, ["NRF01", 12000]), of=[SPEND])
    judged.answers.extend([mine, theirs])
    police = replace(came_back((theirs,), identity="police"), receipt=receipt(8))
    judged.files += [came_back((mine,)), police]
    query, astray = settle(judged).findings
    assert query.settled == "Explained on 14 July 2004: It was a boiler."
    assert (astray.rule, astray.file_id) == (ASTRAY, receipt(8).file_id)
    # the reply to the first file, which came before both answers, still asks
    assert as_known(query, receipt(1), judged.answers).is_open


def test_a_query_on_a_file_of_nobodys_is_answered_by_the_reply_to_that_file() -> None:
    nobody = opened(
        1, sheet([*TOP[1:], ["NRF01", 5]], "Spend"), sheet([["a", "b"], [1, 2]], "Other"), folder="inbox"
    )
    judged = judge(nobody, of=[SPEND])
    judged.findings.append(Finding("workbook_doubt", "Odd.", QUERY, file_id=receipt(1).file_id))
    (asked,) = (f for f in settle(judged).findings if f.rule == "workbook_doubt")
    for parent, settler in ((receipt(1).sha256, ANSWER), (receipt(2).sha256, None)):
        again = judge(nobody, of=[SPEND])
        again.findings.append(Finding("workbook_doubt", "Odd.", QUERY, file_id=receipt(1).file_id))
        again.answers.append(answer(asked, as_typed=None))
        again.files.append(came_back(tuple(again.answers), parent=parent))
        assert [f.settled_by for f in settle(again).findings if f.rule == "workbook_doubt"] == [settler]


# Later submissions


def test_a_later_file_settles_the_findings_of_the_one_whose_place_it_takes() -> None:
    judged = settled(sent(1, ["NRF01", 12000], ["NRF02", -1]), sent(2, ["NRF01", 500], ["NRF02", 1]))
    assert [(f.rule, f.settled, f.settled_by) for f in judged.findings] == [
        (rule, "'file 2.xlsx' of 5 July 2004 took its place.", LATER)
        for rule in ("spend_is_small", "spend_is_some")
    ]


def test_a_refused_file_stays_open_until_one_that_stands_comes_after_it() -> None:
    judged = settled(sent(1, ["NRF01", 500]), sent(2, ["NRF01", -1]))
    assert [f.is_open for f in judged.findings] == [True]
    judged = settled(sent(1, ["NRF01", -1]), sent(2, ["NRF01", 500]))
    assert [f.settled_by for f in judged.findings] == [LATER]


def test_an_answer_that_says_that_the_figure_is_wrong_closes_nothing_and_is_told_to_correct_it() -> None:
    (asked,) = of_file(settled(sent(1, ["NRF01", 12000])), 1)
    for text in ("wrong, should be 59,000", "£59,000"):
        (still,) = of_file(settled(sent(1, ["NRF01", 12000]), answers=(answer(asked, text),)), 1)
        assert still.is_open
        assert still.finding_id == asked.finding_id
        assert f"('{text}') says that it is wrong" in still.because
        assert still.because.endswith("Correct the figure in its cell and send it again.")
    (closed,) = of_file(settled(sent(1, ["NRF01", 12000]), answers=(answer(asked),)), 1)
    assert (closed.is_open, closed.because) == (False, asked.because)
