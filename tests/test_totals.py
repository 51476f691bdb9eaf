"""Totals that a partner typed, reconciled with the rows above them."""

from typing import Any

import pytest
from grids import contract

from pipelines.cells import Cell
from pipelines.contract import Column, Contract
from pipelines.layouts import SourceRow
from pipelines.tidy.totals import reconcile

SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", unit="GBP"),
    Column("trained", "Trained", "count"),
    Column("share", "Share", "percent"),
    Column("value", "Value", "measure", unit_of="project"),
    Column("note", "Note", "text"),
)


def asked(
    totals: dict[int, dict[str, Any]], rows: dict[int, dict[str, Any]], of: Contract = SPEND
) -> list[str | None]:
    """The cells of the totals (row on the sheet → column → typed) that are asked about."""
    places = {column.name: number for number, column in enumerate(of.columns)}
    lines = [
        SourceRow(row, {name: Cell(row, places[name], value) for name, value in typed.items()})
        for row, typed in totals.items()
    ]
    blank = dict.fromkeys(places)
    return [
        f.cell
        for f in reconcile(
            of, lines, [(SourceRow(row, {}), blank | values) for row, values in rows.items()], "NRF"
        )
    ]


ROWS = {
    1: {"spend": 100.0, "trained": 3},
    2: {"spend": 50.4, "trained": 4},
    4: {"spend": 25.0, "trained": None},
}


@pytest.mark.parametrize(
    ("totals", "cells"),
    [
        ({5: {"spend": 175.4, "trained": 7}}, []),
        ({5: {"spend": 175}}, []),  # rounded to whole pounds
        ({5: {"spend": "£175.40"}}, []),
        ({5: {"spend": 180}}, ["B6"]),
        ({5: {"spend": 180, "trained": 8}}, ["B6", "C6"]),
        ({3: {"spend": 150.4}, 5: {"spend": 25}}, []),  # two subtotals
        ({3: {"spend": 150.4}, 5: {"spend": 175.4}}, []),  # a subtotal and the grand total
        ({3: {"spend": 150.4}, 5: {"spend": 150.4}}, ["B6"]),
        ({3: {"spend": 99}, 5: {"spend": 175.4}}, ["B4"]),
        ({5: {"project": "Total", "note": "checked"}}, []),
        ({5: {"spend": "see ledger"}}, []),
        ({5: {"share": 40, "value": 12.5}}, []),  # the average of rates, which rows don't add up to
    ],
)
def test_a_total_is_asked_about_if_no_rows_add_up_to_it(
    totals: dict[int, dict[str, Any]], cells: list[str]
) -> None:
    assert asked(totals, ROWS) == cells


def test_the_question_says_what_was_typed_and_what_the_rows_come_to() -> None:
    line = SourceRow(5, {"spend": Cell(5, 1, "£12,000")})
    (finding,) = reconcile(SPEND, [line], [(SourceRow(2, {}), {"spend": 11_500.0})], "NRF")
    assert (finding.rule, finding.consequence) == ("total_agrees", "query")
    assert (finding.sheet, finding.cell, finding.as_typed, finding.column_name) == (
        "NRF",
        "B6",
        "£12,000",
        "spend",
    )
    assert "'Spend (£)' is 12,000, but the rows above it add up to 11,500." in finding.because


def test_a_total_below_a_heading_in_thousands_is_in_thousands_too() -> None:
    rows = [
        (SourceRow(n, {}), {"spend": spend}) for n, spend in enumerate((422_400.0, 189_000.0, 241_000.0), 1)
    ]

    def cells(total: float) -> list[str | None]:
        line = SourceRow(5, {"spend": Cell(5, 1, total)})
        return [finding.cell for finding in reconcile(SPEND, [line], rows, "NRF", {"spend": "£000"})]

    assert cells(852) == []  # rounded to whole thousands
    assert cells(852.4) == []
    assert cells(855) == ["B6"]
    assert cells(852_400) == ["B6"]  # which would be millions


def test_where_a_row_was_copied_its_sender_is_asked_about_that_and_not_about_each_total() -> None:
    copied = {row: {"project": "N1", "spend": 100.0, "trained": 3} for row in (1, 2)}
    assert asked({5: {"spend": 100, "trained": 3}}, copied) == []
    assert asked({5: {"spend": 200, "trained": 6}}, copied) == []
    assert asked({5: {"spend": 150, "trained": 3}}, copied) == ["B6"]
    alike = copied | {2: {"project": "N2", "spend": 100.0, "trained": 3}}
    assert asked({5: {"spend": 100, "trained": 3}}, alike) == ["B6", "C6"]
