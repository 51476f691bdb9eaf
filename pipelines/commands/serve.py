"""`lsp serve`."""

import sys
from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE


def serve(options: Namespace) -> int:
    """`lsp serve`: a Prefect server if there is none, and the cycle's jobs on their schedules, until it is stopped."""
    from pipelines.cycle.facts import facts
    from pipelines.framework.clock import now
    from pipelines.prefect_server.standing import standing_server
    from pipelines.storage.lock import take

    workspace = workspace_of(options)
    workspace.work.mkdir(parents=True, exist_ok=True)
    held = take(workspace.work / "serve.lock", 0)
    if held is None:
        from pipelines.storage.lock import Busy

        raise Busy("The schedules of this workspace are being served already; there is nothing to start.")
    settings = facts(workspace, now(workspace)).settings
    with standing_server(workspace.prefect_home / "serve", options.port) as api:
        from pipelines.schedule import deployments, serve_cycle

        print(f"Prefect answers at {api.removesuffix('/api')}. Serving, until this is stopped (Ctrl-C):")
        for deployment in deployments(workspace.root, settings):
            print(f"  {deployment.description}")
        sys.stdout.flush()
        serve_cycle(workspace.root, settings)
    held.close()
    return DONE
