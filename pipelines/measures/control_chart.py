"""Is a proxy only wobbling, or has something changed? The XmR chart, many series in one call.

Points are flat arrays, the series end to end, oldest first (end_to_end.py). Source: the NHS's "Making data
count" and the package NHSRplotthedots, whose answers these are. For monthly or quarterly values that don't
overlap: never for rolling averages or yearly targets.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.measures.arrays import Floats, Objects, Values, first_that_holds, numbers
from pipelines.measures.end_to_end import Bools, Ints, lengths, numbered, starts
from pipelines.measures.target_types import direction

LIMIT = 2.66  # 3/1.128: three standard deviations, by the mean moving range
NEAR = LIMIT * 2 / 3
OUTLYING = 3.267  # a moving range this many times the mean one tells of a shock and not of usual movement
RUN = 7
NOISE = 1e-9  # relative

OUTSIDE, TREND, TWO_OF_THREE, SHIFT = (
    "outside the limits",
    "seven rising or falling",
    "two of three near a limit",
    "seven on one side of the mean",
)
RULES = (OUTSIDE, TREND, TWO_OF_THREE, SHIFT)  # the first that holds is the one told
COMMON, IMPROVING, CONCERNING = "common cause", "special cause improving", "special cause concerning"
HIGH, LOW = "special cause high", "special cause low"
PASS, FAIL, INCONSISTENT = "consistent pass", "consistent fail", "inconsistent"


class Chart(NamedTuple):
    """One entry per point: the limits that hold there, on how many points they rest, and what it says.

    `rule` is the first of RULES that the point is part of, or None. `variation` is common cause, or special
    cause improving or concerning (high or low where neither way is better); None where there are no limits.
    """

    mean: Floats
    lower: Floats
    upper: Floats
    points: Ints
    is_trial: Bools
    rule: Objects
    variation: Objects


def chart(
    values: Values,
    series: Values,
    polarity: Values,
    *,
    rebased: Values = False,
    fixed_on: int | None = None,
    screened: bool = True,
    trial_below: int = 12,
) -> Chart:
    """The XmR chart of each series: mean ± 2.66 times the mean moving range, and the four rules.

    `rebased` is True where the process is known to have changed: limits and rules start anew there, and
    nothing is compared across. With `fixed_on` only the first so many points of each stretch make the limits.
    `screened` leaves out moving ranges of 3.267 times their mean or more and takes the mean once more, as the
    package does and the NHS's Excel tool does not. Limits on fewer than `trial_below` points are trial ones.
    A missing value makes no moving range and ends a run; with fewer than two points there are no limits.

    A point is improving or concerning by its side of the mean, as in the package. One that lies on the mean
    and belongs to a run of seven rising or falling goes by the run's own direction.
    """
    x = np.atleast_1d(numbers(values))
    first = starts(series) | np.broadcast_to(np.asarray(rebased, dtype=bool), x.shape)
    known = ~np.isnan(x)
    used = known & (_place(first, known) < (np.inf if fixed_on is None else fixed_on))
    mean = _mean(x, first, used)
    step = _step(x, first)
    both = used.copy()
    both[1:] &= used[:-1]
    moving = np.where(both, np.abs(step), np.nan)
    usual = _mean(moving, first, ~np.isnan(moving))
    if screened:
        calm = (moving < OUTLYING * usual) | (moving == 0)  # a series that never moves has nothing to screen
        usual = _mean(moving, first, calm)
    mean = np.where(np.isnan(usual), np.nan, mean)
    lower, upper = mean - LIMIT * usual, mean + LIMIT * usual
    points = lengths(first, used)

    side = _side(x, mean)
    outside = (_side(x, upper) > 0) | (_side(x, lower) < 0)
    near = ~outside & ((_side(x, mean + NEAR * usual) > 0) | (_side(x, mean - NEAR * usual) < 0))
    rising = np.nan_to_num(np.sign(step))
    shown = known & ~np.isnan(mean)
    hits = (outside, _trend(rising, first), near & _two_of_three(near, side, first), _shift(side, first))
    rule = first_that_holds([(~shown, None), *zip(hits, RULES, strict=True)])
    # the first point of a run has no step of its own that belongs to it: the next one's counts
    way = np.where(side != 0, side, np.where(rising != 0, rising, np.append(rising[1:], 0.0)))
    judged = way * np.broadcast_to(direction(polarity), x.shape)
    is_common = np.asarray(pd.isna(rule))
    variation = first_that_holds(
        [
            (~shown, None),
            (is_common, COMMON),
            (judged > 0, IMPROVING),
            (judged < 0, CONCERNING),
            (way > 0, HIGH),
        ],
        LOW,
    )
    return Chart(mean, lower, upper, points, points < trial_below, rule, variation)


def assurance(target: Values, lower: Values, upper: Values, polarity: Values) -> Objects:
    """Can the process be expected to meet its target as it now runs?

    A target beyond a limit is met always (consistent pass) or never (consistent fail), by which way is
    better; within the limits it is chance (inconsistent). None without a target, limits or polarity.
    """
    goal, low, high, d = np.broadcast_arrays(
        numbers(target), numbers(lower), numbers(upper), direction(polarity)
    )
    way = np.where(goal > high, -1.0, np.where(goal < low, 1.0, 0.0)) * d
    unknown = np.isnan(goal + low + high + d)
    return first_that_holds([(unknown, None), (way > 0, PASS), (way < 0, FAIL)], INCONSISTENT)


def _place(first: Bools, known: Bools) -> Ints:
    """The place of each known point in its stretch, from 0."""
    so_far: Ints = np.cumsum(known)
    before: Ints = (so_far - known)[first]
    return so_far - before[numbered(first)] - 1


def _mean(x: Floats, first: Bools, counted: Bools) -> Floats:
    """For each point, the mean of the counted points of its stretch; NaN where there are none."""
    if not len(x):
        return x
    number = numbered(first)
    total = np.bincount(number, np.where(counted, x, 0.0))
    count = np.bincount(number, counted.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((total / count)[number])


def _step(x: Floats, first: Bools) -> Floats:
    """Each point less the one before; NaN where a stretch begins or either is missing."""
    step = np.full(x.shape, np.nan)
    step[1:] = np.where(first[1:], np.nan, np.diff(x))
    return step


def _side(x: Floats, line: Floats) -> Floats:
    """+1 above the line, -1 below, 0 on it (but for the noise of binary fractions) or where it is unknown."""
    apart = x - line
    is_apart = np.abs(apart) > NOISE * np.maximum(np.abs(x), np.abs(line))
    return np.where(is_apart, np.sign(apart), 0.0)


def _runs(way: Floats, first: Bools) -> tuple[Bools, Ints]:
    """Where a run of points that go one way begins, and how long each point's run is."""
    begins = first.copy()
    begins[1:] |= way[1:] != way[:-1]
    return begins, lengths(begins)


def _shift(side: Floats, first: Bools) -> Bools:
    """Points in a run of seven or more on one side of the mean."""
    return (side != 0) & (_runs(side, first)[1] >= RUN)


def _trend(rising: Floats, first: Bools) -> Bools:
    """Points in a run of seven or more that rise, or fall, each from the one before."""
    begins, length = _runs(rising, first)
    steps = (rising != 0) & (length >= RUN - 1)
    # six steps join seven points: the one from which the first step was taken is part of them
    leads = np.zeros_like(steps)
    leads[:-1] = (steps & begins)[1:]
    return np.asarray(steps | leads)


def _two_of_three(near: Bools, side: Floats, first: Bools) -> Bools:
    """Points of three in a row, all on one side of the mean, of which two lie near the limit there."""
    found = np.zeros(len(near), dtype=bool)
    if len(near) < 3:
        return found
    one_side = (np.abs(side[:-2] + side[1:-1] + side[2:]) == 3) & ~first[1:-1] & ~first[2:]
    three = one_side & (near[:-2].astype(int) + near[1:-1] + near[2:] >= 2)
    for shift in range(3):
        found[shift : len(near) - 2 + shift] |= three
    return found
