"""How much of what a target asks for is needed by a given day."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from pipelines.measures.arrays import ratio
from pipelines.measures.trajectory import elapsed, geometric, linear, milestones, needed, s_curve

NAN = float("nan")


def test_methods_c5_a_quarter_and_three_quarters_of_the_way():
    """methods.md C5: B 41.2, G 50, τ = .25 gives 43.4000, τ = .75 gives 47.8."""
    found = linear(41.2, 50.0, dt.date(2000, 1, 1), dt.date(2000, 1, 5), ["2000-01-02", "2000-01-04"])
    assert found.tolist() == pytest.approx([43.4, 47.8])


FOUR_DAYS = ("2000-01-01", "2000-01-05", ["2000-01-01", "2000-01-02", "2000-01-04", "2000-01-05"])


@pytest.mark.parametrize(
    ("shape", "quarter", "three_quarters"),
    [
        ("linear", 43.4, 47.8),
        (None, 43.4, 47.8),
        ("geometric", 43.2430, 47.6378),
        ("S-curve", 42.1239, 49.0761),
    ],
)
def test_methods_c5_three_shapes(shape, quarter, three_quarters):
    """methods.md C5: B 41.2, G 50; the S-curve with a steepness of 8."""
    found = needed(shape, 41.2, 50.0, *FOUR_DAYS, steepness=8)
    assert np.round(found, 4).tolist() == [41.2, quarter, three_quarters, 50.0]


@pytest.mark.parametrize(("baseline", "goal"), [(41.2, 0), (0, 41.2), (-1, 5), (5, -1)])
def test_nothing_falls_to_zero_by_percentages(baseline, goal):
    assert np.isnan(geometric(baseline, goal, *FOUR_DAYS)).all()


def test_an_s_curve_is_late_at_first_and_steeper_with_its_steepness():
    gentle, steep = (s_curve(0, 1, *FOUR_DAYS, steepness=k)[1] for k in (2, 12))
    assert steep < gentle < 0.25


def test_milestones_are_joined_by_straight_lines_in_any_order():
    days = ["2000-01-02", "2000-01-03", "2000-01-04", "2000-01-05", "2000-01-09", "2000-01-01"]
    stones = [(["2000-01-04", "2000-01-02"], [30, 11])] * 6
    found = milestones(10, 50, "2000-01-01", "2000-01-05", days, stones)
    assert found.tolist() == pytest.approx([11, 20.5, 30, 50, 50, 10])


def test_milestones_outside_the_targets_time_or_without_a_value_do_not_count():
    stones = [(["1999-12-31", "2000-01-05", "2000-01-03"], [99, 99, NAN]), ([], [])]
    found = milestones(10, 50, "2000-01-01", "2000-01-05", ["2000-01-03", "2000-01-02"], stones)
    assert found.tolist() == pytest.approx([30, 20])


def test_each_target_has_its_own_shape_and_an_unknown_one_gives_no_trajectory():
    shapes = ["geometric", "linear", "milestones", "zigzag"]
    stones = [((), ()), ((), ()), (["2000-01-03"], [42]), ((), ())]
    found = needed(shapes, 10, 50, "2000-01-01", "2000-01-05", "2000-01-02", steepness=8, stones=stones)
    assert found.tolist() == pytest.approx([10 * 5**0.25, 20, 26, NAN], nan_ok=True)


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


def test_juvenile_nuisance_quarterly_targets_of_the_crime_and_disorder_partnership():
    """domain.md 1.3: Q2 2004 report, "Juvenile nuisance -6% to 9,704 by 2005", from 10,323 a year."""
    quarter_ends = pd.date_range("2002-06-30", "2005-03-31", freq="QE")
    found = linear(10_323 / 4, 9_704 / 4, "2002-03-31", "2005-03-31", quarter_ends)
    printed = [2568, 2555, 2542, 2529, 2516, 2503, 2490, 2478, 2465, 2452, 2439, 2426]
    assert np.round(found).tolist() == printed
