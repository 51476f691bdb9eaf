"""A column read all at once is what its cells are, each read by itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cells import Cell, CellError
from pipelines.contract import Column
from pipelines.layouts import Stack
from pipelines.tidy.column_reader import ColumnReader
from pipelines.tidy.values import read_value

NUMBERS = st.one_of(
    st.integers(-10, 100_000),
    st.floats(-10, 100_000, allow_nan=False),
    st.sampled_from([0.38, 1, 1.0, 1e12, 1e300, float("inf"), 99999, -99]),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["Salt Lane", "12 (p)", "n/a", "£1,200", " Work goes on ", "Select …", "38%", "Café", "-", "err: x"]
    ),
    st.text(max_size=12),
)
OTHERS = st.sampled_from([True, date(2004, 6, 30), CellError("#REF!")])
FORMATS = st.sampled_from([None, "General", "0.0", "0%", "£#,##0", "#,##0"])
FACTS: tuple[dict[str, str | None], ...] = ({}, {"unit": "GBP"}, {"unit": "%"}, {"unit": None})


@st.composite
def columns(draw: st.DrawFn) -> list[tuple[Cell | None, dict[str, str | None]]]:
    """Mostly of one kind, as columns are, with whatever else stands in some of their rows."""
    usual = draw(st.sampled_from([NUMBERS, TEXTS, st.integers(2, 90_000), st.floats(2, 9_000)]))
    values = draw(st.lists(st.one_of(usual, usual, usual, st.none(), NUMBERS, TEXTS, OTHERS), max_size=12))
    facts = draw(st.lists(st.sampled_from(FACTS), min_size=len(values), max_size=len(values)))
    return [
        (None if value is None else Cell(row, 0, value, draw(FORMATS)), of_row)
        for row, (value, of_row) in enumerate(zip(values, facts, strict=True))
    ]


@pytest.mark.parametrize("kind", ["number", "count", "money", "measure", "percent", "text", "date", "period"])
@given(columns())
def test_all_at_once_is_one_by_one(kind: str, cells: list[tuple[Cell | None, dict[str, str | None]]]) -> None:
    column = Column("value", "Value", kind)
    reader = ColumnReader(column, {}, None, "2004-05-Q1", is_framework=False)
    read = reader.read_all(Stack.of([cell for cell, _ in cells]), [facts for _, facts in cells])
    alone = [read_value(column, cell, facts, {}, reader.around) for cell, facts in cells]
    assert [repr(row) for row in zip(*read.lists, strict=True)] == [repr(value.fields) for value in alone]
    assert read.alternatives == {n: value.alternatives for n, value in enumerate(alone) if value.alternatives}
