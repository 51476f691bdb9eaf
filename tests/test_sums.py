"""Counts of places and periods as they happen, of which some are sent: an attacker who knows how the world adds up.

The attacker's unknowns are the counts of each ward in each quarter, and so no sum that the code finds, or overlooks,
is of any use to it: what it knows are the places, the calendar and what is published.
"""

from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.disclosure.counts import Count, Key
from pipelines.disclosure.same_things import same_things
from pipelines.disclosure.sums import system_of
from pipelines.disclosure.suppress import Rule, suppress

DEFAULT = Rule()
RULES = [DEFAULT, Rule(7, 0), Rule(4, 10)]
WARDS = ("north", "south", "east", "west")
PLACES = {"city": WARDS, "upper": ("north", "south"), "lower": ("east", "west")} | {
    one: (one,) for one in WARDS
}
WITHIN = {
    "upper": ("city", "committee"), "lower": ("city", "committee"),
    "north": ("upper", "ward"), "south": ("upper", "ward"), "east": ("lower", "ward"), "west": ("lower", "ward"),
}  # fmt: skip
QUARTERS = range(6)  # from January 2003 on


SAME = [(("target:it", "value"), ("proxy:it", "value"))]


class Told(NamedTuple):
    """A count that is sent: where, from which quarter on, of how many quarters, as a target's or a proxy's."""

    place: str
    first: int
    many: int
    kind: str = "target"

    @property
    def key(self) -> Key:
        start, after = (date(2003 + n // 4, n % 4 * 3 + 1, 1) for n in (self.first, self.first + self.many))
        return Key(f"{self.kind}:it", "value", self.place, start, after - timedelta(days=1))

    @property
    def atoms(self) -> list[tuple[str, int]]:
        return list(product(PLACES[self.place], range(self.first, self.first + self.many)))


World = dict[tuple[str, int], int]


def published(
    world: World, sent: list[Told], rule: Rule = DEFAULT
) -> tuple[dict[Told, float | None], frozenset[str]]:
    """What is shown of each count that was sent, None where it is hidden; and what can't be protected."""
    counts = [Count(one.key, float(sum(world[atom] for atom in one.atoms)), rule) for one in sent]
    system = system_of(counts, WITHIN, SAME)
    done = suppress(system.cells, system.sums)
    shown = {
        one: None if count.key.name in done.hidden else rule.shown(count.value)
        for one, count in zip(sent, counts, strict=True)
    }
    return shown, done.given_away


def naive(world: World, sent: list[Told]) -> dict[Told, float | None]:
    """Small counts hidden and others rounded, and no more."""
    totals = {one: sum(world[atom] for atom in one.atoms) for one in sent}
    return {one: None if 0 < value <= 7 else DEFAULT.shown(value) for one, value in totals.items()}


def attack(shown: dict[Told, float | None], told: Told, rule: Rule = DEFAULT) -> tuple[float, float]:
    """The least and the most that a count can be, from the ends of what is rounded to each number that is shown."""
    atoms = list(product(WARDS, QUARTERS))

    def row(one: Told) -> np.ndarray:
        return np.array([1.0 if atom in one.atoms else 0.0 for atom in atoms])

    above: list[Any] = []
    limits: list[float] = []
    for one, number in shown.items():
        if number is not None:
            many = range(int(number) + 1 + int(rule.round_to))
            fits = [n for n in many if not rule.is_small(n) and rule.shown(n) == number]
            above += [row(one), -row(one)]
            limits += [max(fits), -min(fits)]
    ends = [
        linprog(sign * row(told), A_ub=np.array(above) if above else None, b_ub=limits or None, bounds=(0, None),
                method="highs")
        for sign in (1, -1)
    ]  # fmt: skip
    assert {end.status for end in ends} <= {0, 3}
    return ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, list[Told]]:
    numbers = st.one_of(st.integers(0, 4), st.integers(0, 40))
    world = {atom: draw(numbers) for atom in product(WARDS, QUARTERS)}
    spans = [(first, many) for first in QUARTERS for many in (1, 2, 4) if first + many <= len(QUARTERS)]
    kept = draw(st.lists(st.sampled_from(spans), min_size=1, max_size=5, unique=True))
    places = draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=2, max_size=5, unique=True))
    sent = [Told(place, *span) for place in places for span in kept]
    left_out = draw(st.sets(st.sampled_from(sent), max_size=3))
    by_proxy = draw(st.sets(st.sampled_from([Told("city", *span, "proxy") for span in spans]), max_size=4))
    return world, [*(one for one in sent if one not in left_out), *sorted(by_proxy)]


@settings(deadline=None, max_examples=60)
@given(worlds(), st.sampled_from(RULES))
def test_who_knows_how_the_world_adds_up_learns_no_small_count(
    drawn: tuple[World, list[Told]], rule: Rule
) -> None:
    world, sent = drawn
    shown, given_away = published(world, sent, rule)
    assert given_away == frozenset()
    for one, number in shown.items():
        value = sum(world[atom] for atom in one.atoms)
        if rule.is_small(value):
            assert number is None
            low, high = attack(shown, one, rule)
            assert low <= 1 + 1e-6 and high >= rule.hide_up_to - 1e-6, f"{one} lies between {low} and {high}"


def world_of(**wards: list[int]) -> World:
    return {(ward, n): wards.get(ward, [0] * 6)[n] for ward, n in product(WARDS, QUARTERS)}


WAYS = {
    # of the city and its wards all is sent, and nothing of the committees between
    "wards without committees": (
        world_of(north=[1] + [0] * 5, south=[18] + [0] * 5, east=[28] + [0] * 5),
        [Told(place, 0, 1) for place in ("city", *WARDS)],
        Told("north", 0, 1),
    ),
    # two years that overlap, and the quarters that only one of them has
    "rolling totals": (
        world_of(north=[12, 20, 16, 10, 1, 30]),
        [Told("north", 0, 4), Told("north", 1, 4), Told("north", 0, 1), Told("north", 4, 1)],
        Told("north", 4, 1),
    ),
    # years of the city, quarters of its wards
    "years of one and quarters of the other": (
        world_of(north=[9, 10, 9, 8, 0, 0], south=[9, 9, 1, 8, 0, 0], east=[9, 8, 9, 9, 0, 0], west=[8, 8, 8, 8, 0, 0]),
        [Told("city", 0, 4), *(Told(ward, n, 1) for ward in WARDS for n in range(4))],
        Told("south", 2, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_each_way_in_is_shut(way: str) -> None:
    world, sent, small = WAYS[way]
    shown, _ = published(world, sent)
    low, high = attack(shown, small)
    assert low <= 1 + 1e-6 and high >= 7 - 1e-6


@pytest.mark.parametrize("way", ["wards without committees", "rolling totals"])
def test_and_stood_open_without_the_second_step(way: str) -> None:
    """Or the test above would prove nothing."""
    world, sent, small = WAYS[way]
    low, high = attack(naive(world, sent), small)
    assert high <= 1 + 1e-6 and low <= 1


def test_two_totals_with_the_same_fault_do_not_tell_what_only_one_of_them_holds() -> None:
    """Two years that overlap, and a provisional quarter in both that is fifteen too many: it cancels out."""
    told = {(0, 4): 58, (1, 4): 47, (0, 1): 12, (1, 1): 20, (2, 1): 16 + 15, (3, 1): 10, (4, 1): 1}
    counts = [Count(Told("north", *span).key, float(value), Rule(7, 0)) for span, value in told.items()]
    system = system_of(counts, {})
    hidden = {one.value for one in counts if one.key.name in suppress(system.cells, system.sums).hidden}
    assert 1 in hidden and hidden & {12, 58, 47}


def test_a_target_of_wards_and_a_proxy_of_the_city_are_set_against_each_other() -> None:
    """Nobody sent the target for the city, which the proxy's months make up."""
    world = world_of(north=[1] + [0] * 5, south=[18] + [0] * 5, east=[28] + [0] * 5)
    sent = [*(Told(ward, 0, 1) for ward in WARDS), Told("city", 0, 1, "proxy")]
    shown, _ = published(world, sent, Rule(7, 0))
    low, high = attack(shown, Told("north", 0, 1), Rule(7, 0))
    assert low <= 1 + 1e-6 and high >= 7 - 1e-6
    assert sum(number is None for number in shown.values()) == 2


def told(subject: str, quantity: str, *values: float) -> list[Count]:
    """Counts of the first quarters of 2003, here."""
    keys = (Told("here", n, 1).key for n in range(len(values)))
    return [
        Count(key.of((subject, quantity)), value, Rule(7, 0)) for key, value in zip(keys, values, strict=True)
    ]


@pytest.mark.parametrize(
    ("proxy", "is_said", "are_same"),
    [
        ((12, 3, 20), False, True),  # as the numerator
        ((12, 4, 21), False, True),  # but for what was restated since
        ((13, 4, 21), False, False),  # near, and never the same
        ((12, 40, 55), False, False),  # once the same, by chance
        ((13, 40, 55), True, False),  # the framework says it of values, and a rate's is none of these
    ],
)
def test_a_proxy_that_counts_what_a_rate_is_of_is_known_by_its_figures(
    proxy: tuple[float, ...], is_said: bool, are_same: bool
) -> None:
    counts = [*told("target:T", "numerator", 12, 3, 20), *told("target:T", "denominator", 400, 400, 400),
              *told("proxy:P", "value", *proxy)]  # fmt: skip
    found = same_things(counts, [("target:T", "proxy:P", is_said), ("target:U", "proxy:P", True)])
    assert found == ([(("target:T", "numerator"), ("proxy:P", "value"))] if are_same else [])
    assert same_things(counts, []) == []


def test_a_rate_s_numerator_does_not_tell_a_proxy_s_month() -> None:
    """A quarter's rate of 30 events, and the proxy's months of 20, 9 and 1."""
    quarter = told("target:T", "numerator", 30)
    months = [
        Count(Key("proxy:P", "value", "here", date(2003, n, 1), date(2003, n + 1, 1) - timedelta(days=1)), value,
              Rule(7, 0)) for n, value in ((1, 20.0), (2, 9.0), (3, 1.0))
    ]  # fmt: skip
    counts = [*quarter, *months]
    system = system_of(counts, {}, same_things(counts, [("target:T", "proxy:P", False)]))
    assert len(suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}) == 2


def test_a_mean_of_years_of_which_one_was_not_sent_is_bound_to_the_others() -> None:
    """A baseline of 20 a year over five years, as 30, 25, 20 and 22: the fifth was 3."""
    years = {1994: 30.0, 1995: 25.0, 1996: 20.0, 1998: 22.0}

    def key(first: int, last: int) -> Key:
        return Key("target:T", "value", "here", date(first, 1, 1), date(last, 12, 31))

    counts = [
        Count(key(1994, 1998), 20.0, Rule(7, 0)),
        *(Count(key(y, y), n, Rule(7, 0)) for y, n in years.items()),
    ]
    system = system_of(counts, {})
    assert suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}


def test_those_who_were_not_counted_are_a_count_too() -> None:
    """39 of 40 passed: one did not. Of 400 women 4 did, and nobody asks for the 396."""
    counts = [*told("target:T", "numerator", 39), *told("target:T", "denominator", 40)]
    system = system_of(counts, {})
    assert len(suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}) == 1
    counts = [*told("target:T", "numerator", 40), *told("target:T", "denominator", 400)]
    system = system_of(counts, {})
    assert not suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}


@pytest.mark.parametrize(
    "sent",
    [[("city", 0, 4, 62, 94), ("city", 0, 2, 28, 57)], [("city", 0, 4, 62, 94), ("upper", 0, 4, 28, 57)]],
)
def test_those_who_were_not_counted_where_nobody_sent_a_rate(
    sent: list[tuple[str, int, int, int, int]],
) -> None:
    """62 of 94 in the year and 28 of 57 in its first half: 34 of 37 in the second, and so three were not."""
    counts = [
        Count(Told(place, first, many).key.of(("target:T", quantity)), float(value), Rule(7, 0))
        for place, first, many, numerator, denominator in sent
        for quantity, value in (("numerator", numerator), ("denominator", denominator))
    ]
    system = system_of(counts, WITHIN)
    assert suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}


def test_which_count_is_hidden_with_a_small_one_does_not_tell_how_large_it_is() -> None:
    """Of 89, with 40 and 21 shown, 28 are left: were the least of the others always hidden, they would be 7 and 21."""
    for values in ((7, 21, 21, 40), (7, 40, 21, 21), (7, 21, 40, 21)):
        counts = [
            Count(Told(ward, 0, 1).key, float(value), Rule(7, 0))
            for ward, value in zip(WARDS, values, strict=True)
        ]
        total = Count(Told("city", 0, 1).key, 89.0, Rule(7, 0))
        system = system_of([*counts, total], dict.fromkeys(WARDS, ("city", "ward")))
        hidden = suppress(system.cells, system.sums).hidden
        assert {one.key.area for one in (*counts, total) if one.key.name in hidden} == {"north", "east"}


def test_wards_that_were_redrawn_within_a_year_make_the_city_of_either_map() -> None:
    """A year of which both the old wards and the new ones were told: each pair is the city, and not all four."""
    within = dict.fromkeys(WARDS, ("city", "ward"))
    old, new = (None, date(2003, 6, 30)), (date(2003, 7, 1), None)
    stood = {"north": [old], "south": [old], "east": [new], "west": [new]}
    year = {"city": 53.0, "north": 3.0, "south": 50.0, "east": 20.0, "west": 33.0}
    counts = [Count(Told(place, 0, 4).key, value, Rule(7, 0)) for place, value in year.items()]
    system = system_of(counts, within, (), stood)
    done = suppress(system.cells, system.sums)
    hidden = {one.key.area for one in counts if one.key.name in done.hidden}
    assert "north" in hidden and hidden & {"south", "city"}


def test_what_several_unsent_counts_come_to_is_protected_though_none_is_known() -> None:
    """A city of 50 and two of its four wards with 47: three fell in the two others."""
    world = world_of(north=[20] + [0] * 5, south=[27] + [0] * 5, east=[2] + [0] * 5, west=[1] + [0] * 5)
    sent = [Told(place, 0, 1) for place in ("city", "north", "south")]
    system = system_of(
        [Count(one.key, float(sum(world[a] for a in one.atoms)), Rule(7, 0)) for one in sent], WITHIN, {}
    )
    assert len(suppress(system.cells, system.sums).hidden & {one.key.name for one in sent}) == 1


def test_and_so_are_quarters_that_were_not_sent() -> None:
    """A year of 100, of which the second and the last quarter have three."""
    counts = [Count(Told("north", *span).key, value, Rule(7, 0)) for span, value in
              (((0, 4), 100.0), ((0, 1), 50.0), ((2, 1), 47.0))]  # fmt: skip
    system = system_of(counts, {})
    assert len(suppress(system.cells, system.sums).hidden & {one.key.name for one in counts}) == 1


def test_what_is_in_the_total_and_in_no_part_does_not_open_them() -> None:
    """A city of 47 whose parts come to 44, as three were nowhere in particular: no part is more than is left."""
    told = {"city": 47, "upper": 1, "lower": 43}
    counts = [Count(Told(place, 0, 1).key, float(value), DEFAULT) for place, value in told.items()]
    system = system_of(counts, WITHIN)
    hidden = suppress(system.cells, system.sums).hidden
    # of 45 and 45 that are shown, 47 and 43 are the ends: at most 4 are left
    assert {one.key.name for one in counts if one.key.area != "upper"} & hidden


def test_areas_that_were_none_yet_have_no_share() -> None:
    """Two new wards took the place of two old ones: each pair makes the city of its time, and leaves nothing over."""
    within = dict.fromkeys(WARDS, ("city", "ward"))
    old, new = (None, date(2003, 3, 31)), (date(2003, 4, 1), None)
    stood = {"north": [old], "south": [old], "east": [new], "west": [new]}
    counts = [Count(Told(place, n, 1).key, value, Rule(7, 0)) for n, pairs in enumerate((
        (("city", 53.0), ("north", 3.0), ("south", 50.0)), (("city", 64.0), ("east", 4.0), ("west", 60.0)),
    )) for place, value in pairs]  # fmt: skip
    system = system_of(counts, within, (), stood)
    assert [len(one.parts) for one in system.sums] == [2, 2]
    assert not any(cell.is_implied for cell in system.cells.values())
    assert len(suppress(system.cells, system.sums).hidden) == 4


def test_levels_that_a_year_is_no_sum_of_are_bound_over_places_still() -> None:
    """People on a register at the end of each quarter, and of the year: its mean."""

    def told(place: str, *values: float) -> list[Count]:
        spans = [(n, 1) for n in range(4)] + [(0, 4)]
        return [
            Count(Told(place, *span).key, value, Rule(7, 0))
            for span, value in zip(spans, values, strict=True)
        ]

    wards = [*told("north", 20, 22, 21, 21, 21), *told("south", 3, 3, 4, 2, 3), *told("east", 30, 30, 30, 30, 30),
             *told("west", 9, 9, 9, 9, 9)]  # fmt: skip
    city = told("city", 62, 64, 64, 62, 63)
    system = system_of([*wards, *city], WITHIN)
    assert {one.times for one in system.sums} == {1.0, 4.0}
    done = suppress(system.cells, system.sums)
    quarters = {one.key.name for one in (*wards, *city) if one.key.months == 3 and one.key.area != "south"}
    # in every quarter something beside the south is hidden, or the city less the others would tell it
    assert len(done.hidden & quarters) >= 4
