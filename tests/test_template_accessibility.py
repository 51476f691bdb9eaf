"""Templates by the rules of accessible spreadsheets; and that the linter sees each fault it is there for."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from accessibility import contrast, faults
from grids import contracts, sample_framework
from openpyxl.styles import Font, PatternFill
from templates import HEADER, opened, template

from pipelines.template.checks import LONGEST_MESSAGE, message, validation

PARTNERS = list(sample_framework().references["framework.partners"].facts)


@pytest.mark.parametrize("partner", PARTNERS)
def test_a_template_breaks_no_rule(partner: str) -> None:
    assert faults(template(partner)) == []


def merge(book: Any) -> None:
    book["Start"].merge_cells("A1:B1")


def untag(book: Any) -> None:
    book["Sign-off"]["A1"].style = "Normal"


def shrink(book: Any) -> None:
    book["Start"]["B4"].font = Font(name="Arial", size=9)


def fade(book: Any) -> None:
    book["Start"]["B4"].font = Font(name="Arial", size=12, color="FFB1B4B6")
    book["Start"]["B5"].fill = PatternFill("solid", fgColor="FF12436D")


def narrow(book: Any) -> None:
    book["Proxy indicators"].column_dimensions["A"].width = 4


def blank_row(book: Any) -> None:
    for cell in book["Proxy indicators"][HEADER + 6]:
        cell.value = None


def trailing_space(book: Any) -> None:
    book["Lists"]["A2"].value = "No "


def no_list(book: Any) -> None:
    book["Proxy indicators"].data_validations.dataValidation[0].formula1 = "Choices!$A$1:$A$2"


def language(book: Any) -> None:
    book.properties.language = None


def external(book: Any) -> None:
    book["Start"]["B4"].hyperlink = "http://example.org"


def lost_reference(book: Any) -> None:
    book["Start"]["F1"].value = "=#REF!+1"
    book["Start"]["F1"].font = Font(name="Arial", size=12)


FAULTS: list[tuple[Callable[[Any], None], str]] = [
    (merge, "cells are merged"),
    (untag, "A1 is no tagged title"),
    (shrink, "B4 is in Arial 9"),
    (fade, "hard to read"),
    (narrow, "is cut off"),
    (blank_row, "is blank"),
    (trailing_space, "has blanks in it"),
    (no_list, "is nowhere"),
    (language, "no language"),
    (external, "leads out of the workbook"),
    (lost_reference, "resolves to nothing certain"),
]


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS, ids=lambda part: getattr(part, "__name__", ""))
def test_the_linter_sees(spoil: Callable[[Any], None], sentence: str) -> None:
    book = opened()
    spoil(book)
    content = BytesIO()
    book.save(content)
    assert [fault for fault in faults(content.getvalue()) if sentence in fault] != []


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)


# What a cell says and accepts


@pytest.mark.parametrize(
    "name", [name for name, contract in contracts().items() if not contract.is_framework]
)
def test_every_column_has_a_message_of_its_contract(name: str) -> None:
    contract = contracts()[name]
    for column in contract.columns:
        said = message(column, contract)
        assert said.startswith(column.help[:50])
        assert len(said) <= LONGEST_MESSAGE


def test_a_message_says_unit_need_and_example() -> None:
    contract = contracts()["staging.nrf_spend"]
    assert message(contract.by_name["actual_to_date"], contract) == (
        "Spend from 1 April to the end of the quarter. In pounds. Required. For example: 28,500."
    )
    indicators = contracts()["staging.proxy_indicators"]
    assert "Unit: visits." in message(indicators.by_name["value"], indicators, "visits")


def test_a_figure_may_be_a_number_within_its_bounds_or_said_not_to_be_there() -> None:
    contract = contracts()["staging.improvement_plan"]
    check = validation(contract.by_name["percent_done"], contract, "D8")
    assert (check.type, check.errorStyle) == ("custom", None)  # None: stop
    assert check.formula1 == 'IF(ISNUMBER(D8),AND(ISNUMBER(D8),D8>=0,D8<=100),LOWER(TRIM(D8))="n/a")'
    assert "not below 0 and not above 100" in check.error


def test_a_period_that_is_not_the_expected_one_is_only_warned_about() -> None:
    checks = opened()["Proxy indicators"].data_validations.dataValidation
    styles = {check.errorStyle for check in checks if check.promptTitle == "Period" and check.type == "list"}
    assert styles <= {"warning"}


def test_only_cells_to_fill_in_are_open_and_no_password_is_needed() -> None:
    book = opened()
    for sheet in book.worksheets[:6]:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    sheet = book["Proxy indicators"]
    is_open = [not cell.protection.locked for cell in sheet[HEADER + 1]]
    headings = [str(cell.value) for cell in sheet[HEADER]]
    assert [h for h, free in zip(headings, is_open, strict=True) if not free] == [
        "Indicator ref", "Guide: Indicator", "Guide: Unit", "Last time: Period", "Period", "Last time: Value",
    ]  # fmt: skip
    assert [(sheet.sheet_state) for sheet in book.worksheets[-2:]] == ["hidden", "veryHidden"]
