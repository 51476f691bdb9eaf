"""How well each proxy has spoken for its target so far, as known at each quarter's cut-off."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.measures import Framework, chosen, setting
from pipelines.measures.age import age_months, is_stale, staleness_index
from pipelines.measures.arrays import Floats, listed, numbers
from pipelines.measures.proxy_strength import Rules, Strength, seed, strength
from pipelines.measures.recent_trend import last_points
from pipelines.measures.target_types import direction

READS = "link_quarters"
COLUMNS = {
    "grade": "The strength of the link, A (best) to D.",
    "reason": "Why it has this grade.",
    "lead_months": "How many months before its target the proxy moved most alike; blank where not tested.",
    "rho": "Rank correlation of their changes at that lead.",
    "concordance": "Share of changes there that went the way that the link says.",
    "p": "How often chance alone would give so large a correlation at any of the five leads.",
    "pairs": "Pairs of changes there were, at the lead that has most.",
    "headline": "better, worse or same: the target's own latest value beside the one before.",
}
SAME_WAY = "same way"


def measure(series: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """One line per row_id of series.link_quarters (methods.md C10)."""
    rules = Rules(
        pairs=int(chosen(framework, "proxy_pairs")),
        permutations=int(chosen(framework, "proxy_permutations")),
        strong_p=chosen(framework, "proxy_p_strong"),
        fair_p=chosen(framework, "proxy_p_fair"),
        concordance=chosen(framework, "proxy_concordance"),
    )
    age = age_months(series["proxy_on"], series["cut_off_on"])
    staleness = staleness_index(age, series["frequency_months"], series["release_lag_months"])
    stale = np.atleast_1d(is_stale(staleness, float(setting(framework, "stale_above"))))
    rows = series.to_dict("records")
    found = [_graded(row, old, rules) for row, old in zip(rows, stale, strict=True)]
    tested = [one.lag is not None for one in found]
    return pd.DataFrame(
        {
            "row_id": series["row_id"],
            "grade": _texts(one.grade for one in found),
            "reason": _texts(one.reason for one in found),
            "lead_months": numbers([one.lag for one in found]) * series["frequency_months"].to_numpy(float),
            "rho": numbers([one.rho for one in found]),
            "concordance": numbers(
                [one.concordance if yes else None for one, yes in zip(found, tested, strict=True)]
            ),
            "p": numbers([one.p for one in found]),
            "pairs": numbers([int(one.pairs.max(initial=0)) for one in found]),
            "headline": _texts(_headline(row) for row in rows),
        }
    )


def _texts(found: Iterable[str | None]) -> pd.Series:
    """A column of texts, also where there are none: a framework need not have proxies."""
    return pd.Series(list(found), dtype=object)


def _graded(row: Mapping[Hashable, Any], stale: bool | None, rules: Rules) -> Strength:
    """One link, seeded by the two and the cut-off, so that a pack made again says the same."""
    x, y = _changes(row)
    return strength(
        x,
        y,
        same_way=row["direction"] == SAME_WAY,
        seed=seed(row["target_id"], row["indicator_id"], pd.Timestamp(row["cut_off_on"]).date()),
        is_stale=stale,
        rules=rules,
    )


def _changes(row: Mapping[Hashable, Any]) -> tuple[Floats, Floats]:
    """(the proxy's changes at each lag, the target's) over periods of the target that don't overlap."""
    (y,) = listed([row["target_values"]])
    if not len(y):
        return np.empty((5, 0)), np.empty(0)
    since = None if pd.isna(row["target_since"]) else row["target_since"]
    starts, ends = (pd.to_datetime(pd.Series(list(row[name]))).to_numpy() for name in ("starts", "ends"))
    (places,) = last_points(np.zeros(len(y)), starts, ends, ~np.isnan(y), points=len(y), since=since)
    places = places[places >= 0]
    x = np.array(listed(row["proxy_values"]))
    return np.diff(x[places], axis=0).T, np.diff(y[places])


def _headline(row: Mapping[Hashable, Any]) -> str | None:
    """How the target's latest value compares with the one before; None across a break in the series."""
    if np.ndim(row["target_values"]) == 0 or len(row["target_values"]) < 2:
        return None
    if not pd.isna(row["target_since"]) and row["starts"][-2] < row["target_since"]:
        return None
    change = float(direction(row["polarity"]) * (row["target_values"][-1] - row["target_values"][-2]))
    return "better" if change > 0 else "worse" if change < 0 else "same"
