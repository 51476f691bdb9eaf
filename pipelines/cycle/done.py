"""What the cycle has done, by key (open|QUARTER, reminder|QUARTER|DAY …): a file of JSON lines that only grows."""

import json
from datetime import datetime

from pipelines import durable
from pipelines.workspace import Workspace


def done(workspace: Workspace) -> dict[str, datetime]:
    """Key → when it was done; a line that was cut off does not count."""
    found: dict[str, datetime] = {}
    if not workspace.cycle.exists():
        return found
    for line in workspace.cycle.read_text(encoding="utf-8").splitlines():
        try:
            known = json.loads(line)
        except ValueError:
            continue
        found.setdefault(known["key"], datetime.fromisoformat(known["at"]))
    return found


def mark(workspace: Workspace, key: str, now: datetime, said: str) -> None:
    """Note that it was done."""
    line = {"at": now.isoformat(timespec="seconds"), "key": key, "said": said}
    durable.append(json.dumps(line, ensure_ascii=False) + "\n", workspace.cycle)
