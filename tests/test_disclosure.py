"""What is cleared, which counts are sums of others, and what earlier packs have said; from figures made by hand."""

from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.contracts import read_contracts
from pipelines.disclosure import figures, replacing
from pipelines.disclosure.clearance import Clearance, read_clearance
from pipelines.disclosure.counts import Count, Key, System
from pipelines.disclosure.denominators import Denominators
from pipelines.disclosure.earlier import as_published, with_earlier
from pipelines.disclosure.rounded import rounded
from pipelines.disclosure.sums import system_of
from pipelines.disclosure.suppress import Rule, suppress
from pipelines.disclosure.told import told_exactly
from pipelines.disclosure.units import base_of, is_counted, numerator_of, per_so_many
from pipelines.disclosure.words import JUDGES, clear_words, says_a_number
from pipelines.workspace import CONTRACTS

EXACT = Rule(7, 0)


def clearance(*lines: tuple[str, str, str, str | None], **settings: str) -> Clearance:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema framework; create table framework.settings (setting_id text, value text);"
            "create table framework.clearances (cleared_kind text, cleared_ref text, is_public text, counts text)"
        )
        for table, rows in (("clearances", lines), ("settings", settings.items())):
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into framework.{table} values ({marks})", list(row))
        return read_clearance(connection)


def test_nothing_is_public_that_no_line_clears() -> None:
    assert not clearance().clears_anything
    assert not clearance().is_public("target", "H4", "H4")
    assert not clearance(("text", "floor_targets.commentary", "yes", None)).clears_anything
    assert not clearance(("target", "all", "no", None)).clears_anything


def test_a_line_for_one_thing_goes_before_the_line_for_all() -> None:
    found = clearance(
        ("target", "all", "yes", None), ("target", " c1 ", "no", None), ("target", "C1_burglary", "yes", "no")
    )
    assert found.is_public("target", "H4", "H4")
    assert not found.is_public("target", "C1_robbery", "C1")
    assert found.is_public("target", "C1_burglary", "C1")
    assert not found.is_public("proxy", "H4")
    assert (found.are_counts("target", "C1_burglary", "C1"), found.are_counts("target", "H4", "H4")) == (
        False,
        None,
    )


def test_words_are_cleared_by_name_and_never_all_at_once() -> None:
    found = clearance(("text", "all", "yes", None), ("text", "nrf_spend.commentary", "yes", None))
    assert found.is_text_public("nrf_spend", "commentary")
    assert not found.is_text_public("floor_targets", "commentary")


@pytest.mark.parametrize(
    "words",
    ["There were thirteen of them", "a single child", "zero deaths", "A couple of cases", "No one was hurt",
     "both were boys", "Twenty more", "a pair", "the first death", "doubled from last quarter", "half of them", "TWO",
     "fifteen young people", "twenty-one", "the sixteenth", "a handful", "threefold", "٣ of them", "½ of them", "3",
     "fourty", "twentyfive of them", "th\u200bree", "ｔｈｒｅｅ", "tw\u00adelve", "a ⅲ", "éight"],
)  # fmt: skip
def test_words_that_count_are_found(words: str) -> None:
    assert says_a_number(words)


@pytest.mark.parametrize(
    "words",
    ["Fewer than a year before.", "Wet weather kept households in.", "Often late, and the tender is done."],
)
def test_words_that_do_not_count_stay(words: str) -> None:
    assert not says_a_number(words)


@pytest.mark.parametrize(
    "numbers, unit, count",
    [
        ((40.0, 4.0, None), "per 1,000 women", 4),
        ((40.0, None, 100.0), "per 1,000 women aged 15-17", 4),
        ((7.5, None, 80.0), "%", 6),
        ((7.5, None, 80.0), "years", None),
        ((0.05, None, 80.0), "per household", 4),
        ((7.5, None, 80.0), "£ per household", None),
        ((7.5, None, None), "%", None),
    ],
)
def test_the_count_behind_a_rate_is_what_anybody_can_work_out(
    numbers: tuple[float | None, ...], unit: str, count: float | None
) -> None:
    assert numerator_of(numbers, [unit]) == count


@pytest.mark.parametrize(
    ("rate", "numerator", "denominator", "base", "found"),
    [
        (0.05, 10.0, 216_000.0, 1_000.0, 1_000),  # as near to one in one, by two decimals
        (41.3, 413.0, 10_000.0, 1_000.0, 1_000),
        (41.3, 413.0, 10_000.0, 100.0, 1_000),  # the unit was typed wrong
        (12.0, 413.0, 10_000.0, 1_000.0, None),
    ],
)
def test_a_rate_is_worked_out_again_by_what_its_unit_says(
    rate: float, numerator: float, denominator: float, base: float, found: float | None
) -> None:
    assert per_so_many(rate, numerator, denominator, base) == found


def of_area(area: str, *, year: int = 2003, months: tuple[int, int] = (1, 12)) -> Key:
    end = date(year + months[1] // 12, months[1] % 12 + 1, 1).toordinal() - 1
    return Key("target:T", "denominator", area, date(year, months[0], 1), date.fromordinal(end))


def test_what_a_rate_alone_is_of_follows_over_places_and_time_as_counts_do() -> None:
    """A city of committees of wards, one of which ended: all that are left make it; and all but one give that one."""
    within = {"upper": ("city", "committee"), "lower": ("city", "committee"), "north": ("upper", "ward"),
              "south": ("lower", "ward"), "east": ("lower", "ward"), "old": ("city", "ward")}  # fmt: skip
    stood = {"old": [(None, date(2001, 3, 31))]}
    wards = {of_area("north"): 490.0, of_area("south"): 600.0, of_area("east"): 110.0}
    city, east = of_area("city"), of_area("east")
    assert Denominators(wards, [*wards, city], [], within, stood).of(city) == 1200
    but_east = {key: number for key, number in wards.items() if key != east} | {city: 1200.0}
    assert Denominators(but_east, [*but_east, east], [], within, stood).of(east) == 110


def test_where_it_does_not_follow_it_is_the_least_that_a_reader_may_take_it_for() -> None:
    year, last = of_area("here"), of_area("here", months=(10, 12))
    quarters = {of_area("here", months=(first, first + 2)): 40.0 for first in (1, 4, 7)}
    assert Denominators({year: 160.0, **quarters}, [year, *quarters, last], [], {}, {}).of(last) == 40
    before = {of_area("here", year=2001): 1200.0}
    bases = [("here", date(2003, 1, 1), 1000.0), ("there", date(2003, 1, 1), 7.0)]
    assert Denominators(before, [*before, year], bases, {}, {}).of(year) == 1000
    assert Denominators({}, [year], [], {}, {}).of(year) is None


@pytest.mark.parametrize(
    ("unit", "base"),
    [
        ("per 1,000", 1_000), ("Per 1 000", 1_000), ("deaths per 100,000", 100_000), ("rate per thousand", 1_000),
        ("conceptions per 1,000 women aged 15-17", 1_000), ("per 1,000 15-17 year-olds", 1_000), ("%", 100),
        ("percent", 100), ("percentage of pupils", 100), ("per cent", 100), 
    ],
)  # fmt: skip
def test_a_unit_is_known_as_a_rate_however_it_is_typed(unit: str, base: float | None) -> None:
    assert not is_counted(unit)
    assert base_of(unit) == base


@pytest.mark.parametrize(
    "unit",
    [
        "casualties",
        "schools",
        "supermarkets",
        "crimes per month",
        "casualties per quarter",
        "per quarter",
        "per 12 months",
        "per school",
        "per household",
        "visits per 12 months",
    ],
)
def test_what_is_no_rate_counts(unit: str) -> None:
    assert is_counted(unit)


def published(
    *versions: tuple[float, bool], baseline: float | None = None
) -> dict[str, tuple[float | None, ...]]:
    """What is published of versions of one count, oldest first, each with whether it counts; and of a baseline."""
    key = Key("target:T", "value", "here", date(2002, 1, 1), date(2002, 12, 31))
    with duckdb.connect() as connection:
        beside = ", ".join(f"{name} double" for name in replacing.BESIDE["target"])
        connection.execute(
            f"""
            create schema staging; create schema framework;
            create table staging.received_floor_targets (
                row_id text, value double, numerator double, denominator double, value_status text, rating text,
                {beside}
            );
            create table framework.received_targets (
                row_id text, target_id text, baseline_period_start date, baseline_period_end date,
                baseline_value double, baseline_value_status text,
                baseline_comparator double, baseline_comparator_status text
            );
            """
        )
        lines = []
        connection.execute(
            "insert into framework.received_targets by name select 'base' as row_id, 'T' as target_id, "
            "date '2002-01-01' as baseline_period_start, date '2002-12-31' as baseline_period_end, "
            "60 as baseline_comparator, $1 as baseline_value",
            [baseline],
        )
        if baseline is not None:
            lines.append(figures.Line("baseline", "base", True, {"value": Count(key, baseline, EXACT)}, None))
        for number, (value, is_current) in enumerate(versions):
            row = f"v{number}"
            connection.execute(
                "insert into staging.received_floor_targets by name "
                "select $1 as row_id, $2 as value, -10 as gap_published",
                [row, value],
            )
            lines.append(
                figures.Line("target", row, is_current, {"value": Count(key, value, EXACT)}, None, ("value",))
            )
        replacing.replace(lines, frozenset(), connection)
        rows = connection.execute(
            "select row_id, value, gap_published from staging.received_floor_targets"
        ).fetchall()
        bases = connection.execute(
            "select row_id, baseline_value, baseline_comparator from framework.received_targets"
        )
        return {row_id: tuple(numbers) for row_id, *numbers in [*rows, *bases.fetchall()]}


def test_a_count_that_was_replaced_or_withdrawn_is_not_published() -> None:
    """Beside what stands it would tell what an earlier pack hid: of 47, 28, 18 and 1 the 18 was hidden with the 1."""
    assert published((18, False), (24, True)) == {"v0": (None, None), "v1": (24, None), "base": (None, 60)}
    assert published((18, False)) == {"v0": (None, None), "base": (None, 60)}
    assert published((24, False), (24, True))["v0"] == (24, None)


def test_a_baseline_takes_no_place_of_what_was_sent_and_goes_with_it() -> None:
    assert published((47, True), baseline=60) == {"v0": (47, None), "base": (None, 60)}
    assert published((47, True), baseline=47)["base"] == (47, 60)
    assert published((4, True), baseline=None) == {"v0": (None, None), "base": (None, None)}


def test_the_rule_is_a_setting_for_everybody_or_for_one_source() -> None:
    assert clearance().rule("pct") == Rule(7, 5)
    found = clearance(hide_counts_up_to="4", hide_counts_up_to_pct="0", round_counts_to_pct="0")
    assert found.rule("police") == found.rule(None) == Rule(4, 5)
    assert found.rule("pct") == Rule(0, 0) and not found.rule("pct").is_small(3)


def count(value: float, first: int, months: int, *, subject: str = "it", area: str = "here") -> Count:
    """A count of so many months from a month of 2004 on."""
    last = first + months - 1
    days = (date(2004, last + 1, 1) if last < 12 else date(2005, 1, 1)).toordinal() - 1
    return Count(Key(subject, "value", area, date(2004, first, 1), date.fromordinal(days)), value, EXACT)


def sums(*counts: Count, **more: Any) -> list[tuple[float, list[float], float, float | None]]:
    """Each sum as numbers: the total, its parts, how many times, and what is left of it where that is a cell."""
    system = system_of(counts, more.get("within", {}), more.get("same", ()))
    told = []
    for one in system.sums:
        parts = [system.cells[part] for part in one.parts]
        left = [part.value for part in parts if part.is_implied]
        told.append((system.cells[one.total].value, [part.value for part in parts if not part.is_implied], one.times,
                     left[0] if left else None))  # fmt: skip
    return told


def test_a_year_is_the_sum_of_its_quarters_and_each_of_its_months() -> None:
    quarters = [count(value, first, 3) for value, first in ((20, 1), (30, 4), (25, 7), (25, 10))]
    assert sums(count(100, 1, 12), *quarters) == [(100, [20, 30, 25, 25], 1, None)]
    months = [count(value, first, 1) for value, first in ((8, 1), (9, 2), (3, 3))]
    assert (20, [8, 9, 3], 1, None) in sums(count(20, 1, 3), *months)


def test_it_may_be_their_mean_and_figures_that_make_neither_are_no_sum() -> None:
    quarters = [count(value, first, 3) for value, first in ((20, 1), (30, 4), (25, 7), (25, 10))]
    assert sums(count(25, 1, 12), *quarters) == [(25, [20, 30, 25, 25], 4, None)]
    assert sums(count(60, 1, 12), *quarters) == []  # as people on a register are


def test_what_is_left_beside_the_parts_that_came_is_a_cell() -> None:
    assert sums(count(100, 1, 12), count(20, 1, 3), count(77, 4, 3)) == [(100, [20, 77], 1, 3)]
    assert sums(count(100, 1, 9), count(97, 1, 6)) == [(100, [97], 1, 3)]  # outputs to date


def test_areas_and_proxies_add_up_where_the_framework_says_so() -> None:
    wards = {"north": ("here", "ward"), "south": ("here", "ward"), "school": ("here", "unit")}
    parts = [count(9, 1, 12, area="north"), count(11, 1, 12, area="south")]
    assert sums(count(20, 1, 12), *parts, within=wards) == [(20, [9, 11], 1, None)]
    proxy = [count(5, first, 3, subject="proxy") for first in (1, 4, 7, 10)]
    assert sums(count(20, 1, 12), *proxy) == []
    assert sums(count(20, 1, 12), *proxy, same=[(("it", "value"), ("proxy", "value"))]) == [
        (20, [5, 5, 5, 5], 1, None)
    ]


def after(counts: list[Count], then: System, hidden: frozenset[str] = frozenset(), **more: Any) -> System:
    """The system of today's counts with what a pack issued before has said."""

    def sums_of(counts: list[Count]) -> System:
        return system_of(counts, more.get("within", {}))

    return with_earlier(sums_of(counts), counts, {"before": as_published(then, hidden)}, sums_of)


def test_an_earlier_pack_is_known_and_its_hidden_counts_stay_hidden() -> None:
    """Three of four quarters came; their total, once the year is over, would give the hidden one away."""
    then = system_of([count(3, 1, 3), count(30, 4, 3), count(25, 7, 3)], {})
    hidden = suppress(then.cells, then.sums).hidden
    assert [name.split("|")[3] for name in hidden] == ["2004-01-01"]
    year = [count(3, 1, 3), count(30, 4, 3), count(25, 7, 3), count(22, 10, 3), count(80, 1, 12)]
    now = after(year, then, hidden)
    done = suppress(now.cells, now.sums)
    # April to September were published and can't be taken back: the last quarter, or the year, must go
    assert {now.cells[name].value for name in done.hidden} in ({3, 22}, {3, 80})
    assert done.given_away == frozenset()


def test_a_count_that_was_restated_is_another_one() -> None:
    then = system_of([count(30, 1, 3)], {})
    now = after([count(31, 1, 3)], then)
    assert [cell.earlier for cell in now.cells.values()] == [None, (30, 30)]
    same = after([count(30, 1, 3)], then)
    assert [cell.earlier for cell in same.cells.values()] == [(30, 30)]


@pytest.mark.parametrize("is_restated", [False, True])
def test_what_was_left_over_in_an_earlier_pack_is_what_was_sent_of_it_since(is_restated: bool) -> None:
    """A city of 53, two of its four wards with 20 and 18; now the others too, 12 and 3: 15 were left."""
    within = dict.fromkeys(("north", "south", "east", "west"), ("here", "ward"))

    def wards(city: float, **values: float) -> list[Count]:
        return [count(city, 1, 12), *(count(value, 1, 12, area=area) for area, value in values.items())]

    then = system_of(wards(53, north=20, south=18), within)
    assert not suppress(then.cells, then.sums).hidden & {
        one.key.name for one in wards(53, north=20, south=18)
    }
    more = 5 if is_restated else 0
    today = wards(53 + more, north=20 + more, south=18, east=12, west=3)
    now = after(today, then, within=within)
    done = suppress(now.cells, now.sums)
    hidden = {one.key.area for one in today if one.key.name in done.hidden}
    assert {"east", "west"} <= hidden and done.given_away == frozenset()


def test_a_small_count_that_was_published_is_told_as_given_away() -> None:
    loose = [Count(one.key, one.value, Rule(0, 0)) for one in (count(3, 1, 3), count(30, 4, 3))]
    then = system_of(loose, {})
    now = after([count(3, 1, 3), count(30, 4, 3)], then)
    done = suppress(now.cells, now.sums)
    assert {now.cells[name].value for name in done.given_away} == {3}


@pytest.mark.parametrize("is_cleared", [False, True])
def test_whose_a_judgement_is_stands_in_plain_words_for_each_kind(is_cleared: bool) -> None:
    contract = read_contracts(CONTRACTS)["staging.ratings"]
    lines = [("text", "ratings.rated_by", "yes", None)] if is_cleared else []
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create table staging.received_ratings (kind text, reason text, "
                           "rated_by text)")  # fmt: skip
        for row in [
            ("moderated", "Ann said so.", "Ann"),
            ("official", None, "The 2 of us"),
            ("own", None, None),
        ]:
            connection.execute("insert into staging.received_ratings values (?, ?, ?)", row)
        clear_words(connection, clearance(*lines), {"staging.ratings": contract})
        found = connection.execute("from staging.received_ratings").fetchall()
    assert found == [
        ("moderated", "The reason is not published.", "Ann" if is_cleared else JUDGES["moderated"]),
        ("official", None, JUDGES["official"]),  # words with a number are no name that could be shown
        ("own", None, None),
    ]


@pytest.mark.parametrize("count", [40.0, 41.0])
def test_what_is_rounded_is_said_by_the_rule_and_not_by_the_figure(count: float) -> None:
    """40 is no more exact than 41 to whoever reads 40, and must not be told apart from it."""

    def line(subject: str, rule: Rule, rate: float | None = None, table: str = "target") -> figures.Line:
        key = Key(f"target:{subject}", "value", "here", date(2003, 1, 1), date(2003, 12, 31))
        return figures.Line(table, "r", True, {"value": Count(key, count, rule)}, rate)

    found = rounded([line("T", Rule()), line("U", Rule(), 12.5), line("V", EXACT), line("W", Rule(), 3.0, "baseline"),
                     line("X", Rule(), 1.0), line("X", Rule())])  # fmt: skip
    assert found == {"T": "rounded", "U": "of rounded counts", "X": "rounded"}


def test_of_a_proxy_that_nobody_rated_nothing_is_told_but_what_was_published() -> None:
    """Of targets a rating by the figures before rounding is shown, or its absence tells as much."""
    with duckdb.connect() as connection:
        connection.execute(
            "attach ':memory:' as source; create schema source.framework; create schema staging;"
            "create table source.framework.subjects as from (values ('p_judged', 'P_JUDGED', 'proxy'), "
            "('p_said', 'P_SAID', 'proxy'), ('t', 'T', 'target')) as t(name, subject, subject_kind);"
            "create table staging.received_ratings as from (values (' P_judged ', 'AR'), ('P_SAID', null)) "
            "as t(subject, rating);"
            "create table staging.received_nrf_spend as from (values ('N1', 'G', null::text), ('N2', null, null)) "
            "as t(project_id, rating_delivery, rating_risk)"
        )
        named = (
            "target:T",
            "target:TIED",
            "proxy:P_JUDGED",
            "proxy:P_SAID",
            "proxy:P_NONE",
            "output:N1",
            "output:N2",
        )
        counts = [Count(of_area("here")._replace(subject=subject), 40.0, Rule()) for subject in named]
        found = told_exactly(counts, {"TIED"}, connection, "source")
    assert {name.partition("|")[0] for name in found} == {"target:T", "proxy:P_JUDGED", "output:N1"}


@pytest.mark.parametrize("is_rated", [False, True])
def test_a_reader_of_two_packs_learns_no_small_count_of_a_proxy_rated_or_not(is_rated: bool) -> None:
    """Three quarters were published, then the fourth, which is small, and the year. Whoever tries all whole numbers
    that round to what was published, or are what a rating told, finds each of 1 to 7 possible.
    """
    quarters = [Count(count(number, month, 3).key, float(number), Rule())
                for number, month in ((31, 1), (24, 4), (42, 7), (3, 10))]  # fmt: skip
    year = Count(count(100, 1, 12).key, 100.0, Rule())
    then = system_of(quarters[:3], {})
    told = [one.key.name for one in quarters[:3]] if is_rated else []
    before = as_published(then, frozenset(), told)
    now = with_earlier(system_of([*quarters, year], {}), [*quarters, year], {"before": before},
                       lambda counts: system_of(counts, {}))  # fmt: skip
    hidden = suppress(now.cells, now.sums).hidden

    def may_be(one: Count) -> range:
        if one.key.name in told:
            return range(int(one.value), int(one.value) + 1)
        shown = one.rule.shown(one.value)
        return range(int(shown) - 2, int(shown) + 3)

    whole = range(201) if year.key.name in hidden else may_be(year)
    sums = {a + b + c for a in may_be(quarters[0]) for b in may_be(quarters[1]) for c in may_be(quarters[2])}
    possible = {total - known for total in whole for known in sums}
    assert set(range(1, 8)) <= possible and quarters[3].key.name in hidden
    assert (year.key.name in hidden) == is_rated, "only what a rating told asks for more to be hidden"
