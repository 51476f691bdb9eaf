"""Small counts in tables with totals, against an attacker of the tests' own who knows all that is published."""

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.disclosure.suppress import Cell, Rule, Sum, suppress

DEFAULT = Rule()


class Published(NamedTuple):
    """A table with its totals as a reader has it: numbers, None where something is hidden; and which rule holds."""

    numbers: dict[str, float | None]
    rule: Rule


def table(values: list[list[int]], rule: Rule) -> tuple[dict[str, Cell], list[Sum]]:
    """Cells and sums of a table whose rows, columns and whole have totals."""
    rows, columns = len(values), len(values[0])
    cells = {f"{r},{c}": Cell(values[r][c], rule) for r, c in product(range(rows), range(columns))}
    sums = []
    for r in range(rows):
        cells[f"{r},all"] = Cell(sum(values[r]), rule)
        sums.append(Sum(f"{r},all", tuple(f"{r},{c}" for c in range(columns))))
    for c in range(columns):
        cells[f"all,{c}"] = Cell(sum(row[c] for row in values), rule)
        sums.append(Sum(f"all,{c}", tuple(f"{r},{c}" for r in range(rows))))
    cells["all,all"] = Cell(sum(map(sum, values)), rule)
    sums.append(Sum("all,all", tuple(f"{r},all" for r in range(rows))))
    sums.append(Sum("all,all", tuple(f"all,{c}" for c in range(columns))))
    return cells, sums


def published(cells: dict[str, Cell], hidden: frozenset[str], rule: Rule) -> Published:
    numbers = {name: None if name in hidden else rule.shown(cell.value) for name, cell in cells.items()}
    return Published(numbers, rule)


def attack(seen: Published, rows: int, columns: int) -> dict[str, tuple[float, float]]:
    """The range of each hidden cell, from the inner cells alone as unknowns: built from the picture of the table,
    not from what the suppressor was told.
    """
    names = [f"{r},{c}" for r, c in product(range(rows), range(columns))]

    def over(name: str) -> np.ndarray:
        r, c = name.split(",")
        return np.array(
            [1.0 if r in (a, "all") and c in (b, "all") else 0.0 for a, b in (n.split(",") for n in names)]
        )

    above, limits = [], []
    for name, number in seen.numbers.items():
        if number is None:
            continue
        low, high = whole_numbers(number, seen.rule)
        above += [over(name), -over(name)]
        limits += [high, -low]
    found = {}
    for name, number in seen.numbers.items():
        if number is None:
            ends = [
                linprog(sign * over(name), A_ub=np.array(above) if above else None, b_ub=limits or None,
                        bounds=(0, None), method="highs")
                for sign in (1, -1)
            ]  # fmt: skip
            assert {end.status for end in ends} <= {0, 3}
            found[name] = tuple(
                sign * (end.fun if end.status == 0 else -np.inf)
                for sign, end in zip((1, -1), ends, strict=True)
            )
    return found


def whole_numbers(number: float, rule: Rule) -> tuple[float, float]:
    """Which whole numbers are published as this one, by trying them."""
    fit = [n for n in range(int(number) + 2 * int(rule.round_to or 1) + 2) if not 0 < n <= rule.hide_up_to
           and rule.shown(n) == number]  # fmt: skip
    return min(fit), max(fit)


RULES = [DEFAULT, Rule(4, 0), Rule(9, 5), Rule(7, 0), Rule(4, 10)]
TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 30), min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


@settings(deadline=None, max_examples=60)
@given(values=TABLES, rule=st.sampled_from(RULES))
def test_no_small_count_is_recovered_or_narrowed_below_the_rule(values: list[list[int]], rule: Rule) -> None:
    cells, sums = table(values, rule)
    done = suppress(cells, sums)
    assert done.given_away == frozenset()
    ranges = attack(published(cells, done.hidden, rule), len(values), len(values[0]))
    assert ranges.keys() == done.hidden
    for name, (low, high) in ranges.items():
        assert high - low > 0.5, f"{name} is known exactly"
        if rule.is_small(cells[name].value):
            assert low <= 1 + 1e-6 and high >= rule.hide_up_to - 1e-6, f"{name} lies between {low} and {high}"
    for name, cell in cells.items():
        assert name in done.hidden or not rule.is_small(cell.value)


@pytest.mark.parametrize("rule", [Rule(7, 0), Rule(4, 0)])
def test_without_the_second_step_the_attacker_wins(rule: Rule) -> None:
    """Or the test above would prove nothing."""
    cells, _ = table([[3, 20, 30], [40, 50, 60]], rule)
    small = frozenset(name for name, cell in cells.items() if rule.is_small(cell.value))
    (found,) = attack(published(cells, small, rule), 2, 3).values()
    assert found == pytest.approx((3, 3))
    done = suppress(*table([[3, 20, 30], [40, 50, 60]], rule))
    assert len(done.hidden) == 4


def test_what_an_earlier_pack_said_is_known_still() -> None:
    """March is hidden now; the quarter was published exactly before, so January and February must not both show."""
    rule = Rule(7, 0)
    cells = {
        "jan": Cell(20, rule),
        "feb": Cell(30, rule),
        "mar": Cell(3, rule),
        "q1": Cell(53, rule, earlier=(53, 53)),
    }
    done = suppress(cells, [Sum("q1", ("jan", "feb", "mar"))])
    assert done.hidden in ({"mar", "jan"}, {"mar", "feb"})
    told = {name: Cell(cell.value, rule, earlier=(cell.value,) * 2 if name != "mar" else None)
            for name, cell in cells.items()}  # fmt: skip
    assert suppress(told, [Sum("q1", ("jan", "feb", "mar"))]).given_away == {"mar"}


def test_what_is_left_of_a_total_is_protected_though_it_stands_nowhere() -> None:
    rule = Rule(7, 0)
    cells = {"q1": Cell(53, rule), "jan": Cell(50, rule), "rest": Cell(3, rule, is_implied=True)}
    assert suppress(cells, [Sum("q1", ("jan", "rest"))]).hidden == {"jan", "rest"}


@pytest.mark.parametrize(
    "rule, value, shown, known",
    [
        (DEFAULT, 0, 0, (0, 0)),
        (DEFAULT, 8, 10, (8, 12)),
        (DEFAULT, 13, 15, (13, 17)),
        (Rule(4, 10), 5, 10, (5, 14)),
        (Rule(4, 0), 5, 5, (5, 5)),
        (Rule(0, 5), 2, 5, (1, 7)),
        (DEFAULT, 18.5, 20, (17.5, 22.5)),
    ],
)
def test_rounding(rule: Rule, value: float, shown: float, known: tuple[float, float]) -> None:
    assert (rule.shown(value), rule.known(value)) == (shown, known)


def worlds(seen: Published, names: list[str], total: str) -> dict[str, set[int]]:
    """What each hidden part can be for a reader who tries all parts and goes through the rule himself."""
    whole = seen.numbers[total]
    sums = range(200) if whole is None else range(*_past(whole, seen.rule))
    # far enough to be more than any that is small
    least = {
        name: range(22) if (n := seen.numbers[name]) is None else range(*_past(n, seen.rule))
        for name in names
    }
    found: dict[str, set[int]] = {name: set() for name in names if seen.numbers[name] is None}
    for values in product(*(least[name] for name in names)):
        if sum(values) not in sums:
            continue
        cells = {name: Cell(value, seen.rule) for name, value in zip(names, values, strict=True)}
        cells[total] = Cell(sum(values), seen.rule)
        hidden = suppress(cells, [Sum(total, tuple(names))]).hidden
        if published(cells, hidden, seen.rule).numbers == seen.numbers:
            for name in found:
                found[name].add(int(cells[name].value))
    return found


def _past(number: float, rule: Rule) -> tuple[int, int]:
    low, high = whole_numbers(number, rule) if number else (0, 0)
    return int(low), int(high) + 1


@pytest.mark.parametrize(
    ("values", "rule"),
    [((7, 9, 7), Rule(7, 0)), ((6, 9, 7), Rule(7, 0)), ((2, 3), DEFAULT)],
)
def test_who_goes_through_the_rule_himself_learns_no_small_count(values: tuple[int, ...], rule: Rule) -> None:
    """Which counts are hidden tells which are small, and that they are small narrows them."""
    names = [f"part {number}" for number in range(len(values))]
    cells = {name: Cell(value, rule) for name, value in zip(names, values, strict=True)} | {
        "all": Cell(sum(values), rule)
    }
    seen = published(cells, suppress(cells, [Sum("all", tuple(names))]).hidden, rule)
    for name, found in worlds(seen, names, "all").items():
        if rule.is_small(cells[name].value):
            most = min(rule.hide_up_to, sum(values) - 1) if rule.is_small(sum(values)) else rule.hide_up_to
            assert min(found) <= 1 and max(found) >= most, f"{name} is one of {sorted(found)}"
