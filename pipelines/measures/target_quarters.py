"""Where each target stands at each quarter's cut-off, where it is heading, and what the rules suggest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.measures import Framework, setting
from pipelines.measures import outlook as ahead
from pipelines.measures.age import age_months, is_stale, staleness_index
from pipelines.measures.arrays import Floats, Objects, days
from pipelines.measures.decimals import judged_places, needed_places
from pipelines.measures.outlook_bands import Band, say, spread
from pipelines.measures.overall import of_elements, overall
from pipelines.measures.periods import next_release
from pipelines.measures.position import rate
from pipelines.measures.target_rows import Points, barred, course_of, judged_by, needed_of
from pipelines.measures.target_types import COMPARED, COMPOSITE, DIRECTIONAL, FASTER_THAN, level, relative_gap

READS = "target_quarters"
JUDGED_PLACES = 1  # decimals at least of a gap, a multiple or an improvement
COLUMNS = {
    "target_value": "The value to reach by the due date; for a gap or a multiple, as the comparator stands now.",
    "trajectory_value": "The value needed at the end of the latest period, on the target's trajectory.",
    "needed_places": "Decimals with which that value is shown, so that the on-course ratio can be worked out.",
    "judged_by": "What the target is judged by, where that is not the value itself.",
    "judged_value": "The latest figure that the target is judged by: the value, or its gap, multiple or improvement.",
    "judged_baseline": "The same in the baseline period.",
    "judged_needed": "The same as needed at the end of the latest period.",
    "judged_target": "The same as to be reached.",
    "judged_places": "Decimals with which these are shown, to the same end.",
    "gap_pct": "The gap to the comparator in per cent of its value; above 0 is behind.",
    "progress": "Share of the whole improvement made so far: (latest - baseline) / (target - baseline).",
    "on_course": "Share made of the improvement needed by then: (latest - baseline) / (needed - baseline); "
    "blank while next to none is needed (setting early_share).",
    "position": "The position rating; blank where it can't be said.",
    "outlook": "The outlook rating: the band of the chance of reaching the target; blank where it can't be said.",
    "outlook_word": "That chance in a word.",
    "outlook_band": "The band of chances.",
    "outlook_chance": "The middle of the methods' chances, 0 to 1: for the band alone, never shown by itself.",
    "outlook_low": "The lowest chance of any method used.",
    "outlook_high": "The highest chance of any method used.",
    "outlook_points": "Independent points since the last break in the series.",
    "overall": "The worse of position and outlook; the one that can be said where the other can't.",
    "overall_mark": "u where one of the two can't be said, x where neither can.",
    "position_reason": "Which figures led to the position, or why there is none.",
    "outlook_reason": "Why there is no outlook; blank where there is one.",
    "reason": "Which figures led to the rating, or why there is none.",
    "age_months": "Whole months from the end of the latest period to the cut-off.",
    "staleness": "Age over frequency plus release lag; above the framework's limit the value is stale.",
    "is_stale": "Whether a newer value ought to have been out by the cut-off.",
    "next_release_on": "The day by which the next value is due out.",
}  # fmt: skip


def scale_of(framework: Framework) -> list[tuple[str, float | None]]:
    """The framework's rating scale, best first: (rating, lowest on-course ratio, None for no limit)."""
    scale = framework["rating_scale"].sort_values("rank")
    limits = scale["lowest_on_course"].astype(object).where(scale["lowest_on_course"].notna(), None)
    return list(zip(scale["rating"], limits, strict=True))


def bands_of(framework: Framework) -> list[Band]:
    """The scale of chances, best first; empty where the framework has none."""
    scale = framework["rating_scale"].sort_values("rank")
    if scale["lowest_chance"].notna().sum() < len(scale) - 1:
        return []
    words = scale["chance_word"].where(scale["chance_word"].notna(), scale["word"])
    return [Band(*step) for step in zip(scale["rating"], scale["lowest_chance"], words, strict=True)]


def methods_of(framework: Framework) -> list[str]:
    """The methods of the outlook that the framework names, else the usual ones."""
    named = setting(framework, "outlook_methods", "; ".join(ahead.USUAL)).split(";")
    return [name.strip() for name in named if name.strip() in ahead.METHODS] or list(ahead.USUAL)


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.target_quarters (methods.md C5 to C9, C11)."""
    found = course_of(series, "latest_value")
    is_broken = series["is_baseline_broken"].to_numpy(dtype=bool)
    on_trajectory = np.where(is_broken, np.nan, needed_of(series, found, "latest_on", framework))
    age = age_months(series["latest_on"], series["cut_off_on"])
    staleness = staleness_index(age, series["frequency_months"], series["release_lag_months"])
    stale = is_stale(staleness, float(setting(framework, "stale_above")))
    bars = barred(series, found)
    is_value = ~series["target_type"].isin(COMPARED)  # an interval of the value is none of its gap
    position = rate(
        found.value,
        found.baseline,
        found.goal,
        on_trajectory,
        on=series["latest_on"],
        target_type=series["target_type"],
        direction=found.direction,
        is_stale=stale,
        scale=scale_of(framework),
        early_share=float(setting(framework, "early_share")),
        lower=series["latest_lower"].where(is_value),
        upper=series["latest_upper"].where(is_value),
        barred=bars,
        places=series["places"].where(is_value) if "places" in series else None,
    )
    measured_as = judged_by(series)
    is_due = np.asarray(days(series["due_on"]) <= days(series["latest_on"]))
    is_unfit = np.array(
        [old is not False or bar is not None for old, bar in zip(stale, bars, strict=True)], dtype=bool
    )
    outlook, points = _outlook(series, found.goal, found.direction, ~is_unfit & ~is_due, framework)
    bands = bands_of(framework)
    said = say(outlook.chance, bands) if bands else say(np.full(len(series), np.nan), [Band("", None, "")])
    asked = {
        "target_type": series["target_type"],
        "polarity": series["polarity"],
        "baseline_value": series["baseline_value"],
        "comparator_value": series["comparator_value"],
    }
    has_level = series["target_type"] != DIRECTIONAL  # better than the baseline is no level to draw
    lines = pd.DataFrame(
        {
            "row_id": series["row_id"],
            "target_value": pd.Series(level(judged=found.goal, **asked)).where(has_level),
            "trajectory_value": pd.Series(level(judged=on_trajectory, **asked)).where(has_level),
            "needed_places": needed_places(
                found.value,
                found.baseline,
                on_trajectory,
                np.where(is_value, position.on_course, np.nan),
                series.get("places"),
            ),
            "judged_by": measured_as,
            "judged_value": found.value,
            "judged_baseline": found.baseline,
            "judged_needed": on_trajectory,
            "judged_target": found.goal,
            "judged_places": judged_places(
                found.value, found.baseline, on_trajectory, position.on_course, JUDGED_PLACES
            ),
            "gap_pct": relative_gap(series["latest_value"], series["comparator_value"], series["polarity"]),
            "progress": position.progress,
            "on_course": position.on_course,
            "position": position.rating,
            "outlook": said.rating,
            "outlook_word": said.word,
            "outlook_band": said.band,
            "outlook_chance": outlook.chance,
            "outlook_low": outlook.low,
            "outlook_high": outlook.high,
            "outlook_points": points.counts,
            "age_months": age,
            "staleness": staleness,
            "is_stale": stale,
            "next_release_on": next_release(
                series["latest_on"], series["frequency_months"], series["release_lag_months"]
            ),
        }
    )
    ratings = [code for code, _ in scale_of(framework)]
    lines = _with_elements(lines, series, ratings)
    both = overall(lines["position"], lines["outlook"], ratings, is_due=is_due)
    lines["overall"], lines["overall_mark"] = both.rating, both.mark
    said_of_position = _position_sentences(series, lines, position.reason, measured_as)
    named = lines.join(series[["target_period_label"]]).to_dict("records")
    wanting = [
        _no_outlook(row, why, due, unfit)
        for row, why, due, unfit in zip(named, said_of_position, is_due, is_unfit, strict=True)
    ]
    reasons = [
        _sentence(row, why, without, due, unfit)
        for row, why, without, due, unfit in zip(
            named, said_of_position, wanting, is_due, is_unfit, strict=True
        )
    ]
    # texts where there is no row too
    for name, texts in (
        ("position_reason", said_of_position),
        ("outlook_reason", wanting),
        ("reason", reasons),
    ):
        lines[name] = pd.Series(texts, lines.index, dtype=object)
    return lines[["row_id", *COLUMNS]]


def _outlook(
    series: pd.DataFrame, goal: Floats, direction: Floats, is_wanted: Any, framework: Framework
) -> tuple[ahead.Outlook, Points]:
    """The outlook of each row that one is wanted of. These are shown, so what can be drawn is drawn."""
    points = Points(series, goal)
    turned = np.where(series["target_type"] == FASTER_THAN, 1.0, direction)
    known = zip(series["row_id"], series["cut_off_on"], points.values.tolist(), strict=True)
    found = ahead.outlook(
        points.values,
        points.at,
        np.where(is_wanted, points.goal, np.nan),
        points.due,
        turned,
        methods=methods_of(framework),
        seeds=[ahead.seed_of(row_id, str(cut_off), values) for row_id, cut_off, values in known],
    )
    return found, points


def _with_elements(lines: pd.DataFrame, series: pd.DataFrame, ratings: Sequence[str]) -> pd.DataFrame:
    """Composite targets get position and outlook from their elements of the same quarter."""
    parent = series["composite_id"].where(series["composite_id"].notna(), None)
    group = [
        f"{quarter}|{name}" if name else None for quarter, name in zip(series["quarter"], parent, strict=True)
    ]
    is_composite = (series["target_type"] == COMPOSITE).to_numpy()
    lines["elements"], lines["elements_rated"] = np.nan, np.nan
    for column in ("position", "outlook"):
        of_all = of_elements(group, lines[column], ratings)
        matched = of_all.reindex(lines["row_id"][is_composite])
        lines.loc[is_composite, column] = matched["rating"].to_numpy()
        if column == "position":
            lines.loc[is_composite, "elements"] = matched["elements"].to_numpy()
            lines.loc[is_composite, "elements_rated"] = matched["rated"].to_numpy()
    return lines


def _position_sentences(
    series: pd.DataFrame, lines: pd.DataFrame, reasons: Objects, measured_as: Objects
) -> list[str]:
    """Why the position is what it is, with what it is judged by where that is not the value, and its baseline."""
    said = []
    rows = zip(
        reasons, measured_as, lines["elements"], lines["elements_rated"], lines["position"],
        _levels(series, lines), _baselines(lines), strict=True,
    )  # fmt: skip
    for reason, what, elements, rated, position, beside, baseline in rows:
        if elements > 0:
            counted = f"All {elements:.0f} elements must be met; {rated:.0f} can be rated"
            said.append(
                f"{counted}, and the worst counts."
                if isinstance(position, str)
                else f"Not rated: {counted[0].lower()}{counted[1:]}."
            )
        elif what and not reason.startswith(("Not rated", "Too early", "Improved")):
            begins = baseline if "needed on" in reason and "the baseline" not in reason else ""
            said.append(f"{beside}{what}{begins}: {reason[0].lower()}{reason[1:]}")
        else:
            said.append(reason)
    return said


def _baselines(lines: pd.DataFrame) -> list[str]:
    """Where what a ratio is worked out by began, where no table beside the ratio has it."""
    rows = zip(lines["judged_baseline"], lines["judged_places"], lines["on_course"], strict=True)
    return [
        f" ({f'{baseline:,.{int(places)}f}'.removesuffix('.0')} in the baseline)"
        if pd.notna(baseline) and ratio >= 0
        else ""
        for baseline, places, ratio in rows
    ]


def _levels(series: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """The value and what was needed in the unit that tables and charts have, for what is judged by something else."""
    if "places" not in series:
        return [""] * len(series)
    rows = zip(
        series["latest_value"], lines["trajectory_value"], series["places"], series["unit"], strict=True
    )
    return [
        f"At {value:,.{int(places)}f} against {needed:,.{int(places)}f} needed ({unit}). "
        if pd.notna(value) and pd.notna(needed)
        else ""
        for value, needed, places, unit in rows
    ]


def _no_outlook(row: Mapping[Any, Any], position: str, is_due: bool, is_unfit: bool) -> str | None:
    """Why the chance of reaching the target is not said; None where it is."""
    if isinstance(row["outlook"], str):
        return None
    if row["elements"] > 0:
        return "one of its elements has none."
    if is_unfit:
        why = position.removeprefix("Not rated: ")
        return f"{why[0].lower()}{why[1:]}"
    if is_due:
        return "its day has passed."
    if row["outlook_points"] < ahead.FEWEST:
        points = f"{row['outlook_points']:.0f} value{'' if row['outlook_points'] == 1 else 's'}"
        return f"{points} whose periods don't overlap, and {ahead.FEWEST} are needed."
    return "the framework has no scale of chances, or the target no figure to reach."


def _sentence(
    row: Mapping[Any, Any], position: str, no_outlook: str | None, is_due: bool, is_unfit: bool
) -> str:
    """The whole explanation: the position, the outlook, and which of them is shown."""
    if is_unfit or row["elements"] > 0 or is_due:
        return position
    is_said = {name: isinstance(row[name], str) for name in ("position", "outlook")}
    ahead_ = f" No outlook: {no_outlook}"
    if is_said["outlook"]:
        ahead_ = (
            f" Outlook for {row['target_period_label']}: {row['outlook_word']}, as the middle of the methods lies at "
            f"{row['outlook_band']}; {spread(row['outlook_low'], row['outlook_high'])}. It rests on "
            f"{row['outlook_points']:.0f} values."
        )
    shown = ""
    if all(is_said.values()):
        shown = " The worse of the two is shown."
    elif is_said["outlook"]:
        shown = " The outlook alone is shown."
    return f"{position}{ahead_}{shown}"
