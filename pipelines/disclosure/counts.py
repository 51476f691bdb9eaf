"""The counts that the public edition would show, and which of them are sums of others.

A cell is a count of one subject (a target, a proxy, a project's output) for one area and period: its value, or the
numerator or denominator behind a rate. Sums are found in the figures themselves: a year that is the sum, or the
mean, of its quarters or months; an area that is the sum of those within it; a target to which a proxy adds up. Where
some parts were never sent, what is left of the total is a cell too, though none that is shown: a reader can take the
others from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.disclosure.suppress import Cell, Rule, Sum

CLOSE, CLOSE_SHARE = (
    2.0,
    0.02,
)  # how far a sum may be off and still be taken for one, as a number and as a share


class Key(NamedTuple):
    """Which count: of what, what of it, where, and from which day to which."""

    subject: str
    quantity: str
    area: str
    start: date
    end: date

    @property
    def name(self) -> str:
        return f"{self.subject}|{self.quantity}|{self.area}|{self.start}|{self.end}"

    @property
    def months(self) -> int:
        """Its length in whole months."""
        return _apart(self.start, self.end + timedelta(days=1))


class Count(NamedTuple):
    """A count as it stands now, and the rule of its source."""

    key: Key
    value: float
    rule: Rule


@dataclass
class System:
    """Cells by name, and the sums between them."""

    cells: dict[str, Cell] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)


def system_of(
    counts: Iterable[Count], within: Mapping[str, tuple[str, str]], adds_up: Mapping[str, Iterable[str]]
) -> System:
    """The cells of these counts and their sums.

    `within` says in which area each area lies and of which kind it is, `adds_up` which subjects' counts add up to a
    subject's.
    """
    counts = list(counts)
    found = System({one.key.name: Cell(one.value, one.rule) for one in counts})
    by_series: dict[tuple[str, str, str], list[Count]] = defaultdict(list)
    by_moment: dict[tuple[str, str, date, date], list[Count]] = defaultdict(list)
    for one in counts:
        by_series[one.key.subject, one.key.quantity, one.key.area].append(one)
        by_moment[one.key.subject, one.key.quantity, one.key.start, one.key.end].append(one)
    for total in counts:
        for subject in dict.fromkeys((total.key.subject, *adds_up.get(total.key.subject, ()))):
            series = by_series.get((subject, total.key.quantity, total.key.area), [])
            for parts, months in _parts(total.key, series):
                _add(found, total, parts, total.key.months // months if months else 2)
        key = total.key
        moment = by_moment[key.subject, key.quantity, key.start, key.end]
        for place in sorted(set(within.values())):
            if place[0] == key.area and (
                inside := [one for one in moment if within.get(one.key.area) == place]
            ):
                expected = sum(other == place for other in within.values())
                _add(found, total, inside, expected, may_be_mean=False)
    return found


def _parts(total: Key, series: Iterable[Count]) -> Iterator[tuple[list[Count], int]]:
    """The counts of a series that lie in a total one after the other, with their length in months; 0 for one that
    begins with it and does not go into it a whole number of times.
    """
    by_length: dict[int, list[Count]] = defaultdict(list)
    for one in series:
        key = one.key
        if total.start <= key.start and key.end <= total.end and key.months < total.months:
            by_length[key.months].append(one)
    for months, found in sorted(by_length.items()):
        if total.months % months == 0 and all(
            _apart(total.start, one.key.start) % months == 0 for one in found
        ):
            yield sorted(found), months
            continue
        # spend and outputs to date: what is left of the longer is what came since the shorter
        for one in found:
            if one.key.start == total.start:
                yield [one], 0


def _apart(first: date, later: date) -> int:
    """Whole months from the one day to the other."""
    return (later.year - first.year) * 12 + later.month - first.month


def _add(found: System, total: Count, parts: list[Count], expected: int, *, may_be_mean: bool = True) -> None:
    """The sum that a total and its parts make, if they make one; what is left of it where parts are lacking."""
    together = sum(one.value for one in parts)
    names = tuple(one.key.name for one in parts)
    if len(parts) == expected:
        for times in (1.0, float(expected)) if may_be_mean else (1.0,):
            if abs(times * total.value - together) <= max(CLOSE, CLOSE_SHARE * together):
                found.sums.append(Sum(total.key.name, names, times))
                return
        return
    left = total.value - together
    if left >= 0:
        rest = f"rest of {total.key.name} beside {len(parts)} of {names[0]}"
        found.cells[rest] = Cell(left, total.rule, is_implied=True)
        found.sums.append(Sum(total.key.name, (*names, rest)))
