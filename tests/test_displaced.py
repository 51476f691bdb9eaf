"""Rows that a later file for the same return leaves out: they stop counting, and its sender is asked."""

from typing import Any

from grids import Row, contract, judge, opened, sheet

from pipelines.contract import Column
from pipelines.findings import QUERY, Finding
from pipelines.judge.judged import Judged
from pipelines.submission.opening import Opened

VALUES = contract(
    Column("target", "Target ref", "text", required=True),
    Column("period", "Period", "period", required=True),
    Column("value", "Value", "number", required=True),
    key=["target", "period"],
    name="values",
    title="Values",
    nil_allowed=True,
)
TWO: tuple[Row, ...] = (["burglary", "2003/04", 31.2], ["vehicle", "2003/04", 27.1])


def sent(number: int, *rows: Row, partner: str = "PCT", **of_receipt: Any) -> Opened:
    """File number so and so, a minute later than the one before."""
    top: Row = ["Partner:", partner, "Quarter:", "Q1 2004/05"]
    lines: list[Row] = [top, ["Target ref", "Period", "Value"], *rows]
    return opened(number, sheet(lines), **({"folder": "inbox"} | of_receipt))


def asked(*files: Opened) -> list[Finding]:
    judged: Judged = judge(*files, of=[VALUES])
    return [finding for finding in judged.findings if finding.rule == "row_of_earlier_file"]


def test_a_row_sent_alone_after_the_whole_return_is_asked_about() -> None:
    (found,) = asked(sent(1, *TWO), sent(2, ["burglary", "2003/04", 32.2]))
    assert found.consequence == QUERY
    assert (found.submission_id or "").startswith(found.file_id or "?")
    assert (
        "'file 1.xlsx' of 5 July 2004 had a row that is not in this file (vehicle 2003/04)." in found.because
    )


def test_nothing_is_asked_where_every_row_is_there_again_and_more_besides() -> None:
    assert asked(sent(1, *TWO), sent(2, *TWO, ["robbery", "2003/04", 2.9])) == []


def test_a_third_file_is_asked_of_the_rows_that_the_second_left_out() -> None:
    short = ["burglary", "2003/04", 32.2]
    (found,) = asked(sent(1, *TWO), sent(2, short), sent(3, short))
    assert found.as_typed == "vehicle 2003/04"
    assert asked(sent(1, *TWO), sent(2, short), sent(3, *TWO)) == []


def test_a_row_that_is_there_and_refused_is_not_left_out() -> None:
    assert asked(sent(1, *TWO), sent(2, TWO[0], ["vehicle", "2003/04", "a lot"])) == []


def test_a_nil_return_after_one_with_rows_is_asked_about() -> None:
    (found,) = asked(sent(1, *TWO), sent(2, ["Nil return"]))
    assert "2 rows that are not in this file (burglary 2003/04; vehicle 2003/04)" in found.because


def test_another_partner_and_a_refused_file_displace_nothing() -> None:
    assert asked(sent(1, *TWO), sent(2, ["robbery", "2003/04", 2.9], partner="Police")) == []
    assert asked(sent(1, *TWO), sent(2, ["vehicle", "2003/04", "a lot"])) == []


def test_each_file_to_be_checked_is_asked_as_if_it_came_next() -> None:
    whole, burglary = sent(1, *TWO), ["burglary", "2003/04", 31.2]
    first, second = (sent(n, burglary, folder=f"2004-05-Q1/check {n}/check") for n in (2, 3))
    found = asked(whole, first, second)
    assert [one.file_id for one in found] == [file.receipt.file_id for file in (first, second)]
    assert {one.as_typed for one in found} == {"vehicle 2003/04"}
    assert asked(sent(1, *TWO, folder="2004-05-Q1/check"), sent(2, burglary, folder="2004-05-Q1/check")) == []


def test_of_many_rows_the_first_are_named() -> None:
    many: list[Row] = [[f"target {n}", "2003/04", n] for n in range(2, 12)]
    (found,) = asked(sent(1, *many), sent(2, ["burglary", "2003/04", 31.2]))
    assert (
        "(target 2 2003/04; target 3 2003/04; target 4 2003/04; target 5 2003/04; target 6 2003/04; and 5 more)"
        in (found.because)
    )
