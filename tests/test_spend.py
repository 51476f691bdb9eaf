"""Spend against a budget."""

import math

import pytest

from pipelines.measures.spend import (
    burn,
    carry_forward,
    outturn_by_profile,
    outturn_range,
    outturn_straight_line,
    outturn_to_plan,
    rate_spend,
    required_run,
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
