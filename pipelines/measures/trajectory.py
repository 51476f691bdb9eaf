"""How much of the improvement that a target promises is needed by a given day.

B is the baseline, G the value to reach, T the value needed on a day: what is judged, in its own unit, as
`target_types.course` gives it. Nothing is rounded here: figures are rounded late, where they are shown.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit

from pipelines.measures.arrays import Floats, Values, days, numbers, ratio, words

LINEAR, GEOMETRIC, S_CURVE, MILESTONES = "linear", "geometric", "S-curve", "milestones"
Stones = Sequence[tuple[Values, Values]]  # for each target: the days of its milestones, and their values


def elapsed(baseline_on: Values, due_on: Values, on: Values) -> Floats:
    """τ, the share of the days from baseline to due date that had passed on a day; between 0 and 1.

    All three are ends of periods. Before the baseline NaN: nothing had been promised. After the due date 1:
    the whole improvement is owed and stays owed, but nobody promised to go on improving at the same pace.
    NaN too where a date is missing or the target is not due after its baseline.
    """
    start, end, day = days(baseline_on), days(due_on), days(on)
    passed, span = _day_count(day - start), _day_count(end - start)
    share = np.minimum(ratio(passed, np.where(span > 0, span, np.nan)), 1.0)
    return numbers(np.where(passed >= 0, share, np.nan))


def linear(baseline_value: Values, goal: Values, baseline_on: Values, due_on: Values, on: Values) -> Floats:
    """The value needed on a day by a straight line of days from baseline B to goal G: B + (G - B)τ.

    B itself on the baseline's day and G itself from the due date on; NaN as for `elapsed`.
    Source: the method behind a crime and disorder partnership's quarterly targets (tests/test_trajectory.py).
    """
    return _between(baseline_value, goal, elapsed(baseline_on, due_on, on))


def geometric(
    baseline_value: Values, goal: Values, baseline_on: Values, due_on: Values, on: Values
) -> Floats:
    """The value needed if it changes by the same per cent each day: B(G/B)^τ.

    NaN unless both are above 0, as nothing falls to 0 by percentages, and as for `elapsed`.
    """
    b, g, share = numbers(baseline_value), numbers(goal), elapsed(baseline_on, due_on, on)
    with np.errstate(invalid="ignore", over="ignore"):
        value = b ** (1 - share) * g**share  # B(G/B)^τ, so written that τ = 1 gives G to the last digit
    return numbers(np.where((b > 0) & (g > 0), value, np.nan))


def s_curve(
    baseline_value: Values, goal: Values, baseline_on: Values, due_on: Values, on: Values, *, steepness: float
) -> Floats:
    """The value needed if improvement starts slowly, is fastest half way and ends slowly.

    B + (G - B)[σ(k(τ - ½)) - σ(-k/2)]/[σ(k/2) - σ(-k/2)] with σ the logistic function and k the steepness,
    a setting of the framework; the larger, the later and the more sudden. NaN as for `elapsed`.
    """
    share = elapsed(baseline_on, due_on, on)
    low, high = expit(-steepness / 2), expit(steepness / 2)
    return _between(baseline_value, goal, (expit(steepness * (share - 0.5)) - low) / (high - low))


def milestones(
    baseline_value: Values, goal: Values, baseline_on: Values, due_on: Values, on: Values, stones: Stones
) -> Floats:
    """The value needed by straight lines from milestone to milestone, from baseline to goal.

    `stones` has for each target the days and the values of its milestones, in any order; those outside
    baseline and due date do not count. Without milestones it is the straight line. NaN as for `elapsed`.
    """
    b, g = numbers(baseline_value), numbers(goal)
    start, end, day = days(baseline_on), days(due_on), days(on)
    b, g, start, end, day, _ = np.broadcast_arrays(b, g, start, end, day, np.empty(len(stones)))
    needed = np.array(linear(b, g, start, end, day), dtype=float, ndmin=1).ravel()
    flat = [np.ravel(column) for column in (b, g, start, end, day)]
    for place, (when, values) in enumerate(stones):
        first, last, begins, ends, today = (column[place] for column in flat)
        on_days, at = np.atleast_1d(days(when)), np.atleast_1d(numbers(values))
        counts = (on_days > begins) & (on_days < ends) & ~np.isnan(at)
        if np.isnan(needed[place]) or not counts.any():
            continue
        in_order = np.argsort(on_days[counts])
        xs = [begins, *on_days[counts][in_order], ends]
        ys = [first, *at[counts][in_order], last]
        needed[place] = np.interp(_day_count(today - begins), _day_count(np.array(xs) - begins), ys)
    return numbers(needed.reshape(b.shape))


def needed(
    shape: Values,
    baseline_value: Values,
    goal: Values,
    baseline_on: Values,
    due_on: Values,
    on: Values,
    *,
    steepness: float,
    stones: Stones = (),
) -> Floats:
    """The value needed on a day, on the trajectory that each target names; a straight line where none is named.

    A shape that is not known gives NaN. `stones` may be left out if no target has milestones.
    """
    course = (baseline_value, goal, baseline_on, due_on, on)
    value, shapes = np.broadcast_arrays(linear(*course), words(shape))
    value = np.array(value)
    is_line = (shapes == LINEAR) | (shapes == None)  # noqa: E711  an array is compared, not a name
    ways = {
        GEOMETRIC: lambda: geometric(*course),
        S_CURVE: lambda: s_curve(*course, steepness=steepness),
        MILESTONES: lambda: milestones(*course, stones),
    }
    value[~is_line] = np.nan
    for name, way in ways.items():
        if (shapes == name).any():
            value = np.where(shapes == name, way(), value)
    return numbers(value)


def _between(baseline_value: Values, goal: Values, share: Floats) -> Floats:
    # written as a weighted mean because B + (G - B)·1 can miss G in the last binary digit
    return numbers(numbers(baseline_value) * (1 - share) + numbers(goal) * share)


def _day_count(span: Any) -> Floats:
    return np.where(np.isnat(span), np.nan, span / np.timedelta64(1, "D"))
