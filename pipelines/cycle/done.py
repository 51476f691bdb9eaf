"""What the cycle has done, by key (open|QUARTER, reminder|QUARTER|DAY …): a file of JSON lines that only grows."""

from datetime import datetime

from pipelines.storage import lines
from pipelines.workspace import Workspace


def done(workspace: Workspace) -> dict[str, datetime]:
    """Key → when it was done."""
    found: dict[str, datetime] = {}
    for line in lines.read(workspace.cycle):
        found.setdefault(line["key"], datetime.fromisoformat(line["at"]))
    return found


def said_of(workspace: Workspace, key: str) -> str | None:
    """What was noted of a key last; None where it was never done."""
    return next(
        (line["said"] for line in reversed([*lines.read(workspace.cycle)]) if line["key"] == key), None
    )


def mark(workspace: Workspace, key: str, now: datetime, said: str) -> None:
    """Note that it was done."""
    lines.add(workspace.cycle, now, key=key, said=said)
