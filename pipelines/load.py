"""Put what was judged into DuckDB: the shared staging tables, one table per contract, and the sums.

`staging.received_<return>` holds every row that stands, of every submission; the view
`staging.<return>` only the rows that count. Likewise in schema `framework`. All made from contracts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import pandas as pd

from pipelines.calendar import key_days
from pipelines.contract import Contract
from pipelines.dispositions import ConservationError, Refusals, cell_rows, refusals
from pipelines.findings import REFUSE, Answer, Finding
from pipelines.intake import Judged, rows_of
from pipelines.issued import Signed
from pipelines.opening import Opened
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
    holding = {file.receipt.file_id for file in judged.files if file.submissions}
    _insert(connection, "files", [_file_row(file, judged, holding) for file in judged.opened])
    _insert(connection, "submissions", _submission_rows(judged, refused))
    _insert(connection, "cells", [cell for file in judged.files for cell in cell_rows(file, refused)])
    _insert(connection, "sheets", _sheet_rows(judged))
    _insert(connection, "row_cells", _row_cell_rows(judged))
    _insert(connection, "findings", [_finding_row(finding) for finding in judged.findings])
    _insert(connection, "answers", [_answer_row(answer) for answer in judged.answers])
    _insert(connection, "key_days", _key_day_rows(judged))
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
    _insert(connection, "files", list(rows.values()))
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
    _insert(connection, "submissions", [{"submission_id": name, **row} for name, row in returns.items()])


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
    _insert(connection, "signed", rows)


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


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    frame = pd.DataFrame(rows).astype(object)
    connection.register("incoming", frame.where(frame.notna(), None))
    connection.execute(f"insert into staging.{table} by name select * from incoming")
    connection.unregister("incoming")


def _file_row(file: Opened, judged: Judged, holding: set[str]) -> dict[str, Any]:
    """One file; `holding` are those that hold a return, so that what is refused of them is not the file."""
    receipt = file.receipt
    whole = [
        f.because
        for f in judged.findings
        if f.file_id == receipt.file_id and f.consequence == REFUSE and receipt.file_id not in holding
    ]
    return {
        "file_id": receipt.file_id,
        "sha256": receipt.sha256,
        "file_name": receipt.original_name,
        "received_at": receipt.first_seen,
        "received_from": receipt.received_from or None,
        "folder": receipt.folder or None,
        "size_bytes": receipt.size,
        "state": "checked" if receipt.is_check else "refused" if whole else "read",
        "reason": " ".join(dict.fromkeys(whole)) or None,
    }


def _submission_rows(judged: Judged, refused: Refusals) -> list[dict[str, Any]]:
    rows = []
    for file in judged.files:
        for s in file.submissions.values():
            frame = judged.frames[s.contract.full_name]
            mine = frame[frame["submission_id"] == s.submission_id]
            read, accepted = len(s.tidied), len(mine)
            stands = accepted or (s.is_nil and not read and not s.problem)
            counts = s.submission_id in judged.current
            state = ("accepted" if accepted else "nil") if counts else "superseded" if stands else "refused"
            state = "withdrawn" if s.submission_id in judged.withdrawn else state
            rows.append(
                {
                    "submission_id": s.submission_id,
                    "file_id": file.receipt.file_id,
                    "sha256": file.receipt.sha256,
                    "file_name": file.receipt.original_name,
                    "return": s.contract.full_name if s.contract.is_framework else s.contract.name,
                    "partner": s.partner,
                    "quarter": s.quarter,
                    "received_at": file.receipt.first_seen,
                    "state": state,
                    "rows_read": read,
                    "rows_accepted": accepted,
                    "rows_refused": refused.rows_refused(s),
                    "rows_queried": int(mine["is_queried"].sum()),
                    "is_nil": bool(s.is_nil),
                    "ended_at": judged.withdrawn.get(s.submission_id, (None, None))[1],
                    "ended": judged.withdrawn.get(s.submission_id, (None, None))[0],
                }
            )
    return rows


def _sheet_rows(judged: Judged) -> list[dict[str, Any]]:
    return [
        {
            "file_id": file.receipt.file_id,
            "sheet": sheet.name,
            "visibility": sheet.visibility,
            "cells_counted": sheet.counted,
        }
        for file in judged.files
        for sheet in file.book.sheets
    ]


def _row_cell_rows(judged: Judged) -> list[dict[str, Any]]:
    """A line for each value, and for each column that is read from the same cell."""
    rows = []
    for file in judged.files:
        for submission in file.submissions.values():
            for link in (*submission.tidied.links, *submission.tidied.heading_links):
                column = submission.contract.by_name[link.column_name]
                for name in (link.column_name, *column.companions):
                    correction = judged.corrected.get((link.row_id, link.column_name))
                    rows.append(link._asdict() | {"column_name": name, "correction": correction})
    return rows


def _finding_row(finding: Finding) -> dict[str, Any]:
    row = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return row | {"row_key": " | ".join(finding.row_key) or None}


def _answer_row(answer: Answer) -> dict[str, Any]:
    row = asdict(answer)
    return row | {"answer": row.pop("text")}


def _key_day_rows(judged: Judged) -> list[dict[str, Any]]:
    settings = {row["setting_id"]: row["value"] for row in rows_of(judged, "settings")}
    days = key_days(rows_of(judged, "calendar"), settings)
    return [{"quarter": d.quarter, "kind": d.kind, "day": d.on, "basis": d.basis} for d in days]


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
