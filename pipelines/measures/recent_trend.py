"""Has a yearly figure been going up or down of late, beyond chance? Many series in one call.

Points are flat arrays, the series end to end, oldest first (end_to_end.py). Source: the recent trends of
Fingertips (OHID): a weighted regression on the last five points for values with intervals, a chi-squared test
for trend for proportions.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from pipelines.measures.arrays import Floats, Objects, Values, days, first_that_holds, numbers
from pipelines.measures.end_to_end import Ints, starts
from pipelines.measures.target_types import direction

CRITICAL = float(special.chdtri(1, 0.002))  # 9.5495: a false alarm in 500 series that don't move
WIDTH = 3.92  # of a 95% interval, in standard errors
INCREASING, DECREASING, LEVEL = "increasing", "decreasing", "no clear trend"
IMPROVING, WORSENING = "improving", "worsening"
ONE_DAY = np.timedelta64(1, "D")


class Trend(NamedTuple):
    """One entry per series, in order. NaN and None where there is no answer, and then `reason` says why.

    `slope` is per step from one point to the next: in the value's unit, or for proportions in logits.
    `better` says the same as `trend` by which way is better.
    """

    slope: Floats
    chi_squared: Floats
    trend: Objects
    better: Objects
    reason: Objects


def last_points(
    series: Values,
    period_start: Values,
    period_end: Values,
    usable: Values,
    *,
    points: int,
    since: Values = None,
) -> Ints:
    """Which points a trend may use: an array (series, points) of places, oldest first; -1 where there is none.

    From the newest usable point backwards, each next one is the newest whose period had ended before the
    period of the one after it began, so that rolling periods that share years are never compared. None
    reaches back across a break: a period must begin on `since` (of its series) or later.
    """
    first, begin, end = starts(series), days(period_start), days(period_end)
    broken = np.broadcast_to(days(since), begin.shape)
    fit = np.broadcast_to(np.asarray(usable, dtype=bool), begin.shape) & ~np.isnat(begin) & ~np.isnat(end)
    fit &= np.isnat(broken) | (begin >= broken)
    chosen = np.full((int(first.sum()), points), -1, dtype=np.intp)
    if not len(first):
        return chosen
    number, where, heads = np.cumsum(first) - 1, np.arange(len(first)), np.flatnonzero(first)
    limit = np.full(len(chosen), np.datetime64("9999-12-31"), dtype="datetime64[D]")
    for column in reversed(range(points)):
        chosen[:, column] = np.maximum.reduceat(np.where(fit & (end < limit[number]), where, -1), heads)
        none = chosen[:, column] < 0
        limit = np.where(none, np.datetime64("0001-01-01"), begin[chosen[:, column]])
    return chosen


def recent_trend(
    values: Values,
    lower: Values,
    upper: Values,
    series: Values,
    period_start: Values,
    period_end: Values,
    polarity: Values,
    *,
    count: Values = None,
    denominator: Values = None,
    since: Values = None,
    points: int = 5,
) -> Trend:
    """The trend of each series over its last `points` points that don't overlap.

    Where every one of them has a count and a denominator the figure is a proportion, and the test is that
    for a trend in proportions; else each value needs its 95% limits, and weighs by them. A trend is told only
    where χ² is above 9.55 (p < 0.002) and the slope keeps its sign when each point is left out in turn. The
    points must be evenly spaced. `polarity` and `since` (the day of the series' last break) stand per point.
    """
    begin, end = days(period_start), days(period_end)
    value, low, high, c, n = (
        np.broadcast_to(numbers(column), begin.shape) for column in (values, lower, upper, count, denominator)
    )
    at = last_points(series, begin, end, ~np.isnan(value), points=points, since=since)
    enough = (at >= 0).all(axis=1)
    spaced = enough & _evenly(begin[at], end[at])
    c, n, y = c[at], n[at], value[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        w = 1 / ((high[at] - low[at]) / WIDTH) ** 2
    is_share = ((n > 0) & (c >= 0) & (c <= n)).all(axis=1)
    has_limits = np.isfinite(w).all(axis=1)

    t = np.arange(1.0, points + 1)
    by_share, by_value = _of_proportions(c, n, t), _of_values(y, w, t)
    slope, chi_squared, steady = (
        np.where(is_share, share, weighted) for share, weighted in zip(by_share, by_value, strict=True)
    )
    can = spaced & (is_share | has_limits)
    slope, chi_squared = np.where(can, slope, np.nan), np.where(can, chi_squared, np.nan)
    clear = (chi_squared > CRITICAL) & steady.astype(bool)
    d = np.broadcast_to(direction(polarity), begin.shape)[at[:, -1]] * np.sign(slope)
    return Trend(
        slope,
        chi_squared,
        first_that_holds([(~can, None), (~clear, LEVEL), (slope > 0, INCREASING)], DECREASING),
        first_that_holds([(~can | np.isnan(d), None), (~clear, LEVEL), (d > 0, IMPROVING)], WORSENING),
        first_that_holds(
            [
                (~enough, f"Fewer than {points} values whose periods don't overlap, counted in one way."),
                (~spaced, f"The last {points} values are not evenly spaced."),
                (~can, "The values came without intervals."),
            ]
        ),
    )


def _evenly(begin: npt.NDArray[Any], end: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether a series' periods are of one length and as far from each other, in whole months."""
    first, last = begin.astype("datetime64[M]"), (end + ONE_DAY).astype("datetime64[M]")
    length, step = last - first, np.diff(last, axis=1)
    return np.asarray((length == length[:, :1]).all(axis=1) & (step == step[:, :1]).all(axis=1))


def _of_values(y: Floats, w: Floats, t: Floats) -> tuple[Floats, Floats, Floats]:
    """(slope, χ², whether the slope keeps its sign) of values weighted by 1 ÷ variance."""
    slope, spread = _slope(y, w, t)
    with np.errstate(invalid="ignore"):
        return slope, slope**2 * spread / w.sum(axis=1), _keeps_sign(y, w, t, slope)


def _of_proportions(c: Floats, n: Floats, t: Floats) -> tuple[Floats, Floats, Floats]:
    """(slope of the logits, χ² for a trend in proportions, whether the slope keeps its sign)."""
    every, all_c = n.sum(axis=1), c.sum(axis=1)
    across = every * (c * t).sum(axis=1) - all_c * (n * t).sum(axis=1)
    spread = every * (n * t**2).sum(axis=1) - (n * t).sum(axis=1) ** 2
    # none or all of them has no logit; half a case more on either side gives it one
    edge = np.where((c == 0) | (c == n), 0.5, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        chi_squared = every * across**2 / (all_c * (every - all_c) * spread)
        logit = np.log((c + edge) / (n - c + edge))
    even = np.where(np.isnan(logit), np.nan, 1.0)
    slope, _ = _slope(logit, even, t)
    # the same for all: nothing moves, and 0/0 is no trend
    return slope, np.where(across == 0, 0.0, chi_squared), _keeps_sign(logit, even, t, slope)


def _slope(y: Floats, w: Floats, t: Floats) -> tuple[Floats, Floats]:
    """(weighted least-squares slope, Σw·Σwt² − (Σwt)²) of each row."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sw, swt = w.sum(axis=1), (w * t).sum(axis=1)
        spread = sw * (w * t**2).sum(axis=1) - swt**2
        return (sw * (w * t * y).sum(axis=1) - swt * (w * y).sum(axis=1)) / spread, spread


def _keeps_sign(y: Floats, w: Floats, t: Floats, slope: Floats) -> Floats:
    """1 where the slope has the same sign with each point left out in turn, else 0."""
    keeps = np.ones(len(y), dtype=bool)
    for out in range(len(t)):
        rest = np.arange(len(t)) != out
        keeps &= np.sign(_slope(y[:, rest], w[:, rest], t[rest])[0]) == np.sign(slope)
    return keeps.astype(float)
