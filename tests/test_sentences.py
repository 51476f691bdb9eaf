"""A rule's sentence with the row's own figures in it, and without them where there is no row."""

from datetime import date
from typing import Any

import pytest
from grids import contract

from pipelines.contract import Column, Rule
from pipelines.framework.references import Reference
from pipelines.validate.sentences import SentenceError, fill, shown

RETURN = contract(
    Column("target", "Target", "text", refers_to="framework.targets"),
    Column("spend", "Spend (£)", "money", unit="GBP"),
    Column("share", "Share", "percent", unit="%"),
    Column("value", "Value", "measure", unit_of="target"),
    Column("period", "Period", "period"),
    Column("day", "Day", "date"),
    Column("people", "People", "count"),
)
REFERENCES = {
    "framework.targets": Reference("Targets", facts={"C1": {"unit": "%"}, "H4": {"unit": "per 1,000"}})
}
ROW: dict[str, Any] = {
    "target": "C1", "spend": 14000.0, "share": 38.0, "value": 7.25, "period": "2004-04-01/2004-06-30",
    "period_label": "Apr to Jun 2004", "day": date(2004, 7, 13), "people": 1289.0, "sum_of_all": 12000.5,
}  # fmt: skip


def said(because: str, **row: Any) -> str:
    rule = Rule("r", because, "query", "expect_column_values_to_be_null", {"column": "spend"})
    return fill(rule, ROW | row, RETURN, REFERENCES)


@pytest.mark.parametrize(
    ("because", "sentence"),
    [
        (
            "Spend is more ({spend}) than all ({sum_of_all:money}).",
            "Spend is more (£14,000) than all (£12,000.50).",
        ),
        ("A share ({share}).", "A share (38%)."),
        ("A value ({value}).", "A value (7.25%)."),
        ("A period ({period}).", "A period (Apr to Jun 2004)."),
        ("A day ({day}).", "A day (13 July 2004)."),
        ("People ({people}).", "People (1,289)."),
        ("Nothing to fill in.", "Nothing to fill in."),
    ],
)
def test_figures_are_written_as_people_write_them(because: str, sentence: str) -> None:
    assert said(because) == sentence


def test_a_measure_has_the_unit_of_its_row() -> None:
    assert said("({value})", target="H4") == "(7.25)"
    assert said("({value})", target=None) == "(7.25)"


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_what_is_missing_is_called_blank(nothing: object) -> None:
    names = ("spend", "share", "value", "period", "day", "people")
    assert said(" ".join(f"({{{name}}})" for name in names), **dict.fromkeys(names, nothing)) == " ".join(
        ["(blank)"] * len(names)
    )


def test_braces_in_a_value_are_left_as_they_are() -> None:
    assert said("It says ({target}).", target="{spend}") == "It says ({spend})."


def test_a_place_that_no_row_can_fill_is_our_fault() -> None:
    with pytest.raises(SentenceError, match="rule r: no row has 'spent'"):
        said("({spent:money})")


@pytest.mark.parametrize(
    ("value", "kind", "unit", "sentence"),
    [
        (-2500, "money", "GBP", "-£2,500"),
        (0.5, "money", None, "£0.50"),
        (-0.001, "money", None, "£0"),
        (12500, "money", "EUR", "12,500 EUR"),
        (-45.234, "percent", "%", "-45.23%"),
        (1e6, "number", None, "1,000,000"),
        (float("inf"), "number", None, "blank"),
        ("2004-05-Q1", "quarter", None, "Apr to Jun 2004"),
        (3.0, "text", None, "3"),
    ],
)
def test_values_of_each_kind(value: object, kind: str, unit: str | None, sentence: str) -> None:
    assert shown(value, kind, unit) == sentence


def test_without_a_row_the_brackets_go() -> None:
    rule = Rule(
        "r",
        "Spend ({spend}) is more than all (of which {sum_of_all:money} here) (see page 2).",
        "query",
        "",
        {},
    )
    assert rule.general == "Spend is more than all (see page 2)."
    assert rule.places == [("spend", None), ("sum_of_all", "money")]
