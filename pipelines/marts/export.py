"""All marts as Parquet and CSV, with the data dictionary, described by a Frictionless data package.

A spreadsheet runs a text that begins like a formula, and no CSV can say that it is a text: in the CSV files such
a text has an apostrophe before it. The Parquet files have every value as it is.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipelines.marts.dictionary import as_html

TYPES = {
    "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime", "DOUBLE": "number", "INTEGER": "integer",
    "BIGINT": "integer", "HUGEINT": "integer", "VARCHAR": "string",
}  # fmt: skip
MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
RISKY = r"^[=+\-@\t\r\n\x00]"


def export(database: Path, into: Path) -> Path:
    """Write everything into the folder `into`, whole or not at all; the path of its datapackage.json."""
    aside = into.with_name(f".{into.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    for folder in ("csv", "parquet"):
        (aside / folder).mkdir(parents=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        package = _package(connection, aside)
    (aside / "dictionary.html").write_text(as_html(database), encoding="utf-8", newline="\n")
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    (aside / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    shutil.rmtree(into, ignore_errors=True)
    aside.replace(into)
    return into / "datapackage.json"


def _package(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Any]:
    ((run_id, as_at, title),) = connection.execute(
        "select about.run_id, about.as_at, settings.value from marts.about as about "
        "left join marts.settings as settings on settings.setting_id = 'partnership_name'"
    ).fetchall()
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    return {
        "profile": "tabular-data-package",
        "name": "partnership-performance-marts",
        "title": f"{title or 'Partnership'}: marts as at {as_at}",
        "id": run_id,
        "description": "Every mart as CSV, and beside it as Parquet. In the CSV a text that a spreadsheet would run as "
        "a formula has an apostrophe before it.",
        "resources": [_resource(name, comment, connection, folder) for name, comment in tables],
    }


def _resource(
    table: str, comment: str, connection: duckdb.DuckDBPyConnection, folder: Path
) -> dict[str, Any]:
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    names = [name for name, *_ in columns]
    # in the provenance a row's figures share its row_id
    key = ["figure_id", "input_no"] if "input_no" in names else ["row_id"]
    order = ", ".join(key)
    csv, parquet = folder / "csv" / f"{table}.csv", folder / "parquet" / f"{table}.parquet"
    shown = ", ".join(_in_csv(name, kind) for name, kind, _ in columns)
    connection.execute(
        f"copy (select {shown} from marts.{table} order by {order}) to '{_quoted(csv)}' "
        f"(format csv, header, timestampformat '{MOMENT}')"
    )
    connection.execute(
        f"copy (select * from marts.{table} order by {order}) to '{_quoted(parquet)}' (format parquet)"
    )
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": f"csv/{table}.csv",
        "parquet": f"parquet/{table}.parquet",
        "description": comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": csv.stat().st_size,
        "hash": f"sha256:{hashlib.sha256(csv.read_bytes()).hexdigest()}",
        "schema": {"fields": [_field(*column) for column in columns], "primaryKey": key},
    }


def _field(name: str, kind: str, comment: str) -> dict[str, Any]:
    field = {"name": name, "type": TYPES.get(kind, "string"), "description": comment}
    return field | ({"format": MOMENT} if kind == "TIMESTAMP" else {})


def _in_csv(name: str, kind: str) -> str:
    if TYPES.get(kind, "string") != "string":
        return f'"{name}"'
    text = f'replace(replace(cast("{name}" as varchar), chr(13) || chr(10), chr(10)), chr(13), chr(10))'
    return f"case when regexp_matches({text}, '{RISKY}') then '''' || {text} else {text} end as \"{name}\""


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
