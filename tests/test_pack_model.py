"""The model of the pack: what is refused before anything is written, and how a cell is said and placed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from pipelines.house_style.sheet_names import table_name
from pipelines.pack.content import content, figure_of
from pipelines.pack.layout import TEXT, lay_out
from pipelines.pack.model import (
    Column,
    Figure,
    Heading,
    Link,
    LinkList,
    PackError,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
    worst,
)
from pipelines.pack.shown import Shown, Spot, changes
from pipelines.pack.sound import check
from pipelines.pack.words import counted, listed, sentence

SCALE = {
    "G": Rating("G", "Green", 1, "●", "1B7F5C", "FFFFFF"),
    "R": Rating("R", "Red", 4, "■", "7B1113", "FFFFFF"),
}
NAME = Column("name", "Name")
VALUE = Column("value", "Value", "number", places=1)
RATING = rating_columns("rating", "Rating")
ROW = {"row_id": "H4", "name": "Conceptions", "value": 53.8, "rating": "G"}
TABLE = Table("FT_H4_a", "a. Progress", [NAME, VALUE, *RATING], [ROW], "No values.", "floor_targets")
SHEET = Sheet("FT_H4", "H4: Under-18 conceptions", [TABLE], "Progress.")


def with_row(**values: object) -> Sheet:
    return replace(SHEET, blocks=[replace(TABLE, rows=[{**ROW, **values}])])


def with_columns(*columns: Column) -> Sheet:
    return replace(SHEET, blocks=[replace(TABLE, columns=columns)])


def test_a_sound_sheet_passes_in_silence() -> None:
    check([SHEET], SCALE)


def faults() -> Iterator[tuple[list[Sheet], str]]:
    other = replace(SHEET, name="ft_h4", blocks=[Paragraph("A second.")])
    yield [SHEET, other], "Two sheets are called ft_h4."
    yield [SHEET, replace(SHEET, name="Other")], "Two tables are called FT_H4_a."
    yield [replace(SHEET, name="F" * 32)], "needs 1 to 31 characters"
    yield [replace(SHEET, name="FT_A/B")], "Excel allows no sheet called 'FT_A/B'."
    yield [replace(SHEET, name="History")], "Excel allows no sheet called 'History'."
    yield [replace(SHEET, title=" ")], "Sheet FT_H4 has no title."
    yield [replace(SHEET, blocks=[])], "Sheet FT_H4 is blank."
    yield [replace(SHEET, blocks=[Heading(""), TABLE])], "Sheet FT_H4 has a blank heading."
    yield (
        [replace(SHEET, blocks=[LinkList([Link("On", "Charts")])])],
        "links to Charts, which is not in the pack",
    )
    yield [with_row(name=Link("On", "Charts"))], "links to Charts, which is not in the pack"
    yield [replace(SHEET, blocks=[replace(TABLE, name="H4")])], "Excel allows no table called 'H4'."
    yield [replace(SHEET, blocks=[replace(TABLE, name="a b")])], "Excel allows no table called 'a b'."
    yield (
        [replace(SHEET, blocks=[replace(TABLE, empty="")])],
        "needs a title, and a sentence for when it is empty",
    )
    yield [with_columns(NAME, replace(VALUE, heading=" "))], "has a blank or broken heading"
    yield [with_columns(NAME, replace(VALUE, heading="NAME"))], "Two columns are called NAME."
    yield [with_columns(NAME, RATING[0])], "the rating 'Rating' has no column of words beside it"
    yield [with_columns(Column("gap", "Gap", "number"))], "row 1: there is no value called gap."
    yield [with_columns(replace(VALUE, places="places"))], "row 1: there is no value called places."
    yield [with_row(value=float("nan"))], "Value must be a finite number; found nan."
    yield [with_row(value=float("inf"))], "Value must be a finite number; found inf."
    yield [with_row(value="53.8")], "Value must be a finite number; found '53.8'."
    yield [with_row(rating="A")], "Rating is 'A', which is not on the framework's rating scale."
    yield [with_row(name=53.8)], "Name must be text; found 53.8."
    yield [with_columns(Column("value", "On", "date"))], "On must be a date from 1900 on; found 53.8."
    yield (
        [with_columns(Column("value", "On", "date", width=10))],
        "'On' is so narrow that Excel shows ### and no date",
    )
    yield [with_columns(Column("value", "Stale", "yes_no"))], "Stale must be yes or no; found 53.8."


@pytest.mark.parametrize(("sheets", "expected"), [*faults()], ids=[text for _, text in faults()])
def test_what_would_not_open_or_not_be_true_is_refused(sheets: list[Sheet], expected: str) -> None:
    with pytest.raises(PackError) as refused:
        check(sheets, SCALE)
    assert expected in str(refused.value)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(PackError) as refused:
        check([replace(SHEET, title="", name="A:B")], SCALE)
    assert "has no title" in str(refused.value)
    assert "'A:B'" in str(refused.value)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (VALUE, 53.84, "53.8"),
        (VALUE, 1234.5, "1,234.5"),
        (Column("value", "", "number"), 12, "12"),
        (Column("value", "", "money"), -2500.4, "-£2,500"),
        (Column("value", "", "money"), -0.2, "£0"),
        (Column("value", "", "share"), 0.8421, "84.2%"),
        (Column("value", "", "date"), date(2004, 6, 30), "30 Jun 2004"),
        (Column("value", "", "yes_no"), False, "No"),
        (Column("value", "", "rating"), "G", "● G"),
        (Column("value", "", "word"), "G", "Green"),
        (Column("value", ""), "=1+1", "=1+1"),
        (VALUE, None, "[x]"),
        (replace(VALUE, missing="z"), None, "[z]"),
        (replace(VALUE, status="status"), None, "[c]"),
        (Column("value", "", "rating"), None, "[x]"),
        (Column("value", "", "word"), None, "No rating"),
        (VALUE, Figure(7, ("a:b:c",)), "7.0"),
    ],
)
def test_how_a_value_is_shown(column: Column, value: object, shown: str) -> None:
    assert content(column, {"value": value, "status": "c"}, SCALE, is_tidy=False).shown == shown


def test_on_a_tidy_sheet_a_missing_number_is_an_empty_cell_and_missing_text_is_not() -> None:
    row = {"value": None}
    assert content(VALUE, row, SCALE, is_tidy=True).value == ""
    assert content(Column("value", "Period"), row, SCALE, is_tidy=True).value == "[x]"


def test_a_figure_is_named_by_its_mart_row_and_column_unless_it_names_itself() -> None:
    assert figure_of(TABLE, VALUE, ROW) == Figure(53.8, ("floor_targets:H4:value",))
    assert figure_of(TABLE, NAME, ROW) is None
    assert figure_of(replace(TABLE, mart=""), VALUE, ROW) is None
    own = Figure(2, ("a:1:x", "a:2:x"), "Counted")
    assert figure_of(TABLE, VALUE, {**ROW, "value": own}) == own


def test_the_worst_of_several_ratings_comes_from_all_of_them_and_missing_is_not_green() -> None:
    parts = [Figure("G", ("t:1:rating",)), Figure(None, ("t:2:rating",)), Figure("R", ("t:3:rating",))]
    assert worst(parts, SCALE).value == "R"
    assert worst(parts, SCALE).inputs == ("t:1:rating", "t:2:rating", "t:3:rating")
    assert worst(parts[1:2], SCALE).value is None


def test_where_a_sheet_puts_things() -> None:
    empty = replace(TABLE, name="FT_H4_b", title="b. Proxies", rows=[], empty="There is no proxy.")
    sheet = replace(SHEET, blocks=[Paragraph("The target: halve it."), TABLE, empty])
    found = {cell.address: cell.content.shown for cell in lay_out(sheet, SCALE).cells}
    assert {address: shown for address, shown in found.items() if address.startswith("A")} == {
        "A1": "H4: Under-18 conceptions",
        "A2": "This worksheet contains 1 table. Figures are links to where they came from, on the Provenance sheet.",
        "A3": "No shorthand is used on this worksheet.",
        "A4": "Back to Contents",
        "A5": "The target: halve it.",
        "A7": "b. Proxies",
        "A8": "There is no proxy.",
        "A10": "a. Progress",
        "A11": "Name",
        "A12": "Conceptions",
    }, "nothing stands below the last table, and so not what is said of an empty one"
    assert (found["B12"], found["C12"], found["D12"]) == ("53.8", "● G", "Green")
    assert [place.range for place in lay_out(sheet, SCALE).places] == ["A11:D12"]


def test_shorthand_is_explained_where_it_is_used() -> None:
    found = {cell.address: cell.content.shown for cell in lay_out(with_row(value=None), SCALE).cells}
    assert found["A3"] == "Shorthand: [x] not available."


def test_the_word_illustrative_stands_above_a_table_with_illustrative_rows() -> None:
    basis = Column("basis", "Basis")
    for value, expected in (("illustrative", True), ("published", False)):
        sheet = replace(SHEET, blocks=[replace(TABLE, columns=[NAME, basis], rows=[{**ROW, "basis": value}])])
        above = [cell.content.shown for cell in lay_out(sheet, SCALE).cells if cell.row == 5]
        assert any("illustrative" in text for text in above) is expected


def test_long_sentences_are_cut_into_rows_and_long_cells_make_room() -> None:
    long = "A sentence that goes on and on about the same thing, as partners' sentences may. " * 3
    sheet = replace(SHEET, blocks=[Paragraph(long), replace(TABLE, rows=[{**ROW, "name": long}])])
    laid = lay_out(sheet, SCALE)
    lines = [cell for cell in laid.cells if cell.content.style.role == "text" and cell.row > 4]
    assert len(lines) > 1
    assert all(len(cell.content.shown) <= sum(laid.widths) / TEXT for cell in lines)
    assert laid.heights[laid.places[0].last_row] > 5 * laid.heights[laid.places[0].first_row]


def test_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert (listed(["a"]), listed([])) == ("a", "")
    assert (counted(0, "row", "rows"), counted(1, "row", "rows")) == ("no rows", "1 row")
    assert (sentence("halve it"), sentence("Halve it.")) == ("Halve it.", "Halve it.")
    assert table_name("FT_A-1", "a progress") == "FT_A_1_a_progress"


# Two versions of a pack


def differing(*lines: tuple[str | None, str | None]) -> list[tuple[str | None, str | None]]:
    """Of several figures as they were and are, those that are told to differ."""
    spots = [Spot("Summary", "Targets", f"measure {number}", "Latest", 1) for number in range(len(lines))]
    before, now = (
        {spot: Shown(text, f"floor_targets:{spot.about}:latest_value") for spot, text in zip(spots, side, strict=True)
         if text is not None}
        for side in zip(*lines, strict=True)
    )  # fmt: skip
    return [(change.was, change.now) for change in changes(before, now)]


def test_a_figure_that_came_went_or_changed_is_told() -> None:
    lines = [("12", "13"), ("12", "[x]"), ("[x]", "12"), ("12", None), (None, "12")]
    assert sorted(differing(*lines), key=str) == sorted(lines, key=str)


def test_what_has_no_value_before_and_after_is_not_told_whatever_the_reason() -> None:
    assert differing(("[z]", "[x]"), ("[x]", None), (None, "[c]"), ("12", "12")) == []
