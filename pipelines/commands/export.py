"""`lsp export`."""

from argparse import Namespace

from pipelines.commands.asked import Usage, need, outputs_of
from pipelines.commands.came_to import DONE


def export(options: Namespace) -> int:
    """`lsp export`: all marts as Parquet and CSV, with a dictionary and a data package."""
    from pipelines.marts.export import export as write

    outputs = outputs_of(options)
    database = need(outputs.database)
    into = options.into or outputs.marts / "export"
    if into.exists() and any(into.iterdir()) and not (into / "datapackage.json").exists():
        raise Usage(f"{into} is there and is no export of ours, so it was left alone. Name another folder.")
    print(write(database, into))
    return DONE
