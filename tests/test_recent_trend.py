"""The recent trend of yearly figures: weighted values and proportions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measures.recent_trend import last_points, recent_trend

HB, LB = "higher is better", "lower is better"
VALUES = [24.67, 24.6, 28, 30.2, 30.6]
LOWER, UPPER = [23.16, 23.15, 26.44, 28.63, 28.98], [26.25, 26.19, 29.64, 31.9, 32.25]
COUNTS, OF = [994, 1023, 1199, 1332, 1367], [40299, 41527, 42811, 44064, 44701]


def years(number, first=2000, length=1):
    starts = [f"{first + n}-01-01" for n in range(number)]
    return starts, [f"{first + n + length - 1}-12-31" for n in range(number)]


def trend(values, lower=None, upper=None, polarity=HB, periods=None, **more):
    starts, ends = periods or years(len(values))
    return recent_trend(values, lower, upper, ["it"] * len(values), starts, ends, polarity, **more)


def test_methods_c4_values():
    """methods.md C4, from Fingertips' unit tests."""
    found = trend(VALUES, LOWER, UPPER, LB)
    assert round(found.slope[0], 5) == 1.75157
    assert round(found.chi_squared[0], 2) == 46.77
    assert (found.trend[0], found.better[0], found.reason[0]) == ("increasing", "worsening", None)


def test_methods_c4_proportions():
    """methods.md C4, from Fingertips' unit tests."""
    found = trend(VALUES, count=COUNTS, denominator=OF)
    assert round(found.chi_squared[0], 2) == 47.90
    assert (found.trend[0], found.better[0]) == ("increasing", "improving")


@pytest.mark.parametrize(
    ("counts", "of", "answer"),
    [
        ([621, 599, 556, 535, 447], [3454, 3195, 3256, 3227, 3121], "decreasing"),
        ([8116, 8145, 8222, 8506, 8728], [91530, 91773, 92088, 92238, 92665.89], "increasing"),
        ([7, 6, 8, 8, 9], [35, 42, 50, 100, 200], "decreasing"),
        ([5405, 5500, 5435, 5480, 5315], [18095, 18170, 18005, 17890, 17860], "no clear trend"),
        ([22435, 22445, 21365, 20955, 19055], [65880, 67900, 68705, 69835, 70910], "decreasing"),
    ],
)
def test_fingertips_own_examples(counts, of, answer):
    """WhenUsingTrendMarkerCalculator of fingertips-open: the data of its tests and the marker it expects."""
    shares = [100 * count / base for count, base in zip(counts, of, strict=True)]
    assert trend(shares, count=counts, denominator=of).trend[0] == answer


def test_one_point_that_makes_the_whole_slope_is_no_trend():
    """χ² is far above the limit, but without the last point the slope turns round."""
    found = trend([10, 9.5, 9, 8.5, 40], [9, 8.5, 8, 7.5, 39], [11, 10.5, 10, 9.5, 41])
    assert found.chi_squared[0] > 9.55
    assert found.trend[0] == "no clear trend"


def test_rolling_periods_that_share_years_are_thinned():
    """Three-year rates of every year from 1990: only every third is used, from the newest backwards."""
    starts, ends = years(13, 1990, length=3)
    places = last_points(["it"] * 13, starts, ends, True, points=5)
    assert places.tolist() == [[0, 3, 6, 9, 12]]
    values = np.linspace(100, 60, 13)
    found = trend(values, values - 2, values + 2, LB, periods=(starts, ends))
    assert found.better[0] == "improving"
    short = trend(values[1:], values[1:] - 2, values[1:] + 2, LB, periods=years(12, 1990, length=3))
    assert short.trend[0] is None
    assert short.reason[0] == "Fewer than 5 values whose periods don't overlap, counted in one way."


def test_nothing_is_compared_across_a_break():
    found = trend(VALUES, LOWER, UPPER, since="2001-01-01")
    assert found.trend[0] is None
    assert trend(VALUES, LOWER, UPPER, since="2000-01-01").trend[0] == "increasing"


def test_a_gap_between_the_points_is_told():
    starts, ends = years(6)
    del starts[2], ends[2]
    found = trend(VALUES, LOWER, UPPER, periods=(starts, ends))
    assert (found.trend[0], found.reason[0]) == (None, "The last 5 values are not evenly spaced.")


@pytest.mark.parametrize(("lower", "upper"), [(None, None), (VALUES, VALUES), ([None, *LOWER[1:]], UPPER)])
def test_without_intervals_there_is_no_trend(lower, upper):
    found = trend(VALUES, lower, upper)
    assert (found.trend[0], found.reason[0]) == (None, "The values came without intervals.")


def test_only_the_last_five_count_and_a_missing_value_is_passed_over():
    found = trend([99, *VALUES], [98, *LOWER], [100, *UPPER])
    assert round(found.chi_squared[0], 2) == 46.77
    starts, ends = years(6)
    late = trend([*VALUES, None], [*LOWER, None], [*UPPER, None], periods=(starts, ends))
    assert round(late.chi_squared[0], 2) == 46.77


def test_the_framework_may_ask_for_more_points():
    assert trend(VALUES, LOWER, UPPER, points=6).trend[0] is None


def test_none_of_them_in_every_year_is_no_trend():
    found = trend([0] * 5, count=[0] * 5, denominator=OF)
    assert (found.chi_squared[0], found.trend[0]) == (0, "no clear trend")


@given(st.lists(st.floats(1, 1000), min_size=5, max_size=5), st.floats(0.1, 50), st.sampled_from([0.25, 8]))
def test_a_trend_mirrors_under_polarity_and_keeps_under_rescaling(values, half, scale):
    mirror = {"improving": "worsening", "worsening": "improving", "no clear trend": "no clear trend"}
    y = np.array(values)
    found = trend(y, y - half, y + half, HB)
    assert trend(y, y - half, y + half, LB).better[0] == mirror[found.better[0]]
    scaled = trend(y * scale, (y - half) * scale, (y + half) * scale, HB)
    assert scaled.trend[0] == found.trend[0]
    assert scaled.chi_squared[0] == pytest.approx(found.chi_squared[0], rel=1e-6, abs=1e-9)


def test_many_series_in_one_call_are_as_each_alone():
    starts, ends = years(5)
    found = recent_trend(
        [*VALUES, 1, *VALUES[::-1]],
        [*LOWER, 0, *LOWER[::-1]],
        [*UPPER, 2, *UPPER[::-1]],
        ["a"] * 5 + ["b"] + ["c"] * 5,
        [*starts, "2004-01-01", *starts],
        [*ends, "2004-12-31", *ends],
        HB,
    )
    assert found.trend.tolist() == ["increasing", None, "decreasing"]
    assert round(found.slope[2], 5) == -1.75157
