"""The overall rating: position and outlook together, and what a composite target makes of its elements."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.measures.arrays import Objects, Values, words

UNCERTAIN, UNAVAILABLE = "u", "x"


class Overall(NamedTuple):
    """Two arrays: the rating or None, and its mark: u where one of two parts is missing, x where both are."""

    rating: Objects
    mark: Objects


def overall(position: Values, outlook: Values, ratings: Sequence[str], *, is_due: Values = False) -> Overall:
    """The worse of position and outlook; `ratings` from best to worst.

    Where one of them can't be said the other stands, marked u; where both can't, there is none, marked x.
    Once a target is due (`is_due`) there is no outlook to miss, and the position stands without a mark.
    """
    rank = {code: place for place, code in enumerate(ratings)}
    now, ahead, due = np.broadcast_arrays(words(position), words(outlook), np.asarray(is_due, dtype=bool))
    places = [np.array([rank.get(code, -1) for code in column.ravel()], dtype=int) for column in (now, ahead)]
    worse = np.maximum(*places)
    codes = np.array([*ratings, None], dtype=object)
    missing = (places[0] < 0).astype(int) + ((places[1] < 0) & ~due.ravel())
    mark = np.full(worse.shape, None, dtype=object)
    mark[missing > 0] = UNCERTAIN
    mark[worse < 0] = UNAVAILABLE
    return Overall(codes[worse].reshape(now.shape)[()], mark.reshape(now.shape)[()])


def of_elements(group: Values, rating: Values, ratings: Sequence[str]) -> pd.DataFrame:
    """What composite targets are rated by their elements; one row per group, in the order of their names.

    `group` names the composite that each element belongs to (None: to none). All elements must pass, so the
    rating is the worst of them; but while one of them has none, only the worst of the scale can be said.
    Columns: rating (None: can't be said), elements, rated.
    """
    rank = {code: place for place, code in enumerate(ratings)}
    elements = pd.DataFrame({"group": words(group), "place": [rank.get(code) for code in words(rating)]})
    found = elements.dropna(subset="group").groupby("group")["place"].agg(["max", "size", "count"])
    is_sayable = (found["count"] == found["size"]) | (found["max"] == len(ratings) - 1)
    worst = [
        ratings[int(place)] if said else None for place, said in zip(found["max"], is_sayable, strict=True)
    ]
    return pd.DataFrame(
        {
            "rating": pd.Series(worst, index=found.index, dtype=object),
            "elements": found["size"],
            "rated": found["count"],
        }
    )
