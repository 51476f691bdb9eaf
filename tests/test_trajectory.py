"""What a target asks for, and how much of it is needed by a given day."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from pipelines.measures.arrays import ratio
from pipelines.measures.trajectory import elapsed, is_built, linear, target_value

NAN = float("nan")
HB, LB = "higher is better", "lower is better"


@pytest.mark.parametrize(
    ("target_type", "baseline", "stated", "polarity", "wanted"),
    [
        ("ABS_THRESHOLD", 32.0, 38.0, HB, 38.0),
        ("ABS_THRESHOLD", None, 38.0, HB, 38.0),  # a threshold needs no baseline
        ("ABS_THRESHOLD", 45.0, 30.0, LB, 30.0),
        ("PCT_REDUCTION", 192.2, 40.0, LB, 115.32),  # H3 circulatory: printed as 115.3
        ("PCT_REDUCTION", 183.5, 20.0, LB, 146.8),  # H3 cancer
        ("PCT_REDUCTION", 61.5, 50.0, LB, 30.75),  # H4, national: printed as 30.8
        ("PCT_REDUCTION", 61.5, 60.0, LB, 24.6),  # H4, Salford's own plan
        ("PP_CHANGE", 67.0, 9.0, HB, 76.0),  # "nine per cent improvement" meant points
        ("PP_CHANGE", 9.0, 2.0, LB, 7.0),
        ("PP_CHANGE", 9.0, 2.0, "neither", NAN),  # which way is up?
        ("PP_CHANGE", None, 9.0, HB, NAN),
        ("PCT_REDUCTION", 61.5, None, LB, NAN),
        ("GAP_REL", 5.9, 10.0, LB, NAN),  # not built
        (None, 5.9, 10.0, LB, NAN),
    ],
)
def test_target_value_by_type(target_type, baseline, stated, polarity, wanted):
    """domain.md 1.1 (rules) and 1.2 (H3 and H4 recompute from their baselines)."""
    assert target_value(target_type, baseline, stated, polarity) == pytest.approx(wanted, nan_ok=True)


def test_target_values_of_a_frame_are_worked_out_row_by_row():
    frame = pd.DataFrame(
        {
            "target_type": ["ABS_THRESHOLD", "PCT_REDUCTION", "PP_CHANGE", "GAP_REL"],
            "baseline": [32.0, 61.5, 9.0, 5.9],
            "stated": [38.0, 50.0, 2.0, 10.0],
            "polarity": [HB, LB, LB, LB],
        },
        index=[7, 3, 5, 1],
    )
    found = target_value(frame.target_type, frame.baseline, frame.stated, frame.polarity)
    assert found.tolist() == pytest.approx([38.0, 30.75, 7.0, NAN], nan_ok=True)
    assert is_built(frame.target_type).tolist() == [True, True, True, False]


def test_methods_c5_a_quarter_and_three_quarters_of_the_way():
    """methods.md C5: B 41.2, G 50, τ = .25 gives 43.4000, τ = .75 gives 47.8."""
    found = linear(41.2, 50.0, dt.date(2000, 1, 1), dt.date(2000, 1, 5), ["2000-01-02", "2000-01-04"])
    assert found.tolist() == pytest.approx([43.4, 47.8])


def test_methods_c5_counts_days_between_period_ends():
    """methods.md C5: 31 Mar 2000 to 31 Mar 2006, observed 31 Aug 2003: τ = 1248/2191, T = 46.2125."""
    dates = dt.date(2000, 3, 31), dt.date(2006, 3, 31), dt.date(2003, 8, 31)
    assert elapsed(*dates) == pytest.approx(1248 / 2191)
    assert round(linear(41.2, 50.0, *dates), 4) == 46.2125


def test_methods_c6_falling_target_half_way():
    """methods.md C6: 30.5 to 22.9, τ = .5: T 26.7."""
    assert linear(30.5, 22.9, "2002-01-01", "2002-01-03", "2002-01-02") == pytest.approx(26.7)


def test_nothing_is_needed_before_the_baseline_and_the_target_itself_after_the_due_date():
    days = ["2002-03-30", "2002-03-31", "2005-03-31", "2009-03-31", None]
    found = linear(0.1, 0.3, "2002-03-31", "2005-03-31", days)
    # the ends are exact, so that a value equal to the target can't fall short of it
    np.testing.assert_array_equal(found, [NAN, 0.1, 0.3, 0.3, NAN])


def test_nothing_is_rounded():
    assert linear(0, 1, "2002-01-01", "2002-01-08", "2002-01-02") == pytest.approx(1 / 7, rel=1e-15)


@pytest.mark.parametrize(
    ("baseline", "target", "baseline_on", "due_on", "on"),
    [
        (None, 50, "2002-03-31", "2005-03-31", "2003-03-31"),
        (41.2, math.inf, "2002-03-31", "2005-03-31", "2003-03-31"),
        (41.2, 50, None, "2005-03-31", "2003-03-31"),
        (41.2, 50, "2002-03-31", pd.NaT, "2003-03-31"),
        (41.2, 50, "2002-03-31", "2005-03-31", float("nan")),
        (41.2, 50, "2002-03-31", "2002-03-31", "2002-03-31"),  # due on the day of its baseline
        (41.2, 50, "2005-03-31", "2002-03-31", "2006-03-31"),  # due before its baseline
    ],
)
def test_what_is_missing_or_impossible_gives_no_trajectory(baseline, target, baseline_on, due_on, on):
    assert math.isnan(linear(baseline, target, baseline_on, due_on, on))


@pytest.mark.parametrize(
    "on",
    [
        [dt.date(2000, 1, 3), None],
        [pd.Timestamp("2000-01-03 17:00"), pd.NaT],
        np.array(["2000-01-03", "NaT"], dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(["2000-01-03", None])),
        pd.Series([dt.date(2000, 1, 3), float("nan")], dtype=object),
    ],
    ids=["dates", "timestamps", "datetime64 ns", "series", "series of objects"],
)
def test_every_kind_of_date_is_read_alike(on):
    found = linear(pd.Series([10, pd.NA], dtype="Int64"), [20, 20], "2000-01-01", "2000-01-05", on)
    assert found.tolist() == pytest.approx([15.0, NAN], nan_ok=True)


def test_a_ratio_to_nothing_is_missing():
    np.testing.assert_array_equal(ratio([1, 0, 1, None, 6], [0, 0, None, 2, 3]), [NAN, NAN, NAN, NAN, 2.0])
