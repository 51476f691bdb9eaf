"""What the sample's marts say of doubt, of proxies and of other places; and the measures behind them."""

import numpy as np
import pandas as pd
import pytest
from workspaces import QUARTER, Ran

from pipelines.measures import doubt_quarters, link_quarters, proxy_periods

NAN = float("nan")
SETTINGS = pd.DataFrame({"setting_id": ["stale_above"], "value": ["1"]})
FRAMEWORK = {"settings": SETTINGS}
HB, LB = "higher is better", "lower is better"


def settings(**values: object) -> dict[str, pd.DataFrame]:
    rows = {"stale_above": 1, **values}
    return {
        "settings": pd.DataFrame({"setting_id": [*rows], "value": [str(value) for value in rows.values()]})
    }


def months(first: str, number: int, length: int = 1) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    starts = pd.date_range(first, periods=number, freq=f"{length}MS")
    return [*starts], [*(starts + pd.DateOffset(months=length) - pd.Timedelta(days=1))]


def proxy(values: list[float | None], first: str = "2003-01-01", **columns: object) -> pd.DataFrame:
    starts, ends = months(first, len(values))
    given = {
        "horizon": "latest",
        "indicator_id": "P",
        "period_start": starts,
        "period_end": ends,
        "is_charted": True,
        "counted_since": pd.NaT,
        "polarity": LB,
        "target_value": NAN,
        "value": values,
        "year_values": None,
    }
    frame = pd.DataFrame({**given, **columns})
    return frame.assign(row_id=frame["horizon"] + frame["indicator_id"] + frame["period_start"].astype(str))


# Marts


def test_a_proxy_that_disagrees_with_its_target_says_so(sample: Ran) -> None:
    """Robbery fell over the year, and the last three months' counts are above the chart's limit."""
    found = sample.select(
        "select target_id, variation, variation_rule, says, headline, warning from marts.proxies "
        "where is_disagreeing order by all"
    )
    assert found == [
        (
            "C1_robbery",
            "special cause concerning",
            "outside the limits",
            "worse",
            "better",
            "Disagrees with the headline: the latest value (Jun 2004) is beyond its usual ups and downs and "
            "speaks for a worse result, while the target's own last value was better than the one before.",
        )
    ]


def test_where_rating_and_control_chart_differ_a_sentence_says_why(sample: Ran) -> None:
    """Vehicle crime missed its target and is falling; burglary is on course and falling, so nothing differs."""
    found = sample.select(
        "select target_id, says, against_rating from marts.proxies where quarter = ? and says is not null order by 1",
        QUARTER,
    )
    assert [(target_id, says, why and why.split(":")[0]) for target_id, says, why in found] == [
        ("C1_burglary", "better", None),
        ("C1_robbery", "worse", None),
        (
            "C1_vehicle",
            "better",
            "Rated Amber/Red (moderated), while the chart of this proxy speaks for a better result",
        ),
    ]


def test_what_can_not_be_said_of_a_proxy_is_not_said(sample: Ran) -> None:
    """One value has no limits, a stale one no say, and nothing has history enough to be tested."""
    first = sample.select(
        "select variation, assurance, is_trial, says, is_disagreeing from marts.proxies "
        "where quarter = '2003-04-Q1' and indicator_id = 'P_CCARD'"
    )
    assert first == [(None, None, None, None, None)]
    grades = sample.select(
        "select link_grade, link_reason, count(*) from marts.proxies where quarter = ? group by all order by all",
        QUARTER,
    )
    assert grades == [
        ("C", "Plausible, but not tested: 0 pairs of changes, and 8 are needed.", 21),
        ("D", "The proxy is stale.", 1),
    ]


def test_limits_of_quarterly_proxies_are_trial_ones_and_of_monthly_ones_not(sample: Ran) -> None:
    found = sample.select(
        "select indicator_id, chart_points, is_trial, assurance from marts.proxies "
        "where quarter = ? and indicator_id in ('P_BURGLARY', 'P_KSI') order by all",
        QUARTER,
    )
    assert found == [("P_BURGLARY", 15, False, "inconsistent"), ("P_KSI", 5, True, "consistent pass")]


def test_a_year_before_and_the_mean_of_a_year_take_the_season_out(sample: Ran) -> None:
    found = sample.select(
        "select latest_value, year_ago_value, year_mean from marts.proxies "
        "where quarter = ? and indicator_id = 'P_NUISANCE'",
        QUARTER,
    )
    assert found == [(2568, 2611, (2745 + 2402 + 2380 + 2568) / 4)]
    # a break in the series and a gap: nothing to set it beside
    assert sample.select(
        "select year_ago_value, year_mean from marts.proxies where quarter = ? and indicator_id = 'P_KERB'",
        QUARTER,
    ) == [(None, None)]


def test_every_point_of_a_proxy_has_the_limits_of_its_chart(sample: Ran) -> None:
    found = sample.select(
        "select count(*), count(distinct upper_limit), count(rule) filter (rule = 'outside the limits'), "
        "max(value) filter (rule = 'outside the limits') from marts.proxy_series where indicator_id = 'P_ROBBERY'"
    )
    assert found == [(15, 1, 2, 83)]


def test_the_register_names_targets_without_a_proxy_or_with_stale_ones_only(sample: Ran) -> None:
    found = sample.select(
        "select target_id, cover, indicator_id from marts.proxy_register "
        "where quarter = ? and cover <> 'fresh' order by all",
        QUARTER,
    )
    assert found == [
        ("E1_schools", "none", None),
        ("E3_schools", "none", None),
        ("L2", "only stale", "P_KERB"),
        ("T1_slight", "none", None),
    ]
    (proxies, targets), (lines,) = (
        sample.select("select (select count(*) from marts.proxies), count(*) from marts.floor_targets ")[0],
        sample.select("select count(distinct (quarter, target_id)) from marts.proxy_register")[0],
    )
    assert targets == lines
    assert sample.one("select count(indicator_id) from marts.proxy_register") == proxies


def test_a_value_is_set_beside_every_other_place_that_has_one(sample: Ran) -> None:
    found = sample.select(
        "select target_id, area_title, area_kind, interval_method, comparison from marts.benchmarks "
        "where quarter = ? order by all",
        QUARTER,
    )
    assert found == [
        ("H1_female", "England", "country", "as sent", "worse"),
        ("H1_female", "North West", "region", "as sent", "worse"),
        ("H1_male", "England", "country", "as sent", "worse"),
        ("H1_male", "North West", "region", "as sent", "worse"),
        ("H4", "England", "country", None, None),
        ("H4", "North West", "region", None, None),
    ]


def test_each_latest_value_has_the_interval_that_suits_it(sample: Ran) -> None:
    found = sample.select(
        "select target_id, round(latest_lower, 2), round(latest_upper, 2), interval_method from marts.floor_targets "
        "where quarter = ? and interval_method is not null and interval_method <> 'as sent' order by all",
        QUARTER,
    )
    assert found == [
        ("E1_lea", 33.55, 37.29, "Wilson"),
        ("T1_child", 22.71, 46.35, "Byar"),
        ("T1_ksi", 97.67, 141.31, "Byar"),
    ]


# Measures


def test_a_month_that_nobody_sent_is_a_gap() -> None:
    whole = proxy([5, 9, 5, 9, 5, 9])
    without = pd.concat([whole.iloc[:2], whole.iloc[3:]])
    found = proxy_periods.measure(without, FRAMEWORK)
    # steps of 4, and none across the gap: 5 to 9, then 9, 5, 9
    assert found["chart_mean"].tolist() == [7.4] * 5
    assert found["upper_limit"].round(2).tolist() == [18.04] * 5
    assert found["row_id"].tolist() == without["row_id"].tolist()


def test_a_chart_starts_anew_where_the_series_is_counted_anew() -> None:
    old, new = proxy([5, 9] * 6), proxy([50, 54] * 6, "2004-01-01", counted_since=pd.Timestamp("2004-01-01"))
    found = proxy_periods.measure(pd.concat([old, new], ignore_index=True), FRAMEWORK)
    assert found["chart_mean"].tolist() == [7] * 12 + [52] * 12
    assert set(found["variation"]) == {"common cause"}


def test_yearly_and_rolling_values_have_no_chart() -> None:
    found = proxy_periods.measure(proxy([5, 9] * 6, is_charted=False), FRAMEWORK)
    assert found["variation"].isna().all() and found["chart_mean"].isna().all()


@pytest.mark.parametrize(("screened", "upper"), [("1", 4.6044), ("0", 6.9515)])
def test_the_framework_says_whether_shocks_are_screened(screened: str, upper: float) -> None:
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    found = proxy_periods.measure(proxy(values), settings(chart_screened=screened))
    assert found["upper_limit"].round(4).unique().tolist() == [upper]


def link(target: list[float], by_period: list[list[float]], **columns: object) -> pd.DataFrame:
    starts, ends = months("1990-01-01", len(target), 12)
    row = {
        "row_id": "q|T|P",
        "quarter": "q",
        "cut_off_on": pd.Timestamp("2003-01-01"),
        "target_id": "T",
        "indicator_id": "P",
        "direction": "same way",
        "polarity": HB,
        "frequency_months": 3,
        "release_lag_months": 0,
        "proxy_on": pd.Timestamp("2002-12-31"),
        "starts": starts,
        "ends": ends,
        "target_values": target,
        "proxy_values": by_period,
        "target_since": pd.NaT,
    }
    return pd.DataFrame([{**row, **columns}])


PROXY = [50, 52, 51, 54, 54.5, 52.5, 54, 58, 57.5, 58.5, 61, 59.5, 63]
TARGET = [30, 30.4, 31.3, 32.4, 31.6, 33.3, 33.6, 32.45, 33.5, 35.3, 35.15, 35.55, 36.95]
LAGGED = [[PROXY[t - lag] if t >= lag else NAN for lag in range(5)] for t in range(13)]


def test_a_link_with_history_is_graded_by_it() -> None:
    """The series of methods.md C10, as a series hands them over: two quarters ahead, by chance once in 2,000."""
    (found,) = link_quarters.measure(link(TARGET, LAGGED), FRAMEWORK).to_dict("records")
    assert (found["grade"], found["lead_months"], found["pairs"]) == ("A", 6, 12)
    assert (round(found["rho"], 3), found["concordance"], round(found["p"], 4)) == (1, 1, 0.0005)
    assert found["headline"] == "better"


def test_a_link_to_rolling_rates_is_tested_on_those_that_share_no_year() -> None:
    starts, _ = months("1990-01-01", 13, 12)
    ends = [start + pd.DateOffset(years=3) - pd.Timedelta(days=1) for start in starts]
    (found,) = link_quarters.measure(link(TARGET, LAGGED, starts=starts, ends=ends), FRAMEWORK).to_dict(
        "records"
    )
    assert (found["grade"], found["pairs"]) == ("C", 4)


def test_nothing_is_told_of_a_link_across_a_break() -> None:
    late = link(TARGET, LAGGED, target_since=pd.Timestamp("2002-01-01"))
    (found,) = link_quarters.measure(late, FRAMEWORK).to_dict("records")
    assert (found["grade"], found["pairs"], found["headline"]) == ("C", 0, None)


def test_the_framework_says_how_many_pairs_are_enough() -> None:
    (found,) = link_quarters.measure(link(TARGET, LAGGED), settings(proxy_pairs=13)).to_dict("records")
    assert found["grade"] == "C"


def test_a_target_without_a_value_has_neither_headline_nor_test() -> None:
    empty = link([], [], starts=None, ends=None, target_values=None, proxy_values=None)
    (found,) = link_quarters.measure(empty, FRAMEWORK).to_dict("records")
    assert (found["grade"], found["headline"]) == ("C", None)


def doubt(values: list[float], lowers: list[float], uppers: list[float], **columns: object) -> pd.DataFrame:
    starts, ends = months("1990-01-01", len(values), 12)
    none = [NAN] * len(values)
    row = {
        "row_id": "q|T",
        "polarity": LB,
        "interval_by": None,
        "places": 1,
        "per": NAN,
        "since": pd.NaT,
        "starts": starts,
        "ends": ends,
        "target_values": values,
        "lowers": lowers,
        "uppers": uppers,
        "numerators": none,
        "denominators": none,
    }
    return pd.DataFrame([{**row, **columns}])


def test_a_trend_is_told_by_the_limits_sent() -> None:
    values = [24.67, 24.6, 28, 30.2, 30.6]
    given = doubt(values, [23.16, 23.15, 26.44, 28.63, 28.98], [26.25, 26.19, 29.64, 31.9, 32.25])
    nothing = doubt([], [], [], row_id="q|U")
    nothing[[*doubt_quarters.PERIODS, *doubt_quarters.FIGURES]] = None
    found = doubt_quarters.measure(pd.concat([nothing, given], ignore_index=True), FRAMEWORK)
    assert found["trend_better"].dropna().to_dict() == {1: "worsening"}
    assert found["interval_method"].dropna().to_dict() == {1: "as sent"}
    assert round(found["trend_chi_squared"][1], 2) == 46.77
    assert np.isnan(found["lower"][0])


def test_a_share_is_judged_by_its_parts_and_a_standardised_rate_is_not() -> None:
    counts, of = [994, 1023, 1199, 1332, 1367], [40299, 41527, 42811, 44064, 44701]
    shares = [100 * count / base for count, base in zip(counts, of, strict=True)]
    none = [NAN] * 5
    parts = {"per": 100.0, "numerators": counts, "denominators": of}
    share = doubt(shares, none, none, **parts)
    (found,) = doubt_quarters.measure(share, FRAMEWORK).to_dict("records")
    assert (found["interval_method"], found["trend"], round(found["trend_chi_squared"], 2)) == (
        "Wilson",
        "increasing",
        47.90,
    )
    standardised = doubt([value * 1.1 for value in shares], none, none, **parts)
    (found,) = doubt_quarters.measure(standardised, FRAMEWORK).to_dict("records")
    assert (found["interval_method"], found["trend"]) == (None, None)
    (found,) = doubt_quarters.measure(share.assign(interval_by="none"), FRAMEWORK).to_dict("records")
    assert found["interval_method"] is None
