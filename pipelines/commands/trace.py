"""`lsp trace`."""

from argparse import Namespace

from pipelines.commands.asked import check_quarter, need, outputs_of
from pipelines.commands.came_to import DONE


def trace(options: Namespace) -> int:
    """`lsp trace`: the chain of a figure back to the partner's cell."""
    from pipelines.stages import newest_quarter
    from pipelines.trace import trace as chain

    check_quarter(options.quarter)
    outputs = outputs_of(options)
    need(outputs.database)
    quarter = options.quarter or newest_quarter(outputs)
    print("\n".join(chain(options.figure, outputs.database, outputs.pack_file(quarter))))
    return DONE
