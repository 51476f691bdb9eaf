"""Layouts taught as data: what they read, and what they say when a sheet has drifted away from them."""

from typing import Any

import pytest
from grids import Row, contract, receipt, sheet

from pipelines.cells import Book, Sheet
from pipelines.contract import Column
from pipelines.framework.references import Reference, References
from pipelines.framework.taught import Layout, Pattern, layouts_of
from pipelines.submission import FileRead
from pipelines.submission.file import read_file

MONEY = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True),
    Column("area", "Area", "text"),
    name="money",
    title="Money",
)
REFERENCES: References = {
    "framework.partners": Reference("Partners", ids={"pct": "pct", "police": "police"}),
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {}}),
}
EMPTY = dict.fromkeys(("partner_id", "sheet", "header_lines", "block", "starts_at", "ends_at"))
SCHEMES = [
    ("Scheme no.", "under", "project"),
    ("Cost so far", "under", "spend"),
    ("Officer", "under", "left out"),
]


def taught(*columns: tuple[str, ...], **more: Any) -> Layout:
    names = ("heading", "place", "means", "unit", "says")
    rows = [
        {"layout_id": more.get("layout_id", "schemes")}
        | dict.fromkeys(names)
        | dict(zip(names, c, strict=False))
        for c in columns
    ]
    layout = (
        EMPTY | {"layout_id": "schemes", "return_name": "money", "shape": "table", "partner_id": "pct"} | more
    )
    (found,) = layouts_of([layout], rows, {"money": MONEY})
    return found


def read(rows: list[Row], *layouts: Layout, name: str = "Data", **of_receipt: Any) -> FileRead:
    drawn: Sheet = sheet(rows, name)
    return read_file(receipt(**of_receipt), Book((drawn,)), [MONEY], REFERENCES, layouts)


def values(file: FileRead, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for s in file.submissions.values() for row in s.tidied.rows]


def test_headings_that_only_the_layout_knows() -> None:
    file = read([["Officer", "Scheme no.", "Cost so far"], ["AB", "NRF01", 10]], taught(*SCHEMES))
    assert values(file, "project", "spend") == [("NRF01", 10)]
    assert file.outside == {
        **{("Data", 0, column): "header" for column in range(3)},
        ("Data", 1, 0): "left out",
    }
    assert [(s.partner, s.quarter) for s in file.submissions.values()] == [("pct", "2004-05-Q1")]
    assert file.findings == []


def test_a_unit_and_a_value_that_is_always_the_same() -> None:
    layout = taught(
        ("Scheme no.", "under", "project"),
        ("Cost so far", "under", "spend", "£000s"),
        ("the place", "always", "area", None, "Salford"),
    )
    file = read([["Scheme no.", "Cost so far"], ["NRF01", 10]], layout)
    assert values(file, "project", "spend", "area") == [("NRF01", 10_000, "Salford")]
    assert [link.column_name for s in file.submissions.values() for link in s.tidied.links] == [
        "project",
        "spend",
    ]


def test_blocks_whose_title_names_the_project() -> None:
    layout = taught(
        ("Project #: …", "block", "project"),
        ("Item", "under", "area"),
        ("Cost so far", "under", "spend"),
        block="Project #: …",
    )
    file = read(
        [
            ["Project 1: Wardens"],
            ["Item", "Cost so far"],
            ["Pay", 10],
            [],
            ["Project 2: Lights"],
            ["Item", "Cost so far"],
            ["Lamps", 20],
            ["Project 3:"],
            ["Item", "Cost so far"],
        ],
        layout,
    )
    assert values(file, "project", "area", "spend") == [("Wardens", "Pay", 10), ("Lights", "Lamps", 20)]
    assert [f.rule for f in file.findings] == []
    assert ("Data", 0, 0) not in file.outside  # its value is loaded
    assert file.outside["Data", 7, 0] == "label"


# Drift


@pytest.mark.parametrize(
    ("headings", "cell", "said"),
    [
        (
            ["Officer", "Scheme no.", "Spent"],
            "C1",
            "the heading 'Cost so far' is missing. New there: 'Spent' in C1",
        ),
        (["Officer", "Scheme no."], "A1", "the heading 'Cost so far' is missing. Nothing was read"),
        (["Scheme no.", "Cost so far", "Net"], "C1", "without the heading 'Net', which now stands in C1"),
    ],
)
def test_a_layout_that_has_drifted_stops_and_says_what_moved(headings: Row, cell: str, said: str) -> None:
    file = read([headings, ["AB", "NRF01", 10][: len(headings)]], taught(*SCHEMES))
    assert values(file, "project") == []
    assert [(f.rule, f.consequence, f.cell) for f in file.findings] == [("return_recognised", "refuse", cell)]
    assert said in file.findings[0].because


def test_columns_in_another_order_and_without_one_that_was_left_out_are_no_drift() -> None:
    file = read([["Cost so far", "Scheme no."], [10, "NRF01"]], taught(*SCHEMES))
    assert values(file, "project", "spend") == [("NRF01", 10)]


def test_a_layout_does_not_speak_of_other_partners_and_other_sheets() -> None:
    own: list[Row] = [["Partner:", "Police"], ["Project ref", "Spend (£)"], ["NRF01", 10]]
    for layout in (taught(*SCHEMES), taught(*SCHEMES, sheet="Schemes*")):
        assert values(read(own, layout, received_from="police"), "spend") == [(10,)]


def test_two_layouts_for_the_same_headings_stop_the_sheet() -> None:
    twins = taught(*SCHEMES), taught(*SCHEMES, layout_id="again")
    file = read([["Scheme no.", "Cost so far"], ["NRF01", 10]], *twins)
    assert file.findings[0].because.startswith(
        "The taught layouts 'schemes' and 'again' read the same headings."
    )


# Patterns


@pytest.mark.parametrize(
    ("pattern", "text", "matches", "value"),
    [
        ("Project #: …", "Project 12: Wardens", True, "Wardens"),
        ("Project #: …", "PROJECT 12:  The Wardens' project", True, "The Wardens' project"),
        ("Project #: …", "Project 12:", True, None),
        ("Project #: …", "Projects", False, None),
        ("Financial Year *", "Financial year 2004/05", True, None),
        ("Cost (£)", "cost £", True, None),
        ("Cost", "Costs", False, None),
    ],
)
def test_patterns(pattern: str, text: str, matches: bool, value: str | None) -> None:
    assert (Pattern(pattern).matches(text), Pattern(pattern).value_in(text)) == (matches, value)
