"""XmR charts: limits, rules, and the answers of variation and assurance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measures.control_chart import (
    COMMON,
    CONCERNING,
    FAIL,
    HIGH,
    IMPROVING,
    INCONSISTENT,
    LOW,
    OUTSIDE,
    PASS,
    SHIFT,
    TREND,
    TWO_OF_THREE,
    assurance,
    chart,
)
from pipelines.measures.end_to_end import last

HB, LB, NEITHER = "higher is better", "lower is better", "no judgement"
NAN = float("nan")
VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
FALL = [42, 45, 41, 44, 46, 43, 40, 44, 42, 45, 43, 41, 36, 37, 35, 34, 36, 35, 33]
# the random numbers of the package's own tests: R's set.seed(123); rnorm(20)
NORMAL = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123),
    *(-0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314),
    *(0.49785048, -1.96661716, 0.70135590, -0.47279141),
]


def one(values, polarity=HB, **options):
    return chart(values, ["it"] * len(values), polarity, **options)


def limits(found, at=-1, places=4):
    return tuple(round(float(line[at]), places) for line in (found.mean, found.lower, found.upper))


def points(found, rule):
    """The points, counted from 1, that a rule is told of."""
    return [place for place, told in enumerate(found.rule, 1) if told == rule]


def test_methods_c1_screened_and_not():
    """methods.md C1, as the package's vignette on where it differs from the NHS's Excel tool."""
    assert limits(one(VIGNETTE)) == (1.9444, -0.7156, 4.6044)
    assert limits(one(VIGNETTE, screened=False)) == (1.9444, -3.0626, 6.9515)
    assert points(one(VIGNETTE), OUTSIDE) == [5]


def test_methods_c1_limits_fixed_on_the_first_twelve():
    found = one(FALL, LB, fixed_on=12)
    assert limits(found) == (43, 35.5036, 50.4964)
    assert points(found, OUTSIDE) == [15, 16, 18, 19]
    # the run of seven completes at 18: a month before nobody knew of it
    assert points(one(FALL[:17], LB, fixed_on=12), SHIFT) == []
    assert points(one(FALL[:18], LB, fixed_on=12), SHIFT) == [12, 17]
    assert set(found.variation[11:]) == {IMPROVING}
    assert set(found.variation[:11]) == {COMMON}


def test_methods_c1_rebased_at_thirteen():
    found = one(FALL, LB, rebased=np.arange(len(FALL)) == 12)
    assert limits(found, 0) == (43, 35.5036, 50.4964)
    assert limits(found) == (35.1429, 31.1529, 39.1329)
    assert assurance([40, 38], found.lower[-1], found.upper[-1], LB).tolist() == [PASS, INCONSISTENT]
    assert found.is_trial.tolist() == [False] * 12 + [True] * 7
    assert set(found.variation) == {COMMON}


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        (NORMAL, (0.142, -3.01, 3.29)),
        (NORMAL[:10], (0.0746, -2.60, 2.75)),
        (NORMAL[10:], (0.209, -3.28, 3.70)),
    ],
    ids=["all", "facet 0", "facet 1"],
)
def test_the_packages_own_snapshots(values, printed):
    """NHSRplotthedots, tests/testthat/_snaps/ptd_spc.md: three figures, and every point common cause."""
    found = one(values)
    assert tuple(float(f"{float(line[0]):.3g}") for line in (found.mean, found.lower, found.upper)) == printed
    assert set(found.variation) == {COMMON}


def test_facets_are_series_end_to_end():
    both = chart(NORMAL, [0] * 10 + [1] * 10, HB)
    assert limits(both, 0) == limits(one(NORMAL[:10]))
    assert limits(both, -1) == limits(one(NORMAL[10:]))
    with pytest.raises(ValueError, match="stand together"):
        chart([1, 2, 3], ["a", "b", "a"], HB)


@pytest.mark.parametrize(
    ("sides", "shifted"),
    [
        ([1] * 6, []),
        ([1] * 6 + [-1], []),
        ([1] * 8 + [-1], range(1, 9)),
        ([-1] * 8 + [1], range(1, 9)),
        ([-1] + [1] * 8 + [-1], range(2, 10)),
        ([1] * 3 + [0] + [1] * 4, []),  # a point on the mean ends a run
    ],
)
def test_the_packages_examples_of_seven_on_one_side(sides, shifted):
    """tests/testthat/test-ptd_calculate_point_type.R, on limits fixed about nought before they begin."""
    values = [*([2, -2] * 6), *sides]
    found = one(values, fixed_on=12)
    assert limits(found)[0] == 0
    assert [point - 12 for point in points(found, SHIFT) if point > 12] == [*shifted]


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ([1, 2, 3, 4, 5, 6], []),
        ([1, 2, 3, 3, 4, 5, 6], []),
        ([1, 2, 3, 4, 5, 6, 7], range(1, 8)),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], range(2, 9)),
        ([7, 6, 5, 4, 3, 2, 1], range(1, 8)),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], range(2, 9)),
    ],
)
def test_the_packages_examples_of_seven_rising_or_falling(values, trend):
    """The same; first is a wide swing, so that no value lies outside the limits."""
    found = one([0, 60, 0, 60, 4, 4, *values], screened=False)
    assert [point - 6 for point in points(found, TREND) if point > 6] == [*trend]


@pytest.mark.parametrize(
    ("close", "told"),
    [
        ([1, 0, 1], [1, 3]),
        ([0, 1, 1], [2, 3]),
        ([1, 1, 0], [1, 2]),
        ([0, 0, 1, 0, 1, 0, 0], [3, 5]),
        ([0, 0, 1, 1, 0, 0, 0], [3, 4]),
        ([1, 0, 0, 1], []),
        ([1, 0, 0, 1, 1], [4, 5]),
    ],
)
def test_the_packages_examples_of_two_in_three(close, told):
    """The same: 1 lies near the upper limit and 0 above the mean. Limits are ±5.32 and near ones ±3.55."""
    base = [1, -1] * 6
    found = one([*base, *(4.5 if near else 0.5 for near in close)], fixed_on=12)
    assert limits(found) == (0, -5.32, 5.32)
    assert [point - 12 for point in points(found, TWO_OF_THREE)] == told


def test_two_near_opposite_limits_are_common_cause():
    """test-ptd_spc_standard.R: 5.5 and then −5.5 after a zigzag, and both are common cause."""
    found = one([*([1, -1] * 7), 5.5, -5.5])
    assert found.variation[-2:].tolist() == [COMMON, COMMON]


@pytest.mark.parametrize(
    ("polarity", "answers"),
    [(HB, [FAIL, PASS, INCONSISTENT]), (LB, [PASS, FAIL, INCONSISTENT]), (NEITHER, [None, None, None])],
)
def test_the_packages_examples_of_assurance(polarity, answers):
    """test-ptd_calculate_assurance_type.R."""
    assert assurance(4, [1, 5, 1], [3, 7, 5], polarity).tolist() == answers


def test_no_target_or_no_limits_is_no_assurance():
    assert assurance([None, 4, 4], [1, NAN, 1], [3, 7, NAN], HB).tolist() == [None, None, None]


def test_a_target_on_a_limit_is_inconsistent():
    assert assurance([1, 3], 1, 3, HB).tolist() == [INCONSISTENT, INCONSISTENT]


def test_the_first_rule_that_holds_is_the_one_told():
    """Rising far out: the last point is outside, part of a trend, near and on one side; outside is told."""
    found = one([*([1, -1] * 6), 1, 2, 3, 4, 4.4, 5, 9], fixed_on=12)
    assert found.rule[-1] == OUTSIDE
    assert set(found.rule[-7:-1]) == {TREND}


@pytest.mark.parametrize(
    ("polarity", "high", "low"),
    [(HB, IMPROVING, CONCERNING), (LB, CONCERNING, IMPROVING), (NEITHER, HIGH, LOW), (None, HIGH, LOW)],
)
def test_which_way_is_better_decides_what_a_special_cause_is(polarity, high, low):
    found = one([*([1, -1] * 6), 20, -20], polarity, fixed_on=12)
    assert found.variation[-2:].tolist() == [high, low]


def test_a_point_on_the_mean_in_a_trend_goes_by_the_trend():
    found = one([-3, -2, -1, 0, 1, 2, 3], screened=False)
    assert found.rule.tolist() == [OUTSIDE, *[TREND] * 5, OUTSIDE]
    assert limits(found)[0] == 0
    assert found.variation[3] == IMPROVING
    assert one([3, 2, 1, 0, -1, -2, -3], screened=False).variation[3] == CONCERNING


def test_a_gap_makes_no_moving_range_and_ends_a_run():
    found = one([*([1, -1] * 6), 0.5, 0.5, 0.5, NAN, 0.5, 0.5, 0.5, 0.5], fixed_on=12)
    assert points(found, SHIFT) == []
    assert found.variation[15] is None
    assert limits(one([0, 2, NAN, 100, 102])) == (51, 51 - 5.32, 51 + 5.32)
    assert one([1, NAN, 1]).points.tolist() == [2, 2, 2]


@pytest.mark.parametrize("values", [[], [5], [5, NAN], [NAN, NAN]])
def test_too_few_points_have_no_limits(values):
    found = one(values)
    assert np.isnan(found.lower).all()
    assert [*found.variation] == [None] * len(values)


def test_a_series_that_never_moves_is_common_cause_until_it_moves():
    """0.1 seven times adds up to a hair less than 0.7; the hair is no special cause."""
    assert set(one([0.1] * 14).variation) == {COMMON}
    assert one([*([0.1] * 14), 0.2]).rule[-1] == OUTSIDE


@pytest.mark.parametrize(("number", "is_trial"), [(11, True), (12, False)])
def test_limits_are_trial_ones_below_twelve_points(number, is_trial):
    assert set(one([1, 2] * 5 + [1] * (number - 10)).is_trial) == {is_trial}


def test_the_last_point_of_each_series_is_the_last_that_has_a_value():
    assert last(["a", "a", "b", "c", "c"], np.array([True, True, False, True, False])).tolist() == [1, -1, 3]


SERIES = st.lists(st.integers(-40, 40) | st.none(), max_size=30)


@given(SERIES, st.booleans())
def test_polarity_mirrors_the_answer_and_moves_no_limit(values, screened):
    mirror = {IMPROVING: CONCERNING, CONCERNING: IMPROVING, COMMON: COMMON, None: None}
    high, low = one(values, HB, screened=screened), one(values, LB, screened=screened)
    assert [mirror[answer] for answer in high.variation] == [*low.variation]
    assert [*high.rule] == [*low.rule]
    turned = one([None if value is None else -value for value in values], LB, screened=screened)
    assert [*turned.variation] == [*high.variation]


@given(SERIES, st.sampled_from([0.001, 0.5, 3, 1000]), st.integers(-1000, 1000))
def test_signals_keep_under_another_unit(values, scale, offset):
    moved = [None if value is None else value * scale + offset for value in values]
    assert [*one(moved).rule] == [*one(values).rule]
    assert [*one(moved).variation] == [*one(values).variation]


@given(SERIES, SERIES)
def test_a_series_is_the_same_alone_and_among_others(one_series, other):
    both = chart([*one_series, *other], [0] * len(one_series) + [1] * len(other), HB)
    alone = one(other)
    assert [*both.rule[len(one_series) :]] == [*alone.rule]
    assert np.array_equal(both.upper[len(one_series) :], alone.upper, equal_nan=True)


@given(SERIES)
def test_the_limits_hold_the_mean_and_screening_never_widens_them(values):
    found, wide = one(values), one(values, screened=False)
    known = ~np.isnan(found.mean)
    assert (found.lower[known] <= found.mean[known]).all() and (found.mean[known] <= found.upper[known]).all()
    assert (wide.upper[known] >= found.upper[known] - 1e-9).all()
