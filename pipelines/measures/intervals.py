"""How far chance alone could have moved a figure: 95% confidence intervals of proportions, counts and rates.

Which interval suits which kind of figure:

    a share of people or things that do or don't (%)            Wilson
    a count of events, each on its own (casualties)             Byar; exact below ten
    events per so many people or households (crude rate)        Byar of the count, times multiplier ÷ base

None of them suits an age-standardised rate, a mean, a sample survey with a design of its own, or a count of
every case there is to count (schools below a floor): for these the source's own limits count, or none.
"""

import numpy as np
from scipy import special

from pipelines.measures.arrays import Floats, Objects, Values, first_that_holds, numbers, ratio, words

PROPORTION, RATE, COUNT = "proportion", "rate", "count"
AS_SENT = "as sent"
METHODS = {PROPORTION: "Wilson", RATE: "Byar", COUNT: "Byar"}
EXACT = "exact Poisson"
LEVEL = 0.95
EXACT_BELOW = 10  # Byar's approximation is too coarse for smaller counts

Interval = tuple[Floats, Floats]


def wilson(count: Values, denominator: Values, level: float = LEVEL) -> Interval:
    """(lower, upper) of the share count ÷ denominator, each between 0 and 1.

    With x of n: (2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²)). NaN where either is missing, n is not above
    0, or x does not lie between 0 and n. Source: Wilson (1927), as in PHEindicatormethods.
    """
    x, n = np.broadcast_arrays(numbers(count), numbers(denominator))
    x = np.where((n > 0) & (x >= 0) & (x <= n), x, np.nan)
    z = _z(level)
    middle, spread = 2 * x + z**2, z * np.sqrt(z**2 + 4 * x * (1 - ratio(x, n)))
    width = 2 * (n + z**2)
    # a hair below 0 or above 1 is the noise of binary fractions
    return np.maximum(ratio(middle - spread, width), 0)[()], np.minimum(ratio(middle + spread, width), 1)[()]


def exact_poisson(count: Values, level: float = LEVEL) -> Interval:
    """(lower, upper) of a count of events, exact: ½χ²(α/2; 2x) and ½χ²(1 − α/2; 2x + 2). NaN below 0.

    Source: Garwood (1936), as in PHEindicatormethods.
    """
    x = _count(count)
    alpha = 1 - level
    lower = np.where(x == 0, 0.0, special.chdtri(2 * x, 1 - alpha / 2) / 2)
    return numbers(lower), numbers(special.chdtri(2 * x + 2, alpha / 2) / 2)


def byar(count: Values, level: float = LEVEL) -> Interval:
    """(lower, upper) of a count of events by Byar's method; exact where the count is below ten.

    x(1 − 1/(9x) − z/(3√x))³ and (x + 1)(1 − 1/(9(x + 1)) + z/(3√(x + 1)))³. NaN where the count is missing or
    below 0. Source: Breslow and Day (1987), as in PHEindicatormethods.
    """
    x = _count(count)
    z = _z(level)
    large, above = np.where(x > 0, x, np.nan), x + 1
    lower = large * (1 - 1 / (9 * large) - z / (3 * np.sqrt(large))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    exact_lower, exact_upper = exact_poisson(x, level)
    is_small = x < EXACT_BELOW
    return numbers(np.where(is_small, exact_lower, lower)), numbers(np.where(is_small, exact_upper, upper))


def interval(kind: Values, count: Values, denominator: Values, multiplier: Values) -> Interval:
    """(lower, upper) in the figure's own unit, each by the method of its kind.

    `multiplier` is what the unit counts by: 100 for per cent, 1,000 for a rate per 1,000; a count needs
    neither it nor a denominator. NaN for any other kind, and where something needed is missing.
    """
    kinds, x, n, per = np.broadcast_arrays(
        np.asarray(kind, dtype=object), numbers(count), numbers(denominator), numbers(multiplier)
    )
    base = ratio(per, np.where(n > 0, n, np.nan))
    share, events = wilson(x, n), byar(x)
    lower, upper = (
        np.select(
            [kinds == PROPORTION, kinds == RATE, kinds == COUNT],
            [share[end] * per, events[end] * base, events[end]],
            np.nan,
        )
        for end in (0, 1)
    )
    return numbers(lower), numbers(upper)


def kind_of(value: Values, count: Values, denominator: Values, per: Values, places: Values) -> Objects:
    """proportion or rate where a value is what its parts give, to its last place; else None.

    `per` is what the unit counts by. An age-standardised rate is not what its parts give, and so has no kind.
    """
    v, x, n, base, digits = np.broadcast_arrays(*map(numbers, (value, count, denominator, per, places)))
    given = ratio(x, np.where(n > 0, n, np.nan)) * base
    is_given = np.abs(v - given) <= 10.0**-digits * (0.5 + 1e-9)
    return first_that_holds([(~is_given, None), ((base == 100) & (x <= n), PROPORTION)], RATE)


def best_interval(
    lower: Values,
    upper: Values,
    value: Values,
    count: Values,
    denominator: Values,
    *,
    per: Values,
    places: Values,
    interval_by: Values,
) -> tuple[Floats, Floats, Objects]:
    """(lower, upper, how they were come by): as sent, else by the parts of the value, else None.

    `interval_by` is the framework's word: `count` where the value itself is a count of events, `none` where
    no interval may be worked out, anything else for the parts. Limits sent must both be there and hold the
    value.
    """
    low, high, v, by = np.broadcast_arrays(numbers(lower), numbers(upper), numbers(value), words(interval_by))
    is_sent = (low <= v) & (v <= high)
    kind = first_that_holds([(by == "count", COUNT), (by == "none", None)], "")
    kind = np.where(kind == "", kind_of(v, count, denominator, per, places), kind)
    made_low, made_high = interval(kind, np.where(kind == COUNT, v, numbers(count)), denominator, per)
    is_made = ~np.isnan(made_low)
    method = first_that_holds(
        [
            (is_sent, AS_SENT),
            (~is_made, None),
            (kind == PROPORTION, METHODS[PROPORTION]),
            (np.where(kind == COUNT, v, numbers(count)) < EXACT_BELOW, EXACT),
        ],
        METHODS[RATE],
    )
    return (
        numbers(np.where(is_sent, low, made_low)),
        numbers(np.where(is_sent, high, made_high)),
        method,
    )


def _count(count: Values) -> Floats:
    x = numbers(count)
    return np.where(x >= 0, x, np.nan)


def _z(level: float) -> float:
    """1.96 for 95%: so many standard deviations either side of the mean hold that share."""
    return float(-special.ndtri((1 - level) / 2))
