"""The year that is running: the chance of what is needed by its end, from the part of it that is known."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.measures import Framework
from pipelines.measures.arrays import Floats, numbers
from pipelines.measures.outlook_bands import say
from pipelines.measures.part_year import count_at_most, share_at_least
from pipelines.measures.target_quarters import bands_of
from pipelines.measures.target_rows import course_of, needed_of
from pipelines.measures.target_types import ABS_THRESHOLD, PCT_REDUCTION, PP_CHANGE

READS = "running_quarters"
COLUMNS = {
    "at_pace": "What the whole would come to if the rest is like the part that is known.",
    "needed": "The value needed at the end of the period, on the target's trajectory.",
    "chance": "The chance that it is reached, 0 to 1: for the band alone, never shown by itself.",
    "outlook": "The band of the chance as a rating; blank where it can't be said.",
    "outlook_word": "That chance in a word.",
    "outlook_band": "The band of chances.",
    "reason": "Which figures led to it, or why it can't be said.",
}
UNSETTLED = {"e": ", in part estimated", "f": ", in part forecast", "p": ", in part provisional"}
BY_VALUE = (ABS_THRESHOLD, PCT_REDUCTION, PP_CHANGE)  # judged by the value itself


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.running_quarters (methods.md C9)."""
    found = course_of(series, "so_far")
    is_plain = series["target_type"].isin(BY_VALUE).to_numpy()
    needed = np.where(is_plain, needed_of(series, found, "running_on", framework), np.nan)
    gone, left = numbers(series["months_known"]), numbers(series["months"] - series["months_known"])
    is_share = ((series["unit"] == "%") & series["trials"].notna()).to_numpy()
    is_count = (series["interval_by"] == "count").to_numpy() & ~is_share
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(
            is_share,
            100 * numbers(series["successes"]) / numbers(series["trials"]),
            numbers(series["so_far"]) * (gone + left) / gone,
        )
        chance = np.where(
            is_share,
            _of_share(series, needed, found.direction, left / gone),
            _of_count(series, needed, found.direction, gone, left),
        )
    chance = np.where(is_share | is_count, chance, np.nan)
    bands = bands_of(framework)
    lines = pd.DataFrame(
        {
            "row_id": series["row_id"],
            "at_pace": np.where(is_share | is_count, pace, np.nan),
            "needed": needed,
            "chance": chance,
            "outlook": None,
            "outlook_word": None,
            "outlook_band": None,
        }
    )
    if bands:
        said = say(chance, bands)
        lines["outlook"], lines["outlook_word"], lines["outlook_band"] = said.rating, said.word, said.band
    rows = lines.join(series.drop(columns="row_id")).to_dict("records")
    lines["reason"] = pd.Series([_sentence(row) for row in rows], lines.index, dtype=object)
    return lines[["row_id", *COLUMNS]]


def _of_count(series: pd.DataFrame, needed: Floats, direction: Floats, gone: Floats, left: Floats) -> Floats:
    """At most what is needed where lower is better, at least that where higher is."""
    cap = np.where(direction < 0, needed, np.ceil(needed - 1e-9) - 1)
    within = count_at_most(series["so_far"], gone, left, cap)
    return np.where(direction < 0, within, 1 - within)


def _of_share(series: pd.DataFrame, needed: Floats, direction: Floats, ratio_left: Floats) -> Floats:
    """The same of a share in per cent; as many are still to come a month as came so far."""
    tried = numbers(series["trials"])
    to_come = np.round(tried * ratio_left)
    # one more than the most that are allowed, where lower is better
    least = np.where(
        direction < 0,
        (np.floor(needed / 100 * (tried + to_come) + 1e-9) + 1) / (tried + to_come),
        needed / 100,
    )
    reached = share_at_least(series["successes"], tried, to_come, least)
    return np.where(direction < 0, 1 - reached, reached)


def _sentence(row: Mapping[Any, Any]) -> str:
    marked = UNSETTLED.get(str(row.get("so_far_status")), "")
    known = f"{row['months_known']:.0f} of {row['months']:.0f} months are known{marked}, up to {_day(row['known_on'])}"
    if np.isnan(row["at_pace"]):
        return f"{known}; the target is neither a count nor a share whose parts were sent, so no chance is worked out."
    places = int(row["places"])
    so_far = f"{row['so_far']:,.{places}f} so far, " if row["unit"] != "%" or pd.isna(row["trials"]) else ""
    pace = f"{known}: {so_far}{row['at_pace']:,.{places}f} at this pace"
    if np.isnan(row["needed"]):
        return f"{pace}; what is needed by {_day(row['running_on'])} is not known."
    is_lower = row["polarity"] == "lower is better"
    # to the side on which the value that is named still reaches it: at most 127.99 casualties are 127
    scaled = row["needed"] * 10**places
    needed = (math.floor(scaled + 1e-9) if is_lower else math.ceil(scaled - 1e-9)) / 10**places
    limit = "at most" if is_lower else "at least"
    said = f"{pace}, and {limit} {needed:,.{places}f} needed by {_day(row['running_on'])}"
    return (
        f"{said}: {row['outlook_word']} ({row['outlook_band']})."
        if isinstance(row["outlook"], str)
        else f"{said}."
    )


def _day(on: Any) -> str:
    return f"{on.day} {on:%b %Y}"
