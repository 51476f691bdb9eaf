"""Small counts hidden, and as many others as it takes that no sum gives them away.

Counts stand in cells, and some cells are sums of others. Who reads what is published knows of each cell that is
shown a range (a rounded 10 is 8 to 12), of each hidden one only that it is not below zero, and the sums. Two linear
programmes per small count give the range that this leaves of it. While one is narrower than the rule allows (1 to 7
must all stay possible), the cell that does most to narrow it is hidden too; what was published earlier stays known.

Source: the audit of cell suppression by linear programming (Fischetti and Salazar, 2000); here cells are chosen one
by one from the programme's own multipliers, which hides a few more than the least possible and is always safe.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

SLACK = 1e-6


class Rule(NamedTuple):
    """Counts from 1 to `hide_up_to` are hidden (0: none), others rounded to a multiple of `round_to` (0: not)."""

    hide_up_to: float = 7
    round_to: float = 5

    def is_small(self, value: float) -> bool:
        return 0 < value <= self.hide_up_to

    def shown(self, value: float) -> float:
        """A count that is not hidden, as it is published; what is not zero is never rounded to it."""
        if not self.round_to or value == 0:
            return value
        return max(self.round_to, self.round_to * np.floor(value / self.round_to + 0.5))

    def known(self, value: float) -> tuple[float, float]:
        """Between what a reader knows a count to lie that is published, whole numbers being whole."""
        if value == 0:
            return 0.0, 0.0
        shown = self.shown(value)
        if shown == value and not self.round_to:
            return value, value
        half = self.round_to / 2
        low, high = shown - half, shown + half
        if float(value).is_integer():
            low, high = np.ceil(low), np.ceil(high) - 1
        lowest = np.floor(self.hide_up_to) + 1 if float(value).is_integer() else self.hide_up_to
        # where the smallest are all rounded up to the base itself
        low = min(low, lowest) if shown == self.round_to else low
        return float(min(max(low, lowest), value)), float(max(high, value))


@dataclass(frozen=True)
class Cell:
    """A count: its value and rule. `earlier` is the range that an earlier publication gave of it and no rule can
    take back; one that `is_implied` is never shown itself, but follows from others, as what is left of a year.
    """

    value: float
    rule: Rule = field(default_factory=Rule)
    earlier: tuple[float, float] | None = None
    is_implied: bool = False


@dataclass(frozen=True)
class Sum:
    """A cell that is so many times less the sum of others: 1 for a total, 4 for the mean of four."""

    total: str
    parts: tuple[str, ...]
    times: float = 1.0


class Range(NamedTuple):
    low: float
    high: float

    def allows(self, rule: Rule) -> bool:
        """Whether every count that the rule hides is still possible."""
        least = min(1.0, rule.hide_up_to)
        return self.low <= least + SLACK and self.high >= rule.hide_up_to - SLACK


@dataclass(frozen=True)
class Suppressed:
    """Cells that are hidden, and small ones that what was published earlier gives away whatever is hidden now."""

    hidden: frozenset[str]
    given_away: frozenset[str]


def suppress(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> Suppressed:
    """What must be hidden of some cells, so that no small count can be told from the rest."""
    hidden, given_away = set(), set()
    for names, mine in _together(cells, sums):
        small = [name for name in names if cells[name].rule.is_small(cells[name].value)]
        hidden |= {name for name in names if cells[name].is_implied or name in small}
        if not mine:
            # what stands in no sum is told by nothing but what was published of it
            given_away |= {name for name in small if not _range(name, [name], (), cells, hidden)[0].allows(
                cells[name].rule)}  # fmt: skip
            continue
        for name in small:
            while True:
                found, by = _range(name, names, mine, cells, hidden)
                if found.allows(cells[name].rule):
                    break
                left = [other for other in names if other not in hidden and cells[other].earlier is None]
                chosen = [other for other in by if other in left] or left
                if not chosen:
                    given_away.add(name)
                    break
                hidden.add(
                    min(chosen, key=lambda other: (cells[other].value == 0, cells[other].value, other))
                )
        hidden -= set(_known_anyway(names, small, mine, cells, hidden))
    return Suppressed(frozenset(hidden), frozenset(given_away))


def _known_anyway(
    names: Sequence[str],
    small: Sequence[str],
    sums: Sequence[Sum],
    cells: Mapping[str, Cell],
    hidden: Iterable[str],
) -> Iterator[str]:
    """Cells that were hidden for others' sake and that the sums give exactly: to hide them hides nothing."""
    for name in names:
        if name in hidden and name not in small and not cells[name].is_implied:
            found, _ = _range(name, names, sums, cells, hidden)
            if found.high - found.low <= SLACK:
                yield name


def _range(
    name: str, names: Sequence[str], sums: Sequence[Sum], cells: Mapping[str, Cell], hidden: Iterable[str]
) -> tuple[Range, list[str]]:
    """The least and the most that a hidden cell can be, and the cells that hold it there."""
    place = {other: number for number, other in enumerate(names)}
    known = [_known(cells[other], is_hidden=other in hidden) for other in names]
    rows = np.zeros((len(sums), len(names)))
    right = np.zeros(len(sums))
    for number, one in enumerate(sums):
        rows[number, place[one.total]] += one.times
        for part in one.parts:
            rows[number, place[part]] -= 1.0
        # sums that do not add up as they were sent are off by a constant; a reader may have guessed it
        right[number] = one.times * cells[one.total].value - sum(cells[part].value for part in one.parts)
    aim = np.zeros(len(names))
    aim[place[name]] = 1.0
    ends, by = [], set()
    for sign in (1.0, -1.0):
        solved = linprog(
            sign * aim,
            A_eq=rows if sums else None,
            b_eq=right if sums else None,
            bounds=known,
            method="highs",
        )
        if solved.status == 3:  # without end
            ends.append(sign * -np.inf)
            continue
        if solved.status != 0:
            raise ArithmeticError(f"The range of a cell could not be worked out: {solved.message}")
        ends.append(sign * solved.fun)
        weights = np.abs(solved.lower.marginals) + np.abs(solved.upper.marginals)
        if not Range(*(ends if len(ends) == 2 else (ends[0], np.inf))).allows(cells[name].rule):
            by |= {other for other in names if weights[place[other]] > SLACK and other != name}
    return Range(*ends), sorted(by)


def _known(cell: Cell, *, is_hidden: bool) -> tuple[float, float | None]:
    if cell.earlier is not None:
        low, high = cell.earlier
        if not is_hidden:
            mine = cell.rule.known(cell.value)
            low, high = max(low, mine[0]), min(high, mine[1])
        return low, None if np.isinf(high) else high
    return (0.0, None) if is_hidden else cell.rule.known(cell.value)


def _together(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> Iterator[tuple[list[str], list[Sum]]]:
    """The cells that sums tie together, each group with its sums."""
    leader = {name: name for name in cells}

    def of(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for one in sums:
        for part in one.parts:
            leader[of(part)] = of(one.total)
    groups: dict[str, list[str]] = {}
    for name in sorted(cells):
        groups.setdefault(of(name), []).append(name)
    for head in sorted(groups):
        yield groups[head], [one for one in sums if of(one.total) == head]
