"""The cycle on Prefect: a deployment for each job, on a cron schedule in the partnership's time zone.

Its name has the workspace in it, as a Prefect server knows a deployment by its name and may serve several workspaces.

Each job is asked every day and does what the calendar says is due and not done. So runs that were missed while a
machine was off, which Prefect fires all on return, come to one, and a change of the calendar needs no new schedule.
"""

import hashlib
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, serve, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.blocks.system import Secret
from prefect.cache_policies import NO_CACHE
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import EntrypointType
from prefect.schedules import Cron
from prefect.states import State

from pipelines.cycle.desk import Desk
from pipelines.cycle.jobs import do
from pipelines.framework.calendar import setting
from pipelines.framework.clock import now
from pipelines.mail.settings import SECRETS, MailSettings, mail_settings
from pipelines.storage.lock import Busy
from pipelines.workspace import Workspace

# Job → the deployment's name, and when it is asked, unless the framework sets schedule_<job>.
DEPLOYMENTS = {
    "open": ("open the quarter", "0 7 * * *"),
    "intake": ("daily intake", "15 7 * * *"),
    "remind": ("reminders", "30 7 * * *"),
    "run": ("quarterly run", "45 7 * * *"),
    "issue": ("issue of the pack", "0 8 * * *"),
}
RETRIES, RETRY_SECONDS = 3, 300  # a shared drive, a mail server or another run may be back by then


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    try:
        state.result()
    except (Busy, OSError):
        return True
    except Exception:
        return False
    return False


@flow(name="cycle", flow_run_name="{job} in {root}", persist_result=False)
def cycle_job(job: str, root: str) -> list[str]:
    """One job of the cycle in the workspace `root`, by the partnership's own clock."""
    workspace = Workspace(Path(root))
    logger = get_run_logger()

    def done() -> Desk:
        return do(job, workspace, now(workspace), _mail())

    desk = task(
        name=DEPLOYMENTS[job][0],
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=RETRIES,
        retry_delay_seconds=RETRY_SECONDS,
        retry_condition_fn=_may_pass,
    )(done)()
    for sentence in desk.did:
        logger.info(sentence)
    for sentence in desk.troubles:
        logger.warning(sentence)
    told = [{"what": "done", "sentence": s} for s in desk.did]
    told += [{"what": "needs you", "sentence": s} for s in desk.troubles]
    if told:
        create_table_artifact(
            table=told,
            key=f"cycle-{job}-{_sum(workspace.root)}",
            description=f"What the job '{job}' did on {desk.today}.",
        )
    for quarter in sorted({day.quarter for day in desk.facts.days}):
        pack = workspace.pack_file(quarter)
        if told and pack.exists():
            create_link_artifact(
                link=pack.resolve().as_uri(),
                link_text=pack.name,
                key=f"pack-{quarter.lower()}-{_sum(workspace.root)}",
            )
    return desk.did


def _mail() -> MailSettings:
    """From the environment; a password that is not there from the Prefect block of that name, if there is one."""
    given: dict[str, str] = dict(os.environ)
    for name in SECRETS:
        host = name.replace("PASSWORD", "HOST")
        if given.get(host) and not given.get(name) and (secret := _block(name)):
            given[name] = secret
    return mail_settings(given)


def _block(name: str) -> str | None:
    """The Prefect block lsp-smtp-password for LSP_SMTP_PASSWORD."""
    try:
        block = Secret.load(name.lower().replace("_", "-"))
    except ValueError:
        return None
    return str(block.get())  # type: ignore[union-attr]


def _sum(root: Path) -> str:
    """Which workspace, of which machine: two may have the same path on theirs."""
    return hashlib.sha256(f"{platform.node()}:{root.resolve()}".encode()).hexdigest()[:8]


def _label(root: Path) -> str:
    """The same for people; without the signs that Prefect allows in no name."""
    return f"{re.sub(r'[/%&<>]', '_', root.resolve().name)} ({_sum(root)})"


def deployments(root: Path, settings: Mapping[str, str]) -> list[RunnerDeployment]:
    """A deployment for each job of one workspace."""
    zone = setting(settings, "time_zone")
    made = []
    for job, (name, cron) in DEPLOYMENTS.items():
        when = " ".join((settings.get(f"schedule_{job}") or cron).split())
        made.append(
            cycle_job.to_deployment(
                f"{name}: {_label(root)}",
                schedules=[Cron(when, timezone=zone)],
                parameters={"job": job, "root": str(root.resolve())},
                description=f"{name}: asked at {when} ({zone}), done once.",
                tags=["lsp"],
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        )
    return made  # type: ignore[return-value]


def serve_cycle(root: Path, settings: Mapping[str, str]) -> None:
    """Serve the deployments until this process ends; one job at a time."""
    serve(*deployments(root, settings), limit=1, print_starting_message=False)
