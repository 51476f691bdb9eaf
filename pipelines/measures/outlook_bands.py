"""An outlook as people read it: a rating, a word and a band of chances, never a lone percentage."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.measures.arrays import Objects, Values, numbers


class Band(NamedTuple):
    """A step of the scale: the rating, the lowest chance that earns it (None: the rest), and its word."""

    rating: str
    lowest: float | None
    word: str


class Said(NamedTuple):
    """Three arrays, None where nothing can be said: the rating, its word, and the band such as 50% to 75%."""

    rating: Objects
    word: Objects
    band: Objects


def say(chance: Values, scale: Sequence[Band]) -> Said:
    """The band that each chance lies in; `scale` from best to worst. ValueError where it is out of order."""
    limits = [0.0 if step.lowest is None or math.isnan(step.lowest) else step.lowest for step in scale]
    if limits[-1:] != [0.0] or limits != sorted(set(limits), reverse=True):
        raise ValueError(f"Chances run from the best rating to the worst, which has no limit; found {scale}.")
    found = np.atleast_1d(numbers(chance))
    # a hair lower, as a chance of a half can come to .49999999999
    place = np.argmax(found[:, None] >= np.array(limits) - 1e-12, axis=1)
    place = np.where(np.isnan(found), len(scale), place)
    tops = [1.0, *limits[:-1]]
    bands = [f"{low:.0%} to {high:.0%}" for low, high in zip(limits, tops, strict=True)]
    columns = ([step.rating for step in scale], [step.word for step in scale], bands)
    return Said(*(np.array([*column, None], dtype=object)[place] for column in columns))


def spread(low: float, high: float) -> str:
    """The range of the methods in words, in whole percentages."""
    if f"{low:.0%}" == f"{high:.0%}":
        return f"each of them gives {low:.0%}"
    return f"one by one they give {low:.0%} to {high:.0%}"
