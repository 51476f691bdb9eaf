"""Each measured period of a target beside its trajectory."""

import numpy as np
import pandas as pd

from pipelines.measures import Framework
from pipelines.measures.position import has_course, on_course
from pipelines.measures.trajectory import linear, target_value

READS = "target_periods"
COLUMNS = {
    "trajectory_value": "The value needed at the end of the period, on a straight line by days.",
    "on_course": "Share made of the improvement needed by then: (value - baseline) / (trajectory - baseline).",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.target_periods (methods.md C5 and C6)."""
    needed = target_value(
        series["target_type"], series["baseline_value"], series["stated_value"], series["polarity"]
    )
    on_trajectory = linear(
        series["baseline_value"], needed, series["baseline_on"], series["due_on"], series["period_end"]
    )
    is_measured = has_course(
        series["baseline_value"], needed, target_type=series["target_type"], polarity=series["polarity"]
    )
    ratio = on_course(series["value"], series["baseline_value"], on_trajectory)
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "trajectory_value": on_trajectory,
            "on_course": np.where(is_measured, ratio, np.nan),
        }
    )
