"""`lsp templates`."""

from argparse import Namespace

from pipelines.commands.asked import check_quarter, workspace_of
from pipelines.commands.came_to import DONE


def templates(options: Namespace) -> int:
    """`lsp templates`: each partner's return to fill in."""
    from pipelines.framework.clock import now
    from pipelines.run.template_files import write_templates

    check_quarter(options.quarter)
    workspace = workspace_of(options)
    for path in write_templates(workspace, options.quarter, options.partner, now(workspace)):
        print(path)
    return DONE
