"""The marts as they are: read, and printed as a table."""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.commands.asked import Usage


def select(database: Path, sql: str, values: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of a query. The connection can read this database and nothing else."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        answer = connection.execute(sql, values) if values else connection.execute(sql)
        if answer is None:
            raise Usage('There is no SQL to run. For example: lsp query "select * from marts.floor_targets"')
        return [name for name, *_ in answer.description or ()], answer.fetchall()


def print_as(form: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as table, csv or json on standard output."""
    if form == "json":
        json.dump([dict(zip(names, row, strict=True)) for row in rows], sys.stdout, default=str, indent=1)
        print()
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_safe(value) for value in row] for row in rows])
    else:
        print_table(names, rows)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; its lines end alike.

    A lone carriage return would end the row for most readers of CSV, and is not quoted for it.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\n", "\0")) else value


def print_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table; numbers to the right, nothing cut off, missing values as a blank."""
    shown = [["" if value is None else _text(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[n]) for row in shown)]) for n, name in enumerate(names)]
    numeric = [
        any(row[n] is not None for row in rows)
        and all(isinstance(row[n], int | float | None) for row in rows)
        for n in range(len(names))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            c.rjust(w) if right else c.ljust(w) for c, w, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(padded).rstrip()

    print(line(names))
    print("  ".join("-" * width for width in widths))
    for row in shown:
        print(line(row))
    print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})")


def _text(value: Any) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text.replace("\n", " ").replace("\r", " ")
