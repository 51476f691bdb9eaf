"""Each fund as a whole at each quarter: what may be carried, what is at risk, how far off profile it is.

An underspend of one project makes room for the overspend of another, and a cap holds for a fund; so this is
less than the sum of what each project would lose by itself.
"""

import pandas as pd

from pipelines.measures import Framework, project_quarters
from pipelines.measures import spend as money

READS = "project_quarters"
COLUMNS = {
    "carry_forward": "What the fund could carry into next year if every outturn is its lowest (GBP).",
    "at_risk": "What the fund would lose then: the underspend beyond its cap (GBP).",
    "at_risk_least": "What the fund would lose if every outturn is its highest (GBP).",
    "rating": "The rating of the fund's spend by the framework's bands of variance.",
}
SUMS = ["budget", "profile_to_date", "actual_to_date", "outturn_low", "outturn_high"]


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per fund and quarter (row_id quarter|fund_id), from its projects received and them alone."""
    projects = series.merge(project_quarters.measure(series, framework), on="row_id")
    projects = projects.assign(fund=projects["quarter"] + "|" + projects["fund_id"])
    received = projects[projects["variance"].notna()]
    sums = received.groupby("fund")[SUMS].agg(_whole)
    caps = received.groupby("fund")["carry_cap_pct"].first()
    funds = sums.join(caps).reindex(sorted(projects["fund"].unique()))
    carried, at_risk = money.carry_forward(funds["budget"], funds["outturn_low"], funds["carry_cap_pct"])
    _, least = money.carry_forward(funds["budget"], funds["outturn_high"], funds["carry_cap_pct"])
    variance_pct = money.variance_pct(funds["actual_to_date"], funds["profile_to_date"])
    return pd.DataFrame(
        {
            "row_id": funds.index,
            "carry_forward": carried,
            "at_risk": at_risk,
            "at_risk_least": least,
            "rating": money.rate_spend(variance_pct, project_quarters.bands(framework)),
        }
    ).reset_index(drop=True)


def _whole(column: pd.Series) -> float:
    """The sum of a column; one of which a part is missing is missing, not smaller."""
    return float(column.sum(skipna=False))
