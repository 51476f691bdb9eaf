"""Which column comes from which: marts.lineage, from sql/lineage.csv.

The file is made from the SQL itself by tools/lineage.py and lies beside it: reading it out of a hundred selects takes
longer than a run's own work on them.
"""

import csv
from pathlib import Path

import duckdb
import pandas as pd

FILE = "lineage.csv"
GRAIN = "One row per column and column that it comes from, a single hop: of staging views, series, measures and marts."
COLUMNS = {
    "table_name": "The table, with its schema.",
    "column_name": "Its column.",
    "from_table": "The table that it comes from.",
    "from_column": "The column there; * where a measure reads all of a series.",
    "row_id": "table_name|column_name|from_table|from_column.",
}


def create(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make marts.lineage, documented; empty where the file is not there."""
    columns = ", ".join(f"{name} varchar" for name in COLUMNS)
    connection.execute(f"create table marts.lineage ({columns})")
    if (folder / FILE).exists():
        with (folder / FILE).open(encoding="utf-8", newline="") as lines:
            _, *links = csv.reader(lines)
        rows = pd.DataFrame([(*link, "|".join(link)) for link in links], columns=list(COLUMNS))
        connection.register("links", rows)
        connection.execute("insert into marts.lineage select * from links order by row_id")
        connection.unregister("links")
    connection.execute(f"comment on table marts.lineage is {_quoted(GRAIN)}")
    for name, sentence in COLUMNS.items():
        connection.execute(f"comment on column marts.lineage.{name} is {_quoted(sentence)}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
