"""`lsp pack`."""

import sys
from argparse import Namespace

from pipelines.commands.asked import check_quarter, need, outputs_of, workspace_of
from pipelines.commands.came_to import DONE


def pack(options: Namespace) -> int:
    """`lsp pack`: the pack from the marts as they are, or as at a day."""
    from pipelines.framework.clock import now
    from pipelines.issue.public import NothingCleared
    from pipelines.issue.signing import closed_words
    from pipelines.run.quarterly_run import run_quarter
    from pipelines.run.stages import newest_quarter, write_pack

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    outputs = outputs_of(options)
    if options.as_at:
        summary = run_quarter(workspace, options.quarter, options.as_at, now(workspace))
        path, quarter = summary.pack, summary.quarter
        for remark in summary.remarks:
            print(remark, file=sys.stderr)
    else:
        need(outputs.database)
        quarter = options.quarter or newest_quarter(outputs)
        path = write_pack(outputs, quarter)
        if closed := closed_words(outputs, quarter):
            print(closed, file=sys.stderr)
    if options.edition == "public" and path == outputs.pack_file(quarter):
        path = outputs.public_file(quarter)
        if not path.exists():
            raise NothingCleared(
                "The framework clears nothing for the public. Its sheet of clearances says what may be shown: a line "
                "for each target, proxy, project or action, or for all."
            )
    print(path, flush=True)
    if options.pdf and path:
        from pipelines.paper import print_pdf

        # beside the draft also where the pack was issued: nothing is written into the folder of a version
        print(print_pdf(path, outputs.pack_file(quarter).with_name(f"{path.stem}.pdf")))
    return DONE
