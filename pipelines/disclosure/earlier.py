"""What earlier public packs have said: known for good, and so part of what a reader sets beside a new one.

Each pack that is issued leaves a file beside the archive with its counts as they were and what was published of
each. It holds what was hidden, and is never published itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.disclosure.counts import System
from pipelines.disclosure.suppress import Cell, Rule, Sum

Published = dict[str, Any]


def as_published(system: System, hidden: frozenset[str], exact: Iterable[str] = ()) -> Published:
    """What is kept of a pack: each cell with its count and the range that was published of it, and the sums. Of some
    a rating told more than their rounding did: they are taken to be known as they are.
    """
    exact = frozenset(exact) - hidden

    def known(name: str, cell: Cell) -> tuple[float | None, float | None]:
        if name in hidden:
            return None, None
        return (cell.value, cell.value) if name in exact else cell.rule.known(cell.value)

    cells = [[name, cell.value, *cell.rule, *known(name, cell)] for name, cell in system.cells.items()]
    return {"cells": cells, "sums": [[one.total, list(one.parts), one.times] for one in system.sums]}


def as_text(published: Published) -> str:
    return json.dumps(published, indent=0) + "\n"


def with_earlier(system: System, earlier: Mapping[str, Published]) -> System:
    """The system with what earlier packs, by their names, have said of the same counts and of those of then."""
    cells, sums = dict(system.cells), list(system.sums)
    for pack, published in earlier.items():
        names = {}
        for name, value, hide, base, low, high in published["cells"]:
            is_same = name in cells and cells[name].value == value
            names[name] = name if is_same else f"{name} in {pack}"
            if low is None:
                if not is_same:
                    cells[names[name]] = Cell(value, Rule(hide, base), is_implied=True)
                continue
            mine = cells[name] if is_same else Cell(value, Rule(hide, base))
            cells[names[name]] = replace(mine, earlier=_both(mine.earlier, (low, high)))
        known = {(one.total, one.parts) for one in sums}
        for total, parts, times in published["sums"]:
            one = Sum(names[total], tuple(names[part] for part in parts), times)
            if (one.total, one.parts) not in known:
                sums.append(one)
    return System(cells, sums)


def _both(first: Sequence[float] | None, second: Sequence[float]) -> tuple[float, float]:
    ranges = [second] if first is None else [first, second]
    return max(low for low, _ in ranges), min(high for _, high in ranges)
