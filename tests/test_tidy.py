"""From lines to typed rows, and from every value back to its cell."""

from datetime import date
from typing import Any

import pytest
from grids import Row, contract, sheet

from pipelines.cells import Cell, CellError
from pipelines.contract import RATING_SCALE, Column
from pipelines.framework.references import Reference, References, refer
from pipelines.layouts import Records, read_table
from pipelines.recognise import recognise
from pipelines.tidy import Link, Tidied, tidy

AREAS = contract(
    Column("area_id", "Area ref", "text", required=True),
    Column("name", "Area name", "text"),
    schema="framework",
)
REFERENCES: References = {
    "framework.areas": refer(
        AREAS,
        [
            {"area_id": "salford", "name": "Salford", "unit": "%", "frequency_months": 12},
            {"area_id": "12", "name": "Ward twelve", "unit": "per 1,000", "frequency_months": 12},
            {"area_id": "lea", "name": "Schools", "unit": "%", "baseline_period_start": date(1997, 9, 1)},
            {"area_id": "town", "name": "Town centre", "unit": "count", "frequency_months": 1},
        ],
    ),
    RATING_SCALE: Reference("Rating scale", facts={"G": {}, "A": {}, "R": {}}),
}
RETURN = contract(
    Column("value", "Value", "measure", unit_of="area_id"),
    Column("area_id", "Area", "text", required=True, refers_to="framework.areas", fill_down=True),
    Column("period", "Period", "period"),
    Column("spend", "Spend (£)", "money", unit="GBP"),
    Column("count", "Number", "count"),
    Column("on", "Day", "date"),
    Column("rating", "Rating", "rating"),
    Column("state", "State", "choice", choices=("open", "closed")),
    Column("note", "Note", "text"),
    key=["area_id"],
)
HEADINGS = [column.header for column in RETURN.columns]


def read(*rows: Row, headings: Row = HEADINGS, **more: Any) -> Tidied:
    """What becomes of the rows under the headings, which stand in row 1 of the sheet Data."""
    (table,) = recognise(sheet([headings, *rows], **more), [RETURN]).tables
    return tidy(table, read_table(table).records, "f1", "f1.pct.stock_take.2004-05-Q1", 2, REFERENCES)


def row(**cells: Any) -> dict[str, Any]:
    """The one row that comes of these values."""
    values = {column.name: None for column in RETURN.columns} | {"area_id": "salford"} | cells
    (tidied,) = read([values[column.name] for column in RETURN.columns]).rows
    return tidied


# Values


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"area_id": "Salford"}, {"area_id": "salford"}),
        ({"area_id": "SALFORD."}, {"area_id": "salford"}),
        ({"area_id": "Atlantis"}, {"area_id": "Atlantis"}),
        ({"area_id": 12}, {"area_id": "12", "area_id__as_typed": "12"}),  # a reference typed as a number
        ({"area_id": 12.0}, {"area_id": "12"}),
        ({"note": 12.50}, {"note": "12.5"}),
        ({"note": True}, {"note": "TRUE"}),
        ({"note": date(2004, 7, 1)}, {"note": "2004-07-01"}),
        ({"note": "0012"}, {"note": "0012"}),
        ({"spend": "£1,250"}, {"spend": 1250, "spend_status": None, "spend__as_typed": "£1,250"}),
        ({"spend": "n/a"}, {"spend": None, "spend_status": "x", "spend__problem": None}),
        ({"count": "12 (p)"}, {"count": 12, "count_status": "p"}),
        ({"on": "1 July 2004"}, {"on": date(2004, 7, 1)}),
        ({"state": "OPEN"}, {"state": "open"}),
        (
            {"period": "2002"},
            {
                "period": "2002-01-01/P1Y",
                "period_start": date(2002, 1, 1),
                "period_end": date(2002, 12, 31),
                "period_label": "2002",
                "period__as_typed": "2002",
            },
        ),
        (
            {},
            {
                "value": None,
                "value_status": None,
                "period": None,
                "period_start": None,
                "period_end": None,
                "period_label": None,
                "note__as_typed": None,
                "note__problem": None,
                "note__remark": None,
            },
        ),
    ],
)
def test_each_cell_is_read_as_its_column_says(cells: dict[str, Any], expected: dict[str, Any]) -> None:
    found = row(**cells)
    assert {name: found[name] for name in expected} == expected


def test_what_can_not_be_read_has_a_problem_and_no_value() -> None:
    found = row(spend="a fair bit", period="later", on=CellError("#REF!"))
    assert (found["spend"], found["period"], found["period_end"], found["on"]) == (None, None, None, None)
    assert "a fair bit" in found["spend__problem"]
    assert found["period__problem"] and "#REF!" in found["on__problem"]
    assert found["on__as_typed"] == "#REF!"


def test_what_should_be_confirmed_has_a_remark_and_a_value() -> None:
    found = row(on="07/13/2004")
    assert (found["on"], found["on__problem"]) == (date(2004, 7, 13), None)
    assert "month first" in found["on__remark"]


def test_a_measure_is_read_in_the_unit_of_what_it_refers_to_though_it_stands_before_it() -> None:
    assert row(area_id="Salford", value="38%")["value"] == 38
    assert row(area_id="Ward twelve", value="38%")["value__problem"]


@pytest.mark.parametrize(
    ("area", "typed", "key"),
    [
        ("salford", "2002/03", "2002-04-01/P1Y"),
        ("lea", "2002/03", "2002-09-01/P1Y"),
        ("town", "2002-06", "2002-06-01/P1M"),
    ],
)
def test_a_year_means_what_it_means_to_the_target(area: str, typed: str, key: str) -> None:
    measured = contract(
        Column("area_id", "Area", "text", refers_to="framework.areas"),
        Column("period", "Period", "period", unit_of="area_id"),
    )
    (table,) = recognise(sheet([["Area", "Period"], [area, typed]]), [measured]).tables
    (found,) = tidy(table, read_table(table).records, "f1", "s1", 1, REFERENCES).rows
    assert found["period"] == key


def test_ratings_are_read_by_the_scale_of_the_framework() -> None:
    assert row(rating="Amber")["rating"] == "A"
    assert "Green, Amber, Red" in row(rating="Amber/Green")["rating__problem"]


@pytest.mark.parametrize(("typed", "area"), [(None, "salford"), ("Schools", "lea"), ("n/a", "n/a")])
def test_a_blank_means_what_the_framework_says_it_means(typed: str | None, area: str) -> None:
    returned = contract(
        Column("spend", "Spend (£)", "money"),
        Column("area_id", "Area", "text", refers_to="framework.areas", default_setting="home_area"),
    )
    settings = Reference("Settings", facts={"home_area": {"value": "Salford"}})
    (table,) = recognise(sheet([["Spend (£)", "Area"], [1, typed]]), [returned]).tables
    lines = read_table(table).records
    (found,) = tidy(table, lines, "f1", "s1", 1, REFERENCES | {"framework.settings": settings}).rows
    assert (found["area_id"], found["area_id__as_typed"]) == (area, typed)
    (found,) = tidy(table, lines, "f1", "s1", 1, REFERENCES).rows  # a framework without the setting
    assert found["area_id"] == (area if typed else None)


# Where they stand


def test_every_row_has_an_id_made_of_its_submission_table_and_place() -> None:
    ids = [found["row_id"] for found in read([1, "salford"], [], [2, "lea"]).rows]
    assert ids == ["f1.pct.stock_take.2004-05-Q1:2:2", "f1.pct.stock_take.2004-05-Q1:2:4"]


def test_every_value_is_linked_to_its_cell() -> None:
    (found,) = read(["38%", "Salford", None, 12.0]).rows
    assert sorted(read(["38%", "Salford", None, 12.0]).links) == [
        Link(found["row_id"], "area_id", "f1", "Data", "B2", "Salford"),
        Link(found["row_id"], "spend", "f1", "Data", "D2", "12"),
        Link(found["row_id"], "value", "f1", "Data", "A2", "38%"),
    ]


def test_a_merged_cell_is_linked_to_every_row_that_it_fills() -> None:
    tidied = read([1, "Salford"], [2, None], merges=((1, 1, 2, 1),))
    assert [(link.row_id[-1], link.cell) for link in tidied.links if link.column_name == "area_id"] == [
        ("2", "B2"),
        ("3", "B2"),
    ]


def test_a_blank_says_where_a_value_was_looked_for() -> None:
    tidied = read(["38%", None], headings=["Value", "Area"])
    (found,) = tidied.rows
    assert tidied.blanks == {(found["row_id"], "area_id"): ("Data", "B2")}


# Colours, marks and units


def coloured(fills: dict[tuple[int, int], str], *ratings: Any, extra: Row = ()) -> list[tuple[Any, ...]]:
    """Rating, what was seen, and 'asks' or 'refused', of each row; the areas stand in column A, ratings in B."""
    rated = contract(
        Column("area_id", "Area", "text", required=True, refers_to="framework.areas"),
        Column("rating", "Rating", "rating"),
        Column("note", "Note", "text"),
    )
    drawn = sheet(
        [["Area", "Rating", "Note"], *(["Salford", rating, *extra] for rating in ratings)], fills=fills
    )
    (table,) = recognise(drawn, [rated]).tables
    tidied = tidy(table, read_table(table).records, "f1", "s1", 1, REFERENCES)
    links = {(link.row_id, link.column_name): link for link in tidied.links}
    found = []
    for row in tidied.rows:
        link = links.get((row["row_id"], "rating"))
        said = "refused" if row["rating__problem"] else "asks" if row["rating__remark"] else None
        assert row["rating__as_typed"] == (link.as_typed if link else None)
        found.append((row["rating"], link and (link.cell, link.as_typed), said))
    return found


def test_a_rating_that_is_only_a_colour_is_read_and_linked_to_its_empty_cell() -> None:
    assert coloured({(1, 1): "E00000", (2, 1): "00B050", (3, 1): "FFFFFF"}, None, "Red", None) == [
        ("R", ("B2", "[filled E00000]"), "asks"),
        ("R", ("B3", "Red [filled 00B050]"), "asks"),
        (None, None, None),
    ]


def test_a_colour_of_the_heading_or_of_every_row_is_decoration() -> None:
    heading = {(0, 1): "00B050", (1, 1): "00B050"}
    assert coloured(heading, None) == [(None, None, None)]
    stripes = {(row, column): "00B050" for row in (1, 2) for column in (0, 1, 2)}
    assert coloured(stripes, None, None) == [(None, None, None)] * 2


def test_a_row_filled_as_a_whole_is_asked_about() -> None:
    assert coloured({(1, 0): "FF0000", (1, 1): "FF0000"}, None, None) == [
        (None, ("B2", "[filled FF0000]"), "refused"),
        (None, None, None),
    ]


def test_the_scale_s_own_colours_are_read_whatever_they_are() -> None:
    scale = Reference("Rating scale", facts={"AG": {"fill": "cde8b5"}, "R": {"fill": "7B1113"}})
    rated = contract(Column("name", "Name", "text"), Column("rating", "Rating", "rating"))
    drawn = sheet([["Name", "Rating"], ["one"]], fills={(1, 1): "CDE8B5"})
    (table,) = recognise(drawn, [rated]).tables
    (found,) = tidy(table, read_table(table).records, "f1", "s1", 1, {RATING_SCALE: scale}).rows
    assert found["rating"] == "AG"


def test_a_mark_beside_a_value_is_its_status_and_has_a_link() -> None:
    measured = contract(Column("name", "Name", "text"), Column("value", "Value", "number"))
    (table,) = recognise(sheet([["Name", "Value"], ["one", 23.6], ["two", None]]), [measured]).tables
    flagged = Records(
        row._replace(flags={"value": Cell(row.row, 2, mark)})
        for row, mark in zip(read_table(table).records, "uc", strict=True)
    )
    tidied = tidy(table, flagged, "f1", "s1", 1, REFERENCES)
    assert [(row["value"], row["value_status"], row["value__as_typed"]) for row in tidied.rows] == [
        (23.6, "u", "23.6"),
        (None, "c", "c"),
    ]
    assert [(link.cell, link.as_typed) for link in tidied.links if link.column_name == "value"] == [
        ("B2", "23.6"),
        ("C2", "u"),
        ("C3", "c"),
    ]
    assert list(tidied.blanks.values()) == [("Data", "B3")]


def test_a_heading_in_thousands_makes_thousands_of_its_figures() -> None:
    spent = contract(Column("name", "Name", "text"), Column("spend", "Spend (£)", "money"))
    (table,) = recognise(sheet([["Name", "Spend (£000s)"], ["one", 9308], ["two", "£1.2m"]]), [spent]).tables
    tidied = tidy(table, read_table(table).records, "f1", "s1", 1, REFERENCES)
    assert [(row["spend"], row["spend__as_typed"]) for row in tidied.rows] == [
        (9_308_000, "9308"),
        (1_200_000, "£1.2m"),
    ]


def test_a_period_without_a_year_takes_it_from_the_quarter_of_the_return() -> None:
    (table,) = recognise(sheet([["Area", "Period"], ["Salford", "Q1"]]), [RETURN]).tables
    (found,) = tidy(table, read_table(table).records, "f1", "s1", 1, REFERENCES, quarter="2004-05-Q1").rows
    assert found["period_label"] == "Apr to Jun 2004"
    assert "taking the year from the quarter of the return" in found["period__remark"]


def test_dates_that_could_have_the_month_first_are_asked_about_where_others_of_the_column_have() -> None:
    def remarks(*days: str) -> list[bool]:
        (table,) = recognise(sheet([["Area", "Day"], *(["Salford", day] for day in days)]), [RETURN]).tables
        return [
            bool(row["on__remark"]) for row in tidy(table, read_table(table).records, "f", "s", 1, {}).rows
        ]

    assert remarks("07/13/2004", "05/06/2004", "06/06/2004", "1 July 2004") == [True, True, False, False]
    assert remarks("13/07/2004", "05/06/2004") == [False, False]


def test_an_unclear_figure_keeps_its_two_readings() -> None:
    tidied = read([0.38, "Salford"])
    (found,) = tidied.rows
    assert found["value"] is None and found["value__problem"]
    assert tidied.alternatives == {(found["row_id"], "value"): (0.38, 38.0)}


# Names


@pytest.mark.parametrize(
    ("typed", "area", "asks"),
    [
        ("Salford6", "salford", True),
        ("SALFORD (1)", "salford", True),
        ("Salfrod", "salford", True),
        ("Town\u00a0Centre ", "town", False),
        ("Town & Centre", "Town & Centre", False),
        ("Salf", "Salf", False),
        ("Ward twenty", "Ward twenty", False),
    ],
)
def test_a_name_is_known_with_a_note_s_number_or_a_slip_and_then_asked_about(
    typed: str, area: str, asks: bool
) -> None:
    found = row(area_id=typed)
    assert (found["area_id"], bool(found["area_id__remark"])) == (area, asks)


def test_a_framework_is_read_to_the_letter() -> None:
    own = contract(
        Column("name", "Name", "text"),
        Column("area_id", "Area", "text", refers_to="framework.areas"),
        schema="framework",
    )
    (table,) = recognise(sheet([["Name", "Area"], ["one", "Salfrod"]]), [own]).tables
    (found,) = tidy(table, read_table(table).records, "f", "s", 1, REFERENCES).rows
    assert (found["area_id"], found["area_id__remark"]) == ("Salfrod", None)
