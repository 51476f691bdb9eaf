"""What was asked for: the workspace, the quarter, and what is wrong with them."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from pipelines.storage.in_place import settle
from pipelines.workspace import Workspace

QUARTER = re.compile(r"\d{4}-\d{2}-Q[1-4]")


class Usage(Exception):
    """What was asked makes no sense; the message says what would."""


class Missing(Exception):
    """What was asked for is not there; the message says what is, or what would make it."""


def workspace_of(options: Namespace) -> Workspace:
    if not options.root.is_dir():
        raise Usage(f"There is no folder {options.root}. 'lsp init {options.root}' makes a workspace.")
    workspace = Workspace(options.root)
    settle(workspace)
    return workspace


def outputs_of(options: Namespace) -> Workspace:
    workspace = workspace_of(options)
    if not options.as_at:
        return workspace
    dated = workspace.as_at(options.as_at.isoformat())
    settle(dated)
    return dated


def signer(options: Namespace, reason: str = "") -> Any:
    """Who signs, in which post, now."""
    from pipelines.framework.clock import now
    from pipelines.pack import Issue

    given = {"--by": options.by, "--role": options.role}
    if blank := [name for name, words in given.items() if not words.strip()]:
        raise Usage(f"Say who signs and in which post: {' and '.join(blank)} may not be blank.")
    return Issue(now(Workspace(options.root)), options.by.strip(), options.role.strip(), reason.strip())


def check_quarter(quarter: str | None) -> None:
    if quarter and not QUARTER.fullmatch(quarter):
        raise Usage(f"'{quarter}' is no quarter. Write it as 2004-05-Q1 for April to June 2004.")


def need(database: Path) -> Path:
    if not database.exists():
        dated = f" --as-at {database.parent.name}" if database.parent.parent.name == "as-at" else ""
        raise Missing(f"There are no marts at {database} yet. 'lsp run{dated}' makes them.")
    return database
