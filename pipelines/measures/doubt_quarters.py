"""How sure each target's latest value is, and whether it has been moving of late, at each quarter's cut-off."""

import numpy as np
import pandas as pd

from pipelines.measures import Framework, chosen
from pipelines.measures.arrays import listed
from pipelines.measures.intervals import best_interval
from pipelines.measures.recent_trend import recent_trend

READS = "doubt_quarters"
COLUMNS = {
    "lower": "Lower end of the latest value's 95% confidence interval.",
    "upper": "Upper end of the latest value's 95% confidence interval.",
    "interval_method": "How the interval was come by: as sent, Wilson, Byar or exact Poisson.",
    "trend": "increasing, decreasing or no clear trend over the newest values that don't overlap.",
    "trend_better": "improving, worsening or no clear trend: the same by which way is better.",
    "trend_slope": "The change from one value to the next; of a proportion in logits.",
    "trend_chi_squared": "How far from chance the change is; above 9.55 counts as clear.",
    "trend_reason": "Why no trend can be told; blank where one is.",
}
FIGURES = ("target_values", "lowers", "uppers", "numerators", "denominators")
PERIODS = ("starts", "ends")


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.doubt_quarters (methods.md C2 and C4)."""
    # one line per value, and one with nothing for a target that has none
    points = series.copy()
    for name in FIGURES:
        points[name] = pd.Series(listed(series[name]), index=series.index, dtype=object)
    points = points.explode([*PERIODS, *FIGURES], ignore_index=True)
    for name in PERIODS:
        points[name] = pd.to_datetime(points[name])
    lower, upper, method = best_interval(
        points["lowers"],
        points["uppers"],
        points["target_values"],
        points["numerators"],
        points["denominators"],
        per=points["per"],
        places=points["places"],
        interval_by=points["interval_by"],
    )
    is_last = (points["row_id"] != points["row_id"].shift(-1)).to_numpy()
    is_share = np.atleast_1d(method) == "Wilson"
    trend = recent_trend(
        points["target_values"],
        lower,
        upper,
        points["row_id"],
        points["starts"],
        points["ends"],
        points["polarity"],
        count=points["numerators"].where(is_share),
        denominator=points["denominators"].where(is_share),
        since=points["since"],
        points=int(chosen(framework, "trend_points")),
    )
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "lower": np.atleast_1d(lower)[is_last],
            "upper": np.atleast_1d(upper)[is_last],
            "interval_method": np.atleast_1d(method)[is_last],
            "trend": trend.trend,
            "trend_better": trend.better,
            "trend_slope": trend.slope,
            "trend_chi_squared": trend.chi_squared,
            "trend_reason": trend.reason,
        }
    )
