"""Does a proxy tell anything of its target? Judged by changes, as two series that both rise look alike.

Source: rank correlation at several lags with a permutation test of its maximum, so that the best of five
lags is not taken for more than it is (Westfall and Young, 1993). Runs only for links that are shown.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.measures.arrays import Floats, Values, numbers

A, B, C, D = "A", "B", "C", "D"
NOISE = 1e-9


class Rules(NamedTuple):
    """What earns a grade; each is a setting of the framework."""

    pairs: int = 8
    permutations: int = 2000
    strong_p: float = 0.05
    fair_p: float = 0.20
    concordance: float = 0.75


class Strength(NamedTuple):
    """The link of one proxy and one target. `correlations` and `pairs` by lag; NaN where there are too few.

    `lag` is the lag with the largest |ρ| (the shorter of two alike), `rho` the ρ there, `concordance` the
    share of pairs there that moved as the link says, `p` the chance of so large an |ρ| at any of the lags if
    the two had nothing to do with each other. NaN and None where the link can't be tested.
    """

    grade: str
    reason: str
    lag: int | None
    rho: float
    concordance: float
    p: float
    pairs: npt.NDArray[np.intp]
    correlations: Floats


def lagged(proxy: Values, lags: int = 5) -> Floats:
    """Changes of a proxy set beside each step of its target, an array (lags, steps).

    Row k holds the proxy's change k steps before; NaN where the proxy does not reach back so far. For series
    that move in the same steps; where they don't, the caller lines them up.
    """
    change = np.diff(np.atleast_1d(numbers(proxy)))
    found = np.full((lags, len(change)), np.nan)
    for lag in range(min(lags, len(change))):
        found[lag, lag:] = change[: len(change) - lag]
    return found


def seed(*names: object) -> int:
    """A seed that is the same for the same series and as-at date, on every machine."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, names)).encode()).digest()[:8])


def strength(
    proxy_changes: Values,
    target_changes: Values,
    *,
    same_way: bool,
    seed: int,
    is_stale: bool | None = False,
    rules: Rules = Rules(),  # noqa: B008 (it can't be changed)
) -> Strength:
    """Grade the link between a proxy and a target.

    `proxy_changes` (lags, steps) holds beside each of the target's changes (steps) the proxy's change at each
    lag, as `lagged` gives it. `same_way` says whether the two are believed to rise together.

    A  best at a lag of one or more, moves as the link says, p below `strong_p`, concordance as asked for
    B  moves as the link says, p below `fair_p`
    C  plausible and not shown: too few pairs to test, or a test that shows neither
    D  moves against the link with p below `fair_p`; or stale, or of unknown age, which tells nothing today
    """
    x, y = np.atleast_2d(numbers(proxy_changes)), np.atleast_1d(numbers(target_changes))
    both = ~np.isnan(x) & ~np.isnan(y)
    pairs = both.sum(axis=1)
    tested = np.flatnonzero(pairs >= rules.pairs)
    rho = np.full(len(x), np.nan)
    for lag in tested:
        rho[lag] = _spearman(x[lag, both[lag]], y[None, both[lag]])[0]
    grade, reason, lag_of_best, p, concordance = C, "", None, np.nan, np.nan
    if np.isnan(rho).all():
        reason = f"Plausible, but not tested: {pairs.max(initial=0)} pairs of changes, and {rules.pairs} are needed."
        if len(tested):
            reason = "Plausible, but not tested: one of the two never changes."
    else:
        size = np.nan_to_num(np.abs(rho), nan=-1.0)
        best = int(np.argmax(size > size.max() - NOISE))
        lag_of_best, sign = best, 1.0 if same_way else -1.0
        p = _max_p(x, y, tested, float(size.max()), rules.permutations, seed)
        moved = sign * x[best, both[best]] * y[both[best]]
        concordance = float((moved > 0).sum() / max((moved != 0).sum(), 1))
        right = sign * rho[best] > 0
        grade, reason = _judge(right, best, p, concordance, rules)
    if is_stale is not False:
        grade = D
        reason = "The proxy is stale." if is_stale else "The age of the proxy is not known."
    at_best = float(rho[lag_of_best]) if lag_of_best is not None else np.nan
    return Strength(grade, reason, lag_of_best, at_best, concordance, p, pairs, rho)


def _judge(right: bool, lag: int, p: float, concordance: float, rules: Rules) -> tuple[str, str]:
    if right and lag >= 1 and p < rules.strong_p and concordance >= rules.concordance:
        return A, "Moves ahead of its target, as the link says, and hardly by chance."
    if right and p < rules.fair_p:
        return B, "Moves as the link says, probably not by chance."
    if not right and p < rules.fair_p:
        return D, "Moves against the link: when it said better, the target said worse."
    return C, "Plausible, but not shown: chance alone would often look like this."


def _max_p(
    x: Floats, y: Floats, lags: Sequence[int] | npt.NDArray[np.intp], found: float, draws: int, seed: int
) -> float:
    """How often the largest |ρ| over the lags is as large as found when the target's changes are shuffled."""
    known = ~np.isnan(y)
    shuffled = np.random.default_rng(seed).permuted(np.tile(y[known], (draws, 1)), axis=1)
    largest = np.zeros(draws)
    for lag in lags:
        row = x[lag, known]
        there = ~np.isnan(row)
        rho = np.abs(_spearman(row[there], shuffled[:, there]))
        largest = np.fmax(largest, rho)
    return float((1 + (largest >= found - NOISE).sum()) / (draws + 1))


def _spearman(x: Floats, ys: Floats) -> Floats:
    """Spearman's ρ of x with each row of ys; NaN where one of the two never changes."""
    a = pd.Series(x).rank().to_numpy()
    b = pd.DataFrame(ys).rank(axis=1).to_numpy()
    a, b = a - a.mean(), b - b.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(b @ a / np.sqrt((a @ a) * (b * b).sum(axis=1)))
