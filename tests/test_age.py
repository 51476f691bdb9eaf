"""How old a value is at the cut-off, and whether that is too old."""

import datetime as dt
import math

import duckdb
import pandas as pd
import pytest
from sample_files import ROOT

from pipelines.measures.age import age_months, is_stale, staleness_index

CUT_OFF = dt.date(2004, 6, 30)


@pytest.mark.parametrize(
    ("period_end", "frequency", "lag", "age", "index"),
    [
        ("2003-08-31", 12, 5, 10, 0.588),  # academic year 2002/03
        ("2002-12-31", 12, 11, 18, 0.783),  # calendar years 2000-02
        ("2004-03-31", 3, 2, 3, 0.600),  # January to March 2004
    ],
)
def test_methods_c11_staleness_at_30_june_2004(period_end, frequency, lag, age, index):
    """methods.md C11: .588, .783 and .600."""
    months = age_months(period_end, CUT_OFF)
    assert months == age
    assert round(staleness_index(months, frequency, lag), 3) == index


@pytest.mark.parametrize(
    ("period_end", "cut_off", "age"),
    [
        ("2004-06-30", "2004-06-30", 0),  # ended on the cut-off
        ("2004-06-30", "2004-07-30", 0),  # a day short of the month
        ("2004-06-30", "2004-07-31", 1),  # end of month to end of month, 31 days
        ("2004-01-31", "2004-02-29", 1),  # … and 29
        ("2004-02-29", "2004-03-29", 0),  # 29 February ended a month, 29 March does not
        ("2003-02-28", "2004-02-29", 12),
        ("2004-04-01", "2004-06-30", 2),  # a snapshot on 1 April
        ("2004-04-01", "2004-07-01", 3),
        ("2004-03-31", "2004-09-14", 5),  # Board papers in the middle of a month
        ("2004-06-30", "2004-06-29", None),  # had not ended by the cut-off
        (None, "2004-06-30", None),
        ("2004-06-30", None, None),
    ],
)
def test_age_counts_whole_months(period_end, cut_off, age):
    found = age_months(period_end, cut_off)
    assert found == age if age is not None else math.isnan(found)


def test_a_column_of_ages_from_one_cut_off():
    ends = pd.Series(pd.to_datetime(["2003-08-31", None, "2004-03-31"]), index=[4, 2, 9])
    ages = age_months(ends, CUT_OFF)
    assert ages.tolist() == pytest.approx([10, float("nan"), 3], nan_ok=True)
    index = staleness_index(ages, [12, 12, 1], pd.Series([5, 5, None]))
    assert index.tolist() == pytest.approx([10 / 17, float("nan"), float("nan")], nan_ok=True)


def test_a_release_without_frequency_or_lag_has_no_staleness():
    assert math.isnan(staleness_index(3, 0, 0))


def test_stale_is_strictly_above_the_limit_and_unknown_is_not_fresh():
    assert is_stale([0.99, 1.0, 1.01, None], 1.0).tolist() == [False, False, True, None]
    assert is_stale([1.01, 1.01], [1.5, None]).tolist() == [False, None]
    assert is_stale(staleness_index(18, 12, 5), 1.0) is True


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2003-07-31", " The next value was due out on 31 Jul 2003, 11 months before the cut-off."),
        ("2004-06-29", " The next value was due out on 29 Jun 2004, 1 day before the cut-off."),
        ("2004-06-30", ""),
        (None, ""),
    ],
)
def test_a_value_that_is_overdue_says_by_how_long(due: str | None, said: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema framework; create table framework.settings (setting_id text, row_id text)"
        )
        connection.execute((ROOT / "sql" / "macros.sql").read_text(encoding="utf-8"))
        query = "select overdue_words(cast($1 as date), $2)"
        assert connection.execute(query, [due, CUT_OFF]).fetchall() == [(said,)]
