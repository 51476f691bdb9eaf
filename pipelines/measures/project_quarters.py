"""Each project's spend at each quarter: against its profile, where it is heading, what is at risk."""

import pandas as pd

from pipelines.measures import Framework
from pipelines.measures import spend as money

READS = "project_quarters"
COLUMNS = {
    "variance": "Actual to date less profile to date (GBP).",
    "variance_pct": "The variance in per cent of the profile to date.",
    "burn": "Spend per quarter so far (GBP).",
    "required_run": "Spend per quarter that would use the whole budget by the year's end (GBP).",
    "times_burn": "Required run over spend per quarter so far: how many times as fast money must be spent.",
    "outturn_straight": "Spend at the year's end if every quarter is like those passed (GBP).",
    "outturn_profile": "Spend at the year's end if the rest runs over or under in the same proportion (GBP).",
    "outturn_plan": "Spend at the year's end if the rest goes exactly to plan (GBP).",
    "outturn_low": "The lowest of the three and the partner's own forecast (GBP).",
    "outturn_high": "The highest of the three and the partner's own forecast (GBP).",
    "carry_forward": "What could be carried into next year at the lowest outturn, under the cap (GBP).",
    "at_risk": "What would be lost at the lowest outturn: the underspend beyond the cap (GBP).",
    "at_risk_least": "What would be lost at the highest outturn, under the same cap (GBP).",
    "rating": "The rating of spend by the framework's bands of variance.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.project_quarters (methods.md C12)."""
    actual, profile, budget = series["actual_to_date"], series["profile_to_date"], series["budget"]
    passed, periods = series["quarter_number"], series["quarters_in_year"]
    straight = money.outturn_straight_line(actual, passed, periods)
    by_profile = money.outturn_by_profile(actual, profile, budget)
    to_plan = money.outturn_to_plan(actual, profile, budget)
    low, high = money.outturn_range(straight, by_profile, to_plan, series["forecast_outturn"])
    carried, at_risk = money.carry_forward(budget, low, series["carry_cap_pct"])
    _, at_risk_least = money.carry_forward(budget, high, series["carry_cap_pct"])
    burn = money.burn(actual, passed)
    required_run = money.required_run(budget, actual, passed, periods)
    variance_pct = money.variance_pct(actual, profile)
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "variance": money.variance(actual, profile),
            "variance_pct": variance_pct,
            "burn": burn,
            "required_run": required_run,
            "times_burn": money.times_burn(required_run, burn),
            "outturn_straight": straight,
            "outturn_profile": by_profile,
            "outturn_plan": to_plan,
            "outturn_low": low,
            "outturn_high": high,
            "carry_forward": carried,
            "at_risk": at_risk,
            "at_risk_least": at_risk_least,
            "rating": money.rate_spend(variance_pct, bands(framework)),
        }
    )


def bands(framework: Framework) -> money.Bands:
    """The framework's spend bands, narrowest first."""
    rows = framework["spend_bands"].sort_values("band")
    limits = rows["up_to_pct"].astype(object).where(rows["up_to_pct"].notna(), None)
    return list(zip(limits, rows["rating"], strict=True))
