"""`lsp pack`."""

import sys
from argparse import Namespace
from datetime import datetime

from pipelines.commands.asked import check_quarter, need, outputs_of, workspace_of
from pipelines.commands.came_to import DONE


def pack(options: Namespace) -> int:
    """`lsp pack`: the pack from the marts as they are, or as at a day."""
    from pipelines.issue import closed_words
    from pipelines.stages import newest_quarter, run_quarter, write_pack

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    outputs = outputs_of(options)
    if options.as_at:
        summary = run_quarter(workspace, options.quarter, options.as_at, datetime.now())
        path = summary.pack
        for remark in summary.remarks:
            print(remark, file=sys.stderr)
    else:
        need(outputs.database)
        quarter = options.quarter or newest_quarter(outputs)
        path = write_pack(outputs, quarter)
        if closed := closed_words(outputs, quarter):
            print(closed, file=sys.stderr)
    print(path)
    return DONE
