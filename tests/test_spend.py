"""Spend against a budget."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measures.spend import (
    burn,
    carry_forward,
    outturn_by_profile,
    outturn_range,
    outturn_straight_line,
    outturn_to_plan,
    rate_spend,
    required_run,
    share_of_project,
    times_burn,
    variance,
    variance_pct,
)

NAN = float("nan")
BANDS = [(5, "G"), (15, "AG"), (30, "AR"), (None, "R")]

# methods.md C12, in £000: budget 240, profile 30, 80, 150, 240 to date, 60 spent by the second quarter
BUDGET, PROFILE, ACTUAL, PASSED, QUARTERS = 240, 80, 60, 2, 4


def test_methods_c12_variance():
    assert variance(ACTUAL, PROFILE) == -20
    assert variance_pct(ACTUAL, PROFILE) == -25


def test_methods_c12_burn_and_required_run():
    """Burn 30, required 90: three times as fast."""
    assert burn(ACTUAL, PASSED) == 30
    assert required_run(BUDGET, ACTUAL, PASSED, QUARTERS) == 90
    assert times_burn(90, 30) == 3


def test_methods_c12_outturns():
    assert outturn_straight_line(ACTUAL, PASSED, QUARTERS) == 120
    assert outturn_by_profile(ACTUAL, PROFILE, BUDGET) == 180
    assert outturn_to_plan(ACTUAL, PROFILE, BUDGET) == 220


def test_methods_c12_carry_forward_under_a_cap_of_5_per_cent():
    carried, at_risk = carry_forward(BUDGET, [120, 180, 220], 5)
    assert carried.tolist() == [12, 12, 12]
    assert at_risk.tolist() == [108, 48, 8]


@pytest.mark.parametrize(
    ("outturn", "carried", "at_risk"),
    [
        (228, 12, 0),  # exactly the cap
        (235, 5, 0),  # less than the cap: all of it is carried
        (240, 0, 0),
        (260, 0, 0),  # an overspend has nothing to carry and nothing to lose
        (None, NAN, NAN),
    ],
)
def test_carry_forward_at_the_edges(outturn, carried, at_risk):
    assert carry_forward(240, outturn, 5) == pytest.approx((carried, at_risk), nan_ok=True)


def test_an_unknown_cap_leaves_the_carry_unknown():
    assert all(math.isnan(x) for x in carry_forward(240, 200, None))


def test_range_takes_the_partners_own_forecast_in_and_leaves_missing_ones_out():
    partners_own = [None, 250, None]
    low, high = outturn_range([120, 120, None], [180, None, None], 220, partners_own)
    assert low.tolist() == [120, 120, 220]
    assert high.tolist() == [220, 250, 220]
    assert all(math.isnan(x) for x in outturn_range(None, NAN))


def test_nothing_to_divide_by_gives_no_figure():
    """Nothing profiled yet, no quarter passed, no quarter left, the year over."""
    assert math.isnan(variance_pct(10, 0))
    assert math.isnan(variance_pct(0, 0))
    assert math.isnan(outturn_by_profile(10, 0, 240))
    assert math.isnan(burn(0, 0))
    assert math.isnan(outturn_straight_line(0, 0, 4))
    assert [math.isnan(x) for x in required_run(240, 60, [3, 4, 5], 4)] == [False, True, True]


def test_a_missing_actual_is_not_nothing_spent():
    assert math.isnan(variance(None, 80))
    assert math.isnan(outturn_to_plan(None, 80, 240))
    assert burn([None, 0], 2).tolist() == pytest.approx([NAN, 0], nan_ok=True)


def test_spend_is_rated_by_its_variance_over_or_under_alike():
    """domain.md 2: bands of up to 5, 15 and 30%, each limit within its own band."""
    variances = [0, 5, -5, 5.01, -15, 15.1, -25, 30, 31, -100, None]
    assert rate_spend(variances, BANDS).tolist() == [
        "G", "G", "G", "AG", "AG", "AR", "AR", "AR", "R", "R", None,
    ]  # fmt: skip


def test_spend_of_exactly_5_per_cent_is_not_pushed_over_by_binary_fractions():
    assert variance_pct(2.1, 2.0) > 5  # 5.000000000000004
    assert rate_spend(variance_pct(2.1, 2.0), BANDS) == "G"


def test_spend_beyond_the_last_band_has_no_rating():
    assert rate_spend([4, 40], [(5, "G"), (15, "R")]).tolist() == ["G", None]


@pytest.mark.parametrize("bands", [[(15, "AG"), (5, "G")], [(None, "R"), (5, "G")], [(5, "G"), (5, "AG")]])
def test_spend_bands_out_of_order_are_refused(bands):
    with pytest.raises(ValueError, match="from the narrowest to the widest"):
        rate_spend(3, bands)


# Shares of a project


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([70, 30], [0.7, 0.3]),
        ([33.4, 33.4, 33.4], [1 / 3] * 3),  # rounded up: scaled, so that the whole counts once
        ([60, 20], [0.6, 0.2]),  # a fifth serves no target
        ([80, 40], [NAN, NAN]),  # more than the whole: added up, it would count twice
        ([None, None], [NAN, NAN]),  # declared not additive
    ],
)
def test_shares_of_a_project_never_come_to_more_than_the_whole(weights, shares):
    total = sum(weight or 0 for weight in weights)
    assert share_of_project(weights, total).tolist() == pytest.approx(shares, nan_ok=True)


# What holds for any figures

pounds = st.floats(1, 1e8)
some = st.floats(0, 1e8)
four = st.tuples(pounds, pounds, some, st.integers(1, 3))  # budget, profile to date, actual to date, quarter


@given(four, st.floats(1e-3, 1e3))
def test_pounds_or_thousands_make_no_difference_to_what_is_said(figures, unit):
    budget, profile, actual, passed = figures
    in_unit = [budget * unit, profile * unit, actual * unit]
    # 100(A - P)/P loses digits where A is near P: a millionth of a per cent is near enough
    assert variance_pct(in_unit[2], in_unit[1]) == pytest.approx(
        variance_pct(actual, profile), rel=1e-9, abs=1e-6
    )
    assert outturn_by_profile(in_unit[2], in_unit[1], in_unit[0]) == pytest.approx(
        unit * outturn_by_profile(actual, profile, budget)
    )
    assert times_burn(
        required_run(in_unit[0], in_unit[2], passed, 4), burn(in_unit[2], passed)
    ) == pytest.approx(
        times_burn(required_run(budget, actual, passed, 4), burn(actual, passed)), rel=1e-6, nan_ok=True
    )


@given(pounds, st.integers(1, 4))
def test_spend_on_an_even_profile_comes_out_on_budget_by_every_method(budget, passed):
    profile = budget * passed / 4
    outturns = (
        outturn_straight_line(profile, passed, 4),
        outturn_by_profile(profile, profile, budget),
        outturn_to_plan(profile, profile, budget),
    )
    assert outturns == pytest.approx((budget,) * 3)
    assert outturn_range(*outturns) == pytest.approx((budget, budget))


@given(st.lists(four, min_size=1, max_size=6), st.lists(st.none() | some, min_size=6, max_size=6))
def test_the_range_holds_every_outturn_and_ends_on_two_of_them(rows, forecasts):
    budget, profile, actual, passed = (np.array(column) for column in zip(*rows, strict=True))
    outturns = [
        outturn_straight_line(actual, passed, 4),
        outturn_by_profile(actual, profile, budget),
        outturn_to_plan(actual, profile, budget),
        np.array(forecasts[: len(rows)], dtype=float),
    ]
    low, high = outturn_range(*outturns)
    known = np.ma.masked_invalid(np.array(outturns))
    assert low.tolist() == known.min(axis=0).tolist()
    assert high.tolist() == known.max(axis=0).tolist()


@given(pounds, some, some, st.floats(0, 100))
def test_an_underspend_is_carried_or_at_risk_and_more_spend_never_puts_more_at_risk(budget, one, more, cap):
    carried, at_risk = carry_forward(budget, [one, one + more], cap)
    assert (carried >= 0).all()
    assert (at_risk >= 0).all()
    assert (carried <= cap / 100 * budget).all()
    assert carried + at_risk == pytest.approx(np.maximum(budget - np.array([one, one + more]), 0))
    assert at_risk[1] <= at_risk[0]


@given(st.floats(0, 1e3), st.floats(0, 1e3))
def test_further_off_profile_is_never_rated_better_and_over_is_rated_as_under(one, more):
    place = {rating: number for number, (_, rating) in enumerate(BANDS)}
    near, far, under = rate_spend([one, one + more, -one], BANDS)
    assert place[near] <= place[far]
    assert under == near


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6), pounds)
def test_a_project_never_counts_more_than_once_over_its_targets(weights, spent):
    shares = share_of_project(weights, sum(weights))
    counted = float(np.nansum(shares * spent))
    assert counted <= spent * (1 + 1e-9)
    if 100 <= sum(weights) <= 100.5:
        assert counted == pytest.approx(spent)


@given(four)
def test_a_missing_figure_gives_no_figure_that_rests_on_it(figures):
    budget, profile, _, passed = figures
    rests_on_actual = [
        variance(None, profile),
        variance_pct(None, profile),
        burn(None, passed),
        required_run(budget, None, passed, 4),
        outturn_straight_line(None, passed, 4),
        outturn_by_profile(None, profile, budget),
        outturn_to_plan(None, profile, budget),
        *carry_forward(budget, None, 5),
    ]
    assert all(math.isnan(figure) for figure in rests_on_actual)
    assert rate_spend(variance_pct(None, profile), BANDS) is None
