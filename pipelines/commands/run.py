"""`lsp run`."""

import gc
import importlib
import sys
from argparse import Namespace
from typing import Any

from pipelines.commands.asked import check_quarter, workspace_of
from pipelines.commands.came_to import DONE, WITH_REFUSALS
from pipelines.prefect_server.orphan import sweep
from pipelines.workspace import Workspace


def run(options: Namespace) -> int:
    """`lsp run`: through Prefect, or directly where that is asked or Prefect can't start."""
    check_quarter(options.quarter)
    workspace = workspace_of(options)
    from pipelines.run.progress import Progress

    with Progress(sys.stdout) as progress:
        summary = _run(options, workspace, progress.tell)
    from pipelines.summary import as_lines, as_rows

    width = max(len(what) for what, _ in as_rows(summary))
    for what, how_many in as_rows(summary):
        print(f"{what:<{width}}  {how_many}")
    for line in as_lines(summary):
        print(line)
    for refusal in summary.refusals:
        print(f"Refused: {refusal}")
    for quarter, how_many in summary.refused_elsewhere.items():
        print(f"Still refused in {quarter}: {how_many} ('lsp status {quarter}' lists them)")
    for query in summary.queries:
        print(f"Queried: {query}")
    for reply in summary.replies:
        if reply.is_changed:
            print(
                f"Left alone: {reply.path} was saved by somebody since it was written. If it holds answers, put it "
                "with the files received; then remove it, and the next run writes it again."
            )
    gc.freeze()
    return WITH_REFUSALS if summary.refusals or summary.refused_elsewhere else DONE


def _run(options: Namespace, workspace: Workspace, tell: Any) -> Any:
    def directly() -> Any:
        from pipelines.framework.clock import now
        from pipelines.run.quarterly_run import run_quarter

        return run_quarter(
            workspace,
            options.quarter,
            options.as_at,
            now(workspace),
            tell=tell,
            without_returns=options.without_returns,
        )

    if options.no_prefect:
        sweep(workspace.prefect_home)
        return directly()
    from pipelines import prefect_server

    server = prefect_server.start(workspace.prefect_home)
    # The server gets ready while we import what takes seconds. What is imported stays: looking through
    # it for garbage, now and at the end, would take as long as some of the work.
    gc.disable()
    importlib.import_module("great_expectations")
    from pipelines.flow import quarterly_run

    gc.freeze()
    gc.enable()
    if trouble := server.wait():
        tell(trouble)
        return directly()
    try:
        return quarterly_run(
            options.quarter,
            workspace.root.resolve(),
            options.as_at,
            tell=tell,
            without_returns=options.without_returns,
        )
    except Exception:
        if not server.is_lost():
            raise
        tell("Prefect's server ended during the run, which is done again without it")
        return directly()
