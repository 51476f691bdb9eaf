"""The counts of a copy of what was received, hidden or rounded where they stand; all else is worked out from them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb

from pipelines.disclosure.clearance import Clearance
from pipelines.disclosure.counts import Count, Key

CONFIDENTIAL = "c"  # the shorthand for it (pack/words.py), for what is hidden in either step
HOME = "(select value from framework.settings where setting_id = 'home_area')"
SERIES = {
    "target": ("floor_targets", "target_id", "rows.area_id"),
    "proxy": ("proxy_indicators", "indicator_id", HOME),
}  # fmt: skip
OUTPUT = "output"
PER = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)
# what a partner typed beside a value and that would tell it
BESIDE = {
    "target": ("lower", "upper", "gap_published", "baseline_stated", "target_stated", "change_pct"),
    "proxy": ("lower", "upper", "change_pct"),
}


class Line(NamedTuple):
    """A row that holds counts: where it lies, whether it counts, its counts by quantity, and its value if no count."""

    table: str
    row_id: str
    is_current: bool
    counts: dict[str, Count]
    rate: float | None


def lines(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> list[Line]:
    """Every row of the series and of projects' outputs that holds counts, oldest first."""
    return [
        *_series(connection, clearance),
        *_outputs(connection, clearance),
        *_baselines(connection, clearance),
    ]


def current(of: Sequence[Line]) -> dict[str, Count]:
    """The counts as they stand: of several that count, the one received last."""
    return {count.key.name: count for line in of if line.is_current for count in line.counts.values()}


def apply(of: Sequence[Line], hidden: frozenset[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Put in place of each count what may be published of it."""
    now = current(of)
    subjects = {count.key.subject for name, count in now.items() if name in hidden}

    def is_hidden(count: Count) -> bool:
        # of an earlier version nothing is shown where anything of its series is hidden
        is_old = now.get(count.key.name, count).value != count.value
        return (
            count.key.name in hidden
            or count.rule.is_small(count.value)
            or (is_old and count.key.subject in subjects)
        )

    for line in of:
        _APPLY[line.table](line, is_hidden, connection)


def _series(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> list[Line]:
    found: list[Line] = []
    for kind, (name, ref, area) in SERIES.items():
        parent = "parent_id" if kind == "target" else "null"
        entity = "targets" if kind == "target" else "indicators"
        rows = connection.execute(
            f"""
            with named as (
                select {ref} as ref, any_value({parent}) as parent_id, any_value(unit) as unit
                from framework.received_{entity} group by all
            )
            select named.ref, named.parent_id, named.unit, rows.row_id, rows.is_current, rows.partner,
                {area} as area, rows.period_start, rows.period_end,
                rows.value, rows.numerator, rows.denominator
            from staging.received_{name} as rows inner join named on rows.{ref} = named.ref
            where rows.period_start is not null order by rows.received_at, rows.row_id
            """
        ).fetchall()
        whole: dict[str, bool] = defaultdict(lambda: True)
        for one in rows:
            whole[one[0]] &= one[9] is None or float(one[9]).is_integer()
        for one in rows:
            id_, parent_id, unit, row_id, is_current, partner, where, start, end, *numbers = one
            said = clearance.are_counts(kind, id_, parent_id)
            are_counts = whole[id_] and _is_counted(unit) if said is None else said
            rule = clearance.rule(partner)
            quantities = dict(zip(("value", "numerator", "denominator"), numbers, strict=True))
            counts = {
                quantity: Count(Key(f"{kind}:{id_}", quantity, str(where), start, end), float(number), rule)
                for quantity, number in quantities.items()
                if number is not None and number >= 0 and (quantity != "value" or are_counts)
            }
            if counts:
                rate = None if are_counts else numbers[0]
                found.append(Line(kind, row_id, is_current, counts, rate))
    return found


def _is_counted(unit: str) -> bool:
    """Whether whole numbers of this unit may be counts: no share, no rate, no money."""
    return not (set(unit) & set("%£") or unit.casefold().startswith("per ") or unit in ("GBP", "years"))


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
    whole: dict[str, bool] = defaultdict(lambda: True)
    for id_, *_, number in rows:
        whole[id_] &= float(number).is_integer()
    found = []
    for id_, row_id, is_current, partner, start, end, number in rows:
        said = clearance.are_counts("project", id_)
        if whole[id_] if said is None else said:
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


def _baselines(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> list[Line]:
    """Baselines that the framework gives of counts, by the rule for everybody."""
    rows = connection.execute(
        """
        select targets.target_id, targets.parent_id, targets.unit, targets.row_id, targets.is_current,
            targets.baseline_period_start, targets.baseline_period_end, targets.baseline_value, home.value
        from framework.received_targets as targets
        cross join (select value from framework.settings where setting_id = 'home_area') as home
        where targets.baseline_value is not null order by targets.received_at, targets.row_id
        """
    ).fetchall()
    found = []
    for id_, parent_id, unit, row_id, is_current, start, end, number, home in rows:
        said = clearance.are_counts("target", id_, parent_id)
        if float(number).is_integer() and _is_counted(unit) if said is None else said:
            key = Key(f"target:{id_}", "value", home, start, end)
            count = Count(key, float(number), clearance.rule(None))
            found.append(Line("baseline", row_id, is_current, {"value": count}, None))
    return found


Hidden = Callable[[Count], bool]


def _put(table: str, row_id: str, values: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"update {table} set {sets} where row_id = ?", [*values.values(), row_id])


def _put_series(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> None:
    table = f"staging.received_{SERIES[line.table][0]}"
    values: dict[str, Any] = dict.fromkeys(BESIDE[line.table])
    counts = line.counts
    if any(is_hidden(count) for count in counts.values()):
        gone = dict.fromkeys(("value", "numerator", "denominator"))
        values |= gone | {"value_status": CONFIDENTIAL}
        if line.table == "target":
            values["rating"] = None
    else:
        if not any(count.rule.round_to for count in counts.values()):
            return  # published as it was sent, and so is what was sent beside it
        shown = {name: count.rule.shown(count.value) for name, count in counts.items()}
        values |= shown
        if line.rate is not None and (per := _per(line.rate, counts)):
            # nothing of the rate that was sent, whose last digits would tell the count
            values["value"] = per * shown["numerator"] / shown["denominator"]
    _put(table, line.row_id, values, connection)


def _per(rate: float, counts: dict[str, Count]) -> float | None:
    """By how many a rate is counted (100, 1,000 …), if it is its numerator over its denominator."""
    if "numerator" not in counts or not (counts.get("denominator") and counts["denominator"].value):
        return None
    ratio = counts["numerator"].value / counts["denominator"].value
    return next((per for per in PER if abs(rate - per * ratio) <= max(0.06, 0.02 * rate)), None)


def _put_output(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> None:
    count = line.counts["value"]
    values = (
        {"output_actual": None, "output_actual_status": CONFIDENTIAL}
        if is_hidden(count)
        else {"output_actual": count.rule.shown(count.value)}
    )
    _put("staging.received_nrf_spend", line.row_id, values, connection)


def _put_baseline(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> None:
    count = line.counts["value"]
    values = (
        {"baseline_value": None, "baseline_value_status": CONFIDENTIAL}
        if is_hidden(count)
        else {"baseline_value": count.rule.shown(count.value)}
    )
    _put("framework.received_targets", line.row_id, values, connection)


_APPLY: dict[str, Callable[[Line, Hidden, duckdb.DuckDBPyConnection], None]] = {
    "target": _put_series,
    "proxy": _put_series,
    OUTPUT: _put_output,
    "baseline": _put_baseline,
}
