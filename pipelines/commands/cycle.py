"""`lsp cycle`."""

import os
import sys
from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE, FAILED, WITH_REFUSALS, in_words


def cycle(options: Namespace) -> int:
    """`lsp cycle`: what is due today and not done, without Prefect; one job of it, if one is named.

    A job that fails stands in no other's way.
    """
    from pipelines.cycle.jobs import JOBS, do
    from pipelines.framework.clock import now
    from pipelines.mail.settings import mail_settings
    from pipelines.run.standing import being_collected
    from pipelines.storage.lock import Busy
    from pipelines.summary import still_open

    workspace = workspace_of(options)
    mail = mail_settings(os.environ)
    came_to, told = DONE, set[str]()
    for job in [options.job] if options.job else JOBS:
        try:
            desk = do(job, workspace, now(workspace), mail)
        except Busy:
            raise  # the next would wait in vain, too
        except Exception as failure:
            if options.debug:
                raise
            print(f"{job}: failed: {in_words(failure)}", file=sys.stderr)
            came_to = FAILED
            continue
        for sentence in desk.did:
            print(f"{job}: {sentence}")
        # what the mail came to is told by every job
        new = [sentence for sentence in dict.fromkeys(desk.troubles) if sentence not in told]
        told.update(new)
        for sentence in new:
            print(f"{job}: needs you: {sentence}")
        if not desk.did and not new:
            print(f"{job}: nothing to do")
        if desk.troubles and came_to == DONE:
            came_to = WITH_REFUSALS
    quarter = being_collected(workspace, now(workspace).date()) if workspace.database.exists() else None
    if quarter and (how_many := still_open(workspace.database, quarter)):
        print(f"Still open for {quarter}: {how_many} ('lsp status {quarter}' lists them).")
    return came_to
