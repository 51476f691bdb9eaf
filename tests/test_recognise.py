"""Which contract a table answers to: by its headings, wherever they stand, and by no guess."""

from grids import Row, contract, sheet

from pipelines.contract import Column
from pipelines.recognise import Recognised, recognise

PROJECT = Column("project", "Project ref", "text", required=True)
PERIOD = Column("period", "Period", "text", required=True)
SPEND = contract(
    PROJECT,
    Column("actual", "Actual (£)", "money", required=True, aliases=("Spend",)),
    Column("forecast", "Forecast (£)", "money"),
    name="spend",
    title="Spend",
)
PEOPLE = contract(
    PROJECT,
    PERIOD,
    Column("trained", "People trained", "count", required=True),
    Column("employed", "People employed", "count"),
    name="people",
    title="People",
)
RETURNS = [SPEND, PEOPLE]


def tables(*rows: Row) -> list[tuple[str, int, int, int, dict[int, str]]]:
    """Each table's contract, the row where it begins, of its headings, after its end, and its columns."""
    recognised = recognise(sheet(rows), RETURNS)
    assert recognised.problem is None
    return [(t.contract.name, t.top_row, t.header_row, t.end_row, t.columns) for t in recognised.tables]


def recognised_in(*rows: Row) -> Recognised:
    return recognise(sheet(rows), RETURNS)


# Where headings stand and how they are spelt


def test_headings_in_the_first_row() -> None:
    assert tables(
        ["Project ref", "Actual (£)", "Forecast (£)"],
        ["NRF01", 100, 200],
    ) == [("spend", 0, 0, 2, {0: "project", 1: "actual", 2: "forecast"})]


def test_headings_anywhere_in_any_order_and_spelling() -> None:
    assert tables(
        ["NRF monitoring return"],
        [],
        [None, "Partner:", "Primary Care Trust"],
        [None, None, "SPEND ", None, "project-ref"],
        [None, None, 100, None, "NRF01"],
    ) == [("spend", 0, 3, 5, {2: "actual", 4: "project"})]


def test_the_contract_that_fits_best_answers() -> None:
    """Project ref alone would do for either."""
    assert tables(["Project ref", "Period", "People trained"], ["NRF01", "2004", 3]) == [
        ("people", 0, 0, 2, {0: "project", 1: "period", 2: "trained"})
    ]


def test_a_table_without_a_row_is_a_table() -> None:
    assert tables(["Project ref", "Actual (£)"]) == [("spend", 0, 0, 1, {0: "project", 1: "actual"})]


# Headings too many and too few


def test_a_strange_heading_is_kept_for_a_question() -> None:
    (table,) = recognised_in(["Project ref", "Actual (£)", "Mood"], ["NRF01", 100, "good"]).tables
    assert [cell.value for cell in table.unknown] == ["Mood"]
    assert table.columns == {0: "project", 1: "actual"}


def test_a_heading_that_stands_twice_counts_where_it_stands_first() -> None:
    (table,) = recognised_in(["Project ref", "Actual (£)", "Spend"], ["NRF01", 100, 90]).tables
    assert table.columns == {0: "project", 1: "actual"}
    assert [cell.address for cell in table.unknown] == ["C1"]


def test_a_missing_column_is_named() -> None:
    (table,) = recognised_in(["Project ref", "Forecast (£)"], ["NRF01", 100]).tables
    assert [column.name for column in table.missing] == ["actual"]


def test_too_few_headings_are_no_table_but_the_nearest_return_is_told() -> None:
    recognised = recognised_in(["Project ref", "Mood"], ["NRF01", "good"])
    assert recognised.tables == ()
    assert recognised.problem is not None
    assert "Row 1 comes nearest to Spend" in recognised.problem
    assert "'Actual (£)' would be needed" in recognised.problem


def test_more_strange_headings_than_known_ones_are_no_table() -> None:
    assert recognised_in(["Project ref", "Actual (£)", "a", "b", "c"]).tables == ()


def test_headings_that_two_returns_answer_to_equally_well_stop_the_sheet() -> None:
    twins = [SPEND, contract(*SPEND.columns, name="costs", title="Costs")]
    recognised = recognise(sheet([[], ["Project ref", "Actual (£)"], ["NRF01", 100]]), twins)
    assert recognised.tables == ()
    assert recognised.problem_cell == "A2"
    assert recognised.problem is not None
    assert recognised.problem.startswith("These headings answer to Spend and Costs equally well.")
    assert recognise(sheet([[], ["Project ref", "Actual (£)"]]), reversed(twins)).tables == ()


def test_a_sheet_without_any_heading_has_no_table_and_no_problem() -> None:
    recognised = recognised_in(["Dear colleague,"], ["here is our return.", 12])
    assert (recognised.tables, recognised.problem) == ((), None)


def test_records_that_happen_to_hold_the_word_of_a_heading_are_no_headings() -> None:
    assert tables(
        ["Project ref", "Actual (£)"],
        ["Spend", 100],
        ["Period", "Project ref", 3, 4, 5],
    ) == [("spend", 0, 0, 3, {0: "project", 1: "actual"})]


# Several tables on one sheet

PEOPLE_COLUMNS = {0: "project", 1: "period", 2: "trained"}


def test_two_returns_one_under_the_other() -> None:
    assert tables(
        ["Project ref", "Actual (£)"],
        ["NRF01", 100],
        ["Project ref", "Period", "People trained"],
        ["NRF01", "2004", 3],
    ) == [("spend", 0, 0, 2, {0: "project", 1: "actual"}), ("people", 2, 2, 4, PEOPLE_COLUMNS)]


def test_what_stands_above_a_lower_table_belongs_to_it() -> None:
    assert tables(
        ["Project ref", "Actual (£)"],
        ["NRF01", 100],
        ["Figures are provisional."],
        [],
        ["People"],
        [],
        ["Partner:", "Police"],
        ["Project ref", "Period", "People trained"],
        ["NRF01", "2004", 3],
    ) == [("spend", 0, 0, 3, {0: "project", 1: "actual"}), ("people", 3, 7, 9, PEOPLE_COLUMNS)]


def test_records_after_a_gap_stay_with_the_table_above() -> None:
    assert tables(
        ["Project ref", "Actual (£)"],
        ["NRF01", 100],
        [],
        ["NRF02", 200],
        ["People"],
        ["Project ref", "Period", "People trained"],
    ) == [("spend", 0, 0, 5, {0: "project", 1: "actual"}), ("people", 5, 5, 6, PEOPLE_COLUMNS)]


def test_a_nil_return_stays_with_the_table_above() -> None:
    assert tables(
        ["Project ref", "Actual (£)"],
        [],
        ["Nil return"],
        [],
        ["People"],
        ["Project ref", "Period", "People trained"],
    ) == [("spend", 0, 0, 3, {0: "project", 1: "actual"}), ("people", 3, 5, 6, PEOPLE_COLUMNS)]


def test_headings_repeated_on_a_second_page_begin_a_second_table() -> None:
    assert [
        t[:4] for t in tables(["Project ref", "Spend"], ["NRF01", 1], ["Project ref", "Spend"], ["NRF02", 2])
    ] == [
        ("spend", 0, 0, 2),
        ("spend", 2, 2, 4),
    ]
