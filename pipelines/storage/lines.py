"""Files of JSON lines that only grow: one line for each thing that happened."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.storage import durable


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Every line of a file, oldest first; none if there is no file. One that was cut off as it was written is none."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def add(path: Path, now: datetime, **said: object) -> None:
    """A line more, with its moment; on the disk when this returns."""
    line = {"at": now.isoformat(timespec="seconds"), **said}
    durable.append(json.dumps(line, ensure_ascii=False) + "\n", path)
