"""Spend against a budget: where it stands, where it is heading, what can be carried over.

B is the budget of the year, P the profile (planned spend) to date, A the actual spend to date, n periods
have passed of N. Money goes in and comes out in one unit, whichever it is. Missing values and divisions by
nothing give NaN: a project with nothing profiled has no variance in per cent.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from pipelines.measures.arrays import Floats, Objects, Values, numbers, ratio

Bands = Sequence[tuple[float | None, str]]  # (widest variance in %, rating), narrowest first; None: no limit
ROUNDING_PCT = 0.5  # what rounded weights may come to beyond the whole


def variance(actual: Values, profile: Values) -> Floats:
    """Money over (+) or under (-) the profile to date: A - P."""
    return numbers(numbers(actual) - numbers(profile))


def variance_pct(actual: Values, profile: Values) -> Floats:
    """The variance in per cent of the profile to date: 100(A - P)/P."""
    return numbers(100 * ratio(variance(actual, profile), profile))


def burn(actual: Values, periods_passed: Values) -> Floats:
    """Money spent per period so far: A/n."""
    return ratio(actual, periods_passed)


def required_run(budget: Values, actual: Values, periods_passed: Values, periods: Values) -> Floats:
    """Money to spend per period left to use the whole budget: (B - A)/(N - n); NaN once none is left."""
    left = numbers(periods) - numbers(periods_passed)
    return ratio(numbers(budget) - numbers(actual), np.where(left > 0, left, np.nan))


def times_burn(required: Values, burn: Values) -> Floats:
    """How many times as fast as so far money must now be spent: required run over burn."""
    return ratio(required, burn)


def outturn_straight_line(actual: Values, periods_passed: Values, periods: Values) -> Floats:
    """Spend at the year's end if every period is like those passed: A·N/n."""
    return ratio(numbers(actual) * numbers(periods), periods_passed)


def outturn_by_profile(actual: Values, profile: Values, budget: Values) -> Floats:
    """Spend at the year's end if the rest runs over or under in the same proportion: A·B/P."""
    return ratio(numbers(actual) * numbers(budget), profile)


def outturn_to_plan(actual: Values, profile: Values, budget: Values) -> Floats:
    """Spend at the year's end if the rest goes exactly to plan: A + (B - P)."""
    return numbers(numbers(actual) + (numbers(budget) - numbers(profile)))


def outturn_range(*outturns: Values) -> tuple[Floats, Floats]:
    """The lowest and highest of several outturns (the methods' and the partner's own), row by row.

    A missing one is left out; NaN where all are missing.
    """
    found = [numbers(outturn) for outturn in outturns]
    return reduce(np.fmin, found), reduce(np.fmax, found)


def carry_forward(budget: Values, outturn: Values, cap_pct: Values) -> tuple[Floats, Floats]:
    """(carried, at risk): how an underspend would fall, under a cap in per cent of the budget.

    Carried is min(underspend, cap·B), at risk the rest of the underspend; both 0 for an overspend, which
    has nothing to carry. The cap is each fund's own rule. NaN where a part is missing.
    """
    under = np.maximum(numbers(budget) - numbers(outturn), 0.0)
    carried = numbers(np.minimum(under, numbers(cap_pct) / 100 * numbers(budget)))
    return carried, numbers(under - carried)


def share_of_project(weight_pct: Values, total_pct: Values) -> Floats:
    """The share of a project (0 to 1) that counts towards one of the targets it serves.

    `total_pct` is the sum of the project's weights over all its targets. Three thirds of 33.4 come to 100.2
    and are scaled to the whole; below 100 the rest serves no target. NaN, which means that the project must
    not be added up over targets, where there is no weight, or where the weights come to more than the whole.
    """
    weight, total = numbers(weight_pct), numbers(total_pct)
    is_shared = (weight >= 0) & (total <= 100 + ROUNDING_PCT)
    return numbers(np.where(is_shared, weight / np.fmax(total, 100.0), np.nan))


def rate_spend(variance_pct: Values, bands: Bands) -> Objects:
    """The rating of the first band that holds the variance, over or under alike; None where there is none.

    `bands` runs from the narrowest, each limit within its own band: [(5, "G"), (15, "AG"), (None, "R")].
    """
    size = np.abs(numbers(variance_pct))
    limits = [np.inf if limit is None or np.isnan(limit) else limit for limit, _ in bands]
    if limits != sorted(set(limits)):
        raise ValueError(f"Spend bands must run from the narrowest to the widest; found {list(bands)}.")
    rating = np.full(size.shape, None, dtype=object)
    for limit, (_, code) in reversed(list(zip(limits, bands, strict=True))):
        # a hair wider, as 5% worked out from pounds can come to 5.000000000000004
        rating = np.where(size <= limit * (1 + 1e-9), code, rating)
    return rating[()]
