"""Where every figure comes from: marts.provenance, made from what each mart says beside its figures.

A mart's select has hidden columns (sql/macros.sql): `<column>__from` gives the method and the inputs
of one column, `rows__from` the staging rows whose columns of the same name are shown as they are.

What the marts say is collected as each is made, and linked to the cells once, when all are there: a join for each
mart would go through every cell of every file each time.
"""

import duckdb

FROM = "__from"
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
    "correction": (
        "VARCHAR",
        "By which correction the value differs from what stands in the cell; else blank.",
    ),
}


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table marts.provenance, documented, and those that collect for it."""
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in PROVENANCE.items())
    connection.execute(f"create table marts.provenance ({columns})")
    connection.execute(
        "comment on table marts.provenance is 'One row per figure and input: where every figure comes from.'"
    )
    for name, (_, sentence) in PROVENANCE.items():
        connection.execute(f"comment on column marts.provenance.{name} is {_quoted(sentence)}")
    source = "struct(kind varchar, row_id varchar, column_name varchar, mart varchar)"
    connection.execute(
        f"""
        create temp table origins (
            mart varchar, row_id varchar, column_name varchar, method varchar, source {source}, input_no integer
        );
        create temp table rows_shown (
            mart varchar, row_id varchar, columns varchar[], source_row varchar, place integer
        );
        """
    )


def record(mart: str, names: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Collect what one mart says of its figures, from the hidden columns of its table `result`."""
    shown = [name for name in names if not name.endswith(FROM)]
    explicit = [name for name in shown if name + FROM in names]
    plain = [name for name in shown if name not in explicit and name != "row_id"]
    if explicit:
        sources = ", ".join(
            f"{{'name': '{name}', 'trail': case when {name} is not null then {name}{FROM} end}}"
            for name in explicit
        )
        connection.execute(
            f"""
            insert into origins
            select
                '{mart}', row_id, origin.name, origin.trail.method,
                unnest(origin.trail.inputs), generate_subscripts(origin.trail.inputs, 1)
            from (select row_id, unnest([{sources}]) as origin from result)
            """
        )
    if "rows" + FROM in names:
        connection.execute(
            f"""
            insert into rows_shown
            select '{mart}', row_id, [{_listed(plain)}], unnest(rows__from), generate_subscripts(rows__from, 1)
            from result
            """
        )


def link(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill marts.provenance with all that was collected, each input with its file and cell."""
    connection.execute(
        """
        -- the cell or cells behind a value: those of all its units, where it was counted from them
        create temp table linked_cells as
        select *, row_id as source_row_id from staging.row_cells
        union all by name from staging.unit_cells;

        -- a column that is simply shown: the first of the rows that has a cell for it
        insert into origins
        select
            shown.mart, shown.row_id, links.column_name, 'As typed in the cell',
            cell(links.row_id, links.column_name), 1
        from rows_shown as shown
        inner join linked_cells as links
            on shown.source_row = links.row_id and list_contains(shown.columns, links.column_name)
        qualify row_number() over (partition by shown.mart, shown.row_id, links.column_name order by place) = 1;

        insert into marts.provenance
        select
            used.mart || ':' || used.row_id || ':' || used.column_name,
            row_number() over (
                partition by used.mart, used.row_id, used.column_name
                order by used.input_no, length(links.source_row_id), links.source_row_id
            ) as number,
            used.source.kind,
            case when links.source_row_id <> links.row_id then 'Counted from its units' else used.method end,
            used.mart,
            used.column_name,
            used.row_id,
            case when used.source.kind = 'figure'
                then used.source.mart || ':' || used.source.row_id || ':' || used.source.column_name end,
            files.file_name, files.sha256, links.sheet, links.cell, links.as_typed,
            submissions.partner, files.received_at, links.correction
        from origins as used
        left join linked_cells as links
            -- as one comparison of the two sides: a condition on one side alone makes DuckDB try every pair of rows
            on case when used.source.kind <> 'figure' then used.source.row_id end = links.row_id
            and used.source.column_name = links.column_name
        left join staging.files as files on links.file_id = files.file_id
        left join staging.submissions as submissions
            on split_part(links.source_row_id, ':', 1) = submissions.submission_id
        where used.source.row_id is not null and (used.source.kind = 'figure' or links.cell is not null)
        order by used.mart, used.row_id, used.column_name, number;

        drop table linked_cells; drop table origins; drop table rows_shown;
        """
    )


def check(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What is wrong, if a figure that is an input has no provenance itself: a chain may not end in the air.

    Inputs that have no value have no provenance either; they are dropped.
    """
    dangling = connection.execute(
        """
        select figure_id, input_figure_id from marts.provenance
        where input_kind = 'figure'
        and input_figure_id not in (select figure_id from marts.provenance)
        order by all
        """
    ).fetchall()
    there = _with_value({wanted for _, wanted in dangling}, connection)
    missing = [pair for pair in dangling if pair[1] in there]
    if missing:
        return f"The provenance of {missing[0][0]} names {missing[0][1]}, which has none of its own."
    connection.execute(
        "delete from marts.provenance where input_kind = 'figure' "
        "and input_figure_id not in (select figure_id from marts.provenance)"
    )
    return None


def _with_value(figure_ids: set[str], connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Those figures that have a value in their mart."""
    by_column: dict[tuple[str, str], list[str]] = {}
    for figure_id in figure_ids:
        mart, rest = figure_id.split(":", 1)
        row_id, column = rest.rsplit(":", 1)
        by_column.setdefault((mart, column), []).append(row_id)
    there = set()
    for (mart, column), row_ids in by_column.items():
        found = connection.execute(
            f"select row_id from marts.{mart} where {column} is not null and row_id in (select unnest(?))",
            [row_ids],
        ).fetchall()
        there |= {f"{mart}:{row_id}:{column}" for (row_id,) in found}
    return there


def _listed(names: list[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
