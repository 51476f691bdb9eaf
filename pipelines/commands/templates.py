"""`lsp templates`."""

from argparse import Namespace
from datetime import datetime

from pipelines.commands.asked import check_quarter, workspace_of
from pipelines.commands.came_to import DONE


def templates(options: Namespace) -> int:
    """`lsp templates`: each partner's return to fill in."""
    from pipelines.template_files import write_templates

    check_quarter(options.quarter)
    for path in write_templates(workspace_of(options), options.quarter, options.partner, datetime.now()):
        print(path)
    return DONE
