"""The returns in one file: found, addressed and tidied, and a place for every cell."""

from dataclasses import replace
from typing import Any

import pytest
from grids import REFERENCES, Row, contract, receipt, sheet

from pipelines.cells import Book, Sheet
from pipelines.contract import Column, Contract
from pipelines.framework.references import Reference
from pipelines.submission import FileRead
from pipelines.submission.blanks import settle_nil
from pipelines.submission.file import read_file

SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True, aliases=("Actual",), help="In the quarter."),
    Column("note", "Note", "text"),
    name="spend",
    title="Spend",
    nil_allowed=True,
)
PEOPLE = contract(
    Column("project", "Project ref", "text", required=True),
    Column("trained", "People trained", "count", required=True),
    name="people",
    title="People",
)
PROJECTS = {"framework.projects": Reference("Projects", ids={"nrf01": "NRF01", "nrf02": "NRF02"})}
TOP: list[Row] = [["Partner:", "PCT"], ["Quarter:", "Q1 2004/05"]]
SPENT = ["Project ref", "Spend (£)", "Note"]
TRAINED = ["Project ref", "People trained"]


def read(
    *sheets: Sheet,
    remarks: tuple[str, ...] = (),
    contracts: tuple[Contract, ...] = (SPEND, PEOPLE),
    **of_receipt: Any,
) -> FileRead:
    """A file with these sheets, received in the inbox, so that only its labels say for when it is."""
    file = read_file(
        receipt(**({"folder": "inbox"} | of_receipt)), Book(sheets, remarks), contracts, REFERENCES | PROJECTS
    )
    settle_nil(file)
    return file


def returns(file: FileRead) -> list[tuple[str, str | None, str | None, list[str], str | None]]:
    """Return, partner, quarter, projects and the rule that refuses it whole."""
    return [
        (s.contract.name, s.partner, s.quarter, [row["project"] for row in s.tidied.rows], s.problem)
        for s in file.submissions.values()
    ]


def found(file: FileRead) -> list[tuple[str, str, str | None, str | None]]:
    """Rule, consequence, sheet and cell of every finding."""
    return [(f.rule, f.consequence, f.sheet, f.cell) for f in file.findings]


# Returns


def test_one_return() -> None:
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, None], ["NRF02", 200, None]]))
    assert returns(file) == [("spend", "pct", "2004-05-Q1", ["NRF01", "NRF02"], None)]
    assert found(file) == []
    assert list(file.submissions) == [f"{file.receipt.file_id}.pct.spend.2004-05-Q1"]


def test_two_returns_on_two_sheets() -> None:
    file = read(
        sheet([*TOP, SPENT, ["NRF01", 100, None]], "Money"), sheet([*TOP, TRAINED, ["NRF01", 3]], "People")
    )
    assert returns(file) == [
        ("spend", "pct", "2004-05-Q1", ["NRF01"], None),
        ("people", "pct", "2004-05-Q1", ["NRF01"], None),
    ]


def test_two_tables_of_one_return_are_one_submission() -> None:
    file = read(
        sheet([*TOP, SPENT, ["NRF01", 100, None], SPENT, ["NRF02", 200, None]], "Safe"),
        sheet([*TOP, SPENT, ["NRF03", 300, None]], "Healthy"),
    )
    assert returns(file) == [("spend", "pct", "2004-05-Q1", ["NRF01", "NRF02", "NRF03"], None)]
    (submission,) = file.submissions.values()
    assert len({row["row_id"] for row in submission.tidied.rows}) == 3


def test_one_return_for_two_quarters_is_two_submissions() -> None:
    file = read(
        sheet([*TOP, SPENT, ["NRF01", 100, None]], "Q1"),
        sheet([TOP[0], ["Quarter:", "Q2 2004/05"], SPENT, ["NRF01", 150, None]], "Q2"),
    )
    assert [(quarter, problem) for _, _, quarter, _, problem in returns(file)] == [
        ("2004-05-Q1", None),
        ("2004-05-Q2", None),
    ]


def test_a_lower_table_takes_its_own_labels_before_those_of_the_sheet() -> None:
    file = read(
        sheet(
            [
                *TOP,
                SPENT,
                ["NRF01", 100, None],
                [],
                ["People"],
                ["Partner:", "Police"],
                TRAINED,
                ["NRF01", 3],
            ]
        )
    )
    assert returns(file) == [
        ("spend", "pct", "2004-05-Q1", ["NRF01"], None),
        ("people", "police", "2004-05-Q1", ["NRF01"], None),
    ]
    assert found(file) == []


def test_the_framework_belongs_to_nobody_and_to_no_quarter() -> None:
    entity = contract(*SPEND.columns, name="costs", schema="framework")
    file = read_file(receipt(), Book((sheet([SPENT, ["NRF01", 100, None]]),)), [entity], {})
    (submission,) = file.submissions.values()
    assert (submission.partner, submission.quarter, submission.problem) == (None, None, None)
    assert submission.submission_id == f"{file.receipt.file_id}.-.framework.costs.-"


# Refused whole


def test_a_return_of_nobody_is_refused_with_its_rows() -> None:
    file = read(sheet([TOP[1], SPENT, ["NRF01", 100, None]]))
    assert returns(file) == [("spend", None, None, ["NRF01"], "partner_given")]
    assert found(file) == [("partner_given", "refuse", "Data", None)]


def test_every_missing_column_is_told() -> None:
    file = read(sheet([*TOP, ["Project ref", "Note"], ["NRF01", "late"]]))
    assert returns(file) == [("spend", "pct", "2004-05-Q1", ["NRF01"], "column_present")]
    assert found(file) == [("column_present", "refuse", "Data", "A3")]
    assert file.findings[0].because.startswith(
        "The column 'Spend (£)' is missing. Add it and send the file again."
    )


def test_headings_without_rows_are_refused_as_empty() -> None:
    file = read(sheet([*TOP, SPENT]), sheet([*TOP, TRAINED], "People"))
    assert [problem for *_, problem in returns(file)] == ["has_rows", "has_rows"]
    spend, people = (finding.because for finding in file.findings)
    assert spend.endswith("If there is nothing to report, write 'Nil return' in the first row.")
    assert people.endswith("Fill it in and send it again.")  # it may not be nil


# Nil returns


@pytest.mark.parametrize(
    "rows",
    [
        [*TOP, SPENT, ["Nil return"]],
        [*TOP, ["Nil return:", "Yes"], SPENT],
        [*TOP, ["Nil return: yes"], SPENT],
    ],
)
def test_a_return_that_says_it_is_nil(rows: list[Row]) -> None:
    (submission,) = read(sheet(rows)).submissions.values()
    assert (submission.is_nil, submission.problem, submission.tidied.rows) == (True, None, [])


def test_a_return_that_says_it_is_not_nil() -> None:
    (submission,) = read(sheet([*TOP, ["Nil return:", "No"], SPENT])).submissions.values()
    assert (submission.is_nil, submission.problem) == (False, "has_rows")


def test_a_return_that_may_not_be_nil() -> None:
    (submission,) = read(sheet([*TOP, TRAINED, ["Nil return"]])).submissions.values()
    assert (submission.is_nil, submission.problem) == (False, "has_rows")


def test_nil_and_rows_together_are_asked_about_and_the_rows_used() -> None:
    file = read(sheet([*TOP, SPENT, ["Nil return"], ["NRF01", 100, None]]))
    assert returns(file) == [("spend", "pct", "2004-05-Q1", ["NRF01"], None)]
    assert [(rule, what) for rule, what, *_ in found(file)] == [("nil_or_rows", "query")]


# Sheets, headings and cells that are no part of a return


def test_a_sheet_without_a_table_is_left_out_of_a_file_that_has_one() -> None:
    file = read(sheet([["Dear all"]], "Letter"), sheet([*TOP, SPENT, ["NRF01", 100, None]]))
    assert found(file) == [("sheet_without_table", "note", "Letter", None)]


def test_a_sheet_with_one_heading_of_a_return_is_asked_about_in_a_file_that_has_one() -> None:
    file = read(sheet([["Project ref", "Mood"]], "Mood"), sheet([*TOP, SPENT, ["NRF01", 100, None]]))
    assert found(file) == [("return_recognised", "query", "Mood", None)]


def test_a_sheet_that_was_meant_as_a_return_is_refused_even_beside_a_good_one() -> None:
    headings = ["Project ref", "Note", "Mood", "Weather", "Colour"]
    mood = sheet([headings, ["NRF02", "Fine", 1, 2, 3]], "Mood")
    file = read(mood, sheet([*TOP, SPENT, ["NRF01", 100, None]]))
    assert ("return_recognised", "refuse", "Mood", None) in found(file)


def of_projects(of: Contract) -> Contract:
    """The return with its first column referring to the framework's projects."""
    project = Column("project", "Project ref", "text", required=True, refers_to="framework.projects")
    return replace(of, columns=(project, *of.columns[1:]))


def test_headings_of_nobody_are_told_by_what_stands_under_them() -> None:
    """The column of references says which return it is, where one return alone is about them."""
    strange = sheet([["Mood", "Code", "Weather"], ["Fine", "NRF01", 100], ["Dull", "NRF02", 90]])
    file = read(strange, contracts=(of_projects(SPEND), PEOPLE))
    (refusal,) = [f for f in file.findings if f.rule == "return_recognised"]
    assert (refusal.consequence, refusal.cell) == ("refuse", "B2")
    assert f"'NRF01' is what stands under 'Project ref' of the return '{SPEND.title}'" in refusal.because
    assert "'lsp learn'" in refusal.because


def test_a_reference_in_passing_says_nothing_of_a_sheet() -> None:
    letter = sheet([["Dear all"], ["NRF01"], ["is late,"], ["as you know."], ["Yours"]])
    file = read(letter, contracts=(of_projects(SPEND),))
    (refusal,) = [f for f in file.findings if f.rule == "return_recognised"]
    assert "NRF01" not in refusal.because


def test_references_that_two_returns_are_about_say_nothing_of_a_sheet() -> None:
    file = read(
        sheet([["Mood", "Code"], ["Fine", "NRF01"], ["Dull", "NRF02"]]),
        contracts=(of_projects(SPEND), of_projects(PEOPLE)),
    )
    (refusal,) = [f for f in file.findings if f.rule == "return_recognised"]
    assert "NRF01" not in refusal.because


@pytest.mark.parametrize(
    ("file", "places"),
    [
        ((sheet([["Dear all"]]),), ["Data"]),
        ((sheet([["Project ref", "Mood"]], "One"), sheet([["Dear all"]], "Two")), ["One", "Two"]),
        ((sheet([SPENT], visibility="hidden"),), [None]),
        ((sheet([SPENT], visibility="very hidden"), sheet([], "Empty")), [None]),
    ],
)
def test_a_file_without_a_return_is_refused(file: tuple[Sheet, ...], places: list[str | None]) -> None:
    refused = [f for f in read(*file).findings if f.consequence == "refuse"]
    assert [(f.rule, f.sheet, f.submission_id) for f in refused] == [
        ("return_recognised", place, None) for place in places
    ]


def test_a_hidden_sheet_is_not_read_and_is_told() -> None:
    file = read(
        sheet([*TOP, SPENT, ["NRF01", 100, None]]), sheet([*TOP, TRAINED], "Old", visibility="hidden")
    )
    assert [name for name, *_ in returns(file)] == ["spend"]
    assert found(file) == [("hidden_sheet", "note", "Old", None)]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    file = read(
        sheet(
            [*TOP, SPENT, ["NRF01", 100, "late"], ["NRF02", 200, None]],
            hidden_rows=frozenset({4, 90}),
            hidden_columns=frozenset({2}),
        )
    )
    assert returns(file)[0][3] == ["NRF01", "NRF02"]
    assert found(file) == [("hidden_lines", "note", "Data", None)]
    assert "row 5, column C are hidden" in file.findings[0].because


def test_one_hidden_column_is_hidden() -> None:
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, "late"]], hidden_columns=frozenset({2})))
    assert "column C is hidden, but was read like the others" in file.findings[0].because


def test_a_total_without_a_word_is_taken_for_one_where_it_sums_and_told() -> None:
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, "late"], ["NRF02", 200, None], [None, 300, None]]))
    assert returns(file)[0][3] == ["NRF01", "NRF02"]
    assert found(file) == [("line_looks_like_total", "note", "Data", "B6")]
    assert "The line 6 has no 'Project ref'" in file.findings[0].because
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, "late"], ["NRF02", 200, None], [None, 301, None]]))
    assert len(returns(file)[0][3]) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [["NRF01", 100, "late"], [None, 100, None]],  # two projects may have spent the same
        [["NRF01", 100, None], ["NRF02", 0, None], [None, 100, None]],
        [["NRF01", 100, None], ["NRF02", 200, None], [None, 300, "The youth diversion went well"]],
    ],
)
def test_a_line_without_its_key_is_no_total_where_it_may_be_a_record(rows: list[Row]) -> None:
    file = read(sheet([*TOP, SPENT, *rows]))
    assert len(returns(file)[0][3]) == len(rows)
    assert found(file) == []
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, None], ["NRF02", 200, None], [None, 300, "-"]]))
    assert found(file)[0][0] == "line_looks_like_total"


def test_headings_and_cells_that_belong_to_no_column_are_asked_about() -> None:
    file = read(sheet([*TOP, [*SPENT, "Mood", "Actual"], ["NRF01", 100, None, "good", 90, 7]]))
    assert found(file) == [
        ("column_known", "query", "Data", "D3"),
        ("column_once", "query", "Data", "E3"),
        ("cell_under_heading", "query", "Data", "F4"),
    ]
    assert "The column under B3 was used." in file.findings[1].because
    (submission,) = file.submissions.values()
    assert submission.tidied.rows[0]["spend"] == 100


def test_a_total_that_does_not_add_up_is_asked_about() -> None:
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, None], ["Total", 150, None]]))
    (finding,) = file.findings
    assert (finding.rule, finding.cell, finding.submission_id) == (
        "total_agrees",
        "B5",
        f"{file.receipt.file_id}.pct.spend.2004-05-Q1",
    )


def test_what_the_reader_remarked_is_noted() -> None:
    file = read(sheet([*TOP, SPENT, ["NRF01", 100, None]]), remarks=("It holds macros; they were not run.",))
    assert [(f.rule, f.consequence, f.because) for f in file.findings] == [
        ("workbook_remark", "note", "It holds macros; they were not run.")
    ]


# A place for every cell


def test_every_cell_outside_the_rows_is_called_by_what_it_is() -> None:
    file = read(
        sheet(
            [
                ["NRF return"],
                ["Partner:", "PCT", "in ink"],
                ["Quarter:", "Q1 2004/05"],
                [*SPENT, "Mood"],
                ["NRF01", 100, None, "good"],
                ["Total", 100],
                ["* provisional"],
                [],
                ["People"],
                TRAINED,
                ["NRF01", 3],
            ],
        ),
        sheet([["Dear all"]], "Letter"),
        sheet([["Lists"]], "Lists", visibility="hidden"),
    )
    assert {(name, row + 1, column + 1): reason for (name, row, column), reason in file.outside.items()} == {
        ("Data", 1, 1): "title",
        ("Data", 2, 1): "label",
        ("Data", 2, 2): "label",
        ("Data", 2, 3): "title",
        ("Data", 3, 1): "label",
        ("Data", 3, 2): "label",
        ("Data", 4, 1): "header",
        ("Data", 4, 2): "header",
        ("Data", 4, 3): "header",
        ("Data", 4, 4): "not in contract",
        ("Data", 5, 4): "not in contract",
        ("Data", 6, 1): "total",
        ("Data", 6, 2): "total",
        ("Data", 7, 1): "footnote",
        ("Data", 9, 1): "title",
        ("Data", 10, 1): "header",
        ("Data", 10, 2): "header",
        ("Letter", 1, 1): "no table",
        ("Lists", 1, 1): "hidden",
    }
    links = {link.cell for s in file.submissions.values() for link in s.tidied.links}
    assert links == {"A5", "B5", "A11", "B11"}
