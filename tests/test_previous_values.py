"""The value before a proxy's latest one: of a period as long, and counted in the same way."""

from collections.abc import Sequence

import duckdb
import pytest
from sample_files import ROOT

SELECT = (ROOT / "sql" / "series" / "proxy_quarters.sql").read_text(encoding="utf-8")
MONTHS = {"P1M": 1, "P3M": 3, "P1Y": 12}  # lengths as the keys of periods say them


def previous(*values: tuple[str, float], break_on: str | None = None) -> tuple[str | None, float | None]:
    """Period and value that stand beside the newest of these, each named by its key: '2004-04-01/P3M'."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema staging; create schema framework;
            create table staging.quarters as select '2004-05-Q1' as quarter, date '2004-07-15' as cut_off_on;
            create table framework.proxy_links as select 'T' as target_id, 'P' as indicator_id, 'link' as row_id;
            create table framework.indicators as
                select 'P' as indicator_id, 'indicator' as row_id, 3 as frequency_months, 0 as release_lag_months;
            create table framework.breaks (series_id varchar, from_on date);
            create table staging.known_proxies (
                horizon varchar, indicator_id varchar, period varchar, period_start date, period_end date,
                period_label varchar, value double, value_status varchar, published_on date, is_lag_used boolean,
                is_queried boolean, partner varchar, row_id varchar
            )
            """
        )
        for period, value in values:
            start, length = period.split("/")
            connection.execute(
                "insert into staging.known_proxies select '2004-05-Q1', 'P', $1, cast($2 as date), "
                "cast(cast($2 as date) + to_months($3) - interval 1 day as date), $1, $4, null, null, true, false, "
                "'police', $1",
                [period, start, MONTHS[length], value],
            )
        if break_on:
            connection.execute("insert into framework.breaks values ('P', cast(? as date))", [break_on])
        ((label, value_before),) = connection.execute(
            f"select previous_label, previous_value from ({SELECT})"
        ).fetchall()
    return label, value_before


QUARTERS: Sequence[tuple[str, float]] = (
    ("2003-10-01/P3M", 240),
    ("2004-01-01/P3M", 250),
    ("2004-04-01/P3M", 230),
)


def test_of_quarters_the_one_before_is_shown() -> None:
    assert previous(*QUARTERS) == ("2004-01-01/P3M", 250)


@pytest.mark.parametrize("other", [("2003-04-01/P1Y", 990), ("2004-03-01/P1M", 81)])
def test_a_year_or_a_month_that_ends_later_is_no_value_before_a_quarter(other: tuple[str, float]) -> None:
    assert previous(QUARTERS[0], other, QUARTERS[2]) == ("2003-10-01/P3M", 240)
    assert previous(other, QUARTERS[2]) == (None, None)


def test_nothing_is_compared_across_a_break() -> None:
    assert previous(*QUARTERS, break_on="2004-04-01") == (None, None)
    assert previous(*QUARTERS, break_on="2004-01-01") == ("2004-01-01/P3M", 250)
