"""`lsp erase`."""

from argparse import Namespace

from pipelines.commands.asked import Usage, need, workspace_of
from pipelines.commands.came_to import DONE


def erase(options: Namespace) -> int:
    """`lsp erase`: a file's bytes and values are removed, and a tombstone stays."""
    from pipelines import clock
    from pipelines.erase import erase as erase_one
    from pipelines.erase import find, overdue
    from pipelines.lock import only_run

    workspace = workspace_of(options)
    if bool(options.file) == options.due:
        raise Usage("Name one file, or say --due for those kept longer than the framework's settings allow.")
    now = clock.now(workspace)
    with only_run(workspace.work):
        if options.due:
            need(workspace.database)
            found = overdue(workspace, now)
            for receipt, months in found:
                print(
                    f"{receipt.original_name}, received {receipt.first_seen:%d %b %Y}: kept for {months} months at most"
                )
            if not options.reason:
                print(f"{len(found)} due. With --reason they are erased.")
                return DONE
            receipts = [receipt for receipt, _ in found]
        else:
            if not options.reason:
                raise Usage("Say why with --reason: the tombstone keeps it.")
            receipts = [find(options.file, workspace)]
        for receipt in receipts:
            done = erase_one(receipt, options.by or "", options.reason, workspace, now)
            print(f"{receipt.original_name} (SHA-256 {receipt.sha256}) was {done.tombstone}")
            for path in done.removed:
                print(f"  removed: {path}")
            for pack in done.packs:
                print(f"  {pack} had used it; its manifest says so now. It still shows its figures.")
    if receipts:
        print(
            "The marts held its values and are gone; 'lsp run' builds them without it. Back-ups are yours to see to."
        )
    return DONE
