"""Values of periods that overlap, as of rolling quarters, do not pass for the parts of a whole."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from pipelines.workspace import SQL


@pytest.fixture
def staging() -> Iterator[duckdb.DuckDBPyConnection]:
    """What the selects read, of one proxy and one target, without a value yet."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema framework; create schema staging;
            create table framework.breaks (series_id text, from_on date);
            create table framework.milestones (target_id text, reach_by date, reach_value double, row_id text);
            create table framework.indicators (
                indicator_id text, row_id text, polarity text, target_value double, frequency_months integer
            );
            insert into framework.indicators values ('P', 'p', 'lower is better', null, 1);
            create table staging.known_proxies (
                horizon text, indicator_id text, period text, period_label text, period_start date, period_end date,
                value double, value_status text, lower double, upper double, is_queried boolean, row_id text
            );
            create table staging.known_targets (
                horizon text, target_id text, area_id text, is_home boolean, period text, period_start date,
                period_end date, value double, row_id text
            );
            create table staging.targets_in_force as select
                'latest' as quarter, 'T' as target_id, cast(null as double) as baseline_value,
                '2001-01-01/P3Y' as baseline_period, date '2001-01-01' as baseline_period_start,
                date '2003-12-31' as baseline_period_end, cast(null as double) as baseline_comparator,
                cast(null as text) as comparator_area_id;
            """
        )
        yield connection


def rows(select: str, connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = (SQL / select).read_text(encoding="utf-8")
    names = {
        "series/proxy_periods.sql": "period_start, year_values",
        "staging/target_baselines.sql": "baseline_value, baseline_row_ids",
    }
    return connection.execute(f"select {names[select]} from ({query}) order by all").fetchall()


def quarter(starts: date, value: float, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "insert into staging.known_proxies select 'latest', 'P', ?, '', ?, ? + interval 3 month - interval 1 day, ?, "
        "null, null, null, false, ?",
        [f"{starts}/P3M", starts, starts, value, f"r{value:g}"],
    )


def year(starts: date, value: float, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "insert into staging.known_targets select 'latest', 'T', 'home', true, ?, ?, "
        "? + interval 12 month - interval 1 day, ?, ?",
        [f"{starts}/P1Y", starts, starts, value, f"r{value:g}"],
    )


def test_four_rolling_quarters_are_no_year(staging: duckdb.DuckDBPyConnection) -> None:
    for month in range(1, 5):
        quarter(date(2004, month, 1), 10.0 * month, staging)
    assert [values for _, values in rows("series/proxy_periods.sql", staging)] == [None] * 4


def test_of_twelve_rolling_quarters_those_end_to_end_make_the_year(
    staging: duckdb.DuckDBPyConnection,
) -> None:
    for month in range(1, 13):
        quarter(date(2004, month, 1), float(month), staging)
    found = dict(rows("series/proxy_periods.sql", staging))
    assert found[date(2004, 10, 1)] == [1, 4, 7, 10]
    assert found[date(2004, 12, 1)] == [3, 6, 9, 12]
    assert found[date(2004, 9, 1)] is None


def test_years_that_overlap_are_no_baseline_of_three_years(staging: duckdb.DuckDBPyConnection) -> None:
    year(date(2001, 1, 1), 10, staging)
    year(date(2001, 7, 1), 20, staging)
    year(date(2002, 1, 1), 30, staging)
    assert rows("staging/target_baselines.sql", staging) == [(None, None)]
    year(date(2003, 1, 1), 50, staging)
    assert rows("staging/target_baselines.sql", staging) == [(30, ["r10", "r30", "r50"])]
