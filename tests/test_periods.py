"""When the next value comes, the same quarter last year, four quarters together."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipelines.measures.periods import next_release, rolling_four, year_ago
from pipelines.measures.target_periods import measure

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


def test_a_year_ago_and_four_quarters_are_never_taken_from_before_a_break():
    """Counted anew from April 2002: the quarter of 2003 has a year before and four quarters, that of 2002 has not."""
    starts = [date(2001, 4, 1), date(2001, 7, 1), date(2001, 10, 1), date(2002, 1, 1), date(2002, 4, 1)]
    starts += [date(2002, 7, 1), date(2002, 10, 1), date(2003, 1, 1), date(2003, 4, 1)]
    rows = len(starts)
    quarters = pd.DataFrame(
        {
            "row_id": [str(number) for number in range(rows)],
            "horizon": "latest",
            "target_id": "it",
            "period": [f"{start}/P3M" for start in starts],
            "period_start": starts,
            "period_end": [
                (pd.Timestamp(start) + pd.DateOffset(months=3, days=-1)).date() for start in starts
            ],
            "value": [10.0, 20, 30, 40, 1, 2, 3, 4, 5],
            "counted_since": [
                date(2002, 4, 1) if start.year * 12 + start.month > 24027 else None for start in starts
            ],
            "target_type": "ABS_THRESHOLD",
            "polarity": "lower is better",
            "baseline_value": 50.0,
            "stated_value": 0.0,
            "baseline_on": date(2001, 3, 31),
            "due_on": date(2006, 3, 31),
            "is_baseline_broken": False,
            **dict.fromkeys(
                (
                    "stated_change",
                    "comparator_value",
                    "comparator_baseline",
                    "trajectory",
                    "milestone_days",
                    "milestone_values",
                )
            ),
        }
    )
    settings = pd.DataFrame({"setting_id": ["early_share"], "value": ["0.1"]})
    found = measure(quarters, {"settings": settings})
    assert found["year_ago_value"].fillna(-1).tolist() == [-1] * 8 + [1]
    assert found["four_quarters"].fillna(-1).tolist() == [-1] * 3 + [25] + [-1] * 3 + [2.5, 3.5]
