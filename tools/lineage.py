"""Which column comes from which, read out of the SQL itself by sqlglot: for marts.lineage and for docs/.

    python tools/lineage.py            # writes sql/lineage.csv, docs/lineage.md and docs/lineage.svg
    python tools/lineage.py --check    # changes nothing; exit code 1 if one of them is not up to date

It needs a database for the columns of each table: that of `lsp run`. Measures are Python: each of their columns is
put down as coming from the whole series that the measure reads.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lineage_docs import page, picture

from pipelines import measures
from pipelines.marts.provenance import FROM
from pipelines.workspace import HERE, SQL, Workspace

DIALECT = "duckdb"
FOLDERS = ("staging", "series", "marts")
NOT_SELECTS = {"create.sql", "lineage.sql"}
Schema = dict[str, Any]


class Link(NamedTuple):
    """One column and one that it comes from; `*` where it comes from all of a table."""

    table: str
    column: str
    from_table: str
    from_column: str


def links(database: Path, sql: Path = SQL) -> list[Link]:
    """Every link of the selects and measures, each a single hop, in order."""
    schema = _schema(database)
    found = set(_of_measures())
    for folder in FOLDERS:
        for path in sorted((sql / folder).glob("*.sql")):
            if path.name not in NOT_SELECTS:
                found |= set(_of_select(f"{folder}.{path.stem}", path.read_text(encoding="utf-8"), schema))
    return sorted(found)


def _of_select(table: str, query: str, schema: Schema) -> Iterator[Link]:
    parsed: Any = qualify(
        sqlglot.parse_one(query, read=DIALECT), schema=schema, dialect=DIALECT, validate_qualify_columns=False
    )
    scope = build_scope(parsed)
    for selected in parsed.selects:
        name = selected.alias_or_name
        if name.endswith(FROM):
            continue
        top: Any = lineage(
            name, parsed, schema=schema, scope=scope, dialect=DIALECT, copy=False, trim_selects=False
        )
        for node in top.walk():
            source = node.expression
            if not node.downstream and isinstance(source, exp.Table) and source.db:
                yield Link(table, name, f"{source.db}.{source.name}", node.name.split(".")[-1].strip('"'))


def _of_measures() -> Iterator[Link]:
    for measure in measures.discover():
        table, series = f"measures.{measure.name}", f"series.{measure.reads}"
        yield Link(table, "row_id", series, "row_id")
        yield from (Link(table, column, series, "*") for column in measure.columns)


def _schema(database: Path) -> Schema:
    """Table and columns of every schema; the types do not matter here."""
    found: Schema = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for schema, table, column in connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal order by all"
        ).fetchall():
            found.setdefault(schema, {}).setdefault(table, {})[column] = "VARCHAR"
    return found


def as_csv(found: list[Link]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Link._fields)
    writer.writerows(found)
    return text.getvalue()


def files(found: list[Link]) -> dict[Path, str]:
    """What is written of the links, by its place."""
    return {
        SQL / "lineage.csv": as_csv(found),
        HERE / "docs" / "lineage.md": page(found),
        HERE / "docs" / "lineage.svg": picture(found),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument(
        "--root", type=Path, default=Path(), help="the workspace whose database is looked at"
    )
    options.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 if anything would change"
    )
    asked = options.parse_args()
    made = files(links(Workspace(asked.root).database))
    stale = [
        path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if not asked.check:
            path.write_text(made[path], encoding="utf-8", newline="\n")
        print(f"{path.relative_to(HERE)} {'is not up to date' if asked.check else 'written'}")
    return 1 if stale and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
