"""What a rate that was sent alone is of: as was sent beside others of its series, or as the framework's bases have it.

A city's rate, and its wards' with numerators and denominators: the wards' denominators together are the city's, and
so anybody can work out the city's numerator, and from it a ward's that is hidden; and so from the city's and all wards'
but one that one's. How many people live in an area, or how many households there are, everybody knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb

from pipelines.disclosure.counts import Key
from pipelines.disclosure.grid import Grid, Stood, Within

DENOMINATOR = "denominator"
Bases = Sequence[tuple[str, date, float]]  # area, the day from which it holds, how many


class Denominators:
    """Those of one series: as sent and as they follow from these over places and time, and its bases.

    `asked` are the places and periods of all its rows, be there a denominator or not.
    """

    def __init__(
        self, sent: Mapping[Key, float], asked: Iterable[Key], bases: Bases, within: Within, stood: Stood
    ) -> None:
        self._sent, self._bases, self._known = sent, bases, dict(sent)
        if sent:
            keys = sorted({*sent, *(key._replace(quantity=DENOMINATOR) for key in asked)})
            Grid(keys, within, stood, self._known).follow()

    def of(self, key: Key) -> float | None:
        """Of a place and a period; None where nobody could know. Where it is not known for that very period, the least
        of what a reader may take it for: of the period of that length that ends nearest, or by the base.
        """
        mine = key._replace(quantity=DENOMINATOR)
        if mine in self._known:
            return self._known[mine]
        near = [one for one in self._sent if one.area == key.area and one.months == key.months]
        likely = [self._sent[min(near, key=lambda one: (abs(one.end - key.end), one))]] if near else []
        bases = sorted((since, number) for area, since, number in self._bases if area == key.area)
        if bases:
            held = [number for since, number in bases if since <= key.end]
            likely.append(held[-1] if held else bases[0][1])
        return min(likely, default=None)


def denominators(
    connection: duckdb.DuckDBPyConnection, keys: Mapping[str, Iterable[Key]], sent: Mapping[Key, float],
    within: Within, stood: Stood,
) -> dict[str, Denominators]:  # fmt: skip
    """Those of every series, by its reference; `keys` are the places and periods that it is asked for."""
    bases: dict[str, list[tuple[str, date, float]]] = defaultdict(list)
    for id_, *base in connection.execute(
        "select distinct targets.target_id, bases.area_id, bases.since, bases.value "
        "from framework.received_targets as targets inner join framework.received_bases as bases "
        "on targets.base = bases.base"
    ).fetchall():
        bases[f"target:{id_}"].append((base[0], base[1], float(base[2])))
    by_subject: dict[str, dict[Key, float]] = defaultdict(dict)
    for key, number in sent.items():
        by_subject[key.subject][key] = number
    return {
        subject: Denominators(by_subject[subject], asked, bases[subject], within, stood)
        for subject, asked in keys.items()
    }
