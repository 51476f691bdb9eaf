"""Where each target stands at each quarter's cut-off: trajectory, progress, position and age."""

import pandas as pd

from pipelines.measures import Framework, setting
from pipelines.measures.age import age_months, is_stale, staleness_index
from pipelines.measures.position import rate
from pipelines.measures.trajectory import linear, target_value

READS = "target_quarters"
COLUMNS = {
    "target_value": "The value to reach by the due date, in the target's unit.",
    "trajectory_value": "The value needed at the end of the latest period, on a straight line by days.",
    "progress": "Share of the whole improvement made so far: (latest - baseline) / (target - baseline).",
    "on_course": "Share made of the improvement needed by then: (latest - baseline) / (trajectory - baseline).",
    "position": "The position rating; blank where it can't be said.",
    "reason": "Why it has this rating, or why it has none.",
    "age_months": "Whole months from the end of the latest period to the cut-off.",
    "staleness": "Age over frequency plus release lag; above the framework's limit the value is stale.",
    "is_stale": "Whether a newer value ought to have been out by the cut-off.",
}


def scale_of(framework: Framework) -> list[tuple[str, float | None]]:
    """The framework's rating scale, best first: (rating, lowest on-course ratio, None for no limit)."""
    scale = framework["rating_scale"].sort_values("rank")
    limits = scale["lowest_on_course"].astype(object).where(scale["lowest_on_course"].notna(), None)
    return list(zip(scale["rating"], limits, strict=True))


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.target_quarters (methods.md C5 to C7 position, C11)."""
    needed = target_value(
        series["target_type"], series["baseline_value"], series["stated_value"], series["polarity"]
    )
    on_trajectory = linear(
        series["baseline_value"], needed, series["baseline_on"], series["due_on"], series["latest_on"]
    )
    age = age_months(series["latest_on"], series["cut_off_on"])
    staleness = staleness_index(age, series["frequency_months"], series["release_lag_months"])
    stale = is_stale(staleness, float(setting(framework, "stale_above")))
    position = rate(
        series["latest_value"],
        series["baseline_value"],
        needed,
        on_trajectory,
        on=series["latest_on"],
        target_type=series["target_type"],
        polarity=series["polarity"],
        is_stale=stale,
        scale=scale_of(framework),
        early_share=float(setting(framework, "early_share")),
        lower=series["latest_lower"],
        upper=series["latest_upper"],
    )
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "target_value": needed,
            "trajectory_value": on_trajectory,
            "progress": position.progress,
            "on_course": position.on_course,
            "position": position.rating,
            "reason": position.reason,
            "age_months": age,
            "staleness": staleness,
            "is_stale": stale,
        }
    )
