"""The improvement a target promises, and how much of it is needed by a given day."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.measures.arrays import Floats, Values, days, numbers, ratio, words

ABS_THRESHOLD, PCT_REDUCTION, PP_CHANGE = "ABS_THRESHOLD", "PCT_REDUCTION", "PP_CHANGE"
DIRECTIONS = {"higher is better": 1.0, "lower is better": -1.0}


def direction(polarity: Values) -> Floats:
    """+1 where higher is better, -1 where lower is better, NaN for any other polarity."""
    return numbers(np.frompyfunc(lambda code: DIRECTIONS.get(code, np.nan), 1, 1)(words(polarity)))


# How each type of target gets its value from baseline b, the figure stated in the target, and direction d.
# A type that is not here is not built: it has no target value and is not rated.
TARGET_VALUES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    ABS_THRESHOLD: lambda b, stated, d: stated,
    PCT_REDUCTION: lambda b, stated, d: b * (1 - stated / 100),
    PP_CHANGE: lambda b, stated, d: b + d * stated,
}


def is_built(target_type: Values) -> npt.NDArray[np.bool_]:
    """Whether the arithmetic of a type of target is built."""
    return np.isin(np.asarray(words(target_type), dtype=str), list(TARGET_VALUES))


def target_value(target_type: Values, baseline_value: Values, stated: Values, polarity: Values) -> Floats:
    """The value a target asks for, from what it states.

    ABS_THRESHOLD states the value itself and needs no baseline. PCT_REDUCTION states p, for p% off the
    baseline: b(1 - p/100). PP_CHANGE states k, the size of an improvement in points: b + k where higher is
    better, b - k where lower is. NaN where something needed is missing or the type is not built.
    Source: the types of floor targets in the Public Service Agreements of 2000 to 2004, restated.
    """
    types, b, k, d = np.broadcast_arrays(
        words(target_type), numbers(baseline_value), numbers(stated), direction(polarity)
    )
    value = np.full(types.shape, np.nan)
    for name, method in TARGET_VALUES.items():
        value = np.where(types == name, method(b, k, d), value)
    return numbers(value)


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


def linear(
    baseline_value: Values, target_value: Values, baseline_on: Values, due_on: Values, on: Values
) -> Floats:
    """The value needed on a day by a straight line of days from baseline B to target G: B + (G - B)τ.

    B itself on the baseline's day and G itself from the due date on; NaN as for `elapsed`.
    Source: the method behind a crime and disorder partnership's quarterly targets (tests/test_backtest.py).
    """
    share = elapsed(baseline_on, due_on, on)
    # written as a weighted mean because B + (G - B)·1 can miss G in the last binary digit
    return numbers(numbers(baseline_value) * (1 - share) + numbers(target_value) * share)


def _day_count(span: Any) -> Floats:
    return np.where(np.isnat(span), np.nan, span / np.timedelta64(1, "D"))
