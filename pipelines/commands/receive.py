"""`lsp receive`."""

from argparse import Namespace

from pipelines.commands.asked import Usage, check_quarter, workspace_of
from pipelines.commands.came_to import DONE
from pipelines.commands.database import select


def receive(options: Namespace) -> int:
    """`lsp receive`: take a file in and say what its receipt is."""
    from pipelines.framework.clock import now
    from pipelines.receipt import receive as take

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    if not options.file.is_file():
        raise Usage(f"There is no file {options.file}.")
    from pipelines.precheck.held import sha256_of
    from pipelines.precheck.senders import COUNTS, counts_for, trouble_with

    if trouble := trouble_with(options.partner, workspace):
        raise Usage(trouble)
    if workspace.database.exists() and not options.instead:
        _, found = select(workspace.database, COUNTS, {"sha256": sha256_of(options.file)})
        if other := counts_for(options.file, found, options.partner, workspace):
            raise Usage(other)
    folder = options.quarter or workspace.inbox.name
    receipt = take(options.file, options.partner, folder, workspace, now(workspace))
    print(
        f"{receipt.original_name}: received {receipt.first_seen:%d %b %Y %H:%M} from "
        f"{receipt.received_from or 'nobody named'}, kept in data/raw/{receipt.folder}, SHA-256 {receipt.sha256}"
    )
    return DONE
