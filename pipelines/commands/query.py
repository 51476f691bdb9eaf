"""`lsp query`."""

import csv
import json
import sys
from argparse import Namespace
from typing import Any

from pipelines.commands.asked import need, outputs_of
from pipelines.commands.came_to import DONE
from pipelines.commands.database import print_table, select


def query(options: Namespace) -> int:
    """`lsp query`: SQL on the marts, read-only."""
    names, rows = select(need(outputs_of(options).database), options.sql, {})
    if options.format == "json":
        json.dump([dict(zip(names, row, strict=True)) for row in rows], sys.stdout, default=str, indent=1)
        print()
    elif options.format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_safe(value) for value in row] for row in rows])
    else:
        print_table(names, rows)
    return DONE


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; its lines end alike.

    A lone carriage return would end the row for most readers of CSV, and is not quoted for it.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\n", "\0")) else value
