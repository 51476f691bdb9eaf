"""Where a target stands today: how much of the improvement is made, and is it as much as needed by now.

A is what the target is judged by, B the same at the baseline, G what is to be reached (`target_types.course`)
and T what is needed by now on the trajectory (`trajectory.needed`). The rating says nothing of the future and
nothing of certainty; those are other measures.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from pipelines.measures.arrays import Floats, Objects, Values, days, numbers, ratio, words
from pipelines.measures.decimals import judged_places, needed_places
from pipelines.measures.target_types import COMPOSITE, DIRECTIONAL, FASTER_THAN, LIMITS, TYPES, is_known

Scale: TypeAlias = Sequence[tuple[str, float | None]]  # (rating, lowest r), best first; None: no limit
NOISE = 1e-9  # relative; 76.1 + 4 is not quite 80.1 to a computer, and a target met is met


class Position(NamedTuple):
    """Four arrays, one entry per target: two ratios (NaN: can't be said), the rating or None, and why."""

    progress: Floats
    on_course: Floats
    rating: Objects
    reason: Objects


def progress(value: Values, baseline_value: Values, goal: Values) -> Floats:
    """The share of the whole improvement made so far: (A - B)/(G - B), whichever way is better."""
    return ratio(numbers(value) - numbers(baseline_value), numbers(goal) - numbers(baseline_value))


def on_course(value: Values, baseline_value: Values, needed: Values) -> Floats:
    """The share made of the improvement needed by now: r = (A - B)/(T - B), whichever way is better."""
    return progress(value, baseline_value, needed)


def reward(progress: Values, *, threshold: float) -> Floats:
    """The share of a reward earned: min(progress, 1) from the threshold on, else 0; NaN where it can't be said.

    Source: schedule 4 of a local public service agreement of 2002, where the threshold was 0.60.
    """
    made = numbers(progress)
    paid = np.where(at_least(made, threshold), np.minimum(made, 1.0), 0.0)
    return numbers(np.where(np.isnan(made), np.nan, paid))


def has_course(
    baseline_value: Values, goal: Values, *, target_type: Values, direction: Values
) -> npt.NDArray[np.bool_]:
    """Whether there is an improvement to measure: the goal lies on the better side of the baseline."""
    d = numbers(direction)
    is_met = at_least(d * numbers(baseline_value), d * numbers(goal))
    return is_known(target_type) & ~np.isin(np.asarray(words(target_type), dtype=str), DIRECTIONAL) & ~is_met


def is_early(baseline_value: Values, goal: Values, needed: Values, *, early_share: float) -> Any:
    """Whether so little of the improvement is needed yet that neither a ratio nor a rating says anything."""
    b, g, t = numbers(baseline_value), numbers(goal), numbers(needed)
    return (t == b) | ~np.asarray(at_least(np.abs(t - b), early_share * np.abs(g - b)))


def rate(
    value: Values,
    baseline_value: Values,
    goal: Values,
    needed: Values,
    *,
    on: Values,
    target_type: Values,
    direction: Values,
    is_stale: Values,
    scale: Scale,
    early_share: float,
    lower: Values = None,
    upper: Values = None,
    barred: Values = None,
    places: Values = None,
) -> Position:
    """Rate each target by its on-course ratio r, on a scale such as [("G", 1), ("AG", .8), …, ("R", None)].

    `on` is the end of the period the value measures, the day T is taken at. `lower` and `upper` are the
    value's confidence limits, where it has them; `barred` is a sentence that says why it must not be rated,
    where something else stands against it; `places` the decimals that sentences have, else the value's own. Every
    row gets a sentence that says why. In this order:

    1. No rating where it can't be said: the type is not known; no value; a stale value or one of
       unknown age (never green, however good); barred; no direction; no goal; no trajectory on that day,
       as for a value older than its baseline.
    2. No rating where a change target (per cent or points) lies on the worse side of its own baseline:
       a slip in the framework, and any rating would be its mirror image.
    3. The best rating where the target is reached: before, at or after its due date, and however early.
    4. A limit that the baseline had met already is a floor to hold, with no improvement to measure.
       A value short of it gets the worst rating: r would praise the fall from 40 to 36 against a floor of
       38 for being faster than a line from 40 down to 38. Both ratios stay empty.
    5. No rating where a change target asks for no change and the value falls short: nothing to measure by.
    6. Too early, so no rating, while less than `early_share` of the improvement is needed, unless the whole
       interval is worse than the baseline, which gets the worst rating; and no on-course ratio, as the share of
       next to nothing says nothing.
    7. The scale, also after the due date, when T is the target itself and r the share of it achieved.

    Two types have rules of their own after 1. DIRECTIONAL: the best rating if the whole interval is better
    than the baseline, the worst if the whole of it is worse, none between or without an interval.
    FASTER_THAN: r is the improvement here over the improvement there; level is not faster; and where it
    was faster only because the other place got worse still, it is never better than the second rating.

    Source: on-course ratio as in the LPSA reward rule of 2002; four points as the Government Offices' scale.
    """
    limits = [-math.inf if limit is None or math.isnan(limit) else limit for _, limit in scale]
    if limits[-1:] != [-math.inf] or limits != sorted(set(limits), reverse=True):
        raise ValueError(f"A rating scale runs from best to worst, the worst without a limit; found {scale}.")
    columns = np.broadcast_arrays(
        *map(numbers, (value, baseline_value, goal, needed, direction, lower, upper)),
        *map(words, (target_type, is_stale, barred)),
        days(on),
        numbers(places),
    )
    a, b, g, t, d, _, _, kind, _, bars, _, _ = columns
    is_measured = has_course(b, g, target_type=kind, direction=d) & (bars == None)  # noqa: E711  an array
    r = np.where(is_measured & ~is_early(b, g, t, early_share=early_share), on_course(a, b, t), np.nan)
    rows = zip(*(column.ravel().tolist() for column in (*columns, r)), strict=True)
    judged = [_judge(*row, scale=scale, early_share=early_share) for row in rows]
    rating, reason = np.array(judged, dtype=object).reshape(-1, 2).T.reshape(2, *a.shape)
    return Position(numbers(np.where(is_measured, progress(a, b, g), np.nan)), numbers(r), rating, reason)


def _judge(
    a: float,
    b: float,
    g: float,
    t: float,
    d: float,
    lower: float,
    upper: float,
    kind: str | None,
    is_stale: bool | None,
    barred: str | None,
    on: Any,
    own: float,
    r: float,
    *,
    scale: Scale,
    early_share: float,
) -> tuple[str | None, str]:
    """One target's rating and the sentence for it, by the rules and in the order of `rate`."""
    if kind not in TYPES:
        return None, f"Not rated: the framework's type of target, {kind or 'none'}, is not known."
    if kind == COMPOSITE:
        return None, "Not rated: it has no elements in the framework."
    if math.isnan(a) and not barred:
        return None, "Not rated: no value."
    if is_stale is None:
        return None, "Not rated: the age of the value is not known."
    if is_stale:
        return None, "Not rated: the value is too old to judge by."
    if barred:
        return None, barred
    if math.isnan(d):
        return None, "Not rated: the framework does not say whether higher or lower is better."
    if math.isnan(g):
        return None, "Not rated: no target value; what it states or its baseline is missing."

    # the measure's decimals, or the value's own, and more where it would look equal to what it falls short of
    is_set = not math.isnan(own)
    own = int(own) if is_set else 1 if round(a, 1) == a else 2
    places = next((n for n in range(own, 6) if f"{a:.{n}f}" not in (f"{g:.{n}f}", f"{t:.{n}f}")), own)
    # and as many as it takes to find the ratio again: of a measure's value for what was needed, else for all
    precise = needed_places if is_set else judged_places
    enough = int(precise(a, b, t, r, places))
    shown = zip((a, b, g, t), (places, places, places, enough) if is_set else [enough] * 4, strict=True)
    four = (f"{x + 0.0:,.{n}f}" for x, n in shown)
    value, baseline, target, needed = (x if is_set else x.removesuffix(".0") for x in four)
    day = _day(on)
    best, worst = scale[0][0], scale[-1][0]
    if math.isnan(t) and kind in (DIRECTIONAL, FASTER_THAN):
        return (
            None,
            f"Not rated: at {value} on {day}, and no value since the baseline is known that it could be judged by.",
        )
    if math.isnan(t) and not math.isnan(b):
        return (
            None,
            f"Not rated: no trajectory on {day}, as that is before the baseline or one of its two dates is not given.",
        )
    if kind == DIRECTIONAL:
        if math.isnan(lower) or math.isnan(upper):
            return None, f"Not rated: at {value} against the baseline of {baseline}, without an interval."
        said = f"At {value} ({lower:,.{own}f} to {upper:,.{own}f}) against the baseline of {baseline}"
        if d * (lower if d > 0 else upper) > d * b:
            return best, f"{said}: better, beyond doubt."
        if d * (upper if d > 0 else lower) < d * b:
            return worst, f"{said}: worse, beyond doubt."
        return None, f"Not rated: {said[0].lower()}{said[1:]}: no change that can be told from chance."
    if kind == FASTER_THAN:
        said = f"Improved by {value}% since the baseline, against {target}% there"
        if a > g and not at_least(g, a):
            if a >= 0:
                return best, f"{said}: faster."
            return scale[min(1, len(scale) - 1)][0], f"{said}: faster, but both got worse."
        if g <= 0:
            return worst, f"{said}: not faster."
        return _on_scale(r, scale), f"{said}: {percent(r)} of it."

    is_level = at_least(b, g) and at_least(g, b)
    is_limit = kind in LIMITS
    is_floor = at_least(d * b, d * g) and (is_limit or not is_level)
    if is_floor and not is_limit:
        return None, (
            f"Not rated: the target of {target} is worse than its baseline of {baseline}; "
            "check what it states and its polarity in the framework."
        )
    if at_least(d * a, d * g):
        return best, f"Target met: at {value} against {target}."
    if math.isnan(b):
        return None, f"Not rated: at {value} against {target}, and no baseline to measure progress from."
    if is_floor:
        return worst, f"Target lost: at {value} against {target}, which the baseline of {baseline} had met."
    if is_level:
        return None, f"Not rated: at {value} against {target}, which is also the baseline."
    if is_early(b, g, t, early_share=early_share):
        if (upper < b) if d > 0 else (lower > b):
            return worst, f"At {value}, and its whole interval is worse than the baseline of {baseline}."
        share = percent((t - b) / (g - b))
        so_far = "none" if share == "0.0%" else share
        return None, f"Too early to rate: {so_far} of the improvement was needed by {day}."

    rating = _on_scale(r, scale)
    if at_least(r, 1.0):
        verdict = "level with it or ahead"
    elif r < 0:
        verdict = f"worse than the baseline of {baseline}"
    else:
        verdict = f"{percent(r)} of the improvement needed by then"
    if at_least(d * t, d * g):
        return rating, f"Target missed: at {value} against {target} due by {day}: {verdict}."
    return rating, f"At {value} against {needed} needed on the trajectory by {day}: {verdict}."


def _on_scale(r: float, scale: Scale) -> str:
    return next(code for code, limit in scale if limit is None or math.isnan(limit) or at_least(r, limit))


def at_least(x: Any, y: Any) -> Any:
    """x ≥ y but for the noise of binary fractions; False where either is missing."""
    return x >= y - NOISE * np.maximum(np.abs(x), np.abs(y))


def percent(share: float) -> str:
    """As its cell shows it; but 99.97% of what is needed must not read as 100% beside an amber rating."""
    shown = round(share * 100, 1) + 0.0  # which makes -0.0 a nought
    return f"{min(shown, 99.9) if share < 1 - NOISE else shown:.1f}%"


def _day(on: Any) -> str:
    return "its day" if on is None else f"{on.day} {on:%b %Y}"
