"""How figures go in and come out of every measure.

Everything in this folder takes scalars, lists, arrays or Series, row by row and by position, and gives
numpy back (a scalar for scalars). What is missing comes out missing, NaN or None: never 0 and never
infinite. Nothing is rounded; figures are rounded where they are shown.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Values: TypeAlias = object  # a scalar, list, array or Series; None, NaN, NaT and NA all mean missing
Floats: TypeAlias = npt.NDArray[np.float64]
Objects: TypeAlias = npt.NDArray[np.object_]
NO_FLOATS: Floats = np.empty(0)


def words(values: Values) -> Objects:
    """The values as they are, with everything missing turned into None."""
    found = np.array(values, dtype=object)
    found[pd.isna(found)] = None
    return found


def numbers(values: Values) -> Floats:
    """Floats, with NaN for what is missing or infinite."""
    found = np.asarray(values)
    found = found.astype(float) if found.dtype.kind in "fiu" else words(values).astype(float)
    return np.where(np.isfinite(found), found, np.nan)[()]


def listed(values: Values) -> list[Floats]:
    """A column of lists as arrays of floats, each with NaN for what is missing; empty where there is no list.

    DuckDB hands over a list with missing values as a masked array.
    """
    return [_floats(found) for found in values]  # type: ignore[attr-defined]


def _floats(found: npt.ArrayLike) -> Floats:
    if not np.ndim(found):
        return NO_FLOATS
    if isinstance(found, np.ma.MaskedArray):
        return np.ma.filled(found.astype(float), np.nan)
    return np.asarray(found, dtype=float)


def days(values: Values) -> npt.NDArray[np.datetime64]:
    """Calendar days (datetime64[D]) from dates, timestamps or datetime64, with NaT for what is missing."""
    found = np.asarray(values)
    # a datetime64[ns] turned into objects becomes plain integers, so it keeps its own kind
    return (found if found.dtype.kind == "M" else words(values)).astype("datetime64[D]")


def ratio(part: Values, whole: Values) -> Floats:
    """part ÷ whole; NaN where either is missing or the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return numbers(np.divide(numbers(part), numbers(whole)))


def first_that_holds(cases: Sequence[tuple[Values, str | None]], otherwise: str | None = None) -> Objects:
    """For each element the word of the first case whose condition holds there, else `otherwise`.

    Conditions are arrays of booleans that can be broadcast together.
    """
    conditions = np.broadcast_arrays(*(np.asarray(condition, dtype=bool) for condition, _ in cases))
    answer = np.full(conditions[0].shape, otherwise, dtype=object)
    for condition, (_, word) in reversed(list(zip(conditions, cases, strict=True))):
        answer[condition] = word
    return answer[()]
