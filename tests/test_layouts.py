"""Which lines of a table are its rows, and what every other cell of it is."""

from typing import Any

import pytest
from grids import Row, contract, sheet

from pipelines.cells import CellError
from pipelines.contract import Column
from pipelines.layouts import Lines, read_table
from pipelines.recognise import recognise

SPEND = contract(
    Column("theme", "Theme", "text", fill_down=True),
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True),
    Column("note", "Note", "text"),
    key=["project"],
)
HEADINGS = ["Theme", "Project ref", "Spend (£)", "Note"]


def read(*rows: Row, **more: Any) -> Lines:
    """The lines of the table whose headings stand in row 1 and these rows under them."""
    (table,) = recognise(sheet([HEADINGS, *rows], **more), [SPEND]).tables
    return read_table(table)


def records(lines: Lines) -> list[tuple[int, dict[str, Any]]]:
    return [(row.row, {name: cell.value for name, cell in row.cells.items()}) for row in lines.records]


def outside(lines: Lines) -> dict[tuple[int, int], str]:
    return {place: reason for place, reason in lines.outside.items() if place[0] > 0}


def test_every_line_is_a_row_wherever_it_stands() -> None:
    lines = read(["safe", "NRF01", 100, "late"], [], [None, "NRF02", 200], ["safe", None, 5])
    assert records(lines) == [
        (1, {"theme": "safe", "project": "NRF01", "spend": 100, "note": "late"}),
        (3, {"project": "NRF02", "spend": 200}),
        (4, {"theme": "safe", "spend": 5}),
    ]
    assert lines.outside == {(0, column): "header" for column in range(4)}


@pytest.mark.parametrize(
    "rows",
    [
        [["safe", "NRF01", 100, "late"], ["safe", "NRF02", 200, "done"], ["safe", "NRF03", 300, "late"]],
        [["safe", "NRF01", 100, "late"], [None, "NRF02", 200], ["safe", None, 5], [7, "NRF03", 300, "late"]],
        [["safe", "NRF01", 100], [None, "NRF02", 200, "merged"], ["Total", None, 300], ["warm", "NRF03", 5]],
        [["safe", "NRF01", 100, "late"]],
        [],
    ],
    ids=["all alike", "with gaps", "a total between, and a merged cell", "one", "none"],
)
def test_a_column_of_the_records_is_the_cells_of_each(rows: list[Row]) -> None:
    merges = ((1, 0, 2, 0),) if len(rows) == 4 and rows[2][0] == "Total" else ()
    lines = read(*rows, merges=merges)
    for name in ("theme", "project", "spend", "note"):
        column = lines.records.stack(name)
        assert [column.at(number) for number in range(len(column))] == [
            record.cells.get(name) for record in lines.records
        ]


@pytest.mark.parametrize(
    "label",
    ["Total", "TOTALS", "Grand total", "Sub-total", "Subtotal", "Overall total", "Total spend", " total:"],
)
def test_a_total_is_no_row(label: str) -> None:
    lines = read(["safe", "NRF01", 100], [label, None, 100])
    assert [row for row, _ in records(lines)] == [1]
    assert outside(lines) == {(2, 0): "total", (2, 2): "total"}
    assert [(t.row, t.cells["spend"].value) for t in lines.totals] == [(2, 100)]


def test_a_total_in_the_key_column_is_no_row() -> None:
    assert outside(read([None, "Total", 100])) == {(1, 1): "total", (1, 2): "total"}


def test_a_record_whose_text_speaks_of_a_total_is_a_row() -> None:
    assert (
        len(read(["Total place", "NRF01", 100], ["safe", "NRF02", 200, "Total cost not yet known"]).records)
        == 2
    )


@pytest.mark.parametrize(
    "text",
    [
        "* provisional",
        "(a) includes carry-in",
        "[p] = provisional",
        "p = provisional",
        "Note: figures are draft",
        "Source: finance system",
        "N.B. draft",
        "These figures were taken from the ledger on 6 July.",
    ],
)
def test_a_remark_on_a_line_of_its_own_is_a_footnote(text: str) -> None:
    for row in ([None, text], [text]):
        assert outside(read(["safe", "NRF01", 100], row, ["safe", "NRF02", 200])) == {
            (2, row.index(text)): "footnote"
        }


def test_a_short_text_below_the_table_is_a_footnote_unless_it_stands_under_the_key() -> None:
    assert outside(read(["safe", "NRF01", 100], [], ["Signed off"])) == {(3, 0): "footnote"}
    assert records(read(["safe", "NRF01", 100], [], [None, "NRF02"]))[1:] == [(3, {"project": "NRF02"})]


def test_a_figure_typed_as_text_below_the_table_is_no_footnote() -> None:
    assert records(read(["safe", "NRF01", 100], [None, None, "£1,200"]))[1:] == [(2, {"spend": "£1,200"})]


def test_a_short_text_alone_between_records_is_a_record_with_blanks() -> None:
    """It may be a reference whose figures were forgotten; that is for the rules to say."""
    lines = read(["safe", "NRF01", 100], [None, "NRF02"], ["safe", "NRF03", 300])
    assert [row for row, _ in records(lines)] == [1, 2, 3]


@pytest.mark.parametrize(
    "text", ["Nil", "NIL RETURN", "None", "Nothing to report.", "No change - nil return"]
)
def test_a_nil_return_is_told_and_is_no_row(text: str) -> None:
    lines = read([None, text])
    assert (lines.is_nil, len(lines.records), outside(lines)) == (True, 0, {(1, 1): "nil"})


def test_a_record_that_says_none_somewhere_is_no_nil_return() -> None:
    lines = read(["safe", "NRF01", 100, "None"])
    assert (lines.is_nil, len(lines.records)) == (False, 1)


def test_cells_under_no_heading_of_ours_are_outside_and_those_under_none_at_all_are_asked_about() -> None:
    (table,) = recognise(
        sheet([[*HEADINGS, "Mood"], ["safe", "NRF01", 100, "late", "good", 7]]), [SPEND]
    ).tables
    lines = read_table(table)
    assert lines.outside[0, 4] == lines.outside[1, 4] == lines.outside[1, 5] == "not in contract"
    assert [cell.address for cell in lines.stray] == ["F2"]


@pytest.mark.parametrize("value", [7, "see over", CellError("#N/A")])
def test_what_stands_beside_the_table_alone_on_its_line_makes_no_row(value: Any) -> None:
    lines = read(["safe", "NRF01", 100], [None] * 5 + [value], ["safe", "NRF02", 200])
    assert [row for row, _ in records(lines)] == [1, 3]
    assert outside(lines) == {(2, 5): "not in contract"}
    assert [cell.address for cell in lines.stray] == ["F3"]


# Merged cells


def test_a_merged_theme_fills_the_rows_that_it_spans() -> None:
    lines = read(
        ["safe", "NRF01", 100],
        [None, "NRF02", 200],
        [None, "NRF03", 300],
        [None, "NRF04", 400],
        merges=((1, 0, 3, 0),),
    )
    assert [values.get("theme") for _, values in records(lines)] == ["safe", "safe", "safe", None]


def test_a_merge_fills_no_cell_that_has_a_value() -> None:
    lines = read(["safe", "NRF01", 100], ["healthy", "NRF02", 200], merges=((1, 0, 2, 0),))
    assert [values["theme"] for _, values in records(lines)] == ["safe", "healthy"]


def test_merges_of_columns_that_are_not_filled_down_and_of_titles_fill_nothing() -> None:
    lines = read(["safe", "NRF01", 100, "late"], [None, "NRF02", 200], merges=((1, 3, 2, 3),))
    assert "note" not in records(lines)[1][1]
    drawing = sheet([["NRF return"], HEADINGS, [None, "NRF01", 100]], merges=((0, 0, 2, 0),))
    (table,) = recognise(drawing, [SPEND]).tables
    assert records(read_table(table)) == [(2, {"project": "NRF01", "spend": 100})]


def test_a_merged_theme_on_a_line_of_its_own_is_a_value_of_the_rows_below_and_not_outside() -> None:
    theme = "Community safety and the reduction of crime"
    lines = read([theme], [None, "NRF01", 100], merges=((1, 0, 2, 0),))
    assert records(lines) == [(2, {"theme": theme, "project": "NRF01", "spend": 100})]
    assert outside(lines) == {}


def test_a_merge_fills_no_row_of_the_next_table() -> None:
    drawing = sheet(
        [HEADINGS, ["safe", "NRF01", 100], HEADINGS, [None, "NRF02", 200]], merges=((1, 0, 3, 0),)
    )
    first, second = recognise(drawing, [SPEND]).tables
    assert records(read_table(first))[0][1]["theme"] == "safe"
    assert "theme" not in records(read_table(second))[0][1]


@pytest.mark.parametrize(
    ("first", "is_example"), [("e.g.", True), ("eg", True), ("Eg NRF01", True), ("EG", False)]
)
def test_eg_in_capitals_is_a_reference_and_no_example(first: str, *, is_example: bool) -> None:
    lines = read([first, "NRF01", 100, "late"], ["safe", "NRF02", 200, "done"])
    assert [row for row, _ in records(lines)] == ([2] if is_example else [1, 2])


@pytest.mark.parametrize(
    "first", ["Example Street hub", "Example-based learning", "Example House", "an Example Road"]
)
def test_a_name_that_begins_with_example_is_a_record_where_its_key_is_filled_in(first: str) -> None:
    line, other = [first, "NRF01", 100, "late"], ["safe", "NRF02", 200, "done"]
    assert [row for row, _ in records(read(line, other))] == [1, 2]
    assert [row for row, _ in records(read([first, None, 100, "late"], other))] == [2]
    assert [row for row, _ in records(read([first, "Example", 100, "late"], other))] == [2]


@pytest.mark.parametrize(
    "first", ["Example", "Example:", "Example 1", "Example (delete)", "example row", "Example only"]
)
def test_a_line_that_says_it_is_an_example_is_one_whatever_its_key(first: str) -> None:
    lines = read([first, "NRF01", 100, "late"], ["safe", "NRF02", 200, "done"])
    assert [row for row, _ in records(lines)] == [2]
    assert set(outside(lines).values()) == {"example"}
