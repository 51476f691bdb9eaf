"""A rating that is nothing but the colour of its cell: read where it is clear, and always with a remark."""

import pytest

from pipelines.parse import Parsed
from pipelines.parse.colours import BETWEEN, light_of, with_fill

THREE = ("G", "A", "R")
FOUR = ("G", "AG", "AR", "R")
OWN = {"1B7F5C": "G", "CDE8B5": "AG", "F5A742": "AR", "7B1113": "R"}
NOTHING = Parsed(None)


@pytest.mark.parametrize(
    ("fills", "light"),
    [
        (["FF0000", "C00000", "E00000", "7B1113", "DC143C", "FFC7CE", "D9001B"], "r"),
        (["FFC000", "FFBF00", "FFA500", "FF9900", "FFFF00", "F79646", "ffeb9c"], "a"),
        (["00B050", "92D050", "00FF00", "008000", "1B7F5C", "C6EFCE", "70AD47"], "g"),
        (["FF4500", "FF6600", "BFFF00", "0070C0", "7030A0", "FF00FF", "00B0F0"], BETWEEN),
        (["FFFFFF", "000000", "808080", "D9D9D9", "F2F2F2"], None),
        (["FFFFCC", "FFFF99", "FFF2CC"], None),  # how forms mark the cells to be filled in
        (["E2EFDA", "F2DCDB", "FDE9D9", "DCE6F1"], None),  # stripes
    ],
)
def test_lights(fills, light):
    assert {fill: light_of(fill) for fill in fills} == dict.fromkeys(fills, light)


@pytest.mark.parametrize(
    ("fill", "codes", "code"),
    [
        ("00B050", FOUR, "G"),
        ("FF0000", FOUR, "R"),
        ("FFC000", THREE, "A"),
        ("CDE8B5", FOUR, "AG"),
        ("f5a742", FOUR, "AR"),
    ],
)
def test_a_clear_colour_is_read_and_asked_about(fill, codes, code):
    read = with_fill(NOTHING, None, fill, codes, OWN)
    assert (read.value, read.problem) == (code, None)
    assert read.remark.startswith("The cell is empty and is filled with")
    assert fill.upper() in read.remark and read.remark.endswith("Please confirm.")


@pytest.mark.parametrize(
    ("fill", "why"),
    [("FFC000", "which the scale divides in two"), ("0070C0", "which is no rating of the scale")],
)
def test_a_colour_that_the_scale_does_not_have_is_refused_with_the_ratings(fill, why):
    read = with_fill(NOTHING, None, fill, FOUR, {})
    assert read.value is None
    assert why in read.problem
    assert read.problem.endswith("Type the rating: Green, Amber/Green, Amber/Red, Red.")


@pytest.mark.parametrize("fill", ["FFFFFF", "FFFFCC", "D9D9D9"])
def test_decoration_is_no_rating(fill):
    assert with_fill(NOTHING, None, fill, FOUR, OWN) is NOTHING


def test_what_is_typed_counts_and_a_contradicting_colour_is_asked_about():
    green = Parsed("G")
    assert with_fill(green, "Green", "00B050", FOUR, OWN) is green
    assert with_fill(Parsed("AG"), "A/G", "FFC000", FOUR, OWN) == Parsed("AG")
    read = with_fill(green, "Green", "FF0000", FOUR, OWN)
    assert read.value == "G"
    assert read.remark == (
        "The cell says 'Green' and is filled with red (FF0000). We took what it says. Please confirm."
    )


def test_a_colour_speaks_where_the_text_is_no_rating():
    read = with_fill(Parsed(None, problem="no rating"), "see note", "FF0000", FOUR, OWN)
    assert read.value == "R"
    assert "The cell says 'see note' and is filled with red (FF0000), which we read as Red" in read.remark


def test_a_coloured_cell_that_says_n_a_has_no_rating():
    read = with_fill(Parsed(None, "x"), "n/a", "FF0000", FOUR, OWN)
    assert (read.value, read.status) == (None, "x")
    assert "If it is a rating, type it." in read.remark


def test_a_row_that_is_filled_as_a_whole_is_asked_about():
    assert (
        "whether that is its rating" in with_fill(NOTHING, None, "FF0000", FOUR, OWN, is_of_row=True).problem
    )
    green = Parsed("G")
    assert with_fill(green, "Green", "FF0000", FOUR, OWN, is_of_row=True) is green
