"""Run sql/: series from staging, measures from series, marts from all three. Knows no return by name.

Each file is one select, and its opening comment is the table's documentation: first what one row is,
then a line `-- column: sentence` for each column. A mart says beside each figure where it comes from
(sql/macros.sql); from that `marts.provenance` is made, one row per figure and input.
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import measures
from pipelines.contracts import read_contracts
from pipelines.marts import lineage, provenance
from pipelines.marts.provenance import FROM
from pipelines.workspace import CONTRACTS, SQL

COLUMN = re.compile(r"^-- (\w+): (.+)$")
READS = {schema: re.compile(rf"\b{schema}\.(\w+)") for schema in ("staging", "marts")}


class MartError(Exception):
    """A select of sql/ or a measure is not as it must be: our fault."""


@dataclass(frozen=True)
class Select:
    """One file of sql/: its query, and what its opening comment says of the table and its columns."""

    name: str
    query: str
    grain: str
    columns: dict[str, str]


def read_select(path: Path) -> Select:
    """Read one file; MartError if it does not open with the comment that documents it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    opening = list(itertools.takewhile(lambda line: line.startswith("--"), lines))
    if not opening or COLUMN.match(opening[0]):
        raise MartError(f"{path.name} must open with a comment that says what one row is.")
    documented = {found[1]: found[2] for line in opening if (found := COLUMN.match(line))}
    return Select(path.stem, "\n".join(lines), opening[0].removeprefix("-- "), documented)


def build(connection: duckdb.DuckDBPyConnection, folder: Path = SQL) -> None:
    """Fill schemas series, measures and marts of a database whose staging is loaded."""
    connection.execute((folder / "macros.sql").read_text(encoding="utf-8"))
    connection.execute("create schema series; create schema measures; create schema marts")
    handed_on = _documented(connection)
    for path in sorted((folder / "framework").glob("*.sql")):
        view = read_select(path)
        _create_view("framework", view, handed_on, connection)
        _hand_on(view, handed_on)
    views = [read_select(path) for path in (folder / "staging").glob("*.sql") if path.name != "create.sql"]
    for view in in_order(views, "staging"):
        _create_shared("staging", view, handed_on, connection)
        _hand_on(view, handed_on)
    for path in sorted((folder / "series").glob("*.sql")):
        _create("series", read_select(path), handed_on, connection)
    _measure(connection)
    provenance.create(connection)
    lineage.create(connection, folder)
    for mart in in_order([read_select(path) for path in (folder / "marts").glob("*.sql")], "marts"):
        _create("marts", mart, handed_on, connection)
    provenance.link(connection)
    if fault := provenance.check(connection):
        raise MartError(fault)


def in_order(selects: list[Select], schema: str) -> list[Select]:
    """Selects of one schema such that each comes after those that it reads."""
    left = {select.name: select for select in sorted(selects, key=lambda select: select.name)}
    ordered: list[Select] = []
    while left:
        ready = [s for s in left.values() if not set(READS[schema].findall(s.query)) & (set(left) - {s.name})]
        if not ready:
            raise MartError(f"{', '.join(left)} of sql/{schema} read each other in a circle.")
        ordered += ready
        for select in ready:
            del left[select.name]
    return ordered


def _create_view(
    schema: str, select: Select, handed_on: Mapping[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    """A view of the framework: logic that several selects share, said once."""
    view = f"{schema}.{select.name}"
    _execute(f"create view {view} as {select.query}", view, connection)
    _comment("view", view, select, _names(view, connection), handed_on, connection)


def _create_shared(
    schema: str, select: Select, handed_on: Mapping[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    """A table that several selects share. As views, each inside the next, they took longer to plan than all else."""
    table = f"{schema}.{select.name}"
    _execute(f"create table {table} as {select.query}", table, connection)
    _comment("table", table, select, _names(table, connection), handed_on, connection)


def _create(
    schema: str, select: Select, handed_on: Mapping[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    """A table of series or marts, in the order of its row_id; for a mart its provenance too."""
    table = f"{schema}.{select.name}"
    _execute(f"create or replace temp table result as {select.query}", table, connection)
    names = _names("result", connection)
    shown = [name for name in names if not name.endswith(FROM)]
    connection.execute(f"create table {table} as select {', '.join(shown)} from result order by row_id")
    (twice,) = _one(connection, f"select count(*) - count(distinct row_id) from {table}")
    if twice:
        raise MartError(f"{table}: {twice} rows share a row_id with another; its grain is not what it says.")
    _comment("table", table, select, shown, handed_on, connection)
    if schema == "marts":
        if shown != list(select.columns):
            differing = sorted(set(shown) ^ set(select.columns)) or ["their order"]
            raise MartError(f"{table}: its columns and its opening comment differ in {', '.join(differing)}.")
        provenance.record(select.name, names, connection)


def _execute(query: str, what: str, connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute(query)
    except duckdb.Error as error:
        raise MartError(f"{what}: {error}") from error


def _names(relation: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for name, *_ in connection.execute(f"describe {relation}").fetchall()]


def _documented(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What each column of the framework and of staging is said to be: by the sheet whose key it is, if there is one."""
    said = dict(
        connection.execute(
            "select column_name, min(comment) from duckdb_columns() "
            "where schema_name in ('framework', 'staging') and comment is not null group by column_name"
        ).fetchall()
    )
    by_key = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'framework' and comment is not null"
    ).fetchall()
    homes = _homes()
    return said | {name: comment for sheet, name, comment in by_key if homes.get(name) == sheet}


def _hand_on(select: Select, handed_on: dict[str, str]) -> None:
    """Put what a select says of its columns among what is said of them; asking DuckDB again after each takes longer."""
    for name, sentence in select.columns.items():
        if name not in _homes():
            handed_on[name] = min(handed_on.get(name, sentence), sentence)


@cache
def _homes() -> dict[str, str]:
    """Column → the framework's sheet of which it is the key, as `targets` for `target_id`."""
    every = [contract for contract in read_contracts(CONTRACTS).values() if contract.is_framework]
    return {
        contract.key[0]: contract.name
        for contract in every
        if not contract.by_name[contract.key[0]].refers_to
    }


def _comment(
    kind: str,
    relation: str,
    select: Select,
    shown: list[str],
    handed_on: Mapping[str, str],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Document a relation: by its own opening comment, else as the column that it hands on is documented."""
    if unknown := sorted(set(select.columns) - set(shown)):
        raise MartError(
            f"{relation}: its opening comment speaks of {', '.join(unknown)}, which it does not have."
        )
    if silent := [name for name in shown if name not in select.columns and name not in handed_on]:
        raise MartError(
            f"{relation}: nothing says what {', '.join(silent)} is. Add it to the opening comment."
        )
    comments = [f"comment on {kind} {relation} is {_quoted(select.grain)}"]
    for name in shown:
        sentence = select.columns.get(name) or handed_on[name]
        comments.append(f"comment on column {relation}.{name} is {_quoted(sentence)}")
    connection.execute(";".join(comments))


def _measure(connection: duckdb.DuckDBPyConnection) -> None:
    entities = connection.execute(
        "select view_name from duckdb_views() where schema_name = 'framework'"
    ).fetchall()
    framework = {name: connection.execute(f"from framework.{name}").df() for (name,) in entities}
    for measure in measures.discover():
        series = connection.execute(f"from series.{measure.reads} order by row_id").df()
        frame = measure.measure(series, framework)
        if list(frame.columns) != ["row_id", *measure.columns]:
            raise MartError(f"measures.{measure.name}: columns and documentation differ.")
        types = {name: _type_of(frame[name]) for name in frame.columns}
        frame = frame.astype(object)
        connection.register("measured", frame.where(frame.notna(), None))
        casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
        connection.execute(f"create table measures.{measure.name} as select {casts} from measured")
        connection.unregister("measured")
        title = (measure.measure.__doc__ or "").splitlines()[0]
        connection.execute(f"comment on table measures.{measure.name} is {_quoted(title)}")
        for name, sentence in {"row_id": "The row of the series.", **measure.columns}.items():
            connection.execute(f"comment on column measures.{measure.name}.{name} is {_quoted(sentence)}")


def _type_of(column: pd.Series) -> str:
    """The DuckDB type of a measure's column. Never by its values: in some quarters there are none."""
    if str(column.name).startswith("is_"):
        return "BOOLEAN"
    if str(column.name).endswith("_on"):
        return "DATE"
    return "DOUBLE" if pd.api.types.is_numeric_dtype(column) else "VARCHAR"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return connection.execute(query).fetchone() or (0,)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
