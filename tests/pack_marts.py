"""Small marts for the tests of the pack, from the rows of pack_marts.yml."""

from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.pack.read import Marts

QUARTER = "2004-05-Q1"
Tables = dict[str, dict[str, Any]]


def sample() -> Tables:
    """The tables, each with its columns and rows, for a test to change."""
    found: Tables = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return found


def marts_of(tables: Tables) -> Marts:
    """The tables as marts in a DuckDB of their own, in memory."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for name, table in tables.items():
        connection.execute(f"create table marts.{name} ({table['columns']})")
        for row in table["rows"]:
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f"insert into marts.{name} ({', '.join(row)}) values ({marks})", [*row.values()]
            )
    return Marts(connection)
