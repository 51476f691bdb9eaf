"""Which series are rounded in public, or worked out from rounded counts, said with their unit wherever it stands.

Beside 35 children of a target of 20, a reader reckons ratios again and finds others. It is said of a whole series, by
the rule and by what is sent of it, never of one figure: whether 20 was 20 before would tell the count.
"""

from collections.abc import Callable, Iterable

import duckdb

from pipelines.disclosure.figures import BASELINE, Line

ROUNDED, OF_ROUNDED = "rounded", "of rounded counts"
# the marts that name a unit, and by which column they know what has it
UNITS = {
    "floor_targets": "target_id", "running_periods": "target_id", "target_units": "target_id",
    "proxies": "indicator_id", "proxy_series": "indicator_id", "revisions": "subject_id",
}  # fmt: skip


def rounded(lines: Iterable[Line]) -> dict[str, str]:
    """What is said of each target, proxy and project: that it is rounded, or made of counts that are."""
    found: dict[str, str] = {}
    for line in lines:
        if not any(count.rule.round_to for count in line.counts.values()):
            continue
        if line.table == BASELINE and line.rate is not None:
            continue  # published as it was sent, or as what was sent of its period
        found[line.subject] = ROUNDED if line.rate is None else found.get(line.subject, OF_ROUNDED)
    return found


def say(
    connection: duckdb.DuckDBPyConnection, found: dict[str, str], with_parents: Callable[[set[str]], set[str]]
) -> None:
    """Add it to the units of finished marts, also of targets that are worked out from such series; and list all in
    marts.rounded, for what has no unit.
    """
    of = found | dict.fromkeys(with_parents(set(found)) - found.keys(), OF_ROUNDED)
    connection.execute("create table marts.rounded (subject varchar, said varchar)")
    if of:
        connection.executemany("insert into marts.rounded values (?, ?)", sorted(of.items()))
    for table, subject in UNITS.items():
        connection.execute(
            f"update marts.{table} set unit = unit || ' (' || rounded.said || ')' from marts.rounded "
            f"where {table}.{subject} = rounded.subject"
        )
