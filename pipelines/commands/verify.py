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
    what = f"{_counted(proof.lines, 'line')} of the ledger, {_counted(proof.files, 'archived file')}"
    gone = f", {proof.erased} erased" if proof.erased else ""
    if faults:
        print(f"Not sound: {_counted(len(faults), 'fault')} in {what}{gone} and the packs.")
        return FAILED
    but = ", but for those erased" if proof.erased else ""
    print(f"Sound: {what}{gone}; every line has its file{but}, every file its hash.")
    return DONE


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
