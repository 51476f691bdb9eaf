"""Each measured period of a target beside its trajectory, the year before, and the last four quarters."""

import numpy as np
import pandas as pd

from pipelines.measures import Framework, setting
from pipelines.measures.decimals import column_places
from pipelines.measures.periods import rolling_four, year_ago
from pipelines.measures.position import has_course, is_early, on_course
from pipelines.measures.target_rows import course_of, needed_of
from pipelines.measures.target_types import COMPARED, DIRECTIONAL, level, relative_gap

READS = "target_periods"
COLUMNS = {
    "trajectory_value": "The value needed at the end of the period, on the target's trajectory.",
    "on_course": "Share made of the improvement needed by then: (value - baseline) / (needed - baseline); "
    "blank while next to none is needed (setting early_share).",
    "needed_places": "Decimals with which the needed value is shown, as many for all periods of the measure, so that "
    "each on-course ratio can be worked out.",
    "gap_pct": "The gap to the comparator in per cent of its value; above 0 is behind.",
    "year_ago_value": "For a quarter, the value of the same quarter a year before, counted in the same way.",
    "four_quarters": "For a quarter, the mean of it and the three quarters before.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.target_periods (methods.md C5, C6 and C11)."""
    found = course_of(series)
    on_trajectory = needed_of(series, found, "period_end", framework)
    is_measured = has_course(
        found.baseline, found.goal, target_type=series["target_type"], direction=found.direction
    ) & ~series["is_baseline_broken"].to_numpy(dtype=bool)
    is_measured &= ~is_early(
        found.baseline, found.goal, on_trajectory, early_share=float(setting(framework, "early_share"))
    )
    ratio = on_course(found.value, found.baseline, on_trajectory)
    line = level(
        series["target_type"],
        series["polarity"],
        on_trajectory,
        baseline_value=series["baseline_value"],
        comparator_value=series["comparator_value"],
    )
    has_line = (series["target_type"] != DIRECTIONAL) & ~series["is_baseline_broken"]
    # what was counted in another way is another series
    key = np.array(
        [
            "|".join(map(str, parts))
            for parts in zip(series["horizon"], series["target_id"], series["counted_since"], strict=True)
        ],
        dtype=object,
    )
    is_quarter = series["period"].str.endswith("/P3M").to_numpy()
    quarterly = np.where(is_quarter, series["value"], np.nan)
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "trajectory_value": pd.Series(line).where(has_line),
            "on_course": np.where(is_measured, ratio, np.nan),
            "needed_places": column_places(
                found.value,
                found.baseline,
                on_trajectory,
                np.where(is_measured & ~series["target_type"].isin(COMPARED), ratio, np.nan),
                series.get("places", np.nan),
                of=zip(series["horizon"], series["target_id"], strict=True),
            ),
            "gap_pct": relative_gap(series["value"], series["comparator_value"], series["polarity"]),
            "year_ago_value": year_ago(key, series["period_start"], quarterly),
            "four_quarters": rolling_four(key, series["period_start"], quarterly),
        }
    )
