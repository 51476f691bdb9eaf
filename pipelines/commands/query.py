"""`lsp query`."""

from argparse import Namespace

from pipelines.commands.asked import need, outputs_of
from pipelines.commands.came_to import DONE
from pipelines.commands.database import print_as, select


def query(options: Namespace) -> int:
    """`lsp query`: SQL on the marts, read-only."""
    names, rows = select(need(outputs_of(options).database), options.sql, {})
    print_as(options.format, names, rows)
    return DONE
