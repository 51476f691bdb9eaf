"""Small counts hidden, and as many others as it takes that no sum gives them away.

Counts stand in cells, and some cells are sums of others. Who reads what is published knows of each cell that is
shown a range (a rounded 10 is 8 to 12), of each hidden one only that it is not below zero, and the sums. Two linear
programmes per small count give the range that this leaves of it. While one is narrower than the rule allows (1 to 7
must all stay possible), the cell that does most to narrow it is hidden too; what was published earlier stays known.
Then the same for whoever goes through this rule himself and so finds out which of the hidden ones are small, and
which were hidden for their sake: more is hidden until each is left as wide as it can be left.

Source: the audit of cell suppression by linear programming (Fischetti and Salazar, 2000); here cells are chosen one
by one from the programme's own multipliers, which hides a few more than the least possible and is always safe.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

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


def strictest(rules: Iterable[Rule]) -> Rule:
    """The rule that hides as much as any of these, and rounds as much."""
    rules = list(rules)
    return Rule(max(one.hide_up_to for one in rules), max(one.round_to for one in rules))


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
    for names, mine in together(cells, sums):
        small = [name for name in names if cells[name].rule.is_small(cells[name].value)]
        hidden |= {name for name in names if cells[name].is_implied or name in small}
        if not mine:
            # what stands in no sum is told by nothing but what was published of it
            given_away |= {name for name in small if not _alone(cells[name]).allows(cells[name].rule)}
            continue
        if not small:
            continue
        ranks = Counter(name for one in mine for name in (one.total, one.total, *one.parts))
        group = _Group(names, mine, cells, hidden)
        group.look_about(small)
        for name in small:
            while not group.allows(name):
                found, by = group.range(name)
                if found.allows(cells[name].rule):
                    break
                left = [other for other in names if other not in hidden and cells[other].earlier is None]
                chosen = [other for other in by if other in left] or left
                if not chosen:
                    given_away.add(name)
                    break
                # by where it stands alone: were it the least, a reader would know that it is no less than those left
                goes = min(chosen, key=lambda other: (cells[other].value == 0, ranks[other], other))
                hidden.add(goes)
                group.hide(goes)
        kept = [name for name in small if name not in given_away]
        for name in list(_from_the_knowing(names, mine, cells, hidden, kept)):
            hidden.add(name)
            group.hide(name)
        hidden -= set(_known_anyway(group, small, hidden))
    return Suppressed(frozenset(hidden), frozenset(given_away))


def _from_the_knowing(
    names: Sequence[str],
    sums: Sequence[Sum],
    cells: Mapping[str, Cell],
    hidden: Iterable[str],
    small: Sequence[str],
) -> Iterator[str]:
    """What else must be hidden of whoever knows why each hidden cell is: as small, or for another's sake.

    Not more can be asked than what is left where all is hidden: parts of a small total are smaller than it.
    """
    ranks = Counter(name for one in sums for name in (one.total, one.total, *one.parts))
    hidden = set(hidden)
    group = _Group(names, sums, cells, hidden, knows_steps=True)
    free = {name for name in names if cells[name].earlier is None}
    widest = _Group(names, sums, cells, hidden | free, knows_steps=True)
    for one in (group, widest):
        one.look_about(small)
    for name in small:
        while not group.allows(name):
            found, by = group.range(name)
            can_be, _ = widest.range(name)
            if found.low <= max(can_be.low, 1.0) + SLACK and found.high >= can_be.high - SLACK:
                break
            left = [other for other in names if other in free and other not in hidden]
            chosen = [other for other in by if other in left] or left
            if not chosen:
                break
            goes = min(chosen, key=lambda other: (cells[other].value == 0, ranks[other], other))
            hidden.add(goes)
            group.hide(goes)
            yield goes


def _alone(cell: Cell) -> Range:
    low, high = _known(cell, is_hidden=True)
    return Range(low, np.inf if high is None else high)


def _known_anyway(group: "_Group", small: Sequence[str], hidden: Iterable[str]) -> Iterator[str]:
    """Cells that were hidden for others' sake and that the sums give exactly: to hide them hides nothing."""
    for name in group.names:
        if name in hidden and name not in small and not group.cells[name].is_implied:
            if group.span_seen(name) > SLACK:
                continue
            found, _ = group.range(name)
            if found.high - found.low <= SLACK:
                yield name


class _Group:
    """Cells that sums tie together, as a reader has them, in one matrix.

    Whatever a programme has found to be possible stays so, as hiding more never leaves a reader less of a choice:
    `_least` and `_most` are the ends that were met so far, and spare most programmes.
    """

    def __init__(
        self,
        names: Sequence[str],
        sums: Sequence[Sum],
        cells: Mapping[str, Cell],
        hidden: Iterable[str],
        *,
        knows_steps: bool = False,
    ) -> None:
        self.names, self.cells, self._knows_steps = names, cells, knows_steps
        self._place = {name: number for number, name in enumerate(names)}
        hidden = set(hidden)
        self._known = [self._of(name, is_hidden=name in hidden) for name in names]
        self._least = np.array([cells[name].value for name in names])
        self._most = self._least.copy()
        from scipy.sparse import coo_array

        rows, columns, factors = [], [], []
        for number, one in enumerate(sums):
            for name, factor in ((one.total, one.times), *((part, -1.0) for part in one.parts)):
                rows.append(number)
                columns.append(self._place[name])
                factors.append(factor)
        self._rows = coo_array((factors, (rows, columns)), shape=(len(sums), len(names))).tocsr()
        # sums that do not add up as they were sent are off by a constant; a reader may have guessed it
        self._right = self._rows @ self._least

    def hide(self, name: str) -> None:
        self._known[self._place[name]] = self._of(name, is_hidden=True)

    def _of(self, name: str, *, is_hidden: bool) -> tuple[float, float | None]:
        cell = self.cells[name]
        low, high = _known(cell, is_hidden=is_hidden)
        if is_hidden and self._knows_steps:
            least, most = _of_step(cell)
            return max(low, least), most if high is None else high if most is None else min(high, most)
        return low, high

    def allows(self, name: str) -> bool:
        """Whether what has been met so far shows already that every count that the rule hides is possible."""
        place = self._place[name]
        return Range(self._least[place], self._most[place]).allows(self.cells[name].rule)

    def span_seen(self, name: str) -> float:
        return float(self._most[self._place[name]] - self._least[self._place[name]])

    def look_about(self, small: Sequence[str]) -> None:
        """As many small counts as can be at either end at once, so that few need a programme of their own."""
        aim = np.zeros(len(self.names))
        capped = list(self._known)
        for name in small:
            place, cell = self._place[name], self.cells[name]
            aim[place] = 1.0
            low, high = capped[place]
            cap = max(cell.rule.hide_up_to, cell.value)
            capped[place] = (low, cap if high is None else min(high, cap))
        for sign in (1.0, -1.0):
            self._solve(sign * aim, capped)

    def range(self, name: str) -> tuple[Range, list[str]]:
        """The least and the most that a hidden cell can be, and the cells that hold it there."""
        aim = np.zeros(len(self.names))
        aim[self._place[name]] = 1.0
        ends, by = [], set()
        for sign in (1.0, -1.0):
            solved = self._solve(sign * aim, self._known)
            if solved is None:
                ends.append(sign * -np.inf)
                continue
            ends.append(sign * solved.fun)
            weights = np.abs(solved.lower.marginals) + np.abs(solved.upper.marginals)
            if not Range(*(ends if len(ends) == 2 else (ends[0], np.inf))).allows(self.cells[name].rule):
                by |= {other for other in self.names if weights[self._place[other]] > SLACK and other != name}
        return Range(*ends), sorted(by)

    def _solve(self, aim: np.ndarray, known: Sequence[tuple[float, float | None]]) -> Any:
        """One programme; None where there is no end."""
        # half a second to import, and few commands hide anything
        from scipy.optimize import linprog

        solved = linprog(aim, A_eq=self._rows, b_eq=self._right, bounds=known, method="highs")
        if solved.status == 3:
            return None
        if solved.status != 0:
            raise ArithmeticError(f"The range of a cell could not be worked out: {solved.message}")
        self._least = np.minimum(self._least, solved.x)
        self._most = np.maximum(self._most, solved.x)
        return solved


def _of_step(cell: Cell) -> tuple[float, float | None]:
    """Between what a hidden cell lies for whoever knows why it is hidden: as small, or for another's sake.

    One that is never shown itself is hidden for no reason, and a zero that is hidden for another's sake may be as many.
    """
    value, most = float(cell.value), cell.rule.hide_up_to
    if cell.is_implied or value == 0:
        return 0.0, None
    if cell.rule.is_small(value):
        return (1.0 if value.is_integer() else 0.0), most
    return (float(np.floor(most)) + 1 if value.is_integer() else most), None


def _known(cell: Cell, *, is_hidden: bool) -> tuple[float, float | None]:
    if cell.earlier is not None:
        low, high = cell.earlier
        if not is_hidden:
            mine = cell.rule.known(cell.value)
            low, high = max(low, mine[0]), min(high, mine[1])
        return low, None if np.isinf(high) else high
    return (0.0, None) if is_hidden else cell.rule.known(cell.value)


def together(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> Iterator[tuple[list[str], list[Sum]]]:
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
