"""`lsp erase`."""

from argparse import Namespace
from pathlib import Path

from pipelines.commands.asked import Usage, need, workspace_of
from pipelines.commands.came_to import DONE
from pipelines.workspace import Workspace


def erase(options: Namespace) -> int:
    """`lsp erase`: a file's bytes and values are removed, and a tombstone stays."""
    from pipelines.erase import erase as erase_one
    from pipelines.erase import find, overdue
    from pipelines.framework import clock
    from pipelines.storage.lock import only_run

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
                print(f"  {pack} had used it; its manifest says so now. {_still(pack, workspace)}")
            for counts in done.counts:
                print(f"  {counts} may hold counts of it, as later public packs are set beside them.")
            for name in done.also:
                print(
                    f"  {name} holds one of the same returns, and so may hold its values: erase it too if they must go."
                )
    if receipts:
        print(
            "The marts held its values and are gone; 'lsp run' builds them without it. What was exported elsewhere or "
            "mailed, the mailbox and back-ups are yours to see to."
        )
    return DONE


def _still(pack: Path, workspace: Workspace) -> str:
    """What a pack that had used the file still shows, and until when."""
    from pipelines.issued import CLOSED, latest, read_record

    quarter = pack.relative_to(workspace.packs).parts[0]
    if pack.parent != workspace.packs / quarter:
        return "It was issued and stays as it is: it still shows its figures."
    if latest(read_record(workspace), quarter, CLOSED):
        return "It still shows its figures; its quarter is closed, so no run makes it again."
    return f"It still shows its figures until 'lsp run {quarter}' makes it again."
