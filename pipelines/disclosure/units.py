"""Which units are counts and which are rates, and of how many; and the counts that lie behind a rate."""

import re
from collections.abc import Sequence

PER = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)
# units are typed by people: per 1,000, Per 1 000, rate per thousand, percentage
PER_CENT = re.compile(r"\bper ?cent", re.IGNORECASE)
PER_SO_MANY = re.compile(r"\bper\s+([0-9]{1,3}(?:[,\s][0-9]{3})+|[0-9]+|[a-z]+)", re.IGNORECASE)
MANY = {"hundred": 100.0, "thousand": 1_000.0, "million": 1_000_000.0}


def numerator_of(numbers: Sequence[float | None], units: Sequence[str]) -> float | None:
    """The count behind a rate: as sent, else as anybody can work it out who has the rate and what it is of."""
    value, numerator, denominator = numbers
    if numerator is not None or value is None or denominator is None:
        return numerator
    per = base_among(units)
    return None if per is None else round(value * denominator / per)


def base_among(units: Sequence[str]) -> float | None:
    """What the first of these units counts by that tells it."""
    return next(filter(None, map(base_of, units)), None)


def base_of(unit: str) -> float | None:
    """What a unit counts by: 100 for per cent, 1,000 for a rate per 1,000, 1 for one per household; None for others."""
    if _is_money(unit):
        return None
    if "%" in unit or PER_CENT.search(unit):
        return 100.0
    found = PER_SO_MANY.search(unit)
    if found is None:
        return None
    many = found[1].casefold()
    return float(re.sub(r"\D", "", many)) if many[0].isdigit() else MANY.get(many, 1.0)


def is_counted(unit: str) -> bool:
    """Whether values in this unit count people, events or things, whatever they look like: all but shares, rates by a
    base that can be read, money and years of life. Crimes per month, and what is told "per school", are counts.
    """
    return not (base_of(unit) in PER[1:] or _is_money(unit) or unit == "years")


def per_so_many(
    rate: float, numerator: float | None, denominator: float | None, base: float | None
) -> float | None:
    """By how many a rate is counted (100, 1,000 …), if it is its numerator over its denominator: what its unit says
    where that fits, else what fits best.
    """
    if numerator is None or not denominator:
        return None
    off = {per: abs(rate - per * numerator / denominator) for per in (*PER, *([base] if base else ()))}
    fits = [per for per in off if off[per] <= max(0.06, 0.02 * rate)]
    return base if base in fits else min(fits, key=lambda per: off[per], default=None)


def _is_money(unit: str) -> bool:
    return "£" in unit or unit == "GBP"
