"""What a rate that was sent alone is of: as was sent beside others of its series, or as the framework's bases have it.

A city's rate, and its wards' with numerators and denominators: the wards' denominators together are the city's, and
so anybody can work out the city's numerator, and from it a ward's that is hidden. How many people live in an area, or
how many households there are, everybody knows.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import duckdb

from pipelines.disclosure.grid import Within

Period = tuple[date, date]


class Denominators:
    """Those of one series, by area and period (its first day and its last); and its bases, by area and first day."""

    def __init__(self, within: Within) -> None:
        self._by_area: dict[str, dict[Period, float]] = defaultdict(dict)
        self._bases: dict[str, dict[date, float]] = defaultdict(dict)
        self._parts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for part, place in within.items():
            self._parts[place].append(part)

    def sent(self, area: str, start: date, end: date, number: float) -> None:
        self._by_area[area][start, end] = number

    def base(self, area: str, since: date, number: float) -> None:
        self._bases[area][since] = number

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
        bases = sorted(self._bases.get(area, {}).items())
        return next(
            (number for since, number in reversed(bases) if since <= end), bases[0][1] if bases else None
        )


def denominators(
    connection: duckdb.DuckDBPyConnection, table: str, ref: str, area: str, within: Within
) -> Mapping[str, Denominators]:
    """Those of every series of a table of staging, by the series' reference."""
    found: dict[str, Denominators] = defaultdict(lambda: Denominators(within))
    for id_, where, start, end, number in connection.execute(
        f"select {ref}, {area}, period_start, period_end, denominator from staging.received_{table} as rows "
        "where denominator is not null and period_start is not null"
    ).fetchall():
        found[id_].sent(where, start, end, number)
    if ref == "target_id":
        for id_, where, since, number in connection.execute(
            "select distinct targets.target_id, bases.area_id, bases.since, bases.value "
            "from framework.received_targets as targets inner join framework.received_bases as bases "
            "on targets.base = bases.base"
        ).fetchall():
            found[id_].base(where, since, number)
    return found
