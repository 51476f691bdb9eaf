"""The marts of the public edition: made anew, from a copy of what was received that holds what may be published alone.

So nothing of a pack has to be blanked afterwards: its rates, trajectories, ratings, sentences, charts and totals are
worked out from published counts alone, and can tell no more than these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from pipelines import marts
from pipelines.contracts import read_contracts
from pipelines.disclosure import figures, replacing, rounded
from pipelines.disclosure.clearance import Clearance, read_clearance
from pipelines.disclosure.counts import System, subject_of
from pipelines.disclosure.earlier import Published, as_published, with_earlier
from pipelines.disclosure.same_things import Link, same_things
from pipelines.disclosure.sums import system_of
from pipelines.disclosure.suppress import suppress, together
from pipelines.disclosure.told import told_exactly
from pipelines.disclosure.words import clear
from pipelines.pack.words import UNROUNDED
from pipelines.workspace import CONTRACTS, SQL

SOURCE = "source"  # the partners' marts, as this copy's connection knows them
RATINGS = ("rating", "rating_suggested", "rating_source", "position", "outlook", "overall", "overall_mark")


@dataclass(frozen=True)
class Disclosed:
    """What was done: of how many rows that count anything is hidden; which small counts can't be protected any more;
    and what is to be kept of the pack.
    """

    hidden: int
    given_away: tuple[str, ...]
    published: Published


def clearance_of(database: Path) -> Clearance:
    """What the framework of these marts clears."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return read_clearance(connection)


def make_public(database: Path, target: Path, earlier: Mapping[str, Published]) -> Disclosed:
    """Make the public edition's marts from the partners'; `earlier` is what public packs issued before have said."""
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as connection:
        attach = f"attach {_quoted(str(database))} as {SOURCE} (read_only)"
        connection.execute(attach)
        _copy_loaded(connection)
        clearance = read_clearance(connection)
        within, links, stood = _within(connection), _links(connection), _stood(connection)
        clear(connection, clearance, read_contracts(CONTRACTS))
        of = figures.lines(connection, clearance, within, stood)
        counts = figures.current(of).values()
        system = system_of(counts, within, same_things(counts, links), stood)
        known = with_earlier(
            system, counts, earlier, lambda then: system_of(then, within, same_things(then, links), stood)
        )
        done = suppress(known.cells, known.sums)
        hidden = {name for name in system.cells if name in done.hidden and not system.cells[name].is_implied}
        gone = replacing.replace(of, done.hidden, connection)
        touched = {line.subject for line in gone} | _tied(known, hidden)
        subjects = _with_parents(connection, touched)
        _without_judgements(connection, subjects)
        connection.execute(f"detach {SOURCE}")
        marts.build(connection)
        connection.execute(attach)
        _rate_as_in_partners(connection, subjects)
        rounded.say(connection, rounded.rounded(of), partial(_with_parents, connection))
        exact = told_exactly(counts, subjects, connection, SOURCE)
        return Disclosed(
            sum(line.is_current for line in gone),
            tuple(sorted(done.given_away)),
            as_published(system, done.hidden, exact),
        )


def _copy_loaded(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that were loaded, with what is said of them; not those that sql/staging makes of them."""
    made = {path.stem for path in (SQL / "staging").glob("*.sql")}
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = $1 "
        "and schema_name in ('staging', 'framework') order by all",
        [SOURCE],
    ).fetchall()
    comments = connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() where database_name = $1 "
        "and schema_name in ('staging', 'framework') and comment is not null",
        [SOURCE],
    ).fetchall()
    connection.execute("create schema staging; create schema framework")
    copied = set()
    for schema, name, comment in tables:
        if schema == "staging" and name in made:
            continue
        connection.execute(f"create table {schema}.{name} as from {SOURCE}.{schema}.{name}")
        copied.add((schema, name))
        if comment:
            connection.execute(f"comment on table {schema}.{name} is {_quoted(comment)}")
        if name.startswith("received_"):
            view = f"{schema}.{name.removeprefix('received_')}"
            connection.execute(f"create view {view} as from {schema}.{name} where is_current")
    for schema, name, column, comment in comments:
        if (schema, name) in copied:
            connection.execute(f"comment on column {schema}.{name}.{column} is {_quoted(comment)}")


def _within(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    rows = connection.execute(
        "select area_id, parent_id, kind from framework.areas where parent_id is not null order by since nulls first"
    ).fetchall()
    return {area: (parent, kind) for area, parent, kind in rows}


def _stood(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[date | None, date | None]]]:
    """From when to when each area has been one, by each of its shapes."""
    found: dict[str, list[tuple[date | None, date | None]]] = {}
    for area, since, until in connection.execute(
        "select area_id, since, until from framework.areas order by all"
    ).fetchall():
        found.setdefault(area, []).append((since, until))
    return found


def _links(connection: duckdb.DuckDBPyConnection) -> list[Link]:
    rows = connection.execute(
        "select target_id, indicator_id, adds_up is not distinct from 'yes' from framework.proxy_links order by all"
    ).fetchall()
    return [(f"target:{target}", f"proxy:{proxy}", adds_up) for target, proxy, adds_up in rows]


def _tied(system: System, hidden: set[str]) -> set[str]:
    """The references of all that sums tie to something hidden, or to a small count that nobody sent: what is judged of
    them by figures before rounding says more of these than was looked at.
    """
    found: set[str] = set()
    for names, _ in together(system.cells, system.sums):
        cells = (system.cells[name] for name in names)
        if not hidden.isdisjoint(names) or any(cell.rule.is_small(cell.value) for cell in cells):
            found |= {subject_of(name) for name in names}
    return found


def _with_parents(connection: duckdb.DuckDBPyConnection, subjects: set[str]) -> set[str]:
    """These, and the targets that are worked out from them: those that count units, and composite ones."""
    links = connection.execute(
        "select counted_target_id, target_id from framework.received_targets where counted_target_id is not null "
        "union select target_id, composite_id from framework.received_targets where composite_id is not null"
    ).fetchall()
    found = set(subjects)
    while more := {parent for one, parent in links if one in found} - found:
        found |= more
    return found


def _without_judgements(connection: duckdb.DuckDBPyConnection, subjects: set[str]) -> None:
    """No judgement of what is hidden: a rating says on which side of a limit it lies."""
    connection.execute(
        f"""
        delete from staging.received_ratings where lower(trim(subject)) in (
            select name from {SOURCE}.framework.subjects where list_contains($1, subject)
        )
        """,
        [sorted(subjects)],
    )
    connection.execute(
        "update staging.received_floor_targets set rating = null where list_contains($1, target_id)",
        [sorted(subjects)],
    )
    # a partner rates delivery and risk by the outputs as they are
    connection.execute(
        "update staging.received_nrf_spend set rating_delivery = null, rating_risk = null "
        "where list_contains($1, project_id)",
        [sorted(subjects)],
    )


def _rate_as_in_partners(connection: duckdb.DuckDBPyConnection, hidden: set[str]) -> None:
    """Where rounding alone would change a rating, the one that the partners' edition shows, and that it is so; not of
    what anything is hidden of.
    """
    sets = ", ".join(f"{name} = theirs.{name}" for name in RATINGS)
    connection.execute(
        f"""
        update marts.floor_targets set {sets}, rating_reason = '{UNROUNDED}', rating_differs = null
        from {SOURCE}.marts.floor_targets as theirs
        where floor_targets.row_id = theirs.row_id and floor_targets.rating is distinct from theirs.rating
            and floor_targets.latest_value is not null and theirs.latest_label = floor_targets.latest_label
            and not list_contains($1, floor_targets.target_id)
            and floor_targets.target_id not in (
                select target_id from staging.received_floor_targets where value_status = '{figures.CONFIDENTIAL}'
            )
        """,
        [sorted(hidden)],
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
