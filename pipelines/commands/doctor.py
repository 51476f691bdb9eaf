"""`lsp doctor`."""

import os
from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE, FAILED


def doctor(options: Namespace) -> int:
    """`lsp doctor`: whether the next scheduled run will work, a line for each check. It changes nothing."""
    from pipelines.doctor import FAULT, examine
    from pipelines.framework.clock import now

    faults = 0
    workspace = workspace_of(options)
    for check in examine(workspace, os.environ, now(workspace), options.port):
        first, *more = check.said.splitlines()
        print(f"{check.state:<5}  {check.what:<11}  {first}", flush=True)
        for line in more:
            print(f"{'':<20}{line}")
        faults += check.state == FAULT
    print(f"{faults} to be mended first." if faults else "The next run will work.")
    return FAILED if faults else DONE
