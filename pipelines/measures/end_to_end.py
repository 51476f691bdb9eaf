"""Many series in one call: flat arrays of points, the series end to end, each oldest first.

`series` names the series of each point (any values), so that series of any length stand beside each other
without padding. The points of a series must stand together; a gap is a point whose value is missing.
"""

import numpy as np
import numpy.typing as npt

from pipelines.measures.arrays import Values, words

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


def starts(series: Values) -> Bools:
    """True where a series begins; ValueError if one begins twice."""
    names = np.atleast_1d(words(series))
    first = np.ones(len(names), dtype=bool)
    first[1:] = names[1:] != names[:-1]
    if len(set(names[first])) != first.sum():
        raise ValueError("The points of a series must stand together, oldest first.")
    return first


def numbered(first: Bools) -> Ints:
    """0, 1, 2, … for each point, counting up where a new series (or run) begins."""
    return np.cumsum(first) - 1


def lengths(first: Bools, counted: Bools | None = None) -> Ints:
    """For each point, how many points (or how many of those counted) its series or run has."""
    number = numbered(first)
    if not len(number):
        return number
    weights = None if counted is None else counted.astype(float)
    return np.bincount(number, weights)[number].astype(np.intp)


def last(series: Values, counted: Bools) -> Ints:
    """For each series, in order, the place of its last counted point; -1 where it has none."""
    first = starts(series)
    place = np.where(counted, np.arange(len(first)), -1)
    return np.maximum.reduceat(place, np.flatnonzero(first)) if len(first) else place
