"""Figures that could mean two things, settled by what came earlier for the same series.

0.38 in a column of percentages is 0.38% or 38%, and nothing in the cell says which. Where the series stood
between 35 and 39 in the returns received before, only one of the two is plausible. That reading is taken with
a remark, which becomes a query; where both are plausible, or neither, the figure stays as it was: refused.

Evidence are figures of rows that stand, that were read without any remark, and that were received earlier.
Earlier by receipt and not by period, so that a file that comes later never changes how an earlier one was read,
and a run as at a day gives what was known on it. What was settled here is no evidence for anything else: one
guess can't carry the next.
"""

import statistics
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.tidy.values import PROBLEM, REMARK, TYPED

FEWEST = 2  # earlier values; one alone may itself be wrong
# Robust bounds: the median, and five times the median absolute deviation scaled to a standard deviation. A
# series that never moved would have none, so half of its median is always allowed.
DEVIATIONS, SCALE, FLOOR = 5, 1.4826, 0.5
HUNDRED = 100

Place = tuple[str, str]  # row, column


def by_history(
    contract: Contract,
    frame: pd.DataFrame,
    alternatives: Mapping[Place, tuple[float, ...]],
    refused: set[str],
) -> dict[Place, tuple[float, str]]:
    """Row and column → the figure and its remark, where earlier values settle which of two readings is meant.

    `frame` are the rows of one return over all partners, with received_at; `refused` the rows that don't stand.
    """
    standing = frame[~frame["row_id"].isin(refused)]
    unclear = frame[frame["row_id"].isin({row_id for row_id, _ in alternatives})]
    settled = {}
    for row in unclear.to_dict("records"):
        for name in contract.by_name:
            readings = alternatives.get((row["row_id"], name), ())
            earlier = _earlier(contract, standing, row, name) if readings else []
            plausible = [reading for reading in readings if is_plausible(reading, earlier)]
            if len(plausible) == 1 and plausible[0] != row[name]:
                remark = _remark(row[name + TYPED], readings, plausible[0], earlier)
                settled[row["row_id"], name] = plausible[0], remark
    return settled


def apply(settled: Mapping[Place, tuple[float, str]], rows: Iterable[MutableMapping[str, Any]]) -> None:
    """Write what was settled into the typed rows."""
    names: dict[str, list[str]] = {}
    for row_id, name in settled:
        names.setdefault(row_id, []).append(name)
    for row in rows:
        for name in names.get(row["row_id"], ()):
            value, remark = settled[row["row_id"], name]
            row.update({name: value, name + PROBLEM: None, name + REMARK: remark})


def is_plausible(value: float, earlier: list[float]) -> bool:
    """Whether `value` lies where the earlier values of its series would let one expect it."""
    if len(earlier) < FEWEST:
        return False
    middle = statistics.median(earlier)
    spread = statistics.median(abs(one - middle) for one in earlier)
    return abs(value - middle) <= max(DEVIATIONS * SCALE * spread, FLOOR * abs(middle))


def _earlier(contract: Contract, standing: pd.DataFrame, row: Mapping[Any, Any], name: str) -> list[float]:
    """The newest figure of each period of the row's series, among what was received before it."""
    series = [part for part in contract.key if contract.by_name[part].type not in ("period", "quarter")]
    # a series without periods in its key has one value for the quarter of each return
    each = list(contract.key) if len(series) < len(contract.key) else [*series, "quarter"]
    mine = standing["received_at"] < row["received_at"]
    for part in series:
        mine &= standing[part] == row[part]
    certain = standing[name].notna() & standing[name + REMARK].isna()
    known = standing[mine & certain].sort_values(["received_at", "row_id"])
    return [float(value) for value in known.drop_duplicates(each, keep="last")[name]]


def _remark(typed: str, readings: tuple[float, ...], value: float, earlier: list[float]) -> str:
    sign = "%" if readings[0] and round(readings[-1] / readings[0]) == HUNDRED else ""
    return (
        f"We read '{typed}' as {value:,.10g}{sign}, as earlier values of the series lie between "
        f"{min(earlier):,.10g}{sign} and {max(earlier):,.10g}{sign}. Please confirm."
    )
