"""The chance of reaching a goal: each method against worked examples, and what is never said."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipelines.measures import outlook as ahead
from pipelines.measures import part_year

NAN = float("nan")
Y = [41.2, 42.0, 41.5, 43.1, 44.0, 43.6]
T = [0, 1, 2, 3, 4, 5]
DUE, GOAL = 8, 46.0


def forecast(method, values=Y, at=T, goal=GOAL, due=DUE):
    found = method([values], [at], [goal], [due])
    return float(found.value[0]), float(found.chance[0])


# methods.md C9


def test_methods_c9_theil_sen():
    """Slope .63333, intercept 40.96667, forecast 46.0333; by drawing P about .545, within .02."""
    slope, intercept, *_ = stats.theilslopes(Y, T)
    assert (round(slope, 5), round(intercept, 5)) == (0.63333, 40.96667)
    value, chance = forecast(ahead.theil_sen)
    assert round(value, 4) == 46.0333
    drawn = ahead.theil_sen_drawn(Y, T, GOAL, DUE, seed=ahead.seed_of("H4", "2004-07-14"))
    assert drawn == pytest.approx(0.545, abs=0.02)
    assert chance == pytest.approx(drawn, abs=0.06)  # the closed form stands in for it


def test_methods_c9_least_squares():
    assert [round(x, 4) for x in forecast(ahead.least_squares)] == [45.6467, 0.3643]


def test_methods_c9_random_walk_with_drift():
    assert [round(x, 4) for x in forecast(ahead.random_walk)] == [45.04, 0.3139]


def test_methods_c9_damped_trend():
    """44.96996, and not the 44.74542 of a start that is updated on the first value as well."""
    value, chance = forecast(ahead.damped_trend)
    assert round(value, 5) == 44.96996
    assert 0 < chance < 0.5


def test_methods_c9_counts():
    """295 in nine months: at most 400 in the year .7344, at most 390 .4055."""
    assert np.round(part_year.count_at_most(295, 9, 3, [400, 390]), 4).tolist() == [0.7344, 0.4055]


def test_methods_c9_shares():
    """620 of 1,400 so far and 1,000 to come, 45% of 2,400 needed: .2095."""
    assert round(float(part_year.share_at_least(620, 1400, 1000, 0.45)), 4) == 0.2095


# What each method does


def test_no_change_expects_the_last_value():
    value, chance = forecast(ahead.no_change, goal=43.6)
    assert (value, chance) == (43.6, pytest.approx(0.5))


def test_the_spread_of_the_damped_trend_is_that_of_its_own_model():
    """Its chance against drawing the model's own futures, with the spread of its errors as normal."""
    rng = np.random.default_rng(7)
    level, trend = Y[0], Y[1] - Y[0]
    errors = []
    for y in Y[1:]:
        seen = level + ahead.PHI * trend
        errors.append(y - seen)
        now = seen + ahead.ALPHA * (y - seen)
        trend = ahead.BETA * (now - level) + (1 - ahead.BETA) * ahead.PHI * trend
        level = now
    sd = math.sqrt(sum(e**2 for e in errors[1:]) / 4)
    futures = np.zeros(200_000)
    levels, trends = np.full_like(futures, level), np.full_like(futures, trend)
    for _ in range(3):
        noise = rng.normal(0, sd, futures.shape)
        seen = levels + ahead.PHI * trends
        now = seen + ahead.ALPHA * noise
        trends = ahead.BETA * (now - levels) + (1 - ahead.BETA) * ahead.PHI * trends
        levels, futures = now, seen + noise
    z = (GOAL - forecast(ahead.damped_trend)[0]) / futures.std()
    assert forecast(ahead.damped_trend)[1] == pytest.approx(stats.t.sf(z, 4), abs=0.01)


@pytest.mark.parametrize("method", ahead.METHODS)
def test_a_straight_series_is_sure_of_its_line_and_a_flat_one_of_its_level(method):
    flat = forecast(ahead.METHODS[method], values=[5.0] * 6, goal=5.0)
    assert flat == (pytest.approx(5.0), 1.0)
    assert forecast(ahead.METHODS[method], values=[5.0] * 6, goal=5.1)[1] == 0.0


@pytest.mark.parametrize("method", ahead.METHODS)
def test_many_series_in_one_call_are_as_each_alone(method):
    table = ahead.padded([Y, Y[1:], [3.0, 4.0, 3.5, 5.0, 6.0, 5.5, 7.0]])
    at = np.arange(7.0) + np.zeros((3, 1))
    found = ahead.METHODS[method](table, at, [46, 46, 9], [9, 9, 9])
    for place, (values, goal) in enumerate([(Y, 46), (Y[1:], 46), (table[2], 9)]):
        alone = ahead.METHODS[method]([values], [np.arange(7 - len(values), 7)], [goal], [9])
        assert float(found.chance[place]) == pytest.approx(float(alone.chance[0]))


@pytest.mark.parametrize("method", ahead.METHODS)
def test_a_year_without_a_value_counts_as_time_that_passed(method):
    """1, 2, _, 4, 5, 6: on a line, missing or not."""
    value, _ = forecast(ahead.METHODS[method], values=[1, 2, 4, 5, 6], at=[0, 1, 3, 4, 5], goal=9, due=6)
    whole, _ = forecast(ahead.METHODS[method], values=[1, 2, 3, 4, 5, 6], at=T, goal=9, due=6)
    assert value == pytest.approx(whole, abs=0.35)


# The outlook


def test_outlook_is_the_middle_of_its_methods_and_their_range():
    found = ahead.outlook([Y], [T], [GOAL], [DUE], [1], methods=list(ahead.METHODS))
    each = sorted(forecast(method)[1] for method in ahead.METHODS.values())
    assert (found.low[0], found.chance[0], found.high[0]) == pytest.approx((each[0], each[2], each[-1]))


def test_fewer_than_five_points_say_nothing():
    table = ahead.padded([Y[:4], Y[:5]])
    found = ahead.outlook(table, [[0, 1, 2, 3, 4]] * 2, [46, 46], [8, 8], [1, 1])
    assert np.isnan(found.chance).tolist() == [True, False]


@pytest.mark.parametrize(
    ("goal", "due", "direction"), [(NAN, 8, 1), (46, NAN, 1), (46, 8, NAN), (46, 5, 1), (46, 4, 1)]
)
def test_without_goal_direction_or_time_ahead_nothing_is_said(goal, due, direction):
    assert np.isnan(ahead.outlook([Y], [T], [goal], [due], [direction])).all()


def test_no_series_no_outlook():
    assert [len(column) for column in ahead.outlook(ahead.padded([]), np.empty((0, 0)), [], [], [])] == [
        0
    ] * 3


def test_drawing_is_the_same_for_the_same_series_and_day_and_another_for_another():
    seeds = [ahead.seed_of(tuple(Y), day) for day in ("2004-07-14", "2004-07-14", "2004-10-14")]
    drawn = [ahead.theil_sen_drawn(Y, T, GOAL, DUE, seed=seed) for seed in seeds]
    assert drawn[0] == drawn[1] != drawn[2]
    assert math.isnan(ahead.theil_sen_drawn(Y[:4], T[:4], GOAL, DUE, seed=1))


# Rolling periods


def test_rolling_periods_are_thinned_to_those_that_do_not_overlap_from_the_newest_back():
    """methods.md C11: three-year means that share years are not independent."""
    starts = [f"{year}-01-01" for year in range(1995, 2001)]
    ends = [f"{year}-12-31" for year in range(1997, 2003)]
    assert ahead.independent(starts, ends).tolist() == [False, False, True, False, False, True]
    assert ahead.independent(starts, starts).all()
    assert ahead.independent([], []).tolist() == []


# Properties

SERIES = st.lists(st.floats(1, 200).map(lambda x: round(x, 1)), min_size=5, max_size=12)


@settings(max_examples=150, deadline=None)
@given(SERIES, st.floats(0, 300), st.integers(1, 6))
def test_property_turned_over_the_outlook_is_the_same(values, goal, steps):
    at = list(range(len(values)))
    due = [at[-1] + steps]
    up = ahead.outlook([values], [at], [goal], due, [1], methods=list(ahead.METHODS))
    down = ahead.outlook([[-x for x in values]], [at], [-goal], due, [-1], methods=list(ahead.METHODS))
    for one, other in zip(up, down, strict=True):
        assert one[0] == pytest.approx(other[0], abs=1e-9)
        assert 0 <= one[0] <= 1


@settings(max_examples=150, deadline=None)
@given(SERIES, st.floats(0, 300), st.floats(0, 50), st.integers(1, 6))
def test_property_a_harder_goal_is_never_likelier(values, goal, harder, steps):
    at = list(range(len(values)))
    found = ahead.outlook([values] * 2, [at] * 2, [goal, goal + harder], [at[-1] + steps] * 2, [1, 1])
    assert found.chance[1] <= found.chance[0] + 1e-12


def test_series_without_a_single_value_have_no_outlook_and_stop_nothing() -> None:
    values = ahead.padded([[], []])
    found = ahead.outlook(values, values, [10.0, 5.0], [3.0, 3.0], [1.0, -1.0])
    assert values.shape == (2, 1)
    assert np.isnan(found.chance).all()
