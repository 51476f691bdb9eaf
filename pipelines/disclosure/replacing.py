"""What may be published of each count put in its place, in a copy of what was received; all else follows from it."""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from pipelines.disclosure.counts import Count
from pipelines.disclosure.figures import BASELINE, CONFIDENTIAL, OUTPUT, QUANTITIES, SERIES, Line, current
from pipelines.disclosure.units import per_so_many

Hidden = Callable[[Count], bool]
# what a partner typed beside a value and that would tell it
BESIDE = {
    "target": ("lower", "upper", "gap_published", "baseline_stated", "target_stated", "change_pct"),
    "proxy": ("lower", "upper", "change_pct"),
}


def replace(of: Sequence[Line], hidden: frozenset[str], connection: duckdb.DuckDBPyConnection) -> list[Line]:
    """Put in place of each count what may be published of it; the lines of which anything is hidden."""
    now = current(of)

    def is_hidden(count: Count) -> bool:
        # an earlier version, or one that was withdrawn, is in no sum that was looked at: beside what stands it would
        # tell what an earlier pack hid
        is_old = count.key.name not in now or now[count.key.name].value != count.value
        return is_old or count.key.name in hidden or count.rule.is_small(count.value)

    gone = [line for line in of if _APPLY[line.table](line, is_hidden, connection)]
    _as_sent([line for line in of if line.table == BASELINE and line.rate is not None], connection)
    _leave_out_baselines([line for line in gone if line.table == "target" and line.is_current], connection)
    return gone


def _put(table: str, row_id: str, values: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"update {table} set {sets} where row_id = ?", [*values.values(), row_id])


def _put_series(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> bool:
    """Put what may be published of a row in its place; whether anything of it is hidden."""
    table = f"staging.received_{SERIES[line.table][0]}"
    values: dict[str, Any] = dict.fromkeys(BESIDE[line.table])
    counts = line.counts
    if any(is_hidden(count) for count in counts.values()):
        gone = dict.fromkeys(QUANTITIES)
        values |= gone | {"value_status": CONFIDENTIAL}
    else:
        fits = _rate_fits(line)
        if not fits:  # a rate of something else: of whom, and how many, nobody can tell
            values |= {"value": None, "value_status": CONFIDENTIAL}
        if any(count.rule.round_to for count in counts.values()):
            shown = {name: count.rule.shown(count.value) for name, count in counts.items()}
            values |= {name: number for name, number in shown.items() if name in line.sent}
            if fits and line.rate is not None and "numerator" in counts and counts["numerator"].value:
                # nothing of the rate that was sent, whose last digits would tell the count
                per = per_so_many(
                    line.rate, counts["numerator"].value, counts["denominator"].value, line.base
                )
                values["value"] = per * shown["numerator"] / shown["denominator"] if per else None
    is_gone = values.get("value_status") == CONFIDENTIAL
    if is_gone and line.table == "target":
        values["rating"] = None
    _put(table, line.row_id, values, connection)
    return is_gone


def _rate_fits(line: Line) -> bool:
    """Whether a rate is that of the counts beside it, as far as there are any."""
    counts = line.counts
    if line.rate is None or "numerator" not in counts:
        return True
    numerator = counts["numerator"].value
    if numerator == 0:
        return line.rate == 0
    if "denominator" not in counts:  # as it was sent it may stand, and rounded nobody could work it out again
        return not counts["numerator"].rule.round_to
    return per_so_many(line.rate, numerator, counts["denominator"].value, line.base) is not None


def _put_output(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> bool:
    count = line.counts["value"]
    values = (
        {"output_actual": None, "output_actual_status": CONFIDENTIAL, "rating_delivery": None}
        if is_hidden(count)
        else {"output_actual": count.rule.shown(count.value)}
    )
    _put("staging.received_nrf_spend", line.row_id, values, connection)
    return is_hidden(count)


def _put_baseline(line: Line, is_hidden: Hidden, connection: duckdb.DuckDBPyConnection) -> bool:
    gone = any(is_hidden(count) for count in line.counts.values())
    if gone:
        values = {"baseline_value": None, "baseline_value_status": CONFIDENTIAL}
        _put("framework.received_targets", line.row_id, values, connection)
    elif line.rate is None:
        count = line.counts["value"]
        _put(
            "framework.received_targets",
            line.row_id,
            {"baseline_value": count.rule.shown(count.value)},
            connection,
        )
    return gone


def _as_sent(rates: Sequence[Line], connection: duckdb.DuckDBPyConnection) -> None:
    """Of a rate's baseline whose period was sent too, what is published of that: beside it, it would tell what was
    rounded.
    """
    for line in rates:
        key = next(iter(line.counts.values())).key
        connection.execute(
            """
            update framework.received_targets set baseline_value = rows.value
            from staging.received_floor_targets as rows
            where received_targets.row_id = ? and received_targets.baseline_value is not null
                and rows.target_id = ? and rows.area_id = ? and rows.period_start = ? and rows.period_end = ?
                and rows.is_current and rows.value is not null
                and (rows.numerator is not null or rows.denominator is not null)
            """,
            [line.row_id, line.subject, key.area, key.start, key.end],
        )


def _leave_out_baselines(hidden: Sequence[Line], connection: duckdb.DuckDBPyConnection) -> None:
    """A baseline, of a rate too, says what a hidden row of the same period does, here or where it is compared."""
    for line in hidden:
        key = next(iter(line.counts.values())).key
        connection.execute(
            """
            update framework.received_targets set
                baseline_value = null, baseline_value_status = ?,
                baseline_comparator = null, baseline_comparator_status = ?
            where target_id = ? and baseline_period_start = ? and baseline_period_end = ?
            """,
            [CONFIDENTIAL, CONFIDENTIAL, line.subject, key.start, key.end],
        )


_APPLY: dict[str, Callable[[Line, Hidden, duckdb.DuckDBPyConnection], bool]] = {
    "target": _put_series,
    "proxy": _put_series,
    OUTPUT: _put_output,
    BASELINE: _put_baseline,
}
