"""From whom a return is and for which quarter: what each source says, and what follows where they disagree."""

from datetime import date
from typing import Any

import pytest
from grids import Row, receipt, sheet

from pipelines.cells import CellError, Value
from pipelines.submission.envelope import Envelope, Label, address, read_labels

PARTNERS = {"pct": "pct", "primary care trust": "pct", "salford pct": "pct", "police": "police"}
QUARTERS = {"2004-05-Q1", "2004-05-Q2"}


def labels(*rows: Row) -> dict[str, tuple[str, str]]:
    """What is labelled above a table that starts after these rows: text and cell."""
    read, _ = read_labels(sheet([*rows, ["Project ref", "Partner"]]), 0, len(rows))
    return {what: (label.text, label.cell) for what, label in read.items()}


# Labelled cells


def test_a_label_and_its_value_stand_in_two_cells_or_in_one() -> None:
    assert labels(
        ["NRF return"],
        ["Partner:", None, "Primary Care Trust"],
        [None, "Quarter: Q1 2004/05"],
    ) == {"partner": ("Primary Care Trust", "C2"), "quarter": ("Q1 2004/05", "B3")}


@pytest.mark.parametrize(
    "label", ["Partner", "PARTNER NAME :", "organisation:", "Name of Organisation", "From:"]
)
def test_every_usual_word_for_the_partner(label: str) -> None:
    assert labels([label, "Police"]) == {"partner": ("Police", "B1")}


@pytest.mark.parametrize("label", ["Quarter", "Period:", "Reporting period", "Return for:"])
def test_every_usual_word_for_the_quarter(label: str) -> None:
    assert labels([label, "Q1"]) == {"quarter": ("Q1", "B1")}


def test_a_label_that_nobody_filled_in_says_nothing() -> None:
    assert labels(["Partner:", None, "Quarter:", "Q1 2004/05"]) == {"quarter": ("Q1 2004/05", "D1")}
    assert labels(["Partner:"]) == {}


def test_the_first_of_two_equal_labels_counts() -> None:
    assert labels(["Partner: Police"], ["Organisation:", "PCT"]) == {"partner": ("Police", "A1")}


def test_only_what_stands_above_the_headings_is_a_label() -> None:
    drawing = sheet([["Partner: Police"], [], ["Partner: PCT"], ["Project ref", "Actual"], ["Partner: Fire"]])
    assert read_labels(drawing, 2, 3)[0] == {"partner": Label("PCT", "PCT", "A3")}


def test_the_cells_of_a_label_and_no_others_are_accounted_for() -> None:
    _, places = read_labels(sheet([["NRF return"], ["Partner:", "PCT", "urgent"], ["Quarter: Q1"]]), 0, 3)
    assert places == {(1, 0), (1, 1), (2, 0)}


def test_a_value_is_told_as_it_was_typed() -> None:
    assert labels(["Partner:", CellError("#REF!")], ["Quarter:", date(2004, 4, 1)]) == {
        "partner": ("#REF!", "B1"),
        "quarter": ("2004-04-01", "B2"),
    }


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1 April 2004", "30 June 2004"),
        (date(2004, 4, 1), date(2004, 6, 30)),
        ("April 2004", "June 2004"),
        ("01/04/2004", "30/06/2004"),
    ],
)
def test_from_and_to_with_days_say_the_quarter_and_no_partner(first: Value, last: Value) -> None:
    said = labels(["From:", first, "To:", last], ["Organisation:", "PCT"])
    assert (said["partner"], said["quarter"][1]) == (("PCT", "B2"), "B1")
    read, places = read_labels(sheet([["From:", first, "To:", last], ["Project ref", "Actual"]]), 0, 1)
    assert set(read) == {"quarter"}
    assert settled("PCT", read["quarter"].value) == Envelope("pct", "2004-05-Q1")
    assert places == {(0, 0), (0, 1), (0, 2), (0, 3)}


def test_from_and_to_say_no_quarter_where_they_are_none_and_give_way_to_one_that_is_named() -> None:
    assert labels(["From:", "1 April 2004", "To:", "30 September 2004"]) == {}
    assert labels(["From:", "1 April 2004"], ["Partner: PCT"]) == {"partner": ("PCT", "A2")}
    assert labels(["From:", "30 June 2004"], ["From:", "April"]) == {}
    named = ["Quarter:", "Q2 2004/05"]
    assert labels(["From:", "1 April 2004", "To:", "30 June 2004"], named) == {
        "quarter": ("Q2 2004/05", "B2")
    }
    assert labels(["From: 1 April 2004 to 30 June 2004"]) == {
        "quarter": ("1 April 2004 to 30 June 2004", "A1")
    }


def test_a_memo_s_from_is_the_partner_and_its_to_is_nobody() -> None:
    assert labels(["To:", "The partnership's office"], ["From:", "PCT"]) == {"partner": ("PCT", "B2")}
    assert labels(["From:", None, "To:", "30 June 2004"]) == {}


# Who and when


def settled(partner: str | None = None, quarter: Value | None = None, **of_receipt: Any) -> Envelope:
    """What comes of a labelled partner (in B1), a labelled quarter (in B2) and a receipt."""
    given = {}
    if partner:
        given["partner"] = Label(partner, partner, "B1")
    if quarter:
        given["quarter"] = Label(str(quarter), quarter, "B2")
    return address(given, receipt(**({"folder": "inbox"} | of_receipt)), PARTNERS, QUARTERS)


@pytest.mark.parametrize(
    ("sources", "partner", "quarter"),
    [
        ({"partner": "PCT", "quarter": "Q1 2004/05"}, "pct", "2004-05-Q1"),
        ({"partner": "Primary Care Trust.", "quarter": "April to June 2004"}, "pct", "2004-05-Q1"),
        ({"received_from": "pct", "folder": "2004-05-Q2"}, "pct", "2004-05-Q2"),
        ({"partner": "PCT", "received_from": "Salford PCT", "quarter": "2004-05-Q1"}, "pct", "2004-05-Q1"),
        ({"partner": "PCT", "quarter": "Q1 2004/05", "folder": "2004-05-Q1"}, "pct", "2004-05-Q1"),
        ({"partner": "PCT", "quarter": "Q1 2004/05", "folder": "letters"}, "pct", "2004-05-Q1"),
        ({"partner": "PCT", "folder": "inbox", "also_in": ("2004-05-Q2",)}, "pct", "2004-05-Q2"),
        (
            {"partner": "PCT", "quarter": "2004-05-Q2", "folder": "2004-05-Q1", "also_in": ("2004-05-Q2",)},
            "pct",
            "2004-05-Q2",
        ),
    ],
)
def test_sources_that_agree(sources: dict[str, Any], partner: str, quarter: str) -> None:
    assert settled(**sources) == Envelope(partner, quarter)


@pytest.mark.parametrize(
    ("sources", "rule", "cell", "sentence"),
    [
        ({"quarter": "2004-05-Q1"}, "partner_given", None, "Nothing says which partner this is from."),
        (
            {"partner": "Fire", "quarter": "2004-05-Q1"},
            "partner_known",
            "B1",
            "The partners are: pct, police.",
        ),
        ({"received_from": "fire"}, "partner_known", None, "It was received from 'fire'"),
        (
            {"partner": "PCT", "received_from": "police"},
            "partner_agrees",
            "B1",
            "The file says it is from 'PCT', but it was received from 'police'.",
        ),
        ({"partner": "PCT"}, "quarter_given", None, "Nothing says which quarter this is for."),
        ({"partner": "PCT", "quarter": "soon"}, "quarter_readable", "B2", "soon"),
        (
            {"partner": "PCT", "quarter": "Q1 1999/00"},
            "quarter_known",
            "B2",
            "for Q1 1999/00, which is not in the framework's calendar.",
        ),
        (
            {"partner": "PCT", "quarter": "Q1 2004/05", "folder": "2004-05-Q2"},
            "quarter_agrees",
            "B2",
            "for Q1 2004/05 (2004-05-Q1), but it came in with the returns for 2004-05-Q2.",
        ),
    ],
)
def test_sources_that_are_missing_unknown_or_disagree(
    sources: dict[str, Any], rule: str, cell: str | None, sentence: str
) -> None:
    envelope = settled(**sources)
    assert (envelope.rule, envelope.cell, envelope.quarter) == (rule, cell, None)
    assert envelope.problem is not None
    assert sentence in envelope.problem
