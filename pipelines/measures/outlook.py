"""The chance that a series reaches its goal by the day it is due, from few points, by several methods.

A series is a row of a table of values, its points oldest to newest at the right, NaN before the first
(`padded`); `at` has their times in steps, a step being the time between two independent points (a year for
an annual figure, three for a rolling mean over three years). The methods disagree when there are few points:
so the answer is the band in which the middle of them lies, and the range of them all, never one percentage.

Source: textbook forecasts (Theil and Sen's slope; least squares with its prediction error; random walk with
and without drift; damped trend), as in Hyndman and Athanasopoulos, Forecasting: Principles and Practice.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from pipelines.measures.arrays import Floats, Values, numbers, ratio

FEWEST = 5  # independent points: below, nothing is said
ALPHA, BETA, PHI = 0.5, 0.2, 0.9  # smoothing of level and trend, and how far a trend lasts: textbook values
DRAWS = 4_000


class Forecast(NamedTuple):
    """Where a method sees the series at the due date, and the chance that it will be at least its goal."""

    value: Floats
    chance: Floats


class Outlook(NamedTuple):
    """For each series the middle of the methods' chances, and their range."""

    chance: Floats
    low: Floats
    high: Floats


def padded(series: Sequence[Values]) -> Floats:
    """Series of different lengths as the rows of one table, newest at the right, NaN before the first.

    Where there are series it has a column at least: in a first quarter no target has a value yet.
    """
    rows = [row[~np.isnan(row)] for row in (np.atleast_1d(numbers(one)) for one in series)]
    width = max((len(row) for row in rows), default=0)
    table = np.full((len(rows), max(width, 1) if rows else 0), np.nan)
    for line, row in zip(table, rows, strict=True):
        line[len(line) - len(row) :] = row
    return table


def independent(starts: Values, ends: Values) -> npt.NDArray[np.bool_]:
    """Which periods of one series to keep so that none overlaps another, counted back from the newest.

    A rolling mean over three years changes each year by a third of what one year put in and another took
    out: points that share years are not independent. Periods may come in any order; missing ones are left out.
    """
    first, last = (np.atleast_1d(np.asarray(days, dtype="datetime64[D]")) for days in (starts, ends))
    kept = np.zeros(len(last), dtype=bool)
    free = np.datetime64("9999-12-31")
    for place in np.lexsort((first, last))[::-1]:
        if not np.isnat(first[place]) and last[place] < free:
            kept[place], free = True, first[place]
    return kept


def least_squares(values: Values, at: Values, goal: Values, due: Values) -> Forecast:
    """A straight line by least squares, its prediction error by Student's t with n - 2 degrees of freedom."""
    y, t, n = _table(values, at)
    middle_t, middle = _mean(t), _mean(y)
    away = t - middle_t[:, None]
    spread = np.nansum(away**2, axis=1)
    slope = _divided(np.nansum(away * (y - middle[:, None]), axis=1), spread)
    ahead = numbers(due) - middle_t
    left = np.nansum((y - middle[:, None] - slope[:, None] * away) ** 2, axis=1)
    sd = np.sqrt(_divided(left, n - 2) * (1 + 1 / np.maximum(n, 1) + _divided(ahead**2, spread)))
    return _forecast(middle + slope * ahead, sd, n - 2, goal)


def theil_sen(values: Values, at: Values, goal: Values, due: Values) -> Forecast:
    """The median of all slopes and of what is left: one odd year does not turn it.

    The chance is a closed form that stands in for `theil_sen_drawn`: the prediction error of least squares
    around this line.
    """
    y, t, n = _table(values, at)
    slope, level = _median_line(y, t)
    left = y - level[:, None] - slope[:, None] * t
    left = left - _mean(left)[:, None]
    middle_t = _mean(t)
    spread = np.nansum((t - middle_t[:, None]) ** 2, axis=1)
    wide = 1 + 1 / np.maximum(n, 1) + _divided((numbers(due) - middle_t) ** 2, spread)
    sd = np.sqrt(_divided(np.nansum(left**2, axis=1), n - 2) * wide)
    return _forecast(level + slope * numbers(due), sd, n - 2, goal)


def theil_sen_drawn(values: Values, at: Values, goal: float, due: float, *, seed: int) -> float:
    """The chance for one series by drawing: residuals drawn anew, the line fitted again, one residual added.

    `seed` makes it the same every time (`seed_of`). NaN below the fewest points.
    """
    y, t, n = _table([values], [at])
    if n[0] < FEWEST or math.isnan(goal) or math.isnan(due):
        return math.nan
    y, t = y[:, -n[0] :], t[:, -n[0] :]
    slope, level = _median_line(y, t)
    fitted = level + slope * t[0]
    left = y[0] - fitted
    left = left - left.mean()
    draw = np.random.default_rng(seed)
    again = fitted + draw.choice(left, (DRAWS, len(fitted)))
    slopes, levels = _median_line(again, np.broadcast_to(t[0], again.shape))
    ahead = levels + slopes * due + draw.choice(left, DRAWS)
    return float(np.mean(ahead >= goal - _noise(goal)))


def random_walk(values: Values, at: Values, goal: Values, due: Values, *, drift: bool = True) -> Forecast:
    """The last value, plus the mean change per step so far (or none) for each step to come.

    σ_h = s·√(h(1 + h/H)), s the spread of changes, H the steps seen; without drift s·√h, with the changes
    themselves as spread. Steps of another length than one count by their length.
    """
    y, t, n = _table(values, at)
    change, took = np.diff(y, axis=1), np.diff(t, axis=1)
    seen = np.nansum(took, axis=1)
    pace = _divided(np.nansum(change, axis=1), seen) if drift else np.zeros(len(y))
    freedom = n - 2 if drift else n - 1
    squares = np.nansum((change - pace[:, None] * took) ** 2 / np.where(took > 0, took, np.nan), axis=1)
    h = np.maximum(numbers(due) - t[:, -1], 0.0)
    sd = np.sqrt(_divided(squares, freedom) * h * (1 + (_divided(h, seen) if drift else 0.0)))
    # the textbook forecast with drift is normal; without drift too, so that the two differ in drift alone
    return _forecast(y[:, -1] + pace * h, sd, None, goal)


def damped_trend(values: Values, at: Values, goal: Values, due: Values) -> Forecast:
    """Holt's level and trend, the trend fading: textbook start (first value, first change), updated from the second.

    The spread comes from the one-step errors after the second point, by the formula for a damped trend.
    """
    y, t, n = _table(values, at)
    rows = np.arange(len(y))
    first = np.minimum(y.shape[1] - n, y.shape[1] - 1)
    second = np.minimum(first + 1, y.shape[1] - 1)
    level = y[rows, first]
    trend = _divided(y[rows, second] - level, t[rows, second] - t[rows, first])
    squares = np.zeros(len(y))
    for place in range(1, y.shape[1]):
        step = t[:, place] - t[:, place - 1]
        lasting = PHI**step
        ahead = level + _fading(step) * trend
        error = y[:, place] - ahead
        is_on = place > first
        squares += np.where(place > first + 1, error**2, 0.0)
        now = ahead + ALPHA * error
        turned = BETA * _divided(now - level, step) + (1 - BETA) * lasting * trend
        level, trend = np.where(is_on, now, level), np.where(is_on, turned, trend)
    h = np.maximum(numbers(due) - t[:, -1], 0.0)
    both = ALPHA * BETA
    grows = (
        1
        + ALPHA**2 * (h - 1)
        + both * PHI * h / (1 - PHI) ** 2 * (2 * ALPHA * (1 - PHI) + both * PHI)
        - both * PHI * (1 - PHI**h) / ((1 - PHI) ** 2 * (1 - PHI**2))
        * (2 * ALPHA * (1 - PHI**2) + both * PHI * (1 + 2 * PHI - PHI**h))
    )  # fmt: skip
    sd = np.sqrt(_divided(squares, n - 2) * np.maximum(grows, 1.0))
    return _forecast(level + _fading(h) * trend, sd, n - 2, goal)


def no_change(values: Values, at: Values, goal: Values, due: Values) -> Forecast:
    """As the last value, give or take what changes have been like: a random walk without drift."""
    return random_walk(values, at, goal, due, drift=False)


METHODS: dict[str, Callable[[Values, Values, Values, Values], Forecast]] = {
    "median slope": theil_sen,
    "least squares": least_squares,
    "random walk with drift": random_walk,
    "damped trend": damped_trend,
    "no change": no_change,
}
# The pair that did best on published series (docs/backtest.md); a framework may name others.
USUAL = ("random walk with drift", "no change")


def outlook(
    values: Values,
    at: Values,
    goal: Values,
    due: Values,
    direction: Values,
    *,
    methods: Sequence[str] = USUAL,
    seeds: Sequence[int] | None = None,
) -> Outlook:
    """The chance that each series is at its goal or better by its due date, whichever way is better.

    The middle is the median of the methods' chances. NaN where a series has fewer than five points, the
    goal, direction or due date is missing, or nothing lies ahead. KeyError for a method that is not there.
    With a seed for each series the median slope's chance is drawn instead of reckoned by its closed form:
    for the few series that a pack shows.
    """
    d = numbers(direction)
    y, t = numbers(values) * d[:, None], numbers(at)
    if not y.shape[1]:
        return Outlook(*(np.full(len(y), np.nan) for _ in range(3)))
    chances = np.stack([METHODS[name](y, t, d * numbers(goal), due).chance for name in methods], axis=1)
    if seeds is not None and "median slope" in methods:
        drawn = [
            theil_sen_drawn(*one, seed=seed)
            for *one, seed in zip(y, t, d * numbers(goal), numbers(due), seeds, strict=True)
        ]
        chances[:, list(methods).index("median slope")] = drawn
    is_sayable = np.sum(~np.isnan(y), axis=1) >= FEWEST
    is_sayable &= ~np.isnan(chances).any(axis=1) & (numbers(due) > t[:, -1])
    found = (np.median(chances, axis=1), np.min(chances, axis=1), np.max(chances, axis=1))
    return Outlook(*(numbers(np.where(is_sayable, column, np.nan)) for column in found))


def seed_of(*what: object) -> int:
    """A seed for drawing that depends on what is drawn for alone: the series and the as-at date."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:8], "big")


def _table(values: Values, at: Values) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Values, times and numbers of points; times only where there is a value."""
    y = np.atleast_2d(numbers(values))
    t = np.where(np.isnan(y), np.nan, np.broadcast_to(numbers(at), y.shape))
    return y, t, np.sum(~np.isnan(y), axis=1)


def _mean(table: Floats) -> Floats:
    return _divided(np.nansum(table, axis=1), np.sum(~np.isnan(table), axis=1))


def _median_line(y: Floats, t: Floats) -> tuple[Floats, Floats]:
    """Theil and Sen's slope, and Conover's intercept: median of y less slope times median of t."""
    earlier, later = np.triu_indices(y.shape[1], 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (y[:, later] - y[:, earlier]) / (t[:, later] - t[:, earlier])
    slope = _median(slopes)
    return slope, _median(y) - slope * _median(t)


def _median(table: Floats) -> Floats:
    """The median of each row without its NaN; NaN where there is nothing. Far faster than nanmedian."""
    ordered = np.sort(table, axis=1)  # NaN at the end
    n = np.sum(~np.isnan(table), axis=1)
    if not table.shape[1]:
        return np.full(len(table), np.nan)
    low, high = np.maximum((n - 1) // 2, 0), np.minimum(n // 2, table.shape[1] - 1)
    rows = np.arange(len(table))
    return np.where(n > 0, (ordered[rows, low] + ordered[rows, high]) / 2, np.nan)


def _fading(h: Floats) -> Floats:
    """φ + φ² + … + φ^h: how much of a damped trend is felt within h steps."""
    return PHI * (1 - PHI**h) / (1 - PHI)


def _divided(part: Values, whole: Values) -> Floats:
    """part ÷ whole; NaN where the whole is not above 0."""
    return ratio(part, np.where(numbers(whole) > 0, numbers(whole), np.nan))


def _noise(goal: Values) -> Floats:
    return 1e-9 * np.maximum(np.abs(numbers(goal)), 1e-9)


def _forecast(value: Floats, sd: Floats, freedom: npt.NDArray[np.int64] | None, goal: Values) -> Forecast:
    """The chance of at least the goal: by Student's t where there are degrees of freedom, else normal.

    A series without any spread is sure of its forecast: 1 or 0.
    """
    short = numbers(goal) - _noise(goal) - value
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sd > 0, short / sd, np.where(short <= 0, -np.inf, np.inf))
    chance = special.ndtr(-z) if freedom is None else special.stdtr(np.maximum(freedom, 1), -z)
    return Forecast(numbers(value), np.where(np.isnan(sd) | np.isnan(short), np.nan, chance))
