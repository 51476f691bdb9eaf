"""The data dictionary: every table and column of the database with its comment, as one HTML page without script."""

from html import escape
from itertools import groupby
from pathlib import Path

import duckdb

SCHEMAS = {
    "marts": "What we want to know, one table per question.",
    "series": "What was known at each quarter's cut-off: what measures are worked out from.",
    "measures": "Statistics of the series.",
    "staging": "What came in: files, sheets, returns, cells, findings, and the rows of each return.",
    "framework": "Targets, indicators, projects, partners, calendar and settings, as the framework has them.",
}
STYLE = """
body { font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; background: #fff }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #b1b4b6 }
h3 { margin-bottom: 0 } code { font-size: .95em } a { color: #1d70b8 }
nav li { display: inline-block; margin-right: 1rem }
@media (prefers-color-scheme: dark) { body { color: #f3f2f1; background: #0b0c0c } a { color: #7db8ea } }
"""
QUERY = """
select relations.schema_name, relations.name, relations.comment, columns.column_name, columns.data_type, columns.comment
from (
    select schema_name, table_name as name, comment from duckdb_tables()
    union all select schema_name, view_name, comment from duckdb_views() where not internal
) as relations
inner join duckdb_columns() as columns
    on relations.schema_name = columns.schema_name and relations.name = columns.table_name
where list_contains(?, relations.schema_name)
order by list_position(?, relations.schema_name), relations.name, columns.column_index
"""


def as_html(database: Path) -> str:
    """The whole dictionary; the same database gives the same page."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(QUERY, [list(SCHEMAS)] * 2).fetchall()
    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8"><title>Data dictionary</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{STYLE}</style></head><body>",
        "<h1>Data dictionary</h1>",
        "<p>Every table of <code>lsp.duckdb</code> and every column of it, from their comments in the database. "
        "Made by the pipeline; do not edit.</p>",
    ]
    for schema, its in groupby(rows, key=lambda row: row[0]):
        tables = [(name, list(columns)) for name, columns in groupby(its, key=lambda row: row[1])]
        links = "".join(f'<li><a href="#{schema}.{name}">{escape(name)}</a></li>' for name, _ in tables)
        parts += [f"<h2>{schema}</h2>", f"<p>{escape(SCHEMAS[schema])}</p>", f"<nav><ul>{links}</ul></nav>"]
        for name, columns in tables:
            parts += [
                f'<h3 id="{schema}.{name}"><code>{schema}.{escape(name)}</code></h3>',
                f"<p>{escape(columns[0][2] or '')}</p>",
                '<table><thead><tr><th scope="col">Column</th><th scope="col">Type</th>'
                '<th scope="col">What it is</th></tr></thead><tbody>',
            ]
            for *_, column, kind, comment in columns:
                parts.append(
                    f"<tr><td><code>{escape(column)}</code></td><td>{escape(kind.lower())}</td>"
                    f"<td>{escape(comment or '')}</td></tr>"
                )
            parts.append("</tbody></table>")
    return "\n".join([*parts, "</body></html>"]) + "\n"
