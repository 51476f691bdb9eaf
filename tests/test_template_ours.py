"""What a partner types over a template's own texts is left out and told; what a program changes is no matter."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from grids import sheet
from templates import HEADER, READ, column, fill_in, judge, opened, rows_of, saved, template, told, values
from test_template_identity import IDENTITY, meta
from test_template_returned import found, proxies, read

from pipelines.cells import Book
from pipelines.findings import QUERY
from pipelines.template.identity import MARKS_A_LINE, read_identity
from pipelines.template.ours import typed_over
from pipelines.workbook import open_book

RULE = "our_text_unchanged"


def over(tmp_path: Path, title: str, cell: str, value: object) -> Any:
    """The finding that comes of a template filled in, with one cell of it typed over."""
    book = fill_in(opened())
    book[title][cell].value = value
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert values(judged) == READ  # whatever it says, the figures are read all the same
    assert {finding.rule for finding in judged.findings} <= {RULE}
    return next(iter(judged.findings), None)


@pytest.mark.parametrize(
    ("title", "cell", "value", "shown"),
    [
        ("Start", "B6", "End of next month", "End of next month"),
        ("Sign-off", "A2", "Ring Mrs Smith.", "Ring [removed]."),
        ("Sign-off", "A3", 12, "12"),
        ("Lists", "A1", "Purple", "Purple"),
    ],
)
def test_a_text_of_ours_that_was_typed_over_is_told(
    tmp_path: Path, title: str, cell: str, value: object, shown: str
) -> None:
    finding = over(tmp_path, title, cell, value)
    assert (finding.rule, finding.consequence, finding.sheet, finding.cell) == (RULE, QUERY, title, cell)
    assert finding.because == (
        f"On the sheet '{title}' something else stands where the template had a text of its own: {cell} '{shown}'. "
        "Only white cells are read, so it was left out. If it matters to the return, write it into a white cell or "
        "a comment."
    )
    assert finding.as_typed == shown


def test_so_is_a_counter_that_was_typed_over(tmp_path: Path) -> None:
    start = opened()["Start"]
    (cell,) = (c.coordinate for row in start.iter_rows() for c in row if "SUM(" in str(c.value))
    finding = over(tmp_path, "Start", cell, "Done, but vehicle crime is 12")
    assert (finding.rule, finding.cell, finding.as_typed) == (RULE, cell, "Done, but vehicle crime is 12")


def test_so_is_a_value_of_last_time_and_a_guide(tmp_path: Path) -> None:
    lines = opened()["Proxy indicators"]
    row = next(number for key, number in rows_of(lines).items() if key[0] == "P_QUIT")
    guide = next(str(cell.value) for cell in lines[HEADER] if str(cell.value).startswith("Guide:"))
    for heading, value in (("Last time: Value", 170), (guide, "Smokers who tried")):
        cell = lines.cell(row, column(lines, heading)).coordinate
        finding = over(tmp_path, "Proxy indicators", cell, value)
        assert (finding.rule, finding.sheet, finding.cell, finding.as_typed) == (
            RULE, "Proxy indicators", cell, str(value),
        )  # fmt: skip


def test_what_may_be_filled_in_or_changes_by_itself_is_not_told(tmp_path: Path) -> None:
    book = fill_in(opened())
    for cell, value in (("B6", "A. Nother"), ("B7", "officer"), ("B8", date(2004, 7, 5)), ("B9", "Final")):
        book["Sign-off"][cell].value = value
    assert told(judge(saved(book, tmp_path / "Return.xlsx"))) == []


def test_rows_in_another_order_keep_their_own_last_time(tmp_path: Path) -> None:
    book = fill_in(opened())
    lines = book["Proxy indicators"]
    first, last = HEADER + 1, HEADER + len(READ["proxy_indicators"])
    for number in range(1, lines.max_column + 1):
        one, other = lines.cell(first, number), lines.cell(last, number)
        one.value, other.value = other.value, one.value
    assert told(judge(saved(book, tmp_path / "Return.xlsx"))) == []


def test_each_sheet_is_told_once_with_its_first_cells() -> None:
    marked = replace(IDENTITY, marks=frozenset({"0" * 8}))
    start = sheet([["one", "two"], ["three"]], "Start")
    file = read(start, proxies(["P_QUIT", "x", "Jan to Mar 2004", 1, 131]), meta(marked))
    said = [(name, rule) for rule, _, name in found(file) if rule == RULE]
    assert said == [("Start", RULE), ("Proxies", RULE)]
    (because,) = (finding.because for finding in file.findings if finding.sheet == "Start")
    assert "A1 'one', B1 'two', A2 'three'. Only" in because


def test_a_template_from_before_there_were_marks_is_asked_nothing() -> None:
    file = read(sheet([["anything"]], "Start"), proxies(["P_QUIT", "x", "Jan to Mar 2004", 1, 131]), meta())
    assert RULE not in [rule for rule, *_ in found(file)]


def test_many_marks_are_read_as_written() -> None:
    many = replace(IDENTITY, marks=frozenset(f"{number:08x}" for number in range(2 * MARKS_A_LINE + 1)))
    assert [name for name, _ in many.lines()].count("marks") == 3
    assert max(len(text) for _, text in many.lines()) < 32_767
    assert read_identity(Book((meta(many),))) == many


@pytest.mark.parametrize("saved_as", [163, 163.0, "163", 163.00000000000003])
def test_a_number_is_ours_however_a_program_saves_it(tmp_path: Path, saved_as: Any) -> None:
    path = tmp_path / "Return.xlsx"
    path.write_bytes(template())
    identity = read_identity(open_book(path, path.name))
    assert identity is not None
    marks = identity.marks
    line = ["P_QUIT", saved_as]
    data = sheet([["Indicator ref", "Last time: Value"], line])
    assert typed_over(data, [(0, 1), (1, 1)], marks, is_own=False) == []
    other = sheet([["Indicator ref", "Last time: Value"], ["P_CLINIC", saved_as]])
    assert [cell.address for cell in typed_over(other, [(0, 1), (1, 1)], marks, is_own=False)] == ["B2"]
