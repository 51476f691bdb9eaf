"""A return's sheet with values that are given: what a reply asks is marked, what was accepted is locked."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from accessibility import faults
from grids import contracts, sample_framework
from openpyxl.utils.cell import range_boundaries
from templates import HEADER, column

from pipelines.house_style.look import new_workbook
from pipelines.house_style.ooxml import to_bytes
from pipelines.template.draw import Drawn, print_areas
from pipelines.template.given import add_return
from pipelines.template.model import Mark
from pipelines.template.styles import heading, text

ROWS = [
    {"indicator_id": "P_QUIT", "period": "Jan to Mar 2004", "value": 231.0},
    {
        "indicator_id": "P_QUIT",
        "period": "Jan to Mar 2004",
        "value": "=1+1",
        "published_on": date(2004, 7, 2),
    },
    {"indicator_id": "P_NONE", "period": "", "value": "42.8 [p]", "commentary": "Up\nand up."},
]
MARKS = {
    (0, "indicator_id"): Mark(is_locked=True),
    (0, "value"): Mark(2, "The value is twice that of last time. Say why."),
    (2, "indicator_id"): Mark(1, "No indicator of the framework is called that."),
    (2, "period"): Mark(3, "The period is blank."),
}


def drawn() -> tuple[bytes, Drawn]:
    workbook = new_workbook("Reply", "Reply", "The partnership")
    first = workbook.create_sheet("Queries")
    heading(first, "A1", "Queries")
    text(first["A2"], "This worksheet contains no tables.")
    first.page_setup.paperSize, first.page_setup.orientation, first.print_area = 9, "landscape", "A1:D4"
    first.column_dimensions["A"].width = 60
    contract = contracts()["staging.proxy_indicators"]
    made = add_return(
        workbook, contract, ROWS, MARKS, sample_framework().references,
        partner="Salford PCT", quarter="Q1 2004/05", back_to="Queries",
    )  # fmt: skip
    return to_bytes(workbook, (), date(2004, 7, 20), {made.title: made.results}), made


@pytest.fixture(scope="module")
def sheet() -> Any:
    return openpyxl.load_workbook(BytesIO(drawn()[0]))["Proxy indicators"]


def test_values_stand_as_they_were_given(sheet: Any) -> None:
    values = [sheet.cell(row, column(sheet, "Value")) for row in range(HEADER + 1, HEADER + 4)]
    assert [(cell.value, cell.data_type) for cell in values] == [(231, "n"), ("=1+1", "s"), ("42.8 [p]", "s")]
    day = sheet.cell(HEADER + 2, column(sheet, "Published on"))
    assert (day.value.date(), day.number_format) == (date(2004, 7, 2), "d mmm yyyy")


def test_what_is_asked_about_is_marked_in_four_ways(sheet: Any) -> None:
    _, made = drawn()
    for (row, name), mark in MARKS.items():
        cell = sheet[made.places[row, name]]
        if mark.number is None:
            continue
        assert (cell.border.left.style, cell.border.top.style) == ("thick", "thick")
        assert cell.fill.fgColor.rgb == "FFFFC285"
        assert cell.comment.text == f"[query {mark.number}] {mark.sentence}"
        assert not cell.protection.locked
    queries = [sheet.cell(row, column(sheet, "Our query")).value for row in range(HEADER + 1, HEADER + 4)]
    assert queries == ["[query 2]", None, "[query 1] [query 3]"]


def test_what_was_accepted_is_locked_and_the_rest_is_open(sheet: Any) -> None:
    _, made = drawn()
    is_locked = {place: sheet[address].protection.locked for place, address in made.places.items()}
    assert is_locked[0, "indicator_id"]
    assert is_locked[0, "query"]
    assert not is_locked[1, "indicator_id"]
    assert not is_locked[9, "value"]  # a spare row


def test_it_breaks_no_rule_of_accessible_workbooks() -> None:
    assert faults(drawn()[0]) == []


def test_the_same_rows_give_the_same_bytes() -> None:
    assert drawn()[0] == drawn()[0]


def test_on_paper_nothing_above_the_table_is_repeated_where_it_would_be_cut(sheet: Any) -> None:
    # the first column is on every page across; the title and the guidance in it are wider than it is
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$A", f"${HEADER}:${HEADER}")
    first, *others = (
        range_boundaries(area.rpartition("!")[2].replace("$", "")) for area in sheet.print_area.split(",")
    )
    assert first[:2] == (1, 1)
    assert others and all(top == HEADER for _, top, _, _ in others)
    columns = [column for left, _, right, _ in (first, *others) for column in range(left, right + 1)]
    assert columns == list(range(1, sheet.max_column + 1))
    assert {bottom for *_, bottom in (first, *others)} == {sheet.max_row}
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


@pytest.mark.parametrize(
    ("widths", "areas"),
    [
        ([20, 40], ["A1:B9"]),
        ([20, 100, 70], ["A1:C9"]),
        ([20, 50, 50, 50, 50, 50], ["A1:D9", "E7:F9"]),
        # a page a little wider, rather than one more for a narrow last column
        ([20, 100, 60, 100, 60, 12], ["A1:C9", "D7:F9"]),
    ],
)
def test_a_wide_table_is_as_many_pages_across_as_can_be_read(widths: list[float], areas: list[str]) -> None:
    assert print_areas(widths, 9) == areas
