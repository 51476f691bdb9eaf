"""How old each proxy was at each quarter's cut-off."""

import pandas as pd

from pipelines.measures import Framework, setting
from pipelines.measures.age import age_months, is_stale, staleness_index

READS = "proxy_quarters"
COLUMNS = {
    "age_months": "Whole months from the end of the latest period to the cut-off.",
    "staleness": "Age over frequency plus release lag; above the framework's limit the value is stale.",
    "is_stale": "Whether a newer value ought to have been out by the cut-off.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.proxy_quarters (methods.md C11)."""
    age = age_months(series["latest_on"], series["cut_off_on"])
    staleness = staleness_index(age, series["frequency_months"], series["release_lag_months"])
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "age_months": age,
            "staleness": staleness,
            "is_stale": is_stale(staleness, float(setting(framework, "stale_above"))),
        }
    )
