"""When the next value comes, the same quarter last year, four quarters together."""

import numpy as np
import pandas as pd
import pytest

from pipelines.measures.periods import next_release, rolling_four, year_ago

NAN = float("nan")
STARTS = pd.date_range("2002-04-01", periods=8, freq="QS")


@pytest.mark.parametrize(
    ("ends", "frequency", "lag", "due"),
    [
        ("2002-08-31", 12, 5, "2004-01-31"),  # a school year
        ("2002-12-31", 12, 14, "2005-02-28"),  # the end of a month stays one
        ("2004-02-29", 3, 1, "2004-06-30"),
        ("2004-03-14", 1, 1, "2004-05-14"),  # a count on one day
        (None, 12, 5, "NaT"),
        ("2002-08-31", None, 5, "NaT"),
    ],
)
def test_the_next_value_is_due_one_interval_and_one_lag_later(ends, frequency, lag, due):
    assert str(next_release(ends, frequency, lag)) == due


def test_a_quarter_is_read_beside_the_same_one_a_year_before():
    values = [10, 20, 30, 40, 11, 21, 31, 41]
    found = year_ago(["it"] * 8, STARTS, values)
    np.testing.assert_array_equal(found, [NAN] * 4 + [10, 20, 30, 40])


def test_four_quarters_are_averaged_where_all_four_are_there():
    values = [10, 20, 30, 40, NAN, 20, 30, 40]
    found = rolling_four(["it"] * 8, STARTS, values)
    np.testing.assert_array_equal(found, [NAN, NAN, NAN, 25, NAN, NAN, NAN, NAN])


def test_series_do_not_mix_and_rows_come_in_any_order():
    order = [3, 0, 2, 1]
    found = rolling_four(
        ["a"] * 4 + ["b"] * 4, [*STARTS[order], *STARTS[order]], [4, 1, 3, 2, 40, 10, 30, 20]
    )
    np.testing.assert_array_equal(found, [2.5, NAN, NAN, NAN, 25, NAN, NAN, NAN])
    assert rolling_four([], [], []).tolist() == year_ago([], [], []).tolist() == []
