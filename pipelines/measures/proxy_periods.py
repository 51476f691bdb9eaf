"""The control chart of each proxy, as known at each quarter's cut-off, and its value smoothed over a year."""

import numpy as np
import pandas as pd

from pipelines.measures import Framework, chosen
from pipelines.measures.arrays import Floats, listed, numbers
from pipelines.measures.control_chart import assurance, chart
from pipelines.measures.end_to_end import Bools, Ints

READS = "proxy_periods"
COLUMNS = {
    "chart_mean": "Mean of the values that the control chart rests on, in the indicator's unit.",
    "lower_limit": "Lower limit of the control chart.",
    "upper_limit": "Upper limit of the control chart.",
    "chart_points": "How many values the limits rest on.",
    "is_trial": "Whether these are too few for more than trial limits.",
    "rule": "The rule of the control chart that the value is part of; blank where none holds.",
    "variation": "common cause, or special cause improving, concerning, high or low.",
    "assurance": "Whether the indicator can be expected to meet its own target as it now runs.",
    "year_mean": "Mean of the values of the twelve months that end with the period.",
}


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.proxy_periods (methods.md C1)."""
    points = series[series["is_charted"]].sort_values(["horizon", "indicator_id", "period_end"])
    place, values = _with_gaps(points)
    filled = points.iloc[place]
    since = filled["counted_since"].astype("datetime64[ns]").to_numpy()
    anew = np.append(False, ~((since[1:] == since[:-1]) | (np.isnat(since[1:]) & np.isnat(since[:-1]))))
    found = chart(
        values,
        filled["horizon"] + "|" + filled["indicator_id"],
        filled["polarity"],
        rebased=anew[: len(values)],
        screened=chosen(framework, "chart_screened") > 0,
        trial_below=int(chosen(framework, "chart_trial_points")),
    )
    own = ~np.isnan(found.mean) & (np.append(-1, place[:-1]) != place)[: len(place)]
    charted = pd.DataFrame(
        {
            "row_id": filled["row_id"].to_numpy(),
            "chart_mean": found.mean,
            "lower_limit": found.lower,
            "upper_limit": found.upper,
            "chart_points": found.points.astype(float),
            "is_trial": found.is_trial.astype(object),
            "rule": found.rule,
            "variation": found.variation,
            "assurance": assurance(filled["target_value"], found.lower, found.upper, filled["polarity"]),
        }
    )[own]
    every = pd.DataFrame(
        {"row_id": series["row_id"], "year_mean": [_mean(values) for values in listed(series["year_values"])]}
    )
    return every.merge(charted, on="row_id", how="left")[["row_id", *COLUMNS]]


def _with_gaps(points: pd.DataFrame) -> tuple[Ints, Floats]:
    """The values with a missing one where periods are missing between two; and of which row each is.

    A period that nobody sent is a gap like one that was sent without a value: the row before it stands twice,
    the second time with nothing in it.
    """
    if points.empty:
        return np.arange(0), numbers(points["value"])
    same = (points["horizon"] == points["horizon"].shift()) & (
        points["indicator_id"] == points["indicator_id"].shift()
    )
    gap: Bools = (
        same & (points["period_start"] > points["period_end"].shift() + pd.Timedelta(days=1))
    ).to_numpy()
    values = np.insert(numbers(points["value"]), np.flatnonzero(gap), np.nan)
    return np.repeat(np.arange(len(points)), 1 + np.append(gap[1:], False)), values


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else np.nan
