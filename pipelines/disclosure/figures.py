"""The counts of what was received, row by row: values, what lies behind rates, outputs and baselines."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import duckdb

from pipelines.disclosure.clearance import Clearance
from pipelines.disclosure.counts import Count, Key, subject_of
from pipelines.disclosure.denominators import DENOMINATOR, Denominators, denominators
from pipelines.disclosure.grid import Stood, Within
from pipelines.disclosure.suppress import Rule, strictest
from pipelines.disclosure.units import base_among, is_counted, numerator_of

CONFIDENTIAL = "c"  # the shorthand for it (pack/words.py), for what is hidden in either step
HOME = "(select value from framework.settings where setting_id = 'home_area')"
SERIES = {
    "target": ("floor_targets", "target_id", "rows.area_id"),
    "proxy": ("proxy_indicators", "indicator_id", HOME),
}  # fmt: skip
OUTPUT, BASELINE = "output", "baseline"
QUANTITIES = ("value", "numerator", "denominator")


class Line(NamedTuple):
    """A row that holds counts: where it lies, whether it counts, its counts by quantity, its value if no count, which
    of value, numerator and denominator were sent, and of how many a rate is (100, 1,000 …) if its unit says it.
    """

    table: str
    row_id: str
    is_current: bool
    counts: dict[str, Count]
    rate: float | None
    sent: tuple[str, ...] = ()
    base: float | None = None

    @property
    def subject(self) -> str:
        """The reference of what is counted."""
        return subject_of(next(iter(self.counts.values())).key.name)


def lines(
    connection: duckdb.DuckDBPyConnection, clearance: Clearance, within: Within, stood: Stood
) -> list[Line]:
    """Every row of the series and of projects' outputs that holds counts, oldest first.

    Baselines before them all: what was sent of the same period stands, and a baseline that differs is an old version.
    """
    rows = [*_baselines(connection), *_series(connection)]
    # what counts now goes before what was replaced
    known = sorted(rows, key=lambda row: row.is_current)
    sent = {row.key.of((row.key.subject, DENOMINATOR)): row.denominator for row in known if row.denominator}
    asked: dict[str, list[Key]] = defaultdict(list)
    for row in rows:
        asked[row.key.subject].append(row.key)
    of_what = denominators(connection, asked, sent, within, stood)
    found = (_line(row, clearance, of_what[row.key.subject]) for row in rows)
    return [*(line for line in found if line), *_outputs(connection, clearance)]


def current(of: Sequence[Line]) -> dict[str, Count]:
    """The counts as they stand: of several that count, the one received last."""
    return {count.key.name: count for line in of if line.is_current for count in line.counts.values()}


class _Row(NamedTuple):
    """A row as it was sent, or a baseline: where it lies, who sends it, its unit in every version of the framework."""

    table: str
    row_id: str
    is_current: bool
    parent_id: str | None
    partners: tuple[str | None, ...]
    units: tuple[str, ...]
    key: Key
    value: float | None
    numerator: float | None = None
    denominator: float | None = None


def _line(row: _Row, clearance: Clearance, of_what: Denominators) -> Line | None:
    """The counts of a row; None where it has none."""
    kind, _, ref = row.key.subject.partition(":")
    said = clearance.are_counts(kind, ref, row.parent_id)
    are_counts = any(map(is_counted, row.units)) if said is None else said
    rule = strictest(clearance.rule(partner) for partner in row.partners)
    numbers = (row.value, row.numerator, row.denominator)
    quantities = dict(zip(QUANTITIES, numbers, strict=True))
    sent = tuple(quantity for quantity, number in quantities.items() if number is not None)
    if not are_counts and row.value is not None and sent == ("value",):
        counts = _behind(row.value, row.units, of_what, row.key, rule)
    else:
        if not are_counts:
            quantities["numerator"] = numerator_of(numbers, row.units)
        counts = {
            quantity: Count(row.key._replace(quantity=quantity), float(number), rule)
            for quantity, number in quantities.items()
            if number is not None and number >= 0 and (quantity != "value" or are_counts)
        }
    if not counts:
        return None
    rate = None if are_counts else row.value
    return Line(row.table, row.row_id, row.is_current, counts, rate, sent, base_among(row.units))


def _series(connection: duckdb.DuckDBPyConnection) -> Iterator[_Row]:
    """The rows of targets and of proxies, oldest first."""
    for kind, (name, ref, area) in SERIES.items():
        parent = "parent_id" if kind == "target" else "null"
        entity = "targets" if kind == "target" else "indicators"
        rows = connection.execute(
            f"""
            with named as (
                select {ref} as ref, any_value({parent}) as parent_id, list(distinct unit order by unit) as units
                from framework.received_{entity} group by all
            )
            select named.ref, named.parent_id, named.units, rows.row_id, rows.is_current, rows.partner,
                {area}::text as area, rows.period_start, rows.period_end,
                rows.value, rows.numerator, rows.denominator
            from staging.received_{name} as rows inner join named on rows.{ref} = named.ref
            where rows.period_start is not null order by rows.received_at, rows.row_id
            """
        ).fetchall()
        for ref_, parent_id, units, row_id, is_current, partner, where, start, end, *numbers in rows:
            key = Key(f"{kind}:{ref_}", "value", where, start, end)
            yield _Row(kind, row_id, is_current, parent_id, (partner,), tuple(units), key, *numbers)


def _behind(
    rate: float, units: Sequence[str], of_what: Denominators, key: Key, rule: Rule
) -> dict[str, Count]:
    """The counts behind a rate alone. It is published as it was sent, and tells them to whoever knows what it is of."""
    of = of_what.of(key)
    number = numerator_of([rate, None, of], units)
    if of is None or number is None or number < 0:
        return {}
    exact = rule._replace(round_to=0)
    return {
        "numerator": Count(key._replace(quantity="numerator"), float(number), exact),
        "denominator": Count(key._replace(quantity="denominator"), float(of), exact, known=True),
    }


def _outputs(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> list[Line]:
    rows = connection.execute(
        """
        select rows.project_id, rows.row_id, rows.is_current, rows.partner,
            year.starts_on, mine.ends_on, rows.output_actual
        from staging.received_nrf_spend as rows
        inner join framework.calendar as mine on rows.quarter = mine.quarter
        inner join framework.calendar as year on year.quarter = left(rows.quarter, 7) || '-Q1'
        where rows.output_actual is not null and rows.output_actual >= 0
        order by rows.received_at, rows.row_id
        """
    ).fetchall()
    found = []
    for id_, row_id, is_current, partner, start, end, number in rows:
        said = clearance.are_counts("project", id_)
        if said is not False:
            key = Key(f"{OUTPUT}:{id_}", "value", "", start, end)
            found.append(
                Line(
                    OUTPUT,
                    row_id,
                    is_current,
                    {"value": Count(key, float(number), clearance.rule(partner))},
                    None,
                )
            )
    return found


def _baselines(connection: duckdb.DuckDBPyConnection) -> Iterator[_Row]:
    """Baselines that the framework gives, by the strictest rule of those who send the target."""
    rows = connection.execute(
        """
        select targets.target_id, targets.parent_id, targets.unit, targets.row_id, targets.is_current,
            targets.baseline_period_start, targets.baseline_period_end, targets.baseline_value, home.value,
            (
                select list(distinct rows.partner order by rows.partner)
                from staging.received_floor_targets as rows where rows.target_id = targets.target_id
            )
        from framework.received_targets as targets
        cross join (select value from framework.settings where setting_id = 'home_area') as home
        where targets.baseline_value is not null order by targets.received_at, targets.row_id
        """
    ).fetchall()
    for id_, parent_id, unit, row_id, is_current, start, end, number, home, partners in rows:
        key = Key(f"target:{id_}", "value", home, start, end)
        yield _Row(BASELINE, row_id, is_current, parent_id, (None, *(partners or ())), (unit,), key, number)
