"""The share of each project that counts towards each floor target it serves."""

import pandas as pd

from pipelines.measures import Framework, spend

READS = "project_links"
COLUMNS = {
    "share": "The share of the project that counts towards the target, 0 to 1; blank: not additive.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.project_links."""
    share = spend.share_of_project(series["weight_pct"], series["total_pct"])
    return pd.DataFrame({"row_id": series["row_id"], "share": share})
