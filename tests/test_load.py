"""What was judged as it lies in DuckDB: every row, every cell, every sum, and no run where one is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd
import pytest
from grids import (
    FIRST_SEEN,
    Row,
    contract,
    judge,
    opened,
    receipt,
    sheet,
)

from pipelines.cells import Sheet, Value
from pipelines.contract import CARRIED, Column, Rule
from pipelines.judge.judged import Judged
from pipelines.marts.dispositions import ConservationError
from pipelines.marts.load import load
from pipelines.submission.opening import Opened

SPEND = contract(
    Column("theme", "Theme", "text", fill_down=True),
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True, unit="GBP", help="In the quarter."),
    Column("day", "Day", "date"),
    Column("trained", "Trained", "count"),
    Column("period", "Period", "period"),
    Column("note", "Note", "text"),
    key=["project"],
    name="spend",
    title="Spend",
    nil_allowed=True,
)
HEADINGS = [column.header for column in SPEND.columns]
TOP: list[Row] = [["Partner:", "PCT", "Quarter:", "Q1 2004/05"], HEADINGS]
BETWEEN = "expect_column_values_to_be_between"
GOOD: Row = ["safe", "NRF01", 100]


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def sent(number: int, *rows: Row, **more: Any) -> Opened:
    """File number so and so; its rows begin in row 3 of the sheet Data."""
    return opened(number, sheet([*TOP, *rows], **more), folder="inbox")


def loaded(database: duckdb.DuckDBPyConnection, *files: Opened) -> duckdb.DuckDBPyConnection:
    load(judge(*files, of=[SPEND]), database)
    return database


def select(database: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return database.execute(sql).fetchall()


# Submissions and files


def test_each_submission_has_its_state_and_its_rows_are_counted(database: duckdb.DuckDBPyConnection) -> None:
    loaded(
        database,
        sent(1, GOOD, ["safe", "NRF02", 50]),
        sent(2, ["safe", "NRF03", None]),
        sent(3, GOOD, ["safe", "NRF04", None], ["safe", "NRF05", 1, "one day"]),
        opened(4, sheet([["Partner:", "Police"], *TOP[1:], ["Nil return"]]), folder="2004-05-Q1"),
        opened(5, sheet([*TOP[1:], GOOD, GOOD]), folder="2004-05-Q1"),
    )
    found = "partner, quarter, state, rows_read, rows_accepted, rows_refused, rows_queried"
    assert select(database, f"select file_name, {found} from staging.submissions order by received_at") == [
        ("file 1.xlsx", "pct", "2004-05-Q1", "superseded", 2, 2, 0, 0),
        ("file 2.xlsx", "pct", "2004-05-Q1", "refused", 1, 0, 1, 0),
        ("file 3.xlsx", "pct", "2004-05-Q1", "accepted", 3, 2, 1, 1),
        ("file 4.xlsx", "police", "2004-05-Q1", "nil", 0, 0, 0, 0),
        ("file 5.xlsx", None, None, "refused", 2, 0, 2, 0),
    ]
    assert select(database, "select distinct state, reason from staging.files") == [("read", None)]
    assert select(database, "select project, is_current from staging.received_spend order by all") == [
        ("NRF01", False),
        ("NRF01", True),
        ("NRF02", False),
        ("NRF05", True),
    ]
    assert select(database, "select project from staging.spend order by all") == [("NRF01",), ("NRF05",)]


def test_files_of_the_same_moment_are_refused_with_all_their_rows(
    database: duckdb.DuckDBPyConnection,
) -> None:
    one, two = (
        replace(f, receipt=replace(f.receipt, first_seen=FIRST_SEEN)) for f in (sent(1, GOOD), sent(2, GOOD))
    )
    loaded(database, one, two)
    assert (
        select(database, "select state, rows_read, rows_accepted, rows_refused from staging.submissions")
        == [("refused", 1, 0, 1)] * 2
    )
    assert select(database, "select distinct reason from staging.cells where disposition = 'refused'") == [
        ("one_file_per_return",)
    ]


def test_a_return_whose_every_row_another_partner_sent_too_is_refused_and_not_nil(
    database: duckdb.DuckDBPyConnection,
) -> None:
    police = sheet([["Partner:", "Police", "Quarter:", "Q1 2004/05"], HEADINGS, GOOD])
    loaded(database, sent(1, GOOD, ["safe", "NRF02", 5]), opened(2, police, folder="inbox"))
    assert select(
        database,
        "select partner, state, rows_read, rows_accepted, rows_refused from staging.submissions order by 1",
    ) == [("pct", "accepted", 2, 1, 1), ("police", "refused", 1, 0, 1)]


def test_a_superseded_nil_return_is_no_refused_one(database: duckdb.DuckDBPyConnection) -> None:
    loaded(database, sent(1, ["Nil return"]), sent(2, GOOD))
    assert select(database, "select state from staging.submissions order by received_at") == [
        ("superseded",),
        ("accepted",),
    ]


def test_files_that_hold_no_return_are_refused_with_their_reason(database: duckdb.DuckDBPyConnection) -> None:
    loaded(
        database,
        sent(1, GOOD),
        Opened(receipt(2, folder="", received_from="pct"), None, "It is a picture."),
        opened(3, sheet([["Dear all"]]), folder="inbox"),
    )
    assert select(
        database, "select file_name, state, folder, received_from from staging.files order by 1"
    ) == [
        ("file 1.xlsx", "read", "inbox", None),
        ("file 2.xlsx", "refused", None, "pct"),
        ("file 3.xlsx", "refused", "inbox", None),
    ]
    reasons = select(database, "select reason from staging.files order by file_name")
    assert reasons[:2] == [(None,), ("It is a picture.",)]
    assert reasons[2][0].startswith("No table with the headings of a return was found.")
    assert select(
        database, "select cells_counted, loaded, refused, outside from staging.sheets order by 1"
    ) == [
        (1, 0, 1, 0),
        (14, 3, 0, 11),
    ]


def test_a_sheet_that_is_refused_does_not_refuse_the_file_that_holds_a_return_besides(
    database: duckdb.DuckDBPyConnection,
) -> None:
    meant = sheet([["Project ref", "Note", "Mood", "Weather", "Colour"]], "Meant")
    loaded(database, opened(1, sheet([*TOP, GOOD]), meant, sheet([["Dear all"]], "Letter"), folder="inbox"))
    assert select(database, "select state, reason from staging.files") == [("read", None)]
    fates = "select sheet, disposition, cells.reason, count(*) from staging.cells where sheet <> 'Data' group by all"
    assert sorted(select(database, fates)) == [
        ("Letter", "outside", "no table", 1),
        ("Meant", "refused", "return_recognised", 5),
    ]


# Values


def test_values_keep_their_types_and_what_is_not_there_is_null(database: duckdb.DuckDBPyConnection) -> None:
    loaded(
        database,
        sent(
            1,
            ["safe", 12, "£1,250.50", date(2004, 7, 1), "3 (p)", "2002/03", True],
            [None, "NRF02", 0, None, "n/a", None, 0.5],
        ),
    )
    columns = (
        "theme, project, spend, day, trained, trained_status, period_start, period_end, note, received_at"
    )
    assert select(database, f"select {columns} from staging.spend order by row_id") == [
        (
            "safe", "12", 1250.5, date(2004, 7, 1), 3.0, "p",
            date(2002, 4, 1), date(2003, 3, 31), "TRUE", datetime(2004, 7, 5, 9, 31),
        ),
        (None, "NRF02", 0.0, None, None, "x", None, None, "0.5", datetime(2004, 7, 5, 9, 31)),
    ]  # fmt: skip
    kinds = "typeof(spend), typeof(day), typeof(trained), typeof(note), typeof(is_current)"
    assert select(database, f"select distinct {kinds} from staging.spend") == [
        ("DOUBLE", "DATE", "DOUBLE", "VARCHAR", "BOOLEAN")
    ]
    assert select(database, "select count(*) from staging.spend where isnan(trained)") == [(0,)]


def test_a_value_that_is_rare_keeps_its_type_among_thousands_of_blanks(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """DuckDB looks at a sample of a frame to tell what its columns hold."""
    rows: list[Row] = [["safe", f"P{n}", 1] for n in range(2500)]
    rows[1999] = ["safe", "P1999", 1, date(2004, 7, 1), 7, "2002", "text"]
    loaded(database, sent(1, *rows))
    assert select(
        database, "select project, day, trained, note from staging.spend where note is not null"
    ) == [("P1999", date(2004, 7, 1), 7.0, "text")]
    assert select(database, "select count(*) from staging.spend") == [(2500,)]


def test_a_return_that_nobody_sent_has_its_table_and_view(database: duckdb.DuckDBPyConnection) -> None:
    loaded(database)
    columns = [name for name, *_ in select(database, "describe staging.spend")]
    assert columns == [*CARRIED, *SPEND.sql_columns]
    assert select(database, "from staging.received_spend") == []


def test_every_table_and_column_says_what_it_is(database: duckdb.DuckDBPyConnection) -> None:
    loaded(database)
    columns = "select table_name, column_name from duckdb_columns() where schema_name = 'staging'"
    assert select(database, f"{columns} and comment is null") == []
    assert select(
        database, "select comment from duckdb_columns() where table_name = 'spend' and column_name = 'spend'"
    ) == [("Spend (£). In the quarter. Unit: GBP.",)]


# Cells


def test_every_cell_is_told_what_became_of_it(database: duckdb.DuckDBPyConnection) -> None:
    loaded(
        database,
        sent(
            1,
            ["safe", "NRF01", 100, "one day"],  # a value it can do without can't be read
            ["safe", "NRF02", "a lot"],
            ["Total", None, 100],
        ),
    )
    found = select(
        database,
        "select cell, disposition, reason, column_name, as_typed from staging.cells "
        "where cell not similar to '[A-Z][12]' order by cell[2:], cell",
    )
    assert found == [
        ("A3", "loaded", None, "theme", "safe"),
        ("B3", "loaded", None, "project", "NRF01"),
        ("C3", "loaded", None, "spend", "100"),
        ("D3", "refused", "day_readable", "day", "one day"),
        ("A4", "refused", "spend_readable", "theme", "safe"),
        ("B4", "refused", "spend_readable", "project", "NRF02"),
        ("C4", "refused", "spend_readable", "spend", "a lot"),
        ("A5", "outside", "total", None, "Total"),
        ("C5", "outside", "total", None, "100"),
    ]
    assert select(
        database,
        "select distinct cell[2:], disposition, reason from staging.cells "
        "where cell similar to '[A-Z][12]' order by all",
    ) == [("1", "outside", "label"), ("2", "outside", "header")]


def test_a_cell_that_breaks_two_rules_is_one_cell_with_both(database: duckdb.DuckDBPyConnection) -> None:
    limits = {"not_above_10": 10, "not_above_20": 20}
    rules = tuple(
        Rule(name, "Too much.", "refuse", BETWEEN, {"column": "spend", "max_value": most})
        for name, most in limits.items()
    )
    twice = replace(SPEND, rules=rules)
    load(judge(sent(1, GOOD), of=[twice]), database)
    assert select(database, "select reason from staging.cells where cell = 'C3'") == [
        ("not_above_10, not_above_20",)
    ]
    assert select(database, "select cell, rule from staging.findings order by rule") == [
        ("C3", "not_above_10"),
        ("C3", "not_above_20"),
    ]


@pytest.mark.parametrize(
    ("spends", "disposition"),
    [((100, None), "loaded"), ((None, 100), "loaded"), ((100, 200), "loaded"), ((None, None), "refused")],
)
def test_a_merged_cell_is_loaded_if_any_row_that_it_fills_stands(
    database: duckdb.DuckDBPyConnection, spends: tuple[Value | None, ...], disposition: str
) -> None:
    first, second = spends
    loaded(database, sent(1, ["safe", "NRF01", first], [None, "NRF02", second], merges=((2, 0, 3, 0),)))
    assert select(database, "select disposition from staging.cells where cell = 'A3'") == [(disposition,)]
    assert select(
        database, "select cell from staging.row_cells where column_name = 'theme' order by row_id"
    ) == [
        ("A3",),
        ("A3",),
    ]


def test_every_value_and_what_is_read_with_it_finds_its_cell(database: duckdb.DuckDBPyConnection) -> None:
    loaded(database, sent(1, ["safe", "NRF01", 100, None, None, "2002"]))
    assert select(database, "select column_name, cell, as_typed from staging.row_cells order by cell, 1") == [
        ("theme", "A3", "safe"),
        ("project", "B3", "NRF01"),
        ("spend", "C3", "100"),
        ("spend_status", "C3", "100"),
        ("period", "F3", "2002"),
        ("period_end", "F3", "2002"),
        ("period_label", "F3", "2002"),
        ("period_start", "F3", "2002"),
    ]


# Sums


def judged_one() -> tuple[Judged, Sheet]:
    judged = judge(sent(1, GOOD, ["safe", "NRF02", None]), of=[SPEND])
    return judged, judged.files[0].book.sheets[0]


def test_a_cell_that_the_reader_did_not_see_stops_the_run(database: duckdb.DuckDBPyConnection) -> None:
    judged, drawn = judged_one()
    short = replace(drawn, cells={place: cell for place, cell in drawn.cells.items() if place != (2, 0)})
    judged.files[0].book = replace(judged.files[0].book, sheets=(short,))
    with pytest.raises(ConservationError, match="'Data': 16 cells were counted but 15 accounted for"):
        load(judged, database)


def test_a_cell_without_a_place_stops_the_run(database: duckdb.DuckDBPyConnection) -> None:
    judged, _ = judged_one()
    del judged.files[0].outside["Data", 0, 1]
    with pytest.raises(
        ConservationError, match=r"file 1.xlsx, sheet 'Data', cell B1 was read but has no place"
    ):
        load(judged, database)


def test_a_cell_with_two_places_stops_the_run(database: duckdb.DuckDBPyConnection) -> None:
    judged, _ = judged_one()
    judged.files[0].outside["Data", 2, 1] = "footnote"
    with pytest.raises(ConservationError, match="cell B3 was read but has two places"):
        load(judged, database)


def test_a_row_that_got_lost_stops_the_run(database: duckdb.DuckDBPyConnection) -> None:
    judged, _ = judged_one()
    judged.frames["staging.spend"] = judged.frames["staging.spend"].iloc[:0]
    with pytest.raises(
        ConservationError, match="In 1 returns the rows read are not those accepted and refused"
    ):
        load(judged, database)


def test_a_refused_row_that_got_in_stops_the_run(database: duckdb.DuckDBPyConnection) -> None:
    judged, _ = judged_one()
    frame = judged.frames["staging.spend"]
    refused = frame.iloc[:1].assign(row_id=judged.findings[0].row_id)
    judged.frames["staging.spend"] = pd.concat([frame, refused], ignore_index=True)
    with pytest.raises(ConservationError, match="the rows read are not those accepted and refused"):
        load(judged, database)
