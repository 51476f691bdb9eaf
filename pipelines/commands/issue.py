"""`lsp issue`."""

from argparse import Namespace

from pipelines.commands.asked import check_quarter, need, signer, workspace_of
from pipelines.commands.came_to import DONE


def issue(options: Namespace) -> int:
    """`lsp issue`: the draft of a quarter's pack is made final, and kept under its version."""
    from pipelines.issue.signing import issue as issue_pack
    from pipelines.storage.lock import only_run

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    need(workspace.database)
    with only_run(workspace.work):
        done = issue_pack(workspace, options.quarter, signer(options, options.reason or ""))
    for remark in done.remarks:
        print(remark)
    print(
        f"Issued: version {done.signed.version} of {options.quarter}, by {done.signed.by}, {done.signed.role}."
    )
    for name, _ in done.signed.files:
        if name.endswith((".xlsx", ".html")):
            print(f"  {done.pack.with_name(name)}")
    if not any(name.endswith("_public.xlsx") for name, _ in done.signed.files):
        print("It has no public edition, as the framework clears nothing for the public.")
    print("It is not written to again; the next 'lsp run' makes the draft of the next version.")
    return DONE
