"""Run sql/: series from staging, measures from series, marts from all three. Knows no return by name.

Each file is one select, and its opening comment is the table's documentation: first what one row is,
then a line `-- column: sentence` for each column. A mart says beside each figure where it comes from
(sql/macros.sql); from that `marts.provenance` is made, one row per figure and input.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import measures
from pipelines.workspace import SQL

FROM = "__from"
KEYS = ("row_id", "rows__from")
COLUMN = re.compile(r"^-- (\w+): (.+)$")

PROVENANCE = {
    "figure_id": ("VARCHAR", "mart:row_id:column of the figure."),
    "input_no": ("INTEGER", "1, 2, … for a figure with several inputs."),
    "input_kind": ("VARCHAR", "cell, setting (a cell of the framework's settings) or figure (of a mart)."),
    "method": ("VARCHAR", "How the figure was made of its inputs."),
    "mart": ("VARCHAR", "The mart that the figure stands in."),
    "column_name": ("VARCHAR", "Its column."),
    "row_id": ("VARCHAR", "Its row."),
    "input_figure_id": ("VARCHAR", "The figure that is the input, if it is one."),
    "file_name": ("VARCHAR", "The file of the cell."),
    "sha256": ("VARCHAR", "The SHA-256 of the file."),
    "sheet": ("VARCHAR", "The sheet of the cell."),
    "cell": ("VARCHAR", "The cell, for example C12."),
    "as_typed": ("VARCHAR", "What stands in the cell, as text."),
    "partner": ("VARCHAR", "The partner that sent it; blank for the framework."),
    "received_at": ("TIMESTAMP", "When the file was first seen."),
}


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
    opening = [line for line in lines[: next(n for n, x in enumerate(lines) if not x.startswith("--"))]]
    if not opening or COLUMN.match(opening[0]):
        raise MartError(f"{path.name} must open with a comment that says what one row is.")
    documented = {found[1]: found[2] for line in opening if (found := COLUMN.match(line))}
    return Select(path.stem, "\n".join(lines), opening[0].removeprefix("-- "), documented)


def build(connection: duckdb.DuckDBPyConnection, folder: Path = SQL) -> None:
    """Fill schemas series, measures and marts of a database whose staging is loaded."""
    connection.execute((folder / "macros.sql").read_text(encoding="utf-8"))
    connection.execute("create schema series; create schema measures; create schema marts")
    for path in sorted((folder / "staging").glob("*.sql")):
        if path.name != "create.sql":
            _create_view(read_select(path), connection)
    for path in sorted((folder / "series").glob("*.sql")):
        _create("series", read_select(path), connection)
    _measure(connection)
    _create_provenance(connection)
    for path in sorted((folder / "marts").glob("*.sql")):
        _create("marts", read_select(path), connection)
    _check_provenance(connection)


def _create_view(select: Select, connection: duckdb.DuckDBPyConnection) -> None:
    """A view of staging: logic that several series share, said once."""
    view = f"staging.{select.name}"
    _execute(f"create view {view} as {select.query}", view, connection)
    _comment("view", view, select, _names(view, connection), connection)


def _create(schema: str, select: Select, connection: duckdb.DuckDBPyConnection) -> None:
    """A table of series or marts, in the order of its row_id; for a mart its provenance too."""
    table = f"{schema}.{select.name}"
    _execute(f"create or replace temp table result as {select.query}", table, connection)
    names = _names("result", connection)
    shown = [name for name in names if not name.endswith(FROM)]
    connection.execute(f"create table {table} as select {', '.join(shown)} from result order by row_id")
    (twice,) = _one(connection, f"select count(*) - count(distinct row_id) from {table}")
    if twice:
        raise MartError(f"{table}: {twice} rows share a row_id with another; its grain is not what it says.")
    _comment("table", table, select, shown, connection)
    if schema == "marts":
        if shown != list(select.columns):
            differing = sorted(set(shown) ^ set(select.columns)) or ["their order"]
            raise MartError(f"{table}: its columns and its opening comment differ in {', '.join(differing)}.")
        _record(select.name, names, shown, connection)


def _execute(query: str, what: str, connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute(query)
    except duckdb.Error as error:
        raise MartError(f"{what}: {error}") from error


def _names(relation: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for name, *_ in connection.execute(f"describe {relation}").fetchall()]


def _comment(
    kind: str, relation: str, select: Select, shown: list[str], connection: duckdb.DuckDBPyConnection
) -> None:
    """Document a relation: by its own opening comment, else as the column that it hands on is documented."""
    handed_on = dict(
        connection.execute(
            "select column_name, min(comment) from duckdb_columns() "
            "where schema_name in ('framework', 'staging') and comment is not null group by column_name"
        ).fetchall()
    )
    if unknown := sorted(set(select.columns) - set(shown)):
        raise MartError(f"{relation}: its opening comment speaks of {', '.join(unknown)}, which it does not have.")
    if silent := [name for name in shown if name not in handed_on | select.columns]:
        raise MartError(f"{relation}: nothing says what {', '.join(silent)} is. Add it to the opening comment.")
    connection.execute(f"comment on {kind} {relation} is {_quoted(select.grain)}")
    for name in shown:
        sentence = select.columns.get(name) or handed_on[name]
        connection.execute(f"comment on column {relation}.{name} is {_quoted(sentence)}")


def _measure(connection: duckdb.DuckDBPyConnection) -> None:
    entities = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'framework' and table_type = 'VIEW'"
    ).fetchall()
    framework = {name: connection.execute(f"from framework.{name}").df() for (name,) in entities}
    for measure in measures.discover():
        series = connection.execute(f"from series.{measure.reads} order by row_id").df()
        frame = measure.measure(series, framework)
        if list(frame.columns) != ["row_id", *measure.columns]:
            raise MartError(f"measures.{measure.name}: columns and documentation differ.")
        frame = frame.astype(object)
        connection.register("measured", frame.where(frame.notna(), None))
        types = {name: _type_of(frame[name]) for name in frame.columns}
        casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
        connection.execute(f"create table measures.{measure.name} as select {casts} from measured")
        connection.unregister("measured")
        title = (measure.measure.__doc__ or "").splitlines()[0]
        connection.execute(f"comment on table measures.{measure.name} is {_quoted(title)}")
        for name, sentence in {"row_id": "The row of the series.", **measure.columns}.items():
            connection.execute(f"comment on column measures.{measure.name}.{name} is {_quoted(sentence)}")


def _type_of(column: pd.Series) -> str:
    """The DuckDB type of a measure's column; a column without any value is a number."""
    values = column.dropna()
    if values.map(lambda value: isinstance(value, str)).any():
        return "VARCHAR"
    return "BOOLEAN" if len(values) and values.map(lambda value: value in (True, False)).all() and not (
        values.map(lambda value: isinstance(value, float)).any()
    ) else "DOUBLE"


def _create_provenance(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in PROVENANCE.items())
    connection.execute(f"create table marts.provenance ({columns})")
    connection.execute("comment on table marts.provenance is 'One row per figure and input: where every figure comes from.'")
    for name, (_, sentence) in PROVENANCE.items():
        connection.execute(f"comment on column marts.provenance.{name} is {_quoted(sentence)}")


def _record(mart: str, names: list[str], shown: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Write the provenance of one mart from its hidden columns."""
    explicit = [name for name in shown if name + FROM in names]
    plain = [name for name in shown if name not in explicit and name != "row_id"]
    parts = []
    if explicit:
        sources = ", ".join(
            f"{{'name': '{name}', 'trail': case when {name} is not null then {name}{FROM} end}}" for name in explicit
        )
        parts.append(
            f"""
            select row_id, column_name, method, unnest(inputs) as source, generate_subscripts(inputs, 1) as input_no
            from (
                select row_id, origin.name as column_name, origin.trail.method as method, origin.trail.inputs as inputs
                from (select row_id, unnest([{sources}]) as origin from result)
            )
            """
        )
    if "rows" + FROM in names:
        # a column that is simply shown: the first of the rows that has a cell for it
        parts.append(
            f"""
            select shown.row_id, links.column_name, 'As typed in the cell' as method,
                {{'kind': 'cell', 'row_id': links.row_id, 'column_name': links.column_name, 'mart': null}} as source,
                1 as input_no
            from (
                select row_id, unnest(rows__from) as source_row, generate_subscripts(rows__from, 1) as place from result
            ) as shown
            inner join staging.row_cells as links
                on shown.source_row = links.row_id and links.column_name in ({_listed(plain)})
            qualify row_number() over (partition by shown.row_id, links.column_name order by place) = 1
            """
        )
    if not parts:
        return
    connection.execute(
        f"""
        insert into marts.provenance
        select
            '{mart}:' || used.row_id || ':' || used.column_name,
            row_number() over (partition by used.row_id, used.column_name order by used.input_no),
            used.source.kind,
            used.method,
            '{mart}',
            used.column_name,
            used.row_id,
            case when used.source.kind = 'figure'
                then used.source.mart || ':' || used.source.row_id || ':' || used.source.column_name end,
            files.file_name, files.sha256, links.sheet, links.cell, links.as_typed,
            submissions.partner, files.received_at
        from ({" union all ".join(parts)}) as used
        left join staging.row_cells as links
            on used.source.kind <> 'figure'
            and used.source.row_id = links.row_id and used.source.column_name = links.column_name
        left join staging.files as files on links.file_id = files.file_id
        left join staging.submissions as submissions
            on split_part(links.row_id, ':', 1) = submissions.submission_id
        where used.source.row_id is not null and (used.source.kind = 'figure' or links.cell is not null)
        order by used.row_id, used.column_name, used.input_no
        """
    )


def _check_provenance(connection: duckdb.DuckDBPyConnection) -> None:
    """Every figure that is an input must itself have provenance: a chain may not end in the air."""
    dangling = connection.execute(
        """
        select figure_id, input_figure_id from marts.provenance
        where input_kind = 'figure'
        and input_figure_id not in (select figure_id from marts.provenance)
        order by all
        """
    ).fetchall()
    missing = [pair for pair in dangling if _has_value(pair[1], connection)]
    if missing:
        raise MartError(f"The provenance of {missing[0][0]} names {missing[0][1]}, which has none of its own.")
    connection.execute(
        "delete from marts.provenance where input_kind = 'figure' "
        "and input_figure_id not in (select figure_id from marts.provenance)"
    )


def _has_value(figure_id: str, connection: duckdb.DuckDBPyConnection) -> bool:
    mart, rest = figure_id.split(":", 1)
    row_id, column = rest.rsplit(":", 1)
    found = connection.execute(f"select {column} from marts.{mart} where row_id = ?", [row_id]).fetchone()
    return found is not None and found[0] is not None


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return connection.execute(query).fetchone() or (0,)


def _listed(names: list[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
