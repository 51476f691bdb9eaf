"""`lsp verify`."""

from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE, FAILED


def verify(options: Namespace) -> int:
    """`lsp verify`: whether ledger, archive and packs are as they were left. It changes nothing."""
    from pipelines.issue.manifest import changed_packs
    from pipelines.issued import changed_issues
    from pipelines.issued import prove as prove_record
    from pipelines.receipt import prove

    workspace = workspace_of(options)
    proof = prove(workspace)
    faults = [*proof.faults, *prove_record(workspace)]
    if len(faults) == len(proof.faults):
        faults += changed_issues(workspace)
    faults += changed_packs(workspace)
    for sentence in (*faults, *proof.remarks):
        print(sentence)
    what = f"{proof.lines} lines of the ledger, {proof.files} archived files"
    if faults:
        print(f"Not sound: {len(faults)} faults in {what} and the packs.")
        return FAILED
    print(f"Sound: {what}; every line has its file, every file its hash.")
    return DONE
