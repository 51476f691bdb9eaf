"""The chance of a year's count or share of which a part is already known."""

import numpy as np
from scipy import special

from pipelines.measures.arrays import Floats, Values, numbers


def count_at_most(count: Values, passed: Values, to_come: Values, cap: Values) -> Floats:
    """The chance that a count stays within its cap: so many in the time passed, so much time to come.

    Poisson with a Gamma(½, 0) prior, so the count to come is negative binomial with size count + ½.
    """
    so_far, gone, left = numbers(count), numbers(passed), numbers(to_come)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = gone / (gone + left)
        more = np.floor(numbers(cap)) - so_far
        # the negative binomial's distribution as an incomplete beta function
        return np.where(more < 0, 0.0, special.betainc(so_far + 0.5, np.maximum(more, 0) + 1, p))


def share_at_least(successes: Values, trials: Values, to_come: Values, share: Values) -> Floats:
    """The chance that at least a share of all trials succeed, some of which are still to come.

    Jeffreys' prior, so the successes to come are beta-binomial.
    """
    won, tried, left = numbers(successes), numbers(trials), numbers(to_come)
    enough = np.ceil(numbers(share) * (tried + left) - 1e-9) - won
    return np.vectorize(_at_least, otypes=[float])(enough, left, won + 0.5, tried - won + 0.5)


def _at_least(least: float, trials: float, a: float, b: float) -> float:
    """The chance of at least so many successes in so many trials, beta-binomial with a and b.

    As scipy.stats has it, which takes two seconds to import; few targets are shares of a year.
    """
    if np.isnan([least, trials, a, b]).any():
        return float("nan")
    k = np.arange(max(least, 0), trials + 1)
    ways = -np.log(trials + 1) - special.betaln(trials - k + 1, k + 1)
    return float(min(1.0, np.exp(ways + special.betaln(k + a, trials - k + b) - special.betaln(a, b)).sum()))
