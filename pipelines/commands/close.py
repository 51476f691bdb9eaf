"""`lsp close`."""

from argparse import Namespace

from pipelines.commands.asked import check_quarter, signer, workspace_of
from pipelines.commands.came_to import DONE


def close(options: Namespace) -> int:
    """`lsp close`: a quarter is signed off with the version of its pack that was issued last."""
    from pipelines.issue.signing import close as close_quarter
    from pipelines.storage.lock import only_run

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    with only_run(workspace.work):
        done = close_quarter(workspace, options.quarter, signer(options), options.status)
    signed = done.signed
    print(f"Closed: {options.quarter}, as {signed.status}, with version {signed.version}: {done.pack}")
    print("What changes now shows on Revisions of the next quarter's pack.")
    return DONE
