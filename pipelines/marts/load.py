"""Put what was judged into DuckDB: the shared staging tables, one table per contract, and the sums.

`staging.received_<return>` holds every row that stands, of every submission; the view
`staging.<return>` only the rows that count. Likewise in schema `framework`. All made from contracts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd

from pipelines.contract import Contract
from pipelines.issued import Signed
from pipelines.judge.judged import Judged
from pipelines.marts.dispositions import CellRow, ConservationError, cell_rows, refusals
from pipelines.marts.staging_rows import (
    Line,
    RowCell,
    answer_line,
    file_lines,
    finding_line,
    key_day_lines,
    row_cells,
    sheet_lines,
    submission_lines,
)
from pipelines.receipt import Receipt, Tombstone
from pipelines.workspace import SQL

# Column that every staging table carries (contract.carried) → its type and what it says.
MEANINGS = {
    "row_id": ("VARCHAR", "Which row this is: submission : table : row on the sheet."),
    "submission_id": ("VARCHAR", "The submission it came in."),
    "file_id": ("VARCHAR", "The file it came in."),
    "partner": ("VARCHAR", "The partner that sent it."),
    "quarter": ("VARCHAR", "The quarter it was sent for."),
    "received_at": ("TIMESTAMP", "When its file was first seen."),
    "is_current": ("BOOLEAN", "Whether its submission is the one that counts."),
    "is_queried": ("BOOLEAN", "Whether the partner is asked about something in it."),
}


def load(judged: Judged, connection: duckdb.DuckDBPyConnection) -> None:
    """Fill schemas `framework` and `staging`; ConservationError if any cell or row is unaccounted for."""
    connection.execute("create schema framework; create schema staging")
    connection.execute((SQL / "staging" / "create.sql").read_text(encoding="utf-8"))
    received = {file.receipt.file_id: file.receipt.first_seen for file in judged.opened}
    for contract in judged.contracts.values():
        _load_rows(contract, judged.frames[contract.full_name], received, connection)
    refused = refusals(judged.findings)
    cells = [cell for file in judged.files for cell in cell_rows(file, refused)]
    _insert(connection, "files", _by_column(file_lines(judged)))
    _insert(connection, "submissions", _by_column(submission_lines(judged, refused)))
    _insert(connection, "cells", dict(zip(CellRow._fields, zip(*cells, strict=True), strict=False)))
    _insert(connection, "sheets", _by_column(sheet_lines(judged)))
    _insert(
        connection,
        "row_cells",
        dict(zip(RowCell._fields, zip(*row_cells(judged), strict=True), strict=False)),
    )
    _insert(connection, "findings", _by_column([finding_line(finding) for finding in judged.findings]))
    _insert(connection, "answers", _by_column([answer_line(answer) for answer in judged.answers]))
    _insert(connection, "key_days", _by_column(key_day_lines(judged)))
    _count_cells(connection)
    _check_sums(connection)


def load_erased(erased: Iterable[tuple[Receipt, Tombstone]], connection: duckdb.DuckDBPyConnection) -> None:
    """Put what is known of files that were erased, and of the returns in them, beside those that were read."""
    erased = list(erased)
    rows = {
        receipt.file_id: {
            "file_id": receipt.file_id,
            "sha256": receipt.sha256,
            "file_name": receipt.original_name,
            "received_at": receipt.first_seen,
            "received_from": receipt.received_from or None,
            "folder": receipt.folder,
            "size_bytes": receipt.size,
            "state": "erased",
            "reason": str(stone),
        }
        for receipt, stone in erased
    }
    _insert(connection, "files", _by_column(list(rows.values())))
    returns = {
        f"{receipt.file_id}.{held.partner}.{held.name}.{held.quarter}": {
            "file_id": receipt.file_id,
            "sha256": receipt.sha256,
            "file_name": receipt.original_name,
            "return": held.name,
            "partner": held.partner,
            "quarter": held.quarter,
            "received_at": receipt.first_seen,
            "state": "erased",
            "ended_at": stone.erased_at,
            "ended": f"Its file was {stone}",
        }
        for receipt, stone in erased
        for held in stone.returns
    }
    _insert(
        connection,
        "submissions",
        _by_column([{"submission_id": name, **row} for name, row in returns.items()]),
    )


def load_signed(signed: Iterable[Signed], connection: duckdb.DuckDBPyConnection) -> None:
    """Put in which packs were issued and which quarters closed."""
    rows = [
        {
            "event": one.event,
            "quarter": one.quarter,
            "version": one.version,
            "signed_at": one.at,
            "signed_by": one.by,
            "role": one.role,
            "status": one.status or None,
            "reason": one.reason or None,
            "received_until": one.received_until,
        }
        for one in signed
    ]
    _insert(connection, "signed", _by_column(rows))


def _load_rows(
    contract: Contract, frame: pd.DataFrame, received: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    frame = frame.assign(received_at=[received[file_id] for file_id in frame["file_id"]])
    types = {name: MEANINGS[name][0] for name in contract.carried} | contract.sql_columns
    schema, table = contract.schema, f"{contract.schema}.received_{contract.name}"
    connection.execute(f"create table {table} ({', '.join(f'{n} {t}' for n, t in types.items())})")
    if len(frame):
        connection.register("incoming", frame[list(types)].astype(object).where(frame.notna(), None))
        casts = ", ".join(f"cast({name} as {kind})" for name, kind in types.items())
        connection.execute(f"insert into {table} select {casts} from incoming")
        connection.unregister("incoming")
    connection.execute(f"create view {schema}.{contract.name} as from {table} where is_current")
    _comment(connection, contract)


def _comment(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    schema, name = contract.schema, contract.name
    sentences = {name: MEANINGS[name][1] for name in contract.carried}
    for column in contract.columns:
        unit = f" Unit: {column.unit}." if column.unit else ""
        sentences[column.name] = f"{column.header}. {column.help}{unit}"
        for companion in column.companions:
            what = companion.removeprefix(column.name + "_").replace("status", "status mark")
            sentences[companion] = f"{column.header}: its {what}, read from the same cell."
    grain = f"{contract.title}: {contract.grain}"
    comments = []
    for kind, relation, which in (
        ("table", f"{schema}.received_{name}", "every submission"),
        ("view", f"{schema}.{name}", "the submissions that count"),
    ):
        comments.append(f"comment on {kind} {relation} is {_quoted(f'{grain}; {which}.')}")
        for column_name, sentence in sentences.items():
            comments.append(f"comment on column {relation}.{column_name} is {_quoted(sentence)}")
    connection.execute(";".join(comments))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _by_column(lines: Sequence[Line]) -> dict[str, list[Any]]:
    """Lines with the same names as one list for each name."""
    return {name: [line[name] for line in lines] for name in (lines[0] if lines else ())}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    if not columns:
        return
    # as plain objects: pandas would make numbers and times of some, by what the others of their column are
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    connection.register("incoming", frame)
    connection.execute(f"insert into staging.{table} by name select * from incoming")
    connection.unregister("incoming")


def _count_cells(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        update staging.sheets set loaded = counts.loaded, refused = counts.refused, outside = counts.outside
        from (
            select
                sheets.file_id,
                sheets.sheet,
                count(*) filter (disposition = 'loaded') as loaded,
                count(*) filter (disposition = 'refused') as refused,
                count(*) filter (disposition = 'outside') as outside
            from staging.sheets as sheets
            left join staging.cells as cells using (file_id, sheet)
            group by sheets.file_id, sheets.sheet
        ) as counts
        where sheets.file_id = counts.file_id and sheets.sheet = counts.sheet
        """
    )


def _check_sums(connection: duckdb.DuckDBPyConnection) -> None:
    """Cells counted = loaded + refused + outside per sheet; rows read = accepted + refused per return."""
    astray = connection.execute(
        """
        select file_name, sheet, cells_counted, loaded + refused + outside
        from staging.sheets join staging.files using (file_id)
        where cells_counted <> loaded + refused + outside
        """
    ).fetchall()
    for name, sheet, counted, placed in astray:
        raise ConservationError(
            f"{name}, sheet '{sheet}': {counted} cells were counted but {placed} accounted for. "
            "This is a fault of the pipeline, not of the file; please report it."
        )
    (lost,) = connection.execute(
        "select count(*) from staging.submissions where rows_read <> rows_accepted + rows_refused"
    ).fetchone() or (0,)
    if lost:
        raise ConservationError(f"In {lost} returns the rows read are not those accepted and refused.")
