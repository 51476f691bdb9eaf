"""The shapes that returns come in: headings over several lines, crosstabs, forms, tables side by side."""

from typing import Any

import pytest
from grids import Row, contract, receipt, sheet

from pipelines.cells import Book, Sheet
from pipelines.contract import Column
from pipelines.framework.references import Reference, References
from pipelines.submission import FileRead
from pipelines.submission.file import read_file

SERIES = contract(
    Column("ref", "Indicator ref", "text", required=True, aliases=("Indicator",)),
    Column("period", "Period", "period", required=True),
    Column("value", "Value", "number", required=True),
    Column("lower", "Lower limit", "number"),
    Column("comment", "Comment", "text"),
    name="series",
    title="Series",
    key=["ref", "period"],
)
MONEY = contract(
    Column("theme", "Theme", "text", fill_down=True),
    Column("project", "Project ref", "text", required=True),
    Column("name", "Project name", "text"),
    Column("profile_q1", "Profile Q1 (£)", "money", aliases=("Profile Q1",)),
    Column("profile_q2", "Profile Q2 (£)", "money", aliases=("Profile Q2",)),
    Column("actual_q1", "Actual Q1 (£)", "money", required=True, aliases=("Actual Q1",)),
    Column("actual_q2", "Actual Q2 (£)", "money", aliases=("Actual Q2",)),
    name="money",
    title="Money",
    key=["project"],
)
REFERENCES: References = {
    "framework.partners": Reference("Partners", ids={"pct": "pct"}),
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {}}),
}
WHO: list[Row] = [["Partner:", "PCT"], ["Quarter:", "Q1 2004/05"]]


def read(*sheets: Sheet) -> FileRead:
    return read_file(receipt(), Book(sheets), [SERIES, MONEY], REFERENCES)


def rows(file: FileRead, *names: str) -> list[tuple[Any, ...]]:
    """These columns of every row of the file, in order."""
    return [tuple(row[name] for name in names) for s in file.submissions.values() for row in s.tidied.rows]


def found(file: FileRead) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.cell) for finding in file.findings]


def cells_of(file: FileRead, name: str) -> list[str]:
    """Where the values of a column were read, headings included."""
    return [
        link.cell
        for s in file.submissions.values()
        for link in (*s.tidied.links, *s.tidied.heading_links)
        if link.column_name == name
    ]


# Headings over two or three lines


def test_actual_and_profile_span_their_quarters() -> None:
    grid = sheet(
        [
            *WHO,
            [None, None, "Profile", None, "Actual"],
            ["Project ref", "Project name", "Q1", "Q2", "Q1", "Q2"],
            ["NRF01", "Wardens", 10, 20, 11, 22],
        ],
        merges=((2, 2, 2, 3), (2, 4, 2, 5)),
    )
    names = ("project", "name", "profile_q1", "profile_q2", "actual_q1", "actual_q2")
    assert rows(read(grid), *names) == [("NRF01", "Wardens", 10, 20, 11, 22)]
    assert found(read(grid)) == []


def test_a_year_a_quarter_and_actual_make_one_heading() -> None:
    grid = sheet(
        [
            *WHO,
            [None, "Financial year 2004/05"],
            [None, "Q1", None, "Q2"],
            ["Project ref", "Profile", "Actual", "Profile", "Actual"],
            ["NRF01", 10, 11, 20, 22],
        ],
        merges=((2, 1, 2, 4), (3, 1, 3, 2), (3, 3, 3, 4)),
    )
    assert rows(read(grid), "project", "profile_q1", "actual_q1", "profile_q2", "actual_q2") == [
        ("NRF01", 10, 11, 20, 22)
    ]


def test_columns_of_another_year_are_left_out() -> None:
    grid = sheet(
        [
            *WHO,
            [None, "2003/04", "2004/05"],
            ["Project ref", "Actual Q1", "Actual Q1"],
            ["NRF01", 10, 11],
        ]
    )
    file = read(grid)
    assert rows(file, "project", "actual_q1") == [("NRF01", 11)]
    assert file.outside["Data", 4, 1] == "another year"


def test_text_files_have_no_merged_cells_and_their_headings_span_all_the_same() -> None:
    grid = sheet(
        [
            *WHO,
            [None, "2002/03", None, "2003/04", None],
            ["Indicator ref", "Value", "Lower limit", "Value", "Lower limit"],
            ["P1", 5, 4, 6, 5],
        ]
    )
    assert rows(read(grid), "ref", "period_label", "value", "lower") == [
        ("P1", "2002/03", 5, 4),
        ("P1", "2003/04", 6, 5),
    ]


# Crosstabs


def test_periods_go_across() -> None:
    grid = sheet(
        [
            *WHO,
            ["Indicator", 2001, "2002/03", "Apr to Jun 2004 (p)", "Comment"],
            ["P1", 5, 6, 7, "rising"],
            ["P2", None, "n/a", None, None],
        ]
    )
    file = read(grid)
    assert rows(file, "ref", "period_label", "value", "value_status", "comment") == [
        ("P1", "2001", 5, None, "rising"),
        ("P1", "2002/03", 6, None, "rising"),
        ("P1", "Apr to Jun 2004", 7, None, "rising"),
        ("P2", "2002/03", None, "x", None),
    ]
    assert cells_of(file, "value") == ["B4", "C4", "D4", "C5"]
    assert cells_of(file, "period") == ["B3", "C3", "D3", "C3"]
    assert [file.outside["Data", 2, column] for column in range(5)] == ["header"] * 5


def test_actual_and_forecast_stand_under_their_years() -> None:
    grid = sheet(
        [
            *WHO,
            ["Indicator ref", "2003/04", None, "2004/05"],
            [None, "Actual", "Lower limit", "Forecast"],
            ["P1", 5, 4, 6],
        ],
        merges=((2, 0, 3, 0), (2, 1, 2, 2)),
    )
    assert rows(read(grid), "period_label", "value", "lower", "value_status") == [
        ("2003/04", 5, 4, None),
        ("2004/05", 6, None, "f"),
    ]


def test_a_total_between_the_columns_is_left_out_and_compared() -> None:
    grid = sheet(
        [
            *WHO,
            ["Indicator", "Apr to Jun 2004", "Jul to Sep 2004", "Total"],
            ["P1", 5, 6, 11],
            ["P2", 1, 2, 4],
            ["Total", 6, 9, 15],
        ]
    )
    file = read(grid)
    assert rows(file, "ref", "value") == [("P1", 5), ("P1", 6), ("P2", 1), ("P2", 2)]
    assert found(file) == [("total_agrees", "C6"), ("total_agrees", "D5")]
    assert file.outside["Data", 3, 3] == "total"


def test_a_line_without_a_figure_is_no_record() -> None:
    grid = sheet([*WHO, ["Indicator", "2001", "2002"], ["Health", None, None], ["P1", 5, 6]])
    assert read(grid).outside["Data", 3, 0] == "not filled in"


def test_a_period_that_stands_twice_is_asked_about() -> None:
    grid = sheet([*WHO, ["Indicator", "2001", "2002", "2002"], ["P1", 5, 6, 7]])
    file = read(grid)
    assert rows(file, "value") == [(5,)]
    assert found(file) == [("column_known", "C3"), ("column_known", "D3")]


# Forms


def test_a_form_has_a_block_per_project() -> None:
    grid = sheet(
        [
            *WHO,
            [],
            ["Project ref:", "NRF01"],
            ["Project name:", None, "Wardens"],
            ["Actual Q1 (£):", 1200],
            ["Dear colleague, this one is late."],
            [],
            ["Project ref:", "NRF02"],
            ["Actual Q1 (£):", "£1.2m"],
            ["Mood:", 7],
        ]
    )
    file = read(grid)
    assert rows(file, "project", "name", "actual_q1") == [
        ("NRF01", "Wardens", 1200),
        ("NRF02", None, 1_200_000),
    ]
    assert [row["row_id"].rsplit(":", 1)[1] for s in file.submissions.values() for row in s.tidied.rows] == [
        "4",
        "9",
    ]
    assert file.outside["Data", 3, 0] == "header"
    assert found(file) == [("cell_under_heading", "B11")]


def test_a_label_above_a_form_may_be_called_like_one_in_its_blocks() -> None:
    quarterly = contract(
        Column("ref", "Indicator ref", "text", required=True),
        Column("period", "Quarter", "period", required=True),
        Column("value", "Value", "number", required=True),
        name="quarterly",
        title="Quarterly",
        key=["ref", "period"],
    )
    blocks = [["Indicator ref", "P1"], ["Quarter", "Q1 2003/04"], ["Value", 5]]
    blocks += [["Indicator ref", "P2"], ["Quarter", "Q2 2003/04"], ["Value", 6]]
    for above in (WHO, [[*WHO[0], *WHO[1]]]):
        file = read_file(receipt(), Book((sheet([*above, [], *blocks]),)), [quarterly], REFERENCES)
        assert rows(file, "ref", "period_label", "value") == [
            ("P1", "Apr to Jun 2003", 5),
            ("P2", "Jul to Sep 2003", 6),
        ]
        assert found(file) == []


# Tables anywhere


def test_two_tables_side_by_side() -> None:
    grid = sheet(
        [
            *WHO,
            ["Project ref", "Actual Q1", None, "Indicator ref", "Period", "Value"],
            ["NRF01", 10, None, "P1", "2001", 5],
            [None, None, None, "P2", "2001", 6],
        ]
    )
    file = read(grid)
    assert [s.contract.name for s in file.submissions.values()] == ["money", "series"]
    money, series = file.submissions.values()
    assert [row["project"] for row in money.tidied.rows] == ["NRF01"]
    assert [row["ref"] for row in series.tidied.rows] == ["P1", "P2"]
    assert found(file) == []


def test_a_table_that_begins_beside_the_lines_of_another() -> None:
    grid = sheet(
        [
            *WHO,
            ["Project ref", "Actual Q1"],
            ["NRF01", 10],
            ["NRF02", 20, None, None, "Indicators of the year"],
            ["NRF03", 30, None, None, "Indicator ref", "Period", "Value"],
            ["NRF04", 40, None, None, "P1", "2001", 5],
            [None, None, None, None, "P2", "2001", 6],
        ]
    )
    file = read(grid)
    money, series = file.submissions.values()
    assert [row["project"] for row in money.tidied.rows] == ["NRF01", "NRF02", "NRF03", "NRF04"]
    assert [row["ref"] for row in series.tidied.rows] == ["P1", "P2"]
    assert file.outside["Data", 4, 4] == "title"
    assert found(file) == []


# Headings spelt otherwise


@pytest.mark.parametrize(
    "heading", ["Indicator reff", "Indcator ref", "Idnicator ref", "INDICATOR REF.¹", "Indicator ref*"]
)
def test_small_typing_errors_and_note_marks_are_forgiven(heading: str) -> None:
    file = read(sheet([*WHO, [heading, "Period", "Value"], ["P1", "2001", 5]]))
    assert rows(file, "ref", "value") == [("P1", 5)]


def test_a_heading_taken_for_another_is_told() -> None:
    file = read(sheet([*WHO, ["Indicator ref", "Peroid", "Value"], ["P1", "2001", 5]]))
    assert rows(file, "ref", "period_label") == [("P1", "2001")]
    assert [(f.rule, f.consequence, f.cell) for f in file.findings] == [("heading_spelt", "note", "B3")]
    assert file.findings[0].because.startswith("The heading 'Peroid' was taken for 'Period'.")


def test_a_near_miss_of_two_headings_is_neither() -> None:
    file = read(sheet([*WHO, ["Project ref", "Actual Q1", "Profille Q1", "Proflie Q1"], ["NRF01", 10, 1, 2]]))
    assert rows(file, "actual_q1", "profile_q1") == [(10, None)]
    assert found(file) == [("column_known", "C3"), ("column_known", "D3")]


def test_a_heading_with_another_number_is_no_near_miss() -> None:
    file = read(sheet([*WHO, ["Project ref", "Actual Q1", "Actual Q3"], ["NRF01", 10, 30]]))
    assert found(file) == [("column_known", "C3")]


# Lines that are no records


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["Example of how to complete >", "X1", 99], "example"),
        (["e.g.", "X1", 99], "example"),
        (["< Select >", "N/A", 0], "not filled in"),
        ([None, None, 0], "padding"),
        (["English regions:"], "section"),
    ],
)
def test_lines_that_look_like_records(line: Row, reason: str) -> None:
    file = read(sheet([*WHO, ["Theme", "Project ref", "Actual Q1"], line, ["safe", "NRF01", 10]]))
    assert rows(file, "project") == [("NRF01",)]
    assert {file.outside["Data", 3, n] for n, value in enumerate(line) if value is not None} == {reason}
    told = [(f.rule, f.cell) for f in file.findings]
    assert told == ([] if reason == "section" else [("line_left_out", "C4" if reason == "padding" else "A4")])


def test_marks_beside_a_figure_speak_of_it() -> None:
    grid = sheet(
        [*WHO, ["Indicator", "Period", "Value", "Reliability"], ["P1", "2001", 23.6, "u"], ["P2", "2001", 5]]
    )
    file = read(grid)
    assert rows(file, "ref", "value", "value_status") == [("P1", 23.6, "u"), ("P2", 5, None)]
    assert found(file) == []


def test_words_beside_a_figure_are_no_marks() -> None:
    grid = sheet(
        [*WHO, ["Indicator", "Period", "Value", "Mood"], ["P1", "2001", 23.6, "u"], ["P2", "2001", 5, "up"]]
    )
    assert found(read(grid)) == [("column_known", "D3")]


def test_a_mark_without_a_record_is_outside() -> None:
    grid = sheet(
        [
            *WHO,
            ["Indicator", "Period", "Value", "Reliability"],
            ["P1", "2001", 23.6, "u"],
            [None, None, None, "u"],
            ["P2", "2001", 5],
        ]
    )
    file = read(grid)
    assert rows(file, "ref") == [("P1",), ("P2",)]
    assert file.outside["Data", 4, 3] == "not in contract"


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("Spend by project, £000s", 12_000),
        ("All figures in thousands of pounds", 12_000),
        ("£000s", 12_000),
        ("This fund brings millions of pounds to the area", 12),
        ("Bids over £5m were not considered; £k claims by post", 12),
    ],
)
def test_a_line_above_scales_the_money_only_where_it_states_the_unit(line: str, amount: float) -> None:
    file = read(sheet([*WHO, [line], ["Project ref", "Actual Q1"], ["NRF01", 12]]))
    assert rows(file, "actual_q1") == [(amount,)]


@pytest.mark.parametrize(
    ("line", "heading", "amount"),
    [
        ("All figures in £000s", "Actual Q1 (£)", 12),
        ("£m", "Actual Q1 (£000s)", 12_000),
        ("All figures are in whole pounds.", "Actual Q1 (£000s)", 12_000),
    ],
)
def test_a_line_above_that_contradicts_the_headings_is_asked_about(
    line: str, heading: str, amount: float
) -> None:
    file = read(sheet([*WHO, [line], ["Project ref", heading, "Profile Q1"], ["NRF01", 12, 1]]))
    assert rows(file, "actual_q1") == [(amount,)]
    (asked,) = file.findings
    assert (asked.rule, asked.consequence, asked.cell, asked.as_typed) == ("units_agree", "query", "A3", line)
    assert f"above the heading '{heading}', which says otherwise." in asked.because


@pytest.mark.parametrize(
    ("line", "headings"),
    [
        ("All figures in £000s", ["Actual Q1 (£000s)", "Profile Q1 (£k)"]),
        ("All figures in £000s", ["Actual Q1", "Profile Q1"]),
        ("All figures are in pounds", ["Actual Q1 (£)", "Profile Q1"]),
        ("The bid of £2,000 was refused; ask for claims in pounds", ["Actual Q1 (£000s)", "Profile Q1"]),
        ("Thousands of pounds were saved", ["Actual Q1 (£)", "Profile Q1"]),
    ],
)
def test_a_line_above_that_agrees_or_says_nothing_of_the_figures_is_not_asked_about(
    line: str, headings: list[str]
) -> None:
    assert found(read(sheet([*WHO, [line], ["Project ref", *headings], ["NRF01", 12, 1]]))) == []


def test_a_reference_that_begins_like_an_example_is_none() -> None:
    file = read(sheet([*WHO, ["Project ref", "Actual Q1"], ["EG-01", 12], ["e.g. NRF01", 5]]))
    assert rows(file, "project", "actual_q1") == [("EG-01", 12)]


def test_a_name_that_begins_with_total_is_told_where_it_is_taken_for_one() -> None:
    file = read(
        sheet([*WHO, ["Project ref", "Actual Q1"], ["NRF01", 12], ["Total Place", 12], ["Total", 12]])
    )
    assert rows(file, "project") == [("NRF01",)]
    assert found(file) == [("line_taken_for_total", "A5")]
