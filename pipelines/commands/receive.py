"""`lsp receive`."""

from argparse import Namespace
from datetime import datetime

from pipelines.commands.asked import Usage, check_quarter, workspace_of
from pipelines.commands.came_to import DONE


def receive(options: Namespace) -> int:
    """`lsp receive`: take a file in and say what its receipt is."""
    from pipelines.receipt import receive as take

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    if not options.file.is_file():
        raise Usage(f"There is no file {options.file}.")
    from pipelines.precheck.senders import counts_for, trouble_with

    if trouble := trouble_with(options.partner, workspace):
        raise Usage(trouble)
    if not options.instead and (other := counts_for(options.file, options.partner, workspace)):
        raise Usage(other)
    folder = options.quarter or workspace.inbox.name
    receipt = take(options.file, options.partner, folder, workspace, datetime.now())
    print(
        f"{receipt.original_name}: received {receipt.first_seen:%d %b %Y %H:%M} from "
        f"{receipt.received_from or 'nobody named'}, kept in data/raw/{receipt.folder}, SHA-256 {receipt.sha256}"
    )
    return DONE
