"""Which counts are sums of others, over time and over places: found in the figures themselves.

All counts of one thing stand on one grid (grid.py). Series that count the same (same_things.py) have a grid together
besides their own; those whom a denominator has and its numerator has not have one too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, repeat

from pipelines.disclosure.counts import Count, Equation, Key, Series, System
from pipelines.disclosure.grid import Grid, Stood, Within
from pipelines.disclosure.implied import assigned, keys_of
from pipelines.disclosure.suppress import Cell, Rule, Sum, strictest
from pipelines.disclosure.timeline import is_close

NOTHING = Rule(0, 0)
DENOMINATOR = "denominator"
# the quantity of those that a denominator has and its numerator, or a count that was sent beside it, has not
OTHERS = {"numerator": "others", "value": "others than the value"}
COUNTED = {others: counted for counted, others in OTHERS.items()}


def system_of(
    counts: Iterable[Count],
    within: Within,
    same: Iterable[tuple[Series, Series]] = (),
    stood: Stood | None = None,
) -> System:
    """The cells of these counts and of what follows from them, and their sums.

    `within` says in which area each area lies and of which kind it is, `same` which series count the same things.
    `stood` says from when to when an area has been one, where that is not always.
    """
    sent = {one.key: one for one in counts}
    told = _told(sent)

    def grid(own: list[Key]) -> Iterator[Equation]:
        return Grid(own, within, stood or {}, told.values).equations()

    equations = [one for _, own in sorted(told.keys.items()) for one in grid(own)]
    named: dict[Key, Key] = {}
    for first, *others in _things(same, told.keys):
        equations += _as_one(first, others, told, sent, named)
        equations += grid(sorted({key.of(first) for series in (first, *others) for key in told.keys[series]}))
    everywhere = keys_of(equations).union(*told.keys.values())
    equations += [_of_denominator(key) for key in sorted(everywhere) if key.quantity in COUNTED]
    return _system(_telling(dict.fromkeys(one.renamed(named) for one in equations), sent), told, sent)


@dataclass
class _Told:
    """What was sent, and what follows from it: by series its keys and its rule, and every count that is known."""

    keys: dict[Series, list[Key]]
    rules: dict[Series, Rule]
    values: dict[Key, float]


def _told(sent: Mapping[Key, Count]) -> _Told:
    told = _Told(defaultdict(list), {}, {key: count.value for key, count in sent.items()})
    for key, count in sent.items():
        told.keys[key.series].append(key)
        told.rules[key.series] = strictest((told.rules.get(key.series, NOTHING), count.rule))
    for key, rest, value in _others(sent):
        told.keys[rest.series].append(rest)
        told.rules[rest.series] = told.rules[key.series]
        told.values[rest] = value
    return told


def _as_one(
    first: Series, others: list[Series], told: _Told, sent: Mapping[Key, Count], named: dict[Key, Key]
) -> Iterator[Equation]:
    """Take counts of other series for counts of the first: `named` says by which key each goes that the first has not
    sent; what two have sent is the same count twice.
    """
    told.rules[first] = strictest(told.rules[one] for one in (first, *others))
    theirs = [key for one in others for key in told.keys[one]]
    values = told.values
    close = [is_close(values.setdefault(key.of(first), values[key]), values[key]) for key in theirs]
    for key in compress(theirs, close if 2 * sum(close) < len(close) else repeat(True)):
        mine = key.of(first)
        known = mine if mine in sent else named.setdefault(mine, key)
        if known != key:
            yield Equation(known, (key,))


def _system(equations: list[Equation], told: _Told, sent: Mapping[Key, Count]) -> System:
    """The cells that equations are of, with each count that was sent beside them, and the equations as sums."""
    unknown = assigned(equations, told.values)
    found = System({key.name: count.cell for key, count in sent.items()})
    for key in sorted(keys_of(equations) - sent.keys()):
        rule = told.rules[key.series] if key in told.values else NOTHING
        found.cells[key.name] = Cell(told.values.get(key, unknown.get(key, 0.0)), rule, is_implied=True)
    for one in equations:
        _add(found, one, {key.name for key in unknown}, told.rules[one.parts[0].series])
    return found


def _things(same: Iterable[tuple[Series, Series]], sent: Mapping[Series, list[Key]]) -> list[list[Series]]:
    """Series that count the same, together; of each such group the one whose name the grid has comes first."""
    groups: dict[Series, list[Series]] = {}
    for pair in same:
        both = [one for one in pair if one in sent]
        together = list(dict.fromkeys(each for one in both for each in groups.get(one, [one])))
        groups |= dict.fromkeys(together, together)
    return [group for one, group in sorted(groups.items()) if len(group) > 1 and group[0] == one]


def _others(sent: Mapping[Key, Count]) -> Iterator[tuple[Key, Key, float]]:
    """Those who were not counted: of 40 pupils 39 passed, and so one did not. Each count that was sent beside what it
    is of, the key of the others, and how many they are.
    """
    for key, count in sorted(sent.items()):
        whole = sent.get(key._replace(quantity=DENOMINATOR))
        others = OTHERS.get(key.quantity)
        if others and whole and count.value <= whole.value:
            yield key, key._replace(quantity=others), whole.value - count.value


def _of_denominator(others: Key) -> Equation:
    """A denominator as those who were counted and those who were not, of a place and a period that may not be sent."""
    whole, counted = (others._replace(quantity=name) for name in (DENOMINATOR, COUNTED[others.quantity]))
    return Equation(whole, (counted, others))


def _add(found: System, one: Equation, unknown: set[str], rule: Rule) -> None:
    """A sum; of a total that is known, what its unknown parts come to is a cell of its own."""
    total, parts = one.total.name, [part.name for part in one.parts]
    left = [part for part in parts if part in unknown]
    if total in unknown or len(left) < 2:
        found.sums.append(Sum(total, tuple(parts), one.times))
        return
    rest = f"together: {' + '.join(left)}"
    if rest not in found.cells:
        value = sum(found.cells[part].value for part in left)
        found.cells[rest] = Cell(value, rule, is_implied=True)
        found.sums.append(Sum(rest, tuple(left)))
    found.sums.append(Sum(total, (*(part for part in parts if part not in unknown), rest), one.times))


def _telling(equations: Iterable[Equation], sent: Iterable[Key]) -> list[Equation]:
    """The sums that say anything: not those of which one side, that nobody sent, stands nowhere else."""
    kept, sent = list(equations), set(sent)
    while True:
        seen = Counter(key for one in kept for key in (one.total, *one.parts))

        def is_loose(key: Key, seen: Counter[Key] = seen) -> bool:
            return key not in sent and seen[key] == 1

        found = [
            one for one in kept if not is_loose(one.total) and not all(is_loose(part) for part in one.parts)
        ]
        if len(found) == len(kept):
            return kept
        kept = found
