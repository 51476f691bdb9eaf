"""Which series count the same things: a target by the year and its proxy by the month, a rate's numerator and a proxy.

The framework says it of some (the sheet of proxies, *Adds up to target*). Of a target and a proxy of it that nobody
says it of, the figures do: where they give the same count of the same place and period, and mostly do wherever both
are known, whoever reads both will take them for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines.disclosure.counts import Count, Key, Series
from pipelines.disclosure.timeline import Timeline, is_close

Link = tuple[
    str, str, bool
]  # a target and a proxy of it, and whether the framework says that the one adds up to the other


def same_things(counts: Iterable[Count], links: Iterable[Link]) -> list[tuple[Series, Series]]:
    """Pairs of series that count the same, a target's first."""
    by_series: dict[Series, dict[Key, float]] = defaultdict(dict)
    for count in counts:
        by_series[count.key.series][count.key] = count.value
    of: dict[str, list[Series]] = defaultdict(list)
    for series in sorted(by_series):
        of[series[0]].append(series)
    return [
        (mine, theirs)
        for target, proxy, is_said in links
        for mine in of[target]
        for theirs in of[proxy]
        if (is_said and mine[1] == theirs[1]) or _agree(by_series[mine], by_series[theirs])
    ]


def _agree(mine: dict[Key, float], theirs: dict[Key, float]) -> bool:
    """Whether two series give one count at least once, and one close to the other mostly."""
    both = [*_beside(mine, theirs), *_beside(theirs, mine)]
    close = sum(is_close(one, other) for one, other in both)
    return any(one == other > 0 for one, other in both) and 2 * close > len(both)


def _beside(mine: dict[Key, float], theirs: dict[Key, float]) -> Iterator[tuple[float, float]]:
    """Each count of the one series beside what the other has of the same place and period."""
    lines: dict[str, Timeline] = defaultdict(Timeline)
    for key in _shortest_first(list(theirs)):
        lines[key.area].takes(key.start, key.after, theirs[key])
    for key, value in mine.items():
        other = lines[key.area].between(key.start, key.after) if key.area in lines else None
        if other is not None:
            yield value, other


def _shortest_first(keys: Sequence[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (key.after - key.start, key.start))
