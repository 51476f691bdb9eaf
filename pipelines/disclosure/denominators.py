"""What a rate that was sent alone is of: the denominators that were sent beside others of its series.

A city's rate, and its wards' with numerators and denominators: the wards' denominators together are the city's, and
so anybody can work out the city's numerator, and from it a ward's that is hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

Within = Mapping[str, tuple[str, str]]
Period = tuple[date, date]


class Denominators:
    """Those of one series, by area and period (from its first day to its last)."""

    def __init__(self, sent: Iterable[tuple[str, date, date, float | None]], within: Within) -> None:
        self._by_area: dict[str, dict[Period, float]] = defaultdict(dict)
        for area, start, end, denominator in sent:
            if denominator is not None:
                self._by_area[area][start, end] = denominator
        self._parts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for part, place in within.items():
            self._parts[place].append(part)

    def of(self, area: str, start: date, end: date) -> float | None:
        """Of an area in a period, or in the one that ends nearest to it; None where nobody could know."""
        mine = self._by_area.get(area)
        if mine:
            return min(mine.items(), key=lambda one: (one[0] != (start, end), abs(one[0][1] - end), one[0]))[
                1
            ]
        for (parent, _), parts in sorted(self._parts.items()):
            together = (
                [self._by_area.get(part, {}).get((start, end)) for part in parts] if parent == area else []
            )
            known = [number for number in together if number is not None]
            if known and len(known) == len(parts):
                return sum(known)
        return None
