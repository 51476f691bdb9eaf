"""How many decimals a needed value is shown with: enough that a reader can work its on-course ratio out from the page.

From 6 schools to 3, where 3.6 were needed, 125% of the way is made; with 4 printed a reader would find 150%.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipelines.measures.arrays import Values, numbers

MORE = 3  # decimals at most beyond those of the measure
LAST_DIGIT = 0.001  # of a ratio that is shown in per cent with one decimal
NOISE = 1e-9


def needed_places(value: Values, baseline: Values, needed: Values, ratio: Values, places: Values) -> Any:
    """Decimals of each needed value, the measure's own at least, where value and baseline are shown with those.

    The fewest with which (value - baseline) / (needed - baseline), as printed, is within the last digit of the ratio
    shown; where none does it, as what is printed of value or baseline is too coarse, those that come nearest.
    """
    return _each((value, baseline, needed, ratio, places), is_all=False)


def column_places(
    value: Values, baseline: Values, needed: Values, ratio: Values, places: Values, *, of: Iterable[Any]
) -> Any:
    """The same for a column of needed values: those of one measure, named by `of`, are shown with as many decimals."""
    arrays = np.broadcast_arrays(*map(numbers, (value, baseline, needed, ratio, places)))
    rows: dict[Any, list[int]] = {}
    for number, measure in enumerate(of):
        rows.setdefault(measure, []).append(number)
    found = np.array(arrays[4], dtype=float)
    for mine in rows.values():
        asked = [
            (a, b, t, r, int(own))
            for a, b, t, r, own in (tuple(float(one[number]) for one in arrays) for number in mine)
            if not any(map(np.isnan, (a, b, t, r, own))) and r >= 0
        ]
        if asked:
            own = max(row[4] for row in asked)
            off = [
                (max(_off(a, b, t, r, places, n) for a, b, t, r, places in asked), n)
                for n in range(own, own + MORE + 1)
            ]
            found[mine] = next((n for miss, n in off if miss <= LAST_DIGIT + NOISE), min(off)[1])
    return found


def judged_places(value: Values, baseline: Values, needed: Values, ratio: Values, places: Values) -> Any:
    """The same where value, baseline and needed value, worked out all three, are shown with as many decimals."""
    return _each((value, baseline, needed, ratio, places), is_all=True)


def _each(columns: Iterable[Values], *, is_all: bool) -> Any:
    arrays = np.broadcast_arrays(*map(numbers, columns))
    found = [_fewest(*row, is_all=is_all) for row in zip(*(a.ravel().tolist() for a in arrays), strict=True)]
    return np.array(found, dtype=float).reshape(arrays[0].shape)


def _fewest(a: float, b: float, t: float, r: float, places: float, *, is_all: bool) -> float:
    if any(map(np.isnan, (a, b, t, r, places))) or r < 0:  # a way back is not shown as a ratio
        return places
    own = int(places)
    off = [(_off(a, b, t, r, n if is_all else own, n), n) for n in range(own, own + MORE + 1)]
    return next((n for miss, n in off if miss <= LAST_DIGIT + NOISE), min(off)[1])


def _off(a: float, b: float, t: float, r: float, of_values: int, of_needed: int) -> float:
    """How far the ratio that a reader finds lies from the one shown, each as it is printed."""
    start = round(b, of_values)
    way = round(t, of_needed) - start
    found = (round(a, of_values) - start) / way if way else np.inf
    return abs(round(found, 3) - round(r, 3)) if np.isfinite(found) else np.inf
