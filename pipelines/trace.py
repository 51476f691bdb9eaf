"""Where a figure came from: from the pack's cell, or a figure of the marts, back to the partner's cell."""

import re
from pathlib import Path
from typing import Any

import duckdb

PACK_CELL = re.compile(r"^'?(?P<sheet>[^!']+)'?!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>\d+)$")


class NotFound(Exception):
    """There is no such figure; the message says what there is."""


def trace(figure: str, database: Path, pack: Path) -> list[str]:
    """The chain of `figure` as lines for people, each input indented below what was made of it.

    `figure` is a cell of the pack (FT_H4!E15), a figure of the marts (floor_targets:2004-05-Q1|H4:gap)
    or a row of one (floor_targets:2004-05-Q1|H4).
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        if found := PACK_CELL.match(figure):
            address = f"{found['column'].upper()}{found['row']}"
            return _of_pack_cell(found["sheet"], address, pack, connection)
        ids = connection.execute(
            "select distinct figure_id from marts.provenance where figure_id = $f or mart || ':' || row_id = $f "
            "order by figure_id",
            {"f": figure},
        ).fetchall()
        if not ids:
            raise NotFound(
                f"There is no figure '{figure}' with a source. Name a cell of the pack, such as FT_H4!E15, or "
                "mart:row_id:column as in marts.provenance."
            )
        return [line for (figure_id,) in ids for line in _chain(figure_id, connection, 0)]


def provenance_lines(pack: Path) -> list[dict[str, Any]]:
    """The lines of a pack's sheet Provenance, by their headings: one per cell of the pack and input."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(pack).get_sheet_by_name("Provenance").to_python()
    start = next(n for n, row in enumerate(rows) if row[:2] == ["Sheet of pack", "Cell of pack"])
    header = [str(name) for name in rows[start]]
    return [dict(zip(header, row, strict=True)) for row in rows[start + 1 :]]


def _of_pack_cell(sheet: str, cell: str, pack: Path, connection: duckdb.DuckDBPyConnection) -> list[str]:
    if not pack.exists():
        raise NotFound(
            f"There is no pack {pack}. Make it with 'lsp run', or name its quarter with --quarter."
        )
    lines = provenance_lines(pack)
    mine = [line for line in lines if (line["Sheet of pack"], line["Cell of pack"]) == (sheet, cell)]
    if not mine:
        sheets = {str(line["Sheet of pack"]) for line in lines}
        if sheet not in sheets:
            raise NotFound(
                f"{pack.name} has no sheet {sheet} that shows figures. Those that do: {', '.join(sorted(sheets))}."
            )
        raise NotFound(
            f"{sheet}!{cell} of {pack.name} shows no figure. Its sheet Provenance lists every cell that does."
        )
    told = [f"{sheet}!{cell} of {pack.name} shows {mine[0]['Value shown']}"]
    figure_id = str(mine[0]["Figure"])
    if ":" in figure_id:
        return told + _chain(figure_id, connection, 1)
    told.append(f"  {mine[0]['Method']}:")
    through = [name for name in dict.fromkeys(str(line["By way of figure"]) for line in mine) if ":" in name]
    # a count of nothing has no inputs to name
    return told + [line for inner in through for line in _chain(inner, connection, 2)]


def _chain(
    figure_id: str, connection: duckdb.DuckDBPyConnection, depth: int, told: set[str] | None = None
) -> list[str]:
    """A figure, its method and its inputs; a figure that the chain met before is not told twice."""
    told = set() if told is None else told
    indent = "  " * depth
    line = f"{indent}{figure_id} = {_shown(_value(figure_id, connection))}"
    if figure_id in told:
        return [f"{line} (as above)"]
    told.add(figure_id)
    inputs = connection.execute(
        """
        select input_kind, method, input_figure_id, file_name, sha256, sheet, cell, as_typed, partner, received_at,
            correction
        from marts.provenance where figure_id = ? order by input_no
        """,
        [figure_id],
    ).fetchall()
    lines = [line]
    if inputs:
        lines.append(f"{indent}  {inputs[0][1]}:")
    for kind, _, inner, file_name, sha256, sheet, cell, as_typed, partner, received_at, correction in inputs:
        if kind == "figure":
            lines += _chain(inner, connection, depth + 2, told)
            continue
        sender = f"from {partner}" if partner else "the framework"
        lines.append(f"{indent}    {file_name}, sheet '{sheet}', cell {cell}: {as_typed!r}")
        lines.append(f"{indent}      {sender}, received {received_at:%d %b %Y %H:%M}, SHA-256 {sha256}")
        if correction:
            lines.append(f"{indent}      {correction}")
    return lines


def _value(figure_id: str, connection: duckdb.DuckDBPyConnection) -> Any:
    mart, rest = figure_id.split(":", 1)
    row_id, column = rest.rsplit(":", 1)
    try:
        found = connection.execute(
            f'select "{column}" from marts."{mart}" where row_id = ?', [row_id]
        ).fetchone()
    except duckdb.Error:
        return None
    return found[0] if found else None


def _shown(value: Any) -> str:
    if value is None:
        return "[x] not available"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
