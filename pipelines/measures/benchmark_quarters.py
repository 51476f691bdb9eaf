"""Each target's latest value beside other areas' for the same period, at each quarter's cut-off."""

import numpy as np
import pandas as pd

from pipelines.measures import Framework
from pipelines.measures.arrays import first_that_holds
from pipelines.measures.benchmark import compare
from pipelines.measures.intervals import best_interval

READS = "benchmark_quarters"
COLUMNS = {
    "lower": "Lower end of the 95% confidence interval of the value here.",
    "upper": "Upper end of the 95% confidence interval of the value here.",
    "interval_method": "How the interval was come by: as sent, Wilson, Byar or exact Poisson.",
    "comparison": "better, similar or worse than the other area; blank where there is no interval.",
    "comparison_reason": "Why nothing is compared; blank where it is.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.benchmark_quarters (methods.md C3)."""
    return compared(series, "Not compared: the value here has no interval.")


def compared(series: pd.DataFrame, without_interval: str) -> pd.DataFrame:
    """Values with their intervals, each beside its benchmark; `without_interval` is why one is not compared."""
    lower, upper, method = best_interval(
        series["lower"],
        series["upper"],
        series["value"],
        series["numerator"],
        series["denominator"],
        per=series["per"],
        places=series["places"],
        interval_by=series["interval_by"],
    )
    comparison = compare(series["benchmark_value"], lower, upper, series["polarity"])
    reason = first_that_holds([(np.isnan(lower), without_interval)])
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "lower": lower,
            "upper": upper,
            "interval_method": method,
            "comparison": comparison,
            "comparison_reason": reason,
        }
    )
