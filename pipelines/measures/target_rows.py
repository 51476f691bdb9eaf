"""Rows of a series of targets as the courses, trajectories and points that the arithmetic takes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.measures import Framework, setting
from pipelines.measures import outlook as ahead
from pipelines.measures.arrays import Floats, Objects, days, numbers
from pipelines.measures.target_types import COMPARED, DIRECTIONAL, FASTER_THAN, GAP_REL, Course, course
from pipelines.measures.trajectory import elapsed, needed

STEEPNESS = "8"  # of an S-curve, where the framework does not say
JUDGED_BY = {
    GAP_REL: "Gap to {} in %",
    "GAP_ABS": "Gap to {}",
    "MAX_MULTIPLE": "As a multiple of {}",
    FASTER_THAN: "Improvement in % against {}",
}


def course_of(series: pd.DataFrame, value: str = "value") -> Course:
    """The course of each row; `value` is the column that holds what is measured."""
    return course(
        series["target_type"],
        series["polarity"],
        value=series[value],
        baseline_value=series["baseline_value"],
        stated_value=series["stated_value"],
        stated_change=series["stated_change"],
        comparator_value=series["comparator_value"],
        comparator_baseline=series["comparator_baseline"],
    )


def needed_of(series: pd.DataFrame, found: Course, on: str, framework: Framework) -> Floats:
    """What each row needs by the day in column `on`, in terms of what it is judged by.

    Directional targets and those to be faster than another place have no line to follow: what is needed is
    the goal as it stands, from the first day after the baseline on.
    """
    dates = series["baseline_on"], series["due_on"], series[on]
    stones = [
        (_listed(when), _listed(values))
        for when, values in zip(series["milestone_days"], series["milestone_values"], strict=True)
    ]
    on_line = needed(
        series["trajectory"], found.baseline, found.goal, *dates, stones=stones,
        steepness=float(setting(framework, "s_curve_steepness", STEEPNESS)),
    )  # fmt: skip
    is_off_line = series["target_type"].isin([FASTER_THAN, DIRECTIONAL]).to_numpy()
    return numbers(np.where(is_off_line, np.where(elapsed(*dates) > 0, found.goal, np.nan), on_line))


def judged_by(series: pd.DataFrame) -> Objects:
    """What a row is judged by, in words, where that is not the value itself; else None."""
    rows = zip(series["target_type"], series["comparator_title"], strict=True)
    said = [
        JUDGED_BY[kind].format(_or(title, "its comparator")) if kind in JUDGED_BY else None
        for kind, title in rows
    ]
    return np.array([*said, None], dtype=object)[:-1]


def barred(series: pd.DataFrame, found: Course) -> Objects:
    """Why a row must not be rated although it has a value: a break, or nothing to compare it with; else None."""
    is_compared = series["target_type"].isin(COMPARED).to_numpy() & series["latest_value"].notna().to_numpy()
    is_short = is_compared & series["comparator_value"].isna().to_numpy()
    was_short = is_compared & np.isnan(found.goal) & series["comparator_baseline"].isna().to_numpy()
    sentences: list[str | None] = []
    for short, before, row in zip(is_short, was_short, series.to_dict("records"), strict=True):
        if row["is_baseline_broken"]:
            day = row["break_on"]
            why = _in_brackets(row["break_reason"])
            sentences.append(
                f"Not rated: counted anew from {day.day} {day:%b %Y}{why}, so the value can't be compared with the "
                "baseline."
            )
        elif short or before:
            place = _or(row["comparator_title"], "the place it is compared with")
            period = "the same period" if short else "the baseline period"
            sentences.append(f"Not rated: no value of {place} for {period}.")
        else:
            sentences.append(None)
    return np.array([*sentences, None], dtype=object)[:-1]


class Points:
    """The independent points of each row's history: values as judged, times in steps, and the goal ahead."""

    def __init__(self, series: pd.DataFrame, goal: Floats) -> None:
        rows = series.to_dict("records")
        kept = [_thinned(row) for row in rows]
        lengths = [len(places) for places in kept]
        found = _judged_points(series, kept, lengths)
        is_lead = (series["target_type"] == FASTER_THAN).to_numpy()
        judged = np.where(np.repeat(is_lead, lengths), found.value - found.goal, found.value)
        values = np.split(np.atleast_1d(judged), np.cumsum(lengths)[:-1]) if rows else []
        times, dues = [], []
        for row, places in zip(rows, kept, strict=True):
            ends = _listed(row["history_ends"])
            months = np.array([_months(ends[place]) for place in places])
            first, step = (months[0], np.median(np.diff(months))) if len(months) > 1 else (0.0, np.nan)
            times.append((months - first) / step)
            dues.append((_months(row["due_on"]) - first) / step)
        # a point without its comparator's value is no point
        known = [~np.isnan(one) for one in values]
        self.values = ahead.padded(values)
        self.at = ahead.padded([at[there] for at, there in zip(times, known, strict=True)])
        self.goal, self.due = numbers(np.where(is_lead, 0.0, goal)), numbers(dues)
        self.counts = np.array([np.count_nonzero(there) for there in known], dtype=float)


def _thinned(row: Mapping[Any, Any]) -> Any:
    """Which of a row's points are independent, by place."""
    starts, ends = _listed(row["history_starts"]), _listed(row["history_ends"])
    return (
        np.flatnonzero(ahead.independent(days(starts), days(ends))) if len(ends) else np.empty(0, dtype=int)
    )


def _judged_points(series: pd.DataFrame, kept: list[Any], lengths: list[int]) -> Course:
    """The course of every point kept, one after the other."""

    def points(column: str) -> list[float]:
        rows = zip(series[column], kept, strict=True)
        return [_listed(values)[place] for values, places in rows for place in places]

    repeated = (
        "target_type",
        "polarity",
        "baseline_value",
        "stated_value",
        "stated_change",
        "comparator_baseline",
    )
    kinds, polarity, *rest = (np.repeat(series[name].to_numpy(), lengths) for name in repeated)
    return course(
        kinds,
        polarity,
        value=points("history_values"),
        comparator_value=points("history_comparators"),
        **dict(zip(repeated[2:], rest, strict=True)),
    )


def _months(day: Any) -> float:
    """Months since 1970 to the day after, as a period's end is its last day; NaN for none."""
    found = days(day)
    return np.nan if np.isnat(found) else float((found + 1).astype("datetime64[M]").astype(int))


def _listed(values: Any) -> Any:
    """A list as DuckDB gives it: an array, masked where a member is missing; nothing where there is none."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(float), np.nan)
    return values if isinstance(values, list | np.ndarray) else []


def _or(text: Any, otherwise: str) -> str:
    return text if isinstance(text, str) else otherwise


def _in_brackets(reason: object) -> str:
    """The reason of a break, with the space before it; nothing where it is not known, or not published."""
    return f" ({reason})" if isinstance(reason, str) else ""
