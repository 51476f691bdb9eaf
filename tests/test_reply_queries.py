"""From findings to the lines of a reply: what follows goes, what is the same is asked once, the gravest first."""

from typing import Any

import pytest
from grids import sheet

from pipelines.cells import Book
from pipelines.findings import NOTE, QUERY, REFUSE, Finding
from pipelines.reply.model import Query
from pipelines.reply.queries import MOST, queries_of
from pipelines.reply.wording import expected_and_fix, listed_cells, sentences

BOOK = Book((sheet([], "Spend"), sheet([], "Plan")))
UNREADABLE = "We found 'lots', which is no amount. Type an amount in pounds."


def finding(cell: str, consequence: str = REFUSE, because: str = UNREADABLE, **more: Any) -> Finding:
    """A finding on a cell of the sheet Spend; its row and column follow from the cell."""
    entries: dict[str, Any] = {
        "rule": "spend_readable",
        "sheet": "Spend",
        "cell": cell,
        "as_typed": "lots",
        "row_id": f"row {cell[1:]}",
        "column_name": "spend",
        "submission_id": "one",
    }
    return Finding(because=because, consequence=consequence, **(entries | more))


def asked(*findings: Finding) -> list[tuple[str, str, str]]:
    """Severity, cells and what was sent of each query."""
    return [(query.severity, query.cells, query.sent) for query in queries_of(findings, BOOK)[0]]


def one(*findings: Finding) -> Query:
    """The only query that the findings come to."""
    (query,), _ = queries_of(findings, BOOK)
    return query


# What is listed, and in which order


def test_the_gravest_comes_first_then_sheet_row_and_column() -> None:
    said = [
        finding("B9", NOTE, "Nine.", rule="nine"),
        finding("B8", QUERY, "Eight.", rule="eight"),
        finding("C7", rule="a", because="Plan.", sheet="Plan"),
        finding("AA7", rule="b", because="Far right."),
        finding("C10", rule="c", because="Ten."),
        finding("C7", rule="d", because="Seven."),
        finding("", rule="e", because="The whole sheet.", row_id=None),
    ]
    queries, _ = queries_of(said, BOOK)
    assert [(q.number, q.expected) for q in queries] == [
        (1, "The whole sheet."),
        (2, "Seven."),
        (3, "Far right."),
        (4, "Ten."),
        (5, "Plan."),
        (6, "Eight."),
        (7, "Nine."),
    ]
    assert [q.severity for q in queries] == ["Must fix"] * 5 + ["Please explain", "For information"]


def test_what_was_settled_comes_last_and_says_how() -> None:
    closed = finding("B2", QUERY, "Odd.", rule="odd", settled="Explained on 7 July 2004: a new contract.")
    queries, _ = queries_of([closed, finding("B9", NOTE, "Nine.", rule="nine")], BOOK)
    assert [(q.cells, q.status) for q in queries] == [
        ("B9", "Nothing to do"),
        ("B2", "Explained on 7 July 2004: a new contract."),
    ]


def test_a_rule_on_trial_asks_nobody() -> None:
    assert asked(finding("B2", NOTE, is_trial=True)) == []


# What follows from another fault


@pytest.mark.parametrize("basic", ["spend_given", "spend_readable", "spend_known"])
def test_what_only_follows_from_a_bad_value_is_not_listed(basic: str) -> None:
    assert asked(
        finding("B2", rule=basic),
        finding("B2", QUERY, "More than the allocation.", rule="within_allocation"),
        finding("B9", QUERY, "The total is 9, but the rows add up to 8.", rule="total_agrees", row_id=None),
    ) == [("Must fix", "B2", "lots")]


def test_two_faults_that_are_not_each_others_cause_are_both_listed() -> None:
    assert asked(
        finding("B2", rule="spend_readable"),
        finding("C2", QUERY, "Odd.", rule="odd", column_name="trained", as_typed="7"),
        finding("B3", QUERY, "Much.", rule="within_allocation", as_typed="900"),
        finding("C9", QUERY, "The total.", rule="total_agrees", column_name="trained", row_id=None),
    ) == [
        ("Must fix", "B2", "lots"),
        ("Please explain", "C2", "7"),
        ("Please explain", "B3", "900"),
        ("Please explain", "C9", "lots"),
    ]


def test_a_sheet_that_was_not_recognised_is_told_that_alone() -> None:
    assert asked(
        finding("", rule="return_recognised", because="No return.", row_id=None, as_typed=None),
        finding("", NOTE, "Hidden row 3.", rule="hidden_lines", row_id=None, as_typed=None),
        finding("", NOTE, "Hidden row 3.", rule="hidden_lines", row_id=None, as_typed=None, sheet="Plan"),
    ) == [("Must fix", "", ""), ("For information", "", "")]


# What is the same


def test_the_same_fault_in_many_cells_is_one_query_with_its_cells() -> None:
    cells = ["B2", "B3", "B4", "B9", "C4"]
    blank = [
        finding(cell, because="'Spend' is blank. Enter a value.", rule="spend_given", as_typed=None)
        for cell in cells
    ]
    query = one(*blank)
    assert (query.cells, query.sent) == ("B2 to B4, B9, C4", "(blank)")
    assert (query.expected, query.fix) == ("'Spend' is blank.", "Enter a value.")
    assert [f.cell for f in query.findings] == cells


def test_the_same_fault_with_values_of_its_own_is_one_query_that_shows_them() -> None:
    query = one(
        *(
            finding(f"B{row}", because=f"We found '{typed}', which is no amount.", as_typed=typed)
            for row, typed in ((2, "lots"), (3, "many"), (4, "some"))
        )
    )
    assert query.sent == "B2: lots; B3: many; B4: some"


def test_another_column_sheet_or_sentence_is_another_query() -> None:
    assert (
        len(
            asked(
                finding("B2"),
                finding("C2", column_name="trained"),
                finding("B2", sheet="Plan", row_id="row 2 of Plan"),
                finding("B3", because="A total was expected. Type it."),
            )
        )
        == 4
    )


def test_what_is_said_twice_is_asked_once() -> None:
    assert asked(finding("B2"), finding("B2")) == [("Must fix", "B2", "lots")]


# How many


def test_thirty_are_listed_and_the_rest_are_counted_by_severity() -> None:
    serious = [finding(f"B{n}", because=f"Fault {n}.", rule=f"rule_{n}") for n in range(28)]
    mild = [finding(f"C{n}", QUERY, f"Odd {n}.", rule=f"odd_{n}", column_name="trained") for n in range(5)]
    notes = [finding("D1", NOTE, "Known.", rule="known", column_name="day")]
    queries, rest = queries_of([*notes, *mild, *serious], BOOK)
    assert len(queries) == MOST == 30
    assert [q.severity for q in queries] == ["Must fix"] * 28 + ["Please explain"] * 2
    assert rest == {"Please explain": 3, "For information": 1}


# Sentences


@pytest.mark.parametrize(
    ("because", "expected", "fix"),
    [
        (
            "The lower limit is above the value. Check which of the two is right.",
            "The lower limit is above the value.",
            "Check which of the two is right.",
        ),
        (
            "We read '2003Q2' as Apr to Jun 2003, counting from January. If it counts from April, type both years, "
            "as in Q1 2012/13.",
            "We read '2003Q2' as Apr to Jun 2003, counting from January.",
            "If it counts from April, type both years, as in Q1 2012/13.",
        ),
        (
            "We found 'No. Ask Ann', which is no rating. Choose from: G, AG.",
            "We found 'No. Ask Ann', which is no rating.",
            "Choose from: G, AG.",
        ),
        ("Spend is above the allocation.", "Spend is above the allocation.", ""),
        ("Type a date, e.g. 3 July 2012.", "Type a date, e.g. 3 July 2012.", ""),
    ],
)
def test_a_sentence_is_put_where_its_reader_looks_for_it(because: str, expected: str, fix: str) -> None:
    found = expected_and_fix(because, "Please explain")
    assert found == (expected, fix or "Correct it, or say in 'Your answer' why it is right.")


def test_quotations_and_abbreviations_do_not_end_a_sentence() -> None:
    text = "We found 'Yes. Or no.', e.g. Nothing clear. Type yes or no."
    assert sentences(text) == ["We found 'Yes. Or no.', e.g. Nothing clear.", "Type yes or no."]


@pytest.mark.parametrize(
    ("cells", "listed"),
    [
        (["C5", "C7", "C6", "AA5", "B9"], "B9, C5 to C7, AA5"),
        (["B2", "B2"], "B2"),
        ([], ""),
        (
            [f"{c}1" for c in "ABCDEFGHIJKLMN"],
            "A1, B1, C1, D1, E1, F1, G1, H1, I1, J1, K1, L1 and 2 more places",
        ),
    ],
)
def test_cells_are_listed_in_reading_order_and_runs_joined(cells: list[str], listed: str) -> None:
    assert listed_cells(cells) == listed
