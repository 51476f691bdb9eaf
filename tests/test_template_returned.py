"""A template that came back: what is read without a word, and what is told of what was left, changed or mixed."""

from dataclasses import replace

from grids import REFERENCES, Row, contracts, receipt, sheet
from test_template_identity import IDENTITY, meta

from pipelines.cells import Book, Sheet
from pipelines.submission import FileRead
from pipelines.submission.blanks import settle_nil, settle_template
from pipelines.submission.file import read_file
from pipelines.template.returned import without_our_colours

HEADINGS = ["Indicator ref", "Guide: Measure", "Period", "Last time: Value", "Value", "Commentary"]


def proxies(*rows: Row, nil: str = "No", partner: str = "PCT", name: str = "Proxies") -> Sheet:
    labels: list[Row] = [
        ["Partner:", partner],
        ["Quarter:", "Q1 2004/05"],
        ["Nil return:", nil],
        [],
        HEADINGS,
    ]
    return sheet([*labels, *rows], name)


def read(*sheets: Sheet) -> FileRead:
    file = read_file(receipt(), Book(sheets), contracts().values(), REFERENCES)
    settle_template(file)
    settle_nil(file)
    return file


def found(file: FileRead) -> list[tuple[str, str, str | None]]:
    return [(finding.rule, finding.consequence, finding.sheet) for finding in file.findings]


def reasons(file: FileRead, name: str) -> dict[str, int]:
    every = [why for (sheet_name, *_), why in file.outside.items() if sheet_name == name]
    return {why: every.count(why) for why in every}


def test_a_template_filled_in_is_read_without_a_word() -> None:
    file = read(
        sheet([["Your return"], ["Required cells left:", 0]], "Start"),
        proxies(
            ["P_QUIT", "Smokers", "Jan to Mar 2004", 120, 131, None],
            ["P_CLINIC", "Visits", "Apr to Jun 2004", 800, 790, "Half term"],
            [None, "Another row, if you need one"],
        ),
        sheet([["Yes"], ["No"], ["G"]], "Lists", visibility="hidden"),
        meta(),
    )
    assert found(file) == []
    (submission,) = file.submissions.values()
    assert (submission.partner, submission.quarter) == ("pct", "2004-05-Q1")
    assert [(row["indicator_id"], row["value"]) for row in submission.tidied.rows] == [
        ("P_QUIT", 131),
        ("P_CLINIC", 790),
    ]
    assert reasons(file, "Start") == {"template": 3}
    assert reasons(file, "_meta") == {"template": len(IDENTITY.lines()) * 2}
    assert reasons(file, "Proxies") == {"label": 6, "header": 4, "template": 7}


def test_rows_left_as_they_came_are_no_rows_and_are_named() -> None:
    file = read(
        proxies(
            ["P_QUIT", "Smokers", "Jan to Mar 2004", 120, 131, None],
            ["P_CLINIC", "Visits", "Apr to Jun 2004", 800],
        ),
        meta(),
    )
    assert found(file) == [("expected_rows", "query", "Proxies")]
    assert "Of the 2 rows expected" in file.findings[0].because
    assert "P_CLINIC, Apr to Jun 2004." in file.findings[0].because
    assert reasons(file, "Proxies") == {"label": 6, "header": 4, "template": 6, "not filled in": 2}


def test_a_row_that_was_deleted_is_named_too() -> None:
    file = read(proxies(["P_CLINIC", "Visits", "Apr to Jun 2004", 800, 790]), meta())
    assert "1 were left blank: P_QUIT, Jan to Mar 2004." in file.findings[0].because


def test_a_value_that_came_with_the_row_and_was_changed_is_a_value() -> None:
    file = read(
        proxies(["P_QUIT", "Smokers", "Apr to Jun 2004"], ["P_CLINIC", None, None, None, 790]), meta()
    )
    (submission,) = file.submissions.values()
    assert [row["period_label"] for row in submission.tidied.rows] == ["Apr to Jun 2004", None]


def test_a_sheet_on_which_nothing_was_filled_in_is_no_return() -> None:
    file = read(proxies(["P_QUIT", "Smokers", "Jan to Mar 2004", 120]), meta())
    assert file.submissions == {}
    assert found(file) == [("sheet_filled_in", "query", "Proxies")]


def test_a_nil_return_is_chosen_and_misses_nothing() -> None:
    file = read(proxies(["P_QUIT", "Smokers", "Jan to Mar 2004", 120], nil="Yes"), meta())
    (submission,) = file.submissions.values()
    assert (submission.is_nil, submission.tidied.rows, file.findings) == (True, [], [])


def test_a_nil_return_of_our_own_making_gives_way_to_what_was_filled_in() -> None:
    nothing_due = replace(IDENTITY, rows=tuple(replace(row, is_expected=False) for row in IDENTITY.rows))
    file = read(proxies(["P_QUIT", None, "Jan to Mar 2004", None, 131], nil="Yes"), meta(nothing_due))
    (submission,) = file.submissions.values()
    assert (submission.is_nil, len(submission.tidied.rows), file.findings) == (False, 1, [])


def test_a_sheet_that_was_renamed_is_known_by_its_headings() -> None:
    file = read(proxies(["P_QUIT", None, "Jan to Mar 2004", None, 131], name="Smokers"), meta())
    assert [submission.contract.name for submission in file.submissions.values()] == ["proxy_indicators"]


def test_a_sheet_of_another_partner_pasted_in_is_refused() -> None:
    file = read(proxies(["P_QUIT", None, "Jan to Mar 2004", None, 131], partner="Police"), meta())
    assert ("partner_agrees", "refuse", "Proxies") in found(file)


def test_an_identity_that_was_changed_is_told_and_not_used() -> None:
    lines = [[name, "police" if name == "partner" else text] for name, text in IDENTITY.lines()]
    changed = sheet(lines, "_meta", visibility="very hidden")
    file = read(proxies(["P_QUIT", None, "Jan to Mar 2004", None, 131]), changed)
    assert found(file) == [("identity_intact", "query", "_meta")]
    assert [submission.partner for submission in file.submissions.values()] == ["pct"]


def test_a_start_sheet_with_more_on_it_than_there_was_is_not_passed_over() -> None:
    file = read(
        sheet([["Your return"], ["Left:", 0], ["PS: vehicle crime is down 4%"]], "Start"),
        proxies(
            ["P_QUIT", None, "Jan to Mar 2004", None, 131], ["P_CLINIC", None, "Apr to Jun 2004", None, 1]
        ),
        meta(),
    )
    assert found(file) == [("sheet_without_table", "note", "Start")]


def test_a_cell_that_we_coloured_has_no_rating_for_that() -> None:
    drawn = without_our_colours(
        sheet([["x", "y", "z"]], fills={(0, 0): "FFC285", (0, 1): "FEC384", (0, 2): "FFC000"})
    )
    assert dict(drawn.fills) == {(0, 2): "FFC000"}
