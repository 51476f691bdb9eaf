"""`lsp cycle`."""

import os
from argparse import Namespace

from pipelines.commands.asked import workspace_of
from pipelines.commands.came_to import DONE, WITH_REFUSALS


def cycle(options: Namespace) -> int:
    """`lsp cycle`: what is due today and not done, without Prefect; one job of it, if one is named."""
    from pipelines.clock import now
    from pipelines.cycle.jobs import JOBS, do
    from pipelines.mail.settings import mail_settings

    workspace = workspace_of(options)
    mail = mail_settings(os.environ)
    needs_somebody = False
    for job in [options.job] if options.job else JOBS:
        desk = do(job, workspace, now(workspace), mail)
        for sentence in desk.did:
            print(f"{job}: {sentence}")
        for sentence in desk.troubles:
            print(f"{job}: needs you: {sentence}")
        if not desk.did and not desk.troubles:
            print(f"{job}: nothing to do")
        needs_somebody |= bool(desk.troubles)
    return WITH_REFUSALS if needs_somebody else DONE
