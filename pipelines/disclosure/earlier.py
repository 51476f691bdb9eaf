"""What earlier public packs have said: known for good, and so part of what a reader sets beside a new one.

Each pack that is issued leaves a file beside the archive with its counts as they were and what was published of
each. It holds what was hidden, and is never published itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.disclosure.counts import Count, Key, System
from pipelines.disclosure.suppress import Cell, Rule, Sum

Published = dict[str, Any]


def as_published(system: System, hidden: frozenset[str], exact: Iterable[str] = ()) -> Published:
    """What is kept of a pack: each count that was sent, its rule and the range that was published of it. Of some a
    rating told more than their rounding did: they are taken to be known as they are.
    """
    exact = frozenset(exact) - hidden

    def known(name: str, cell: Cell) -> tuple[float | None, float | None]:
        if name in hidden:
            return None, None
        return (cell.value, cell.value) if name in exact else cell.rule.known(cell.value)

    cells = [
        [name, cell.value, *cell.rule, *known(name, cell)]
        for name, cell in system.cells.items()
        if not cell.is_implied
    ]
    return {"cells": cells}


def as_text(published: Published) -> str:
    return json.dumps(published, indent=0) + "\n"


def with_earlier(
    system: System,
    counts: Iterable[Count],
    earlier: Mapping[str, Published],
    sums_of: Callable[[list[Count]], System],
) -> System:
    """The system with what earlier packs, by their names, have said.

    Each pack is looked at with the counts of today that it had not: a ward that was sent since lies within what was
    left over of the city then. Of these and its own `sums_of` finds the sums. Counts that were restated since stand
    beside those of today, under the pack's name.
    """
    now = {count.key.name: count for count in counts}
    cells, sums = dict(system.cells), dict.fromkeys(system.sums)
    for pack, published in earlier.items():
        ranges = {name: (low, high) for name, *_, low, high in published["cells"] if low is not None}
        then = {
            name: Count(Key.named(name), value, Rule(hide, base))
            for name, value, hide, base, *_ in published["cells"]
        }
        is_as_now = all(name in now and now[name].value == one.value for name, one in then.items())
        found = system if is_as_now else sums_of([*(now | then).values()])
        names = {}
        for name, cell in found.cells.items():
            is_same = name in cells and cells[name].value == cell.value
            names[name] = name if is_same else f"{name} in {pack}"
            # what was hidden then, and is another count now, is shown nowhere
            cells.setdefault(names[name], replace(cell, is_implied=cell.is_implied or name not in ranges))
            if name in ranges:
                mine = cells[names[name]]
                cells[names[name]] = replace(mine, earlier=_both(mine.earlier, ranges[name]))
        renamed = (
            Sum(names[one.total], tuple(names[part] for part in one.parts), one.times) for one in found.sums
        )
        sums |= dict.fromkeys(renamed)
    return System(cells, list(sums))


def _both(first: Sequence[float] | None, second: Sequence[float]) -> tuple[float, float]:
    ranges = [second] if first is None else [first, second]
    return max(low for low, _ in ranges), min(high for _, high in ranges)
