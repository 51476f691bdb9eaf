"""Build the database aside, check it, and only then let it be put in place.

Analysts may have the published file open; it is never opened for writing. A run that is killed leaves the
last good database, and a build file and spill that the next run sweeps away.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.storage.durable import sync
from pipelines.storage.in_place import PublishError, put_in_place
from pipelines.workspace import Workspace

STORAGE = "v1.2.0"  # readable by DuckDB 1.2 and newer, so by what analysts have
BLOCK_BYTES = 65536  # many small tables fill DuckDB's own blocks of 262144 bytes only in small part
SCHEMAS = ("framework", "staging", "series", "measures", "marts")


def publish(workspace: Workspace, name: str, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> Path:
    """Build a database with `fill`, check it, and put it in the place of the workspace's; where it lies now.

    Raises PublishError where what was written is not what was put in, or can't be put anywhere.
    """
    work = workspace.work
    sweep(work)
    work.mkdir(parents=True, exist_ok=True)
    workspace.published.parent.mkdir(parents=True, exist_ok=True)
    try:
        put_in_place(_built(work, name, fill), workspace)
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise PublishError(
            f"The new marts could not be written ({str(error).splitlines()[0]}). Check that there is room on the disk, "
            "and run again; the database in place was left alone."
        ) from error
    finally:
        sweep(work)  # half a build would only fill the disk further
    return workspace.database


def _built(work: Path, name: str, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> Path:
    """The database that `fill` fills, on the disk and checked."""
    build = work / f"build-{name}.duckdb"
    with duckdb.connect() as connection:
        # left alone, DuckDB would spill into the folder that the command was called from
        connection.execute(f"set temp_directory = '{_quoted(work / f'spill-{name}')}'")
        connection.execute(
            f"attach '{_quoted(build)}' as lsp (storage_version '{STORAGE}', block_size {BLOCK_BYTES})"
        )
        connection.execute("use lsp")
        # a partnership's data is small: handing it between threads takes longer than the work
        connection.execute("set threads = 1")
        # one transaction: a commit for each of over a thousand statements would be most of the time
        connection.execute("begin")
        fill(connection)
        connection.execute("commit")
        connection.execute("checkpoint lsp")
        put_in = sums(connection)
    if build.with_name(build.name + ".wal").exists():
        raise PublishError(f"{build.name} was not written to the end; the database in place was left alone.")
    sync(build)
    with duckdb.connect(str(build), read_only=True) as connection:
        if sums(connection) != put_in:
            raise PublishError(
                f"{build.name} does not hold what was put in; the database in place was left alone."
            )
    return build


def sweep(work: Path) -> None:
    """Remove what a killed run left behind: its build and what it spilled. Only who holds the workspace may."""
    for left in [*work.glob("build-*"), *work.glob("spill-*")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def sums(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int | None]]:
    """For every table: how many rows, and a sum over the hashes of their contents, whatever their order."""
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_catalog = current_catalog() and list_contains(?, table_schema) "
        "order by all",
        [list(SCHEMAS)],
    ).fetchall()
    found = []
    for schema, table in tables:
        rows, total = connection.execute(
            f'select count(*), sum(hash(one)) from {schema}."{table}" as one'
        ).fetchall()[0]
        found.append((schema, table, rows, total))
    return found


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
