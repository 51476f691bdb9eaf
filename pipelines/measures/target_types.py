"""The eleven types of target: what each is judged by, and the figure that it asks for.

Every type comes down to four things: A, what is judged; B, the same at the baseline; G, what is to be
reached; and which way is better. For a threshold A is the value itself; for a gap it is the gap, which is
worse the larger it is whichever way the value is better. So one rule of trajectory and rating serves all.
Source of the types: the Public Service Agreements of 2000 to 2004, restated.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.measures.arrays import Floats, Values, numbers, ratio, words

ABS_THRESHOLD, UNIT_FLOOR, UNIT_SHARE_CUT = "ABS_THRESHOLD", "UNIT_FLOOR", "UNIT_SHARE_CUT"
PCT_REDUCTION, PP_CHANGE = "PCT_REDUCTION", "PP_CHANGE"
GAP_REL, GAP_ABS, MAX_MULTIPLE = "GAP_REL", "GAP_ABS", "MAX_MULTIPLE"
FASTER_THAN, DIRECTIONAL, COMPOSITE = "FASTER_THAN", "DIRECTIONAL", "COMPOSITE"
TYPES = (
    ABS_THRESHOLD, UNIT_FLOOR, UNIT_SHARE_CUT, PCT_REDUCTION, PP_CHANGE, GAP_REL, GAP_ABS, MAX_MULTIPLE,
    FASTER_THAN, DIRECTIONAL, COMPOSITE,
)  # fmt: skip
LIMITS = (ABS_THRESHOLD, UNIT_FLOOR, MAX_MULTIPLE)  # a limit to reach or hold; the others change the baseline
COMPARED = (GAP_REL, GAP_ABS, MAX_MULTIPLE, FASTER_THAN)  # these need the comparator's value as well
DIRECTIONS = {"higher is better": 1.0, "lower is better": -1.0}


class Course(NamedTuple):
    """What a target is judged by, one entry per target: A, B, G, and the direction d (+1: more is better)."""

    value: Floats
    baseline: Floats
    goal: Floats
    direction: Floats


def direction(polarity: Values) -> Floats:
    """+1 where higher is better, -1 where lower is better, NaN for any other polarity."""
    return numbers(np.frompyfunc(lambda code: DIRECTIONS.get(code, np.nan), 1, 1)(words(polarity)))


def gap(value: Values, comparator: Values, polarity: Values) -> Floats:
    """How far a value is behind its comparator, in its own unit: d(E - L). Below 0 it is ahead."""
    return numbers(direction(polarity) * (numbers(comparator) - numbers(value)))


def relative_gap(value: Values, comparator: Values, polarity: Values) -> Floats:
    """The gap in per cent of the comparator: 100·d(E - L)/E. Source: methods as put to Parliament in 2006."""
    return numbers(100 * ratio(gap(value, comparator, polarity), comparator))


def value_at_gap(comparator: Values, gap_pct: Values, polarity: Values) -> Floats:
    """The local value at which the relative gap is so many per cent: L = E(1 - d·R/100)."""
    return numbers(numbers(comparator) * (1 - direction(polarity) * numbers(gap_pct) / 100))


def narrowing(gap_now: Values, gap_baseline: Values, gap_goal: Values) -> Floats:
    """The share of the narrowing asked for that is made; below 0 where the gap has widened."""
    return ratio(numbers(gap_baseline) - numbers(gap_now), numbers(gap_baseline) - numbers(gap_goal))


def improvement_pct(value: Values, baseline: Values, polarity: Values) -> Floats:
    """Improvement on the baseline in per cent of it: 100·d(A - B)/B."""
    change = direction(polarity) * (numbers(value) - numbers(baseline))
    return numbers(100 * ratio(change, baseline))


def course(
    target_type: Values,
    polarity: Values,
    *,
    value: Values,
    baseline_value: Values,
    stated_value: Values = None,
    stated_change: Values = None,
    comparator_value: Values = None,
    comparator_baseline: Values = None,
) -> Course:
    """A, B, G and d of each target, from what it states and the value L, baseline l, comparator E and e.

    | type | A | B | G | d |
    |---|---|---|---|---|
    | ABS_THRESHOLD | L | l | stated value | polarity |
    | UNIT_FLOOR | L, units below the floor | l | stated value, else 0 | lower |
    | UNIT_SHARE_CUT | L, units (or share of them) below the floor | l | l(1 - p/100) | lower |
    | PCT_REDUCTION | L | l | l(1 - p/100) | polarity |
    | PP_CHANGE | L | l | l + d·k | polarity |
    | GAP_REL | 100·d(E - L)/E | 100·d(e - l)/e | B(1 - p/100) | lower |
    | GAP_ABS | d(E - L) | d(e - l) | B - k | lower |
    | MAX_MULTIPLE | L/E | l/e | stated value k | polarity |
    | FASTER_THAN | improvement in % | 0 | the comparator's improvement in %, plus k | higher |
    | DIRECTIONAL | L | l | l | polarity |
    | COMPOSITE | nothing of its own | | | |

    p and k are the stated change, without a sign. Where a change is asked for and the target states the
    value to reach instead, that is G. Everything missing, or a type that is not known, gives NaN.
    """
    kinds, d, a, b, g, k, e, e0 = np.broadcast_arrays(
        words(target_type),
        direction(polarity),
        *map(numbers, (value, baseline_value, stated_value, stated_change)),
        *map(numbers, (comparator_value, comparator_baseline)),
    )
    cut = b * (1 - k / 100)
    gap_now, gap_then = d * (e - a), d * (e0 - b)
    share_now, share_then = 100 * ratio(gap_now, e), 100 * ratio(gap_then, e0)
    better, better_there = 100 * ratio(d * (a - b), b), 100 * ratio(d * (e - e0), e0)
    lower = np.full(d.shape, -1.0)
    by_type: dict[str, tuple[Floats, Floats, Floats, Floats]] = {
        ABS_THRESHOLD: (a, b, g, d),
        UNIT_FLOOR: (a, b, _first(g, 0.0), lower),
        UNIT_SHARE_CUT: (a, b, _first(cut, g), lower),
        PCT_REDUCTION: (a, b, _first(cut, g), d),
        PP_CHANGE: (a, b, _first(b + d * k, g), d),
        GAP_REL: (share_now, share_then, _first(share_then * (1 - k / 100), g), lower),
        GAP_ABS: (gap_now, gap_then, _first(g, gap_then - k), lower),
        MAX_MULTIPLE: (ratio(a, e), ratio(b, e0), g, d),
        FASTER_THAN: (better, np.where(np.isnan(b), np.nan, 0.0), better_there + _first(k, 0.0), -lower),
        DIRECTIONAL: (a, b, b, d),
    }
    found = [np.full(d.shape, np.nan) for _ in range(4)]
    for name, columns in by_type.items():
        is_kind = kinds == name
        found = [np.where(is_kind, column, so_far) for column, so_far in zip(columns, found, strict=True)]
    return Course(*map(numbers, found))


def level(
    target_type: Values,
    polarity: Values,
    judged: Values,
    *,
    baseline_value: Values = None,
    comparator_value: Values = None,
) -> Floats:
    """A figure of the course as a level in the target's own unit, so that level and gap are both shown.

    For a gap or a multiple it is the local value that would have it while the comparator stands where it
    does; for FASTER_THAN the value that the improvement gives from the baseline. Otherwise it is the figure.
    """
    kinds, d, x, b, e = np.broadcast_arrays(
        words(target_type), direction(polarity), *map(numbers, (judged, baseline_value, comparator_value))
    )
    by_type: dict[str, Callable[[], Floats]] = {
        GAP_REL: lambda: e * (1 - d * x / 100),
        GAP_ABS: lambda: e - d * x,
        MAX_MULTIPLE: lambda: e * x,
        FASTER_THAN: lambda: b * (1 + d * x / 100),
    }
    found = x
    for name, method in by_type.items():
        found = np.where(kinds == name, method(), found)
    return numbers(found)


def is_known(target_type: Values) -> npt.NDArray[np.bool_]:
    """Whether a type of target is one of the eleven."""
    return np.isin(np.asarray(words(target_type), dtype=str), TYPES)


def _first(values: Floats, otherwise: Floats | float) -> Floats:
    return np.where(np.isnan(values), otherwise, values)
