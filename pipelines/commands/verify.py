"""`lsp verify`."""

from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE, FAILED


def verify(options: Namespace) -> int:
    """`lsp verify`: whether ledger and archive are as they were left. It changes nothing."""
    from pipelines.receipt import prove

    proof = prove(workspace_of(options))
    for sentence in (*proof.faults, *proof.remarks):
        print(sentence)
    what = f"{proof.lines} lines of the ledger, {proof.files} archived files"
    if proof.faults:
        print(f"Not sound: {len(proof.faults)} faults in {what}.")
        return FAILED
    print(f"Sound: {what}; every line has its file, every file its hash.")
    return DONE
