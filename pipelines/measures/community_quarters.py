"""Each area's newest value beside that of the whole for the same period, at each quarter's cut-off."""

import pandas as pd

from pipelines.measures import Framework
from pipelines.measures.benchmark_quarters import compared

READS = "community_quarters"
COLUMNS = {
    "lower": "Lower end of the 95% confidence interval of the area's value.",
    "upper": "Upper end of the 95% confidence interval of the area's value.",
    "interval_method": "How the interval was come by: as sent, Wilson, Byar or exact Poisson.",
    "comparison": "better, similar or worse than the whole; blank where there is no interval.",
    "comparison_reason": "Why nothing is compared; blank where it is.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.community_quarters (methods.md C3), by the area's own interval."""
    found = compared(series, "Not compared: the area's value has no interval.")
    # thirty of a ward against forty of a city say nothing: without a base, only a value sent with its limits compares
    is_count = (series["per"].isna() & series["lower"].isna()).to_numpy()
    found.loc[is_count, "comparison"] = None
    found.loc[is_count, "comparison_reason"] = "Not compared: a part's count is smaller than the whole's."
    unknown = series["benchmark_value"].isna().to_numpy() & found["comparison_reason"].isna().to_numpy()
    found.loc[unknown, "comparison_reason"] = (
        "Not compared: nothing is known of the whole for the same period."
    )
    return found
