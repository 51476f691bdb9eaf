"""Limits of the rules: settings that the framework may have, and what holds while it has none.

A rule looks a limit up in `framework.limits` of its context select, so that no SQL holds a number of its own.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Limit(NamedTuple):
    """A setting that a rule needs: what holds without it, between what it must lie, and what it does."""

    default: float
    least: float
    most: float
    meaning: str


LIMITS: dict[str, Limit] = {
    "jump_k": Limit(
        5,
        1,
        100,
        "A value is queried when it lies more than this many times the usual spread off the median.",
    ),
    "jump_earlier": Limit(4, 2, 100, "How many earlier values there must be before a jump is looked for."),
    "jump_factor": Limit(
        5,
        1.5,
        1000,
        "While there are too few earlier values for that, a value is queried that is this many times all of them.",
    ),
    "jump_floor_pct": Limit(
        3, 0, 100, "The usual spread is never taken for less than this percentage of the median."
    ),
    "slip_earlier": Limit(
        2, 1, 100, "How many earlier values there must be before a slip by tens, hundreds … is looked for."
    ),
    "base_off_pct": Limit(
        20,
        1,
        100,
        "A denominator is queried when it is further than this percentage off the base it should be.",
    ),
    "contradiction_pct": Limit(
        25, 1, 100, "From this variance on, in percent of the profile, a comment that all is well is queried."
    ),
}


def limits(settings: Mapping[str, Any]) -> dict[str, float]:
    """Every limit: the framework's setting where it has one that can be used, else the default."""
    found = {}
    for name, limit in LIMITS.items():
        try:
            value = float(settings.get(name, limit.default))
        except (TypeError, ValueError):
            value = limit.default  # framework_checks asks about it
        found[name] = value if limit.least <= value <= limit.most else limit.default
    return found
