"""The quarter, top to bottom: the same stages as ever, each as a Prefect task. Only importer of Prefect."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, State

from pipelines.framework import clock
from pipelines.run import stages
from pipelines.run.quarterly_run import Tell, run_quarter, silently
from pipelines.summary import Summary, as_markdown, as_rows
from pipelines.workspace import Workspace

Result = TypeVar("Result")

# Reading and writing files on a shared drive can fail for a moment; judging and counting can't.
RETRIED = {
    stages.take_in: 2,
    stages.open_framework: 2,
    stages.open_returns: 2,
    stages.build_marts: 1,
    stages.write_pack: 1,
    stages.write_replies: 1,
}


def _as_task(stage: Callable[..., Result], *arguments: Any) -> Result:
    """Run one stage as a task. Its inputs are a whole quarter's rows: not for hashing or keeping."""
    staged = task(
        name=stage.__name__.replace("_", " "),
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=RETRIED.get(stage, 0),
        retry_delay_seconds=2,
        # a sentence about what is missing stays the same however often it is asked
        retry_condition_fn=_may_pass,
    )(stage)
    return staged(*arguments)


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether trying again could help: only where the disk or the network was at fault."""
    try:
        state.result()
    except OSError:
        return True
    except Exception:
        return False
    return False


def _run_name() -> str:
    """What a run is called in Prefect's history: 2004-05-Q1 as at 2004-04-30 in data."""
    given = flow_run.parameters
    as_at = f" as at {given['as_at']}" if given.get("as_at") else ""
    return f"{given.get('quarter') or 'newest quarter'}{as_at} in {given['root']}"


@flow(
    name="quarterly run",
    flow_run_name=_run_name,
    persist_result=False,
    validate_parameters=False,
)
def quarterly_run(
    quarter: str | None,
    root: Path,
    as_at: date | None = None,
    now: datetime | None = None,
    tell: Tell = silently,
    *,
    without_returns: bool = False,
) -> Summary | State[Summary]:
    """The quarterly run of the workspace `root`: marts of every quarter, pack of `quarter` (default newest).

    Ends Completed; says so in the state where files or rows were refused. What `stages` raises ends it Failed.
    """
    summary = run_quarter(
        Workspace(root),
        quarter,
        as_at,
        now or clock.now(Workspace(root)),
        step=_as_task,
        tell=tell,
        without_returns=without_returns,
    )
    create_markdown_artifact(
        key=f"quarterly-run-{summary.quarter.lower()}",
        markdown=as_markdown(summary),
        description=f"What came in for {summary.quarter}, what was refused, and where the pack is.",
    )
    create_table_artifact(
        key=f"returns-{summary.quarter.lower()}",
        table=[{"what": what, "how many": how_many} for what, how_many in as_rows(summary)],
        description=f"The run of {summary.quarter} in figures.",
    )
    if summary.pack:
        create_link_artifact(
            key=f"pack-{summary.quarter.lower()}",
            link=summary.pack.resolve().as_uri(),
            link_text=summary.pack.name,
            description=f"The pack of {summary.quarter}.",
        )
    if summary.refusals or summary.refused_elsewhere:
        return Completed(message="with refusals", data=summary)
    return summary
