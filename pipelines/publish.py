"""Build the database aside, then put it in place in one move.

Analysts may have the published file open; it is never opened for writing. A run that is killed
leaves the last good database, and a build file that the next run sweeps away.
"""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

STORAGE = "v1.2.0"  # readable by DuckDB 1.2 and newer, so by what analysts have


class PublishError(Exception):
    """The database could not be put in place; the message says what is in the way."""


def publish(database: Path, work: Path, name: str, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Build `database` with `fill`, check it, and replace the one that is there."""
    sweep(work)
    work.mkdir(parents=True, exist_ok=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    build = work / f"build-{name}.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(build)}' as lsp (storage_version '{STORAGE}')")
        connection.execute("use lsp")
        # a partnership's data is small: handing it between threads takes longer than the work
        connection.execute("set threads = 1")
        # one transaction: a commit for each of over a thousand statements would be most of the time
        connection.execute("begin")
        fill(connection)
        connection.execute("commit")
        connection.execute("checkpoint lsp")
        counts = _counts(connection)
    if build.with_name(build.name + ".wal").exists():
        raise PublishError(f"{build.name} was not written to the end; the database in place was left alone.")
    with duckdb.connect(str(build), read_only=True) as connection:
        if _counts(connection) != counts:
            raise PublishError(
                f"{build.name} does not hold what was put in; the database in place was left alone."
            )
    _sync(build)
    try:
        # of somebody who opened the old database to write in it: DuckDB would play it into the new one
        database.with_name(database.name + ".wal").unlink(missing_ok=True)
        build.replace(database)
    except PermissionError as error:
        raise PublishError(
            f"{database} is open in another program and can't be replaced. Close it there and run again."
        ) from error
    if os.name == "posix":
        _sync(database.parent)


def sweep(work: Path) -> None:
    """Remove what a killed run left behind."""
    for left in work.glob("build-*") if work.exists() else ():
        left.unlink()


def _counts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_schema in ('framework', 'staging', 'series', 'measures', 'marts') "
        "order by all"
    ).fetchall()
    counts = []
    for schema, table in tables:
        (rows,) = connection.execute(f'select count(*) from {schema}."{table}"').fetchone() or (0,)
        counts.append((schema, table, rows))
    return counts


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
